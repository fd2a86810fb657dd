"""The ledger of model calls: who is asking what, what was answered, and what it cost.

Attempts and answers are never updated or deleted. Claims are: they say which process is about to pay for a
request, and hold the most that it may cost until it is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

import sqlalchemy as sa

METADATA = sa.MetaData()
_RACES = 20  # tries to write rows that other processes may be writing too
_AT_ONCE = 500  # values in one IN (...)

ATTEMPTS = sa.Table(
    "llm_attempts",
    METADATA,
    sa.Column("call_id", sa.String, primary_key=True),
    sa.Column("ds", sa.Date, nullable=False, index=True),
    sa.Column("jd_id", sa.String),
    sa.Column("stage", sa.String, nullable=False),
    sa.Column("api", sa.Integer, nullable=False),
    sa.Column("model", sa.String, nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("status", sa.String, nullable=False),
    sa.Column("cache_hit", sa.Boolean, nullable=False),
    sa.Column("input_tokens", sa.BigInteger, nullable=False),
    sa.Column("cached_input_tokens", sa.BigInteger, nullable=False),
    sa.Column("output_tokens", sa.BigInteger, nullable=False),
    sa.Column("cost_nano_usd", sa.BigInteger, nullable=False),
    sa.Column("latency_ms", sa.Float, nullable=False),
    sa.Column("error", sa.String),
    sa.Column("avoided_nano_usd", sa.BigInteger),  # what a cached answer would have cost
    sa.Column("counted_nano_usd", sa.BigInteger),  # against budgets: the cost, or the most it may be
    sa.Column("run_id", sa.String),
    sa.Column("sent_on", sa.Date),  # UTC
)

RESPONSES = sa.Table(
    "llm_responses",
    METADATA,
    sa.Column("request_sha256", sa.String(64), primary_key=True),
    sa.Column("model", sa.String, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
)

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

SPENT = sa.Table(
    "llm_spent",
    METADATA,
    sa.Column("day", sa.Date, primary_key=True),  # UTC
    sa.Column("nano_usd", sa.BigInteger, nullable=False),
)

_HELD = sa.select(sa.func.sum(CLAIMS.c.held_nano_usd))

DEFERRED = sa.Table(
    "llm_deferred",
    METADATA,
    sa.Column("ds", sa.Date, primary_key=True),
    sa.Column("stage", sa.String, primary_key=True),
    sa.Column("subject", sa.String, primary_key=True),
    sa.Column("reason", sa.String, nullable=False),
    sa.Column("deferred_at", sa.DateTime(timezone=True), nullable=False),
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
    """Another process is asking; `beat` goes up while it lives."""

    owner: str
    beat: int


@dataclass(frozen=True, slots=True)
class TooMuch:
    """The day's budget has no room; `held_nano_usd` is what calls in flight may still give back."""

    left_nano_usd: int
    held_nano_usd: int


Verdict = Mine | Answered | Taken | TooMuch


@dataclass(frozen=True, slots=True)
class Attempt:
    """How one attempt at a claimed request ended, or one answer from the cache.

    `cost_nano_usd` is what it is known to cost, `counted_nano_usd` what budgets count it at: the most that
    it may cost, where the endpoint did not say. `body` is the answer to keep. `ends` ends the claim.
    """

    claim: Claim
    status: str
    latency_ms: float = 0.0
    error: str | None = None
    input_tokens: int = 0
    cached_input_tokens: int = 0
    output_tokens: int = 0
    cost_nano_usd: int = 0
    counted_nano_usd: int = 0
    avoided_nano_usd: int = 0
    body: bytes | None = None
    ends: bool = True


@dataclass(frozen=True, slots=True)
class Costs:
    """What the model calls of one day, stage or model came to; attempts are those that were sent."""

    group: str
    attempts: int
    answered: int
    cache_hits: int
    input_tokens: int
    cached_input_tokens: int
    output_tokens: int
    cost_nano_usd: int
    avoided_nano_usd: int


@dataclass(frozen=True, slots=True)
class Deferral:
    """A question that a budget left for a later run; `subject` is a JD's id, or a skill's name."""

    ds: date
    stage: str
    subject: str
    reason: str


class Ledger:
    """Model calls in the state database. Safe to use from many threads and processes."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

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
        """`settle`, then `claim`, in one transaction."""
        for _ in range(_RACES):
            try:
                with self._writing(today) as connection:
                    if attempts:
                        self._write(connection, attempts, owner, today)
                    return self._claim(connection, wanted, owner, today, day_limit_nano_usd)
            except sa.exc.IntegrityError as error:  # another writer took a number, or stored the answer
                lost = error
        raise lost

    def release(self, request_sha256: str, owner: str) -> None:
        """Ends a claim without an attempt."""
        with self._engine.begin() as connection:
            connection.execute(
                sa.delete(CLAIMS).where(CLAIMS.c.request_sha256 == request_sha256, CLAIMS.c.owner == owner)
            )

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

    def end_dead_claims(self, owner: str, today: date) -> int:
        """Ends the claims of a process that is gone; the number of them. Each may have been sent and charged:
        it is an attempt whose cost is unknown, and counts at its most."""
        with self._writing(today) as connection:
            rows = connection.execute(sa.select(CLAIMS).where(CLAIMS.c.owner == owner)).mappings().all()
            attempts = [
                Attempt(
                    _claim_of(row),
                    "interrupted",
                    error="the process that sent it is gone",
                    counted_nano_usd=row["held_nano_usd"],
                )
                for row in rows
            ]
            self._write(connection, attempts, owner, today)
        return len(attempts)

    def responses(self, shas: Iterable[str]) -> dict[str, bytes]:
        """The answers kept for some requests."""
        with self._engine.connect() as connection:
            return dict(
                _where_in(connection, RESPONSES, "request_sha256", list(shas), "request_sha256", "body")
            )

    def begun(self, calls: Iterable[str]) -> set[str]:
        """Those of the calls that have an attempt written down."""
        ids = {_call_id(call, 1): call for call in calls}
        with self._engine.connect() as connection:
            return {ids[i] for (i,) in _where_in(connection, ATTEMPTS, "call_id", list(ids), "call_id")}

    # -- money -----------------------------------------------------------------------------------------

    def spent_on(self, today: date) -> int:
        """Nano-dollars that budgets count for what was sent on a day (UTC), by any process."""
        with self._engine.connect() as connection:
            return self._spent_on(connection, today)

    def spent_by(self, run_id: str) -> dict[str, int]:
        """Nano-dollars that budgets count for a run, by stage."""
        t = ATTEMPTS.c
        query = (
            sa.select(t.stage, sa.func.sum(t.counted_nano_usd)).where(t.run_id == run_id).group_by(t.stage)
        )
        with self._engine.connect() as connection:
            return {stage: int(nano or 0) for stage, nano in connection.execute(query)}

    def attempts(self, ds: date) -> list[dict[str, Any]]:
        """The model calls made for a day's JDs, in the order of their ids."""
        query = sa.select(ATTEMPTS).where(ATTEMPTS.c.ds == ds).order_by(ATTEMPTS.c.call_id)
        with self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def costs(self, by: Literal["day", "stage", "model"]) -> list[Costs]:
        """The whole ledger, added up."""
        t = ATTEMPTS.c
        group = {"day": t.ds, "stage": t.stage, "model": t.model}[by]
        hits = sa.func.sum(sa.case((t.cache_hit, 1), else_=0))
        added = (
            t.input_tokens, t.cached_input_tokens, t.output_tokens, t.cost_nano_usd, t.avoided_nano_usd,
        )  # fmt: skip
        query = sa.select(
            group,
            sa.func.count() - hits,
            sa.func.sum(sa.case((t.status == "ok", 1), else_=0)),
            hits,
            *(sa.func.sum(c) for c in added),
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query.group_by(group).order_by(group)).all()
        return [Costs(str(row[0]), *(int(n or 0) for n in row[1:])) for row in rows]

    # -- what a budget left for later -------------------------------------------------------------------

    def defer(self, ds: date, stage: str, reasons: dict[str, str]) -> None:
        """Replaces the list of what a day's stage left for later: the reason by JD or skill."""
        now = datetime.now(UTC)
        rows = [
            {"ds": ds, "stage": stage, "subject": subject, "reason": reason, "deferred_at": now}
            for subject, reason in reasons.items()
        ]
        with self._engine.begin() as connection:
            connection.execute(sa.delete(DEFERRED).where(DEFERRED.c.ds == ds, DEFERRED.c.stage == stage))
            if rows:
                connection.execute(sa.insert(DEFERRED), rows)

    def deferred(self) -> list[Deferral]:
        """What waits for a later run, by day, stage and subject."""
        t = DEFERRED.c
        query = sa.select(t.ds, t.stage, t.subject, t.reason).order_by(t.ds, t.stage, t.subject)
        with self._engine.connect() as connection:
            return [Deferral(*row) for row in connection.execute(query)]

    # ---------------------------------------------------------------------------------------------------

    def _claim(
        self,
        connection: sa.Connection,
        wanted: Sequence[Claim],
        owner: str | None,
        today: date,
        limit: int | None,
    ) -> list[Verdict]:
        if not wanted:
            return []
        shas = [c.request_sha256 for c in wanted]
        answers = dict(_where_in(connection, RESPONSES, "request_sha256", shas, "request_sha256", "body"))
        taken = {
            sha: Taken(by, beat)
            for sha, by, beat in _where_in(
                connection, CLAIMS, "request_sha256", shas, "request_sha256", "owner", "beat"
            )
        }
        held = spent = 0
        if limit is not None:
            held = connection.execute(_HELD).scalar() or 0
            spent = self._spent_on(connection, today)
        verdicts: list[Verdict] = []
        rows = []
        for c in wanted:
            if c.request_sha256 in answers:
                verdicts.append(Answered(answers[c.request_sha256]))
            elif c.request_sha256 in taken:
                verdicts.append(taken[c.request_sha256])
            elif limit is not None and spent + held + c.most_nano_usd > limit:
                verdicts.append(TooMuch(limit - spent, held))
            else:
                assert owner is not None, "only an owner claims"
                verdicts.append(Mine())
                held += c.most_nano_usd
                taken[c.request_sha256] = Taken(owner, 0)
                rows.append(_claim_row(c, owner))
        if rows:
            connection.execute(sa.insert(CLAIMS), rows)
        return verdicts

    def _writing(self, today: date) -> _Writing:
        return _Writing(self._engine, today)

    def _write(
        self, connection: sa.Connection, attempts: Sequence[Attempt], owner: str | None, today: date
    ) -> None:
        numbers = _free_numbers(connection, attempts)
        rows = [
            {
                "call_id": _call_id(a.claim.call, number),
                "ds": a.claim.ds,
                "jd_id": a.claim.jd_id,
                "stage": a.claim.stage,
                "api": a.claim.api,
                "model": a.claim.model,
                "attempt": number,
                "status": a.status,
                "cache_hit": a.status == "cached",
                "input_tokens": a.input_tokens,
                "cached_input_tokens": a.cached_input_tokens,
                "output_tokens": a.output_tokens,
                "cost_nano_usd": a.cost_nano_usd,
                "latency_ms": a.latency_ms,
                "error": a.error,
                "avoided_nano_usd": a.avoided_nano_usd,
                "counted_nano_usd": a.counted_nano_usd,
                "run_id": a.claim.run_id,
                "sent_on": today,
            }
            for a, number in zip(attempts, numbers, strict=True)
        ]
        if rows:
            connection.execute(sa.insert(ATTEMPTS), rows)
        answers = {a.claim.request_sha256: a for a in attempts if a.body is not None}
        if answers:
            there = {
                sha
                for (sha,) in _where_in(
                    connection, RESPONSES, "request_sha256", list(answers), "request_sha256"
                )
            }
            kept = [
                {
                    "request_sha256": sha,
                    "model": a.claim.model,
                    "body": a.body,
                    "stored_at": datetime.now(UTC),
                }
                for sha, a in answers.items()
                if sha not in there
            ]
            if kept:
                connection.execute(sa.insert(RESPONSES), kept)
        ended = [{"sha": a.claim.request_sha256, "by": owner} for a in attempts if a.ends]
        if owner is not None and ended:
            connection.execute(
                sa.delete(CLAIMS).where(
                    CLAIMS.c.request_sha256 == sa.bindparam("sha"), CLAIMS.c.owner == sa.bindparam("by")
                ),
                ended,
            )
        counted = sum(a.counted_nano_usd for a in attempts)
        if counted:
            connection.execute(
                sa.update(SPENT).where(SPENT.c.day == today).values(nano_usd=SPENT.c.nano_usd + counted)
            )

    @staticmethod
    def _spent_on(connection: sa.Connection, today: date) -> int:
        return int(connection.execute(sa.select(SPENT.c.nano_usd).where(SPENT.c.day == today)).scalar() or 0)


class _Writing:
    """A transaction in which no other writer of the ledger comes between: its first statement locks the day's
    row of `llm_spent`, which SQLite makes a lock of the file."""

    def __init__(self, engine: sa.Engine, today: date) -> None:
        self._begun = engine.begin()
        self._engine = engine
        self._today = today

    def __enter__(self) -> sa.Connection:
        connection = self._begun.__enter__()
        touch = sa.update(SPENT).where(SPENT.c.day == self._today).values(nano_usd=SPENT.c.nano_usd)
        if connection.execute(touch).rowcount == 0:
            self._begun.__exit__(None, None, None)
            self._add_day()
            self._begun = self._engine.begin()
            connection = self._begun.__enter__()
            connection.execute(touch)
        return connection

    def __exit__(self, *error: Any) -> None:
        self._begun.__exit__(*error)

    def _add_day(self) -> None:
        try:
            with self._engine.begin() as connection:
                connection.execute(sa.insert(SPENT).values(day=self._today, nano_usd=0))
        except sa.exc.IntegrityError:
            return  # another process added it


def _claim_row(claim: Claim, owner: str) -> dict[str, Any]:
    return {
        "request_sha256": claim.request_sha256,
        "owner": owner,
        "beat": 0,
        "held_nano_usd": claim.most_nano_usd,
        "call": claim.call,
        "ds": claim.ds,
        "jd_id": claim.jd_id,
        "stage": claim.stage,
        "api": claim.api,
        "model": claim.model,
        "run_id": claim.run_id,
    }


def _claim_of(row: sa.RowMapping) -> Claim:
    return Claim(
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


def _call_id(call: str, number: int) -> str:
    return f"{call}-{number}"


def _free_numbers(connection: sa.Connection, attempts: Sequence[Attempt]) -> list[int]:
    """For each attempt the first number from 1 that its call has not used, here or in the table."""
    firsts = [_call_id(a.claim.call, 1) for a in attempts]
    begun = {i for (i,) in _where_in(connection, ATTEMPTS, "call_id", firsts, "call_id")}
    used: set[str] = set()
    numbers = []
    for attempt, first in zip(attempts, firsts, strict=True):
        number = 1
        while (name := _call_id(attempt.claim.call, number)) in used or (
            first in begun and _has_attempt(connection, name)
        ):
            number += 1
        used.add(name)
        numbers.append(number)
    return numbers


def _has_attempt(connection: sa.Connection, call_id: str) -> bool:
    query = sa.select(sa.literal(1)).where(ATTEMPTS.c.call_id == call_id)
    return connection.execute(query).scalar() is not None


def _where_in(
    connection: sa.Connection, table: sa.Table, key: str, values: Sequence[str], *columns: str
) -> Iterable[Any]:
    """These columns of the rows whose key is among the values."""
    for start in range(0, len(values), _AT_ONCE):
        part = values[start : start + _AT_ONCE]
        query = sa.select(*(table.c[name] for name in columns)).where(table.c[key].in_(part))
        yield from connection.execute(query)
