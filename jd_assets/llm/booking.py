"""The ledger as many tasks use it at once: what they ask for at about the same time is one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import partial
from typing import Any, TypeVar

from jd_assets.llm.errors import InBatch
from jd_assets.llm.owners import is_gone, new_owner
from jd_assets.storage.attempts import Attempt
from jd_assets.storage.claims import BATCH, Answered, Claim, Mine, Taken, TooMuch, Verdict
from jd_assets.storage.ledger import Ledger
from jd_assets.storage.sent import SentLog

A = TypeVar("A")

BEAT = 3.0
"""Seconds between the signs of life of a process that has claims."""
SILENCE = 15.0
"""A process that gave none for so many seconds, seen from here, is gone."""
_LOOK_AGAIN = 0.2  # seconds
_WINDOW = 0.0015, 0.1  # seconds that writes are gathered for: for each request on its way, and at most


class Booking:
    """One process's claims and attempts. For the tasks of one event loop.

    What is asked for within a moment, or while the last transaction is at work, goes into one transaction: at
    64 calls in flight that saves nineteen of twenty. The moment is the longer the more requests are on their
    way, and ends when none is.
    """

    def __init__(self, ledger: Ledger, day_limit_nano_usd: int | None = None) -> None:
        self.owner = new_owner()
        self.day_limit = day_limit_nano_usd
        self._ledger = ledger
        self._sent = SentLog(ledger.sent_dir, self.owner)
        self._on_its_way: set[str] = set()
        self._nothing_on_its_way = asyncio.Event()
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="llm-ledger")
        self._wanted: list[tuple[Claim, asyncio.Future[Verdict]]] = []
        self._ended: list[tuple[Attempt, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None
        self._beating: asyncio.Task[None] | None = None
        self._seen: dict[str, tuple[int, float]] = {}  # by owner: its beat, and since when

    async def claim(self, claim: Claim) -> Mine | Answered | TooMuch:
        """Waits while another process asks the same; whose process is gone loses its claims.

        Raises:
            InBatch: a batch asks the same, which takes too long to be waited for.
        """
        while True:
            future: asyncio.Future[Verdict] = asyncio.get_running_loop().create_future()
            self._wanted.append((claim, future))
            self._begin_writing()
            verdict = await future
            if not isinstance(verdict, Taken):
                return verdict
            if verdict.owner.startswith(BATCH):
                raise InBatch("its question is in a batch", claim.request_sha256)
            if not await self._end_if_dead(verdict.owner, verdict.beat):
                await asyncio.sleep(_LOOK_AGAIN)

    def sending(self, claim: Claim) -> None:
        """Notes that the request is about to leave, for whoever ends this process's claims if it dies."""
        self._on_its_way.add(claim.request_sha256)
        self._nothing_on_its_way.clear()
        self._sent.sending(claim.request_sha256)

    async def settle(self, attempt: Attempt) -> None:
        """Returns once the attempt and its answer are safe on disk."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._ended.append((attempt, future))
        self._on_its_way.discard(attempt.claim.request_sha256)
        if not self._on_its_way:
            self._nothing_on_its_way.set()
        self._begin_writing()
        try:
            await future
        except asyncio.CancelledError:
            if self._writing:
                await asyncio.shield(self._writing)  # what is queued is written all the same
            raise

    async def give_up(self, claim: Claim) -> None:
        """Ends a claim; where its request was sent and nothing written down of it, that may have cost the
        most."""
        if self._sent.is_unknown(claim.request_sha256):
            most = claim.most_nano_usd
            error = "given up before the answer came"
            await self.settle(Attempt(claim, "interrupted", error=error, counted_nano_usd=most))
        else:
            await self._off(lambda: self._ledger.release(claim.request_sha256, self.owner))

    async def end_dead_claims(self) -> int:
        """Ends the claims of processes that are known to be gone by now; the number of them."""
        owners = {owner: beat for _, owner, beat in await self._off(self._ledger.claims)}
        ended = [await self._end_if_dead(owner, beat) for owner, beat in sorted(owners.items())]
        return sum(ended)

    def start(self) -> None:
        """Begins to give signs of life, and tidies up after others."""
        self._sent.open()
        self._ledger.sweep_sent(is_gone)
        self._beating = asyncio.create_task(self._beat())

    async def stop(self) -> None:
        """Ends the signs of life; what was asked for before is done."""
        if self._beating:
            self._beating.cancel()
            await asyncio.gather(self._beating, return_exceptions=True)

    def close(self) -> None:
        self._writer.shutdown()
        self._sent.close()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT)
            await self._off(lambda: self._ledger.beat(self.owner))

    async def _end_if_dead(self, owner: str, beat: int) -> int:
        if owner == self.owner or owner.startswith(BATCH):
            return 0
        gone = ended_here = is_gone(owner)
        if gone is None:
            now = asyncio.get_running_loop().time()
            last, since = self._seen.get(owner, (-1, now))
            if last != beat:
                since = now
            self._seen[owner] = beat, since
            gone = now - since > SILENCE
        end = partial(self._ledger.end_dead_claims, owner, _today(), ended_here=bool(ended_here))
        return await self._off(end) if gone else 0

    async def _off(self, work: Callable[[], A]) -> A:
        return await asyncio.get_running_loop().run_in_executor(self._writer, work)

    def _begin_writing(self) -> None:
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())

    async def _write(self) -> None:
        """One transaction after the other while there is something to write."""
        while self._wanted or self._ended:
            await self._gather()
            wanted, self._wanted = self._wanted, []
            ended, self._ended = self._ended, []
            attempts, claims = [a for a, _ in ended], [c for c, _ in wanted]
            try:
                verdicts = await self._off(
                    partial(
                        self._ledger.settle_and_claim, attempts, claims, self.owner, _today(), self.day_limit
                    )
                )
            except Exception as error:
                futures: list[asyncio.Future[Any]] = [f for _, f in ended]
                for future in futures + [f for _, f in wanted]:
                    if not future.done():
                        future.set_exception(error)
                continue
            self._sent.known(attempts)
            for _, settled in ended:
                if not settled.done():
                    settled.set_result(None)
            for (_, claimed), verdict in zip(wanted, verdicts, strict=True):
                if not claimed.done():
                    claimed.set_result(verdict)

    async def _gather(self) -> None:
        """Lets more to write come in, where that is to be expected."""
        await asyncio.sleep(0)
        if self._on_its_way:
            with suppress(TimeoutError):
                async with asyncio.timeout(min(_WINDOW[0] * len(self._on_its_way), _WINDOW[1])):
                    await self._nothing_on_its_way.wait()


def _today() -> date:
    return datetime.now(UTC).date()
