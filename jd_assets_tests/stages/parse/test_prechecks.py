"""What is asked before a costly pattern lets through every text that the pattern can match."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jd_assets.stages.parse import (
    announcing,
    asides,
    by_content,
    duties,
    segments,
    sentences,
    title_bounds,
    view,
    work_mode,
)
from jd_assets.stages.parse.view import clean, count_words, lowered


def _any_of(words: tuple[str, ...]) -> Callable[[str], bool]:
    return lambda text: any(word in text for word in words)


def _ends_in(words: tuple[str, ...]) -> Callable[[str], bool]:
    return lambda text: text.rstrip(" \n.!*)").endswith(words)


CHECKS = {
    "legal": (by_content._LEGAL, by_content._LEGAL_WORDS.places),
    "apply": (by_content._APPLY, by_content._APPLY_WORDS.places),
    "hiring": (announcing._HIRING_TO, _any_of(announcing._OF_HIRING)),
    "wished end": (duties._WISHED_END, _ends_in(duties._WISHED_ENDS)),
    "asking end": (duties._ASKING_END, _ends_in(duties._ASKING_ENDS)),
    "pointer": (duties._POINTER, _any_of(("below", "follow"))),
    "your papers": (asides._YOUR_PAPERS, _any_of(("your ",))),
    "download": (asides._TO_DOWNLOAD, _any_of((" download",))),
    "other duties": (asides._OTHER_DUTIES, _any_of((" duties ",))),
    "opens a list": (sentences._OPENS_LIST, _any_of((":",))),
    "hybrid": (work_mode._OF_WORK["hybrid"], _any_of(work_mode._NEEDS["hybrid"])),
    "remote": (work_mode._OF_WORK["remote"], _any_of(work_mode._NEEDS["remote"])),
    "onsite": (work_mode._OF_WORK["onsite"], _any_of(work_mode._NEEDS["onsite"])),
    "colon": (segments._COLON, lambda text: ":" in text[: segments._OPENING]),
    "bar": (segments._BARRED, lambda text: "|" in text[: segments._OPENING] or "=" in text),
    "glued": (segments._GLUED, lambda text: "-" in text[: segments._OPENING]),
    "dash": (segments._DASHED, lambda text: "-" in text[: segments._OPENING] or "\u2022" in text),
}


@pytest.mark.parametrize("name", CHECKS)
@settings(max_examples=300, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(st.data())
def test_no_match_is_passed_over(name: str, data: st.DataObject) -> None:
    pattern, check = CHECKS[name]
    text = clean(data.draw(st.from_regex(pattern)))
    match = pattern.search(text)
    assert match is None or check(match[0])


@settings(max_examples=500, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(st.from_regex(title_bounds._NOISE_TAIL))
def test_noise_behind_a_title_is_looked_for_where_it_may_stand(tail: str) -> None:
    noise = title_bounds._NOISE_TAIL.search(tail)
    assert noise is None or not noise[0].strip() or title_bounds._may_hold_noise(tail)


@given(
    st.text(st.characters(codec="utf-8")) | st.text("`\uff40\t\u2022\u2019\u2014\ufeff\u00a0 a\uff02\n\r\x1f")
)
def test_odd_characters_are_replaced_as_a_table_would(text: str) -> None:
    assert view._without_odd_characters(text) == text.translate(view._SINGLE)


@given(st.text())
def test_words_are_runs_with_a_letter_or_digit(text: str) -> None:
    assert count_words(text) == sum(any(c.isalnum() for c in run) for run in text.split())
    assert len(lowered(text)) == len(text)
