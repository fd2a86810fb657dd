"""How the embedded engine and a language model share their work: when the model is asked, and what is kept of
both. benchmarks/fit_hybrid.py makes the file; what it was fitted on stands in its provenance."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

HYBRID_FILE = Path(__file__).resolve().parent / "hybrid.json"


@dataclass(frozen=True)
class Hybrid:
    """Numbers that decide between the engines.

    `field_weights` are intercept and weights of the logistic curve that makes the confidence in a JD's fields
    of its signs. `asks_below` is, by part of a JD, the confidence of the embedded engine below which the
    model is asked. `precision` is the share of a model's skills taken to be right, and `keeps_from` the
    confidence from which a skill that the model did not name is kept.
    """

    field_weights: tuple[float, ...]
    asks_below: Mapping[str, float]
    precision: float
    keeps_from: float


@lru_cache(maxsize=1)
def shipped_hybrid() -> Hybrid:
    """The process's one instance."""
    content = json.loads(HYBRID_FILE.read_text("utf-8"))
    return Hybrid(
        tuple(content["field_weights"]), content["asks_below"], content["precision"], content["keeps_from"]
    )
