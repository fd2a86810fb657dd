"""Patterns that are tried only where their words stand find what they find everywhere."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jd_assets.stages.parse import (
    announcing,
    company_words,
    education,
    inline_headings,
    jd_type,
    salary,
    title,
    work_mode,
)
from jd_assets.stages.parse.anchored import Anchored, Words, stand_between
from jd_assets.stages.parse.view import clean

PATTERNS = (title._PROSE, title._LOWER_PROSE, inline_headings._INLINE)
OF_LITERALS = (
    education._LEVEL, jd_type._HIRING, jd_type._WORK, work_mode._HINT, announcing._FUTURE_FAVOUR,
    company_words._ANY_SIDE, salary._SIGN_OR_WORD,
)  # fmt: skip
PIECES = (
    "looking for", "seeking", "We need", "Hiring", "hire a", "role of", "position", "the lookout for",
    "join us as", "As the", "as an", "As a", "The", "the", ", the", "A", "An", "you", "will", "is", "with",
    "who", "at", ".", "\n", "* ", "\u2022 ", "Senior", "Lens Grinder", "clerk", "Key", "Responsibilities",
    "responsibilities", "Your", "Duties", "What", "do", "offer", "SKILLS", "REQUIREMENTS", "Required",
    "Experience", "Areas of responsibility", "Essential Functions", "About", "Us", ":", " -", "CTC",
    "Benefits",
)  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=30), st.sampled_from(["", " "]))
def test_finds_what_the_pattern_alone_finds(pattern: Anchored, pieces: list[str], between: str) -> None:
    text = between.join(pieces)
    alone = [m.span() for m in pattern.pattern.finditer(text, 1, 200)]
    assert [m.span() for m in pattern.finditer(text, 1, 200)] == alone


def test_matches_do_not_overlap_and_keep_their_groups() -> None:
    pattern = Anchored(r"(?<!\w)(ab|abc) ?(ab)?", ("ab", "abc"))
    found = [(m.span(), m[2]) for m in pattern.finditer("ab ab abc cab", 0, 100)]
    assert found == [((0, 5), "ab"), ((6, 8), None)]


@pytest.mark.parametrize("pattern", OF_LITERALS)
@settings(max_examples=500, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(st.data())
def test_the_words_open_every_text_that_the_pattern_can_match(pattern: Anchored, data: st.DataObject) -> None:
    text = clean(data.draw(st.from_regex(pattern.pattern)))
    assert [m.span() for m in pattern.finditer(text)] == [m.span() for m in pattern.pattern.finditer(text)]


def test_words_are_found_inside_others_each_place_once() -> None:
    words = Words(("her", "he", "e"))
    assert words.places("there, he") == [1, 2, 4, 7, 8]
    assert words.places("there, he", 2, 8) == [2, 4]


def test_places_are_between_others_but_not_at_the_end() -> None:
    assert [stand_between([3, 9], *span) for span in ((0, 3), (3, 4), (4, 9), (9, 99))] == [
        False, True, False, True,
    ]  # fmt: skip
