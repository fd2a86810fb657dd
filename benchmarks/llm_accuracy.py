"""What a model's word on roles is worth: `python -m benchmarks.llm_accuracy --gold FILE`.

FILE has experts' labels, a JD a line. No model is asked: a simulated one chooses an accepted role among those
offered, or none where none is, and another answer at the stated rate. Each JD is read twice, as it is and
with its line ends lost. Printed is the share of accepted roles, in the mean over SEEDS, by the model's
accuracy (rows) and by the one that the decision takes it to have (columns).
"""

from __future__ import annotations

import argparse
import io
import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import polars as pl

from jd_assets import contracts as C
from jd_assets.library.compile import ensure_release
from jd_assets.library.load import SHIPPED
from jd_assets.models.embedder import shipped_embedder
from jd_assets.models.hybrid import shipped_hybrid
from jd_assets.pipeline import run_stages
from jd_assets.settings import settings
from jd_assets.stages.ingest.readers import read
from jd_assets.stages.ingest.records import FieldNames
from jd_assets.stages.ingest.table import ingest
from jd_assets.stages.roles import verdicts
from jd_assets.stages.roles.decide import assign_roles
from jd_assets.stages.roles.judge import Panel
from jd_assets.storage.landing import limits

ACCURACIES = (0.75, 0.85, 0.95)
SEEDS = 5
QUOTE_WORDS = 8
_DAY = date(2026, 3, 2)


class Simulated:
    """A model that is right at a rate; `accepted` are role names by JD id."""

    engine = "simulated"

    def __init__(self, accepted: Mapping[str, frozenset[str]], accuracy: float, seed: int) -> None:
        self._accepted = accepted
        self._accuracy = accuracy
        self._chance = Random(seed)

    def decide(self, questions: Mapping[str, C.RoleQuestion], ds: date) -> dict[str, C.RoleVerdict]:
        """An answer to each question, with a quote that stands in the posting."""
        return {jd_id: self._answer(jd_id, question) for jd_id, question in questions.items()}

    def _answer(self, jd_id: str, question: C.RoleQuestion) -> C.RoleVerdict:
        offered = {str(n): o.name for n, o in enumerate(question.options, start=1)}
        right = [n for n, name in offered.items() if name in self._accepted[jd_id]] or ["none"]
        wrong = [n for n in (*offered, "none") if n not in right] or right
        choice: Any = self._chance.choice(right if self._chance.random() < self._accuracy else wrong)
        words = max(question.posting.splitlines(), key=len).split()
        return C.RoleVerdict(evidence=[" ".join(words[:QUOTE_WORDS])], choice=choice)


def main() -> None:
    options = _options()
    labelled = [g for g in map(json.loads, options.gold.read_bytes().splitlines()) if g["is_jd"]]
    release = ensure_release(SHIPPED, settings().releases_dir, shipped_embedder())
    names = {role.slug: role.name for role in release.roles}
    days, accepted = [], {}
    for flat in (False, True):
        texts = [re.sub(r"\s*\n\s*", " ", g["text"]) if flat else g["text"] for g in labelled]
        lines = "\n".join(json.dumps({"text": text}) for text in texts).encode()
        records = list(read(io.BytesIO(lines), "gold.jsonl", FieldNames(text=("text",)), limits(settings())))
        raw = ingest(records, _DAY)
        days.append(run_stages(raw, _DAY, release, shipped_embedder()))
        accepted |= {
            jd_id: frozenset(names[s] for s in _slugs(labelled[row - 1]) if s in names)
            for jd_id, row in raw.select("jd_id", "source_row").iter_rows()
        }

    def right(decided: Iterable[pl.DataFrame]) -> float:
        return float(
            np.mean([
                name in accepted[jd_id] if name else not accepted[jd_id]
                for roles in decided
                for jd_id, name in roles.select("jd_id", "role_name").iter_rows()
            ])
        )  # fmt: skip

    alone = [day.role_assignments for day in days]
    print(f"{sum(roles.height for roles in alone)} readings, {right(alone):.3f} right by the signals alone")
    shipped = shipped_hybrid().asks_below["decision"]
    for what, below in ((f"hybrid, asked below {shipped}", shipped), ("openai, all asked", None)):
        print(f"\n| {what}: right at | " + " | ".join(f"taken to be {a}" for a in ACCURACIES) + " |")
        print("|---" * (len(ACCURACIES) + 1) + "|")
        for accuracy in ACCURACIES:
            cells = []
            for taken in ACCURACIES:
                verdicts.MODEL_ACCURACY = taken
                shares = []
                for seed in range(SEEDS):
                    judge = Simulated(accepted, accuracy, seed)
                    panel = Panel(judge, judge, below)
                    shares.append(
                        right(
                            assign_roles(d.parsed_jds, d.role_signals, release, panel=panel, raw=d.raw_jds)
                            for d in days
                        )
                    )
                cells.append(f"{np.mean(shares):.3f}")
            print(f"| {accuracy} | " + " | ".join(cells) + " |", flush=True)


def _slugs(label: Mapping[str, Any]) -> set[str]:
    return {s for s in (label["role_slug"], *label["acceptable_slugs"]) if s}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--gold", type=Path, required=True, help="JSONL of labelled JDs.")
    return parser.parse_args()


if __name__ == "__main__":
    main()
