"""Publishes the analyst database: a DuckDB file that is whole and unlocked at every moment.

A publish copies the file that is there, replaces the days that changed since in one transaction, and
renames the copy over it. A reader keeps the version that it opened.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb
from filelock import FileLock

from jd_assets.schema import Table, duckdb_type
from jd_assets.storage.files import Card, Part, Warehouse, stored_form, sync
from jd_assets.storage.views import VIEWS
from jd_assets.tables import ALL

STORAGE_VERSION = "v1.2.0"
"""The oldest DuckDB that opens the file."""

_LOCK_SECONDS = 600.0
_Stamps = dict[tuple[str, str], str]


@dataclass
class Published:
    """What a publish did: partitions it replaced, rows it wrote, and days it left as they were because
    their tables don't fit together, with the reason."""

    replaced: int = 0
    rows: int = 0
    held_back: dict[date, str] = field(default_factory=dict)
    bytes: int = 0


def publish(warehouse: Warehouse, target: Path, tables: tuple[Table, ...] = ALL) -> Published:
    """Brings the analyst database up to the partition files.

    Only whole days are taken: a day some of whose tables are missing, or were made of other versions of
    its tables than the ones that are there, stays as it was last published.

    Raises:
        filelock.Timeout: another publish has held the lock for ten minutes.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(target.with_name(f".{target.name}.lock"), timeout=_LOCK_SECONDS):
        return _publish(warehouse, target, tables)


def _publish(warehouse: Warehouse, target: Path, tables: tuple[Table, ...]) -> Published:
    report = Published()
    known = _published_stamps(target, tables)
    daily = tuple(t for t in tables if t.partitioned)
    days = [
        day
        for day in sorted({day for table in daily for day in warehouse.days(table)})
        if known is None or any(_differs(warehouse, known, table, day) for table in daily)
    ]
    whole = [
        t for t in tables if not t.partitioned and (known is None or _differs(warehouse, known, t, None))
    ]
    if known is not None and not days and not whole:
        report.bytes = target.stat().st_size
        return report

    working = target.with_name(f".{target.name}.publishing")
    try:
        _clear(working)
        if known is None:
            _create(working, tables)
        else:
            shutil.copyfile(target, working)
        with duckdb.connect(str(working)) as connection:
            connection.execute("BEGIN")
            for day in days:
                _publish_day(connection, warehouse, daily, day, known or {}, report)
            for table in whole:
                _publish_whole(connection, warehouse, table, report)
            connection.execute("COMMIT")
            connection.execute("CHECKPOINT")
        if report.replaced or known is None:
            sync(working)
            os.replace(working, target)
            sync(target.parent)
    finally:
        _clear(working)
    report.bytes = target.stat().st_size
    return report


def _differs(warehouse: Warehouse, known: _Stamps, table: Table, day: date | None) -> bool:
    return known.get(_partition_key(table, day)) != warehouse.stamp(warehouse.path(table, day))


def _partition_key(table: Table, day: date | None) -> tuple[str, str]:
    return table.name, day.isoformat() if day else "all"


def _publish_day(
    connection: duckdb.DuckDBPyConnection,
    warehouse: Warehouse,
    daily: tuple[Table, ...],
    day: date,
    known: _Stamps,
    report: Published,
) -> None:
    """Replaces the tables of a day that changed, if the day's tables fit together. All files are
    opened before the first is looked at, so that what is checked is what is read."""
    with ExitStack() as stack:
        parts: dict[str, Part] = {}
        missing = []
        for table in daily:
            try:
                parts[table.name] = stack.enter_context(warehouse.open(warehouse.path(table, day)))
            except FileNotFoundError:
                missing.append(table.name)
        if missing:
            report.held_back[day] = f"not materialized yet: {', '.join(missing)}"
            return
        if stale := _stale({name: part.card for name, part in parts.items()}):
            report.held_back[day] = f"made of other rows than are there now: {', '.join(stale)}"
            return
        for table in daily:
            part = parts[table.name]
            if known.get(_partition_key(table, day)) != part.stamp:
                _replace(connection, table, day, part, report)


def _publish_whole(
    connection: duckdb.DuckDBPyConnection, warehouse: Warehouse, table: Table, report: Published
) -> None:
    try:
        with warehouse.open(warehouse.path(table)) as part:
            _replace(connection, table, None, part, report)
    except FileNotFoundError:
        return


def _stale(cards: dict[str, Card]) -> list[str]:
    """Tables of a day that were made of rows that are no longer there."""
    return sorted(
        name
        for name, card in cards.items()
        if any(source in cards and cards[source].content != was for source, was in card.inputs.items())
    )


def _replace(
    connection: duckdb.DuckDBPyConnection, table: Table, day: date | None, part: Part, report: Published
) -> None:
    if day is not None:
        connection.execute(f"DELETE FROM {table.name} WHERE ds = ?", [day])
    else:
        connection.execute(f"DELETE FROM {table.name}")
    frame = part.rows()
    if frame.height:
        names = ", ".join(f'"{c.name}"' for c in stored_form(table).columns)
        connection.register("incoming", frame.to_arrow())
        connection.execute(f"INSERT INTO {table.name} ({names}) SELECT {names} FROM incoming")
        connection.unregister("incoming")
    connection.execute(
        "INSERT OR REPLACE INTO jd_meta.partitions VALUES (?, ?, ?, ?, ?, now())",
        [*_partition_key(table, day), part.stamp, part.card.content, frame.height],
    )
    report.replaced += 1
    report.rows += frame.height


def _published_stamps(target: Path, tables: tuple[Table, ...]) -> _Stamps | None:
    """Stamps by table and partition, or None where the file must be made anew: there is none, it can't
    be read, or it was laid out by another version of the tables and views."""
    if not target.exists():
        return None
    try:
        with duckdb.connect(str(target), read_only=True) as connection:
            layout = connection.execute("SELECT layout FROM jd_meta.layout").fetchone()
            stamps = connection.execute(
                "SELECT table_name, partition, stamp FROM jd_meta.partitions"
            ).fetchall()
    except duckdb.Error:
        return None
    if layout != (_layout_hash(tables),):
        return None
    return {(table, partition): stamp for table, partition, stamp in stamps}


def _layout(tables: tuple[Table, ...]) -> Iterator[str]:
    """The statements that make an empty analyst database."""
    yield "CREATE SCHEMA jd_meta"
    yield "CREATE TABLE jd_meta.layout (layout VARCHAR)"
    yield (
        "CREATE TABLE jd_meta.partitions (table_name VARCHAR, partition VARCHAR, stamp VARCHAR, "
        "content VARCHAR, rows BIGINT, published_at TIMESTAMPTZ, PRIMARY KEY (table_name, partition))"
    )
    for table in tables:
        columns = stored_form(table).columns
        declared = ", ".join(
            f'"{c.name}" {duckdb_type(c.dtype)}{"" if c.nullable else " NOT NULL"}' for c in columns
        )
        yield f"CREATE TABLE {table.name} ({declared})"
        for name in table.indexed:
            yield f'CREATE INDEX {table.name}_by_{name} ON {table.name} ("{name}")'
        comment = f"{table.description} {table.grain[:1].upper()}{table.grain[1:]}."
        if table.vector_columns:
            comment += f" Its vectors are in LanceDB: {', '.join(table.vector_columns)}."
        yield f"COMMENT ON TABLE {table.name} IS '{_quoted(comment)}'"
        for c in columns:
            yield f"COMMENT ON COLUMN {table.name}.\"{c.name}\" IS '{_quoted(c.description)}'"
    for view in VIEWS:
        yield view.sql
        kind = "MACRO TABLE" if view.is_macro else "VIEW"
        yield f"COMMENT ON {kind} {view.name} IS '{_quoted(view.description)}'"


def _layout_hash(tables: tuple[Table, ...]) -> str:
    return hashlib.sha256("\n".join(_layout(tables)).encode()).hexdigest()


def _create(path: Path, tables: tuple[Table, ...]) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{_quoted(str(path))}' AS made (STORAGE_VERSION '{STORAGE_VERSION}')")
        connection.execute("USE made")
        for statement in _layout(tables):
            connection.execute(statement)
        connection.execute("INSERT INTO jd_meta.layout VALUES (?)", [_layout_hash(tables)])
        connection.execute("USE memory")
        connection.execute("DETACH made")


def _clear(path: Path) -> None:
    for leftover in (path, path.with_name(path.name + ".wal")):
        leftover.unlink(missing_ok=True)


def _quoted(text: str) -> str:
    return text.replace("'", "''")


@contextmanager
def open_read_only(target: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the version of the analyst database that is there now, on which it stays.

    The file is attached to a database in memory: DuckDB gives a process that connects to one path twice
    the same instance, and so the first version, even after the file was replaced.

    Raises:
        FileNotFoundError: nothing was published yet.
    """
    if not target.exists():
        raise FileNotFoundError(f"{target} is not there yet: run `jd-assets publish`")
    connection = duckdb.connect()
    try:
        connection.execute(f"ATTACH '{_quoted(str(target))}' AS jd (READ_ONLY)")
        connection.execute("USE jd")
        yield connection
    finally:
        connection.close()
