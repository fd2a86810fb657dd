"""The review queue: what JDs could teach the library, and a person's word on each thing."""

from __future__ import annotations

import re
from typing import Annotated, get_args
from urllib.parse import parse_qs, urlencode

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from jd_assets.review import ReviewError
from jd_assets.review import decide as decide_on
from jd_assets.storage.state import Decision
from jd_assets.web.context import Context, context_of
from jd_assets.web.queries import QueueFilter
from jd_assets.web.security import SESSION_COOKIE, SESSION_SECONDS, Session, from_other_site, same_secret
from jd_assets.web.templates import TEMPLATES

router = APIRouter(include_in_schema=False)

KINDS = ("new_skill", "new_kra", "new_role", "alias_collision")
STATUSES = ("pending", *get_args(Decision))
_BUTTONS = ("approved", "rejected")
_AFTER = re.compile(r"(\d{1,9})~([0-9a-f]{1,64})")
_Text = Annotated[str, Query(max_length=200)]

_NO_TOKEN = "nothing can be written: the app was started without JD_WEB_TOKEN"


@router.get("/review", response_class=HTMLResponse)
def queue(request: Request, kind: _Text = "", status: _Text = "pending", after: _Text = "") -> Response:
    """Things to decide, most frequent first."""
    context = context_of(request)
    decided = {item: d.decision for item, d in context.stores.state.decisions().items()}
    wanted = QueueFilter(_one_of(KINDS, kind), _one_of(STATUSES, status), _key(after))
    with context.published.snapshot() as snapshot:
        items, more = snapshot.queue(wanted, decided)
    asked = {"kind": wanted.kind, "status": wanted.status}
    next_page = None
    if more:
        next_page = "?" + urlencode(asked | {"after": f"{items[-1]['jds']}~{items[-1]['item_id']}"})
    shown = {
        "items": items,
        "options_of": {
            "kind": [(k, k.replace("_", " ")) for k in KINDS],
            "status": [(s, s) for s in STATUSES],
        },
        "chosen": asked,
        "after": after,
        "next_page": next_page,
        "first_page": "?" + urlencode(asked) if after else None,
        "session": _session(context, request),
        "may_write": context.sessions is not None,
    }
    return TEMPLATES.TemplateResponse(request, "review.html", shown)


@router.post("/review/decide")
async def decide(request: Request) -> Response:
    """Records a decision and goes back to the queue."""
    context = context_of(request)
    form = await _form(request)
    session = _writer(context, request, form)
    item, decision = form.get("item_id", ""), form.get("decision", "")
    if decision not in _BUTTONS:
        raise HTTPException(422, f"decision is one of {', '.join(_BUTTONS)}")
    await context.workers.run(lambda: _record(context, item, decision, session))
    asked = {
        "kind": _one_of(KINDS, form.get("kind", "")),
        "status": _one_of(STATUSES, form.get("status", "")),
        "after": form.get("after", ""),
    }
    return RedirectResponse(f"/review?{urlencode(asked)}", 303)


@router.get("/login", response_class=HTMLResponse)
def login_page(request: Request) -> Response:
    """The form that asks for the token."""
    if context_of(request).sessions is None:
        raise HTTPException(403, _NO_TOKEN)
    return TEMPLATES.TemplateResponse(request, "login.html", {"failed": False})


@router.post("/login")
async def login(request: Request) -> Response:
    """Starts a session for who knows the token."""
    context = context_of(request)
    if context.sessions is None or context.settings.web_token is None:
        raise HTTPException(403, _NO_TOKEN)
    if from_other_site(request):
        raise HTTPException(403, "this form was sent from another site")
    form = await _form(request)
    name = " ".join(form.get("name", "").split())[:80]
    if not name or not same_secret(form.get("token", ""), context.settings.web_token):
        return TEMPLATES.TemplateResponse(request, "login.html", {"failed": True}, status_code=403)
    response = RedirectResponse("/review", 303)
    response.set_cookie(
        SESSION_COOKIE,
        context.sessions.cookie(name),
        max_age=SESSION_SECONDS,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return response


@router.post("/logout")
async def logout(request: Request) -> Response:
    """Ends the session in this browser."""
    _writer(context_of(request), request, await _form(request))
    response = RedirectResponse("/review", 303)
    response.delete_cookie(SESSION_COOKIE, httponly=True, samesite="strict")
    return response


def _record(context: Context, item: str, decision: str, session: Session) -> None:
    with context.published.snapshot() as snapshot:
        known = snapshot.queue_item(item)
    if known is None:
        raise HTTPException(404, "the queue has no such thing")
    said: Decision = "approved" if decision == "approved" else "rejected"
    try:
        decide_on(context.stores, context.live.release(), known, said, session.name)
    except ReviewError as error:
        raise HTTPException(422, str(error)) from None


def _session(context: Context, request: Request) -> Session | None:
    return context.sessions.read(request.cookies.get(SESSION_COOKIE)) if context.sessions else None


def _writer(context: Context, request: Request, form: dict[str, str]) -> Session:
    """Who sent a form that writes.

    Raises:
        HTTPException: 403, it is not proven that a signed-in person did, on a page of ours.
    """
    if context.sessions is None:
        raise HTTPException(403, _NO_TOKEN)
    session = _session(context, request)
    if session is None:
        raise HTTPException(403, "sign in first: /login")
    if from_other_site(request) or not session.accepts(form.get("csrf", "")):
        raise HTTPException(403, "this form is not from a page of this session: load the page again")
    return session


async def _form(request: Request) -> dict[str, str]:
    """The fields of a URL-encoded form, the first value of each.

    Raises:
        HTTPException: 415 for another encoding, 422 for a body that is none.
    """
    encoding, _, _ = request.headers.get("content-type", "").partition(";")
    if encoding.strip().lower() != "application/x-www-form-urlencoded":
        raise HTTPException(415, "send a URL-encoded form")
    try:
        fields = parse_qs((await request.body()).decode("ascii"), max_num_fields=50, errors="replace")
    except ValueError:
        raise HTTPException(422, "the form can't be read") from None
    return {name: values[0] for name, values in fields.items()}


def _one_of(known: tuple[str, ...], text: str) -> str:
    """The text where it is one of the known, or "" for all."""
    if text and text not in known:
        raise HTTPException(422, f"one of {', '.join(known)} is expected")
    return text


def _key(text: str) -> tuple[int, str] | None:
    match = _AFTER.fullmatch(text)
    if text and match is None:
        raise HTTPException(422, "after is no place in the queue")
    return (int(match[1]), match[2]) if match else None
