"""Role names in running text: whose job they are, and whose they are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jd_assets.library.release import Release
from jd_assets.library.role_words import reading
from jd_assets.stages.roles.mentions import HEAD_WORDS, find_mentions


def score(text: str, slug: str, release: Release) -> float:
    return float(find_mentions(reading(text), release).scores[release.role_index[slug]])


def test_the_job_that_is_offered_counts(mini: Release) -> None:
    text = "We are looking for an experienced Java developer to join us."
    found = find_mentions(reading(text), mini)
    java = mini.role_index["java-backend-developer"]
    assert found.scores[java] > 0.5
    assert mini.role_words.title_keys[found.keys[java]] == "java developer"
    assert (found.scores > 0).sum() == 1


@pytest.mark.parametrize(
    "text",
    [
        "Work closely with the sales executive on offers.",
        "You report to a sales executive.",
        "Support other sales executives in the field.",
        "Our sales executives visit shops.",
    ],
)
def test_colleagues_do_not(mini: Release, text: str) -> None:
    assert score(text, "sales-executive", mini) == 0.0


def test_several_are_hired_in_the_plural(mini: Release) -> None:
    assert score("Hiring 5 sales executives.", "sales-executive", mini) > 0


def test_a_title_of_one_word_counts_only_where_somebody_is_hired(mini: Release) -> None:
    assert score("Analyst reports are read daily.", "data-analyst", mini) == 0.0
    assert score("Hiring an analyst for our team.", "data-analyst", mini) > 0


def test_early_and_often_weighs_more(mini: Release) -> None:
    name, filler = "java developer", "word " * (HEAD_WORDS + 5)
    early, late = (score(text, "java-backend-developer", mini) for text in (name, filler + name))
    assert early > late > 0
    twice = score(f"{name} {filler} {name}", "java-backend-developer", mini)
    assert 1.0 >= twice > early


def test_a_name_is_part_of_no_longer_word(mini: Release) -> None:
    assert score("java developerish", "java-backend-developer", mini) == 0.0


@given(st.text(max_size=300))
def test_any_text_scores_within_bounds(mini: Release, text: str) -> None:
    scores = find_mentions(reading(text), mini).scores
    assert ((scores >= 0) & (scores <= 1)).all()
