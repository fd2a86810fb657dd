"""The history of runs, and the page of one."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, Response

from jd_assets.web.context import context_of
from jd_assets.web.queries.runs import NEWEST_FIRST, SORTS, PlaceGone, RunFilter, facets, page_of_runs
from jd_assets.web.run_view import run_view
from jd_assets.web.templates import TEMPLATES
from jd_assets.web.turns import PageRoute

router = APIRouter(include_in_schema=False, route_class=PageRoute)

_AFTER = re.compile(r"(\d{4}-\d{2}-\d{2})~([0-9a-f]{1,64})")
_Text = Annotated[str, Query(max_length=200)]

_LABELS = {
    "ds": "Day",
    "title": "Title",
    "company_name": "Company",
    "role_name": "Role",
    "case": "Case",
    "confidence": "Confidence",
    "status": "Status",
    "llm_cost_total_usd": "Cost",
}
"""The history's columns, in order: those of SORTS."""

_NUMBERS = frozenset({"confidence", "llm_cost_total_usd"})
_GREATEST_FIRST = _NUMBERS | {"ds"}


@router.get("/", response_class=HTMLResponse)
def history(
    request: Request,
    q: _Text = "",
    day: _Text = "",
    role: _Text = "",
    case: _Text = "",
    status: _Text = "",
    cost_min: _Text = "",
    cost_max: _Text = "",
    sort: _Text = "",
    after: _Text = "",
) -> Response:
    """Runs by page, search and filters. `sort` is a column, with a hyphen before it for the greatest first;
    newest day first by default. `cost_min` and `cost_max` are in USD."""
    if sort and sort.removeprefix("-") not in SORTS:
        raise HTTPException(422, f"sort is one of {', '.join(SORTS)}, or a hyphen and one of them")
    wanted = RunFilter(
        search=q.strip(),
        day=_day(day),
        role=role,
        case=case,
        status=status,
        cost_min=_usd("cost_min", cost_min),
        cost_max=_usd("cost_max", cost_max),
        sort=sort or NEWEST_FIRST,
        after=_key(after),
    )
    with context_of(request).published.snapshot() as snapshot:
        try:
            runs, more = page_of_runs(snapshot, wanted)
        except PlaceGone:
            raise HTTPException(
                410, "the day of that page was published again: start at the first page"
            ) from None
        found = facets(snapshot)
    chosen = {
        "q": q.strip(),
        "day": day,
        "role": role,
        "case": case,
        "status": status,
        "cost_min": cost_min,
        "cost_max": cost_max,
        "sort": sort,
    }
    asked = {name: value for name, value in chosen.items() if value}
    here = asked | ({"after": after} if after else {})
    next_page = None
    if more:
        next_page = "?" + urlencode(asked | {"after": f"{runs[-1]['ds']}~{runs[-1]['jd_id']}"})
    shown = {
        "runs": runs,
        "facets": found,
        "options_of": {
            "role": [(slug, f"{name} ({chosen_by:,})") for slug, name, chosen_by in found.roles],
            "case": [(c, c) for c in found.cases],
            "status": [(s, s) for s in found.statuses],
        },
        "chosen": chosen,
        "columns": _columns(asked),
        "next_page": next_page,
        "first_page": ("?" + urlencode(asked) if asked else "/") if after else None,
    }
    # The address that htmx shows for a part of the page: a form's fields that are empty are not in it.
    headers = {"HX-Push-Url": "/" + ("?" + urlencode(here) if here else "")}
    return TEMPLATES.TemplateResponse(request, "history.html", shown, headers=headers)


@router.get("/runs/{run_id}", response_class=HTMLResponse)
def run(request: Request, run_id: str) -> Response:
    """Everything known of one run."""
    context = context_of(request)
    found = context.find_run(_uuid(run_id))
    if found is None:
        raise HTTPException(404, "no run has that id")
    jd, recorded = found
    shown = run_view(jd, context.live.release()) | {"recorded": recorded}
    return TEMPLATES.TemplateResponse(request, "run.html", shown)


@dataclass(frozen=True)
class Column:
    """A column's head: `order` is ascending or descending where runs are sorted by it, `href` leads to the
    first page of the runs sorted by it, the other way round where they are already."""

    name: str
    label: str
    number: bool
    order: str
    href: str


def _columns(asked: Mapping[str, str]) -> list[Column]:
    chosen = asked.get("sort", NEWEST_FIRST)
    made = []
    for name, label in _LABELS.items():
        # The first choice is what one looks for most: A to Z, but newest, surest and dearest first.
        greatest_first = name in _GREATEST_FIRST
        order = ""
        if name == chosen.removeprefix("-"):
            order = "descending" if chosen.startswith("-") else "ascending"
            greatest_first = order == "ascending"
        href = "?" + urlencode({**asked, "sort": f"-{name}" if greatest_first else name})
        made.append(Column(name, label, name in _NUMBERS, order, href))
    return made


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise HTTPException(422, "day is no day; write it as 2026-11-02") from None


def _usd(name: str, text: str) -> float | None:
    if not text.strip():
        return None
    try:
        usd = float(text)
    except ValueError:
        usd = math.nan
    if not math.isfinite(usd) or usd < 0:
        raise HTTPException(422, f"{name} is no amount of USD; write it as 0.0025")
    return usd


def _key(text: str) -> tuple[date, str] | None:
    if not text:
        return None
    match = _AFTER.fullmatch(text)
    day = _day(match[1]) if match else None
    if match is None or day is None:
        raise HTTPException(422, "after is no place in the history")
    return day, match[2]


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise HTTPException(404, "no run has that id") from None
