"""What each kind of OpenAI-compatible server takes, and how it is known."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from jd_assets.llm.errors import Unusable
from jd_assets.settings import Profile as ProfileName


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of server.

    `most_tokens` is its name for the limit of an answer. `effort` says whether it takes `reasoning_effort`;
    `thinking_off` is sent in its place where no reasoning is wanted. `batches` says whether it has a batch
    endpoint, `dimensions` whether it is asked for vectors of a width, as base64.
    """

    name: ProfileName
    most_tokens: Literal["max_completion_tokens", "max_tokens"]
    effort: bool
    batches: bool
    dimensions: bool
    thinking_off: Mapping[str, Any] | None = None


_TEMPLATE_OFF = {"chat_template_kwargs": {"enable_thinking": False}}

PROFILES: Mapping[ProfileName, Profile] = {
    p.name: p
    for p in (
        # platform.openai.com/docs/api-reference/chat/create
        Profile("openai", "max_completion_tokens", effort=True, batches=True, dimensions=True),
        # docs.vllm.ai, OpenAI-compatible server: chat_template_kwargs; reasoning_effort is for gpt-oss only
        Profile("vllm", "max_tokens", effort=False, batches=False, dimensions=False,
                thinking_off=_TEMPLATE_OFF),
        # docs.ollama.com/api/openai-compatibility: max_tokens, response_format, reasoning_effort
        Profile("ollama", "max_tokens", effort=True, batches=False, dimensions=False),
        # llama.cpp, tools/server/README.md: max_tokens, response_format with a schema, chat_template_kwargs
        Profile("llamacpp", "max_tokens", effort=False, batches=False, dimensions=False,
                thinking_off=_TEMPLATE_OFF),
    )
}  # fmt: skip

_OWNERS: Mapping[str, ProfileName] = {"vllm": "vllm", "library": "ollama", "llamacpp": "llamacpp"}


def check_endpoint(models: bytes, profile: Profile, model: str, endpoint: str) -> None:
    """Raises where an endpoint can't serve the model, or is not what its profile says.

    `models` is the body of its answer to `GET /models`. The local servers name themselves there as owners.

    Raises:
        Unusable: with what to do about it.
    """
    entries = _entries(models)
    names = [str(m.get("id")) for m in entries]
    if not names:
        raise Unusable(
            f"{endpoint}/models lists no model: it is no OpenAI-compatible endpoint (does the address end in "
            "/v1?), or no model is loaded"
        )
    kind = next((_OWNERS[m["owned_by"]] for m in entries if m.get("owned_by") in _OWNERS), None)
    if kind is not None and kind != profile.name:
        raise Unusable(f"{endpoint} is a {kind} server, not {profile.name}: set JD_LLM_PROFILE={kind}")
    if model not in names and f"{model}:latest" not in names:
        raise Unusable(f"{endpoint} has no model {model!r}; it has {_some(names)}")


def _entries(models: bytes) -> list[dict[str, Any]]:
    try:
        answer = json.loads(models)
    except (ValueError, RecursionError):
        return []
    data = answer.get("data") if isinstance(answer, dict) else None
    return [m for m in data if isinstance(m, dict)] if isinstance(data, list) else []


def _some(names: Sequence[str]) -> str:
    shown = [name[:80] for name in sorted(names)[:10]]
    return ", ".join(shown) + (f" and {len(names) - 10} more" if len(names) > 10 else "")
