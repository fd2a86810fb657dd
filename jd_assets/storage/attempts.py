"""What was asked of models and what came of it: a row for each attempt, and the answers. Neither is ever
updated or deleted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

import sqlalchemy as sa

from jd_assets.storage.claims import Claim
from jd_assets.storage.sql import METADATA, insert_rows, where_in

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


def write_attempts(
    connection: sa.Connection, attempts: Sequence[Attempt], today: date, *, blind: bool = False
) -> None:
    """Adds attempts. The first free number of a call from 1 names its attempt; `blind` takes all numbers that
    the table has to be free.

    Raises:
        sqlalchemy.exc.IntegrityError: a number isn't, or another writer took it in between.
    """
    there = set() if blind else begun(connection, [a.claim.call for a in attempts])
    numbers = _free_numbers(connection, attempts, there)
    rows = [
        (
            _call_id(c.call, number), c.ds, c.jd_id, c.stage, c.api, c.model, number, a.status,
            a.status == "cached", a.input_tokens, a.cached_input_tokens, a.output_tokens, a.cost_nano_usd,
            a.latency_ms, a.error, a.avoided_nano_usd, a.counted_nano_usd, c.run_id, today,
        )
        for a, c, number in zip(attempts, (a.claim for a in attempts), numbers, strict=True)
    ]  # fmt: skip
    insert_rows(connection, ATTEMPTS, rows)


def keep_answers(connection: sa.Connection, attempts: Sequence[Attempt], *, blind: bool = False) -> None:
    """Keeps the answers of those attempts that have one; the first that was kept for a request stands, which
    `blind` takes them all to be.

    Raises:
        sqlalchemy.exc.IntegrityError: one isn't.
    """
    answers = {a.claim.request_sha256: a for a in attempts if a.body is not None}
    there = {} if blind else answers_to(connection, list(answers))
    now = datetime.now(UTC)
    rows = [(sha, a.claim.model, a.body, now) for sha, a in answers.items() if sha not in there]
    insert_rows(connection, RESPONSES, rows)


def answers_to(connection: sa.Connection, shas: Sequence[str]) -> dict[str, bytes]:
    """The answers kept for some requests."""
    return dict(where_in(connection, RESPONSES, "request_sha256", shas, "request_sha256", "body"))


def begun(connection: sa.Connection, calls: Sequence[str]) -> set[str]:
    """Those of the calls that have an attempt."""
    ids = {_call_id(call, 1): call for call in calls}
    return {ids[i] for (i,) in where_in(connection, ATTEMPTS, "call_id", list(ids), "call_id")}


def spent_by(connection: sa.Connection, run_id: str) -> dict[str, int]:
    """Nano-dollars that budgets count for a run, by stage."""
    t = ATTEMPTS.c
    query = sa.select(t.stage, sa.func.sum(t.counted_nano_usd)).where(t.run_id == run_id).group_by(t.stage)
    return {stage: int(nano or 0) for stage, nano in connection.execute(query)}


def billed_to(connection: sa.Connection, run_id: str) -> int:
    """Nano-dollars that a run's attempts are known to cost."""
    query = sa.select(sa.func.sum(ATTEMPTS.c.cost_nano_usd)).where(ATTEMPTS.c.run_id == run_id)
    return int(connection.execute(query).scalar() or 0)


def costs(connection: sa.Connection, by: Literal["day", "stage", "model"]) -> list[Costs]:
    """All attempts, added up."""
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
    rows = connection.execute(query.group_by(group).order_by(group)).all()
    return [Costs(str(row[0]), *(int(n or 0) for n in row[1:])) for row in rows]


def _call_id(call: str, number: int) -> str:
    return f"{call}-{number}"


def _free_numbers(
    connection: sa.Connection, attempts: Sequence[Attempt], there: Collection[str]
) -> list[int]:
    """For each attempt the first number from 1 that its call has not used, here or in the table; `there` are
    the calls that are in it."""
    used: set[str] = set()
    numbers = []
    for attempt in attempts:
        call, number = attempt.claim.call, 1
        while (name := _call_id(call, number)) in used or (call in there and _is_there(connection, name)):
            number += 1
        used.add(name)
        numbers.append(number)
    return numbers


def _is_there(connection: sa.Connection, call_id: str) -> bool:
    query = sa.select(sa.literal(1)).where(ATTEMPTS.c.call_id == call_id)
    return connection.execute(query).scalar() is not None
