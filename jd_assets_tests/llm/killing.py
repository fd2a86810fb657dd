"""A process that takes questions through the batch endpoint, to be killed with SIGKILL on the way."""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from typing import Any, Literal

from pydantic import SecretStr

from jd_assets.llm.batch import Desk
from jd_assets.llm.batch_client import BatchClient
from jd_assets.llm.budget import Budget, Purse
from jd_assets.llm.prices import price_of
from jd_assets.llm.transport import Transport
from jd_assets.storage.batches import Batches
from jd_assets.storage.state import State
from jd_assets_tests.llm.conftest import DAY, DOLLAR, MODEL, PRICES, parser_of
from jd_assets_tests.llm.fake_openai import KEY

FORK = multiprocessing.get_context("forkserver")
FORK.set_forkserver_preload(["jd_assets_tests.llm.killing", "openai"])

When = Literal["before", "after"]


@dataclass(frozen=True)
class Boundary:
    """A moment of a batch's life: before or after a method of the transport or of the batches' table does its
    work for the n-th time in the process."""

    method: str
    when: When
    time: int = 1


BOUNDARIES = (
    Boundary("open", "before"),
    Boundary("open", "after"),  # the intent
    Boundary("upload", "after"),
    Boundary("note", "after"),  # uploaded
    Boundary("create_batch", "after"),  # submitted, but not written down
    Boundary("note", "after"),
    Boundary("batch", "after"),  # polled
    Boundary("content", "after"),  # collected, but not written down
    Boundary("settle", "before"),
    Boundary("settle", "after"),  # answers stored
    Boundary("finish", "before"),
    Boundary("finish", "after"),
)
"""Between any two steps, in the order in which processes that go on from each other come to them."""


def night(
    conversation: Connection, endpoint: str, url: str, texts: Mapping[str, str], stop: Boundary | None = None
) -> None:
    """What a night's processes do: ask by batch, look after the batches until all are in, ask again. Sends
    the number of questions that have an answer, or "here" at `stop`, where it waits for its end."""
    if stop is not None:
        _stopping(stop, partial(conversation.send, "here"))
    state = State(url)
    price = price_of(MODEL, endpoint, PRICES, batch=True)

    def ask() -> int:
        client = BatchClient(
            state.ledger, endpoint, SecretStr(KEY), MODEL, price=price, budget=Budget(Purse("run", DOLLAR))
        )
        try:
            return len(parser_of(client).read(texts, DAY))
        finally:
            client.close()

    async def advance() -> None:
        transport = Transport(endpoint, SecretStr(KEY), 30.0)
        for batch in state.ledger.batches.pending():
            await Desk(state.ledger.batches, transport, price).advance(batch)
        await transport.close()

    read = ask()
    while (pending := state.ledger.batches.pending()) or read < len(texts):
        if pending:
            asyncio.run(advance())
        else:
            read = ask()
    conversation.send(read)


def start(*arguments: Any) -> tuple[Any, Connection]:
    """A process at `night`, and what it says."""
    ours, theirs = FORK.Pipe()
    process = FORK.Process(target=night, args=(theirs, *arguments))
    process.start()
    theirs.close()
    return process, ours


def _stopping(stop: Boundary, at: Callable[[], None]) -> None:
    """Replaces the method by one that says where it is, and goes no further."""
    owner = Transport if hasattr(Transport, stop.method) else Batches
    real, left = getattr(owner, stop.method), [stop.time]

    def here(when: When) -> None:
        if when == stop.when and left[0] == 0:
            at()
            while True:
                time.sleep(1.0)

    async def slow_async(self: Any, *arguments: Any) -> Any:
        left[0] -= 1
        here("before")
        result = await real(self, *arguments)
        here("after")
        return result

    def slow(self: Any, *arguments: Any, **more: Any) -> Any:
        left[0] -= 1
        here("before")
        result = real(self, *arguments, **more)
        here("after")
        return result

    setattr(owner, stop.method, slow if owner is Batches else slow_async)
