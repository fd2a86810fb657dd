"""A client that asks nothing at once: it answers from the ledger, and puts the rest into batches."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, TypeVar

from jd_assets.llm.answers import Answer
from jd_assets.llm.batch import Desk
from jd_assets.llm.budget import exhausted
from jd_assets.llm.client import LlmClient, Sendable
from jd_assets.llm.errors import BudgetExhausted, InBatch, LlmError
from jd_assets.llm.requests import Asked, Requests
from jd_assets.storage.claims import Claim, TooMuch

_log = logging.getLogger(__name__)

C = TypeVar("C", bound=Asked)
T = TypeVar("T")
MOST_REQUESTS = 10_000
MOST_BYTES = 100_000_000
"""Of one batch: endpoints take 50,000 requests in 200 MB (platform.openai.com/docs/guides/batch)."""


class BatchClient(LlmClient):
    """As LlmClient, but what the ledger has no answer to is an InBatch error, and its question is in a batch
    when `ask_all` returns. `price` is the batch price. The same questions asked after the batch is collected
    have their answers; those that were cut off or don't fit go into the next batch.

    `earlier` are the stages whose answers this one's questions are made of: while a day waits for those, its
    questions would be others later, and are not asked.
    """

    def __init__(self, *arguments: Any, earlier: Iterable[str] = (), **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._earlier = frozenset(earlier)
        self._gathered: dict[str, tuple[Claim, bytes]] = {}

    async def _ask_all(self, calls: Iterable[C], requests: Requests[C, T]) -> list[T | LlmError]:
        self._waiting = {
            d.ds for d in self._ledger.deferred() if d.reason == InBatch.reason and d.stage in self._earlier
        }
        results = await super()._ask_all(calls, requests)
        no_room = await self._hand_in()
        return [no_room.get(r.request_sha256, r) if isinstance(r, InBatch) else r for r in results]

    async def _send(self, claim: Claim, request: Sendable[T]) -> tuple[Answer[T], bool]:
        if claim.ds in self._waiting:
            raise InBatch("an earlier stage of its day waits for a batch")
        if claim.request_sha256 not in self._gathered:
            for purse in self.budget.purses:
                if not purse.has_room(claim.most_nano_usd):
                    left = purse.limit - purse.spent - purse.held
                    raise exhausted(purse.name, purse.limit, left, claim.most_nano_usd)
            for purse in self.budget.purses:
                purse.spent += claim.most_nano_usd
            self._gathered[claim.request_sha256] = claim, request.body
        raise InBatch("its question is in a batch", claim.request_sha256)

    async def _hand_in(self) -> dict[str, LlmError]:
        """Opens batches of what was gathered and submits them; the errors of what the day's budget has no
        room for. A batch that can't be submitted now is submitted by the sensor."""
        no_room: dict[str, LlmError] = {}
        limit = self._booking.day_limit
        for part in _parts(list(self._gathered.values())):
            batch, verdicts = self._ledger.batches.open(self.endpoint, part, datetime.now(UTC).date(), limit)
            for (claim, _), verdict in zip(part, verdicts, strict=True):
                if isinstance(verdict, TooMuch):
                    error: BudgetExhausted = exhausted(
                        "day", limit or 0, verdict.left_nano_usd, claim.most_nano_usd
                    )
                    no_room[claim.request_sha256] = error
            if batch is not None:
                try:
                    await Desk(self._ledger.batches, self._transport, self.price).advance(batch)
                except LlmError as error_:
                    _log.warning("batch %s is not submitted yet: %s", batch.batch_id, error_)
        self._gathered.clear()
        return no_room


def _parts(wanted: list[tuple[Claim, bytes]]) -> Iterator[list[tuple[Claim, bytes]]]:
    """Requests in parts that an endpoint takes as one batch."""
    part: list[tuple[Claim, bytes]] = []
    size = 0
    for entry in wanted:
        if part and (len(part) >= MOST_REQUESTS or size + len(entry[1]) > MOST_BYTES):
            yield part
            part, size = [], 0
        part.append(entry)
        size += len(entry[1])
    if part:
        yield part
