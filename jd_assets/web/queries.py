"""All SQL of the web app, on whichever version of the analyst database is there when a request comes."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from jd_assets.web.answers import JdRows, Row

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


class NotPublished(Exception):
    """There is no analyst database yet."""


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


@dataclass(frozen=True)
class QueueFilter:
    """What the review queue shows. `after` is a page's last (jds, item_id)."""

    kind: str = ""
    status: str = "pending"
    after: tuple[int, str] | None = None


@dataclass(frozen=True)
class Overview:
    """What the overview draws: rows (ds, case, jds, usd) of the last days, and rows (name, value, link),
    greatest first but for confidence, which goes from the least sure tenth up."""

    days: Sequence[Row]
    roles: Sequence[Row]
    skills: Sequence[Row]
    confidence: Sequence[Row]
    drift: Sequence[Row]
    backlog: Sequence[Row]


@dataclass
class _Version:
    """One version of the file and its open connection, kept until its last reader is done."""

    stamp: tuple[int, int, int]
    connection: duckdb.DuckDBPyConnection
    readers: int = 0
    retired: bool = False
    facets: Facets | None = None
    release: str | None = None
    overview: Overview | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


class Published:
    """The analyst database, opened once for each version of the file; any number of threads may ask.

    The file is attached to a database in memory. To connect to its path would give, while one reader is
    on the replaced file, that old file again: DuckDB keeps one instance per path and process.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._current: _Version | None = None

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Queries on one version of the file, whatever is published meanwhile.

        Raises:
            NotPublished: the file is not there.
        """
        version = self._borrow()
        try:
            with version.connection.cursor() as cursor:
                cursor.execute("USE jd")
                yield Snapshot(cursor, version)
        finally:
            self._give_back(version)

    def close(self) -> None:
        with self._lock:
            self._retire()

    def _borrow(self) -> _Version:
        with self._lock:
            try:
                info = self._path.stat()
            except FileNotFoundError:
                raise NotPublished from None
            stamp = (info.st_ino, info.st_mtime_ns, info.st_size)
            if self._current is None or self._current.stamp != stamp:
                opened = _Version(stamp, _attached(self._path))
                self._retire()
                self._current = opened
            self._current.readers += 1
            return self._current

    def _give_back(self, version: _Version) -> None:
        with self._lock:
            version.readers -= 1
            if version.retired and not version.readers:
                version.connection.close()

    def _retire(self) -> None:
        if self._current is not None:
            self._current.retired = True
            if not self._current.readers:
                self._current.connection.close()
            self._current = None


def _attached(path: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    quoted = str(path).replace("'", "''")
    connection.execute(f"ATTACH '{quoted}' AS jd (READ_ONLY)")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


class Snapshot:
    """The queries, all on one version; for one thread."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, version: _Version) -> None:
        self._cursor = cursor
        self._version = version

    def release(self) -> str | None:
        """Content hash of the library release in use, None before there is one."""
        if self._version.release is None:
            row = self._one("SELECT release FROM library_release LIMIT 1", [])
            self._version.release = str(row["release"]) if row else None
        return self._version.release

    def facets(self) -> Facets:
        with self._version.lock:
            if self._version.facets is None:
                self._version.facets = self._read_facets()
            return self._version.facets

    def _read_facets(self) -> Facets:
        days = self._all(
            "SELECT partition FROM jd_meta.partitions WHERE table_name = 'pipeline_runs' AND rows > 0 "
            "ORDER BY partition DESC",
            [],
        )
        roles = self._all(
            "SELECT role_slug, min(role_name) AS role_name, count(*) AS runs FROM pipeline_runs "
            "WHERE role_slug IS NOT NULL GROUP BY role_slug ORDER BY role_name, role_slug",
            [],
        )
        cases = self._all('SELECT DISTINCT "case" AS it FROM pipeline_runs ORDER BY it', [])
        statuses = self._all("SELECT DISTINCT status AS it FROM pipeline_runs ORDER BY it", [])
        count = self._one("SELECT count(*) AS runs FROM pipeline_runs", [])
        return Facets(
            days=[date.fromisoformat(d["partition"]) for d in days],
            roles=[(r["role_slug"], r["role_name"], r["runs"]) for r in roles],
            cases=[c["it"] for c in cases],
            statuses=[s["it"] for s in statuses],
            runs=count["runs"] if count else 0,
        )

    def overview(self, days: int, most: int) -> Overview:
        """Counts over all JDs, made once for each version of the database; `days` are the last ones by day,
        `most` the rows of each ranking."""
        with self._version.lock:
            if self._version.overview is None:
                self._version.overview = self._read_overview(days, most)
            return self._version.overview

    def _read_overview(self, days: int, most: int) -> Overview:
        named = "coalesce('/' || ? || '/' || slug, '') AS link"
        return Overview(
            days=self._all(
                'SELECT ds, "case", count(*) AS jds, sum(llm_cost_total_usd) AS usd FROM pipeline_runs '
                "WHERE ds IN (SELECT DISTINCT ds FROM pipeline_runs ORDER BY ds DESC LIMIT ?) GROUP BY ALL",
                [days],
            ),
            roles=self._all(
                f"SELECT role_name AS name, value, {named} FROM (SELECT any_value(role_name) AS role_name, "
                "role_slug AS slug, sum(jds)::BIGINT AS value FROM role_demand WHERE role_slug IS NOT NULL "
                "GROUP BY role_slug) ORDER BY value DESC, name LIMIT ?",
                ["roles", most],
            ),
            skills=self._all(
                f"SELECT skill_name AS name, value, {named} FROM (SELECT any_value(skill_name) "
                "AS skill_name, skill_slug AS slug, sum(jds)::BIGINT AS value FROM skill_demand "
                "WHERE skill_slug IS NOT NULL AND kind = 'hard' GROUP BY skill_slug) "
                "ORDER BY value DESC, name LIMIT ?",
                ["skills", most],
            ),
            confidence=self._all(
                "SELECT format('{:.1f} to {:.1f}', tenth / 10, (tenth + 1) / 10) AS name, count(*) AS value, "
                "'' AS link FROM (SELECT least(floor(confidence * 10), 9) AS tenth FROM pipeline_runs "
                "WHERE confidence IS NOT NULL) GROUP BY tenth ORDER BY tenth",
                [],
            ),
            drift=self._all(
                f"SELECT role_slug AS name, drift AS value, {named} FROM (SELECT *, role_slug AS slug "
                "FROM role_centroids WHERE ds = (SELECT max(ds) FROM role_centroids) AND drift > 0) "
                "ORDER BY value DESC, name LIMIT ?",
                ["roles", most],
            ),
            backlog=self._all(
                "SELECT replace(kind, '_', ' ') AS name, count(*) AS value, '/review?kind=' || kind AS link "
                "FROM review_queue WHERE status = 'pending' GROUP BY kind ORDER BY value DESC, name",
                [],
            ),
        )

    def runs(self, wanted: RunFilter) -> tuple[list[Row], bool]:
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
            last = {"k": ds} if by == "ds" else self._sorted_by(by, ds, jd_id)
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
        places = self._all(
            f"SELECT {by} AS k, ds, rowid FROM pipeline_runs {_where(where)} "
            f"ORDER BY k {order} NULLS LAST, ds DESC LIMIT {PAGE + 1}",
            values,
        )
        if not places:
            return [], False
        edge = places[-1]["k"], places[-1]["ds"]
        settled = [p["rowid"] for p in places if (p["k"], p["ds"]) != edge]
        alike = [*where, f"{by} IS NOT DISTINCT FROM ?", "ds = ?"]
        found = self._all(
            f"SELECT {_RUN_COLUMNS} FROM (SELECT {by} AS k, * FROM pipeline_runs WHERE rowid IN "
            "(SELECT unnest(?::BIGINT[])) UNION ALL BY NAME "
            f"(SELECT {by} AS k, * FROM pipeline_runs {_where(alike)} ORDER BY jd_id DESC LIMIT {PAGE + 1})) "
            f"ORDER BY k {order} NULLS LAST, ds DESC, jd_id DESC LIMIT {PAGE + 1}",
            [settled, *values, *edge],
        )
        return found[:PAGE], len(found) > PAGE

    def _sorted_by(self, by: str, ds: date, jd_id: str) -> Row:
        """What a run is sorted by, as `k`."""
        found = self._one(f"SELECT {by} AS k FROM pipeline_runs WHERE ds = ? AND jd_id = ?", [ds, jd_id])
        if found is None:
            raise PlaceGone
        return found

    def landed_file(self, ds: date, file: str) -> list[Row]:
        """The records of a landing file as its day was published, in their order, with their runs."""
        return self._all(
            "SELECT x.source_row AS row, x.status AS record, x.reason, x.detail, r.run_id, r.status, "
            'r.title, r."case", r.role_slug, r.role_name, r.confidence FROM raw_jds x '
            "LEFT JOIN pipeline_runs r ON r.ds = x.ds AND r.jd_id = x.jd_id "
            "WHERE x.ds = ? AND x.source_file = ? ORDER BY x.source_row NULLS FIRST",
            [ds, file],
        )

    def jd(self, run_id: str) -> JdRows | None:
        """Every table's rows of a run, None where no run has that id."""
        run = self._one("SELECT * FROM pipeline_runs WHERE run_id = ?", [run_id])
        if run is None:
            return None
        key = [run["ds"], run["jd_id"]]

        def of(table: str, order: str = "jd_id") -> list[Row]:
            return self._all(f"SELECT * FROM {table} WHERE ds = ? AND jd_id = ? ORDER BY {order}", key)

        def only(table: str) -> Row | None:
            return next(iter(of(table)), None)

        raw = self._one("SELECT * FROM raw_jds WHERE ds = ? AND jd_id = ? AND status = 'ok'", key)
        parsed, final = only("parsed_jds"), only("final_role_outputs")
        if raw is None or parsed is None or final is None:
            return None
        captures = self._all(
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
            role_centroids=self._one(
                "SELECT * FROM role_centroids WHERE ds = ? AND role_slug = ?", [run["ds"], run["role_slug"]]
            ),
        )

    def queue(self, wanted: QueueFilter, decided: Mapping[str, str]) -> tuple[list[Row], bool]:
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
        found = self._all(
            "WITH standing AS ("
            "  SELECT q.*, coalesce(d.decision, q.status) AS standing FROM review_queue q LEFT JOIN "
            "  (SELECT unnest(?::VARCHAR[]) AS item_id, unnest(?::VARCHAR[]) AS decision) d USING (item_id)"
            f") SELECT * FROM standing {_where(where)} ORDER BY jds DESC, item_id LIMIT {PAGE + 1}",
            values,
        )
        return found[:PAGE], len(found) > PAGE

    def decided_members(self, decided: Iterable[str]) -> list[tuple[str, list[str]]]:
        """Rows of REVIEW_QUEUE one of whose members was decided on, as (item_id, members)."""
        rows = self._all(
            "SELECT item_id, members FROM review_queue WHERE list_has_any(members, ?::VARCHAR[])",
            [list(decided)],
        )
        return [(row["item_id"], row["members"]) for row in rows]

    def queue_item(self, item_id: str) -> Row | None:
        return self._one("SELECT * FROM review_queue WHERE item_id = ?", [item_id])

    def skills_of_role(self, slug: str, most: int = 20) -> list[Row]:
        """The skills that JDs of a role ask for most."""
        return self._all(
            "SELECT skill_name, skill_slug, jds, jds_primary FROM skill_demand WHERE role_slug = ? "
            "ORDER BY jds DESC, skill_name LIMIT ?",
            [slug, most],
        )

    def roles_of_skill(self, slug: str, most: int = 20) -> list[Row]:
        """The roles whose JDs ask for a skill most."""
        return self._all(
            "SELECT role_slug, role_name, jds, jds_primary FROM skill_demand WHERE skill_slug = ? "
            "ORDER BY jds DESC, role_name LIMIT ?",
            [slug, most],
        )

    def _all(self, sql: str, values: Sequence[Any]) -> list[Row]:
        self._cursor.execute(sql, values)
        names = [column[0] for column in self._cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in self._cursor.fetchall()]

    def _one(self, sql: str, values: Sequence[Any]) -> Row | None:
        found = self._all(sql, values)
        return found[0] if found else None


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


def _where(conditions: Sequence[str]) -> str:
    return f"WHERE {' AND '.join(conditions)}" if conditions else ""
