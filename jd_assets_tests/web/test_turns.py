"""Pages are made a few at a time, and only the making takes a turn."""

from __future__ import annotations

import asyncio
import threading

from fastapi import FastAPI
from starlette.types import Message

from jd_assets.settings import Settings
from jd_assets.web import runs
from jd_assets.web.app import create_app
from jd_assets.web.turns import PAGES, PageRoute


def _scope(path: str) -> dict[str, object]:
    return {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": b"",
        "headers": [(b"host", b"127.0.0.1")],
        "client": ("127.0.0.1", 1),
    }


class _Reader:
    """A client whose answer goes no further than the first part until it reads on."""

    def __init__(self, app: FastAPI, path: str, *, reads: bool = True) -> None:
        self.status: int | None = None
        self._reads = asyncio.Event()
        if reads:
            self._reads.set()
        self.task = asyncio.create_task(app(_scope(path), self._ask, self._take))

    async def _ask(self) -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def _take(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            await self._reads.wait()

    async def read_on(self) -> int | None:
        self._reads.set()
        await self.task
        return self.status


async def _until(reached: threading.Semaphore, times: int) -> None:
    for _ in range(times):
        assert await asyncio.to_thread(reached.acquire, True, 10)


def test_no_more_pages_are_made_at_once_than_there_are_turns_and_health_needs_none(site: Settings) -> None:
    begun, go_on = threading.Semaphore(0), threading.Event()

    async def ask() -> tuple[int, list[int | None], int | None]:
        app = create_app(site)

        def page() -> str:
            begun.release()
            assert go_on.wait(10)
            return "made"

        app.router.routes.append(PageRoute("/turn", page))
        readers = [_Reader(app, "/turn") for _ in range(PAGES + 3)]
        await _until(begun, PAGES)
        health = await _Reader(app, "/healthz").read_on()
        more = int(begun.acquire(blocking=False))
        go_on.set()
        return more, [await reader.read_on() for reader in readers], health

    assert asyncio.run(ask()) == (0, [200] * (PAGES + 3), 200)


def test_who_reads_slowly_keeps_no_page_from_being_made(site: Settings) -> None:
    async def ask() -> tuple[set[int | None], int | None]:
        app = create_app(site)
        slow = [_Reader(app, "/roles", reads=False) for _ in range(PAGES + 1)]
        while any(reader.status is None for reader in slow):
            await asyncio.sleep(0.01)
        page = await asyncio.wait_for(_Reader(app, "/roles").read_on(), 10)
        return {await reader.read_on() for reader in slow}, page

    assert asyncio.run(ask()) == ({200}, 200)


def test_every_page_over_the_published_tables_takes_its_turn() -> None:
    assert {type(route) for route in runs.router.routes} == {PageRoute}
