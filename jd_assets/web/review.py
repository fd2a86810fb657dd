"""The review queue: what JDs could teach the library, and a person's word on each thing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, cast, get_args
from urllib.parse import parse_qs, urlencode

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from jd_assets.review import ReviewError, history, planned_of, reopen
from jd_assets.review import decide as decide_on
from jd_assets.stages.capture.standing import PENDING, REOPENED, standing, status_of
from jd_assets.storage.state import Decision
from jd_assets.web.context import Context, context_of
from jd_assets.web.queries.queue import PAGE, QueueFilter, decided_members, page_of_queue, queue_item
from jd_assets.web.security import SESSION_COOKIE, SESSION_SECONDS, Session, from_other_site, same_secret
from jd_assets.web.templates import TEMPLATES
from jd_assets.web.turns import PageRoute

router = APIRouter(include_in_schema=False, route_class=PageRoute)

KINDS = ("new_skill", "new_kra", "new_role", "alias_collision")
STATUSES = (PENDING, *get_args(Decision))
WORDS = (*get_args(Decision), REOPENED)
"""What a form may say of a thing."""

_AFTER = re.compile(r"(\d{1,9})~([0-9a-f]{1,64})")
_OWN_FIELDS = 20
"""More fields than any form has, but for the things of a page that are ticked."""

_Text = Annotated[str, Query(max_length=200)]

NOT_OF_THIS_SESSION = "this form is not from a page of this session: load the page again"
_NO_TOKEN = "nothing can be written: the app was started without JD_WEB_TOKEN"


@router.get("/review", response_class=HTMLResponse)
def queue(request: Request, kind: _Text = "", status: _Text = PENDING, after: _Text = "") -> Response:
    """Things to decide, most frequent first."""
    context = context_of(request)
    made = context.stores.state.decisions()
    wanted = QueueFilter(_one_of(KINDS, kind), _one_of(STATUSES, status), _key(after))
    with context.published.snapshot() as snapshot:
        rows = decided_members(snapshot, made) if made else []
        found = {item: standing(members, made) for item, members in rows}
        items, more = page_of_queue(snapshot, wanted, {item: status_of(d) for item, d in found.items()})
    plans = {item["item_id"]: planned_of(item) for item in items}
    asked = {"kind": wanted.kind, "status": wanted.status}
    next_page = None
    if more:
        next_page = "?" + urlencode(asked | {"after": f"{items[-1]['jds']}~{items[-1]['item_id']}"})
    shown = {
        "items": items,
        "plans": {item: plan for item, plan in plans.items() if plan},
        "options_of": {
            "kind": [(k, k.replace("_", " ")) for k in KINDS],
            "status": [(s, s) for s in STATUSES],
        },
        "chosen": asked,
        "history": history(context.stores, items),
        "after": after,
        "next_page": next_page,
        "first_page": "?" + urlencode(asked) if after else None,
        "session": session_of(context, request),
        "may_write": context.sessions is not None,
    }
    return TEMPLATES.TemplateResponse(request, "review.html", shown)


@router.post("/review/decide")
async def decide(request: Request) -> Response:
    """Records a decision on each thing that the form names, and goes back to the queue."""
    context = context_of(request)
    fields = await _fields(request)
    form = _first(fields)
    session = _writer(context, request, form)
    items = list(dict.fromkeys(fields.get("item_id", ())))
    decision = next((word for word in WORDS if word == form.get("decision")), None)
    into = (form.get("into", "").strip() or None) if decision == "merged" else None
    if decision is None:
        raise HTTPException(422, f"decision is one of {', '.join(WORDS)}")
    if not items:
        raise HTTPException(422, "choose something first")
    if len(items) > 1 and decision == "merged":
        raise HTTPException(422, "things are merged one at a time")
    await context.workers.run(lambda: _record(context, items, decision, into, session))
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
    """Ends the session, wherever its cookie is."""
    context = context_of(request)
    _writer(context, request, await _form(request))
    if context.sessions is not None:
        context.sessions.end(request.cookies.get(SESSION_COOKIE))
    response = RedirectResponse("/review", 303)
    response.delete_cookie(SESSION_COOKIE, httponly=True, samesite="strict")
    return response


def _record(
    context: Context, items: Sequence[str], decision: str, into: str | None, session: Session
) -> None:
    """Records the decision on each of the items that it can be made on, or takes back what was decided.

    Raises:
        HTTPException: 404, an item is not in the queue, and nothing was recorded; 422, it can't be made on
            some, which the message names.
    """
    with context.published.snapshot() as snapshot:
        known = [queue_item(snapshot, item) for item in items]
    release = context.live.release()
    refused = []
    if None in known:
        raise HTTPException(404, "the queue has no such thing")
    for row in known:
        assert row is not None
        try:
            if decision == REOPENED:
                reopen(context.stores, row, session.name)
            else:
                decide_on(context.stores, release, row, cast(Decision, decision), session.name, into=into)
        except ReviewError as error:
            refused.append(f"{row['name']}: {error}" if len(items) > 1 else str(error))
    if refused:
        raise HTTPException(422, "; ".join(refused))


def session_of(context: Context, request: Request) -> Session | None:
    return context.sessions.read(request.cookies.get(SESSION_COOKIE)) if context.sessions else None


def _writer(context: Context, request: Request, form: Mapping[str, str]) -> Session:
    """Who sent a form that writes; raises as `signed_in`, and where the form lacks the session's mark."""
    session = signed_in(context, request)
    if not session.accepts(form.get("csrf", "")):
        raise HTTPException(403, NOT_OF_THIS_SESSION)
    return session


def signed_in(context: Context, request: Request) -> Session:
    """Who is signed in where a request comes from.

    Raises:
        HTTPException: 403, nobody is, or another site's page sent it.
    """
    if context.sessions is None:
        raise HTTPException(403, _NO_TOKEN)
    session = session_of(context, request)
    if session is None:
        raise HTTPException(403, "sign in first: /login")
    if from_other_site(request):
        raise HTTPException(403, NOT_OF_THIS_SESSION)
    return session


async def _form(request: Request) -> dict[str, str]:
    """The first value of each field of a URL-encoded form; raises as `_fields`."""
    return _first(await _fields(request))


def _first(fields: dict[str, list[str]]) -> dict[str, str]:
    return {name: values[0] for name, values in fields.items()}


async def _fields(request: Request) -> dict[str, list[str]]:
    """The fields of a URL-encoded form, all values of each.

    Raises:
        HTTPException: 415 for another encoding, 422 for a body that is none.
    """
    encoding, _, _ = request.headers.get("content-type", "").partition(";")
    if encoding.strip().lower() != "application/x-www-form-urlencoded":
        raise HTTPException(415, "send a URL-encoded form")
    try:
        body = (await request.body()).decode("ascii")
        return parse_qs(body, max_num_fields=PAGE + _OWN_FIELDS, errors="replace")
    except ValueError:
        raise HTTPException(422, "the form can't be read") from None


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
