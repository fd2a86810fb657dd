"""Requests: built the same way each time, and named by what they hold."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Generic, Protocol, TypeVar

from pydantic import BaseModel

from jd_assets.llm.answers import Answer, judge
from jd_assets.llm.profiles import Profile

M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")


class Asked(Protocol):
    """What the client must know of a question: its day and JD, what it is booked to, and how many tokens its
    answer may have."""

    @property
    def ds(self) -> date: ...

    @property
    def jd_id(self) -> str | None: ...

    @property
    def stage(self) -> str: ...

    @property
    def api(self) -> int: ...

    @property
    def max_tokens(self) -> int: ...


C = TypeVar("C", bound=Asked, contravariant=True)


class Requests(Protocol[C, T]):
    """One kind of question: where it is asked, in which words, and what is made of the answer."""

    @property
    def path(self) -> str:
        """What is added to the endpoint's address."""
        ...

    def body(self, call: C, max_tokens: int) -> bytes:
        """The request as it is sent, the same each time."""
        ...

    def judge(self, call: C, body: bytes) -> Answer[T]:
        """The response as judged. Never raises, so the usage of a bad answer is never lost."""
        ...


@dataclass(frozen=True, slots=True)
class Call:
    """One question, about one JD where `jd_id` is set. `system` is the same for all questions of a stage and
    comes first, so that endpoints can cache it; `user` holds the JD."""

    ds: date
    jd_id: str | None
    stage: str
    api: int
    system: str
    user: str
    max_tokens: int


class RequestMaker(Generic[M]):
    """Chat completions of one model and profile in the shape of a contract. What they have in common is
    encoded once.

    `effort` is the reasoning effort: None leaves it to the endpoint.
    """

    path = "/chat/completions"

    def __init__(self, model: str, profile: Profile, contract: type[M], effort: str | None) -> None:
        self._model = model
        self._profile = profile
        self._contract = contract
        self._effort = effort
        self._made: dict[tuple[str, str, int], tuple[bytes, bytes]] = {}

    def body(self, call: Call, max_tokens: int) -> bytes:
        """The chat completion that asks the question, as the JSON that is sent."""
        key = call.stage, call.system, max_tokens
        if key not in self._made:
            before, mark, after = encoded(self._request(call, "\0", max_tokens)).partition(b'"\\u0000"')
            assert mark, "the place of the user's message is found"
            self._made[key] = before, after
        before, after = self._made[key]
        return before + json.dumps(call.user, ensure_ascii=False).encode() + after

    def judge(self, call: Call, body: bytes) -> Answer[M]:
        """The answer against the contract."""
        return judge(body, self._contract)

    def _request(self, call: Call, user: str, max_tokens: int) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self._model,
            "messages": [
                {"role": "system", "content": call.system},
                {"role": "user", "content": user},
            ],
            "response_format": {
                "type": "json_schema",
                "json_schema": {
                    "name": call.stage,
                    "strict": True,
                    "schema": strict_schema(self._contract),
                },
            },
            self._profile.most_tokens: max_tokens,
        }
        if self._effort is not None and self._profile.effort:
            body["reasoning_effort"] = self._effort
        elif self._effort == "none" and self._profile.thinking_off:
            body |= self._profile.thinking_off
        return body


def encoded(body: dict[str, Any]) -> bytes:
    """A body as it is sent: UTF-8 without spaces. Keys stay in their order, as models answer in the order of
    the schema's properties."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def request_sha256(endpoint: str, body: bytes, resend: int = 0) -> str:
    """The name of a request: SHA-256 of endpoint and body. A resend of the same body has a name of its own,
    as its answer is another one that was paid for."""
    named = hashlib.sha256(endpoint.rstrip("/").encode() + b"\n" + body)
    if resend:
        named.update(f"\n{resend}".encode())
    return named.hexdigest()


@cache
def strict_schema(contract: type[BaseModel]) -> dict[str, Any]:
    """The contract's JSON schema as strict structured output wants it: every property required, none
    beside them, no defaults and no titles. Made once for each contract; not to be changed."""
    schema: dict[str, Any] = contract.model_json_schema()
    _tighten(schema)
    return schema


def _tighten(node: dict[str, Any]) -> None:
    for key in ("default", "title", "description"):
        node.pop(key, None)
    properties: dict[str, dict[str, Any]] = node.get("properties", {})
    if node.get("type") == "object":
        node["required"] = list(properties)
        node["additionalProperties"] = False
    inner = [*properties.values(), *node.get("$defs", {}).values(), *node.get("anyOf", [])]
    if "items" in node:
        inner.append(node["items"])
    for child in inner:
        _tighten(child)
