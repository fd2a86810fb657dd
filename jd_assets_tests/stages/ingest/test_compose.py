from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jd_assets.stages.ingest.compose import TITLE_WINDOW, compose, jd_id, normalise_lines, record_id

BODY = "Riverbank Nurseries is looking for a Head Gardener.\nThe nursery is in Pune."


@pytest.mark.parametrize(
    ("title", "company", "location", "front"),
    [
        ("Head Gardener", "Riverbank  nurseries", "PUNE", ""),
        ("Lead Grower", "Riverbank Nurseries", "Nashik", "Lead Grower\nNashik\n\n"),
        ("Lead Grower", "Hillside", "Goa", "Lead Grower\nHillside\nGoa\n\n"),
        (None, None, None, ""),
        ("Garden", None, None, "Garden\n\n"),  # Gardener is another word
        (None, "River", "Pun", "River\nPun\n\n"),
    ],
)
def test_in_front_stands_what_the_body_does_not_name(
    title: str | None, company: str | None, location: str | None, front: str
) -> None:
    text, body_start = compose(title, company, location, BODY)
    assert text == front + BODY
    assert text[body_start:] == BODY


def test_a_title_far_down_does_not_count_and_a_company_does() -> None:
    body = "word " * (TITLE_WINDOW // 5) + "Head Gardener at Hillside"
    text, body_start = compose("Head Gardener", "Hillside", None, body)
    assert text[:body_start] == "Head Gardener\n\n"


def test_line_ends_are_newlines() -> None:
    assert normalise_lines(" \r\none\rtwo\u2028three\x0cfour\n\n") == "one\ntwo\nthree\nfour"


def test_copies_share_an_id() -> None:
    made = jd_id("Head Gardener\n\nPrune the trees, café 10 %.")
    assert made == jd_id("  HEAD  gardener Prune\tthe\r\ntrees, cafe\u0301 １０ %.\n")
    assert made != jd_id("Head Gardener. Prune the trees, café 11 %.")
    assert len(made) == 32


@given(st.text(min_size=1, max_size=80), st.sampled_from([" ", "\n", "\t", "\r\n", "\u2003"]))
def test_an_id_does_not_depend_on_spacing_case_or_composition(text: str, space: str) -> None:
    made = jd_id(text)
    assert jd_id(space + text + space) == made
    assert jd_id(space.join(text.split(" "))) == made or not text.split()
    assert jd_id(unicodedata.normalize("NFD", text)) == made
    assert jd_id(unicodedata.normalize("NFKC", text).casefold()) == made or not text.isascii()


@given(st.text(max_size=20) | st.none(), st.text(max_size=20) | st.none(), st.text(max_size=60))
def test_the_body_is_always_where_body_start_says(title: str | None, place: str | None, body: str) -> None:
    title, place = (" ".join(field.split()) if field else None for field in (title, place))
    text, body_start = compose(title, None, place, body)
    assert text[body_start:] == body
    assert body_start == 0 or text[body_start - 2 : body_start] == "\n\n"
    assert compose(title, None, place, text)[1] == 0 or len(title or "") > 500


def test_a_record_is_named_by_day_file_and_row() -> None:
    names = {
        record_id(ds, file, row)
        for ds in ("2024-03-01", "2024-03-02")
        for file in ("a.csv", "b.csv")
        for row in (None, 1, 11)
    }
    assert len(names) == 12
    assert record_id("2024-03-01", "a.csv", 1) == record_id("2024-03-01", "a.csv", 1)
