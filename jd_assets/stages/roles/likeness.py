"""How near a title's meaning is to roles' titles, whatever its words: "Custodian" to "Janitor"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from jd_assets.library.release import Floats, Release
from jd_assets.models.embedder import Embedder

_CHUNK = 128  # titles whose cosines to all titles of the release stand in memory at a time


@dataclass(frozen=True)
class Likeness:
    """`scores`, shape (roles,), are the best cosines between a title and one of the role's first titles, at
    least 0; `places`, the same shape, are the rows of that title in the release's `title_vectors`."""

    scores: Floats
    places: npt.NDArray[np.int64]


def title_likeness(
    titles: Iterable[str | None], release: Release, embedder: Embedder
) -> Mapping[str, Likeness]:
    """The likeness of each distinct title. The embedder is the one that made the release's title vectors.

    A title is embedded alone, so that it has the same vector in every batch.
    """
    wanted = sorted({title for title in titles if title and title.strip()})
    if not wanted or not len(release.title_vectors):
        return {}
    vectors = embedder.embed_each(wanted)
    bounds = np.searchsorted(release.title_role, np.arange(len(release.roles)))
    found: dict[str, Likeness] = {}
    for first in range(0, len(wanted), _CHUNK):
        cosines = vectors[first : first + _CHUNK] @ release.title_vectors.T
        best = np.maximum.reduceat(cosines, bounds, axis=1)
        is_best = cosines == best[:, release.title_role]
        rows = np.where(is_best, np.arange(len(release.title_role)), len(release.title_role))
        places = np.minimum.reduceat(rows, bounds, axis=1)
        own = map(Likeness, np.clip(best, 0.0, 1.0), places)
        found |= zip(wanted[first : first + _CHUNK], own, strict=True)
    return found
