"""What people decided and money paid for: one SQL database, SQLite by default, Postgres by URL.

Nothing here is ever updated or deleted: a later decision on a thing stands beside the earlier one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa

Decision = Literal["approved", "rejected", "merged"]
_RACES = 20  # tries to write an attempt that other processes may be writing too

_METADATA = sa.MetaData()

REVIEW_DECISIONS = sa.Table(
    "review_decisions",
    _METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("item_id", sa.String, nullable=False, index=True),
    sa.Column("decision", sa.String, nullable=False),
    sa.Column("merged_into", sa.String),
    sa.Column("decided_by", sa.String, nullable=False),
    sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("note", sa.String),
    sa.Column("subject", sa.JSON),
)

LLM_ATTEMPTS = sa.Table(
    "llm_attempts",
    _METADATA,
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
)

LLM_RESPONSES = sa.Table(
    "llm_responses",
    _METADATA,
    sa.Column("request_sha256", sa.String(64), primary_key=True),
    sa.Column("model", sa.String, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
)


@dataclass(frozen=True, slots=True)
class LatestDecision:
    """The decision that stands for a thing of the review queue.

    `subject` is what was decided on, as the queue had it then: the thing leaves the queue when the days
    that hold it are run again, and the decision must outlive it.
    """

    item_id: str
    decision: str
    decided_by: str
    decided_at: datetime
    merged_into: str | None = None
    note: str | None = None
    subject: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Costs:
    """What the model calls of one day, stage or model came to."""

    group: str
    attempts: int
    answered: int
    cache_hits: int
    input_tokens: int
    cached_input_tokens: int
    output_tokens: int
    cost_nano_usd: int


class State:
    """The state database. Safe to use from many threads and processes."""

    def __init__(self, url: str) -> None:
        parsed = sa.make_url(url)
        if parsed.get_backend_name() == "sqlite" and parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        self._engine = sa.create_engine(parsed)
        if parsed.get_backend_name() == "sqlite":
            sa.event.listen(self._engine, "connect", _prepare_sqlite)
        _METADATA.create_all(self._engine)
        _add_missing_columns(self._engine)

    def decide(
        self,
        item_id: str,
        decision: Decision,
        by: str,
        *,
        merged_into: str | None = None,
        note: str | None = None,
        subject: Mapping[str, Any] | None = None,
        at: datetime | None = None,
    ) -> None:
        """Records a decision on a thing of the review queue; `subject` is JSON of the thing itself."""
        row = {
            "item_id": item_id,
            "decision": decision,
            "merged_into": merged_into,
            "decided_by": by,
            "decided_at": at or datetime.now(UTC),
            "note": note,
            "subject": dict(subject) if subject is not None else None,
        }
        with self._engine.begin() as connection:
            connection.execute(sa.insert(REVIEW_DECISIONS).values(row))

    def decisions(self) -> dict[str, LatestDecision]:
        """The latest decision on each thing, by its id."""
        newest = sa.select(sa.func.max(REVIEW_DECISIONS.c.id)).group_by(REVIEW_DECISIONS.c.item_id)
        query = sa.select(REVIEW_DECISIONS).where(REVIEW_DECISIONS.c.id.in_(newest))
        with self._engine.connect() as connection:
            return {
                row.item_id: LatestDecision(
                    row.item_id,
                    row.decision,
                    row.decided_by,
                    _in_utc(row.decided_at),
                    row.merged_into,
                    row.note,
                    row.subject,
                )
                for row in connection.execute(query)
            }

    def record_attempt(self, attempt: Mapping[str, Any]) -> None:
        """Writes down one model call; its keys are the columns of llm_calls."""
        with self._engine.begin() as connection:
            connection.execute(sa.insert(LLM_ATTEMPTS).values(**attempt))

    def append_attempt(
        self, call: str, attempt: Mapping[str, Any], answer: tuple[str, bytes] | None = None
    ) -> None:
        """Writes down a call's next attempt, and the answer that it was given, in one transaction.

        `attempt` has the columns of llm_calls but for call_id and attempt: the first free number of the
        call from 1 gives both. `answer` is a request's SHA-256 and body; one stored earlier stands.
        """
        for _ in range(_RACES):
            try:
                with self._engine.begin() as connection:
                    number = 1
                    while _has_attempt(connection, call, number):
                        number += 1
                    row = {**attempt, "call_id": _call_id(call, number), "attempt": number}
                    connection.execute(sa.insert(LLM_ATTEMPTS).values(row))
                    if answer and not _has_response(connection, answer[0]):
                        kept = {
                            "request_sha256": answer[0],
                            "model": attempt["model"],
                            "body": answer[1],
                            "stored_at": datetime.now(UTC),
                        }
                        connection.execute(sa.insert(LLM_RESPONSES).values(kept))
                return
            except sa.exc.IntegrityError as error:  # another writer took the number, or stored the answer
                lost = error
        raise lost

    def has_attempts(self, call: str) -> bool:
        """Whether an attempt of the call is written down."""
        with self._engine.connect() as connection:
            return _has_attempt(connection, call, 1)

    def attempts(self, ds: date) -> list[dict[str, Any]]:
        """The model calls made for a day's JDs, in the order of their ids."""
        query = sa.select(LLM_ATTEMPTS).where(LLM_ATTEMPTS.c.ds == ds).order_by(LLM_ATTEMPTS.c.call_id)
        with self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def costs(self, by: Literal["day", "stage", "model"]) -> list[Costs]:
        """The ledger of all days, added up; attempts are those that were sent."""
        t = LLM_ATTEMPTS.c
        group = {"day": t.ds, "stage": t.stage, "model": t.model}[by]
        hits = sa.func.sum(sa.case((t.cache_hit, 1), else_=0))
        query = sa.select(
            group,
            sa.func.count() - hits,
            sa.func.sum(sa.case((t.status == "ok", 1), else_=0)),
            hits,
            *(sa.func.sum(c) for c in (t.input_tokens, t.cached_input_tokens, t.output_tokens)),
            sa.func.sum(t.cost_nano_usd),
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query.group_by(group).order_by(group)).all()
        return [Costs(str(row[0]), *(int(n) for n in row[1:])) for row in rows]

    def store_response(self, request_sha256: str, model: str, body: bytes) -> None:
        """Keeps a paid answer for good; the first one stored for a request stands."""
        row = {
            "request_sha256": request_sha256,
            "model": model,
            "body": body,
            "stored_at": datetime.now(UTC),
        }
        try:
            with self._engine.begin() as connection:
                connection.execute(sa.insert(LLM_RESPONSES).values(row))
        except sa.exc.IntegrityError:
            if self.response(request_sha256) is None:
                raise

    def response(self, request_sha256: str) -> bytes | None:
        """The answer kept for a request, or None."""
        query = sa.select(LLM_RESPONSES.c.body).where(LLM_RESPONSES.c.request_sha256 == request_sha256)
        with self._engine.connect() as connection:
            body: bytes | None = connection.execute(query).scalar()
            return body


def _call_id(call: str, number: int) -> str:
    return f"{call}-{number}"


def _has_attempt(connection: sa.Connection, call: str, number: int) -> bool:
    query = sa.select(sa.literal(1)).where(LLM_ATTEMPTS.c.call_id == _call_id(call, number))
    return connection.execute(query).scalar() is not None


def _has_response(connection: sa.Connection, request_sha256: str) -> bool:
    query = sa.select(sa.literal(1)).where(LLM_RESPONSES.c.request_sha256 == request_sha256)
    return connection.execute(query).scalar() is not None


def _add_missing_columns(engine: sa.Engine) -> None:
    """Brings tables that an earlier version made up to this one: columns are only ever added, nullable."""
    known = sa.inspect(engine)
    for table in _METADATA.sorted_tables:
        there = {column["name"] for column in known.get_columns(table.name)}
        for column in table.columns:
            if column.name not in there:
                kind = column.type.compile(engine.dialect)
                with engine.begin() as connection:
                    connection.execute(sa.text(f"ALTER TABLE {table.name} ADD COLUMN {column.name} {kind}"))


def _in_utc(moment: datetime) -> datetime:
    """SQLite gives times back without their zone; they were stored in UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _prepare_sqlite(connection: Any, _: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA busy_timeout = 30000")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.close()
