"""Fits what decides between the embedded engine and a model: `python -m benchmarks.fit_hybrid --gold FILE`.

FILE has experts' labels, a JD a line. No model is asked: the answers are simulated from the labels. A skill
is left out, or its primary flag turned round, with the stated error rate, and as often words of the text that
are no skill are added; a field is left out or read from another place with a rate of its own. Everything
behind the answer (grounding, merging, the library) is the engine's own. Each JD is read twice, as it is and
with its line ends lost, as postings copied from pages are: the rules were made with these labels at hand and
make nearly no mistake on them as they are.

1. keeps_from: the confidence from which a skill that the model did not name is kept, by the F1 of hard
   skills at the assumed error rate.
2. field_weights: logistic regression on whether all labelled fields are right.
3. asks_below: for each part the least that is asked with GAIN of what asking for every JD gains.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.fit_roles import fit_logistic
from benchmarks.llm_cost import tokens_of
from jd_assets import contracts as C
from jd_assets.library.compile import ensure_release
from jd_assets.library.load import SHIPPED
from jd_assets.library.release import Release
from jd_assets.library.spelling import WORD, fold
from jd_assets.models.embedder import shipped_embedder
from jd_assets.models.hybrid import HYBRID_FILE, Hybrid
from jd_assets.settings import settings
from jd_assets.stages.parse.frame import parse_record, parsed_row
from jd_assets.stages.parse.llm_merge import merge
from jd_assets.stages.parse.parsed import ParsedJd
from jd_assets.stages.skills.context import SILENT_SECTIONS
from jd_assets.stages.skills.extract import find_skills, posting_of
from jd_assets.stages.skills.found import Found
from jd_assets.stages.unsure import field_signs, fields_confidence, skills_confidence

SKILL_ERROR, FIELD_ERROR = 0.15, 0.05
"""Assumed error rates of a model; the tables show others beside them."""
SHOWN_ERRORS = (0.05, 0.15, 0.25)
DECISION_BELOW = 0.9
"""Confidence in a role below which a model is asked about it. Not simulated: of the labelled postings as they
are 5 of 57 lie below, 2 of the 3 whose role is wrong among them."""

GAIN = 0.8
KEEPS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01)
SEEDS = 5
_DECAY = 2.0
_FIELDS = ("job_title", "company_name", "experience_min", "experience_max", "cities", "education_levels")


@dataclass(frozen=True)
class Case:
    """A labelled JD as the embedded engine reads it."""

    gold: Mapping[str, Any]
    jd: ParsedJd


def main() -> None:
    options = _options()
    content = options.gold.read_bytes()
    labelled = [g for g in map(json.loads, content.splitlines()) if g["is_jd"]]
    cases = [
        Case(g, jd)
        for flat in (False, True)
        for g in labelled
        if not (
            jd := parse_record({"text": re.sub(r"\s*\n\s*", " ", g["text"]) if flat else g["text"]})
        ).rejection
    ]
    release = ensure_release(SHIPPED, settings().releases_dir, shipped_embedder())
    how = Hybrid((), {}, 1 - SKILL_ERROR, 0.0)

    print("Hard skills, F1 by the confidence from which a skill that the model did not name is kept")
    print(
        "| error rate | "
        + " | ".join("union" if k == 0 else "model alone" if k > 1 else f"{k}" for k in KEEPS)
        + " |"
    )
    print("|---" * (len(KEEPS) + 1) + "|")
    best: dict[float, float] = {}
    for error in SHOWN_ERRORS:
        scores = {k: f1(skill_counts(cases, error, replace(how, keeps_from=k), release)) for k in KEEPS}
        print(f"| {error} | " + " | ".join(f"{s:.3f}" for s in scores.values()) + " |")
        best[error] = max(scores, key=scores.__getitem__)
    how = replace(how, keeps_from=best[SKILL_ERROR])

    alone = list(find_skills([posting_of(c.jd.text, parsed_row(c.jd)) for c in cases], release))
    right = np.array([field_counts(c.gold, c.jd) for c in cases])
    x = np.array([[1.0, *field_signs(c.jd)] for c in cases])
    y = (right[:, 0] == right[:, 1]).astype(float)
    folds = np.arange(len(cases)) % len(labelled) % 5
    held_out = np.zeros(len(cases))
    for fold_ in range(5):
        used = folds != fold_
        w = fit_logistic(x[used], y[used], np.ones(used.sum()), _DECAY)
        held_out[~used] = 1 / (1 + np.exp(-x[~used] @ w))
    weights = tuple(round(float(v), 4) for v in fit_logistic(x, y, np.ones(len(x)), _DECAY))
    how = replace(how, field_weights=weights)
    sure = np.array([fields_confidence(c.jd, how) for c in cases])
    print(f"\nall fields right: {y.mean():.3f} of JDs; held-out log loss {log_loss(held_out, y):.3f}, "
          f"of the mean alone {log_loss(np.full(len(y), y.mean()), y):.3f}")  # fmt: skip

    asks: dict[str, float] = {}
    tables: dict[str, list[dict[str, float]]] = {}
    by_model = simulated_fields(cases)
    part: C.Part = "fields"
    cost = np.array([tokens_of(c.jd, s, frozenset([part])).usd() for c, s in zip(cases, alone, strict=True)])
    asks[part], tables[part] = curve(
        sure, cost, lambda ask: share_right(np.where(ask[:, None], by_model, right))
    )
    part = "skills"
    cost = np.array([tokens_of(c.jd, s, frozenset([part])).usd() for c, s in zip(cases, alone, strict=True)])
    counts = np.array([skill_count(c, s) for c, s in zip(cases, alone, strict=True)])
    joined = np.mean([per_case(cases, SKILL_ERROR, how, release, seed) for seed in range(SEEDS)], axis=0)
    sure = np.array([skills_confidence(s) for s in alone])
    asks[part], tables[part] = curve(
        sure, cost, lambda ask: f1(np.where(ask[:, None], joined, counts).sum(axis=0))
    )
    for part, table in tables.items():
        print(f"\n{part}: asked below {asks[part]}")
        print("| asked below | JDs asked | right | USD a JD |\n|---|---|---|---|")
        for row in table[::5]:
            print(f"| {row['below']:.2f} | {row['asked']:.0%} | {row['right']:.3f} | {row['usd']:.6f} |")
    made = {
        "field_weights": how.field_weights,
        "asks_below": {**asks, "decision": DECISION_BELOW},
        "precision": how.precision,
        "keeps_from": how.keeps_from,
        "provenance": {
            "made_by": "benchmarks/fit_hybrid.py",
            "made_at": datetime.now(UTC).date().isoformat(),
            "answers": "simulated from the labels: no model was asked",
            "skill_error": SKILL_ERROR,
            "field_error": FIELD_ERROR,
            "gain": GAIN,
            "labelled_jds": len(labelled),
            "readings": len(cases),
            "gold_sha256": hashlib.sha256(content).hexdigest(),
            "library_release": release.release,
        },
    }
    if not options.dry_run:
        HYBRID_FILE.write_text(json.dumps(made, indent=1) + "\n", "utf-8")


def curve(sure: Any, cost: Any, right_when: Any) -> tuple[float, list[dict[str, float]]]:
    """The least threshold with GAIN of what asking for every JD gains, and what some thresholds give."""
    table = []
    for below in np.round(np.arange(0, 1.01, 0.01), 2):
        ask = sure < below
        table.append({"below": float(below), "asked": float(ask.mean()), "right": float(right_when(ask)),
                      "usd": float((cost * ask).mean())})  # fmt: skip
    least, most = table[0]["right"], max(row["right"] for row in table)
    chosen = next(row["below"] for row in table if row["right"] >= least + GAIN * (most - least))
    return chosen, table


def f1(counts: Any) -> float:
    """Of right, found and labelled ones."""
    return float(2 * counts[0] / (counts[1] + counts[2]))


def share_right(counts: Any) -> float:
    """Right fields of all that are labelled or read."""
    return float(counts[:, 0].sum() / counts[:, 1].sum())


def log_loss(likely: Any, y: Any) -> float:
    return float(-np.mean(y * np.log(likely) + (1 - y) * np.log(1 - likely)))


def field_counts(gold: Mapping[str, Any], jd: ParsedJd) -> tuple[int, int]:
    """Fields that are right, and fields that the label or the engine has."""
    read: dict[str, Any] = {
        "job_title": jd.title.value if jd.title else None,
        "company_name": jd.company.value if jd.company else None,
        "experience_min": jd.experience.least if jd.experience else None,
        "experience_max": jd.experience.most if jd.experience else None,
        "cities": jd.cities,
        "education_levels": jd.education_levels,
    }
    pairs = [(_plain(gold[name]), _plain(read[name])) for name in _FIELDS]
    # Labels without a title or company say that none is needed, so nothing that is read there is wrong.
    pairs = [p for p, name in zip(pairs, _FIELDS, strict=True) if gold[name] or name not in _FIELDS[:2]]
    there = [(a, b) for a, b in pairs if a or b or a == 0]
    return sum(a == b for a, b in there), len(there)


def simulated_fields(cases: Sequence[Case]) -> Any:
    """Right and all fields of each case as a model with FIELD_ERROR reads them, in the mean."""
    counted = [field_counts(c.gold, c.jd)[1] for c in cases]
    return np.array([(n * (1 - FIELD_ERROR), n) for n in counted])


def skill_counts(cases: Sequence[Case], error: float, how: Hybrid, release: Release) -> Any:
    return sum(per_case(cases, error, how, release, seed).sum(axis=0) for seed in range(SEEDS))


def per_case(cases: Sequence[Case], error: float, how: Hybrid, release: Release, seed: int) -> Any:
    """Right, found and labelled hard skills of each case, read by both engines; shape (cases, 3)."""
    rng = random.Random(seed)
    read = [merge(c.jd, C.Reading(skills=simulated_skills(c, error, rng))) for c in cases]
    postings = [posting_of(jd.text, parsed_row(jd)) for jd in read]
    found = find_skills(postings, release, how=how)
    return np.array([skill_count(c, skills) for c, skills in zip(cases, found, strict=True)])


def simulated_skills(case: Case, error: float, rng: random.Random) -> C.SkillsNamed:
    named = C.SkillsNamed()
    text = case.jd.text
    words = [
        word.span()
        for segment in case.jd.segments
        if segment.section not in SILENT_SECTIONS
        for word in WORD.finditer(text, segment.start, segment.end)
    ]
    labels = {fold(s["surface"]) for s in case.gold["skills"]}
    for skill in case.gold["skills"]:
        primary = skill["primary"] != (rng.random() < error)
        into = named.soft if skill["kind"] == "soft" else named.main if primary else named.plus
        if rng.random() >= error:
            into.append(skill["surface"])
        if rng.random() < error and words:
            first = rng.randrange(len(words))
            last = min(first + rng.choice((0, 0, 1, 1, 2)), len(words) - 1)
            wrong = text[words[first][0] : words[last][1]]
            if fold(wrong) not in labels:
                into.append(wrong)
    return named


def skill_count(case: Case, skills: Sequence[Found]) -> tuple[int, int, int]:
    """Right, found and labelled hard skills, matched one to one by name or words; soft ones that are matched
    count for neither."""
    text, left = case.jd.text, list(skills)
    right = labelled = 0
    for label in case.gold["skills"]:
        keys = {fold(label["name"]), fold(label["surface"])}
        hit = next((s for s in left if {fold(s.name), fold(text[s.start : s.end])} & keys), None)
        if hit is not None:
            left.remove(hit)
        if label["kind"] == "hard":
            labelled += 1
            right += hit is not None
    return right, right + sum(s.kind == "hard" for s in left), labelled


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return fold(value)
    return sorted(map(fold, value)) if isinstance(value, list) else value


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--gold", type=Path, required=True, help="JSONL of labelled JDs.")
    parser.add_argument("--dry-run", action="store_true", help="Print the tables, write nothing.")
    return parser.parse_args()


if __name__ == "__main__":
    main()
