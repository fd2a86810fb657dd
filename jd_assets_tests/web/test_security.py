"""Limits of size and time on any request, and a session's cookie."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from fastapi import HTTPException
from pydantic import SecretStr
from starlette.types import Message, Receive, Scope, Send

from jd_assets.web import security
from jd_assets.web.security import Bounds, Sessions, Streamed, same_secret


async def _echo(scope: Scope, receive: Receive, send: Send) -> None:
    body = (await receive())["body"]
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


def asked(
    messages: list[Message], length: bytes | None = None, seconds: float = 0.1, path: str = "/"
) -> list[Message]:
    """What is sent for a request whose body is these messages, and then nothing."""
    sent: list[Message] = []
    coming = iter(messages)

    async def receive() -> Message:
        for message in coming:
            return message
        await asyncio.sleep(60)
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"content-length", length)] if length is not None else []
    scope: dict[str, Any] = {"type": "http", "method": "POST", "path": path, "headers": headers}
    bounds = Bounds(_echo, most_bytes=10, seconds=seconds, streamed={"/file": Streamed(20, 0.3)})
    asyncio.run(bounds(scope, receive, send))
    return sent


def part(body: bytes, more: bool = False) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


def test_a_body_within_the_bounds_comes_whole() -> None:
    sent = asked([part(b"01234", more=True), part(b"56789")])
    assert [m.get("status") for m in sent] == [200, None]
    assert sent[1]["body"] == b"0123456789"


@pytest.mark.parametrize(
    ("messages", "length", "status"),
    [
        ([part(b"x" * 11)], None, 413),
        ([part(b"x" * 6, more=True)] * 2, None, 413),
        ([], b"11", 413),
        ([], b"9" * 5000, 413),
        ([], b"-1", 413),
        ([], "٣".encode(), 413),
        ([part(b"x", more=True)], None, 408),
        ([], b"5", 408),
    ],
)
def test_other_bodies_are_refused(messages: list[Message], length: bytes | None, status: int) -> None:
    sent = asked(messages, length)
    assert sent[0]["status"] == status
    assert json.loads(sent[1]["body"])["status"] == status


async def _echo_parts(scope: Scope, receive: Receive, send: Send) -> None:
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message["body"], message["more_body"]
    await send({"type": "http.response.body", "body": body})


def streamed(coming: list[tuple[float, Message]]) -> bytes:
    """What the app reads of a body whose parts come after so many seconds each."""
    sent: list[Message] = []
    parts = iter(coming)

    async def receive() -> Message:
        for seconds, message in parts:
            await asyncio.sleep(seconds)
            return message
        await asyncio.sleep(60)
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    scope: dict[str, Any] = {"type": "http", "method": "POST", "path": "/file", "headers": []}
    bounds = Bounds(_echo_parts, most_bytes=10, seconds=0.2, streamed={"/file": Streamed(20, 0.5)})
    asyncio.run(bounds(scope, receive, send))
    return bytes(sent[0]["body"])


def test_a_streamed_body_is_handed_on_in_its_own_bounds() -> None:
    assert streamed([(0, part(b"x" * 15, more=True)), (0.01, part(b"y" * 5))]) == b"x" * 15 + b"y" * 5


@pytest.mark.parametrize(
    ("coming", "status"),
    [
        ([(0, part(b"x" * 15, more=True)), (0, part(b"x" * 6))], 413),
        ([(0, part(b"x", more=True))], 408),
        ([(0.1, part(b"x", more=True))] * 9, 408),
    ],
)
def test_a_streamed_body_over_its_bounds_ends(coming: list[tuple[float, Message]], status: int) -> None:
    with pytest.raises(HTTPException) as raised:
        streamed(coming)
    assert raised.value.status_code == status


def test_an_answer_that_has_begun_is_not_begun_again() -> None:
    begun: Message = {"type": "http.response.start", "status": 200, "headers": []}
    sent: list[Message] = []

    async def stops(scope: Scope, receive: Receive, send: Send) -> None:
        await send(begun)
        await asyncio.sleep(60)

    async def receive() -> Message:
        return part(b"")

    async def send(message: Message) -> None:
        sent.append(message)

    scope: dict[str, Any] = {"type": "http", "method": "GET", "path": "/", "headers": []}
    asyncio.run(Bounds(stops, most_bytes=10, seconds=0.1)(scope, receive, send))
    assert sent == [begun]


def test_a_client_that_went_away_is_not_answered() -> None:
    assert asked([{"type": "http.disconnect"}]) == []


def test_a_session_is_over_after_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    sessions = Sessions(SecretStr("key"))
    cookie = sessions.cookie("Asha")
    session = sessions.read(cookie)
    assert session is not None
    assert session.name == "Asha"
    assert session.accepts(session.csrf)
    assert not session.accepts(session.csrf[:-1])
    monkeypatch.setattr(security.time, "time", lambda: 9e9)
    assert sessions.read(cookie) is None


def test_sessions_that_ended_are_forgotten_when_their_time_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    sessions = Sessions(SecretStr("key"))
    now = [1000.0]
    monkeypatch.setattr(security.time, "time", lambda: now[0])
    first, second = sessions.cookie("Asha"), sessions.cookie("Asha")
    sessions.end(first)
    sessions.end("no cookie of ours")
    assert sessions.read(first) is None
    assert sessions.read(second) is not None
    now[0] += security.SESSION_SECONDS + 1
    third = sessions.cookie("Asha")
    sessions.end(third)
    assert sessions.read(third) is None
    assert len(sessions._ended) == 1


@pytest.mark.parametrize("cookie", [None, "", ".", "a.b", "\u00e9.\u00e9", "e30=." + "0" * 64])
def test_a_cookie_that_was_not_made_here_is_no_session(cookie: str | None) -> None:
    assert Sessions(SecretStr("key")).read(cookie) is None


def test_a_changed_cookie_is_no_session() -> None:
    sessions = Sessions(SecretStr("key"))
    packed, _, mac = sessions.cookie("Asha").partition(".")
    assert sessions.read(f"{packed[:-4]}AAA=.{mac}") is None
    assert Sessions(SecretStr("other")).read(f"{packed}.{mac}") is None


def test_secrets_are_compared_whole() -> None:
    assert same_secret("key", SecretStr("key"))
    assert not same_secret("ke", SecretStr("key"))
    assert not same_secret("\ud800", SecretStr("key"))
