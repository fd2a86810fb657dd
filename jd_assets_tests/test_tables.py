"""The declarations themselves, and what a table does with rows that don't fit it."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from jd_assets import tables
from jd_assets.schema import SchemaError, Store, Table, duckdb_type
from jd_assets.tables import ALL, BY_NAME, LLM_CALLS, REVIEW_QUEUE

ROW = {
    "ds": date(2026, 1, 1), "call_id": "a", "jd_id": None, "stage": "parse", "api": 1, "model": "m",
    "attempt": 1, "status": "ok", "cache_hit": False, "input_tokens": 1, "cached_input_tokens": 0,
    "output_tokens": 1, "cost_nano_usd": 1, "latency_ms": 1.0, "error": None,
}  # fmt: skip


@pytest.mark.parametrize("table", ALL, ids=lambda t: t.name)
class TestDeclaration:
    def test_key_inputs_stamps_and_sources_name_what_is_there(self, table: Table) -> None:
        assert set(table.key) | set(table.stamps) <= set(table.names)
        assert len(set(table.names)) == len(table.names)
        assert set(table.inputs) <= set(BY_NAME)
        for column in table.columns:
            for source in column.sources:
                upstream, name = source.split(".")
                assert upstream in table.inputs, f"{table.name}.{column.name} <- {source}"
                assert BY_NAME[upstream].column(name)

    def test_every_column_has_a_type_for_sql_and_a_sentence(self, table: Table) -> None:
        assert table.description.endswith(".")
        for column in table.columns:
            assert duckdb_type(column.dtype)
            assert column.description.endswith("."), f"{table.name}.{column.name}"

    def test_keys_are_never_null_and_days_are_in_the_key(self, table: Table) -> None:
        assert not any(table.column(name).nullable for name in table.key)
        assert "ds" in table.key or not table.partitioned

    def test_vectors_have_the_key_that_lancedb_needs(self, table: Table) -> None:
        assert bool(table.vector_columns) == (table.store is Store.VECTORS)
        if table.store is Store.VECTORS:
            assert not table.column("key").nullable
            assert set(table.without_vectors().names) == set(table.names) - set(table.vector_columns)


def test_the_order_of_all_tables_follows_their_inputs() -> None:
    seen: set[str] = set()
    for table in ALL:
        later = set(table.inputs) - seen
        assert later <= {"client_outputs", "final_role_outputs", "llm_calls"}, (table.name, later)
        seen.add(table.name)


def test_a_key_that_is_no_column_is_named() -> None:
    with pytest.raises(SchemaError, match=r"llm_calls: a row has \['latency'\]"):
        LLM_CALLS.frame([{**ROW, "latency": 1.0}])


def test_a_value_of_another_type_is_refused() -> None:
    with pytest.raises(SchemaError, match="llm_calls"):
        LLM_CALLS.frame([{**ROW, "attempt": "first"}])


def test_a_null_where_none_may_be_is_counted() -> None:
    frame = LLM_CALLS.frame([{**ROW, "model": None}, {**ROW, "call_id": "b"}])
    with pytest.raises(SchemaError, match=r"llm_calls.model: 1 of 2 values are null"):
        LLM_CALLS.conform(frame)


def test_a_doubled_key_is_shown() -> None:
    with pytest.raises(SchemaError, match=r"2 rows share a key, such as .*'call_id': 'a'"):
        LLM_CALLS.conform(LLM_CALLS.frame([ROW, ROW]))


def test_missing_strange_mistyped_and_misplaced_columns_are_named() -> None:
    frame = LLM_CALLS.frame([ROW])
    with pytest.raises(SchemaError, match="error is missing"):
        LLM_CALLS.conform(frame.drop("error"))
    with pytest.raises(SchemaError, match="extra is no column"):
        LLM_CALLS.conform(frame.with_columns(extra=1))
    with pytest.raises(SchemaError, match="api is Int64, not Int32"):
        LLM_CALLS.conform(frame.with_columns(pl.col("api").cast(pl.Int64)))
    with pytest.raises(SchemaError, match="the order is"):
        LLM_CALLS.conform(frame.select(reversed(LLM_CALLS.names)))


def test_conforming_sorts_by_key_so_that_equal_rows_make_equal_files() -> None:
    rows = [{**ROW, "call_id": c} for c in "cab"]
    assert LLM_CALLS.conform(LLM_CALLS.frame(rows))["call_id"].to_list() == ["a", "b", "c"]


def test_a_column_is_found_or_the_error_lists_what_there_is() -> None:
    assert REVIEW_QUEUE.column("kind").dtype == tables.S
    with pytest.raises(KeyError, match=r"no column 'nope'.*item_id"):
        REVIEW_QUEUE.column("nope")
