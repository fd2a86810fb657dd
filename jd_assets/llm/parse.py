"""Reads postings with a model: texts in, fields and skills out. What comes out is not yet checked against the
text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, Literal

from pydantic import BaseModel, create_model

from jd_assets import contracts as C
from jd_assets.llm.client import LlmClient
from jd_assets.llm.contract import part_of
from jd_assets.llm.prompts import fenced, prompt
from jd_assets.llm.requests import Call
from jd_assets.llm.sorting import answered
from jd_assets.settings import Stage

PROMPT = "parse_v2"
STAGE: Stage = "parse"
API = 1
LONGEST = 24_000
"""Characters of a text that are sent. Postings are under 20,000; what is longer has a posting's facts before
this, and the rules read the rest."""
_MOST_TOKENS: Mapping[C.Part, int] = {"fields": 1_200, "skills": 600}
"""Tokens of an answer. What the rules read in a thousand postings takes 160 and 100 in the median and 870 and
400 at the 99th percentile, at four characters a token."""
_IN_ORDER: tuple[C.Part, ...] = ("fields", "skills")
BOTH: frozenset[C.Part] = frozenset(_IN_ORDER)
_LEVELS = Literal["High school", "Diploma", "Bachelor's", "Master's", "Doctorate"]


class LlmParser:
    """Reads many postings at a time; `unread` says of each JD that it could not read why not."""

    def __init__(self, client: LlmClient, *, domains: Sequence[str], engine: str = "openai") -> None:
        self.engine = engine
        self.unread: dict[str, str] = {}
        self._client = client
        self._domains = tuple(domains)

    def read(
        self, texts: Mapping[str, str], ds: date, parts: frozenset[C.Part] = BOTH
    ) -> dict[str, C.Reading]:
        """What the model makes of these parts of each text, by JD id, in one request a JD; one whose call
        fails for good is left out.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the state database can't be used, so nothing may be paid for.
        """
        answers = self._client.ask_all(
            (call(jd_id, text, ds, parts) for jd_id, text in texts.items()),
            answer_contract(self._domains, parts),
        )
        return {
            jd_id: _reading(answer.model_dump(), parts)
            for jd_id, answer in answered(texts, answers, self.unread).items()
        }


def call(jd_id: str, text: str, ds: date, parts: frozenset[C.Part] = BOTH) -> Call:
    """The question about one posting."""
    tokens = sum(_MOST_TOKENS[part] for part in parts)
    return Call(ds, jd_id, STAGE, API, instructions(parts), fenced(text[:LONGEST]), tokens)


def instructions(parts: frozenset[C.Part] = BOTH) -> str:
    """The prompt for these parts: the same for every posting, so that endpoints can cache it."""
    return prompt(PROMPT) + "".join(prompt(f"{PROMPT}_{part}") for part in _IN_ORDER if part in parts)


@cache
def answer_contract(domains: tuple[str, ...], parts: frozenset[C.Part] = BOTH) -> type[BaseModel]:
    """What a model is asked for. Of nano_parsed it is a part: what the rules count, derive or read as well
    themselves (JD_type, archetype, duties, addresses) costs no tokens and can't be talked into anything."""
    fields = _fields_contract(domains)
    if "skills" not in parts:
        return fields
    skills = part_of(C.SkillsNamed, *C.SkillsNamed.model_fields)
    base = fields if "fields" in parts else C.Contract
    return create_model("Reading", __base__=base, skills=(skills, ...))


def _fields_contract(domains: tuple[str, ...]) -> type[BaseModel]:
    name: Any = Literal[domains]
    domain = part_of(C.Domain, "domain", domain=name)
    degree = part_of(C.Education, "level", "qualification", "raw", "requirement", level=_LEVELS)
    place = part_of(C.JobLocation, "city", "state", "country", "work_mode")
    return part_of(
        C.NanoParsed,
        "role", "role_aliases", "company_name", "about_company", "domain", "experience", "education",
        "certifications", "ctc", "job_locations",
        domain=part_of(C.Domains, "primary", "secondary", primary=domain, secondary=domain | None),
        education=list[degree],  # type: ignore[valid-type]
        job_locations=list[place],  # type: ignore[valid-type]
    )  # fmt: skip


def _reading(answer: dict[str, Any], parts: frozenset[C.Part]) -> C.Reading:
    skills = answer.pop("skills", None)
    fields = {"JD_type": "pass", **answer} if "fields" in parts else None
    return C.Reading.model_validate({"fields": fields, "skills": skills})
