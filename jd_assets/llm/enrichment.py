"""Asks a model what a skill is that the library lacks: names in, types out. What comes out is not yet checked
against the library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, Literal

from pydantic import BaseModel

from jd_assets import contracts as C
from jd_assets.library.format import Lifespan, Nature, Versions, Volatility
from jd_assets.llm.client import LlmClient
from jd_assets.llm.contract import part_of
from jd_assets.llm.prompts import fenced, prompt
from jd_assets.llm.requests import Call
from jd_assets.llm.sorting import answered
from jd_assets.settings import Stage

PROMPT = "enrichment_v1"
STAGE: Stage = "enrichment"
API = 2
_MAX_TOKENS = 400
_LONGEST = 100  # characters of a name


class LlmTypist:
    """Types many skills at a time; `unanswered` says of each name without an answer why.

    A request holds the name alone, so a name is paid for once however many days and postings have it, until
    the library's categories or dimensions change.
    """

    engine = "openai"

    def __init__(self, client: LlmClient, *, categories: Sequence[str], dimensions: Sequence[str]) -> None:
        self._client = client
        self._contract = answer_contract(tuple(categories), tuple(dimensions))
        self.unanswered: dict[str, str] = {}

    def type_skills(self, names: Mapping[str, str], ds: date) -> dict[str, C.SkillTyping]:
        """What the model makes of each name, which stands with the JD that its call is booked to; a name
        whose call fails for good is left out.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the state database can't be used, so nothing may be paid for.
        """
        system = prompt(PROMPT)
        answers = self._client.ask_all(
            (
                Call(ds, jd_id, STAGE, API, system, fenced(name[:_LONGEST]), _MAX_TOKENS)
                for name, jd_id in names.items()
            ),
            self._contract,
        )
        return {
            name: C.SkillTyping.model_validate(answer.model_dump())
            for name, answer in answered(names, answers, self.unanswered).items()
        }


@cache
def answer_contract(categories: tuple[str, ...], dimensions: tuple[str, ...]) -> type[BaseModel]:
    """The type of a skill, with the library's words for all that has a list of them."""
    return part_of(
        C.SkillTyping,
        *C.SkillTyping.model_fields,
        category=_one_of(categories),
        skill_nature=_values(Nature),
        volatility=_values(Volatility),
        typical_lifespan=_values(Lifespan),
        version_strategy=_values(Versions),
        dimensions=list[_one_of(dimensions)],  # type: ignore[misc]
    )


def _one_of(names: Sequence[str]) -> Any:
    return Literal[tuple(names)]


def _values(kind: type[StrEnum]) -> Any:
    return _one_of([member.value for member in kind])
