"""Who is about to pay for which request, and what may be spent in a day.

A claim says which process is about to send a request, and holds the most that it may cost until that is
known. Claims are the one part of the ledger that is deleted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from jd_assets.storage.sql import METADATA, insert_rows, where_in

CLAIMS = sa.Table(
    "llm_claims",
    METADATA,
    sa.Column("request_sha256", sa.String(64), primary_key=True),
    sa.Column("owner", sa.String, nullable=False),
    sa.Column("beat", sa.BigInteger, nullable=False),
    sa.Column("held_nano_usd", sa.BigInteger, nullable=False),
    sa.Column("call", sa.String, nullable=False),
    sa.Column("ds", sa.Date, nullable=False),
    sa.Column("jd_id", sa.String),
    sa.Column("stage", sa.String, nullable=False),
    sa.Column("api", sa.Integer, nullable=False),
    sa.Column("model", sa.String, nullable=False),
    sa.Column("run_id", sa.String),
)

BATCH = "batch|"
"""What the name of a batch begins with where it owns claims; it has no process that could die."""

SPENT = sa.Table(
    "llm_spent",
    METADATA,
    sa.Column("day", sa.Date, primary_key=True),  # UTC
    sa.Column("nano_usd", sa.BigInteger, nullable=False),
)


# Statements that every transaction of the ledger executes, put together once.
_SPENT_ON = sa.select(SPENT.c.nano_usd).where(SPENT.c.day == sa.bindparam("today"))
_COUNTED = sa.select(
    sa.func.coalesce(sa.func.sum(CLAIMS.c.held_nano_usd), 0),
    sa.func.coalesce(
        sa.func.sum(sa.case((CLAIMS.c.owner.startswith(BATCH), CLAIMS.c.held_nano_usd), else_=0)), 0
    ),
    sa.func.coalesce(_SPENT_ON.scalar_subquery(), 0),
)
_SPEND = (
    sa.update(SPENT)
    .where(SPENT.c.day == sa.bindparam("today"))
    .values(nano_usd=SPENT.c.nano_usd + sa.bindparam("more"))
)
_END = sa.delete(CLAIMS).where(
    CLAIMS.c.request_sha256 == sa.bindparam("sha"), CLAIMS.c.owner == sa.bindparam("by")
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A request that is about to be sent: its SHA-256, what it is for, and the most that it may cost.

    `call` is the same for a question however often its day runs, so that its attempts are numbered through.
    """

    request_sha256: str
    call: str
    ds: date
    jd_id: str | None
    stage: str
    api: int
    model: str
    most_nano_usd: int
    run_id: str | None = None


@dataclass(frozen=True, slots=True)
class Mine:
    """The claim is the asker's: it may send."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer is there; nothing is to be sent."""

    body: bytes


@dataclass(frozen=True, slots=True)
class Taken:
    """Another process, or a batch, is asking; a process's `beat` goes up while it lives."""

    owner: str
    beat: int


@dataclass(frozen=True, slots=True)
class TooMuch:
    """The day's budget has no room; `held_nano_usd` is what calls in flight may still give back;
    batches take too long to be waited for."""

    left_nano_usd: int
    held_nano_usd: int


Verdict = Mine | Answered | Taken | TooMuch


def make_claims(
    connection: sa.Connection,
    wanted: Sequence[Claim],
    answers: Mapping[str, bytes],
    owner: str,
    today: date,
    limit: int | None,
    *,
    blind: bool = False,
) -> list[Verdict]:
    """A verdict for each claim, in order; those that are the owner's are written down.

    `answers` are the ones that are kept, by request. `limit` bounds what is spent `today` and in flight.
    `blind` takes it that nobody has a claim on any of them.

    Raises:
        sqlalchemy.exc.IntegrityError: somebody has.
    """
    held = in_batches = spent = 0
    if limit is not None:
        held, in_batches, spent = map(int, connection.execute(_COUNTED, {"today": today}).one())
        if spent + held + sum(c.most_nano_usd for c in wanted) > limit:
            blind = False  # what somebody else asks needs no room
    shas = [] if blind else [c.request_sha256 for c in wanted]
    taken = {
        sha: Taken(by, beat)
        for sha, by, beat in where_in(
            connection, CLAIMS, "request_sha256", shas, "request_sha256", "owner", "beat"
        )
    }
    verdicts: list[Verdict] = []
    rows = []
    for c in wanted:
        if c.request_sha256 in answers:
            verdicts.append(Answered(answers[c.request_sha256]))
        elif c.request_sha256 in taken:
            verdicts.append(taken[c.request_sha256])
        elif limit is not None and spent + held + c.most_nano_usd > limit:
            verdicts.append(TooMuch(limit - spent - in_batches, held - in_batches))
        else:
            verdicts.append(Mine())
            held += c.most_nano_usd
            taken[c.request_sha256] = Taken(owner, 0)
            rows.append(_row(c, owner))
    insert_rows(connection, CLAIMS, rows)
    return verdicts


def end_claims(connection: sa.Connection, shas: Iterable[str], owner: str) -> None:
    """Ends an owner's claims on these requests."""
    ended = [{"sha": sha, "by": owner} for sha in shas]
    if ended:
        connection.execute(_END, ended)


def claims_of(connection: sa.Connection, owner: str) -> list[Claim]:
    """The claims of an owner."""
    rows = connection.execute(sa.select(CLAIMS).where(CLAIMS.c.owner == owner)).mappings()
    return [
        Claim(
            request_sha256=row["request_sha256"],
            call=row["call"],
            ds=row["ds"],
            jd_id=row["jd_id"],
            stage=row["stage"],
            api=row["api"],
            model=row["model"],
            most_nano_usd=row["held_nano_usd"],
            run_id=row["run_id"],
        )
        for row in rows
    ]


def spent_on(connection: sa.Connection, day: date) -> int:
    """Nano-dollars that budgets count for what was sent on a day (UTC)."""
    return int(connection.execute(_SPENT_ON, {"today": day}).scalar() or 0)


def spend(connection: sa.Connection, nano_usd: int, today: date) -> None:
    """Counts an amount to a day that `Writing` has opened."""
    if nano_usd:
        connection.execute(_SPEND, {"today": today, "more": nano_usd})


class Writing:
    """A transaction in which no other writer of the ledger comes between: its first statement locks the day's
    row of `llm_spent`, which SQLite makes a lock of the file. `nano_usd` are counted to the day by it."""

    def __init__(self, engine: sa.Engine, today: date, nano_usd: int = 0) -> None:
        self._begun = engine.begin()
        self._engine = engine
        self._today = today
        self._nano_usd = nano_usd

    def __enter__(self) -> sa.Connection:
        connection = self._begun.__enter__()
        count = {"today": self._today, "more": self._nano_usd}
        if connection.execute(_SPEND, count).rowcount == 0:
            self._begun.__exit__(None, None, None)
            self._add_day()
            self._begun = self._engine.begin()
            connection = self._begun.__enter__()
            connection.execute(_SPEND, count)
        return connection

    def __exit__(self, *error: Any) -> None:
        self._begun.__exit__(*error)

    def _add_day(self) -> None:
        try:
            with self._engine.begin() as connection:
                connection.execute(sa.insert(SPENT).values(day=self._today, nano_usd=0))
        except sa.exc.IntegrityError:
            return  # another process added it


def _row(claim: Claim, owner: str) -> tuple[Any, ...]:
    """The columns of CLAIMS in their order."""
    c = claim
    return (
        c.request_sha256, owner, 0, c.most_nano_usd, c.call, c.ds, c.jd_id, c.stage, c.api, c.model, c.run_id,
    )  # fmt: skip
