"""Sorting, filters and paging of the history, against the same done in Python over all rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import unescape
from itertools import product
from pathlib import Path
from typing import Any

import duckdb
import pytest
from starlette.testclient import TestClient

from jd_assets.storage.analyst import publish
from jd_assets.storage.files import Warehouse
from jd_assets.tables import PIPELINE_RUNS
from jd_assets.web.queries import runs
from jd_assets.web.queries.published import Published
from jd_assets.web.queries.runs import SORTS, PlaceGone, RunFilter, find_jd, page_of_runs
from jd_assets_tests.web.made import FIRST, SECOND, land, publish_landed
from jd_assets_tests.web.test_pages import runs_of

FOLDED = {"title", "company_name", "role_name"}
NOW = datetime(2026, 1, 7, tzinfo=UTC)


def made_run(number: int) -> dict[str, Any]:
    """Runs with many ties, missing values and words in both cases, each once."""
    title = (None, "nurse", "Analyst", "ANALYST 2", "Éclairagiste")[number % 5]
    company = (None, "acme", "Zeta")[number % 3]
    role = (None, "Registered Nurse")[number % 2]
    values = {
        "ds": date(2026, 1, 1) + timedelta(days=number % 4),
        "jd_id": f"{(number * 7919) % 100_003:064x}",
        "run_id": f"00000000-0000-5000-8000-{number:012d}",
        "status": "rejected" if number % 7 == 0 else "completed",
        "case": ("ALIAS", "SKILL", "KRA")[number % 3],
        "title": title,
        "company_name": company,
        "role_slug": "registered-nurse" if role else None,
        "role_name": role,
        "confidence": None if number % 7 == 0 else (number % 4) / 4,
        "llm_cost_total_usd": (0.0, 0.0, 0.004, 0.0096)[number % 4],
        "engine": "embedded",
        "search_text": "\n".join(part for part in (title, company, role) if part).lower(),
        "created_at": NOW,
        "updated_at": NOW,
    }
    others = [c.name for c in PIPELINE_RUNS.columns if not c.nullable and c.name not in values]
    return values | dict.fromkeys(others, 0.0)


RUNS = [made_run(number) for number in range(90)]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    path: Path = tmp_path_factory.mktemp("history") / "jd.duckdb"
    publish(Warehouse(path.parent / "warehouse"), path)
    with duckdb.connect(str(path)) as database:
        made = PIPELINE_RUNS.frame(RUNS).to_arrow()  # noqa: F841 (DuckDB reads it by name)
        database.execute("INSERT INTO pipeline_runs SELECT * FROM made")
    opened = Published(path)
    yield opened
    opened.close()


def in_order(rows: list[dict[str, Any]], sort: str) -> list[str]:
    """The run ids as the history has to list them."""
    column, descending = sort.removeprefix("-"), sort.startswith("-")

    def key(row: Mapping[str, Any]) -> Any:
        return row[column].lower() if column in FOLDED else row[column]

    newest_first = sorted(rows, key=lambda r: (r["ds"], r["jd_id"]), reverse=True)
    known = [r for r in newest_first if r[column] is not None]
    unknown = [r for r in newest_first if r[column] is None]
    # A sort that is reversed keeps equal rows in their order, as one that isn't does.
    return [r["run_id"] for r in [*sorted(known, key=key, reverse=descending), *unknown]]


def walked(published: Published, wanted: RunFilter) -> list[str]:
    """The run ids of all pages, one after another."""
    found: list[str] = []
    with published.snapshot() as snapshot:
        while True:
            rows, more = page_of_runs(snapshot, wanted)
            found += [r["run_id"] for r in rows]
            if not more:
                return found
            assert len(rows) == runs.PAGE
            wanted = replace(wanted, after=(rows[-1]["ds"], rows[-1]["jd_id"]))


@pytest.mark.parametrize("sort", [sign + column for sign, column in product(("", "-"), SORTS)])
def test_each_sort_lists_every_run_once_in_its_order(
    published: Published, monkeypatch: pytest.MonkeyPatch, sort: str
) -> None:
    for page in (7, 200):
        monkeypatch.setattr(runs, "PAGE", page)
        assert walked(published, RunFilter(sort=sort)) == in_order(RUNS, sort)


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        (RunFilter(cost_min=0.004), lambda r: r["llm_cost_total_usd"] >= 0.004),
        (RunFilter(cost_max=0.0), lambda r: r["llm_cost_total_usd"] == 0.0),
        (RunFilter(cost_min=0.001, cost_max=0.004), lambda r: r["llm_cost_total_usd"] == 0.004),
        (RunFilter(cost_min=1.0), lambda r: False),
        (RunFilter(search="ÉCLAIR"), lambda r: r["title"] == "Éclairagiste"),
        (RunFilter(search="acme"), lambda r: r["company_name"] == "acme"),
        (RunFilter(search="registered nurse"), lambda r: r["role_name"] is not None),
        (RunFilter(search="%"), lambda r: False),
        (
            RunFilter(role="registered-nurse", case="KRA", status="rejected"),
            lambda r: r["role_slug"] and r["case"] == "KRA" and r["status"] == "rejected",
        ),
        (RunFilter(day=date(2026, 1, 2)), lambda r: r["ds"] == date(2026, 1, 2)),
    ],
)
def test_filters_and_sorts_go_together(
    published: Published,
    monkeypatch: pytest.MonkeyPatch,
    wanted: RunFilter,
    fits: Callable[[Mapping[str, Any]], bool],
) -> None:
    monkeypatch.setattr(runs, "PAGE", 5)
    for sort in ("-ds", "title", "-confidence"):
        expected = in_order([r for r in RUNS if fits(r)], sort)
        assert walked(published, replace(wanted, sort=sort)) == expected


def test_a_place_that_is_gone_and_a_column_that_is_none(published: Published) -> None:
    with published.snapshot() as snapshot:
        with pytest.raises(PlaceGone):
            page_of_runs(snapshot, RunFilter(sort="title", after=(date(2026, 1, 1), "f" * 64)))
        with pytest.raises(KeyError):
            page_of_runs(snapshot, RunFilter(sort="jd_id; DROP TABLE pipeline_runs"))


def test_the_page_of_a_sort_leads_to_the_next_one_of_that_sort(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = runs_of(client.get("/?sort=title&cost_max=0").text)
    assert len(whole) == 5
    monkeypatch.setattr(runs, "PAGE", 2)
    seen: list[str] = []
    path = "/?sort=title&cost_max=0"
    while path:
        page = client.get(path).text
        seen += runs_of(page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        path = "/" + unescape(following[1]) if following else ""
    assert seen == whole
    assert runs_of(client.get("/?cost_min=0.01").text) == []


def test_a_place_of_a_day_that_was_published_again_is_gone(
    client: TestClient, site: Any, mini: Any, embedder: Any
) -> None:
    (last,) = runs_of(client.get(f"/?day={FIRST}&q=nurse").text)
    with client.app.state.context.published.snapshot() as snapshot:  # type: ignore[attr-defined]
        jd = find_jd(snapshot, last)
    place = f"/?sort=title&after={FIRST}~{jd.raw_jds['jd_id']}"
    assert client.get(place).status_code == 200
    land(site, FIRST, [{"text": "Nothing of the kind."}])
    publish_landed(site, mini, embedder)
    answer = client.get(place)
    assert answer.status_code == 410
    assert "start at the first page" in answer.text
    assert SECOND.isoformat() in client.get("/").text


@pytest.mark.parametrize(
    "query",
    ["sort=jd_id", "sort=--ds", "sort=-", "sort=ds+DESC", "sort=lower(title)", "cost_min=cheap",
     "cost_max=nan", "cost_min=-1", "cost_max=inf"],
)  # fmt: skip
def test_other_sorts_and_costs_are_422(client: TestClient, query: str) -> None:
    answer = client.get(f"/?{query}", headers={"accept": "*/*"})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
