"""API 2: what the library knows of each skill, and how a skill that it lacks is typed by its name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import polars as pl

from jd_assets.library.format import Lifespan, Nature, Versions, Volatility
from jd_assets.library.release import Release
from jd_assets.stages.enrich.dimensions import dimensions_of
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
    typing = next((typing for pattern, typing in _BY_NAME if pattern.search(name)), _CONCEPT)
    return {
        "category": typing.category,
        "sub_category": "general",
        "skill_nature": typing.nature.value,
        "volatility": typing.volatility.value,
        "typical_lifespan": typing.lifespan.value,
        "version_strategy": typing.versions.value,
    }


def skill_details(skills: pl.DataFrame, assignments: pl.DataFrame, release: Release) -> pl.DataFrame:
    """SKILL_DETAILS: one row for each of EXTRACTED_SKILLS."""
    roles = dict(assignments.select("jd_id", "role_slug").iter_rows())
    rows: list[dict[str, Any]] = []
    for skill in skills.select("ds", "jd_id", "skill_name", "skill_slug", "matched_via").iter_rows(
        named=True
    ):
        row: dict[str, Any] = {
            "ds": skill["ds"],
            "jd_id": skill["jd_id"],
            "input_skill": skill["skill_name"],
        }
        if skill["skill_slug"] is None:
            row |= {
                "canonical": None,
                "canonical_slug": None,
                "matched_via": None,
                "source_tag": "new",
                "aliases_in_db": [],
                "dimensions": [],
                **derived_typing(skill["skill_name"]),
            }
        else:
            entry = release.skill(skill["skill_slug"])
            slug = roles.get(skill["jd_id"])
            row |= {
                "canonical": entry.name,
                "canonical_slug": entry.slug,
                "matched_via": skill["matched_via"],
                "source_tag": "library",
                "aliases_in_db": list(entry.aliases),
                "dimensions": dimensions_of(entry, release.role(slug) if slug else None),
                "category": entry.category,
                "sub_category": entry.sub_category,
                "skill_nature": entry.nature,
                "volatility": entry.volatility,
                "typical_lifespan": entry.lifespan,
                "version_strategy": entry.versions,
            }
        rows.append(row)
    return SKILL_DETAILS.frame(rows)
