"""Asks a model to propose a role for postings that no library role fits: clusters in, plans out. What comes
out is not yet checked against the postings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, Literal

from pydantic import BaseModel

from jd_assets import contracts as C
from jd_assets.llm.client import LlmClient
from jd_assets.llm.contract import part_of
from jd_assets.llm.prompts import fenced, prompt
from jd_assets.llm.requests import Call
from jd_assets.llm.sorting import answered
from jd_assets.settings import Stage

PROMPT = "planner_v1"
STAGE: Stage = "planner"
API = 3
_MAX_TOKENS = 1_500


class LlmPlanner:
    """Plans many roles at a time; `unanswered` says of each JD that a call was booked to why it has no
    answer."""

    engine = "openai"

    def __init__(self, client: LlmClient, *, domains: Sequence[str], dimensions: Sequence[str]) -> None:
        self._client = client
        self._contract = answer_contract(tuple(domains), tuple(dimensions))
        self.unanswered: dict[str, str] = {}

    def plan(self, questions: Mapping[str, C.PlanQuestion], ds: date) -> dict[str, C.RolePlan]:
        """What the model proposes for each cluster, by the JD that the call is booked to; one whose call
        fails for good is left out.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the state database can't be used, so nothing may be paid for.
        """
        system = prompt(PROMPT)
        answers = self._client.ask_all(
            (
                Call(ds, jd_id, STAGE, API, system, fenced(_message(question)), _MAX_TOKENS)
                for jd_id, question in questions.items()
            ),
            self._contract,
        )
        return {
            jd_id: C.RolePlan.model_validate(answer.model_dump())
            for jd_id, answer in answered(questions, answers, self.unanswered).items()
        }


@cache
def answer_contract(domains: tuple[str, ...], dimensions: tuple[str, ...]) -> type[BaseModel]:
    """A plan with the library's words for domains and dimensions."""
    domain: Any = Literal[domains]
    dimension: Any = Literal[dimensions]
    planned = part_of(C.PlannedDimension, "dimension", "skills", dimension=dimension)
    return part_of(
        C.RolePlan,
        *C.RolePlan.model_fields,
        domain=domain,
        dimensions=list[planned],  # type: ignore[valid-type]
    )


def _message(question: C.PlanQuestion) -> str:
    head = f"Title: {question.title}\nSkills: {', '.join(question.skills)}"
    parts = (f"Posting {n}:\n{text}" for n, text in enumerate(question.postings, start=1))
    return "\n\n".join((head, *parts))
