"""Limits of a connection, on a server that listens: who is slow, silent or endless is cut off."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from jd_assets.settings import Settings
from jd_assets.web.connections import MOST_HEAD_BYTES, MOST_PIPELINED
from jd_assets.web.security import Bounds
from jd_assets_tests.web.listening import Address, listening

HEAD, TAKE, CONNECTIONS = 0.6, 0.8, 6
SLOWEST = 15.0
"""Seconds after which a test gives up; many, for a machine that does other work."""

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
_PART = b"x" * 1_000_000
_PARTS = 10


async def _app(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers without reading a body, but for /read; /big and /parts are more than sockets hold."""
    assert scope["type"] == "http"  # which says that there is nothing to do at the start and the end
    if scope["path"] == "/read":
        while (await receive()).get("more_body"):
            pass
    parts = {"/big": [_PART * _PARTS], "/parts": [_PART] * _PARTS}.get(scope["path"], [b"ok"])
    length = str(sum(map(len, parts))).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", length)]})
    for i, part in enumerate(parts, 1):
        await send({"type": "http.response.body", "body": part, "more_body": i < len(parts)})


@dataclass(frozen=True)
class Listening:
    """A server over `_app` with short limits."""

    server: uvicorn.Server
    address: Address

    @contextmanager
    def connected(self, receive_buffer: int | None = None) -> Iterator[socket.socket]:
        with socket.socket() as client:
            if receive_buffer is not None:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
            client.settimeout(SLOWEST)
            client.connect(self.address)
            yield client

    def wait_until_empty(self) -> float:
        """Seconds until the server has no connection."""
        started = time.monotonic()
        while self.server.server_state.connections:
            assert time.monotonic() - started < SLOWEST, "connections stay open"
            time.sleep(0.01)
        return time.monotonic() - started


@pytest.fixture(scope="module")
def server() -> Iterator[Listening]:
    use = Settings(web_head_seconds=HEAD, web_take_seconds=TAKE, web_connections=CONNECTIONS, _env_file=None)  # type: ignore[call-arg]
    with listening(_app, use) as (server, address):
        yield Listening(server, address)


def rest(client: socket.socket) -> bytes:
    """What comes until the server closes."""
    found = bytearray()
    with suppress(ConnectionError):
        while part := client.recv(1 << 20):
            found += part
    return bytes(found)


def answer(client: socket.socket) -> bytes:
    """One answer of `_app` to `/`."""
    found = b""
    while not found.endswith(b"\r\n\r\nok"):
        part = client.recv(1)
        assert part, found
        found += part
    return found


def drip(client: socket.socket, first: bytes, each: bytes) -> tuple[bytes, float, int]:
    """Sends `first` and then `each` without end; gives what is answered until the server closes, the seconds
    until then, and the bytes sent."""
    started, sent = time.monotonic(), 0
    client.sendall(first)
    client.setblocking(False)
    found = b""
    while time.monotonic() - started < SLOWEST:
        try:
            sent += client.send(each)
        except BlockingIOError:
            pass
        except ConnectionError:
            break
        try:
            if (part := client.recv(65536)) == b"":
                break
            found += part
        except BlockingIOError:
            pass
        except ConnectionError:
            break
        if len(each) < 100:
            time.sleep(0.02)
    else:
        raise AssertionError("never cut off")
    return found, time.monotonic() - started, sent


def problem(raw: bytes) -> int:
    head, _, body = raw.partition(b"\r\n\r\n")
    assert b"content-type: application/problem+json" in head
    assert b"connection: close" in head
    assert int(head.split()[1]) == json.loads(body)["status"]
    return int(json.loads(body)["status"])


@pytest.mark.parametrize("first", [b"GET /", b"GET / HTTP/1.1\r\nHost: a\r\nX: "])
def test_a_slow_head_is_cut_off(server: Listening, first: bytes) -> None:
    with server.connected() as client:
        raw, seconds, _ = drip(client, first, b"E")
    assert problem(raw) == 408
    assert seconds >= HEAD * 0.9


def test_a_silent_connection_is_closed(server: Listening) -> None:
    with server.connected() as client:
        started = time.monotonic()
        assert rest(client) == b""
        assert time.monotonic() - started >= HEAD * 0.9


def test_empty_lines_do_not_keep_a_connection(server: Listening) -> None:
    with server.connected() as client:
        client.sendall(GET)
        answer(client)
        raw, seconds, _ = drip(client, b"\r\n", b"\r\n")
    assert problem(raw) == 408
    assert seconds >= HEAD * 0.9


def test_the_rest_of_a_body_that_was_not_wanted_does_not_keep_a_connection(server: Listening) -> None:
    head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n"
    with server.connected() as client:
        raw, seconds, _ = drip(client, head, b"x")
    assert raw.startswith(b"HTTP/1.1 200 OK")
    assert seconds >= HEAD * 0.9


@pytest.mark.parametrize(
    ("first", "each"),
    [
        (b"GET /", b"a" * 8192),
        (GET[:-2] + b"X: ", b"a" * 8192),
        (GET[:-2], b"X: a\r\n" * 1000),
        (b"POST /read HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;", b"a" * 8192),
        (
            b"POST /read HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n",
            b"X: a\r\n" * 1000,
        ),
    ],
    ids=["address", "header", "headers", "chunk", "trailers"],
)
def test_what_has_no_end_is_not_held(server: Listening, first: bytes, each: bytes) -> None:
    with server.connected() as client:
        raw, seconds, sent = drip(client, first, each)
    assert not raw or problem(raw) == 431  # the answer is lost where more was on its way
    assert sent < MOST_HEAD_BYTES + 20_000_000  # and what the sockets hold
    assert seconds < SLOWEST


def test_a_head_just_within_the_bound_is_read(server: Listening) -> None:
    with server.connected() as client:
        client.sendall(GET[:-2] + b"X: " + b"a" * (MOST_HEAD_BYTES - 100) + b"\r\n\r\n")
        answer(client)


@pytest.mark.parametrize("path", [b"/big", b"/parts"])
def test_who_does_not_take_an_answer_is_cut_off(server: Listening, path: bytes) -> None:
    with server.connected(receive_buffer=4096) as client:
        client.sendall(b"GET " + path + b" HTTP/1.1\r\nHost: a\r\n\r\n")
        assert client.recv(1) == b"H"
        assert server.wait_until_empty() >= TAKE * 0.9


@pytest.mark.parametrize("path", [b"/big", b"/parts"])
def test_who_takes_a_big_answer_gets_it_whole(server: Listening, path: bytes) -> None:
    with server.connected() as client:
        client.sendall(b"GET " + path + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        assert len(rest(client).partition(b"\r\n\r\n")[2]) == _PARTS * len(_PART)


def test_a_client_that_asks_now_and_then_keeps_its_connection(server: Listening) -> None:
    with server.connected() as client:
        for _ in range(8):
            client.sendall(GET[:7])
            time.sleep(HEAD / 6)
            client.sendall(GET[7:])
            assert answer(client).startswith(b"HTTP/1.1 200")


def test_pipelined_requests_are_answered_in_order_and_bounded(server: Listening) -> None:
    with server.connected() as client:
        client.sendall(GET * MOST_PIPELINED)
        for _ in range(MOST_PIPELINED):
            answer(client)
        client.sendall(GET * 5000)
        assert rest(client).count(b"HTTP/1.1 200") <= MOST_PIPELINED


def test_the_longest_waiting_makes_room(server: Listening) -> None:
    server.wait_until_empty()
    with ExitStack() as stack:
        first, sends = (stack.enter_context(server.connected()) for _ in range(2))
        first.sendall(b"GET / HTTP/1.1\r\n")
        sends.sendall(b"POST /read HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nx")
        time.sleep(0.05)
        *silent, late = [stack.enter_context(server.connected()) for _ in range(CONNECTIONS - 1)]
        late.sendall(GET)
        assert answer(late).startswith(b"HTTP/1.1 200")
        assert rest(first) == b""
        for one in (sends, silent[0]):
            one.sendall(b"x" if one is sends else GET)
            assert answer(one).startswith(b"HTTP/1.1 200")


def test_an_answer_that_stops_halfway_ends_its_connection() -> None:
    async def stops(scope: Scope, receive: Receive, send: Send) -> None:
        head = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"9")]}
        await send(head)
        await send({"type": "http.response.body", "body": b"half", "more_body": True})
        await asyncio.sleep(60)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["type"] == "http"
        await Bounds(stops, most_bytes=10, seconds=0.2)(scope, receive, send)

    use = Settings(_env_file=None)  # type: ignore[call-arg]
    with (
        listening(app, use) as (_, address),
        socket.create_connection(address, timeout=SLOWEST) as client,
    ):
        client.sendall(GET)
        assert rest(client).endswith(b"\r\n\r\nhalf")


@pytest.mark.parametrize(
    "raw", [b"\x16\x03\x01\x02\x00\x01\x00", b"GET\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"]
)
def test_what_is_no_request_is_a_problem(server: Listening, raw: bytes) -> None:
    with server.connected() as client:
        client.sendall(raw)
        assert problem(rest(client)) == 400
