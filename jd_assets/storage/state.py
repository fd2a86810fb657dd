"""What people decided and money paid for: one SQL database, SQLite by default, Postgres by URL.

Decisions are never updated or deleted: a later one on a thing stands beside the earlier one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa

from jd_assets.stages.capture.standing import last_words
from jd_assets.storage.ledger import Ledger
from jd_assets.storage.sql import METADATA, in_utc

_RACES = 20
"""Tries to bring the tables up to date while other processes do: each loses at most one table or column."""

Decision = Literal["approved", "rejected", "merged"]
"""What a person says of a thing of the review queue."""

REVIEW_DECISIONS = sa.Table(
    "review_decisions",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("item_id", sa.String, nullable=False, index=True),
    sa.Column("decision", sa.String, nullable=False),
    sa.Column("merged_into", sa.String),
    sa.Column("decided_by", sa.String, nullable=False),
    sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("note", sa.String),
    sa.Column("subject", sa.JSON),
)


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """A decision on a thing of the review queue, or REOPENED, which takes one back.

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

    @property
    def members(self) -> Sequence[str]:
        """The things that it is on: those that the row had folded then."""
        return list(dict.fromkeys((self.item_id, *((self.subject or {}).get("members") or ()))))


class State:
    """The state database. Safe to use from many threads and processes.

    `sent_dir` is a folder of this machine for notes on what is being sent; beside the SQLite file if unset.
    """

    def __init__(self, url: str, sent_dir: Path | None = None) -> None:
        parsed = sa.make_url(url)
        if parsed.get_backend_name() == "sqlite" and parsed.database:
            folder = Path(parsed.database).parent
            folder.mkdir(parents=True, exist_ok=True)
            sent_dir = sent_dir or folder / "sent"
        self._engine = sa.create_engine(parsed)
        if parsed.get_backend_name() == "sqlite":
            sa.event.listen(self._engine, "connect", _prepare_sqlite)
        _prepare_tables(self._engine)
        self.ledger = Ledger(self._engine, sent_dir)

    def decide(
        self,
        item_id: str,
        decision: Decision | Literal["reopened"],
        by: str,
        *,
        merged_into: str | None = None,
        note: str | None = None,
        subject: Mapping[str, Any] | None = None,
        at: datetime | None = None,
    ) -> None:
        """Records a decision on a thing of the review queue, or REOPENED; `subject` is JSON of the thing
        itself, whose `members` it is on too."""
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

    def decisions(self) -> dict[str, DecisionRecord]:
        """The last word on each thing, by its id."""
        return last_words(self._records())

    def history(self, item_ids: Collection[str]) -> list[DecisionRecord]:
        """All that was decided on some things, the earliest first."""
        wanted = set(item_ids)
        return [made for made in self._records() if wanted.intersection(made.members)]

    def _records(self) -> list[DecisionRecord]:
        query = sa.select(REVIEW_DECISIONS).order_by(REVIEW_DECISIONS.c.id)
        with self._engine.connect() as connection:
            return [
                DecisionRecord(
                    row.item_id,
                    row.decision,
                    row.decided_by,
                    in_utc(row.decided_at),
                    row.merged_into,
                    row.note,
                    row.subject,
                )
                for row in connection.execute(query)
            ]


def _prepare_tables(engine: sa.Engine) -> None:
    """Makes the tables and columns that are missing; of two processes at it, one loses each and goes on."""
    for _ in range(_RACES):
        try:
            METADATA.create_all(engine)
            return _add_missing_columns(engine)
        except (sa.exc.OperationalError, sa.exc.ProgrammingError, sa.exc.IntegrityError) as error:
            lost = error
    raise lost


def _add_missing_columns(engine: sa.Engine) -> None:
    """Brings tables that an earlier version made up to this one: columns are only ever added, nullable."""
    known = sa.inspect(engine)
    for table in METADATA.sorted_tables:
        there = {column["name"] for column in known.get_columns(table.name)}
        for column in table.columns:
            if column.name not in there:
                kind = column.type.compile(engine.dialect)
                with engine.begin() as connection:
                    connection.execute(sa.text(f"ALTER TABLE {table.name} ADD COLUMN {column.name} {kind}"))


def _prepare_sqlite(connection: Any, _: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA busy_timeout = 30000")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.close()
