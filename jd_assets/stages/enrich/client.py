"""Client output enrichment v2: clusters, nature of work, AI index, tech stack maturity, evidence."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from jd_assets.library.format import Maturity
from jd_assets.library.release import Release, RoleEntry, SkillEntry
from jd_assets.stages.enrich.dimensions import dimensions_of
from jd_assets.tables import CLIENT_OUTPUTS

UNALIGNED = "Cross-cutting / unaligned"

SPARSE_SKILLS, SPARSE_DUTIES = 4, 2
"""A JD with fewer hard skills, or fewer duties, than these is too thin to be judged by itself."""

AI_POINTS = {
    "title_match": 1.5,
    "has_ai_skill": 0.5,
    "ai_skill_primary": 1.0,
    "ai_skill_secondary": 0.25,
    "on_ai_team": 0.75,
    "builds_ai_products": 1.0,
}
"""Points of the reference page's six signals; all together make the index's maximum of 5."""

_AI_TITLE = re.compile(
    r"\b(?:ai|artificial intelligence|machine learning|ml|mlops|llm|genai|deep learning|nlp|computer vision"
    r"|data scientist|prompt engineer)\b",
    re.IGNORECASE,
)
_AI_TEAM = re.compile(
    r"\b(?:ai|machine learning|ml|data science|genai|artificial intelligence)[ /-]+(?:\w+[ /-]+)?"
    r"(?:team|teams|group|lab|labs|practice|research)\b",
    re.IGNORECASE,
)
_AI_BUILDING = re.compile(
    r"\b(?:build|building|develop|developing|design|designing|train|training|deploy|deploying|fine-tun\w+"
    r"|create|creating)\b[^.;\n]{0,60}\b"
    r"(?:ai|machine learning|ml|llms?|genai|generative|neural|deep learning|predictive) ?"
    r"(?:\w+ ){0,2}(?:models?|products?|agents?|systems?|solutions?|applications?|pipelines?|features?"
    r"|networks?|algorithms?)\b",
    re.IGNORECASE,
)
_MODERN = frozenset({"PLATFORM", "FRAMEWORK", "TOOL", "LIBRARY"})
LEGACY_SHARE, AI_SHARE = 0.5, 0.3
VOLATILE_PACE, CLOUD_PACE = 0.4, 0.45
"""Cuts of `_maturity`, on shares of the technologies and on their mean volatility (0 stable, 1 volatile)."""

_PACE = {"STABLE": 0.0, "EVOLVING": 0.5, "VOLATILE": 1.0}
_MATURITY_TEXT = {
    Maturity.AI_NATIVE: "models and the tools around them are at the centre of the stack",
    Maturity.MODERN_CLOUD_NATIVE: "the stack is made of cloud services and tools that change fast",
    Maturity.MODERN: "the stack is current, with tools that change fast beside settled ones",
    Maturity.ESTABLISHED: "the stack is settled: widely used products that change slowly",
    Maturity.LEGACY: "the stack is old and kept running more than renewed",
    Maturity.OFFICE_TOOLS: "office and line-of-business software is what the work needs",
    Maturity.NON_DIGITAL: "the work needs hardly any software",
}


@dataclass(frozen=True)
class _Skill:
    name: str
    entry: SkillEntry | None
    kind: str
    primary: bool


def client_outputs(
    parsed: pl.DataFrame,
    skills: pl.DataFrame,
    kras: pl.DataFrame,
    signals: pl.DataFrame,
    assignments: pl.DataFrame,
    release: Release,
) -> pl.DataFrame:
    """CLIENT_OUTPUTS: one row for each of ROLE_ASSIGNMENTS."""
    told = {
        (jd_id, slug): matches
        for jd_id, slug, matches in signals.filter(pl.col("signal") == "kra")
        .select("jd_id", "role_slug", "kra_matches")
        .iter_rows()
    }
    titles = dict(parsed.select("jd_id", "title").iter_rows())
    by_jd: dict[str, list[_Skill]] = defaultdict(list)
    for jd_id, name, slug, kind, primary in skills.select(
        "jd_id", "skill_name", "skill_slug", "kind", "is_primary"
    ).iter_rows():
        by_jd[jd_id].append(_Skill(name, release.skill(slug) if slug else None, kind, primary))
    duties: dict[str, list[str]] = defaultdict(list)
    for jd_id, sentence in kras.sort("jd_id", "position").select("jd_id", "sentence").iter_rows():
        duties[jd_id].append(sentence)

    rows = []
    for row in assignments.iter_rows(named=True):
        jd_id = row["jd_id"]
        role = release.role(row["role_slug"]) if row["role_slug"] else None
        own = by_jd[jd_id]
        hard = [s for s in own if s.kind == "hard"]
        sparse = len(hard) < SPARSE_SKILLS or len(duties[jd_id]) < SPARSE_DUTIES
        rows.append(
            {
                "ds": row["ds"],
                "jd_id": jd_id,
                "is_sparse": sparse,
                "skill_clusters": _clusters(own, role),
                **_nature(duties[jd_id], told.get((jd_id, row["role_slug"]), ()), role),
                **_ai(titles.get(jd_id), hard, duties[jd_id], role, sparse),
                **_maturity(hard, role, sparse),
                "evidence_skills": [s.name for s in own if s.entry],
                "kra_description": " ".join(duties[jd_id]) or None,
            }
        )
    return CLIENT_OUTPUTS.frame(rows)


def ai_index(signals: Sequence[str]) -> float:
    """Sum of the points of the signals that hold, 0 to 5; more signals never give less."""
    return round(min(sum(AI_POINTS[s] for s in set(signals)), 5.0), 2)


def _clusters(skills: Sequence[_Skill], role: RoleEntry | None) -> list[dict[str, Any]]:
    """Every skill in one group: its first dimension of the role, else UNALIGNED, which comes last."""
    groups: dict[str, list[str]] = {name: [] for name in (*(role.dimensions if role else ()), UNALIGNED)}
    for skill in skills:
        homes = dimensions_of(skill.entry, role) if skill.entry else []
        groups[homes[0] if homes else UNALIGNED].append(skill.name)
    return [{"group": group, "skills": names} for group, names in groups.items() if names]


def _nature(
    duties: Sequence[str], matches: Sequence[Mapping[str, Any]], role: RoleEntry | None
) -> dict[str, Any]:
    """Label, two sentences and quote. The JD's duties that are likest the role's KRAs speak, in the JD's
    order; the label is the KRA of the likest one, whose sentence is the quote."""
    if len(duties) < SPARSE_DUTIES:
        return {
            "nature_label": role.nature_label if role else None,
            "nature_text": role.nature_sentence if role else None,
            "nature_evidence": duties[0] if duties else None,
            "nature_source": "role_baseline" if role else None,
        }
    own = sorted((m for m in matches if m["sentence"] in duties), key=lambda m: -m["similarity"])
    likest = list(dict.fromkeys([*(m["sentence"] for m in own), *duties]))[:2]
    label = own[0]["kra_text"] if own else role.nature_label if role else None
    return {
        "nature_label": label[:1].upper() + label[1:] if label else None,
        "nature_text": " ".join(d.rstrip(" .;,") + "." for d in sorted(likest, key=duties.index)),
        "nature_evidence": likest[0],
        "nature_source": "jd",
    }


def _ai(
    title: str | None,
    skills: Sequence[_Skill],
    duties: Sequence[str],
    role: RoleEntry | None,
    sparse: bool,
) -> dict[str, Any]:
    ai = [s for s in skills if s.entry and s.entry.ai]
    text = " \n".join(duties)
    holds = {
        "title_match": bool(title and _AI_TITLE.search(title)),
        "has_ai_skill": bool(ai),
        "ai_skill_primary": any(s.primary for s in ai),
        "ai_skill_secondary": any(not s.primary for s in ai),
        "on_ai_team": _AI_TEAM.search(text) is not None,
        "builds_ai_products": _AI_BUILDING.search(text) is not None,
    }
    signals = [name for name, held in holds.items() if held]
    from_jd = bool(signals) or not sparse or role is None
    by_class = {
        kind: [s.name for s in ai if s.entry and s.entry.ai == kind]
        for kind in ("assistant", "framework", "model")
    }
    return {
        "ai_index": ai_index(signals) if from_jd or role is None else role.ai_index,
        "ai_signals": signals,
        "ai_assistants": by_class["assistant"],
        "ai_frameworks": by_class["framework"],
        "ai_models": by_class["model"],
        "ai_source": "jd" if from_jd else "role_baseline",
    }


def _maturity(skills: Sequence[_Skill], role: RoleEntry | None, sparse: bool) -> dict[str, Any]:
    """The level by the age and kind of the technologies that the JD names; the role's baseline where it
    names fewer than SPARSE_SKILLS. The first that fits:

    - AI Native: AI_SHARE of them are AI's own.
    - Legacy: LEGACY_SHARE of them are on their way out: little asked for within 5 years, though they no
      longer change fast.
    - Modern Cloud Native: one is of the cloud or of DevOps, and their mean volatility is CLOUD_PACE or more.
    - Modern: their mean volatility is VOLATILE_PACE or more.
    - Established: the rest.
    """
    technologies = [s.entry for s in skills if s.entry and s.entry.nature in _MODERN | {"LANGUAGE"}]
    if sparse or len(technologies) < SPARSE_SKILLS:
        return {
            "maturity_level": role.maturity_level if role else None,
            "maturity_text": role.maturity_sentence if role else None,
            "maturity_source": "role_baseline" if role else None,
        }
    level = maturity_level(technologies)
    named = ", ".join(t.name for t in technologies[:4])
    return {
        "maturity_level": level.value,
        "maturity_text": f"With {named}, {_MATURITY_TEXT[level]}.",
        "maturity_source": "jd",
    }


def maturity_level(technologies: Sequence[SkillEntry]) -> Maturity:
    """The level of one or more technologies, as `_maturity` says."""
    pace = float(np.mean([_PACE[t.volatility] for t in technologies]))
    ai = float(np.mean([t.ai is not None for t in technologies]))
    leaving = float(np.mean([t.lifespan == "SHORT" and t.volatility != "VOLATILE" for t in technologies]))
    cloud = any("cloud" in t.category.lower() or "devops" in t.category.lower() for t in technologies)
    if ai >= AI_SHARE:
        return Maturity.AI_NATIVE
    if leaving >= LEGACY_SHARE:
        return Maturity.LEGACY
    if cloud and pace >= CLOUD_PACE:
        return Maturity.MODERN_CLOUD_NATIVE
    return Maturity.MODERN if pace >= VOLATILE_PACE else Maturity.ESTABLISHED
