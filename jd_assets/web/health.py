"""Whether the app is well. Who asks waits for no page's turn: a busy server is not an ill one."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from jd_assets.web.context import context_of
from jd_assets.web.queries.published import NotPublished
from jd_assets.web.queries.runs import facets

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
def healthz(request: Request) -> Response:
    """200 where the published tables can be read, else 503."""
    try:
        with context_of(request).published.snapshot() as snapshot:
            state = {"status": "ok", "release": snapshot.release(), "runs": facets(snapshot).runs}
    except NotPublished:
        return JSONResponse({"status": "not published"}, 503)
    return JSONResponse(state)
