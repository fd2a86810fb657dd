"""Short forms explained in a posting are found with their long forms, and are one skill with them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jd_assets.stages.skills.acronyms import explained, join_explained
from jd_assets.stages.skills.found import Found


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("an Applicant Tracking System (ATS) and more", [("ATS", "Applicant Tracking System")]),
        ("Request for Proposal (RFP)", [("RFP", "Request for Proposal")]),
        ("large language models (LLMs)", [("LLM", "large language models")]),
        ("Retrieval-Augmented Generation (RAG)", [("RAG", "Retrieval-Augmented Generation")]),
        ("Health and Safety (H&S)", [("H&S", "Health and Safety")]),
        ("good to have (Java)", []),
        ("experience with payroll (ADP)", []),
        ("Applicant\nTracking System (ATS)", []),
        ("Applicant Tracking System, also (ATS)", []),
        ("(ATS)", []),
    ],
)
def test_explained(text: str, wanted: list[tuple[str, str]]) -> None:
    assert [(e.short, text[e.start : e.end]) for e in explained(text)] == wanted


@given(st.text(alphabet="aAbB (&)\n.", max_size=60))
def test_initials_are_those_of_the_words(text: str) -> None:
    for one in explained(text):
        assert text[one.start].lower() == one.short[0].lower()
        assert "\n" not in text[one.start : one.end]


def skill(text: str, surface: str, mentions: int = 1, is_primary: bool = False) -> Found:
    start = text.index(surface)
    end = start + len(surface)
    return Found(surface, None, "hard", start, end, "skills", text, is_primary, (), 0.5, "tagger", mentions)


def test_short_and_long_form_are_one_skill() -> None:
    text = "ABC first. Alpha Beta Coding (ABC) and XYZ"
    found = {
        "abc": skill(text, "ABC", mentions=2, is_primary=True),
        "alpha beta coding": skill(text, "Alpha Beta Coding"),
        "xyz": skill(text, "XYZ"),
    }
    join_explained(found, text)
    assert list(found) == ["alpha beta coding", "xyz"]
    assert (found["alpha beta coding"].mentions, found["alpha beta coding"].is_primary) == (3, True)


def test_a_part_of_the_long_form_is_another_skill() -> None:
    text = "Alpha Beta Coding (ABC)"
    found = {"abc": skill(text, "ABC"), "beta coding": skill(text, "Beta Coding")}
    join_explained(found, text)
    assert set(found) == {"abc", "beta coding"}
