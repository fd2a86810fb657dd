"""Titles compared with roles' titles by meaning."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from jd_assets.library.release import MEANT_TITLES, Release, load_release, meant_titles, save_release
from jd_assets.models.embedder import MiniLmEmbedder
from jd_assets.stages.kras.items import embed_items
from jd_assets.stages.roles.likeness import title_likeness
from jd_assets.stages.roles.signals import role_signals
from jd_assets_tests.stages.roles.test_roles import kras, parsed, raw, skills


def _nearest(title: str, release: Release, embedder: MiniLmEmbedder) -> str:
    found = title_likeness([title], release, embedder)[title]
    return release.roles[int(found.scores.argmax())].slug


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("Ward Sister, Hospital", "registered-nurse"),
        ("Server-side Programmer", "backend-engineer"),
        ("Seller of Software Licences", "sales-executive"),
    ],
)
def test_a_title_in_other_words_is_nearest_to_the_role_of_its_meaning(
    title: str, role: str, mini: Release, embedder: MiniLmEmbedder
) -> None:
    assert _nearest(title, mini, embedder) == role


def test_a_roles_own_title_is_itself_and_named(mini: Release, embedder: MiniLmEmbedder) -> None:
    texts = [title for role in mini.roles for title in meant_titles(role)]
    for index, role in enumerate(mini.roles):
        found = title_likeness([role.name], mini, embedder)[role.name]
        assert found.scores[index] > 0.95  # the release's vectors are made in batches, whose scales differ
        assert texts[found.places[index]] == role.name
        assert ((found.scores >= 0) & (found.scores <= 1)).all()


def test_a_title_has_one_likeness_in_every_batch(mini: Release, embedder: MiniLmEmbedder) -> None:
    titles = ["Ward Sister", "Java Developer", "Head of Looms and of everything that is woven on them"]
    together = title_likeness([*titles, None, " "], mini, embedder)
    assert sorted(together) == sorted(titles)
    for title in titles:
        alone = title_likeness([title], mini, embedder)[title]
        np.testing.assert_allclose(alone.scores, together[title].scores, atol=1e-6)
        np.testing.assert_array_equal(alone.places, together[title].places)
    assert title_likeness([None, ""], mini, embedder) == {}


def test_a_release_keeps_the_vectors_of_each_roles_first_titles(
    mini: Release, tmp_path_factory: pytest.TempPathFactory
) -> None:
    wanted = [i for i, role in enumerate(mini.roles) for _ in meant_titles(role)]
    assert mini.title_role.tolist() == wanted
    assert all(1 <= len(meant_titles(role)) <= MEANT_TITLES for role in mini.roles)
    np.testing.assert_allclose(np.linalg.norm(mini.title_vectors, axis=1), 1, atol=1e-5)
    folder = tmp_path_factory.mktemp("releases")
    save_release(mini, folder)
    np.testing.assert_array_equal(load_release(folder, mini.release).title_vectors, mini.title_vectors)


def test_the_signal_names_the_title_that_is_nearest(mini: Release, embedder: MiniLmEmbedder) -> None:
    items = kras({})
    signals = role_signals(
        raw({"a": "Ward Sister"}), parsed({"a": "Ward Sister"}), skills({}, mini), items,
        embed_items(items, embedder), mini, embedder,
    )  # fmt: skip
    best = signals.filter((pl.col("signal") == "likeness") & (pl.col("rank") == 1)).row(0, named=True)
    assert best["role_slug"] == "registered-nurse"
    nurse = next(role for role in mini.roles if role.slug == "registered-nurse")
    assert best["matched_title"] in meant_titles(nurse)
    assert 0.3 < best["score"] <= 1
