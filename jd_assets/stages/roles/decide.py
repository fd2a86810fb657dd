"""Stage 4: one role for each JD, with the reasons, how sure it is, and what else it could be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from jd_assets.library.compile import slugify
from jd_assets.library.release import Release
from jd_assets.library.titles import title_variants
from jd_assets.models.role_model import (
    CANDIDATE_FEATURES,
    Doubles,
    RoleModel,
    log_odds,
    logistic,
    shipped_role_model,
)
from jd_assets.stages.roles.candidates import Candidates, Weighed, candidates_of, kin_of, weigh
from jd_assets.stages.roles.reasons import MATCHED_KRA, Evidence, because, evidence_of
from jd_assets.tables import ROLE_ASSIGNMENTS

ALTERNATIVES = 4

FAMILY_ONLY = 0.35
"""Under this probability of the best role the decision is by DOMAIN, if its domain's candidates together
have most of it."""

_MOST = 0.5

_CASES = {"alias": "ALIAS", "mention": "ALIAS", "title": "ALIAS", "skill": "SKILL", "technology": "SKILL",
          "kra": "KRA", "centroid": "CENTROID"}  # fmt: skip


@dataclass(frozen=True)
class _Candidate:
    slug: str
    role: int
    probability: float
    kin: float
    claim: float  # probability, with a share of that of its parent and children: what it is chosen by
    features: Doubles


def assign_roles(
    parsed: pl.DataFrame, signals: pl.DataFrame, release: Release, model: RoleModel | None = None
) -> pl.DataFrame:
    """ROLE_ASSIGNMENTS: one row for each JD of PARSED_JDS that passed, from its ROLE_SIGNALS; by the
    shipped model if none is given."""
    model = model or shipped_role_model()
    candidates = candidates_of(signals, release)
    weighed = weigh(candidates, model, kin_of(release))
    evidence = evidence_of(signals)
    bounds = np.append(candidates.starts, len(candidates.roles))
    places = {jd_id: (bounds[i], bounds[i + 1]) for i, jd_id in enumerate(candidates.jd_ids)}
    rows = []
    passed = parsed.filter(pl.col("jd_type") == "pass")
    for ds, jd_id, run_id, title, engine in passed.select(
        "ds", "jd_id", "run_id", "title", "engine"
    ).iter_rows():
        first, last = places.get(jd_id, (0, 0))
        found = _ordered(candidates, weighed, first, last, model, release)
        fits = float(weighed.fits[candidates.jds[first]]) if found else 0.0
        if fits < model.least_fit:
            decision = _new_role(title, found, fits, release)
        else:
            decision = _decide(title, found, fits, evidence.get(jd_id, {}), release, model)
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


def _ordered(
    candidates: Candidates, weighed: Weighed, first: int, last: int, model: RoleModel, release: Release
) -> list[_Candidate]:
    """One JD's candidates, the one to choose first: a parent whose children share the probability comes
    before each of them."""
    part = slice(first, last)
    claims = weighed.probability[part] + model.kin_share * weighed.kin[part]
    order = np.lexsort((candidates.roles[part], -claims))
    return [
        _Candidate(
            slug=release.roles[candidates.roles[i]].slug,
            role=int(candidates.roles[i]),
            probability=float(weighed.probability[i]),
            kin=float(weighed.kin[i]),
            claim=float(claims[i - first]),
            features=candidates.features[i],
        )
        for i in first + order
    ]


def confidence_features(probability: float, kin: float, fits: float, title: float) -> Doubles:
    """CONFIDENCE_FEATURES of a decision."""
    odds = log_odds(np.array([probability, fits]))
    return np.array([1.0, odds[0], kin, odds[1], title])


def _decide(
    title: str | None,
    candidates: Sequence[_Candidate],
    fits: float,
    evidence: Mapping[str, Evidence],
    release: Release,
    model: RoleModel,
) -> dict[str, Any]:
    best, entry = candidates[0], release.roles[candidates[0].role]
    named = sorted(c.slug for c in candidates if c.features[0] > 0)
    of_best = evidence[best.slug]
    case = _case(best, candidates, named, release, model)
    confidence = float(
        logistic(confidence_features(best.probability, best.kin, fits, best.features[0]) @ model.confidence)
    )
    runner_up = candidates[1].claim if len(candidates) > 1 else 0.0
    skills = set(of_best.skills)
    dimensions = [
        name
        for name, slugs in entry.dimensions.items()
        if any(release.skill(s).name in skills for s in slugs)
    ]
    kras = [m["kra_text"] for m in of_best.kra_matches if m["similarity"] >= MATCHED_KRA]
    others = [(release.roles[c.role].name, c.probability) for c in candidates[1:2]]
    return {
        "case": case,
        "role_id": entry.id,
        "role_slug": entry.slug,
        "role_name": entry.name,
        "domain": entry.domain,
        "sub_role": _sub_role(best, candidates, release),
        "confidence": round(confidence, 4),
        "margin": round(best.claim - runner_up, 4),
        "is_new_role": False,
        "new_role_slug": None,
        "new_role_name": None,
        "alias_collision": len(named) > 1,
        "collision_roles": named if len(named) > 1 else [],
        "matched_skills": list(of_best.skills),
        "matched_kras": list(dict.fromkeys(kras)),
        "matched_dimensions": dimensions,
        "reasoning": because(case, title, entry, of_best, others),
        "alternatives": _alternatives(candidates[1:], release),
    }


def _sub_role(best: _Candidate, candidates: Sequence[_Candidate], release: Release) -> str | None:
    """The specialised role that the evidence is strong for: the chosen one if it has a parent, else the
    child that has most of the children's probability, and as much as the chosen role has to itself."""
    if release.roles[best.role].parent is not None:
        return best.slug
    children = [c for c in candidates if release.roles[c.role].parent == best.slug]
    strongest = max(children, key=lambda c: c.probability, default=None)
    if strongest is None or strongest.probability < _MOST * sum(c.probability for c in children):
        return None
    return strongest.slug if strongest.probability >= _MOST * best.probability else None


def _case(
    best: _Candidate, candidates: Sequence[_Candidate], named: list[str], release: Release, model: RoleModel
) -> str:
    """What settled it: the title, or the signals by which the role leads the other candidates most."""
    if best.slug in named:
        return "COLLISION" if len(named) > 1 else "ALIAS"
    domain = release.roles[best.role].domain
    if best.probability < FAMILY_ONLY:
        family = sum(c.probability for c in candidates if release.roles[c.role].domain == domain)
        if family >= _MOST:
            return "DOMAIN"
    rest = [c for c in candidates if c is not best]
    total = sum(c.probability for c in rest) or 1.0
    against = (
        sum((c.probability / total * c.features for c in rest), np.zeros(len(best.features)))
        if rest
        else np.zeros(len(best.features))
    )
    lead: dict[str, float] = {}
    for feature, points in zip(CANDIDATE_FEATURES, model.candidate * (best.features - against), strict=True):
        # The words of a posting are those of its duties, where it states any.
        by = _CASES.get(feature) or ("KRA" if best.features[CANDIDATE_FEATURES.index("kra")] > 0 else "SKILL")
        if feature != "domain":
            lead[by] = lead.get(by, 0.0) + float(points)
    return max(sorted(lead), key=lambda case: lead[case])


def _new_role(
    title: str | None, candidates: Sequence[_Candidate], fits: float, release: Release
) -> dict[str, Any]:
    variants = title_variants(title) if title else []
    key = variants[1] if len(variants) > 1 else variants[0] if variants else None
    words = (
        f"nearest is {release.roles[candidates[0].role].name}, but that any role fits has a probability of "
        f"{fits:.0%}"
        if candidates
        else "it gives neither title, skills nor duties that the library knows"
    )
    return {
        "case": "NEW_ROLE",
        "role_id": None,
        "role_slug": None,
        "role_name": None,
        "domain": None,
        "sub_role": None,
        "confidence": round(1.0 - fits, 4),
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
        "alternatives": _alternatives(candidates, release),
    }


def _alternatives(candidates: Sequence[_Candidate], release: Release) -> list[dict[str, Any]]:
    return [
        {
            "role_slug": c.slug,
            "role_name": release.roles[c.role].name,
            "probability": round(c.probability, 4),
        }
        for c in candidates[:ALTERNATIVES]
    ]
