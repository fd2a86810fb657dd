"""The overview: how many JDs came, what they are for, how sure the answers are, and what they cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup

from jd_assets.web.answers import Row
from jd_assets.web.charts import stacked_bars
from jd_assets.web.context import context_of
from jd_assets.web.queries import Snapshot
from jd_assets.web.templates import TEMPLATES

router = APIRouter(include_in_schema=False)

DAYS_SHOWN, LEADERS = 31, 12


@dataclass(frozen=True)
class Day:
    """A day's JDs, by case in the order of all cases, and what they cost."""

    ds: date
    jds: int
    usd: float
    by_case: Sequence[int]


@router.get("/overview", response_class=HTMLResponse)
def overview(request: Request) -> Response:
    """Charts of the published tables, the last DAYS_SHOWN days by day."""
    with context_of(request).published.snapshot() as snapshot:
        shown = _shown(snapshot)
    return TEMPLATES.TemplateResponse(request, "overview.html", shown)


def _shown(snapshot: Snapshot) -> dict[str, Any]:
    found = snapshot.overview(DAYS_SHOWN, LEADERS)
    cases = list(dict.fromkeys(row["case"] for row in sorted(found.days, key=lambda r: r["case"])))
    days = by_day(found.days, cases)
    return {
        "days": days,
        "chart": _chart(days, cases) if days else None,
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


def by_day(rows: Sequence[Row], cases: Sequence[str]) -> list[Day]:
    """A day for each `ds` of rows (ds, case, jds, usd), newest first."""
    grouped: dict[date, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row["ds"], []).append(row)
    days = []
    for ds in sorted(grouped, reverse=True):
        counts = {row["case"]: int(row["jds"]) for row in grouped[ds]}
        usd = sum(row["usd"] for row in grouped[ds])
        days.append(Day(ds, sum(counts.values()), usd, [counts.get(case, 0) for case in cases]))
    return days


def _chart(days: Sequence[Day], cases: Sequence[str]) -> Markup:
    """The days as stacked bars, oldest first."""
    in_time = days[::-1]
    series = {case: [day.by_case[place] for day in in_time] for place, case in enumerate(cases)}
    return stacked_bars("JDs by day and case; the table that follows has the numbers",
                        [str(day.ds) for day in in_time], series)  # fmt: skip


def _of_most(rows: Sequence[Row]) -> list[Row]:
    """The rows with `share`, their `value` as a part of the greatest one."""
    most = max((row["value"] for row in rows), default=0) or 1
    return [{**row, "share": row["value"] / most} for row in rows]
