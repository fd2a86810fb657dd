"""The answers that `benchmarks.llm_cost` takes a model to give, so that their length can be counted.

Each has the shape that its stage's contract asks for. What is read and chosen is what the embedded engine
reads and chooses; what only a model would write is as long as the library's own entries, or as its prompt
allows at most.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import cycle
from random import Random
from typing import Any

from pydantic import BaseModel

from jd_assets import contracts as C
from jd_assets.library.release import Release
from jd_assets.llm.requests import Call
from jd_assets.settings import Stage
from jd_assets.stages.parse.nano import nano_parsed
from jd_assets.stages.parse.parsed import ParsedJd
from jd_assets.stages.roles.verdicts import MODEL_ACCURACY
from jd_assets.stages.skills.found import Found

QUOTES, QUOTE_WORDS, REASONING_WORDS, DESCRIPTION_WORDS = 2, 12, 40, 20
"""Of an answer: two quotes, where prompts ask for one to three, and the most words that they allow."""

_NOT_ASKED = frozenset(("JD_type", "role_archetype", "roles_and_responsibilities", "urls", "aliases"))
_NUMBERED = re.compile(r"^(\d+)\. ", re.MULTILINE)
_OPTION = re.compile(r"^(\d)\. (.+?): ", re.MULTILINE)


class Expected:
    """Answers to the questions about some JDs; `jds`, `skills` and `roles` (a name, None for a new role) are
    what the embedded engine makes of each, by JD id."""

    def __init__(
        self,
        jds: Mapping[str, ParsedJd],
        skills: Mapping[str, Sequence[Found]],
        roles: Mapping[str, str | None],
        release: Release,
    ) -> None:
        self._jds, self._skills, self._roles = jds, skills, roles
        self._release = release
        self._typed = cycle(release.skills)
        self._planned = cycle(release.roles)
        self.by_stage: dict[Stage, Callable[[Call, type[BaseModel]], dict[str, Any]]] = {
            "parse": self._parse,
            "decision": self._decide,
            "adjudication": self._decide,
            "enrichment": self._type,
            "planner": self._plan,
        }

    def _parse(self, call: Call, contract: type[BaseModel]) -> dict[str, Any]:
        fields = frozenset(contract.model_fields)
        parts: set[C.Part] = {"skills"} if "skills" in fields else set()
        if fields - {"skills"}:
            parts.add("fields")
        assert call.jd_id is not None
        return reading(self._jds[call.jd_id], self._skills[call.jd_id], frozenset(parts))

    def _decide(self, call: Call, contract: type[BaseModel]) -> dict[str, Any]:
        """The embedded engine's role as often as a model is taken to be right, else another answer."""
        told, _, posting = call.user.partition("\n\n")
        numbers = {name: number for number, name in _OPTION.findall(told)}
        assert call.jd_id is not None
        right = numbers.get(self._roles[call.jd_id] or "", "none")
        chance = Random(f"{call.stage}/{call.jd_id}")
        others = [number for number in (*numbers.values(), "none") if number != right]
        lines = [line.split() for line in posting.split("\n")[1:-1]]
        quotes = [" ".join(words[:QUOTE_WORDS]) for words in sorted(lines, key=len)[-QUOTES:]]
        words = [word for line in lines for word in line]
        return {
            "evidence": quotes,
            "reasoning": " ".join(words[:REASONING_WORDS]),
            "choice": right if chance.random() < MODEL_ACCURACY else chance.choice(others),
        }

    def _type(self, call: Call, contract: type[BaseModel]) -> dict[str, Any]:
        return {"skills": [self._typing(int(n)) for n in _NUMBERED.findall(call.user)]}

    def _typing(self, n: int) -> dict[str, Any]:
        """A library skill as it is described there, with a sentence of a role's archetype."""
        skill, role = next(self._typed), next(self._planned)

        def names(slugs: Sequence[str]) -> list[str]:
            return [self._release.skill(slug).name for slug in slugs][:3]

        return {
            "n": n,
            "description": " ".join(role.archetype.split()[:DESCRIPTION_WORDS]),
            "category": skill.category,
            "sub_category": skill.sub_category,
            "skill_nature": skill.nature,
            "volatility": skill.volatility,
            "typical_lifespan": skill.lifespan,
            "version_strategy": skill.versions,
            "dimensions": [*role.dimensions][:2],
            "same_as": None,
            "parts": [],
            "parent": self._release.skill(skill.parent).name if skill.parent else None,
            "requires": names(skill.requires),
            "alternatives": names(skill.alternatives),
        }

    def _plan(self, call: Call, contract: type[BaseModel]) -> dict[str, Any]:
        """A role of the library, as a plan of it would be."""
        role = next(self._planned)

        def names(slugs: Sequence[str]) -> list[str]:
            return [self._release.skill(slug).name for slug in slugs]

        return {
            "name": role.name,
            "archetype": role.archetype,
            "domain": role.domain,
            "kras": [
                {"kra": kra, "says": says[0]} for kra, says in zip(role.kras, role.says, strict=True) if says
            ],
            "primary": names(role.primary),
            "secondary": names(role.secondary),
            "dimensions": [{"dimension": d, "skills": names(s)} for d, s in role.dimensions.items()],
        }


def reading(jd: ParsedJd, skills: Sequence[Found], parts: frozenset[C.Part]) -> dict[str, Any]:
    """What the embedded engine read, in the shape that a model is asked for."""
    answer: dict[str, Any] = {}
    if "fields" in parts:
        answer |= _asked(nano_parsed(jd).model_dump())
    if "skills" in parts:
        said: dict[str, list[str]] = {"main": [], "plus": [], "soft": []}
        for skill in skills:
            label = "soft" if skill.kind == "soft" else "main" if skill.is_primary else "plus"
            said[label].append(jd.text[skill.start : skill.end])
        answer["skills"] = said
    return answer


def _asked(node: Any) -> Any:
    """A value without what no model is asked for."""
    if isinstance(node, dict):
        return {key: _asked(value) for key, value in node.items() if key not in _NOT_ASKED}
    return [_asked(value) for value in node] if isinstance(node, list) else node
