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
        self.asked += texts
        return self._embedder.embed(texts)


def test_a_text_is_embedded_once_over_processes(embedder: MiniLmEmbedder, tmp_path: Path) -> None:
    counting = Counting(embedder)
    first = CachedEmbedder(counting, tmp_path / "new").embed(["a b", "c d", "a b"])
    second = CachedEmbedder(counting, tmp_path / "new").embed(["c d", "e f"])
    assert counting.asked == ["a b", "c d", "e f"]
    np.testing.assert_array_equal(first[0], first[2])
    np.testing.assert_array_equal(first[1], second[0])
    np.testing.assert_allclose(first[0], embedder.embed(["a b"])[0], atol=0.05)
    assert CachedEmbedder(counting, tmp_path).embed([]).shape == (0, 384)


def test_models_do_not_share_what_they_made(embedder: MiniLmEmbedder, tmp_path: Path) -> None:
    one, two = Counting(embedder), Counting(embedder)
    two.model_id = "another"
    CachedEmbedder(one, tmp_path).embed(["a"])
    CachedEmbedder(two, tmp_path).embed(["a"])
    assert two.asked == ["a"]
