"""The roles that a JD may be for as arrays, and their probabilities under the fitted model."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import polars as pl

from jd_assets.library.release import Release
from jd_assets.models.role_model import (
    CANDIDATE_FEATURES,
    SIGNALS,
    Doubles,
    RoleModel,
    log_odds,
    logistic,
    shares,
)
from jd_assets.stages.roles.scores import BEST_SENTENCES

Indexes = npt.NDArray[np.int64]
_NOTHING = 0.03


@dataclass(frozen=True)
class Candidates:
    """Candidates of JDs, those of one JD in a row and in the order of the release's roles.

    JD j of `jd_ids` has candidates `starts[j]` up to the next start. `roles` are indexes into the
    release's roles; `features` has shape (candidates, CANDIDATE_FEATURES); `thin` says of each JD whether
    it states fewer duties than a KRA score is the mean of.
    """

    jd_ids: list[str]
    starts: Indexes
    jds: Indexes
    roles: Indexes
    features: Doubles
    thin: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Weighed:
    """Of each candidate its strength, its probability and that of its parent and children among the
    candidates; `fits`, shape (JDs,), the probability that any role fits, which is a factor of the others."""

    strength: Doubles
    probability: Doubles
    kin: Doubles
    fits: Doubles


def candidates_of(signals: pl.DataFrame, release: Release) -> Candidates:
    """The candidates of ROLE_SIGNALS rows; a JD without signals has none and is left out."""
    wide = (
        signals.group_by("jd_id", "role_slug")
        .agg(
            *(pl.col("score").filter(pl.col("signal") == s).first().fill_null(0.0).alias(s) for s in SIGNALS),
            pl.col("kra_matches").list.len().max().alias("duties"),
        )
        .with_columns(
            pl.col("role_slug").replace_strict(release.role_index, return_dtype=pl.Int64).alias("role"),
            (pl.col("alias") == 1.0).cast(pl.Float64).alias("title"),
        )
        .with_columns((pl.col("title") / pl.col("title").sum().over("jd_id").clip(1.0)).alias("title"))
        .sort("jd_id", "role")
    )
    ids = wide["jd_id"]
    firsts = ids.is_first_distinct()
    starts = np.flatnonzero(firsts.to_numpy())
    duties = wide["duties"].fill_null(0).to_numpy()
    most = np.maximum.reduceat(duties, starts) if len(starts) else duties
    return Candidates(
        jd_ids=ids.filter(firsts).to_list(),
        starts=starts,
        jds=np.cumsum(firsts.to_numpy()).astype(np.int64) - 1,
        roles=wide["role"].to_numpy(),
        features=wide.select(CANDIDATE_FEATURES).to_numpy(),
        thin=most < BEST_SENTENCES,
    )


def kin_of(release: Release) -> npt.NDArray[np.bool_]:
    """Which roles are parent and child of each other, shape (roles, roles)."""
    kin = np.zeros((len(release.roles), len(release.roles)), dtype=bool)
    for row, role in enumerate(release.roles):
        if role.parent is not None:
            parent = release.role_index[role.parent]
            kin[row, parent] = kin[parent, row] = True
    return kin


def fit_features(candidates: Candidates, strength: Doubles) -> Doubles:
    """JD_FEATURES of each JD, shape (JDs, features)."""
    share = shares(strength, candidates.starts)
    best = np.lexsort((candidates.roles, -strength, candidates.jds))[candidates.starts]
    own = {f: candidates.features[best, i] for i, f in enumerate(CANDIDATE_FEATURES)}
    # A thing said of a lesser candidate than the best still says that the library knows it.
    most = {
        f: np.maximum.reduceat(candidates.features[:, i], candidates.starts)
        for i, f in enumerate(CANDIDATE_FEATURES)
    }
    return np.column_stack(
        [
            np.ones(len(best)),
            log_odds(share[best]),
            own["title"],
            own["alias"],
            own["mention"],
            np.log(_NOTHING + own["skill"]),
            np.log(_NOTHING + own["text"]),
            np.log(_NOTHING + most["text"]),
            own["kra"],
            most["kra"],
            own["centroid"],
            candidates.thin.astype(np.float64),
        ]
    )


def weigh(candidates: Candidates, model: RoleModel, kin: npt.NDArray[np.bool_]) -> Weighed:
    """Probabilities of the candidates under the model."""
    strength = model.strengths(candidates.features)
    if not len(strength):
        return Weighed(strength, strength, strength, strength)
    fits = logistic(fit_features(candidates, strength) @ model.fits)
    probability = shares(strength, candidates.starts) * fits[candidates.jds]
    return Weighed(strength, probability, kin_probability(candidates, probability, kin), fits)


def kin_probability(candidates: Candidates, probability: Doubles, kin: npt.NDArray[np.bool_]) -> Doubles:
    """Probability of each candidate's parent and children among its JD's candidates."""
    found = np.zeros(len(probability))
    bounds = np.append(candidates.starts, len(probability))
    for first, last in pairwise(bounds):
        roles = candidates.roles[first:last]
        found[first:last] = kin[np.ix_(roles, roles)] @ probability[first:last]
    return found
