"""Centroids that were promoted into the library: what postings assigned to a role look like."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from jd_assets.library.load import LibraryError, Problem

COLUMNS = ("ds", "role_slug", "model", "n", "centroid")
"""Day up to which postings were counted, role, embedding model, number of postings, unit vector."""


def read_promoted(path: Path, model: str) -> pl.DataFrame:
    """The promoted centroids of an embedding model, with COLUMNS.

    Raises:
        LibraryError: the file is none of promoted centroids.
    """
    try:
        frame = pl.read_parquet(path, columns=list(COLUMNS))
    except (OSError, pl.exceptions.PolarsError) as error:
        problem = Problem(path.name, 1, f"it can't be read: {error}", "promote the centroids again")
        raise LibraryError([problem]) from None
    return frame.filter(pl.col("model") == model)
