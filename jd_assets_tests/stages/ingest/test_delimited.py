from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jd_assets.stages.ingest.delimited import Dialect, sniff, unique_names
from jd_assets.stages.ingest.records import Quarantined, Record
from jd_assets_tests.stages.ingest.made import NAMES, record, records

LONG = 'Tends the orchard, and the hives; early | late.\nSays "prune" often.\n\n- grafts'


def written(rows: list[list[str]], **dialect: object) -> str:
    made = io.StringIO()
    csv.writer(made, **dialect).writerows(rows)  # type: ignore[arg-type]
    return made.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_every_dialect_gives_the_same_records(delimiter: str, encoding: str, end: str) -> None:
    rows = [["Job ID", "Job Title", "City", "Description"], ["1", "Kéeper", "Nashik, Goa", LONG],
            ["2", "Grafter", "Pune", "Grafts."]]  # fmt: skip
    raw = written(rows, delimiter=delimiter, lineterminator="\n").replace("\n", end).encode(encoding)
    found = records("a.csv", raw)
    assert [(r.row, r.source_id, r.title, r.location) for r in found] == [
        (2, "1", "Kéeper", "Nashik, Goa"), (6, "2", "Grafter", "Pune"),
    ]  # fmt: skip
    assert isinstance(found[0], Record)
    assert found[0].text[found[0].body_start :] == LONG


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        ('sep=;\r\ntitle;text\r\nKeeper;"Tends; prunes"\r\n', "Keeper"),
        ('title, text\nKeeper, "Tends, prunes"\n', "Keeper"),
        ('title,text\n"The \\"old\\" keeper",Tends\n', 'The "old" keeper'),
        ('title,text\n"The ""old"" keeper",Tends\n', 'The "old" keeper'),
        ('\n\ntitle,text,,\nKeeper,Tends,,\n', "Keeper"),
        ('title,text\nKee\x00per,Tends\x00\n', "Keeper"),
        ('title,text\nKeeper,Tends,,,\n', "Keeper"),
        ('text\ttitle\nTends, prunes, grafts\tKeeper\n', "Keeper"),
    ],
)  # fmt: skip
def test_habits_of_other_programs(raw: str, title: str) -> None:
    assert record("a.csv", raw.encode()).title == title


def test_html_cells_become_text() -> None:
    assert record("a.csv", b'id,text\n1,"<p>Tends</p><ul><li>hives</li></ul>"\n').text == "Tends\n\n- hives"


def test_a_file_of_one_column_is_read() -> None:
    found = records("a.csv", b"description\nTends the orchard.\nKeeps bees.\n")
    assert [r.text for r in found if isinstance(r, Record)] == ["Tends the orchard.", "Keeps bees."]


def test_columns_without_a_name_of_their_own_are_kept() -> None:
    named = unique_names(["text", "", "text", "text 2", " "])
    assert named == ["text", "column 2", "text 2", "text 2 2", "column 5"]


def outcomes(raw: bytes) -> list[tuple[int | None, str]]:
    return [(r.row, r.reason.value if isinstance(r, Quarantined) else r.text) for r in records("a.csv", raw)]


def test_a_quote_that_never_closes_costs_its_own_line_only() -> None:
    raw = b'id,text\n1,one\n2,"two\n3,three\n4,four\n'
    assert outcomes(raw) == [(2, "one"), (3, "unbalanced_quotes"), (4, "three"), (5, "four")]


def test_a_quote_closed_by_a_later_rows_costs_its_own_line_only() -> None:
    raw = b'id,text,title\n1,one,a\n2,"two,b\n3,"three",c\n4,"four",d\n5,five,e\n'
    assert outcomes(raw) == [
        (2, "a\n\none"), (3, "unbalanced_quotes"), (4, "c\n\nthree"), (5, "d\n\nfour"), (6, "e\n\nfive"),
    ]  # fmt: skip


def test_quotes_inside_a_quoted_text_are_forgiven() -> None:
    raw = b'id,text\n1,"in the hills\na "wild" orchard"\n2,two\n'
    assert outcomes(raw) == [(2, 'in the hills\na wild" orchard"'), (4, "two")]


def test_a_well_quoted_row_of_the_wrong_width_is_one_row() -> None:
    raw = b'id,text\n1,"one\nand a line, with a comma\nand more",extra\n2,two\n'
    assert outcomes(raw) == [(2, "wrong_columns"), (5, "two")]


@pytest.mark.parametrize("sample", ["", "\n", '"', "a", "\r\r\r", '\\"', "sep=", ",;\t|\n" * 300, "\x00,"])
def test_a_dialect_is_always_found(sample: str) -> None:
    assert isinstance(sniff(sample, NAMES), Dialect)


CELLS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"], exclude_characters="\ufeff")
    | st.just("\n"),
    max_size=20,
)


@given(rows=st.lists(st.tuples(CELLS, CELLS.filter(lambda t: t.strip())), min_size=1, max_size=6),
       delimiter=st.sampled_from([",", ";", "\t", "|"]))  # fmt: skip
def test_every_row_that_was_written_is_read(rows: list[tuple[str, str]], delimiter: str) -> None:
    table = [["pay grade", "text"], *([first, "Job: " + text] for first, text in rows)]
    raw = written(table, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n").encode()
    found = records("a.csv", raw)
    assert len(found) == len(rows)
    for record_, (_, text) in zip(found, rows, strict=True):
        assert isinstance(record_, Record)
        if not set(text) & set("<>&"):
            assert record_.text == ("Job: " + text).strip()


def test_a_header_over_the_limit_ends_the_reading() -> None:
    assert outcomes(b"text," + b"x" * 200_001 + b"\n1,one\n") == [(1, "row_too_large")]


def test_rows_on_both_sides_of_blank_lines_and_of_a_cell_of_too_many_lines() -> None:
    raw = b'id,text\n\n1,one\n\n2,"' + b"x\n\n" * 3_000 + b'end"\n\n3,three\n'
    assert outcomes(raw) == [(3, "one"), (5, "row_too_large"), (6_007, "three")]
