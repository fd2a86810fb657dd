"""Compares a day's counts with those of the days before it, and tells a shift from chance."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

TRAILING_DAYS = 28
"""Days that a day is compared with: four whole weeks, so that each weekday counts alike."""

LEAST_TODAY, LEAST_BEFORE = 20, 100
"""Fewer JDs than these, today or in the days before, are not compared."""

ONE_IN_A_THOUSAND = 3.090
"""Standard normal quantile that chance exceeds once in a thousand."""

LEAST_RISE = 0.05
"""A rise of a share by less than this changes nobody's work, however sure it is."""

MOST_PSI = 0.25
"""Population stability index over which a population counts as another one (Siddiqi, Credit Risk
Scorecards, 2006)."""


@dataclass(frozen=True, slots=True)
class Rise:
    """Share of a day's JDs and of those before it (0 to 1), and how many standard errors lie between."""

    share: float
    before: float
    z: float

    @property
    def is_notable(self) -> bool:
        return self.z > ONE_IN_A_THOUSAND and self.share - self.before >= LEAST_RISE


@dataclass(frozen=True, slots=True)
class MixShift:
    """Population stability index of a day's mix against the mix before it, and the index that chance
    alone exceeds once in a thousand at these counts."""

    psi: float
    by_chance: float

    @property
    def is_notable(self) -> bool:
        return self.psi > max(MOST_PSI, self.by_chance)


def is_comparable(today: int, before: int) -> bool:
    """Whether there are JDs enough on both sides for a comparison to mean something."""
    return today >= LEAST_TODAY and before >= LEAST_BEFORE


def rise(hits: int, jds: int, hits_before: int, jds_before: int) -> Rise:
    """How far a share has risen: the two-proportion z-test with pooled variance.

    Raises:
        ValueError: one of the sides has no JDs.
    """
    if not jds or not jds_before:
        raise ValueError("a share of no JDs is not known")
    share, before = hits / jds, hits_before / jds_before
    pooled = (hits + hits_before) / (jds + jds_before)
    error = math.sqrt(pooled * (1 - pooled) * (1 / jds + 1 / jds_before))
    return Rise(share, before, (share - before) / error if error else 0.0)


def mix_shift(today: Mapping[str, int], before: Mapping[str, int]) -> MixShift:
    """The population stability index, the sum over groups of (p - q) ln(p / q).

    p and q are the groups' shares today and before, after half a JD is added to each group on both sides,
    so that a group missing on one of them does not make the index infinite. Under one and the same mix,
    psi / (1/n + 1/m) follows a chi-squared distribution with one degree of freedom less than there are
    groups (Yurdakul and Naranjo, 2020); its quantile is taken by Wilson and Hilferty's approximation.

    Raises:
        ValueError: one of the sides has no JDs.
    """
    n, m = sum(today.values()), sum(before.values())
    if not n or not m:
        raise ValueError("a mix of no JDs is not known")
    groups = sorted(today.keys() | before.keys())
    half = 0.5 * len(groups)
    psi = 0.0
    for group in groups:
        p = (today.get(group, 0) + 0.5) / (n + half)
        q = (before.get(group, 0) + 0.5) / (m + half)
        psi += (p - q) * math.log(p / q)
    return MixShift(psi, (1 / n + 1 / m) * _chi_squared(len(groups) - 1))


def _chi_squared(freedom: int) -> float:
    """The quantile that a chi-squared variable exceeds once in a thousand."""
    if not freedom:
        return 0.0
    spread = 2 / (9 * freedom)
    return float(freedom * (1 - spread + ONE_IN_A_THOUSAND * math.sqrt(spread)) ** 3)
