"""What every request passes: response headers, limits of size and time; and who may write."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import HTTPException, Request
from pydantic import SecretStr
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
"""On every response. Scripts and styles are files of ours: no page holds any, so none inline is allowed."""

SESSION_COOKIE = "jd_session"
SESSION_SECONDS = 12 * 3600


def problem_json(status: int, detail: str) -> bytes:
    """The body of an answer that refuses a request before the app sees it (RFC 9457)."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return json.dumps(body).encode()


class SecurityHeaders:
    """Adds HEADERS to every response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, marked)


class _TooLarge(Exception):
    pass


@dataclass(frozen=True)
class Streamed:
    """The bounds of a body that is not held: its bytes, and the seconds until all of it is there."""

    most_bytes: int
    seconds: float


class Bounds:
    """Refuses a body over `most_bytes` with 413, one that is not there after `seconds` with 408, and
    ends a request that takes longer with 503. What is refused is never held whole.

    A POST to one of `streamed` has the bounds of that path: its body is handed on as it comes, and each
    part of it must come within `seconds`.
    """

    def __init__(
        self,
        app: ASGIApp,
        most_bytes: int,
        seconds: float,
        streamed: Mapping[str, Streamed] | None = None,
    ) -> None:
        self._app, self._most_bytes, self._seconds = app, most_bytes, seconds
        self._streamed = streamed or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        streamed = self._streamed.get(scope["path"]) if scope["method"] == "POST" else None
        most_bytes = streamed.most_bytes if streamed else self._most_bytes
        length = Headers(scope=scope).get("content-length", "0")
        if not length.isascii() or not length.isdigit() or int(length[:20]) > most_bytes:
            await self._refuse(send, 413, f"a body may have {most_bytes:,} bytes")
            return
        if streamed:
            await self._app(scope, self._parts(receive, streamed), send)
            return
        started = False

        async def noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            async with asyncio.timeout(self._seconds):
                # The body is read here, so that the app never waits on a slow client.
                body = await self._body(receive)
        except TimeoutError:
            await self._refuse(send, 408, f"the body did not come within {self._seconds:g} seconds")
            return
        except _TooLarge:
            await self._refuse(send, 413, f"a body may have {self._most_bytes:,} bytes")
            return
        if body is None:
            return

        given = False

        async def whole() -> Message:
            nonlocal given
            if given:
                return await receive()
            given = True
            return {"type": "http.request", "body": body, "more_body": False}

        try:
            async with asyncio.timeout(self._seconds):
                await self._app(scope, whole, noted)
        except TimeoutError:
            # One that has begun can't become another: the server closes the connection of what is not whole.
            if not started:
                await self._refuse(send, 503, f"no answer within {self._seconds:g} seconds")

    def _parts(self, receive: Receive, bounds: Streamed) -> Receive:
        """The parts of a body as they come. Whoever reads on over a bound gets the HTTPException of it."""
        size, ends, whole = 0, time.monotonic() + bounds.seconds, False

        async def part() -> Message:
            nonlocal size, whole
            if whole:
                return await receive()
            wait = min(self._seconds, ends - time.monotonic())
            try:
                async with asyncio.timeout(wait):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(408, "the body came too slowly", {"Connection": "close"}) from None
            size += len(message.get("body", b""))
            if size > bounds.most_bytes:
                detail = f"a body may have {bounds.most_bytes:,} bytes"
                raise HTTPException(413, detail, {"Connection": "close"})
            whole = not message.get("more_body", False)
            return message

        return part

    async def _body(self, receive: Receive) -> bytes | None:
        """The whole body, None where the client went away.

        Raises:
            _TooLarge: it is over the bound.
        """
        parts, size = [], 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            part: bytes = message.get("body", b"")
            size += len(part)
            if size > self._most_bytes:
                raise _TooLarge
            parts.append(part)
            if not message.get("more_body", False):
                return b"".join(parts)

    async def _refuse(self, send: Send, status: int, detail: str) -> None:
        content = problem_json(status, detail)
        headers = [
            (b"content-type", b"application/problem+json"),
            (b"content-length", str(len(content)).encode()),
            (b"connection", b"close"),
        ]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})


def same_secret(given: str, wanted: SecretStr) -> bool:
    """Whether two secrets are equal, in a time that doesn't tell where they differ."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), wanted.get_secret_value().encode())


@dataclass(frozen=True)
class Session:
    """Someone who gave the token. `csrf` must come with every form that writes."""

    name: str
    csrf: str

    def accepts(self, csrf: str) -> bool:
        return hmac.compare_digest(csrf.encode("utf-8", "replace"), self.csrf.encode())


def from_other_site(request: Request) -> bool:
    """Whether a browser says that another site's page made this request."""
    if (fetched := request.headers.get("sec-fetch-site")) is not None:
        return fetched not in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is not None and origin != f"{request.url.scheme}://{request.url.netloc}"


class Sessions:
    """Sessions that live in a signed cookie; a new token ends them all. One that was signed out of is over
    for this process; after a restart its cookie, if someone kept it, counts until its time is up."""

    def __init__(self, token: SecretStr) -> None:
        self._ended: dict[str, int] = {}
        self._key = hashlib.sha256(b"jd-assets/session\0" + token.get_secret_value().encode()).digest()

    def cookie(self, name: str) -> str:
        """A new session's cookie."""
        content = {"id": secrets.token_hex(16), "name": name, "until": int(time.time()) + SESSION_SECONDS}
        packed = base64.urlsafe_b64encode(json.dumps(content).encode()).decode()
        return f"{packed}.{self._mac('cookie', packed)}"

    def read(self, cookie: str | None) -> Session | None:
        """The session of a cookie; None where it was not made here or is over."""
        content = self._content(cookie)
        if content is None or content["id"] in self._ended:
            return None
        return Session(content["name"], self._mac("csrf", content["id"]))

    def end(self, cookie: str | None) -> None:
        """Makes the session of a cookie one that is over."""
        content, now = self._content(cookie), time.time()
        if content is not None:
            kept = {session: until for session, until in self._ended.items() if until >= now}
            self._ended = kept | {content["id"]: content["until"]}

    def _content(self, cookie: str | None) -> dict[str, Any] | None:
        """What a cookie holds that was made here and whose time is not up."""
        packed, _, mac = (cookie or "").partition(".")
        if not mac or not hmac.compare_digest(mac.encode(), self._mac("cookie", packed).encode()):
            return None
        content: dict[str, Any] = json.loads(base64.urlsafe_b64decode(packed))
        return content if content["until"] >= time.time() else None

    def _mac(self, purpose: str, text: str) -> str:
        return hmac.new(self._key, f"{purpose}\0{text}".encode("utf-8", "replace"), "sha256").hexdigest()
