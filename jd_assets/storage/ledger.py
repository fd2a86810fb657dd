"""The ledger of model calls: who is asking what, what was answered, and what it cost.

Claims, attempts, answers and what waits for a later run each have a module of their own; this is where they
change together, in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa

from jd_assets.storage import attempts as kept
from jd_assets.storage import claims as held
from jd_assets.storage.attempts import ATTEMPTS, Attempt, Costs
from jd_assets.storage.batches import Batches
from jd_assets.storage.claims import CLAIMS, Claim, Verdict, Writing
from jd_assets.storage.deferred import Deferral, all_deferred, replace_deferred
from jd_assets.storage.groups import grouped
from jd_assets.storage.sent import forget, noted_by, sent_by

_RACES = 20  # tries to write rows that other processes may be writing too


class Ledger:
    """Model calls in the state database. Safe to use from many threads and processes.

    `sent_dir` is where the processes of this machine note what they have begun to send; None: nowhere.
    """

    def __init__(self, engine: sa.Engine, sent_dir: Path | None = None) -> None:
        self._engine = engine
        self.sent_dir = sent_dir
        self.batches = Batches(engine)

    # -- asking ----------------------------------------------------------------------------------------

    def claim(
        self, wanted: Sequence[Claim], owner: str, today: date, day_limit_nano_usd: int | None = None
    ) -> list[Verdict]:
        """Who may send each of some requests, in their order, decided in one transaction.

        `day_limit_nano_usd` bounds what all processes together spend `today` (UTC) and have in flight.
        """
        return self.settle_and_claim([], wanted, owner, today, day_limit_nano_usd)

    def settle(self, attempts: Sequence[Attempt], owner: str | None, today: date) -> None:
        """Writes down attempts and the answers that were given, and ends their claims, in one transaction.

        The first free number of a call from 1 names its attempt. The first answer stored for a request
        stands.
        """
        self.settle_and_claim(attempts, [], owner, today)

    def settle_and_claim(
        self,
        attempts: Sequence[Attempt],
        wanted: Sequence[Claim],
        owner: str | None,
        today: date,
        day_limit_nano_usd: int | None = None,
    ) -> list[Verdict]:
        """`settle`, then `claim`, in one transaction.

        Nearly always every attempt is the first of its call and nobody else asks the same. So that is tried
        first, without looking: the tables' keys tell where it is not so.
        """
        counted = sum(a.counted_nano_usd for a in attempts)
        for go in range(_RACES):
            blind = go == 0
            try:
                with Writing(self._engine, today, counted) as connection:
                    _write(connection, attempts, owner, today, blind=blind)
                    if not wanted:
                        return []
                    assert owner is not None, "only an owner claims"
                    answers = kept.answers_to(connection, [c.request_sha256 for c in wanted])
                    return held.make_claims(
                        connection, wanted, answers, owner, today, day_limit_nano_usd, blind=blind
                    )
            except sa.exc.IntegrityError as error:  # another writer took a number, or stored the answer
                lost = error
        raise lost

    def release(self, request_sha256: str, owner: str) -> None:
        """Ends a claim without an attempt."""
        with self._engine.begin() as connection:
            held.end_claims(connection, [request_sha256], owner)

    def beat(self, owner: str) -> None:
        """Shows that the owner of claims lives."""
        with self._engine.begin() as connection:
            connection.execute(
                sa.update(CLAIMS).where(CLAIMS.c.owner == owner).values(beat=CLAIMS.c.beat + 1)
            )

    def claims(self) -> list[tuple[str, str, int]]:
        """Request, owner and beat of every claim."""
        query = sa.select(CLAIMS.c.request_sha256, CLAIMS.c.owner, CLAIMS.c.beat)
        with self._engine.connect() as connection:
            return [(sha, owner, beat) for sha, owner, beat in connection.execute(query)]

    def end_dead_claims(self, owner: str, today: date, *, ended_here: bool = False) -> int:
        """Ends the claims of a process that is gone; the number of them.

        Each that may have been sent and charged is an attempt whose cost is unknown, and counts at its most.
        Of a process that is known to have `ended_here`, on this machine, those are what it noted as sent; of
        another one all.
        """
        sent = sent_by(self.sent_dir, owner) if ended_here else None
        with Writing(self._engine, today) as connection:
            claims = held.claims_of(connection, owner)
            attempts = [
                Attempt(
                    claim,
                    "interrupted",
                    error="the process that sent it is gone",
                    counted_nano_usd=claim.most_nano_usd,
                )
                for claim in claims
                if sent is None or claim.request_sha256 in sent
            ]
            _write(connection, attempts, owner, today)
            held.spend(connection, sum(a.counted_nano_usd for a in attempts), today)
            held.end_claims(connection, (c.request_sha256 for c in claims), owner)
        forget(self.sent_dir, owner)
        return len(claims)

    def sweep_sent(self, is_gone: Callable[[str], bool | None]) -> None:
        """Removes the notes of processes that are gone and have no claims left to be ended."""
        gone = [owner for owner in noted_by(self.sent_dir) if is_gone(owner)]
        if gone:  # looked for afterwards: a process that is gone makes no more claims
            claiming = {owner for _, owner, _ in self.claims()}
            for owner in gone:
                if owner not in claiming:
                    forget(self.sent_dir, owner)

    def responses(self, shas: Iterable[str]) -> dict[str, bytes]:
        """The answers kept for some requests."""
        with self._engine.connect() as connection:
            return kept.answers_to(connection, list(shas))

    def begun(self, calls: Iterable[str]) -> set[str]:
        """Those of the calls that have an attempt written down."""
        with self._engine.connect() as connection:
            return kept.begun(connection, list(calls))

    def grouped(self, spellings: Mapping[str, str], most: int) -> dict[str, tuple[str, ...]]:
        """The spellings that each name is asked about with, its own among them; the same for ever. Names that
        nobody asked about before are put together, up to `most` of them."""
        for _ in range(_RACES):
            try:
                with self._engine.begin() as connection:
                    return grouped(connection, spellings, most)
            except sa.exc.IntegrityError as error:  # another process put one of the names into a group
                lost = error
        raise lost

    # -- money -----------------------------------------------------------------------------------------

    def spent_on(self, today: date) -> int:
        """Nano-dollars that budgets count for what was sent on a day (UTC), by any process."""
        with self._engine.connect() as connection:
            return held.spent_on(connection, today)

    def spent_by(self, run_id: str) -> dict[str, int]:
        """Nano-dollars that budgets count for a run, by stage."""
        with self._engine.connect() as connection:
            return kept.spent_by(connection, run_id)

    def billed_to(self, run_id: str) -> int:
        """Nano-dollars that a run's calls are known to cost."""
        with self._engine.connect() as connection:
            return kept.billed_to(connection, run_id)

    def attempts(self, ds: date) -> list[dict[str, Any]]:
        """The model calls made for a day's JDs, in the order of their ids."""
        query = sa.select(ATTEMPTS).where(ATTEMPTS.c.ds == ds).order_by(ATTEMPTS.c.call_id)
        with self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def days(self) -> set[date]:
        """The days of data for which models were ever asked."""
        with self._engine.connect() as connection:
            return set(connection.execute(sa.select(ATTEMPTS.c.ds).distinct()).scalars())

    def costs(self, by: Literal["day", "stage", "model"]) -> list[Costs]:
        """The whole ledger, added up."""
        with self._engine.connect() as connection:
            return kept.costs(connection, by)

    # -- what was left for later -----------------------------------------------------------------------

    def defer(self, ds: date, stage: str, reasons: Mapping[str, str]) -> None:
        """Replaces the list of what a day's stage left for later: the reason by JD or skill."""
        with self._engine.begin() as connection:
            replace_deferred(connection, ds, stage, reasons)

    def deferred(self) -> list[Deferral]:
        """What waits for a later run, by day, stage and subject."""
        with self._engine.connect() as connection:
            return all_deferred(connection)


def _write(
    connection: sa.Connection,
    attempts: Sequence[Attempt],
    owner: str | None,
    today: date,
    *,
    blind: bool = False,
) -> None:
    if not attempts:
        return
    kept.write_attempts(connection, attempts, today, blind=blind)
    kept.keep_answers(connection, attempts, blind=blind)
    if owner is not None:
        held.end_claims(connection, (a.claim.request_sha256 for a in attempts if a.ends), owner)
