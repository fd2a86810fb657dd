from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from jd_assets.schema import SchemaError
from jd_assets.stages.ingest.compose import jd_id
from jd_assets.stages.ingest.records import Quarantined, Reason, Record
from jd_assets.stages.ingest.table import ingest
from jd_assets.tables import RAW_JDS

DAY = date(2024, 3, 1)


def made(file: str, row: int | None, text: str) -> Record:
    return Record(
        file=file, row=row, format="jsonl", content_sha256="0" * 64, encoding="utf-8", source_id=str(row),
        title="Keeper", text=text, body_start=2,
    )  # fmt: skip


BAD = Quarantined(
    file="b.pdf", row=None, format="pdf", content_sha256="1" * 64, reason=Reason.NO_TEXT, detail="a scan?"
)


def test_records_become_the_table() -> None:
    frame = ingest([made("a.jsonl", 3, "Tends the hives."), BAD], DAY)
    assert frame.schema == RAW_JDS.polars_schema
    kept, aside = frame.sort("source_file").to_dicts()
    assert kept | {"record_id": ""} == {
        "ds": DAY, "record_id": "", "jd_id": jd_id("Tends the hives."), "status": "ok", "reason": None,
        "detail": None, "duplicate_of": None, "source_file": "a.jsonl", "source_row": 3,
        "source_format": "jsonl", "source_id": "3", "source": None, "encoding": "utf-8", "title": "Keeper",
        "company": None, "location": None, "text": "Tends the hives.", "body_start": 2, "characters": 16,
        "content_sha256": "0" * 64,
    }  # fmt: skip
    assert aside | {"record_id": ""} == {
        **dict.fromkeys(frame.columns), "ds": DAY, "record_id": "", "status": "quarantined",
        "reason": "no_text", "detail": "a scan?", "source_file": "b.pdf", "source_format": "pdf",
        "body_start": 0, "characters": 0, "content_sha256": "1" * 64,
    }  # fmt: skip


def test_copies_of_the_day_name_the_first_by_file_and_row() -> None:
    records = [
        made("b.jsonl", 1, "Tends the hives."), made("a.jsonl", 10, "TENDS the\nhives."),
        made("a.jsonl", 9, "tends  the hives."), made("a.txt", None, "Tends the hives."),
        made("a.jsonl", 2, "Another."), BAD, replace(BAD, file="c.pdf"),
    ]  # fmt: skip
    expected = None
    for seed in range(5):
        random.Random(seed).shuffle(records)
        frame = ingest(records, DAY)
        assert expected is None or frame.equals(expected)
        expected = frame
    assert expected is not None
    status = {(r["source_file"], r["source_row"]): r for r in expected.to_dicts()}
    first = status["a.jsonl", 9]
    assert (first["status"], first["duplicate_of"]) == ("ok", None)
    for copy in [("a.jsonl", 10), ("b.jsonl", 1), ("a.txt", None)]:
        assert (status[copy]["status"], status[copy]["duplicate_of"]) == ("duplicate", first["record_id"])
        assert status[copy]["jd_id"] == first["jd_id"]
    assert status["a.jsonl", 2]["status"] == "ok"
    assert status["c.pdf", None]["status"] == "quarantined"
    assert expected.height == len(records)


def test_a_file_that_is_one_jd_comes_before_rows_of_its_name() -> None:
    frame = ingest([made("a", 1, "Tends."), made("a", None, "Tends.")], DAY)
    assert frame.filter(pl.col("source_row").is_null())["status"].to_list() == ["ok"]


def test_the_same_day_gives_the_same_table_and_another_day_other_records() -> None:
    records = [made("a.jsonl", row, f"Tends hive {row}.") for row in range(50)]
    assert ingest(records, DAY).equals(ingest(iter(records), DAY))
    other = ingest(records, date(2024, 3, 2))
    assert set(other["jd_id"]) == set(ingest(records, DAY)["jd_id"])
    assert not set(other["record_id"]) & set(ingest(records, DAY)["record_id"])


def test_an_empty_day_is_a_table() -> None:
    assert ingest([], DAY).schema == RAW_JDS.polars_schema
    assert ingest([], DAY).is_empty()


def test_two_records_of_one_place_are_refused() -> None:
    with pytest.raises(SchemaError, match="share a key"):
        ingest([made("a.jsonl", 1, "One."), made("a.jsonl", 1, "Two.")], DAY)


def test_many_records_are_taken_in_chunks() -> None:
    frame = ingest((made("a.jsonl", row, f"Tends hive {row % 9_000}.") for row in range(12_000)), DAY)
    assert frame["status"].value_counts().sort("status").rows() == [("duplicate", 3_000), ("ok", 9_000)]
