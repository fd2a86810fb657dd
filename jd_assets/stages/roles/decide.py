"""Stage 4: one role for each JD, with the reasons, how sure it is, and what else it could be."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from jd_assets.library.compile import slugify
from jd_assets.library.release import Release
from jd_assets.library.titles import title_variants
from jd_assets.stages.roles.signals import BEST_SENTENCES
from jd_assets.stages.roles.weights import WEIGHTS
from jd_assets.tables import ROLE_ASSIGNMENTS

MATCHED_KRA = 0.47
"""Least cosine at which a sentence is said to match a KRA. DESIGN section 7: against libraries of full
sentences a cut there is right 86 % of the time."""

ALTERNATIVES = 4
_LISTED = 4


@dataclass
class _Candidate:
    slug: str
    name: str
    role_id: int
    scores: dict[str, float]
    matched_title: str | None = None
    matched_skills: tuple[str, ...] = ()
    matched_count: int = 0
    total_count: int = 0
    kra_matches: tuple[dict[str, Any], ...] = ()
    strength: float = 0.0
    probability: float = 0.0


def assign_roles(parsed: pl.DataFrame, signals: pl.DataFrame, release: Release) -> pl.DataFrame:
    """ROLE_ASSIGNMENTS: one row for each JD of PARSED_JDS that passed, from its ROLE_SIGNALS."""
    candidates: dict[str, dict[str, _Candidate]] = defaultdict(dict)
    for row in signals.iter_rows(named=True):
        of_jd = candidates[row["jd_id"]]
        candidate = of_jd.setdefault(
            row["role_slug"], _Candidate(row["role_slug"], row["role_name"], row["role_id"], {})
        )
        candidate.scores[row["signal"]] = row["score"]
        if row["signal"] == "alias":
            candidate.matched_title = row["matched_title"]
        elif row["signal"] == "skill":
            candidate.matched_skills = tuple(row["matched_skills"])
            candidate.matched_count, candidate.total_count = row["matched_count"], row["total_count"]
        elif row["signal"] == "kra":
            candidate.kra_matches = tuple(row["kra_matches"])

    rows = []
    passed = parsed.filter(pl.col("jd_type") == "pass")
    for ds, jd_id, run_id, title, engine in passed.select(
        "ds", "jd_id", "run_id", "title", "engine"
    ).iter_rows():
        decision = _decide(title, list(candidates[jd_id].values()), release)
        rows.append(
            {
                "ds": ds,
                "jd_id": jd_id,
                "run_id": run_id,
                "llm2_fired": False,
                "llm2_reasoning": None,
                "library_release": release.release,
                "engine": engine,
                **decision,
            }
        )
    return ROLE_ASSIGNMENTS.frame(rows)


def _decide(title: str | None, candidates: list[_Candidate], release: Release) -> dict[str, Any]:
    _weigh(candidates)
    candidates.sort(key=lambda c: (-c.probability, c.role_id))
    named = sorted(c.slug for c in candidates if c.scores.get("alias", 0.0) == 1.0)
    best = candidates[0] if candidates else None
    if best is None or best.strength < _needed(best):
        return _new_role(title, candidates, release)

    runner_up = candidates[1].probability if len(candidates) > 1 else 0.0
    case = _case(best, candidates, named, release)
    entry = release.role(best.slug)
    skills = set(best.matched_skills)
    dimensions = [
        name
        for name, slugs in entry.dimensions.items()
        if any(release.skill(s).name in skills for s in slugs)
    ]
    kras = [m for m in best.kra_matches if m["similarity"] >= MATCHED_KRA]
    return {
        "case": case,
        "role_id": best.role_id,
        "role_slug": best.slug,
        "role_name": best.name,
        "domain": entry.domain,
        "sub_role": None,
        "confidence": round(best.probability, 4),
        "margin": round(best.probability - runner_up, 4),
        "is_new_role": False,
        "new_role_slug": None,
        "new_role_name": None,
        "alias_collision": len(named) > 1,
        "collision_roles": named if len(named) > 1 else [],
        "matched_skills": list(best.matched_skills),
        "matched_kras": list(dict.fromkeys(m["kra_text"] for m in kras)),
        "matched_dimensions": dimensions,
        "reasoning": _reason(case, best, candidates, entry.domain, title),
        "alternatives": _alternatives(candidates[1:]),
    }


def _needed(candidate: _Candidate) -> float:
    judged = len(candidate.kra_matches) >= BEST_SENTENCES
    return WEIGHTS.least_strength if judged else WEIGHTS.least_strength_of_thin


def _weigh(candidates: list[_Candidate]) -> None:
    """Fills in strength, the weighted sum of the signals, and probability, its softmax over the
    candidates."""
    if not candidates:
        return
    for c in candidates:
        c.strength = sum(WEIGHTS.of(signal) * score for signal, score in c.scores.items())
    logits = np.array([c.strength for c in candidates])
    odds = np.exp(logits - logits.max())
    for c, p in zip(candidates, odds / odds.sum(), strict=True):
        c.probability = float(p)


def _case(best: _Candidate, candidates: list[_Candidate], named: list[str], release: Release) -> str:
    if best.slug in named:
        return "COLLISION" if len(named) > 1 else "ALIAS"
    if best.probability < WEIGHTS.least_probability:
        domain = release.role(best.slug).domain
        family = sum(c.probability for c in candidates if release.role(c.slug).domain == domain)
        if family >= WEIGHTS.family_probability:
            return "DOMAIN"
    parts = {signal: WEIGHTS.of(signal) * score for signal, score in best.scores.items()}
    return max(parts, key=lambda signal: parts[signal]).upper() if parts else "DOMAIN"


def _new_role(title: str | None, candidates: list[_Candidate], release: Release) -> dict[str, Any]:
    variants = title_variants(title) if title else []
    key = variants[1] if len(variants) > 1 else variants[0] if variants else None
    nearest = candidates[0] if candidates else None
    words = (
        f"nearest is {nearest.name} with strength {nearest.strength:.2f}, "
        f"and {_needed(nearest):.2f} is needed"
        if nearest
        else "it gives neither title, skills nor duties that the library knows"
    )
    return {
        "case": "NEW_ROLE",
        "role_id": None,
        "role_slug": None,
        "role_name": None,
        "domain": None,
        "sub_role": None,
        "confidence": 0.0,
        "margin": 0.0,
        "is_new_role": True,
        "new_role_slug": slugify(key) or None if key else None,
        "new_role_name": key.title() if key else None,
        "alias_collision": False,
        "collision_roles": [],
        "matched_skills": [],
        "matched_kras": [],
        "matched_dimensions": [],
        "reasoning": f"No library role fits: {words}.",
        "alternatives": _alternatives(candidates),
    }


def _alternatives(candidates: list[_Candidate]) -> list[dict[str, Any]]:
    return [
        {"role_slug": c.slug, "role_name": c.name, "probability": round(c.probability, 4)}
        for c in candidates[:ALTERNATIVES]
    ]


def _reason(case: str, best: _Candidate, candidates: list[_Candidate], domain: str, title: str | None) -> str:
    parts = []
    if best.matched_title is not None and title:
        exact = best.scores.get("alias") == 1.0
        parts.append(f'the title "{title}" {"names" if exact else "is close to"} {best.name}')
    if best.matched_count:
        listed = ", ".join(best.matched_skills[:_LISTED])
        more = "" if best.matched_count <= _LISTED else " and others"
        parts.append(
            f"it asks for {best.matched_count} of the role's {best.total_count} skills ({listed}{more})"
        )
    if best.kra_matches:
        top = best.kra_matches[0]
        parts.append(
            f'the duty "{_cut(top["sentence"])}" is like "{top["kra_text"]}" ({top["similarity"]:.2f})'
        )
    if len(candidates) > 1:
        parts.append(f"next is {candidates[1].name} at {candidates[1].probability:.0%}")
    text = "; ".join(parts) or "its duties are nearest to the role's as a whole"
    lead = f"The signals agree on {domain} only: " if case == "DOMAIN" else ""
    sentence = lead + text
    return sentence[:1].upper() + sentence[1:] + "."


def _cut(sentence: str, words: int = 14) -> str:
    parts = sentence.split()
    return " ".join(parts[:words]) + (" …" if len(parts) > words else "")
