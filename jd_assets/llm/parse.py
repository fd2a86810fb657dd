"""Reads postings with a model: texts in, nano_parsed out. What comes out is not yet checked against the
text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, create_model

from jd_assets import contracts as C
from jd_assets.llm.client import LlmClient
from jd_assets.llm.errors import LlmError
from jd_assets.llm.prompts import fenced, prompt
from jd_assets.llm.requests import Call
from jd_assets.settings import Stage

PROMPT = "parse_v1"
STAGE: Stage = "parse"
API = 1
LONGEST = 24_000
"""Characters of a text that are sent. Postings are under 20,000; what is longer has a posting's facts before
this, and the rules read the rest."""
_MAX_TOKENS = 1_200
"""Tokens of an answer. What the rules read in a thousand postings takes 160 in the median and 870 at the 99th
percentile, at four characters a token."""
_LEVELS = Literal["High school", "Diploma", "Bachelor's", "Master's", "Doctorate"]


class LlmParser:
    """Reads many postings at a time; `unread` says of each JD that it could not read why not."""

    engine = "openai"

    def __init__(self, client: LlmClient, *, domains: Sequence[str]) -> None:
        self._client = client
        self._contract = answer_contract(domains)
        self.unread: dict[str, str] = {}

    def read(self, texts: Mapping[str, str], ds: date) -> dict[str, C.NanoParsed]:
        """What the model makes of each text, by JD id; a JD whose call fails for good is left out.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the state database can't be used, so nothing may be paid for.
        """
        system = prompt(PROMPT)
        answers = self._client.ask_all(
            (
                Call(ds, jd_id, STAGE, API, system, fenced(text[:LONGEST]), _MAX_TOKENS)
                for jd_id, text in texts.items()
            ),
            self._contract,
        )
        read: dict[str, C.NanoParsed] = {}
        for jd_id, answer in zip(texts, answers, strict=True):
            if isinstance(answer, LlmError):
                self.unread[jd_id] = answer.reason
            else:
                read[jd_id] = C.NanoParsed.model_validate({"JD_type": "pass", **answer.model_dump()})
        return read


def answer_contract(domains: Sequence[str]) -> type[BaseModel]:
    """The part of nano_parsed that a model is asked for: what the rules count, derive or read as well
    themselves (JD_type, archetype, duties, addresses) costs no tokens and can't be talked into anything."""
    name: Any = Literal[tuple(domains)]
    domain = _part(C.Domain, "domain", domain=name)
    degree = _part(C.Education, "level", "qualification", "raw", "requirement", level=_LEVELS)
    place = _part(C.JobLocation, "city", "state", "country", "work_mode")
    return _part(
        C.NanoParsed,
        "role", "role_aliases", "company_name", "about_company", "domain", "experience", "education",
        "certifications", "ctc", "job_locations",
        domain=_part(C.Domains, "primary", "secondary", primary=domain, secondary=domain | None),
        education=list[degree],  # type: ignore[valid-type]
        job_locations=list[place],  # type: ignore[valid-type]
    )  # fmt: skip


def _part(model: type[BaseModel], *fields: str, **narrower: Any) -> type[BaseModel]:
    """The contract with these fields only, all of them required; `narrower` are types of some of them."""
    wanted: dict[str, Any] = {
        field: (narrower.get(field, model.model_fields[field].annotation), ...) for field in fields
    }
    return create_model(model.__name__, __base__=C.Contract, **wanted)
