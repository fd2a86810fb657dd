"""Promotes the centroids of a day into the library, for the next release to decide by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from jd_assets.library.load import CENTROIDS
from jd_assets.llm.engine import embedder_id
from jd_assets.stages.centroids.centroids import LEAST_POSTINGS, promotable
from jd_assets.storage.files import replacing
from jd_assets.storage.stores import Stores
from jd_assets.tables import ROLE_CENTROIDS


class NothingToPromote(ValueError):
    """No centroid can be promoted; the message says why and what to do."""


@dataclass(frozen=True)
class Promotion:
    """Centroids promoted into `path`: those of `roles` roles as of `ds`, resting on `postings` postings."""

    path: Path
    ds: date
    roles: int
    postings: int


def promote(
    stores: Stores, ds: date | None = None, least: int = LEAST_POSTINGS, *, dry_run: bool = False
) -> Promotion:
    """Puts the centroids of a day, the last one if none is given, in the place of those promoted before.

    Only roles with at least `least` postings are promoted; the others keep the centroid of their KRA texts.
    With `dry_run` nothing is written.

    Raises:
        NothingToPromote: the day has no centroids, or none rests on so many postings.
    """
    days = stores.warehouse.days(ROLE_CENTROIDS)
    if not days or (ds is not None and ds not in days):
        raise NothingToPromote(f"role_centroids has no {'rows' if ds is None else f'day {ds}'}: run it first")
    day = ds or days[-1]
    rows = stores.vectors.read(ROLE_CENTROIDS, [day]).filter(pl.col("model") == embedder_id(stores.settings))
    frame = promotable(rows, least)
    if not frame.height:
        raise NothingToPromote(f"no role has {least} postings by {day}: wait, or ask for fewer with --least")
    path = stores.settings.learned_dir / CENTROIDS
    if not dry_run:
        with replacing(path) as handle:
            frame.write_parquet(handle)
    return Promotion(path, day, frame.height, int(frame["n"].sum()))
