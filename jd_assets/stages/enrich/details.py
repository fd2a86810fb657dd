"""API 2: what the library knows of each skill, and how a skill that it lacks is typed by its name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from jd_assets import contracts as C
from jd_assets.library.format import Lifespan, Nature, Versions, Volatility
from jd_assets.library.release import Release, RoleEntry, SkillEntry
from jd_assets.library.spelling import fold
from jd_assets.stages.enrich.dimensions import dimensions_of
from jd_assets.stages.enrich.typist import Settler, Typist, to_type
from jd_assets.tables import SKILL_DETAILS


@dataclass(frozen=True)
class _Typing:
    category: str
    nature: Nature
    volatility: Volatility
    lifespan: Lifespan
    versions: Versions


_BY_NAME: tuple[tuple[re.Pattern[str], _Typing], ...] = (
    (
        re.compile(r"\b(?:iso|iec|ieee|ansi|astm|din|bs|en)\s?-?\d", re.IGNORECASE),
        _Typing("Standards", Nature.STANDARD, Volatility.STABLE, Lifespan.LONG, Versions.EDITION),
    ),
    (
        re.compile(r"\b(?:act|regulations?|directive|rules)\b", re.IGNORECASE),
        _Typing("Regulations", Nature.REGULATION, Volatility.EVOLVING, Lifespan.LONG, Versions.UNVERSIONED),
    ),
    (
        re.compile(r"\.js\b|\bjs$|framework$", re.IGNORECASE),
        _Typing("Frameworks", Nature.FRAMEWORK, Volatility.VOLATILE, Lifespan.MEDIUM, Versions.MAJOR),
    ),
    (
        re.compile(r"\b(?:aws|azure|gcp|google cloud|cloud)\b", re.IGNORECASE),
        _Typing("Cloud Services", Nature.PLATFORM, Volatility.VOLATILE, Lifespan.MEDIUM, Versions.CONTINUOUS),
    ),
    (
        re.compile(r"\b(?:methodology|method|six sigma|lean)\b", re.IGNORECASE),
        _Typing("Methods", Nature.METHOD, Volatility.STABLE, Lifespan.LONG, Versions.UNVERSIONED),
    ),
    (
        re.compile(r"(?:\b(?:management|analysis|handling|administration)|ing)$", re.IGNORECASE),
        _Typing("Practices", Nature.PRACTICE, Volatility.STABLE, Lifespan.EVERGREEN, Versions.UNVERSIONED),
    ),
    (
        re.compile(r"^[A-Z][a-z]+[A-Z]|\d$|^[A-Z][\w.+#-]*(?:\s[A-Z][\w.+#-]*)?$"),
        _Typing("Tools", Nature.TOOL, Volatility.EVOLVING, Lifespan.MEDIUM, Versions.RELEASE),
    ),
)
_CONCEPT = _Typing("Concepts", Nature.CONCEPT, Volatility.STABLE, Lifespan.EVERGREEN, Versions.UNVERSIONED)


def derived_typing(name: str) -> dict[str, str]:
    """How a skill that the library lacks is typed: by the first rule that its name fits, else as a
    concept, as in the reference."""
    typing = _fitting(name) or _CONCEPT
    return {
        "category": typing.category,
        "sub_category": "general",
        "skill_nature": typing.nature.value,
        "volatility": typing.volatility.value,
        "typical_lifespan": typing.lifespan.value,
        "version_strategy": typing.versions.value,
    }


def is_told(name: str) -> bool:
    """Whether a rule fits the name, so that its type is more than the default."""
    return _fitting(name) is not None


def _fitting(name: str) -> _Typing | None:
    return next((typing for pattern, typing in _BY_NAME if pattern.search(name)), None)


def skill_details(
    skills: pl.DataFrame,
    assignments: pl.DataFrame,
    release: Release,
    typist: Typist | None = None,
    *,
    untold_only: bool = False,
) -> pl.DataFrame:
    """SKILL_DETAILS: one row for each of a day's EXTRACTED_SKILLS.

    A skill that the library lacks is typed by the rules on its name. A `typist` is asked about it too, once a
    name, or with `untold_only` only about names that no rule fits; one that it gives no answer for keeps the
    rules' type.
    """
    roles = dict(assignments.select("jd_id", "role_slug").iter_rows())
    typed: Mapping[str, C.SkillTyping] = {}
    if typist is not None and skills.height:
        asked = to_type(skills, lambda name: not (untold_only and is_told(name)))
        answers = typist.type_skills(asked, skills["ds"][0])
        typed = {fold(name) or name: answer for name, answer in answers.items()}
    settler = Settler(release)
    rows: list[dict[str, Any]] = []
    wanted = skills.select("ds", "jd_id", "skill_name", "skill_slug", "matched_via")
    for ds, jd_id, name, skill_slug, matched_via in wanted.iter_rows():
        row: dict[str, Any] = {"ds": ds, "jd_id": jd_id, "input_skill": name, **_NOTHING_MORE}
        if skill_slug is None:
            derived = derived_typing(name)
            row |= {"source_tag": "new", "typed_by": "embedded", **derived}
            if typist is not None and (answer := typed.get(fold(name) or name)):
                row |= {"typed_by": typist.engine, **settler.settle(name, answer, derived)}
        else:
            slug = roles.get(jd_id)
            row |= _known(release.skill(skill_slug), release.role(slug) if slug else None, release)
            row["matched_via"] = matched_via
        rows.append(row)
    return SKILL_DETAILS.frame(rows)


_NOTHING_MORE: dict[str, Any] = {
    "aliases_in_db": [],
    "dimensions": [],
    "placed_dimensions": [],
    "required_skills": [],
    "alternative_skills": [],
    "keep_log": [],
    "merge_log": [],
    "split_log": [],
    "warnings": [],
}


def _known(entry: SkillEntry, role: RoleEntry | None, release: Release) -> dict[str, Any]:
    """What the library says of a skill."""
    return {
        "canonical": entry.name,
        "canonical_slug": entry.slug,
        "source_tag": "library",
        "typed_by": "library",
        "aliases_in_db": list(entry.aliases),
        "dimensions": dimensions_of(entry, role),
        "category": entry.category,
        "sub_category": entry.sub_category,
        "skill_nature": entry.nature,
        "volatility": entry.volatility,
        "typical_lifespan": entry.lifespan,
        "version_strategy": entry.versions,
        "parent_skill": release.skill(entry.parent).name if entry.parent else None,
        "required_skills": [release.skill(slug).name for slug in entry.requires],
        "alternative_skills": [release.skill(slug).name for slug in entry.alternatives],
    }
