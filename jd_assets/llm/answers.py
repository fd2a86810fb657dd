"""What an endpoint sent back: its usage, and whether it holds a usable answer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from jd_assets.llm.prices import Usage

T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)
Status = Literal["ok", "invalid", "truncated", "refused"]


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """One response as judged; `value` is set where the status is ok, `usage` where the endpoint told it.
    `unusable` says that every answer of the model would be wrong in the same way."""

    status: Status
    value: T | None
    usage: Usage | None
    error: str | None = None
    unusable: bool = False


def judge(body: bytes, contract: type[M]) -> Answer[M]:
    """Reads the body of a chat completion against its contract. Never raises, so the usage of a bad answer
    is never lost."""
    try:
        envelope = _read(body)
    except (ValueError, RecursionError):
        return Answer("invalid", None, None, "the response is no JSON")
    usage = _usage(envelope)
    choice = _first(_get(envelope, "choices"))
    message, finish = _get(choice, "message"), _get(choice, "finish_reason")
    if _get(message, "refusal") or finish == "content_filter":
        return Answer("refused", None, usage, "the model refuses to answer")
    if finish == "length":
        return Answer("truncated", None, usage, "the answer is cut off")
    content = _get(message, "content")
    if not isinstance(content, str):
        return Answer("invalid", None, usage, "the response has no answer")
    try:
        return Answer("ok", contract.model_validate_json(content), usage)
    except ValidationError as error:
        return Answer("invalid", None, usage, _misfit(error, contract))
    except (ValueError, RecursionError) as error:
        return Answer("invalid", None, usage, f"the answer can't be read: {type(error).__name__}")


def _read(body: bytes) -> Any:
    """JSON of any shape, by the faster of two readers; the other one takes what that is too strict for, such
    as half a surrogate pair in a text that has its usage beside it."""
    try:
        return from_json(body, cache_strings="keys")
    except ValueError:
        return json.loads(body)


def _misfit(error: ValidationError, contract: type[BaseModel]) -> str:
    """The first misfits by their kind and field; keys and values that the model made up are not repeated."""
    parts = []
    for fault in error.errors(include_input=False, include_url=False)[:3]:
        field = fault["loc"][0] if fault["loc"] else None
        parts.append(f"{field}: {fault['type']}" if field in contract.model_fields else str(fault["type"]))
    return "the answer doesn't fit: " + ", ".join(parts)


def _usage(envelope: Any) -> Usage | None:
    usage = _get(envelope, "usage")
    sent, received = token_count(usage, "prompt_tokens"), token_count(usage, "completion_tokens")
    if sent is None or received is None:
        return None
    details = _get(usage, "prompt_tokens_details")
    cached = min(token_count(details, "cached_tokens") or 0, sent)
    written = min(token_count(details, "cache_write_tokens") or 0, sent - cached)
    return Usage(sent, cached, written, received)


def token_count(usage: Any, key: str) -> int | None:
    """A number of tokens, if it is one; a petabyte of them is none."""
    value = _get(usage, key)
    ok = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**12
    return value if ok else None


def _get(node: Any, key: str) -> Any:
    return node.get(key) if isinstance(node, dict) else None


def _first(node: Any) -> Any:
    return node[0] if isinstance(node, list) and node else None
