from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jd_assets.stages.ingest.records import Quarantined, Record
from jd_assets_tests.stages.ingest.made import jsonl, record, records

TEXT = "Tends the orchard.\nPrunes in winter."


def test_a_row_with_all_fields() -> None:
    row = {
        "Job-ID": 17, "URL": "https://jobs.example/17", "Job Title": "Orchard &amp; Hive Keeper",
        "EMPLOYER": "Hillside", "City": "Nashik", "Job_Description": TEXT,
    }  # fmt: skip
    raw = jsonl([row])
    assert record("a.jsonl", raw) == Record(
        file="a.jsonl", row=1, format="jsonl", encoding="utf-8",
        content_sha256=hashlib.sha256(raw.strip()).hexdigest(),
        source_id="17", source="https://jobs.example/17", title="Orchard & Hive Keeper",
        company="Hillside", location="Nashik",
        text=f"Orchard & Hive Keeper\nHillside\nNashik\n\n{TEXT}", body_start=39,
    )  # fmt: skip


def test_the_first_name_in_the_settings_order_wins_and_an_empty_value_does_not() -> None:
    row = {"job_description": "later", "description": TEXT, "text": "", "job_title": "Keeper", "title": None}
    found = record("a.jsonl", jsonl([row]))
    assert found.text[found.body_start :] == TEXT
    assert found.title == "Keeper"


@pytest.mark.parametrize(
    ("id_", "source_id"),
    [(7, "7"), (7.0, "7"), (7.5, "7.5"), ("a-7", "a-7"), (True, None), (None, None), ([1, 2], "1, 2"),
     (float("nan"), None)],
)  # fmt: skip
def test_ids_may_be_numbers(id_: object, source_id: str | None) -> None:
    assert record("a.jsonl", jsonl([{"id": id_, "text": TEXT}])).source_id == source_id


@pytest.mark.parametrize(
    ("value", "body"),
    [
        (["Prune", "Graft"], "- Prune\n- Graft"),
        ([{"value": "Prune"}], "Prune"),
        ({"html": "<p>Prune</p>"}, "Prune"),
        ({"summary": "Keeps bees.", "what_you_do": ["Prune", "Graft"]},
         "Summary\nKeeps bees.\n\nWhat you do\n- Prune\n- Graft"),
        ("<ul><li>Prune</li><li>Graft</li></ul>", "- Prune\n- Graft"),
        ("Prune\r\nGraft\u0000", "Prune\nGraft"),
        (2024, "2024"),
        ("\ud83d lone", "\ufffd lone"),
    ],
)  # fmt: skip
def test_text_fields_of_every_shape(value: object, body: str) -> None:
    found = record("a.jsonl", json.dumps({"text": value}).encode())
    assert found.text == body


@pytest.mark.parametrize(
    ("field", "value", "name"),
    [
        ("company", {"@type": "Organization", "name": "Hillside", "url": "x"}, "Hillside"),
        ("location", {"@type": "Place", "address": {"city": "Nashik", "country": "India"}}, "Nashik, India"),
        ("location", ["Nashik", {"name": "Goa"}, None], "Nashik, Goa"),
        ("title", "  Orchard \n <b>Keeper</b> ", "Orchard Keeper"),
    ],
)
def test_short_fields_of_every_shape(field: str, value: object, name: str) -> None:
    assert getattr(record("a.jsonl", jsonl([{field: value, "text": TEXT}])), field) == name


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_rows_in_every_encoding_and_with_every_line_end(encoding: str, end: str) -> None:
    lines = [json.dumps({"id": n, "text": f"Café {n}"}, ensure_ascii=False) for n in range(1, 40)]
    found = records("a.jsonl", end.join([*lines[:5], "", *lines[5:]]).encode(encoding))
    assert [r.row for r in found] == [*range(1, 6), *range(7, 41)]
    assert [r.source_id for r in found] == [str(n) for n in range(1, 40)]
    assert all(isinstance(r, Record) and r.text.startswith("Café") for r in found)
    expected = {"utf-16": "utf-16-le", "utf-32": "utf-32-le", "utf-8-sig": "utf-8"}.get(encoding, encoding)
    assert {r.encoding for r in found} == {expected}


def test_each_row_says_how_it_was_read() -> None:
    raw = jsonl([{"text": "Café"}]) + jsonl([{"text": "Café"}], "cp1252") + jsonl([{"text": "Müller"}])
    assert [r.encoding for r in records("a.jsonl", raw)] == ["utf-8", "cp1252", "utf-8"]


def test_unescaped_tabs_in_strings_are_read() -> None:
    assert record("a.jsonl", b'{"text": "Prune\tGraft"}').text == "Prune\tGraft"


@given(st.lists(st.text(min_size=1, max_size=40).filter(lambda t: t.strip()), min_size=1, max_size=8))
def test_one_record_per_line_whatever_the_texts(texts: list[str]) -> None:
    found = records("a.jsonl", jsonl({"id": str(n), "text": text} for n, text in enumerate(texts)))
    assert [r.row for r in found] == list(range(1, len(texts) + 1))
    assert all(isinstance(r, Record | Quarantined) and r.source_id == str(n) for n, r in enumerate(found))
