"""Finding spellings in text."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from jd_assets.library.spelling import SpellingTrie, _folded, fold
from jd_assets.library.spotting import Spotter


def found(trie: SpellingTrie, text: str) -> list[tuple[int, str]]:
    spotter = Spotter(trie)
    words = spotter.tokens(text)
    return [(h.value, text[words.starts[h.first] : words.ends[h.last]]) for h in spotter.find(words)]


def test_the_longest_spelling_wins_and_none_overlap() -> None:
    trie = SpellingTrie()
    for value, spelling in enumerate(["data", "data analysis", "analysis", "Power BI", "C++"]):
        trie.add(spelling, value)
    text = "Data analysis, PowerBI/C++ and big data; analysis of data."
    assert found(trie, text) == [
        (1, "Data analysis"), (3, "PowerBI"), (4, "C++"), (0, "data"), (2, "analysis"), (0, "data"),
    ]  # fmt: skip


def test_a_shorter_spelling_is_found_where_the_longer_one_breaks_off() -> None:
    trie = SpellingTrie()
    trie.add("machine learning operations", 0)
    trie.add("machine", 1)
    trie.add("learning", 2)
    assert found(trie, "machine learning models") == [(1, "machine"), (2, "learning")]


def test_a_version_is_cut_from_a_whole_spelling_only() -> None:
    trie = SpellingTrie()
    trie.add("Angular", 0)
    trie.add("Web Design", 1)
    trie.add("R", 2)
    text = "Angular12, angular1.8, Angular14+ and web3 with R2 or R2+"
    assert found(trie, text) == [(0, "Angular"), (0, "angular"), (0, "Angular")]


def test_what_is_known_of_a_word_serves_every_text() -> None:
    trie = SpellingTrie()
    trie.add("Java", 0)
    texts = ["JAVAShould\nJAVAShould know", "Java9, JAVAShould", "know Java"]
    spotter = Spotter(trie)
    for text in texts * 2:
        assert spotter.tokens(text) == Spotter(trie).tokens(text)


def test_a_giant_word_of_mixed_case_is_read_in_linear_time() -> None:
    trie = SpellingTrie()
    trie.add("Java", 0)
    _folded.cache_clear()
    giant = "aB" * 500_000
    start = time.process_time()
    assert found(trie, f"{giant} JAVAShould {giant}") == [(0, "JAVA")]
    assert time.process_time() - start < 5  # it took minutes when each of its ends was folded
    assert _folded.cache_info().currsize < 200


def test_a_spelling_is_not_found_across_the_end_of_a_phrase() -> None:
    trie = SpellingTrie()
    trie.add("data analysis", 0)
    trie.add("health, safety and environment", 1)
    for text in ("data; analysis", "Data. Analysis", "data (analysis", "data, analysis", "data\n- analysis"):
        assert found(trie, text) == []
    for text in ("data analysis", "data\nanalysis", "Data-Analysis"):
        assert [v for v, _ in found(trie, text)] == [0]
    for text in ("Health, Safety and Environment", "health safety and environment"):
        assert [v for v, _ in found(trie, text)] == [1]


def test_words_are_glued_unless_that_makes_an_ordinary_word() -> None:
    trie = SpellingTrie()
    for value, spelling in enumerate(["Power BI", "Five S", "P&R", "AD DS"]):
        trie.add(spelling, value)
    assert found(trie, "PowerBI, five, PR, add, five s") == [(0, "PowerBI"), (1, "five s")]


def test_the_first_to_claim_a_spelling_keeps_it() -> None:
    trie = SpellingTrie()
    trie.add("Power BI", 0)
    trie.add("powerbi", 1)
    assert found(trie, "powerbi") == [(0, "powerbi")]


@given(st.text(max_size=300), st.lists(st.text(min_size=1, max_size=12), max_size=20))
def test_hits_are_ordered_disjoint_and_fold_to_a_spelling(text: str, spellings: list[str]) -> None:
    trie = SpellingTrie()
    for value, spelling in enumerate(spellings):
        trie.add(spelling, value)
    spotter = Spotter(trie)
    words = spotter.tokens(text)
    at = -1
    for hit in spotter.find(words):
        assert at < hit.first <= hit.last
        at = hit.last
        surface = text[words.starts[hit.first] : words.ends[hit.last]]
        known = {fold(s) for s in spellings} | {fold(s).replace(" ", "") for s in spellings}
        assert fold(surface) in known | {k.rstrip("s") for k in known}
