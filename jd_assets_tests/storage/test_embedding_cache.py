"""Names are embedded once ever."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from jd_assets.models.embedder import MiniLmEmbedder, Vectors
from jd_assets.storage.embedding_cache import CachedEmbedder


class Counting:
    """Passes texts on and keeps them."""

    def __init__(self, embedder: MiniLmEmbedder) -> None:
        self.asked: list[str] = []
        self._embedder = embedder
        self.model_id = embedder.model_id

    def embed(self, texts: Sequence[str]) -> Vectors:
        raise AssertionError("vectors that depend on what they were made with can't be kept")

    def embed_each(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return self._embedder.embed_each(texts)


def test_a_text_is_embedded_once_over_processes(embedder: MiniLmEmbedder, tmp_path: Path) -> None:
    counting = Counting(embedder)
    first = CachedEmbedder(counting, tmp_path / "new").embed_each(["a b", "c d", "a b"])
    second = CachedEmbedder(counting, tmp_path / "new").embed_each(["c d", "e f"])
    assert counting.asked == ["a b", "c d", "e f"]
    np.testing.assert_array_equal(first[0], first[2])
    np.testing.assert_array_equal(first[1], second[0])
    np.testing.assert_array_equal(first[0], embedder.embed(["a b"])[0])
    assert CachedEmbedder(counting, tmp_path).embed_each([]).shape == (0, 384)


def test_models_do_not_share_what_they_made(embedder: MiniLmEmbedder, tmp_path: Path) -> None:
    one, two = Counting(embedder), Counting(embedder)
    two.model_id = "another"
    CachedEmbedder(one, tmp_path).embed_each(["a"])
    CachedEmbedder(two, tmp_path).embed_each(["a"])
    assert two.asked == ["a"]


def test_the_file_of_an_earlier_version_goes_when_the_new_one_is_written(
    embedder: MiniLmEmbedder, tmp_path: Path
) -> None:
    (tmp_path / "names-all-MiniLM.parquet").write_bytes(b"old")
    (tmp_path / "names.csv").write_bytes(b"not ours")
    CachedEmbedder(embedder, tmp_path).embed_each(["a"])
    names = [path.name for path in tmp_path.iterdir()]
    assert sorted(name[:5] for name in names) == ["each-", "names"]
    assert "names.csv" in names
