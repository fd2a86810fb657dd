"""Fits the cosine under which a duty is captured as a new KRA: python -m benchmarks.kra_cut PAIRS.jsonl

Each line has `similarity`, the cosine of a duty and its nearest library KRA, and `same`, whether a person
says that the duty is that KRA. A logistic curve is fitted by Newton's method; the command prints the share
that is the same by band, and the cosines at which the curve passes a quarter, a third and a half.
"""

from __future__ import annotations

import argparse
import itertools
import json
from pathlib import Path

import numpy as np
import numpy.typing as npt

BANDS = (0.0, 0.40, 0.45, 0.50, 0.55, 0.60, 0.65, 1.01)
_RIDGE = 1e-6  # keeps the Newton steps finite where the two kinds don't overlap

Doubles = npt.NDArray[np.float64]


def fit(similarity: Doubles, same: Doubles) -> tuple[float, float]:
    """Intercept and slope of the logistic curve of greatest likelihood."""
    inputs = np.stack([np.ones_like(similarity), similarity], axis=1)
    weights = np.zeros(2)
    for _ in range(100):
        likely = 1 / (1 + np.exp(-inputs @ weights))
        curvature = inputs.T @ (inputs * (likely * (1 - likely))[:, None]) + _RIDGE * np.eye(2)
        weights += np.linalg.solve(curvature, inputs.T @ (same - likely))
    return float(weights[0]), float(weights[1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", type=Path)
    rows = [json.loads(line) for line in parser.parse_args().pairs.read_text().splitlines()]
    similarity = np.array([row["similarity"] for row in rows], dtype=np.float64)
    same = np.array([row["same"] for row in rows], dtype=np.float64)
    intercept, slope = fit(similarity, same)
    print(f"{len(rows)} pairs, {same.sum():.0f} the same; intercept {intercept:.2f}, slope {slope:.2f}")
    for low, high in itertools.pairwise(BANDS):
        inside = (similarity >= low) & (similarity < high)
        if inside.any():
            shown = f"{low:.2f} to {min(high, 1):.2f}: {inside.sum():4d} pairs"
            print(f"{shown}, {same[inside].mean():.2f} the same")
    for share in (1 / 4, 1 / 3, 1 / 2):
        print(f"{share:.2f} the same at {(np.log(share / (1 - share)) - intercept) / slope:.3f}")


if __name__ == "__main__":
    main()
