"""The learned wording of postings, and what it adds to the library's texts."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jd_assets.library.compile import compile_release
from jd_assets.library.load import Library
from jd_assets.library.release import Release
from jd_assets.models.embedder import Vectors
from jd_assets.models.role_wording import (
    NO_WORDING,
    RoleWording,
    load_role_wording,
    shipped_role_wording,
)
from jd_assets.tables import VECTOR_WIDTH


def wording(*cells: tuple[str, str, float]) -> RoleWording:
    roles = tuple(sorted({role for role, _, _ in cells}))
    terms = tuple(sorted({term for _, term, _ in cells}))
    return RoleWording(
        roles,
        terms,
        np.array([roles.index(role) for role, _, _ in cells], dtype=np.int32),
        np.array([terms.index(term) for _, term, _ in cells], dtype=np.int32),
        np.array([weight for _, _, weight in cells], dtype=np.float32),
    )


def dense(release: Release, learned: RoleWording) -> np.ndarray:
    """The roles' terms as a matrix, shape (roles, terms)."""
    texts = release.role_words.worded(learned)
    terms = np.repeat(np.arange(len(texts.idf)), np.diff(texts.starts))
    matrix = np.zeros((len(release.roles), len(texts.idf)))
    matrix[texts.keys, terms] = texts.weights
    return matrix


def test_a_saved_wording_is_read_again(tmp_path: Path) -> None:
    saved = wording(
        ("data-engineer", "spark", 0.25), ("data-engineer", "etl", -0.125), ("nurse", "ward", 1.0)
    )
    saved.save(tmp_path / "wording.npz")
    read = load_role_wording(tmp_path / "wording.npz")
    assert (read.roles, read.terms) == (saved.roles, saved.terms)
    assert read.weights.tolist() == [0.25, -0.125, 1.0]
    assert read.version == saved.version != NO_WORDING.version


def test_the_version_tells_one_weight_from_another() -> None:
    assert wording(("nurse", "ward", 1.0)).version != wording(("nurse", "ward", 0.5)).version


def test_a_file_without_terms_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "wording.npz", roles=np.array(["nurse"]))
    with pytest.raises(KeyError):
        load_role_wording(tmp_path / "wording.npz")


class OneVector:
    """A model to which all texts are alike: here they are read for their words."""

    model_id = "one vector"

    def embed(self, texts: Sequence[str]) -> Vectors:
        return np.full((len(texts), VECTOR_WIDTH), VECTOR_WIDTH**-0.5, dtype=np.float32)

    embed_each = embed

    def embed_groups(self, groups: Sequence[Sequence[str]]) -> list[Vectors]:
        return [self.embed(texts) for texts in groups]


def test_what_is_shipped_is_about_roles_and_terms_of_the_library(shipped_library: Library) -> None:
    release = compile_release(shipped_library, OneVector())
    shipped = shipped_role_wording()
    assert set(shipped.roles) <= set(release.role_index)
    known = sum(term in release.role_words.texts.index for term in shipped.terms)
    assert known > 0.95 * len(shipped.terms)
    assert np.isfinite(shipped.weights).all()
    assert np.abs(shipped.weights).max() < 2.0


def test_weights_are_added_in_their_places_and_nowhere_else(mini: Release) -> None:
    role, term = mini.roles[1].slug, mini.role_words.texts.terms[3]
    plain = dense(mini, NO_WORDING)
    added = dense(mini, wording((role, term, 0.25))) - plain
    assert added[1, 3] == pytest.approx(0.25)
    added[1, 3] = 0.0
    assert not added.any()


def test_roles_and_terms_that_a_release_lacks_are_left_out(mini: Release) -> None:
    term = mini.role_words.texts.terms[0]
    strange = wording(("no-such-role", term, 1.0), (mini.roles[0].slug, "no such term", 1.0))
    assert np.array_equal(dense(mini, strange), dense(mini, NO_WORDING))


@given(st.data())
def test_any_cells_add_up(mini: Release, data: st.DataObject) -> None:
    cell = st.tuples(
        st.integers(0, len(mini.roles) - 1),
        st.integers(0, len(mini.role_words.texts.idf) - 1),
        st.sampled_from([-0.5, 0.25, 1.0]),
    )
    cells = data.draw(st.lists(cell, unique_by=lambda c: c[:2], max_size=12))
    terms = mini.role_words.texts.terms
    learned = wording(*((mini.roles[r].slug, terms[t], w) for r, t, w in cells)) if cells else NO_WORDING
    expected = dense(mini, NO_WORDING)
    for role, term, weight in cells:
        expected[role, term] += weight
    assert dense(mini, learned) == pytest.approx(expected, abs=1e-6)
