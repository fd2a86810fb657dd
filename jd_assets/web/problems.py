"""Errors as a client sees them: problem+json (RFC 9457) from the API, a page elsewhere, no internals."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from jd_assets.web.live import Unreadable
from jd_assets.web.queries.published import NotPublished
from jd_assets.web.security import HEADERS
from jd_assets.web.templates import TEMPLATES

_LOG = logging.getLogger(__name__)

API_PATHS = ("/skills/extract-from-jd", "/skills/extract-details", "/skills/final-role-output", "/batches")
"""How the paths of the API begin: their errors are never pages."""

_MEANINGS = {
    400: "The body is no JSON in UTF-8.",
    401: "The token is missing.",
    403: "A browser sent it from another site's page.",
    404: "Nothing has that id.",
    408: "The body came too slowly.",
    413: "The body or the text is too long.",
    422: "The request doesn't fit, or what it holds can't be read.",
    429: "This address asks too often.",
    503: "Too many wait, or it took too long.",
}

_UNREADABLE_STATUS = {"text_too_long": 413, "row_too_large": 413}


class Problem(BaseModel):
    """An error (RFC 9457); some have further members."""

    type: str
    title: str
    status: int
    detail: str


def declared(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The errors of an endpoint, for its OpenAPI description."""
    return {
        status: {
            "description": _MEANINGS[status],
            "content": {
                "application/problem+json": {
                    "schema": Problem.model_json_schema(),
                    "example": {
                        "type": "about:blank",
                        "title": HTTPStatus(status).phrase,
                        "status": status,
                        "detail": _MEANINGS[status],
                    },
                }
            },
        }
        for status in statuses
    }


def problem(
    request: Request, status: int, detail: str, headers: dict[str, str] | None = None, **more: object
) -> Response:
    """The error as the client reads it; `detail` is for people, `more` are members of the JSON."""
    title = HTTPStatus(status).phrase
    sent = {**HEADERS, **(headers or {})}
    wants_page = not request.url.path.startswith(API_PATHS) and "text/html" in request.headers.get(
        "accept", ""
    )
    if wants_page:
        shown = {"title": title, "status": status, "detail": detail}
        return TEMPLATES.TemplateResponse(request, "problem.html", shown, status_code=status, headers=sent)
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    return JSONResponse(body, status, sent, media_type="application/problem+json")


def register(app: FastAPI) -> None:
    """Makes every error of the app a problem."""

    @app.exception_handler(HTTPException)
    def _http(request: Request, error: HTTPException) -> Response:
        return problem(request, error.status_code, str(error.detail), dict(error.headers or {}))

    @app.exception_handler(RequestValidationError)
    def _invalid(request: Request, error: RequestValidationError) -> Response:
        # Neither the input nor the context is echoed: both are the client's, and may be no UTF-8.
        errors = [
            {"at": ".".join(_printable(part) for part in e["loc"]), "message": _printable(e["msg"])}
            for e in error.errors()[:20]
        ]
        return problem(request, 422, "the request does not fit its schema", errors=errors)

    @app.exception_handler(Unreadable)
    def _unreadable(request: Request, error: Unreadable) -> Response:
        return problem(request, _UNREADABLE_STATUS.get(error.code, 422), str(error), code=error.code)

    @app.exception_handler(NotPublished)
    def _not_published(request: Request, error: NotPublished) -> Response:
        return problem(request, 503, "no analyst database is published yet: run `jd-assets run`")

    @app.exception_handler(Exception)
    def _failed(request: Request, error: Exception) -> Response:
        _LOG.error("%s %s failed", request.method, request.url.path, exc_info=error)
        return problem(request, 500, "the server failed; its log says why")


def _printable(part: object) -> str:
    return str(part).encode("utf-8", "replace").decode("utf-8")[:200]
