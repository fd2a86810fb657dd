"""One model's cosines on the scale of another."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jd_assets.library.compile import compile_release, ensure_release
from jd_assets.library.load import load_library
from jd_assets.library.release import Release, release_id
from jd_assets.library.scale import IDENTITY, rescaled, scale
from jd_assets.models.embedder import MODEL_ID, Embedder, Vectors
from jd_assets.tables import VECTOR_WIDTH
from jd_assets_tests.conftest import MINI
from jd_assets_tests.llm.fake_embeddings import embedded


class Hashing:
    """A model to which texts are alike that share words."""

    model_id = "hashed words"

    def embed(self, texts: Sequence[str]) -> Vectors:
        return np.stack([embedded(text, VECTOR_WIDTH) / 3 for text in texts])

    embed_each = embed

    def embed_groups(self, groups: Sequence[Sequence[str]]) -> list[Vectors]:
        return [self.embed(texts) for texts in groups]


def units(seed: int, rows: int, width: int = 8, towards: float = 0.0) -> Vectors:
    made = np.random.default_rng(seed).normal(size=(rows, width)) + towards
    return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)


def pairs(vectors: Vectors) -> Vectors:
    cosines: Vectors = (vectors @ vectors.T)[np.triu_indices(len(vectors), 1)]
    return cosines


@given(st.integers(0, 1000), st.integers(2, 40), st.floats(0, 3))
@settings(max_examples=30, deadline=None)
def test_the_scale_keeps_the_order_of_cosines(seed: int, rows: int, towards: float) -> None:
    knots = scale(units(seed, rows), units(seed + 1, rows, towards=towards))
    values = rescaled(np.linspace(-1, 1, 500, dtype=np.float32), knots)
    assert (np.diff(values) >= 0).all()
    assert (np.abs(values) <= 1).all()


def test_rescaled_cosines_are_spread_as_those_of_the_other_model() -> None:
    own, fitted = units(1, 400), units(2, 400, towards=1.0)
    shares = [0.01, 0.1, 0.5, 0.9, 0.99, 0.999]
    wanted = np.quantile(pairs(fitted), shares)
    assert np.abs(np.quantile(pairs(own), shares) - wanted).max() > 0.3
    found = np.quantile(rescaled(pairs(own), scale(own, fitted)), shares)
    assert found == pytest.approx(wanted, abs=0.005)


def test_a_model_on_its_own_scale_stays_as_it_is() -> None:
    own = units(3, 300)
    assert rescaled(pairs(own), scale(own, own)) == pytest.approx(pairs(own), abs=0.001)
    assert np.array_equal(rescaled(pairs(own), IDENTITY), pairs(own))


@pytest.mark.parametrize("rows", [0, 1])
def test_too_few_texts_make_no_scale(rows: int) -> None:
    assert scale(units(1, rows), units(2, rows)).shape == (2, 0)


def test_a_release_of_another_model_has_a_scale_and_keeps_it(
    tmp_path: Path, embedder: Embedder, mini: Release
) -> None:
    made = ensure_release(MINI, tmp_path, Hashing(), fitted=embedder)
    assert (mini.model, mini.kra_scale.shape[1], mini.centroid_scale.shape[1]) == (MODEL_ID, 0, 0)
    assert made.release != mini.release
    shares = [0.5, 0.9, 0.99]
    for own, theirs, knots in (
        (made.kra_vectors, mini.kra_vectors, made.kra_scale),
        (made.base_centroids, mini.base_centroids, made.centroid_scale),
    ):
        found = np.quantile(rescaled(pairs(own), knots), shares)
        assert found == pytest.approx(np.quantile(pairs(theirs), shares), abs=0.05)


def test_releases_on_other_scales_have_other_names(embedder: Embedder, mini: Release, tmp_path: Path) -> None:
    class Other(Hashing):
        model_id = "other words"

    library, own = load_library(MINI), Hashing()
    names = [compile_release(library, own, fitted).release for fitted in (embedder, Other(), own, None)]
    assert names[2] == names[3]
    assert len({mini.release, *names}) == 4
    assert names[0] == release_id(MINI, own.model_id), "weights were fitted on the shipped model"
    assert ensure_release(MINI, tmp_path, own, fitted=Other()).release == names[1]


def test_without_a_fitted_model_nothing_is_rescaled() -> None:
    made = compile_release(load_library(MINI), Hashing())
    assert made.kra_scale.shape == made.centroid_scale.shape == (2, 0)
