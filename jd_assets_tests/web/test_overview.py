"""The overview counts what the tables hold, and draws it so that it can be read without the drawing."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from starlette.testclient import TestClient

from jd_assets.settings import Settings
from jd_assets.storage.analyst import open_read_only
from jd_assets.web.charts import stacked_bars
from jd_assets.web.overview import by_day
from jd_assets_tests.web.made import FIRST, SCRIPT, SECOND


def test_the_overview_counts_what_the_tables_hold(client: TestClient, site: Settings) -> None:
    page = client.get("/overview").text
    with open_read_only(site.analyst_db) as database:
        runs = database.execute(
            'SELECT ds, "case", count(*) FROM pipeline_runs GROUP BY ALL ORDER BY ds DESC, "case"'
        ).fetchall()
    drawn = re.findall(r"<title>([\d-]+), (\w+): (\d+)</title>", page)
    assert sorted(drawn) == sorted((str(ds), case, str(n)) for ds, case, n in runs)
    assert re.findall(r'href="/\?day=([\d-]+)"', page) == [str(SECOND), str(FIRST)]
    assert '<a href="/roles/data-analyst">Data Analyst</a>' in page
    assert '<a href="/skills/sql">SQL</a>' in page
    assert '<a href="/review?kind=new_skill">new skill</a>' in page


def test_nothing_of_a_jd_is_markup_on_it(client: TestClient) -> None:
    assert SCRIPT not in client.get("/overview").text


def test_every_bar_says_its_value(client: TestClient) -> None:
    page = client.get("/overview").text
    drawn = re.findall(r'<svg class="bar[^>]*>', page)
    assert len(drawn) > 5
    assert all('role="img"' in svg and re.search(r'aria-label="[^"]+"', svg) for svg in drawn)


DAYS = st.dictionaries(
    st.tuples(st.dates(date(2026, 1, 1), date(2026, 1, 9)), st.sampled_from("abc")),
    st.integers(1, 1000),
    min_size=1,
)


@given(DAYS)
def test_days_hold_every_jd_once_newest_first(counts: dict[tuple[date, str], int]) -> None:
    rows = [{"ds": ds, "case": case, "jds": n, "usd": 0.5} for (ds, case), n in counts.items()]
    days = by_day(rows, "abc")
    assert [day.ds for day in days] == sorted({ds for ds, _ in counts}, reverse=True)
    held = {(d.ds, case): n for d in days for case, n in zip("abc", d.by_case, strict=True) if n}
    assert held == counts
    assert all(day.jds == sum(day.by_case) for day in days)
    assert sum(day.usd for day in days) == pytest.approx(0.5 * len(rows))


def test_a_chart_holds_nothing_that_the_policy_refuses_and_its_bars_are_as_high_as_their_counts() -> None:
    name = 'by <day> & "case"'
    svg = etree.fromstring(stacked_bars(name, ["1 May", "<2 May>"], {"A": [10, 0], "B": [30, 20]}))
    assert (svg.get("role"), svg.get("aria-label")) == ("img", name)
    local = {etree.QName(node).localname for node in svg.iter("*")}
    assert not local & {"style", "script", "defs", "desc", "a", "foreignObject"}
    assert not svg.xpath("//@style | //@onclick | //comment()")
    bars = {
        title.text: float(rect.get("height"))
        for rect in svg.iter("{*}rect")
        for title in rect.iter("{*}title")
    }
    assert set(bars) == {"1 May, A: 10", "1 May, B: 30", "<2 May>, B: 20"}
    assert bars["1 May, B: 30"] == pytest.approx(3 * bars["1 May, A: 10"])
    assert bars["<2 May>, B: 20"] == pytest.approx(2 * bars["1 May, A: 10"])
    classes = [g.get("class") for g in svg.iter("{*}g") if "serie-" in g.get("class", "")]
    assert {c.split()[-1] for c in classes} == {"color-0", "color-1"}


def test_a_chart_of_many_days_names_some_of_them() -> None:
    svg = stacked_bars("x", [f"day {n}" for n in range(31)], {"A": list(range(31))})
    named = re.findall(r">(day \d+)</text>", svg)
    assert 5 <= len(named) <= 12
