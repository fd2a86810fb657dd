"""The published DuckDB file, made of real partition files."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from jd_assets.schema import Column, Table
from jd_assets.storage import analyst
from jd_assets.storage.analyst import open_read_only, publish
from jd_assets.storage.files import Card, Warehouse, content_hash

ONE, TWO = date(2026, 1, 1), date(2026, 1, 2)
SOURCE = Table(
    "source", "g", "one row per thing", "Things.", ("ds", "id"),
    (Column("ds", pl.Date(), "Day.", False), Column("id", pl.Int64(), "Thing's number.", False)),
)  # fmt: skip
DERIVED = Table(
    "derived", "g", "one row per thing", "Things, doubled.", ("ds", "id"),
    (
        Column("ds", pl.Date(), "Day.", False),
        Column("id", pl.Int64(), "Thing's number.", False),
        Column("names", pl.List(pl.Struct({"n": pl.String(), "w": pl.Float64()})), "It's nested."),
    ),
    inputs=("source",),
    indexed=("id",),
)  # fmt: skip
TABLES = (SOURCE, DERIVED)


@pytest.fixture
def warehouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Warehouse:
    monkeypatch.setattr(analyst, "VIEWS", ())
    return Warehouse(tmp_path / "warehouse")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "out" / "jd.duckdb"


def put(warehouse: Warehouse, table: Table, ds: date, rows: list[dict[str, Any]], **inputs: str) -> str:
    frame = table.conform(table.frame({"ds": ds, **row} for row in rows))
    content = content_hash(table, frame)
    warehouse.write(warehouse.path(table, ds), frame, Card(content, inputs))
    return content


def put_day(warehouse: Warehouse, ds: date, ids: list[int]) -> None:
    made_of = put(warehouse, SOURCE, ds, [{"id": i} for i in ids])
    rows = [{"id": 2 * i, "names": [{"n": f"it's {i}", "w": 0.5}]} for i in ids]
    put(warehouse, DERIVED, ds, rows, source=made_of)


def ids(target: Path, table: str = "derived") -> list[int]:
    with open_read_only(target) as connection:
        return [row[0] for row in connection.execute(f"SELECT id FROM {table} ORDER BY ds, id").fetchall()]


def test_days_are_published_with_nested_values_and_comments(warehouse: Warehouse, target: Path) -> None:
    put_day(warehouse, ONE, [1, 2])
    put_day(warehouse, TWO, [3])
    report = publish(warehouse, target, TABLES)
    assert (report.replaced, report.rows, report.held_back) == (4, 6, {})
    assert ids(target) == [2, 4, 6]
    with open_read_only(target) as connection:
        name = connection.execute("SELECT names[1].n FROM derived WHERE id = 4").fetchone()
        comments = connection.execute(
            "SELECT comment FROM duckdb_columns() WHERE table_name = 'derived' AND column_name = 'names'"
        ).fetchone()
    assert name == ("it's 2",)
    assert comments == ("It's nested.",)


def test_a_second_publish_of_the_same_files_writes_nothing(warehouse: Warehouse, target: Path) -> None:
    put_day(warehouse, ONE, [1])
    publish(warehouse, target, TABLES)
    before = target.stat().st_ino
    assert publish(warehouse, target, TABLES).replaced == 0
    assert target.stat().st_ino == before


def test_only_the_changed_day_is_replaced(warehouse: Warehouse, target: Path) -> None:
    put_day(warehouse, ONE, [1])
    put_day(warehouse, TWO, [2])
    publish(warehouse, target, TABLES)
    put_day(warehouse, TWO, [5, 6])
    assert publish(warehouse, target, TABLES).replaced == 2
    assert ids(target) == [2, 10, 12]


def test_a_row_is_found_by_its_index_after_days_were_replaced(warehouse: Warehouse, target: Path) -> None:
    put_day(warehouse, ONE, list(range(3000)))
    put_day(warehouse, TWO, [7000])
    publish(warehouse, target, TABLES)
    for again in ([2, 7001], [2, 7000, 7002]):
        put_day(warehouse, TWO, again)
        publish(warehouse, target, TABLES)
    query = "FROM derived WHERE id = ?"
    with open_read_only(target) as connection:
        plan = connection.execute(f"EXPLAIN ANALYZE {query}", [14000]).fetchall()[0][1]
        found = {n: connection.execute(f"SELECT ds {query}", [n]).fetchall() for n in (14000, 14002, 14004)}
        both = connection.execute(f"SELECT ds {query} ORDER BY ds", [4]).fetchall()
    assert "Index Scan" in plan
    assert found == {14000: [(TWO,)], 14002: [], 14004: [(TWO,)]}
    assert both == [(ONE,), (TWO,)]


def test_a_day_that_becomes_empty_is_emptied(warehouse: Warehouse, target: Path) -> None:
    put_day(warehouse, ONE, [1])
    publish(warehouse, target, TABLES)
    put_day(warehouse, ONE, [])
    publish(warehouse, target, TABLES)
    assert ids(target) == []


def test_a_day_half_way_through_a_run_stays_as_it_was(warehouse: Warehouse, target: Path) -> None:
    put_day(warehouse, ONE, [1])
    publish(warehouse, target, TABLES)
    put(warehouse, SOURCE, ONE, [{"id": 7}])
    report = publish(warehouse, target, TABLES)
    assert report.held_back == {ONE: "made of other rows than are there now: derived"}
    assert ids(target) == [2]
    assert ids(target, "source") == [1]


def test_a_day_that_lacks_a_table_is_not_published(warehouse: Warehouse, target: Path) -> None:
    put(warehouse, SOURCE, ONE, [{"id": 7}])
    report = publish(warehouse, target, TABLES)
    assert report.held_back == {ONE: "not materialized yet: derived"}
    assert ids(target, "source") == []


def test_a_reader_keeps_the_version_that_it_opened(warehouse: Warehouse, target: Path) -> None:
    put_day(warehouse, ONE, [1])
    publish(warehouse, target, TABLES)
    with open_read_only(target) as reader:
        put_day(warehouse, ONE, [8])
        publish(warehouse, target, TABLES)
        assert reader.execute("SELECT id FROM derived").fetchall() == [(2,)]
    assert ids(target) == [16]


def test_a_file_of_another_layout_is_made_anew(warehouse: Warehouse, target: Path) -> None:
    put_day(warehouse, ONE, [1])
    publish(warehouse, target, (SOURCE,))
    assert publish(warehouse, target, TABLES).replaced == 2
    assert ids(target) == [2]


def test_a_damaged_file_is_made_anew(warehouse: Warehouse, target: Path) -> None:
    put_day(warehouse, ONE, [1])
    target.parent.mkdir()
    target.write_bytes(b"this is no database" * 500)
    publish(warehouse, target, TABLES)
    assert ids(target) == [2]


def test_what_a_killed_publish_left_is_not_in_the_way(warehouse: Warehouse, target: Path) -> None:
    put_day(warehouse, ONE, [1])
    target.parent.mkdir()
    target.with_name(f".{target.name}.publishing").write_bytes(b"half a file")
    target.with_name(f".{target.name}.publishing.wal").write_bytes(b"half a log")
    publish(warehouse, target, TABLES)
    assert ids(target) == [2]
    assert sorted(p.name for p in target.parent.iterdir()) == [".jd.duckdb.lock", "jd.duckdb"]


def test_the_file_can_be_opened_by_duckdb_1_2(warehouse: Warehouse, target: Path) -> None:
    put_day(warehouse, ONE, [1])
    publish(warehouse, target, TABLES)
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{target}' AS jd (READ_ONLY)")
        tags = connection.execute("SELECT tags FROM duckdb_databases() WHERE database_name = 'jd'").fetchone()
    assert tags is not None
    assert tags[0]["storage_version"].startswith("v1.2.0")


def test_opening_what_was_never_published_says_how_to(target: Path) -> None:
    with pytest.raises(FileNotFoundError, match="jd-assets publish"), open_read_only(target):
        pass
