"""A JD's duties one by one, and their embeddings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol

import numpy as np
import polars as pl

from jd_assets.models.embedder import Embedder, Vectors
from jd_assets.tables import JD_KRAS, KRA_EMBEDDINGS, VECTOR_WIDTH


class JdEmbedder(Protocol):
    """An embedder that may have to leave JDs out, such as one that a budget bounds."""

    @property
    def model_id(self) -> str: ...

    def embed_jds(self, sentences: Mapping[str, Sequence[str]], ds: date) -> Mapping[str, Vectors]:
        """Unit vectors of each JD's sentences, in their order, by JD; all of a JD's or none."""
        ...


def kra_items(raw: pl.DataFrame, parsed: pl.DataFrame) -> pl.DataFrame:
    """JD_KRAS of the JDs that passed: the segments that state a duty, in their order."""
    texts = dict(raw.filter(pl.col("status") == "ok").select("jd_id", "text").iter_rows())
    rows: list[dict[str, Any]] = []
    passed = parsed.filter(pl.col("jd_type") == "pass").select("ds", "jd_id", "segments")
    for ds, jd_id, segments in passed.iter_rows():
        duties = (s for s in segments if s["duty"])
        for position, duty in enumerate(duties, start=1):
            sentence = texts[jd_id][duty["start"] : duty["end"]]
            rows.append(
                {
                    "ds": ds,
                    "jd_id": jd_id,
                    "position": position,
                    "sentence": sentence,
                    "start": duty["start"],
                    "end": duty["end"],
                    "section": duty["section"],
                    "words": len(sentence.split()),
                }
            )
    return JD_KRAS.frame(rows)


def embed_items(items: pl.DataFrame, embedder: Embedder) -> pl.DataFrame:
    """KRA_EMBEDDINGS of JD_KRAS rows; each distinct sentence is embedded once."""
    return _rows(items, embedder.embed(items["sentence"].to_list()), embedder.model_id)


def embed_jd_items(items: pl.DataFrame, embedder: JdEmbedder, ds: date) -> pl.DataFrame:
    """KRA_EMBEDDINGS of those JD_KRAS rows, of one day, whose JDs the embedder has vectors for."""
    sentences = dict(items.group_by("jd_id", maintain_order=True).agg("sentence").iter_rows())
    by_jd = embedder.embed_jds(sentences, ds)
    kept = items.filter(pl.col("jd_id").is_in(list(by_jd)))
    place = {jd: iter(vectors) for jd, vectors in by_jd.items()}
    vectors = [next(place[jd]) for jd in kept["jd_id"]]
    return _rows(kept, np.array(vectors, dtype=np.float32).reshape(-1, VECTOR_WIDTH), embedder.model_id)


def _rows(items: pl.DataFrame, vectors: Vectors, model: str) -> pl.DataFrame:
    key = pl.concat_str(
        pl.col("ds").dt.to_string("%Y-%m-%d"), pl.col("jd_id"), pl.col("position"), separator="/"
    )
    return items.select(
        "ds",
        key.alias("key"),
        "jd_id",
        "position",
        pl.lit(model).alias("model"),
        pl.Series("vector", vectors, dtype=KRA_EMBEDDINGS.column("vector").dtype),
    )
