"""Asks a model what a skill is that the library lacks: names in, types out. What comes out is not yet checked
against the library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, Literal

from pydantic import BaseModel, create_model

from jd_assets import contracts as C
from jd_assets.library.format import Lifespan, Nature, Versions, Volatility
from jd_assets.library.spelling import fold
from jd_assets.llm.client import LlmClient
from jd_assets.llm.contract import part_of
from jd_assets.llm.errors import LlmError
from jd_assets.llm.prompts import fenced, prompt
from jd_assets.llm.requests import Call
from jd_assets.settings import Stage
from jd_assets.storage.ledger import Ledger

PROMPT = "enrichment_v2"
STAGE: Stage = "enrichment"
API = 2
TOGETHER = 8
"""Names in one request: prompt and schema, with the library's words in it, are twenty times as long as an
answer's share of them then is."""
_MAX_TOKENS = 400  # of a name's answer
_LONGEST = 100  # characters of a name
_ALONE = frozenset(("invalid", "truncated", "refused"))
"""Why a request of several names has no answer that one of them by itself may have."""


class LlmTypist:
    """Types many skills at a time; `unanswered` says of each name without an answer why.

    Names are asked about TOGETHER, those of a JD side by side, and a request holds names alone. Which names
    share one is fixed in the ledger the first time that a name is met. So a name is paid for once however
    many days and postings have it, until the library's categories or dimensions change. Names that the
    answer of their group leaves out are asked about by themselves.
    """

    engine = "openai"

    def __init__(
        self, client: LlmClient, ledger: Ledger, *, categories: Sequence[str], dimensions: Sequence[str]
    ) -> None:
        self._client = client
        self._ledger = ledger
        self._contract = answer_contract(tuple(categories), tuple(dimensions))
        self.unanswered: dict[str, str] = {}

    def type_skills(self, names: Mapping[str, str], ds: date) -> dict[str, C.SkillTyping]:
        """What the model makes of each name, which stands with the JD that its call is booked to; a name
        whose call fails for good is left out.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the state database can't be used, so nothing may be paid for.
        """
        by_jd = sorted(names, key=lambda name: (names[name], name))
        spellings: dict[str, str] = {}
        for name in by_jd:
            spellings.setdefault(_key(name), _line(name))
        group_of = self._ledger.grouped(spellings, TOGETHER)
        groups: dict[tuple[str, ...], list[str]] = {}
        for name in by_jd:
            groups.setdefault(group_of[_key(name)], []).append(name)
        typed = self._ask(groups, names, ds)
        alone = [
            name for name in by_jd if self.unanswered.get(name) in _ALONE and len(group_of[_key(name)]) > 1
        ]
        for name in alone:
            del self.unanswered[name]
        return typed | self._ask({(_line(name),): [name] for name in alone}, names, ds)

    def _ask(
        self, groups: Mapping[tuple[str, ...], Sequence[str]], names: Mapping[str, str], ds: date
    ) -> dict[str, C.SkillTyping]:
        """The answers by name, in one request a group; `groups` has this day's names of each."""
        system = prompt(PROMPT)
        answers = self._client.ask_all(
            (
                Call(
                    ds, min(names[name] for name in wanted), STAGE, API, system,
                    fenced("\n".join(f"{n}. {spelling}" for n, spelling in enumerate(group, start=1))),
                    _MAX_TOKENS * len(group),
                )
                for group, wanted in groups.items()
            ),
            self._contract,
        )  # fmt: skip
        typed: dict[str, C.SkillTyping] = {}
        for (group, wanted), answer in zip(groups.items(), answers, strict=True):
            if isinstance(answer, LlmError):
                self.unanswered |= dict.fromkeys(wanted, answer.reason)
                continue
            said = {skill.pop("n"): skill for skill in answer.model_dump()["skills"]}
            numbers = {_key(spelling): n for n, spelling in enumerate(group, start=1)}
            for name in wanted:
                if skill := said.get(numbers[_key(name)]):
                    typed[name] = C.SkillTyping.model_validate(skill)
                else:
                    self.unanswered[name] = "invalid"
        return typed


def _line(name: str) -> str:
    """A name as it stands in a request."""
    return " ".join(name.split())[:_LONGEST]


def _key(name: str) -> str:
    """The same for all spellings of a name."""
    return fold(_line(name)) or _line(name)


@cache
def answer_contract(categories: tuple[str, ...], dimensions: tuple[str, ...]) -> type[BaseModel]:
    """The types of numbered skills, with the library's words for all that has a list of them."""
    skill = part_of(
        C.NumberedSkill,
        "n",
        *C.SkillTyping.model_fields,
        category=_one_of(categories),
        skill_nature=_values(Nature),
        volatility=_values(Volatility),
        typical_lifespan=_values(Lifespan),
        version_strategy=_values(Versions),
        dimensions=list[_one_of(dimensions)],  # type: ignore[misc]
    )
    return create_model("SkillTypings", __base__=C.Contract, skills=(list[skill], ...))  # type: ignore[valid-type]


def _one_of(names: Sequence[str]) -> Any:
    return Literal[tuple(names)]


def _values(kind: type[StrEnum]) -> Any:
    return _one_of([member.value for member in kind])
