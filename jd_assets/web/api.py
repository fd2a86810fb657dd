"""The three POST endpoints. They compute at once, with the stage functions of the nightly assets."""

from __future__ import annotations

from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field, model_validator

from jd_assets.contracts import ExtractDetails, ExtractFromJd, FinalRoleOutput
from jd_assets.web import examples
from jd_assets.web.answers import JdRows, extract_details, extract_from_jd, final_role_output
from jd_assets.web.context import Context, context_of
from jd_assets.web.live import Posting
from jd_assets.web.problems import declared
from jd_assets.web.security import from_other_site, same_secret

_Field = Annotated[str | None, Field(max_length=500)]
_Text = Field(min_length=1, description="The whole text of the job description.")


class JdRequest(BaseModel):
    """A job description. Fields that its text doesn't name itself are put in front of it."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.REQUEST]})

    jd_text: str = _Text
    title: _Field = None
    company: _Field = None
    location: _Field = None


class FollowUpRequest(BaseModel):
    """A run, or a text to compute one from: exactly one of the two."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"run_id": "00000000-0000-5000-8000-000000000000"}, examples.REQUEST]}
    )

    run_id: UUID | None = None
    jd_text: str | None = Field(default=None, min_length=1)
    title: _Field = None
    company: _Field = None
    location: _Field = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.run_id is None) == (self.jd_text is None):
            raise ValueError("give run_id or jd_text, one of the two")
        return self


_bearer = HTTPBearer(auto_error=False, description="JD_WEB_TOKEN, where one is set: this call lands the JD.")


def of_no_other_site(request: Request) -> None:
    """Lets no page of another site make a browser ask for what is costly.

    Raises:
        HTTPException: 403, one did.
    """
    if from_other_site(request):
        raise HTTPException(403, "a page of another site may not ask this")


def may_land(
    request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> None:
    """Lets a request pass that may put something into the landing folder.

    Raises:
        HTTPException: 401, the token is set and not given; 403, another site's page sent it.
    """
    of_no_other_site(request)
    wanted = context_of(request).settings.web_token
    if wanted is not None and not (given and same_secret(given.credentials, wanted)):
        raise HTTPException(401, "this call writes: send the token", {"WWW-Authenticate": "Bearer"})


_ANY = (400, 408, 413, 422, 429, 503)

router = APIRouter(prefix="/skills", tags=["answers"])


@router.post(
    "/extract-from-jd",
    responses=declared(401, 403, *_ANY),
    dependencies=[Depends(may_land)],
)
async def post_extract_from_jd(asked: JdRequest, request: Request) -> ExtractFromJd:
    """API 1: the JD's fields, skills and role. Also lands the JD, so that today's materialization records
    it under the same `run_id`."""
    context = context_of(request)
    posting = Posting(asked.jd_text, asked.title, asked.company, asked.location)
    return await context.workers.run(lambda: extract_from_jd(context.live.answer(posting, land=True)))


@router.post(
    "/extract-details",
    responses=declared(403, 404, *_ANY),
    dependencies=[Depends(of_no_other_site)],
)
async def post_extract_details(asked: FollowUpRequest, request: Request) -> ExtractDetails:
    """API 2: what the library knows of each skill, or how a new one is typed."""
    context = context_of(request)
    return await context.workers.run(lambda: extract_details(_rows(context, asked), context.live.release()))


@router.post(
    "/final-role-output",
    responses=declared(403, 404, *_ANY),
    dependencies=[Depends(of_no_other_site)],
)
async def post_final_role_output(asked: FollowUpRequest, request: Request) -> FinalRoleOutput:
    """API 3: the chosen role, how it resolved, and what the JD proposes for the library."""
    context = context_of(request)
    return await context.workers.run(lambda: final_role_output(_rows(context, asked), context.live.release()))


def _rows(context: Context, asked: FollowUpRequest) -> JdRows:
    if asked.jd_text is not None:
        return context.live.answer(Posting(asked.jd_text, asked.title, asked.company, asked.location))
    found = context.find_run(str(asked.run_id))
    if found is None:
        raise HTTPException(404, "no run has that id; one of a text that was sent is kept for a while only")
    return found[0]
