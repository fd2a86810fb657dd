"""The fitted model of which role a JD is for: its weights, and where they come from.

Three logistic models in a row, fitted by `python -m benchmarks.fit_roles`. The first is a conditional logit
(McFadden, 1974) over the candidate roles of a JD; the second says whether any library role fits; the third
turns both into the probability that an expert would accept the answer.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]

MODEL_FILE = Path(__file__).resolve().parent / "role_model.json"

SIGNALS = ("alias", "likeness", "mention", "skill", "technology", "kra", "centroid", "text", "domain")
"""In the order in which they are shown."""

CANDIDATE_FEATURES = ("title", *SIGNALS)
"""`title` is 1 for a role that the title names exactly, shared where it names several; the others are the
scores of the signals."""

JD_FEATURES = (
    "one", "lead", "title", "alias", "mention", "skill", "text", "most_text", "kra", "most_kra", "centroid",
    "thin",
)  # fmt: skip
"""Of a JD, for whether any role fits: 1; the log odds of its best candidate's probability; that candidate's
scores by these signals; the highest text and KRA scores of any candidate; whether fewer than three duties
are stated. Skill and text scores are taken as ln(0.03 + score): how near to nothing they are matters."""

CONFIDENCE_FEATURES = ("one", "odds", "kin", "fits", "title")
"""Of a decision: 1; log odds of the chosen role's probability; probability of its parent and children; log
odds that a role fits; whether the title names it."""


@dataclass(frozen=True)
class RoleModel:
    """`candidate`, `fits` and `confidence` are weights in the order of the features above. `kin_share` is
    how much of the probability of its parent and children counts for a role when one is chosen;
    `least_fit` the least probability that a role fits; `provenance` says what it was fitted on, and
    `version` is a hash of the file."""

    candidate: Doubles
    fits: Doubles
    confidence: Doubles
    kin_share: float
    least_fit: float
    provenance: Mapping[str, Any]
    version: str = "unsaved"

    def weight(self, feature: str) -> float:
        """Weight of a candidate feature in the strength of a role."""
        return float(self.candidate[CANDIDATE_FEATURES.index(feature)])

    def strengths(self, features: Doubles) -> Doubles:
        """Strength of each candidate, shape (candidates,), of features (candidates, features)."""
        strengths: Doubles = features @ self.candidate
        return strengths


def shares(strengths: Doubles, starts: npt.NDArray[np.int64]) -> Doubles:
    """Softmax of the strengths within each JD, whose candidates start at `starts`; shape (candidates,)."""
    counts = np.diff(np.append(starts, len(strengths)))
    odds = np.exp(strengths - np.repeat(np.maximum.reduceat(strengths, starts), counts))
    share: Doubles = odds / np.repeat(np.add.reduceat(odds, starts), counts)
    return share


def logistic(x: Doubles) -> Doubles:
    probability: Doubles = 1.0 / (1.0 + np.exp(-x))
    return probability


def log_odds(p: Doubles) -> Doubles:
    """Log odds of probabilities, those within 0.001 of 0 and 1 cut there."""
    cut = np.clip(p, 0.001, 0.999)
    odds: Doubles = np.log(cut / (1 - cut))
    return odds


@lru_cache(maxsize=1)
def shipped_role_model() -> RoleModel:
    """The model that the package ships."""
    return load_role_model(MODEL_FILE)


def load_role_model(path: Path) -> RoleModel:
    """A model from its file.

    Raises:
        KeyError: a weight is missing.
        OSError: the file can't be read.
    """
    data = path.read_bytes()
    content = json.loads(data)
    return RoleModel(
        candidate=np.array([content["candidate"][f] for f in CANDIDATE_FEATURES]),
        fits=np.array([content["fits"][f] for f in JD_FEATURES]),
        confidence=np.array([content["confidence"][f] for f in CONFIDENCE_FEATURES]),
        kin_share=float(content["kin_share"]),
        least_fit=float(content["least_fit"]),
        provenance=content["provenance"],
        version=hashlib.sha256(data).hexdigest()[:8],
    )


def save_role_model(model: RoleModel, path: Path) -> None:
    """Writes a model so that `load_role_model` reads it.

    Raises:
        OSError: the file can't be written.
    """

    def named(features: tuple[str, ...], weights: Doubles) -> dict[str, float]:
        return {f: round(float(w), 4) for f, w in zip(features, weights, strict=True)}

    content = {
        "provenance": dict(model.provenance),
        "candidate": named(CANDIDATE_FEATURES, model.candidate),
        "fits": named(JD_FEATURES, model.fits),
        "confidence": named(CONFIDENCE_FEATURES, model.confidence),
        "kin_share": model.kin_share,
        "least_fit": model.least_fit,
    }
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
