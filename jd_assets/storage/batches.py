"""Requests that go to an endpoint in a batch: from the intent to the last answer.

A batch is written down with the claims on its requests and their bodies in one transaction, before anything
is sent. Its claims end one by one with their answers, so an answer that is read twice is written down once.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from jd_assets.storage.attempts import Attempt, answers_to, keep_answers, write_attempts
from jd_assets.storage.claims import (
    BATCH,
    Claim,
    Mine,
    Verdict,
    Writing,
    claims_of,
    end_claims,
    make_claims,
    spend,
)  # fmt: skip
from jd_assets.storage.sql import METADATA, in_utc

INTENT, UPLOADED, SUBMITTED, COLLECTED = "intent", "uploaded", "submitted", "collected"
"""What has happened to a batch; the next step of each but the last is still to do."""
UNSUBMITTED = INTENT, UPLOADED
_LEASE = timedelta(
    minutes=10
)  # for a process on another machine; one that is known to be gone loses it at once

BATCHES = sa.Table(
    "llm_batches",
    METADATA,
    sa.Column("batch_id", sa.String, primary_key=True),
    sa.Column("stage", sa.String, nullable=False),
    sa.Column("model", sa.String, nullable=False),
    sa.Column("endpoint", sa.String, nullable=False),
    sa.Column("manifest_sha256", sa.String(64), nullable=False),
    sa.Column("days", sa.String, nullable=False),  # separated by spaces
    sa.Column("requests", sa.Integer, nullable=False),
    sa.Column("status", sa.String, nullable=False, index=True),
    sa.Column("file_id", sa.String),
    sa.Column("remote_id", sa.String),
    sa.Column("ended_as", sa.String),  # what the endpoint says
    sa.Column("tried_at", sa.DateTime(timezone=True)),  # when it was last about to be submitted
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("leased_by", sa.String),
    sa.Column("leased_until", sa.DateTime(timezone=True)),
)

REQUESTS = sa.Table(
    "llm_batch_requests",
    METADATA,
    sa.Column("batch_id", sa.String, primary_key=True),
    sa.Column("request_sha256", sa.String(64), primary_key=True),
    sa.Column("body", sa.LargeBinary, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch as it stands; `manifest_sha256` is the SHA-256 of its requests' names. `tried_at` is set from
    just before it is submitted, until it is known that it was refused."""

    batch_id: str
    stage: str
    model: str
    endpoint: str
    manifest_sha256: str
    days: tuple[date, ...]
    requests: int
    status: str
    file_id: str | None
    remote_id: str | None
    ended_as: str | None
    tried_at: datetime | None = None

    @property
    def owner(self) -> str:
        """Who its claims belong to."""
        return f"{BATCH}{self.batch_id}"

    @property
    def stands(self) -> str:
        """The status in words for people."""
        return f"{UPLOADED}, perhaps submitted" if self.status == UPLOADED and self.tried_at else self.status


class Batches:
    """Batches in the state database. Safe to use from many threads and processes."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def open(
        self,
        endpoint: str,
        wanted: Sequence[tuple[Claim, bytes]],
        today: date,
        day_limit_nano_usd: int | None = None,
    ) -> tuple[Batch | None, list[Verdict]]:
        """Claims requests of one stage and model for a batch, and keeps their bodies; the verdict on each.

        No batch is made where none of them may be sent.
        """
        batch_id = uuid.uuid4().hex
        with Writing(self._engine, today) as connection:
            claims = [claim for claim, _ in wanted]
            answers = answers_to(connection, [c.request_sha256 for c in claims])
            verdicts = make_claims(
                connection, claims, answers, f"{BATCH}{batch_id}", today, day_limit_nano_usd
            )
            mine = [w for w, v in zip(wanted, verdicts, strict=True) if isinstance(v, Mine)]
            if not mine:
                return None, verdicts
            names = sorted(claim.request_sha256 for claim, _ in mine)
            batch = Batch(
                batch_id, mine[0][0].stage, mine[0][0].model, endpoint,
                hashlib.sha256("\n".join(names).encode()).hexdigest(),
                tuple(sorted({claim.ds for claim, _ in mine})), len(mine), INTENT, None, None, None,
            )  # fmt: skip
            connection.execute(
                sa.insert(BATCHES).values(
                    batch_id=batch_id, stage=batch.stage, model=batch.model, endpoint=endpoint,
                    manifest_sha256=batch.manifest_sha256, days=" ".join(map(str, batch.days)),
                    requests=batch.requests, status=INTENT, created_at=datetime.now(UTC),
                )
            )  # fmt: skip
            connection.execute(
                sa.insert(REQUESTS),
                [
                    {"batch_id": batch_id, "request_sha256": claim.request_sha256, "body": body}
                    for claim, body in mine
                ],
            )
        return batch, verdicts

    def all(self) -> list[Batch]:
        """Every batch, the oldest first."""
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(BATCHES).order_by(BATCHES.c.created_at)).mappings()
            return [_batch(row) for row in rows]

    def pending(self) -> list[Batch]:
        """The batches that are not collected yet."""
        return [b for b in self.all() if b.status != COLLECTED]

    def find(self, batch: Batch) -> Batch:
        """The batch as it stands by now."""
        with self._engine.connect() as connection:
            return _batch(connection.execute(_this(batch)).mappings().one())

    def bodies(self, batch: Batch) -> list[tuple[str, bytes]]:
        """The batch's requests, name and body, in the order of their names."""
        query = (
            sa.select(REQUESTS.c.request_sha256, REQUESTS.c.body)
            .where(REQUESTS.c.batch_id == batch.batch_id)
            .order_by(REQUESTS.c.request_sha256)
        )
        with self._engine.connect() as connection:
            return [(sha, body) for sha, body in connection.execute(query)]

    def lease(self, batch: Batch, owner: str, is_gone: Callable[[str], bool | None]) -> Batch | None:
        """The batch as it stands, if no other process is at work on it; it is the owner's until `release`."""
        now = datetime.now(UTC)
        with Writing(self._engine, now.date()) as connection:
            row = connection.execute(_this(batch)).mappings().one()
            holder, until = row["leased_by"], row["leased_until"]
            if holder not in (None, owner):
                gone = is_gone(holder)
                waits = until is not None and in_utc(until) > now
                if gone is False or (gone is None and waits):
                    return None
            connection.execute(_change(batch).values(leased_by=owner, leased_until=now + _LEASE))
            return _batch(row)

    def release(self, batch: Batch, owner: str) -> None:
        """Lets other processes at the batch."""
        with self._engine.begin() as connection:
            connection.execute(_change(batch).where(BATCHES.c.leased_by == owner).values(leased_by=None))

    def note(self, batch: Batch, status: str, **columns: str | datetime | None) -> Batch:
        """Writes down that a step is done; the batch as it then stands."""
        with self._engine.begin() as connection:
            connection.execute(_change(batch).values(status=status, **columns))
            return _batch(connection.execute(_this(batch)).mappings().one())

    def claims(self, batch: Batch) -> dict[str, Claim]:
        """What the batch has no answer to yet, by request."""
        with self._engine.connect() as connection:
            return {c.request_sha256: c for c in claims_of(connection, batch.owner)}

    def settle(self, batch: Batch, attempts: Iterable[Attempt], today: date) -> int:
        """Writes down answers and ends their claims, in one transaction; the number of them. One whose claim
        has ended was written down before, and is left out."""
        with Writing(self._engine, today) as connection:
            open_ = {c.request_sha256 for c in claims_of(connection, batch.owner)}
            new = {a.claim.request_sha256: a for a in attempts if a.claim.request_sha256 in open_}
            write_attempts(connection, list(new.values()), today)
            keep_answers(connection, list(new.values()))
            end_claims(connection, new, batch.owner)
            spend(connection, sum(a.counted_nano_usd for a in new.values()), today)
        return len(new)

    def finish(self, batch: Batch, ended_as: str) -> None:
        """Marks a batch without open claims as collected, and drops its bodies."""
        with self._engine.begin() as connection:
            connection.execute(sa.delete(REQUESTS).where(REQUESTS.c.batch_id == batch.batch_id))
            connection.execute(_change(batch).values(status=COLLECTED, ended_as=ended_as, leased_by=None))


def _this(batch: Batch) -> sa.Select[Any]:
    return sa.select(BATCHES).where(BATCHES.c.batch_id == batch.batch_id)


def _change(batch: Batch) -> sa.Update:
    return sa.update(BATCHES).where(BATCHES.c.batch_id == batch.batch_id)


def _batch(row: sa.RowMapping) -> Batch:
    return Batch(
        row["batch_id"], row["stage"], row["model"], row["endpoint"], row["manifest_sha256"],
        tuple(date.fromisoformat(day) for day in row["days"].split()),
        row["requests"], row["status"], row["file_id"], row["remote_id"], row["ended_as"],
        in_utc(row["tried_at"]) if row["tried_at"] else None,
    )  # fmt: skip
