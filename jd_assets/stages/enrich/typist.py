"""A model's word on skills that the library lacks: who is asked about which, and the check of the answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Protocol

import polars as pl

from jd_assets.contracts import DerivedTyping, SkillTyping
from jd_assets.library.release import Release
from jd_assets.library.spelling import fold

_MOST = 3  # skills of each relation, dimensions
_LONGEST_DESCRIPTION, _LONGEST_CLASS = 200, 40  # characters


class Typist(Protocol):
    """Types skills by other means than rules; `engine` is what the rows that it typed say."""

    @property
    def engine(self) -> str: ...

    def type_skills(self, names: Mapping[str, str], ds: date) -> Mapping[str, SkillTyping]:
        """What it makes of each name, which stands with the JD that the question is booked to. A name that it
        gave no answer for is left out, never raised for."""
        ...


def to_type(skills: pl.DataFrame, asks: Callable[[str], bool]) -> dict[str, str]:
    """Each new skill of EXTRACTED_SKILLS rows to ask about, once under the first of its spellings, with the
    JD that its question is booked to: of the day's JDs that name it the first by id, so that each cost is on
    one JD and the same one however often the day runs."""
    found: dict[str, tuple[str, str]] = {}
    new = skills.filter(pl.col("is_new")).select("skill_name", "jd_id").sort("skill_name", "jd_id")
    for name, jd_id in new.iter_rows():
        if asks(name):
            first, booked = found.setdefault(fold(name) or name, (name, jd_id))
            found[fold(name) or name] = first, min(booked, jd_id)
    return dict(sorted(found.values()))


class Settler:
    """Checks answers against a release and the names that they are about."""

    def __init__(self, release: Release) -> None:
        self._categories = {s.category for s in release.skills}
        self._dimensions = release.dimension_groups
        self._release = release

    def settle(self, name: str, answer: SkillTyping, derived: Mapping[str, str]) -> dict[str, Any]:
        """The columns of SKILL_DETAILS that an answer fills; what the library doesn't know, or the name
        doesn't hold, is left out and in `warnings`."""
        warnings: list[str] = []
        typed = {trait: getattr(answer, trait) for trait in DerivedTyping.model_fields}
        if typed["category"] not in self._categories:
            warnings.append(f"category {_shown(typed['category'])} is none of the library's")
            typed["category"] = derived["category"]
        typed["sub_category"] = _shown(answer.sub_category)[:_LONGEST_CLASS] or derived["sub_category"]
        known = [d for d in dict.fromkeys(answer.dimensions) if d in self._dimensions]
        warnings += [
            f"dimension {_shown(d)} is none of the library's" for d in answer.dimensions if d not in known
        ]
        merged = self._known([answer.same_as] if answer.same_as else [], "same_as", name, warnings)
        parent = self._known([answer.parent] if answer.parent else [], "parent", name, warnings)
        return {
            **typed,
            "description": _shown(answer.description)[:_LONGEST_DESCRIPTION] or None,
            "placed_dimensions": known[:_MOST],
            "parent_skill": parent[0] if parent else None,
            "required_skills": self._known(answer.requires, "requires", name, warnings),
            "alternative_skills": self._known(answer.alternatives, "alternatives", name, warnings),
            "keep_log": [f"{trait} {value}" for trait, value in typed.items() if value == derived[trait]],
            "merge_log": merged,
            "split_log": _parts(name, answer.parts, warnings),
            "warnings": warnings,
        }

    def _known(self, given: Iterable[str], relation: str, name: str, warnings: list[str]) -> list[str]:
        """The library's names of the skills given; itself is no relation of a skill."""
        found: dict[str, None] = {}
        for other in list(given)[:_MOST]:
            if not fold(other) or fold(other) == fold(name):
                continue
            if known := self._release.names_by_spelling.get(fold(other)):
                found[known] = None
            else:
                warnings.append(f"{relation} {_shown(other)} is no skill of the library")
        return list(found)


def _parts(name: str, given: Iterable[str], warnings: list[str]) -> list[str]:
    """The skills that a name holds: two or more, each in its own words."""
    words = f" {fold(name)} "
    parts = []
    for part in dict.fromkeys(given):
        if fold(part) and f" {fold(part)} " in words and fold(part) != fold(name):
            parts.append(_shown(part))
        else:
            warnings.append(f"part {_shown(part)} is not in the name")
    return parts if len(parts) > 1 else []


def _shown(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_DESCRIPTION]
