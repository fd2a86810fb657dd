"""Signatures of wording, and the links that they give."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from jd_assets.library.release import Release
from jd_assets.models.embedder import MiniLmEmbedder
from jd_assets.stages.reposts.links import LEAST_SIMILARITY, reposts
from jd_assets.stages.reposts.signatures import METHOD, PERMUTATIONS, signature
from jd_assets.tables import JD_SIGNATURES, REPOSTS
from jd_assets_tests.stages.batches import batch_of

FIRST = date(2026, 1, 5)


def posting(seed: int, words: int = 300) -> str:
    pick = random.Random(seed)
    return " ".join(f"w{pick.randrange(5000)}" for _ in range(words))


def changed(text: str, words: int) -> str:
    """The text with its first words replaced."""
    parts = text.split()
    return " ".join([f"x{i}" for i in range(words)] + parts[words:])


def rows(*postings: tuple[int, str, str], method: str = METHOD) -> pl.DataFrame:
    """JD_SIGNATURES of (day number, jd_id, text)."""
    return JD_SIGNATURES.frame(
        {"ds": FIRST + timedelta(day), "jd_id": jd_id, "method": method, "signature": signature(text)}
        for day, jd_id, text in postings
    )


def linked(signatures: pl.DataFrame) -> dict[tuple[int, str], tuple[int, str]]:
    """(day, jd_id) of each repost -> those of its first posting."""
    frame = REPOSTS.conform(reposts(signatures))
    return {
        ((ds - FIRST).days, jd_id): ((first_ds - FIRST).days, first_jd_id)
        for ds, jd_id, first_ds, first_jd_id in frame.drop("similarity").iter_rows()
    }


def test_case_and_punctuation_do_not_count_and_words_do() -> None:
    assert signature("Bake the bread, early!") == signature("bake THE bread early")
    assert signature("bake the bread early") != signature("bake the bread late")
    assert len(signature("")) == PERMUTATIONS == len(signature("one"))


def test_the_estimate_is_near_the_true_similarity() -> None:
    text = posting(1)
    late = changed(text, 60)
    shared = 300 - 60 - 3
    true = shared / (2 * 297 - shared)
    same = sum(a == b for a, b in zip(signature(text), signature(late), strict=True)) / PERMUTATIONS
    assert abs(same - true) < 3 * 0.044


def test_a_repost_with_a_few_words_changed_is_linked_to_the_first_posting() -> None:
    text = posting(2)
    found = linked(rows((0, "a", text), (3, "b", changed(text, 12)), (4, "c", posting(3))))
    assert found == {(3, "b"): (0, "a")}


def test_the_same_text_on_a_later_day_is_a_repost_of_the_first_day() -> None:
    text = posting(4)
    frame = reposts(rows((0, "a", text), (1, "a", text), (9, "a", text)))
    assert linked(rows((0, "a", text), (1, "a", text), (9, "a", text))) == {
        (1, "a"): (0, "a"),
        (9, "a"): (0, "a"),
    }
    assert frame["similarity"].to_list() == [1.0, 1.0]


def test_a_chain_of_small_changes_is_one_group() -> None:
    text = posting(5)
    once, twice = changed(text, 20), changed(changed(text, 20)[::-1], 20)[::-1]
    assert linked(rows((0, "a", text), (1, "b", once), (2, "c", twice))) == {
        (1, "b"): (0, "a"),
        (2, "c"): (0, "a"),
    }


def test_half_the_wording_in_common_is_no_repost() -> None:
    text = posting(6)
    assert linked(rows((0, "a", text), (1, "b", changed(text, 150)))) == {}


def test_signatures_of_two_methods_are_not_compared() -> None:
    text = posting(7)
    both = pl.concat([rows((0, "a", text)), rows((1, "b", text), method="another")])
    assert linked(both) == {}


def test_no_signatures_no_links() -> None:
    assert linked(JD_SIGNATURES.frame([])) == {}


@given(st.permutations(range(12)))
def test_the_order_of_days_and_rows_does_not_matter(order: list[int]) -> None:
    texts = [posting(seed) for seed in range(4)]
    known = [(i % 5, f"jd{i}", changed(texts[i % 4], 3 * (i // 4))) for i in range(12)]
    assert linked(rows(*(known[i] for i in order))) == linked(rows(*known))


def test_a_link_is_to_an_original_and_is_alike_enough() -> None:
    texts = [posting(seed) for seed in range(3)]
    frame = reposts(rows(*((i, f"jd{i}", changed(texts[i % 3], i)) for i in range(30))))
    reposted = set(frame.select("ds", "jd_id").iter_rows())
    assert frame.height == 27
    assert frame["similarity"].min() >= LEAST_SIMILARITY  # type: ignore[operator]
    assert not reposted & set(frame.select("first_ds", "first_jd_id").iter_rows())


def test_jds_that_passed_have_a_signature_of_their_text(mini: Release, embedder: MiniLmEmbedder) -> None:
    body = "\n".join(
        ["Staff Nurse", "Responsibilities", *(f"- Give medication {i} as prescribed." for i in range(12)),
         "Requirements", "- Registered with the state nursing council"]
    )  # fmt: skip
    texts: dict[str, Any] = {"a": body, "b": body + "\nCity: Pune", "none": "nothing"}
    batch, ids = batch_of(texts, mini, embedder)
    frame = JD_SIGNATURES.conform(batch.jd_signatures)
    assert set(frame["jd_id"]) == {ids["a"], ids["b"]}
    assert set(frame["method"]) == {METHOD}
    by_jd = dict(frame.select("jd_id", "signature").iter_rows())
    assert by_jd[ids["a"]] == signature(body)
    assert reposts(frame).select("jd_id", "first_jd_id").rows() == [
        (max(ids["a"], ids["b"]), min(ids["a"], ids["b"]))
    ]
