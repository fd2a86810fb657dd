"""How good the role decision is on labelled JDs: `python -m benchmarks.roles FILE...`.

Files are described in benchmarks/role_data.py. Printed are, over the JDs that a library role fits, the share
whose role is accepted, is the label itself, and is among the first three; how many JDs that none fits are
recognised; the decisions' cases; confusions; whether the confidence means what it says (reliability table and
expected calibration error; Guo et al., 2017); and the accuracy of the surest part.
"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table as Grid

from benchmarks.role_data import SEARCH, Labelled, LabelledSet, load
from jd_assets.library.compile import ensure_release
from jd_assets.library.load import SHIPPED
from jd_assets.library.release import Release
from jd_assets.models.embedder import shipped_embedder
from jd_assets.models.role_model import MODEL_FILE, RoleModel, load_role_model
from jd_assets.models.role_wording import WORDING_FILE, RoleWording, load_role_wording
from jd_assets.settings import settings
from jd_assets.stages.roles.decide import assign_roles

BINS = 10
COVERAGES = (0.5, 0.7, 0.9, 1.0)


@dataclass(frozen=True)
class Answer:
    """One JD's label and decision; `right`: an accepted role, or none where none fits."""

    label: Labelled
    role_slug: str | None
    case: str
    confidence: float
    right: bool
    in_top3: bool


def answers(
    labelled: LabelledSet, release: Release, model: RoleModel, wording: RoleWording | None = None
) -> list[Answer]:
    """The decisions on a set; by the shipped wording if none is given."""
    found = []
    for row in assign_roles(labelled.parsed, labelled.signals(release, wording), release, model).iter_rows(
        named=True
    ):
        label = labelled.by_jd.get(row["jd_id"])
        if label is None:
            continue
        slug = row["role_slug"]
        first = ([slug] if slug else []) + [a["role_slug"] for a in row["alternatives"]]
        accepted = {release.roles[i].slug for i in np.flatnonzero(label.accepted)}
        right = slug in accepted if accepted else slug is None
        found.append(
            Answer(label, slug, row["case"], row["confidence"], right, bool(accepted & set(first[:3])))
        )
    return found


def figures(found: list[Answer]) -> dict[str, float | int]:
    """The headline figures of some answers."""
    fitting = [a for a in found if a.label.accepted.any()]
    none = [a for a in found if not a.label.accepted.any()]
    return {
        "jds": len(found),
        "accepted": _mean([a.right for a in fitting]),
        "strict": _mean([a.role_slug == a.label.role_slug for a in fitting]),
        "top3": _mean([a.in_top3 for a in fitting]),
        "no_role": len(none),
        "no_role_recognised": sum(a.right for a in none),
        "called_new": sum(a.role_slug is None for a in fitting),
        "ece": round(calibration_error(found), 4),
    }


def calibration_error(found: list[Answer]) -> float:
    """Expected calibration error over ten equal bins of confidence."""
    confidence = np.array([a.confidence for a in found])
    right = np.array([a.right for a in found])
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    return sum(
        abs(float(right[bins == b].mean() - confidence[bins == b].mean())) * float((bins == b).mean())
        for b in np.unique(bins)
    )


def reliability(found: list[Answer]) -> Grid:
    grid = Grid("confidence", "JDs", "mean confidence", "right")
    for column in grid.columns[1:]:
        column.justify = "right"
    for low in range(BINS):
        own = [a for a in found if min(int(a.confidence * BINS), BINS - 1) == low]
        if own:
            bounds = f"{low / BINS:.1f} to {(low + 1) / BINS:.1f}"
            sure, right = _mean([a.confidence for a in own]), _mean([a.right for a in own])
            grid.add_row(bounds, str(len(own)), f"{sure:.3f}", f"{right:.3f}")
    return grid


def coverage(found: list[Answer]) -> Grid:
    grid = Grid("surest", "least confidence", "right")
    surest = sorted(found, key=lambda a: -a.confidence)
    for share in COVERAGES:
        own = surest[: max(1, round(share * len(surest)))]
        grid.add_row(f"{share:.0%}", f"{own[-1].confidence:.2f}", f"{_mean([a.right for a in own]):.3f}")
    return grid


def confusion(found: list[Answer], columns: int = 5) -> Grid:
    """For each label how many JDs it has, how many are right, and the answers most given."""
    grid = Grid("label", "JDs", "accepted", "answers")
    by_label: dict[str, list[Answer]] = {}
    for answer in found:
        by_label.setdefault(answer.label.role_slug or "(none fits)", []).append(answer)
    for label, own in sorted(by_label.items(), key=lambda item: -len(item[1])):
        given = Counter(a.role_slug or "NEW_ROLE" for a in own).most_common(columns)
        grid.add_row(label, str(len(own)), f"{_mean([a.right for a in own]):.2f}",
                     ", ".join(f"{slug} {n}" for slug, n in given))  # fmt: skip
    return grid


def _mean(values: list[bool] | list[float]) -> float:
    return round(float(np.mean(values)), 4) if values else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("labelled", nargs="+", help="files, as benchmarks/role_data.py describes them")
    parser.add_argument(
        "--titles", action="store_true", help="give the JDs' titles too, where a file has them"
    )
    parser.add_argument("--brief", action="store_true", help="the headline figures only")
    parser.add_argument(
        "--model", type=Path, default=MODEL_FILE, help="weights; the shipped ones if left out"
    )
    parser.add_argument(
        "--wording", type=Path, default=WORDING_FILE, help="wording; the shipped one if left out"
    )
    options = parser.parse_args()

    console = Console(width=150)
    embedder, model = shipped_embedder(), load_role_model(options.model)
    wording = load_role_wording(options.wording)
    release = ensure_release(SHIPPED, settings().releases_dir, embedder)
    for source in options.labelled:
        labelled = load(source, release, embedder, titles=options.titles)
        found = answers(labelled, release, model, wording)
        console.print(labelled.name, "with titles" if options.titles else "text alone", figures(found))
        if options.brief:
            continue
        console.print("cases", dict(Counter(a.case for a in found).most_common()))
        console.print(reliability(found), coverage(found))
        if any(a.label.kind == SEARCH for a in found):
            console.print(confusion(found))


if __name__ == "__main__":
    main()
