"""Partition files: whole, replaced atomically, read as one version."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from jd_assets.storage.files import Card, Warehouse, content_hash
from jd_assets.tables import KRA_EMBEDDINGS, LIBRARY_RELEASE, LLM_CALLS

ONE = date(2026, 1, 1)


def calls(latency: float = 5.0, cost: int = 7, n: int = 1) -> pl.DataFrame:
    return LLM_CALLS.conform(
        LLM_CALLS.frame(
            {
                "ds": ONE, "call_id": f"c{i}", "jd_id": None, "stage": "parse", "api": 1, "model": "m",
                "attempt": 1, "status": "ok", "cache_hit": False, "input_tokens": 1,
                "cached_input_tokens": 0, "output_tokens": 1, "cost_nano_usd": cost,
                "latency_ms": latency, "error": None,
            }
            for i in range(n)
        )
    )  # fmt: skip


def test_rows_and_card_come_back(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path)
    path = warehouse.path(LLM_CALLS, ONE)
    card = Card("abc", {"parsed_jds": "def"}, "run", 1.5, "2026-01-01T00:00:00+00:00", {"k": "v"})
    warehouse.write(path, calls(), card)
    rows, found = warehouse.read(path)
    assert rows.equals(calls())
    assert found == card
    assert path.relative_to(tmp_path).as_posix() == "llm_calls/ds=2026-01-01/part.parquet"
    assert warehouse.days(LLM_CALLS) == [ONE]


def test_an_empty_day_is_a_file_with_the_schema_and_no_rows(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path)
    path = warehouse.path(LLM_CALLS, ONE)
    warehouse.write(path, LLM_CALLS.frame([]), Card("abc"))
    rows, _ = warehouse.read(path)
    assert rows.height == 0
    assert rows.schema == LLM_CALLS.polars_schema


def test_a_reader_keeps_its_version_while_the_file_is_replaced(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path)
    path = warehouse.path(LLM_CALLS, ONE)
    warehouse.write(path, calls(cost=1), Card("old"))
    with warehouse.open(path) as part:
        warehouse.write(path, calls(cost=2, n=3), Card("new"))
        assert part.card.content == "old"
        assert part.rows()["cost_nano_usd"].to_list() == [1]
        assert part.stamp != warehouse.stamp(path)
    assert warehouse.read(path)[1].content == "new"


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path)
    path = warehouse.path(LLM_CALLS, ONE)
    warehouse.write(path, calls(), Card("old"))
    unwritable = pl.DataFrame({"a": [object()]})
    with pytest.raises(pl.exceptions.ComputeError, match="Object"):
        warehouse.write(path, unwritable, Card("new"))
    assert warehouse.read(path)[1].content == "old"
    assert [p.name for p in path.parent.iterdir()] == ["part.parquet"]


def test_a_missing_partition_says_what_to_do(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"llm_calls/ds=2026-01-01.*materialize"):
        warehouse.read(warehouse.path(LLM_CALLS, ONE))
    assert warehouse.stamp(warehouse.path(LLM_CALLS, ONE)) is None


def test_a_daily_table_needs_a_day_and_another_has_none(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path)
    with pytest.raises(ValueError, match="llm_calls is partitioned"):
        warehouse.path(LLM_CALLS)
    assert warehouse.path(LIBRARY_RELEASE).parent.name == "library_release"


def test_content_ignores_time_stamps_and_sees_everything_else() -> None:
    assert content_hash(LLM_CALLS, calls(latency=1.0)) == content_hash(LLM_CALLS, calls(latency=9.0))
    assert content_hash(LLM_CALLS, calls(cost=1)) != content_hash(LLM_CALLS, calls(cost=2))
    assert content_hash(LLM_CALLS, calls(n=1)) != content_hash(LLM_CALLS, calls(n=2))


def test_content_sees_vectors() -> None:
    def frame(first: float) -> pl.DataFrame:
        vector = [first] + [0.0] * 383
        row = {"ds": ONE, "key": "k", "jd_id": "j", "position": 1, "model": "m", "vector": vector}
        return KRA_EMBEDDINGS.frame([row])

    assert content_hash(KRA_EMBEDDINGS, frame(0.5)) != content_hash(KRA_EMBEDDINGS, frame(0.25))
