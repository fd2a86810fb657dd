"""Runs: pages of the history, what they can be filtered by, and all rows of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from jd_assets.web.answers import JdRows, Row
from jd_assets.web.queries.published import Snapshot, all_of

PAGE = 50
"""Rows of a page."""

SORTS = {
    "ds": "ds",
    "title": "lower(title)",
    "company_name": "lower(company_name)",
    "role_name": "lower(role_name)",
    "case": '"case"',
    "confidence": "confidence",
    "status": "status",
    "llm_cost_total_usd": "llm_cost_total_usd",
}
"""What the history can be sorted by: each column and what stands for it in SQL. Nothing else is."""

NEWEST_FIRST = "-ds"

_RUN_COLUMNS = (
    'ds, jd_id, run_id, title, company_name, role_slug, role_name, "case", confidence, status, '
    "llm_cost_total_usd"
)


class PlaceGone(LookupError):
    """The run that a page follows is no longer there: its day was published again."""


@dataclass(frozen=True)
class Facets:
    """What the history can be filtered by in one version of the database: days, newest first, and roles
    as (slug, name, runs)."""

    days: Sequence[date]
    roles: Sequence[tuple[str, str, int]]
    cases: Sequence[str]
    statuses: Sequence[str]
    runs: int


@dataclass(frozen=True)
class RunFilter:
    """What the history shows; None and "" leave a part out.

    `cost_min` and `cost_max` are in USD, both included. `sort` is a column of SORTS, with a hyphen before
    it for the greatest first; runs that have none of it come last. `after` is a page's last (ds, jd_id).
    """

    search: str = ""
    day: date | None = None
    role: str = ""
    case: str = ""
    status: str = ""
    cost_min: float | None = None
    cost_max: float | None = None
    sort: str = NEWEST_FIRST
    after: tuple[date, str] | None = None


def facets(snapshot: Snapshot) -> Facets:
    """What the history can be filtered by, read once for each version of the database."""
    return snapshot.once(_read_facets)


def _read_facets(snapshot: Snapshot) -> Facets:
    days = snapshot.rows(
        "SELECT partition FROM jd_meta.partitions WHERE table_name = 'pipeline_runs' AND rows > 0 "
        "ORDER BY partition DESC",
        [],
    )
    roles = snapshot.rows(
        "SELECT role_slug, min(role_name) AS role_name, count(*) AS runs FROM pipeline_runs "
        "WHERE role_slug IS NOT NULL GROUP BY role_slug ORDER BY role_name, role_slug",
        [],
    )
    cases = snapshot.rows('SELECT DISTINCT "case" AS it FROM pipeline_runs ORDER BY it', [])
    statuses = snapshot.rows("SELECT DISTINCT status AS it FROM pipeline_runs ORDER BY it", [])
    count = snapshot.row("SELECT count(*) AS runs FROM pipeline_runs", [])
    return Facets(
        days=[date.fromisoformat(d["partition"]) for d in days],
        roles=[(r["role_slug"], r["role_name"], r["runs"]) for r in roles],
        cases=[c["it"] for c in cases],
        statuses=[s["it"] for s in statuses],
        runs=count["runs"] if count else 0,
    )


def page_of_runs(snapshot: Snapshot, wanted: RunFilter) -> tuple[list[Row], bool]:
    """A page of PIPELINE_RUNS, and whether more follow. The page after a key costs the same however far
    it is. Where runs are equal in what they are sorted by, the newest day comes first.

    Raises:
        KeyError: `sort` is none of SORTS.
        PlaceGone: the run that the page follows is not there, and so not what it was sorted by.
    """
    by, descending = SORTS[wanted.sort.removeprefix("-")], wanted.sort.startswith("-")
    order = "DESC" if descending else "ASC"
    where, values = _run_conditions(wanted)
    if wanted.after:
        ds, jd_id = wanted.after
        last = {"k": ds} if by == "ds" else _sorted_by(snapshot, by, ds, jd_id)
        tied = "(ds < ? OR (ds = ? AND jd_id < ?))"
        if last["k"] is None:
            where.append(f"({by} IS NULL AND {tied})")
            values += [ds, ds, jd_id]
        else:
            after = "<" if descending else ">"
            where.append(f"({by} {after} ? OR {by} IS NULL OR ({by} = ? AND {tied}))")
            values += [last["k"], last["k"], ds, ds, jd_id]

    # Whole rows, or jd_id, a million hashes, would take ten times as long to sort as these columns do.
    # They settle all of the page but what is like its last row in both: rows of one day.
    places = snapshot.rows(
        f"SELECT {by} AS k, ds, rowid FROM pipeline_runs {all_of(where)} "
        f"ORDER BY k {order} NULLS LAST, ds DESC LIMIT {PAGE + 1}",
        values,
    )
    if not places:
        return [], False
    edge = places[-1]["k"], places[-1]["ds"]
    settled = [p["rowid"] for p in places if (p["k"], p["ds"]) != edge]
    alike = [*where, f"{by} IS NOT DISTINCT FROM ?", "ds = ?"]
    found = snapshot.rows(
        f"SELECT {_RUN_COLUMNS} FROM (SELECT {by} AS k, * FROM pipeline_runs WHERE rowid IN "
        "(SELECT unnest(?::BIGINT[])) UNION ALL BY NAME "
        f"(SELECT {by} AS k, * FROM pipeline_runs {all_of(alike)} ORDER BY jd_id DESC LIMIT {PAGE + 1})) "
        f"ORDER BY k {order} NULLS LAST, ds DESC, jd_id DESC LIMIT {PAGE + 1}",
        [settled, *values, *edge],
    )
    return found[:PAGE], len(found) > PAGE


def _sorted_by(snapshot: Snapshot, by: str, ds: date, jd_id: str) -> Row:
    """What a run is sorted by, as `k`."""
    found = snapshot.row(f"SELECT {by} AS k FROM pipeline_runs WHERE ds = ? AND jd_id = ?", [ds, jd_id])
    if found is None:
        raise PlaceGone
    return found


def landed_file(snapshot: Snapshot, ds: date, file: str) -> list[Row]:
    """The records of a landing file as its day was published, in their order, with their runs."""
    return snapshot.rows(
        "SELECT x.source_row AS row, x.status AS record, x.reason, x.detail, r.run_id, r.status, "
        'r.title, r."case", r.role_slug, r.role_name, r.confidence FROM raw_jds x '
        "LEFT JOIN pipeline_runs r ON r.ds = x.ds AND r.jd_id = x.jd_id "
        "WHERE x.ds = ? AND x.source_file = ? ORDER BY x.source_row NULLS FIRST",
        [ds, file],
    )


def find_jd(snapshot: Snapshot, run_id: str) -> JdRows | None:
    """Every table's rows of a run, None where no run has that id."""
    run = snapshot.row("SELECT * FROM pipeline_runs WHERE run_id = ?", [run_id])
    if run is None:
        return None
    key = [run["ds"], run["jd_id"]]

    def of(table: str, order: str = "jd_id") -> list[Row]:
        return snapshot.rows(f"SELECT * FROM {table} WHERE ds = ? AND jd_id = ? ORDER BY {order}", key)

    def only(table: str) -> Row | None:
        return next(iter(of(table)), None)

    raw = snapshot.row("SELECT * FROM raw_jds WHERE ds = ? AND jd_id = ? AND status = 'ok'", key)
    parsed, final = only("parsed_jds"), only("final_role_outputs")
    if raw is None or parsed is None or final is None:
        return None
    captures = snapshot.rows(
        "SELECT c.*, coalesce(q.status, 'pending') AS status FROM captures c "
        "LEFT JOIN review_queue q USING (item_id) WHERE c.ds = ? AND c.jd_id = ? "
        "ORDER BY c.kind DESC, c.name",
        key,
    )
    return JdRows(
        raw_jds=raw,
        parsed_jds=parsed,
        extracted_skills=of("extracted_skills", '"start"'),
        jd_kras=of("jd_kras", "position"),
        role_signals=of("role_signals", "signal, rank"),
        role_assignments=only("role_assignments"),
        captures=captures,
        skill_details=of("skill_details", "input_skill"),
        client_outputs=only("client_outputs"),
        final_role_outputs=final,
        pipeline_runs=run,
        role_centroids=snapshot.row(
            "SELECT * FROM role_centroids WHERE ds = ? AND role_slug = ?", [run["ds"], run["role_slug"]]
        ),
    )


def _run_conditions(wanted: RunFilter) -> tuple[list[str], list[Any]]:
    """The filters as SQL conditions and the values for their parameters."""
    asked = {
        "ds = ?": wanted.day,
        "role_slug = ?": wanted.role or None,
        '"case" = ?': wanted.case or None,
        "status = ?": wanted.status or None,
        "llm_cost_total_usd >= ?": wanted.cost_min,
        "llm_cost_total_usd <= ?": wanted.cost_max,
        "contains(search_text, ?)": wanted.search.lower() or None,
    }
    kept = {condition: value for condition, value in asked.items() if value is not None}
    return list(kept), list(kept.values())
