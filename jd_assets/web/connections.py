"""What a connection may cost before the app hears of a request: its head's bytes and time, the time in which
an answer is taken, and how many connections there are. uvicorn has none of these limits for itself.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from http import HTTPStatus

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from jd_assets.web.security import problem_json

MOST_HEAD_BYTES = 65_536
"""Of a request's head; also of what stands between the parts of a body, and after it. The parser has no
bound of its own."""

MOST_PIPELINED = 16
"""Requests of a connection that wait for the one before them."""

_LAST_WORD_SECONDS = 1.0


@dataclass(frozen=True)
class Limits:
    """The limits of one server, and its connections that keep it waiting, longest first.

    Args:
        head_seconds: from the opening of a connection, or the end of its last answer, until the next
            request's head is there.
        take_seconds: from the end of an answer, or a pause in sending one, until the client has taken it.
        connections: the most that are open.
    """

    head_seconds: float
    take_seconds: float
    connections: int
    waiting: dict[BoundedProtocol, None] = field(default_factory=dict)


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn's HTTP/1.1 within the limits.

    A connection over the number of them ends the one that has kept the server waiting longest for a request
    or for the rest of one. So slow clients, however many, make room for others.
    """

    limits: Limits

    _late: asyncio.TimerHandle | None = None
    _stalled: asyncio.TimerHandle | None = None
    _answered = 0.0
    _unparsed = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_request()
        if len(self.connections) > self.limits.connections:
            longest = next(iter(self.limits.waiting))
            del self.limits.waiting[longest]
            longest.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self.limits.waiting.pop(self, None)
        for timer in (self._late, self._stalled):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._unparsed += len(data)
        super().data_received(data)
        if self._unparsed > MOST_HEAD_BYTES and not self.transport.is_closing():
            self._refuse(431, f"a request's head may have {MOST_HEAD_BYTES:,} bytes")

    def on_headers_complete(self) -> None:
        if len(self.pipeline) >= MOST_PIPELINED:
            raise OverflowError  # which stops the parser, and is answered as a bad request
        self._unparsed = 0
        if self._late is not None:
            self._late.cancel()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._unparsed = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._unparsed = 0
        # The rest of a body that was refused is still to come after the answer.
        if not self.cycle.response_complete:
            self.limits.waiting.pop(self, None)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.cycle.response_complete:  # else a pipelined request, whose head is there, comes next
            self._await_request()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stalled = self.loop.call_later(self.limits.take_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._stalled is not None:
            self._stalled.cancel()

    def send_400_response(self, msg: str) -> None:
        self._refuse(400, "this is no request of HTTP/1.1")

    def _await_request(self) -> None:
        self.limits.waiting.pop(self, None)
        self.limits.waiting[self] = None
        self._answered = self.loop.time()
        if self._late is not None:
            self._late.cancel()
        self._late = self.loop.call_later(self.limits.head_seconds, self._is_late)

    def _is_late(self) -> None:
        """Ends a connection whose next request did not come in time, once its last answer is taken."""
        if self.transport.get_write_buffer_size():
            left = self._answered + self.limits.take_seconds - self.loop.time()
            if left > 0:
                self._late = self.loop.call_later(left, self._is_late)
            else:
                # To close it would wait until the client takes what is written.
                self.transport.abort()
        elif self._unparsed:
            self._refuse(408, f"the head did not come within {self.limits.head_seconds:g} seconds")
        else:
            self.transport.close()

    def _refuse(self, status: int, detail: str) -> None:
        content = problem_json(status, detail)
        head = (
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\ncontent-type: application/problem+json\r\n"
            f"content-length: {len(content)}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode("ascii") + content)
        self.transport.close()
        self.loop.call_later(_LAST_WORD_SECONDS, self.transport.abort)


def bounded(limits: Limits) -> type[BoundedProtocol]:
    """The protocol of one server, which uvicorn makes for each connection."""
    return type("BoundedProtocol", (BoundedProtocol,), {"limits": limits})
