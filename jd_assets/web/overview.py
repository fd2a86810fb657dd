"""The overview: how many JDs came, what they are for, how sure the answers are, and what they cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup

from jd_assets.web.answers import Row
from jd_assets.web.charts import Bar, columns, ranking
from jd_assets.web.context import context_of
from jd_assets.web.queries.overview import DAYS_SHOWN, Overview
from jd_assets.web.queries.overview import overview as counts
from jd_assets.web.templates import TEMPLATES, usd
from jd_assets.web.turns import PageRoute

router = APIRouter(include_in_schema=False, route_class=PageRoute)

APIS = ("API 1", "API 2", "API 3")
DEMANDED = "postings, reposts counted once"
DRIFTED = "cosine distance of a centroid from the day before, the largest of these days"


@dataclass(frozen=True)
class Day:
    """A day's JDs, by case in the order of all cases, and what they cost in USD, by API."""

    ds: date
    by_case: Sequence[int]
    by_api: Sequence[float]

    @property
    def jds(self) -> int:
        return sum(self.by_case)

    @property
    def usd(self) -> float:
        return sum(self.by_api)


@dataclass(frozen=True)
class Cell:
    """A value of a table as it is written; the first of a row may lead to another page."""

    text: str
    link: str = ""


@dataclass(frozen=True)
class Figure:
    """A chart and the same as a table. `says` is what is drawn; `legend` names the colours, where there are
    several; `svg` is None where there is nothing to draw, and `says` why."""

    id: str
    heading: str
    says: str
    svg: Markup | None
    legend: Sequence[str]
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]


@router.get("/overview", response_class=HTMLResponse)
def overview(request: Request) -> Response:
    """Charts of the published tables, the last days by day."""
    with context_of(request).published.snapshot() as snapshot:
        found = counts(snapshot)
    shown: dict[str, Any] = {"totals": found.totals, "figures": figures(found)}
    return TEMPLATES.TemplateResponse(request, "overview.html", shown)


def figures(found: Overview) -> list[Figure]:
    """All charts, in the order of the page."""
    cases = sorted({row["case"] for row in found.days})
    days = by_day(found.days, cases)
    return [
        _by_case(days, cases),
        _by_confidence(found.confidence),
        _ranked("roles", "Role demand", DEMANDED, "Role", found.roles, whole),
        _ranked("skills", "Skill demand", DEMANDED, "Hard skill", found.skills, whole),
        _ranked("drift", "Drift of roles", DRIFTED, "Role", found.drift, fine),
        _by_cost(days),
        _ranked("backlog", "Review backlog", "things that wait for a person", "Kind", found.backlog, whole),
    ]


def by_day(rows: Sequence[Row], cases: Sequence[str]) -> list[Day]:
    """A day for each `ds` of rows (ds, case, jds, usd1, usd2, usd3), oldest first."""
    grouped: dict[date, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row["ds"], []).append(row)
    days = []
    for ds, of_day in sorted(grouped.items()):
        counts = {row["case"]: int(row["jds"]) for row in of_day}
        by_api = [sum(row[f"usd{api}"] for row in of_day) for api in (1, 2, 3)]
        days.append(Day(ds, [counts.get(case, 0) for case in cases], by_api))
    return days


def _by_case(days: Sequence[Day], cases: Sequence[str]) -> Figure:
    series = {case: [day.by_case[place] for day in days] for place, case in enumerate(cases)}
    rows = [
        [Cell(str(day.ds), f"/?day={day.ds}"), Cell(whole(day.jds)), *(Cell(whole(n)) for n in day.by_case)]
        for day in reversed(days)
    ]
    says = f"what decided each JD's role, the last {DAYS_SHOWN} days" if days else "no day yet"
    svg = columns("JDs by day and case", _labels(days), series, whole) if days else None
    return Figure("days", "JDs by day", says, svg, cases, ("Day", "JDs", *cases), rows)


def _by_cost(days: Sequence[Day]) -> Figure:
    paid = sum(day.usd for day in days)
    svg = None
    says = f"no model was paid in the last {len(days)} days" if days else "no day yet"
    if paid:
        series = {api: [day.by_api[place] for day in days] for place, api in enumerate(APIS)}
        svg = columns("Model cost by day and API", _labels(days), series, usd)
        says = f"in USD, the last {DAYS_SHOWN} days"
    rows = [
        [
            Cell(str(day.ds), f"/?day={day.ds}"),
            Cell(usd(day.usd)),
            Cell(usd(day.usd / day.jds if day.jds else 0.0)),
            *(Cell(usd(n)) for n in day.by_api),
        ]
        for day in reversed(days)
    ]
    return Figure("cost", "Model cost by day", says, svg, APIS, ("Day", "Total", "a JD", *APIS), rows)


def _by_confidence(rows: Sequence[Row]) -> Figure:
    jds = {row["tenth"]: row["jds"] for row in rows}
    tenths = [f"{10 * n}–{10 * (n + 1)} %" for n in range(10)]
    values = [jds.get(n, 0) for n in range(10)]
    svg = columns("Decided JDs by confidence", tenths, {"JDs": values}, whole) if jds else None
    cells = [[Cell(tenth), Cell(whole(n))] for tenth, n in zip(tenths, values, strict=True)]
    says = "decided JDs by how sure the decision is" if jds else "nothing was decided"
    return Figure("confidence", "Confidence", says, svg, (), ("Confidence", "JDs"), cells)


def _ranked(
    id: str, heading: str, unit: str, what: str, rows: Sequence[Row], written: Callable[[float], str]
) -> Figure:
    bars = [Bar(row["name"], row["value"], row["link"]) for row in rows]
    svg = ranking(f"{heading}: {unit}", bars, written) if bars else None
    has_day = "ds" in rows[0] if rows else False
    cells = [
        [
            Cell(row["name"], row["link"]),
            Cell(written(row["value"])),
            *([Cell(str(row["ds"]))] if has_day else []),
        ]
        for row in rows
    ]
    head = (what, "Value", *(["Day"] if has_day else []))
    return Figure(id, heading, unit if bars else f"{unit}: none", svg, (), head, cells)


def _labels(days: Sequence[Day]) -> list[str]:
    """The days as they stand under a chart, whose year is in its table."""
    return [f"{day.ds:%b} {day.ds.day}" for day in days]


def whole(value: float) -> str:
    return f"{value:,.0f}"


def fine(value: float) -> str:
    return f"{value:.4f}"
