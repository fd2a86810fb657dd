"""Uploading a file of JDs: from a client with the token, or from a page; and how far it is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi import Path as PathParameter
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import UploadFile

from jd_assets.stages.ingest.readers import FORMATS, format_of
from jd_assets.storage.uploads import TooLarge, Upload
from jd_assets.web import examples
from jd_assets.web.api import may_land
from jd_assets.web.batches import RUNS, BatchStatus
from jd_assets.web.context import Context, context_of
from jd_assets.web.problems import declared
from jd_assets.web.review import NOT_OF_THIS_SESSION, session_of, signed_in
from jd_assets.web.templates import TEMPLATES

Format = Literal["jsonl", "csv", "txt", "md", "html", "pdf", "docx"]

PATHS = ("/batches", "/upload")
"""Where files come in, which are not held in memory as other bodies are."""

_AT_A_TIME = 4
_CHUNK = 1 << 20
_First = Annotated[int, Query(ge=0, le=10_000_000, description="How many runs to leave out.")]

_BatchId = Annotated[
    str, PathParameter(description="From the answer of the upload.", examples=[examples.BATCH["batch_id"]])
]

_FILE = {
    "requestBody": {
        "required": True,
        "content": {
            "application/octet-stream": {
                "schema": {"type": "string", "format": "binary", "minLength": 1},
                "example": '{"title": "Backend Developer", "text": "Build REST APIs in Python."}\n',
            }
        },
    }
}

_coming = 0
router = APIRouter()


@router.post(
    "/batches",
    status_code=202,
    tags=["batches"],
    openapi_extra=_FILE,
    responses=examples.shown(202, examples.BATCH) | declared(401, 403, 408, 413, 422, 429, 503),
    dependencies=[Depends(may_land)],
)
async def post_batch(
    request: Request, response: Response, format: Annotated[Format, Query(description="Of the body.")]
) -> BatchStatus:
    """Lands a file in today's folder, whole or not at all, and computes it in the background. What its
    records give is under the run ids that the nightly materialization gives them."""
    context = context_of(request)
    batch = await _landed(context, request.stream(), format)
    response.headers["Location"] = f"/batches/{batch}"
    return await _status(context, batch)


@router.get(
    "/batches/{batch_id}",
    tags=["batches"],
    responses=examples.shown(200, examples.BATCH) | declared(404, 422, 429),
)
async def get_batch(request: Request, batch_id: _BatchId, first: _First = 0) -> BatchStatus:
    """How far a file is: records read, computed and quarantined, with the reasons, and its runs, 200 at a
    time."""
    return await _status(context_of(request), batch_id, first)


@router.get("/upload", response_class=HTMLResponse, include_in_schema=False)
def upload_page(request: Request) -> Response:
    """The form for a file, and the files that came last."""
    context = context_of(request)
    shown = {
        "session": session_of(context, request),
        "may_write": context.sessions is not None,
        "extensions": ",".join(f".{extension}" for extension in FORMATS),
        "most_bytes": context.settings.web_upload_bytes,
        "latest": [
            (batch, progress.path.parent.name, progress.state) for batch, progress in context.batches.latest()
        ],
    }
    return TEMPLATES.TemplateResponse(request, "upload.html", shown)


@router.post("/upload", include_in_schema=False)
async def upload(request: Request) -> Response:
    """Lands the file of the form, and goes to the page that shows how far it is."""
    context = context_of(request)
    session = signed_in(context, request)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "multipart/form-data":
        raise HTTPException(415, "send the form of this page")
    async with request.form(max_files=1, max_fields=4) as form:
        if not session.accepts(str(form.get("csrf", ""))):
            raise HTTPException(403, NOT_OF_THIS_SESSION)
        file = form.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            raise HTTPException(422, "choose a file first")
        format = format_of(file.filename)
        if format is None:
            raise HTTPException(422, f"read are {', '.join(sorted(FORMATS))}, by the file's extension")
        batch = await _landed(context, _parts(file), format)
    return RedirectResponse(f"/upload/{batch}", 303)


@router.get("/upload/{batch_id}", response_class=HTMLResponse, include_in_schema=False)
async def upload_status(request: Request, batch_id: _BatchId, first: _First = 0) -> Response:
    """How far a file is; the browser looks again by itself until it is done."""
    status = await _status(context_of(request), batch_id, first)
    shown = {
        "status": status,
        "busy": status.state in ("waiting", "computing"),
        "next_page": f"?first={first + RUNS}" if first + RUNS < status.jds else None,
        "first_page": f"/upload/{batch_id}" if first else None,
    }
    return TEMPLATES.TemplateResponse(request, "batch.html", shown)


async def _landed(context: Context, parts: AsyncIterator[bytes], format: str) -> str:
    """The id of a batch whose file came whole and has landed."""
    with _place(), Upload(context.settings.landing_dir, context.settings.web_upload_bytes) as coming:
        try:
            async for part in parts:
                await asyncio.to_thread(coming.write, part)
        except TooLarge as error:
            raise HTTPException(413, str(error), {"Connection": "close"}) from None
        if not coming.bytes:
            raise HTTPException(422, "the file is empty")
        path = await asyncio.to_thread(coming.land, context.live.today(), format)
    return context.batches.add(path)


@contextmanager
def _place() -> Iterator[None]:
    """One of the few places for files that come at the same time.

    Raises:
        HTTPException: 503, all are taken.
    """
    global _coming
    if _coming >= _AT_A_TIME:
        raise HTTPException(503, "too many files come at the same time", {"Retry-After": "30"})
    _coming += 1
    try:
        yield
    finally:
        _coming -= 1


async def _parts(file: UploadFile) -> AsyncIterator[bytes]:
    while part := await file.read(_CHUNK):
        yield part


async def _status(context: Context, batch: str, first: int = 0) -> BatchStatus:
    status = await asyncio.to_thread(context.batches.status, batch, first)
    if status is None:
        raise HTTPException(404, "no file that has landed has that id")
    return status
