"""Stage 4: one role for each JD, with the reasons, how sure it is, and what else it could be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
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
from jd_assets.stages.parse.segments import Segment
from jd_assets.stages.roles.candidates import Candidates, Weighed, candidates_of, kin_of, weigh
from jd_assets.stages.roles.judge import Judge, Panel
from jd_assets.stages.roles.reasons import MATCHED_KRA, Evidence, because, evidence_of, said
from jd_assets.stages.roles.verdicts import (
    FIRST_OPTIONS,
    SECOND_OPTIONS,
    THIN_MARGIN,
    Heard,
    Text,
    hear,
    question,
    reweighed,
)
from jd_assets.tables import ROLE_ASSIGNMENTS

ENGINE = "embedded"
ALTERNATIVES = 4

FAMILY_ONLY = 0.35
"""Under this probability of the best role the decision is by DOMAIN, if its domain's candidates together
have most of it."""

_MOST = 0.5

_CASES = {"alias": "ALIAS", "likeness": "ALIAS", "mention": "ALIAS", "title": "ALIAS", "skill": "SKILL",
          "technology": "SKILL", "kra": "KRA", "centroid": "CENTROID"}  # fmt: skip


@dataclass(frozen=True)
class _Candidate:
    slug: str
    role: int
    probability: float
    kin: float
    claim: float  # probability, with a share of that of its parent and children: what it is chosen by
    features: Doubles


def assign_roles(
    parsed: pl.DataFrame,
    signals: pl.DataFrame,
    release: Release,
    model: RoleModel | None = None,
    panel: Panel | None = None,
    raw: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """ROLE_ASSIGNMENTS: one row for each JD of a day's PARSED_JDS that passed, from its ROLE_SIGNALS; by the
    shipped model if none is given.

    With a `panel`, and the day's RAW_JDS, its judges are asked too. A JD that none of them gives a usable
    answer for keeps the decision of the signals.
    """
    passed = parsed.filter(pl.col("jd_type") == "pass")
    case = _Docket(passed, signals, release, model or shipped_role_model())
    decided = {jd_id: case.decision(jd_id, case.weighed) for jd_id in case.titles}
    if panel is not None and raw is not None and passed.height:
        decided |= _consulted(case, decided, panel, _texts(raw, passed), passed["ds"][0])
    return ROLE_ASSIGNMENTS.frame(
        {"ds": ds, "jd_id": jd_id, "run_id": run_id, "library_release": release.release, **decided[jd_id]}
        for ds, jd_id, run_id in passed.select("ds", "jd_id", "run_id").iter_rows()
    )


class _Docket:
    """A day's JDs with what speaks for which role."""

    def __init__(
        self, passed: pl.DataFrame, signals: pl.DataFrame, release: Release, model: RoleModel
    ) -> None:
        self.release = release
        self.titles: dict[str, str | None] = dict(passed.select("jd_id", "title").iter_rows())
        self.candidates = candidates_of(signals, release)
        self.kin = kin_of(release)
        self.weighed = weigh(self.candidates, model, self.kin)
        self._model = model
        self._evidence = evidence_of(signals)
        bounds = np.append(self.candidates.starts, len(self.candidates.roles))
        self._places = {jd_id: (bounds[i], bounds[i + 1]) for i, jd_id in enumerate(self.candidates.jd_ids)}

    def ordered(self, jd_id: str, weighed: Weighed) -> list[_Candidate]:
        """A JD's candidates, the one to choose first; none of a JD without signals."""
        first, last = self._places.get(jd_id, (0, 0))
        return _ordered(self.candidates, weighed, first, last, self._model, self.release)

    def decision(self, jd_id: str, weighed: Weighed) -> dict[str, Any]:
        """The decision's columns, as the signals alone would fill those of models."""
        title, found = self.titles[jd_id], self.ordered(jd_id, weighed)
        fits = float(weighed.fits[self.candidates.jds[self._places[jd_id][0]]]) if found else 0.0
        if fits < self._model.least_fit:
            decision = _new_role(title, found, fits, self.release)
        else:
            evidence = self._evidence.get(jd_id, {})
            decision = _decide(title, found, fits, evidence, self.release, self._model)
        return decision | {
            "llm2_fired": False,
            "llm2_reasoning": None,
            "model_quotes": [],
            "quotes_dropped": 0,
            "engine": ENGINE,
        }


def _texts(raw: pl.DataFrame, passed: pl.DataFrame) -> dict[str, Text]:
    told = raw.filter(pl.col("status") == "ok").select("jd_id", "text")
    rows = passed.select("jd_id", "title", "segments").join(told, on="jd_id")
    return {
        jd_id: Text(text, title, (Segment(**s) for s in segments))
        for jd_id, title, segments, text in rows.iter_rows()
    }


def _consulted(
    case: _Docket, decided: Mapping[str, dict[str, Any]], panel: Panel, texts: Mapping[str, Text], ds: date
) -> dict[str, dict[str, Any]]:
    """The decisions of the JDs that judges were asked about.

    A JD whose title names several roles goes to the second judge at once; so does one whose lead is thin
    after the first's answer. The second's answer replaces the first's, as it was told more.
    """
    asked = [
        jd_id
        for jd_id, row in decided.items()
        if jd_id in texts
        and case.ordered(jd_id, case.weighed)
        and (panel.below is None or row["confidence"] < panel.below)
    ]
    dropped = dict.fromkeys(asked, 0)

    def ask(judge: Judge, jd_ids: Sequence[str], weighed: Weighed, *, whole: bool) -> dict[str, Heard]:
        made = {
            jd_id: question(
                _offered(case.ordered(jd_id, weighed), whole=whole), texts[jd_id], case.release, whole=whole
            )
            for jd_id in jd_ids
        }
        heard = {}
        for jd_id, verdict in judge.decide({j: q for j, (_, q) in made.items()}, ds).items():
            answer, untrue = hear(verdict, made[jd_id][0], texts[jd_id])
            dropped[jd_id] += untrue
            if answer is not None:
                heard[jd_id] = answer
        return heard

    first = ask(
        panel.first, [j for j in asked if decided[j]["case"] != "COLLISION"], case.weighed, whole=False
    )
    weighed = reweighed(case.candidates, case.weighed, first, case.kin)
    now = {jd_id: case.decision(jd_id, weighed) for jd_id in asked}
    second = ask(panel.second, [j for j in asked if _is_open(now[j])], weighed, whole=True)
    weighed = reweighed(case.candidates, case.weighed, first | second, case.kin)
    found = {}
    for jd_id in asked:
        row = case.decision(jd_id, weighed) | {"quotes_dropped": dropped[jd_id]}
        if answer := second.get(jd_id) or first.get(jd_id):
            row["engine"] = (panel.second if jd_id in second else panel.first).engine
            row["model_quotes"] = list(answer.quotes)
            row["reasoning"] = f"{said(answer, row['role_name'], case.release)} {row['reasoning']}"
        if jd_id in second:
            row |= {"llm2_fired": True, "llm2_reasoning": second[jd_id].reasoning}
        found[jd_id] = row
    return found


def _offered(candidates: Sequence[_Candidate], *, whole: bool) -> list[int]:
    """The roles to choose among: the likeliest; in a second question those that the title names first."""
    if not whole:
        return [c.role for c in candidates[:FIRST_OPTIONS]]
    named = [c.role for c in candidates if c.features[0] > 0]
    if len(named) < 2:
        named = []
    return list(dict.fromkeys([*named, *(c.role for c in candidates[:SECOND_OPTIONS])]))[:FIRST_OPTIONS]


def _is_open(decision: Mapping[str, Any]) -> bool:
    """Whether a second opinion is worth its price."""
    thin = not decision["is_new_role"] and decision["margin"] < THIN_MARGIN
    return bool(thin or decision["case"] == "COLLISION")


def _ordered(
    candidates: Candidates, weighed: Weighed, first: int, last: int, model: RoleModel, release: Release
) -> list[_Candidate]:
    """One JD's candidates, the one to choose first: a parent whose children share the probability comes
    before each of them. The others follow by their own probability: those that only share the chosen one's
    say less than an unrelated role would."""
    part = slice(first, last)
    probability, roles = weighed.probability[part], candidates.roles[part]
    claims = probability + model.kin_share * weighed.kin[part]
    best, likeliest = np.lexsort((roles, -claims))[:1], np.lexsort((roles, -probability))
    order = np.concatenate([best, likeliest[~np.isin(likeliest, best)]])
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
    runner_up = _runner_up(candidates, release)
    skills = set(of_best.skills)
    dimensions = [
        name
        for name, slugs in entry.dimensions.items()
        if any(release.skill(s).name in skills for s in slugs)
    ]
    kras = [m["kra_text"] for m in of_best.kra_matches if m["similarity"] >= MATCHED_KRA]
    others = [(release.roles[runner_up.role].name, runner_up.probability)] if runner_up else []
    titled = [release.role(slug).name for slug in named]
    return {
        "case": case,
        "role_id": entry.id,
        "role_slug": entry.slug,
        "role_name": entry.name,
        "domain": entry.domain,
        "sub_role": _sub_role(best, candidates, release),
        "confidence": round(confidence, 4),
        "runner_up": runner_up.slug if runner_up else None,
        "margin": round(best.claim - (runner_up.claim if runner_up else 0.0), 4),
        "is_new_role": False,
        "new_role_slug": None,
        "new_role_name": None,
        "alias_collision": len(named) > 1,
        "collision_roles": named if len(named) > 1 else [],
        "matched_skills": list(of_best.skills),
        "matched_kras": list(dict.fromkeys(kras)),
        "matched_dimensions": dimensions,
        "reasoning": because(case, title, entry, of_best, others, titled),
        "alternatives": _alternatives(candidates[1:], release),
    }


def _runner_up(candidates: Sequence[_Candidate], release: Release) -> _Candidate | None:
    """The candidate with the greatest claim that is neither parent nor child of the chosen one: those share
    its probability, so a lead over them says nothing of whether another role was meant."""
    best = candidates[0]
    parent = release.roles[best.role].parent
    rest = [c for c in candidates[1:] if c.slug != parent and release.roles[c.role].parent != best.slug]
    return max(rest, key=lambda c: (c.claim, -c.role), default=None)


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
        "runner_up": None,
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
