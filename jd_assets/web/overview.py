"""The overview: how many JDs came, what they are for, how sure the answers are, and what they cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from jd_assets.web.answers import Row
from jd_assets.web.context import context_of
from jd_assets.web.queries import Snapshot
from jd_assets.web.templates import TEMPLATES

router = APIRouter(include_in_schema=False)

DAYS_SHOWN, LEADERS = 31, 12


@dataclass(frozen=True)
class Part:
    """A piece of a day's bar: from `start`, `share` wide, both parts of the widest bar."""

    case: str
    count: int
    start: float
    share: float
    place: int


@dataclass(frozen=True)
class DayBar:
    """A day's JDs by case, and what they cost."""

    ds: date
    jds: int
    usd: float
    parts: Sequence[Part]


@router.get("/overview", response_class=HTMLResponse)
def overview(request: Request) -> Response:
    """Charts of the published tables, the last DAYS_SHOWN days by day."""
    with context_of(request).published.snapshot() as snapshot:
        shown = _shown(snapshot)
    return TEMPLATES.TemplateResponse(request, "overview.html", shown)


def _shown(snapshot: Snapshot) -> dict[str, Any]:
    found = snapshot.overview(DAYS_SHOWN, LEADERS)
    cases = list(dict.fromkeys(row["case"] for row in sorted(found.days, key=lambda r: r["case"])))
    return {
        "days": day_bars(found.days, cases),
        "cases": cases,
        "charts": (
            ("roles", "Role demand", "Postings, reposts once", _of_most(found.roles)),
            ("skills", "Skill demand", "Postings, reposts once", _of_most(found.skills)),
            (
                "confidence",
                "Confidence of decisions",
                "Decided JDs by confidence",
                _of_most(found.confidence),
            ),
            ("drift", "Drift of roles", "Cosine distance of the last day's centroid", _of_most(found.drift)),
            ("backlog", "Review backlog", "Things that wait", _of_most(found.backlog)),
        ),
        "runs": snapshot.facets().runs,
    }


def day_bars(rows: Sequence[Row], cases: Sequence[str]) -> list[DayBar]:
    """A bar a day, newest first, of rows (ds, case, jds, usd); the widest is 1 wide."""
    by_day: dict[date, dict[str, Row]] = {}
    for row in rows:
        by_day.setdefault(row["ds"], {})[row["case"]] = row
    totals = {ds: sum(r["jds"] for r in of_case.values()) for ds, of_case in by_day.items()}
    most = max(totals.values(), default=1)
    bars = []
    for ds in sorted(by_day, reverse=True):
        before, parts = 0, []
        for place, case in enumerate(cases):
            if (found := by_day[ds].get(case)) is not None:
                parts.append(Part(case, found["jds"], before / most, found["jds"] / most, place))
                before += found["jds"]
        usd = sum(r["usd"] for r in by_day[ds].values())
        bars.append(DayBar(ds, totals[ds], usd, parts))
    return bars


def _of_most(rows: Sequence[Row]) -> list[Row]:
    """The rows with `share`, their `value` as a part of the greatest one."""
    most = max((row["value"] for row in rows), default=0) or 1
    return [{**row, "share": row["value"] / most} for row in rows]
