"""Requests: built the same way each time, and named by what they hold."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from pydantic import BaseModel


@dataclass(frozen=True, slots=True)
class Call:
    """One question about one JD. `system` is the same for all JDs and comes first, so that endpoints can
    cache it; `user` holds the JD."""

    ds: date
    jd_id: str
    stage: str
    api: int
    system: str
    user: str
    max_tokens: int


def request_body(
    call: Call, model: str, contract: type[BaseModel], max_tokens: int, effort: str | None
) -> dict[str, Any]:
    """The chat completion that asks for an answer of the contract's shape.

    `effort` is the reasoning effort; None leaves it to the endpoint.
    """
    body: dict[str, Any] = {
        "model": model,
        "messages": [
            {"role": "system", "content": call.system},
            {"role": "user", "content": call.user},
        ],
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": call.stage, "strict": True, "schema": strict_schema(contract)},
        },
        "max_completion_tokens": max_tokens,
    }
    if effort is not None:
        body["reasoning_effort"] = effort
    return body


def encoded(body: dict[str, Any]) -> bytes:
    """The body in its one canonical form: keys sorted, no spaces, UTF-8."""
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


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
