"""Asks a model which role a posting is for: questions in, verdicts out. What comes out is not yet checked
against the text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from jd_assets import contracts as C
from jd_assets.llm.client import LlmClient
from jd_assets.llm.contract import part_of
from jd_assets.llm.prompts import fenced, prompt
from jd_assets.llm.requests import Call
from jd_assets.llm.sorting import answered
from jd_assets.settings import Stage

API = 1


@dataclass(frozen=True)
class Asking:
    """How one stage asks: its prompt, the fields of a verdict that it wants, and the tokens of an answer at
    most."""

    stage: Stage
    prompt: str
    fields: tuple[str, ...]
    max_tokens: int


DECISION = Asking("decision", "decision_v1", ("evidence", "choice"), 200)
ADJUDICATION = Asking("adjudication", "adjudication_v1", ("evidence", "reasoning", "choice"), 300)


class LlmJudge:
    """Answers many questions at a time; `unanswered` says of each JD without an answer why.

    Roles are chosen by number: the schema is then the same for every posting, so that endpoints compile and
    cache it once, and no role can be answered that was not offered.
    """

    engine = "openai"

    def __init__(self, client: LlmClient, asking: Asking) -> None:
        self._client = client
        self._asking = asking
        self._contract = part_of(C.RoleVerdict, *asking.fields)
        self.unanswered: dict[str, str] = {}

    def decide(self, questions: Mapping[str, C.RoleQuestion], ds: date) -> dict[str, C.RoleVerdict]:
        """What the model says to each question, by JD id; a JD whose call fails for good is left out.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the state database can't be used, so nothing may be paid for.
        """
        ask, system = self._asking, prompt(self._asking.prompt)
        answers = self._client.ask_all(
            (
                Call(ds, jd_id, ask.stage, API, system, _message(question), ask.max_tokens)
                for jd_id, question in questions.items()
            ),
            self._contract,
        )
        return {
            jd_id: C.RoleVerdict.model_validate(answer.model_dump())
            for jd_id, answer in answered(questions, answers, self.unanswered).items()
        }


def _message(question: C.RoleQuestion) -> str:
    roles = "\n".join(f"{n}. {o.name}: {o.about}" for n, o in enumerate(question.options, start=1))
    return f"Roles:\n{roles}\n\n{fenced(question.posting)}"
