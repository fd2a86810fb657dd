"""The review queue, with decisions newer than the published ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from jd_assets.web.answers import Row
from jd_assets.web.queries.published import Snapshot, all_of

PAGE = 50
"""Rows of a page."""


@dataclass(frozen=True)
class QueueFilter:
    """What the review queue shows. `after` is a page's last (jds, item_id)."""

    kind: str = ""
    status: str = "pending"
    after: tuple[int, str] | None = None


def page_of_queue(
    snapshot: Snapshot, wanted: QueueFilter, decided: Mapping[str, str]
) -> tuple[list[Row], bool]:
    """A page of REVIEW_QUEUE, most frequent first, and whether more follow; `decided` has the
    decisions that stand by item_id, newer than the published ones."""
    where: list[str] = []
    values: list[Any] = [list(decided), list(decided.values())]
    if wanted.kind:
        where.append("kind = ?")
        values.append(wanted.kind)
    if wanted.status:
        where.append("standing = ?")
        values.append(wanted.status)
    if wanted.after:
        where.append("(jds < ? OR (jds = ? AND item_id > ?))")
        values += [wanted.after[0], *wanted.after]
    found = snapshot.rows(
        "WITH standing AS ("
        "  SELECT q.*, coalesce(d.decision, q.status) AS standing FROM review_queue q LEFT JOIN "
        "  (SELECT unnest(?::VARCHAR[]) AS item_id, unnest(?::VARCHAR[]) AS decision) d USING (item_id)"
        f") SELECT * FROM standing {all_of(where)} ORDER BY jds DESC, item_id LIMIT {PAGE + 1}",
        values,
    )
    return found[:PAGE], len(found) > PAGE


def decided_members(snapshot: Snapshot, decided: Iterable[str]) -> list[tuple[str, list[str]]]:
    """Rows of REVIEW_QUEUE one of whose members was decided on, as (item_id, members)."""
    rows = snapshot.rows(
        "SELECT item_id, members FROM review_queue WHERE list_has_any(members, ?::VARCHAR[])",
        [list(decided)],
    )
    return [(row["item_id"], row["members"]) for row in rows]


def queue_item(snapshot: Snapshot, item_id: str) -> Row | None:
    return snapshot.row("SELECT * FROM review_queue WHERE item_id = ?", [item_id])
