"""A JD's duties one by one, and their embeddings."""

from __future__ import annotations

from typing import Any

import polars as pl

from jd_assets.models.embedder import Embedder
from jd_assets.tables import JD_KRAS, KRA_EMBEDDINGS


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
    vectors = embedder.embed(items["sentence"].to_list())
    key = pl.concat_str(
        pl.col("ds").dt.to_string("%Y-%m-%d"), pl.col("jd_id"), pl.col("position"), separator="/"
    )
    return items.select(
        "ds",
        key.alias("key"),
        "jd_id",
        "position",
        pl.lit(embedder.model_id).alias("model"),
        pl.Series("vector", vectors, dtype=KRA_EMBEDDINGS.column("vector").dtype),
    )
