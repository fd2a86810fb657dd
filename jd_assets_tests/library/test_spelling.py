"""Folding of spellings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jd_assets.library.spelling import SpellingTrie, fold


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Node.js", "NODE JS"),
        ("React-Native", "react native"),
        ("REST APIs", "rest api"),
        ("CI/CD", "ci cd"),
        ("Databases", "database"),
        ("KPIs", "KPI"),
        ("SALES", "sales"),
    ],
)
def test_spellings_taken_for_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("C", "C++"),
        ("C", "C#"),
        (".NET", "net"),
        ("process", "proces"),
        ("analysis", "analysi"),
        ("R", "S"),
        ("CMMS", "CMM"),
    ],
)
def test_spellings_kept_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_plus_signs_stay() -> None:
    assert fold("C++") == "c++"


def test_a_spelling_of_punctuation_only_is_no_spelling() -> None:
    trie = SpellingTrie()
    trie.add("--", 0)
    assert trie.spellings == 0


@given(st.text(max_size=100))
def test_folding_twice_changes_nothing_more_than_plurals(text: str) -> None:
    assert len(fold(fold(text)).split()) == len(fold(text).split())
