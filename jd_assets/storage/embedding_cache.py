"""Keeps the embeddings of names that are asked for again and again, such as those of the review queue."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl

from jd_assets.library.release import Floats
from jd_assets.models.embedder import Embedder
from jd_assets.storage.files import replacing
from jd_assets.tables import VECTOR_WIDTH

_SCHEMA = {"text": pl.String(), "vector": pl.Array(pl.Float32, VECTOR_WIDTH)}


class CachedEmbedder:
    """Embeds a text once ever, by itself, so that its vector is the same whichever day first asked for it:
    what was made is kept in one Parquet file per model.

    The file is replaced whole, so a reader or a kill never meets half of it; of two writers the later one's
    file stands, and what the other embedded is embedded again when it is asked for.
    """

    def __init__(self, embedder: Embedder, folder: Path) -> None:
        self._embedder = embedder
        self._path = folder / f"each-{''.join(c if c.isalnum() else '-' for c in embedder.model_id)}.parquet"

    @property
    def model_id(self) -> str:
        return self._embedder.model_id

    def embed_each(self, texts: Sequence[str]) -> Floats:
        """Unit vectors of the texts, shape (texts, width)."""
        known = self._read()
        missing = list(dict.fromkeys(text for text in texts if text not in known))
        if missing:
            known |= dict(zip(missing, self._embedder.embed_each(missing), strict=True))
            self._write(known)
        if not texts:
            return np.zeros((0, VECTOR_WIDTH), dtype=np.float32)
        return np.stack([known[text] for text in texts])

    def _read(self) -> dict[str, Floats]:
        try:
            frame = pl.read_parquet(self._path, schema=_SCHEMA)
        except FileNotFoundError:
            return {}
        return dict(zip(frame["text"].to_list(), frame["vector"].to_numpy(), strict=True))

    def _write(self, known: dict[str, Floats]) -> None:
        frame = pl.DataFrame({"text": list(known), "vector": list(known.values())}, schema=_SCHEMA)
        with replacing(self._path) as handle:
            frame.write_parquet(handle)
        for outgrown in self._path.parent.glob("names-*.parquet"):  # as an earlier version called them
            outgrown.unlink(missing_ok=True)
