"""Questions that were left for a later run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

import sqlalchemy as sa

from jd_assets.storage.sql import METADATA

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
class Deferral:
    """A question that waits for a later run; `subject` is a JD's id, or a skill's name."""

    ds: date
    stage: str
    subject: str
    reason: str


def replace_deferred(connection: sa.Connection, ds: date, stage: str, reasons: Mapping[str, str]) -> None:
    """Puts the list of what a day's stage left in place of its last one: the reason by subject."""
    now = datetime.now(UTC)
    rows = [
        {"ds": ds, "stage": stage, "subject": subject, "reason": reason, "deferred_at": now}
        for subject, reason in reasons.items()
    ]
    connection.execute(sa.delete(DEFERRED).where(DEFERRED.c.ds == ds, DEFERRED.c.stage == stage))
    if rows:
        connection.execute(sa.insert(DEFERRED), rows)


def all_deferred(connection: sa.Connection) -> list[Deferral]:
    """What waits, by day, stage and subject."""
    t = DEFERRED.c
    query = sa.select(t.ds, t.stage, t.subject, t.reason).order_by(t.ds, t.stage, t.subject)
    return [Deferral(*row) for row in connection.execute(query)]
