"""The CRF's arithmetic against sums over all label sequences, and keys that no two combinations share."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jd_assets.library.release import Release
from jd_assets.models.skill_tagger import SkillTagger, load, shipped_tagger
from jd_assets.stages.skills.attributes import TEMPLATES, Encoder, TaggedSegment, gap, shape, values
from jd_assets.stages.skills.reading import read
from jd_assets.stages.skills.tagging import LONGEST, confidence, judge, marginals, spans

LABELS = ("O", "BH", "IH")


def tagger_of(scores: np.ndarray, transitions: np.ndarray) -> SkillTagger:
    """A tagger whose first template gives word n the scores of row n."""
    empty = (np.zeros(0, np.int64),) * (len(TEMPLATES) - 1)
    none = (np.zeros((0, len(LABELS)), np.float32),) * (len(TEMPLATES) - 1)
    return SkillTagger(
        labels=LABELS, vocabularies={}, meanings={}, keys=(np.arange(len(scores)), *empty),
        weights=(scores.astype(np.float32), *none), transitions=transitions.astype(np.float32),
        scales={}, cuts={},
    )  # fmt: skip


def brute(scores: np.ndarray, transitions: np.ndarray) -> np.ndarray:
    """Marginals by summing over all label sequences."""
    n, labels = scores.shape
    found = np.zeros((n, labels))
    for path in product(range(labels), repeat=n):
        weight = sum(scores[t, y] for t, y in enumerate(path))
        weight += sum(transitions[a, b] for a, b in pairwise(path))
        for t, y in enumerate(path):
            found[t, y] += np.exp(weight)
    return found / found.sum(axis=1, keepdims=True)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 5), min_size=1, max_size=5), st.integers(0, 1000))
def test_marginals_are_sums_over_all_label_sequences(lengths: list[int], seed: int) -> None:
    draw = np.random.default_rng(seed)
    scores, transitions = draw.normal(0, 2, (sum(lengths), 3)), draw.normal(0, 2, (3, 3))
    keys = [np.arange(sum(lengths))] * len(TEMPLATES)
    found = marginals(keys, lengths, tagger_of(scores, transitions))
    start = 0
    for length in lengths:
        wanted = brute(scores[start : start + length], transitions)
        np.testing.assert_allclose(found[start : start + length], wanted, atol=1e-4)
        start += length


def test_a_segment_of_any_length_is_judged(mini: Release) -> None:
    text = "Java, SQL and more " * LONGEST
    reading = read(
        text, [{"start": 0, "end": len(text), "section": "skills", "kind": "item", "duty": False}], mini
    )
    tagger = shipped_tagger()
    encoder = Encoder(tagger.vocabularies, tagger.meanings, mini.word_uses)
    judged = judge([s for _, s in reading.parts], encoder, tagger)
    assert len(judged.best) == len(judged.log_odds) == len(reading.words)
    assert np.isfinite(judged.log_odds).all()


def test_spans_are_runs_of_labels() -> None:
    tagger = tagger_of(np.zeros((1, 3)), np.zeros((3, 3)))
    best = np.array([0, 1, 2, 0, 1, 1, 0])
    begins, ends, is_soft = spans(best, np.array([0]), tagger)
    assert list(zip(begins, ends, strict=True)) == [(1, 3), (4, 5), (5, 6)]
    assert not is_soft.any()
    assert len(spans(np.zeros(3, np.int64), np.array([0]), tagger).begins) == 0


@given(st.lists(st.lists(st.integers(0, 4), min_size=1, max_size=6), min_size=1, max_size=5))
def test_spans_of_segments_are_those_of_each_alone(labels: list[list[int]]) -> None:
    tagger = replace(tagger_of(np.zeros((1, 3)), np.zeros((3, 3))), labels=("O", "BH", "IH", "BS", "IS"))
    starts = np.cumsum([0, *map(len, labels)])[:-1]
    together = spans(np.concatenate(labels), starts, tagger)
    alone = [
        (int(start) + first, int(start) + last, soft)
        for start, own in zip(starts, labels, strict=True)
        for first, last, soft in zip(*map(list, spans(np.array(own), np.array([0]), tagger)), strict=True)
    ]
    assert list(zip(*map(list, together), strict=True)) == alone


@pytest.mark.parametrize(
    ("between", "name"),
    [(" ", "space"), (", ", "comma"), ("\n- ", "bullet"), ("\n", "line"), (". ", "stop"), ("/", "slash")],
)
def test_what_stands_between_words(between: str, name: str) -> None:
    assert gap(between) == name


def test_how_words_are_written() -> None:
    assert [shape(w) for w in ("SQL", "R", "Java", "java", "2024", "x86Asm", "iOS")] == [
        "capitals", "capital", "title", "lower", "digits", "with digits", "mixed",
    ]  # fmt: skip


def test_keys_tell_combinations_apart_and_agree_with_the_values(mini: Release) -> None:
    text = "Java and SQL, java AND sql"
    reading = read(
        text, [{"start": 0, "end": len(text), "section": "skills", "kind": "item", "duty": False}], mini
    )
    segments: list[TaggedSegment] = [s for _, s in reading.parts]
    described = values(segments[0], {}, mini.word_uses)
    vocabularies = {name: {v: n for n, v in enumerate(sorted(set(vs)), 2)} for name, vs in described.items()}
    keys = Encoder(vocabularies, {}, mini.word_uses).keys(segments)
    margins = ["<"] * 2
    for template, found in zip(TEMPLATES, keys, strict=True):
        rows = {n: [*margins, *described[n], *(margins if n != "gap" else margins[1:])] for n, _ in template}
        combinations = [
            tuple(rows[name][place + 2 + offset] for name, offset in template)
            for place in range(len(segments[0]))
        ]
        assert len(set(combinations)) == len(set(found.tolist()))
        by_key = dict(zip(found.tolist(), combinations, strict=True))
        assert [by_key[k] for k in found.tolist()] == combinations


def test_a_saved_tagger_is_the_same_when_it_is_loaded(tmp_path: Path) -> None:
    tagger = shipped_tagger()
    tagger.save(tmp_path)
    again = load(tmp_path)
    assert again.vocabularies == tagger.vocabularies
    assert again.meanings == tagger.meanings
    for one, other in zip((*tagger.keys, *tagger.weights), (*again.keys, *again.weights), strict=True):
        np.testing.assert_array_equal(one, other)
    assert (again.scales, again.cuts) == (tagger.scales, tagger.cuts)


@pytest.mark.parametrize(("kind", "rest"), [("library", (0.0, 0.0, 1.0, 4.0)), ("new", ())])
def test_confidence_grows_with_the_odds(kind: str, rest: tuple[float, ...]) -> None:
    weights = shipped_tagger().scales[kind]
    found = [confidence((odds, *rest), weights) for odds in (-9.0, -2.0, 0.0, 2.0, 9.0)]
    assert found == sorted(found)
    assert 0 < found[0] < found[-1] < 1
