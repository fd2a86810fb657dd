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
from jd_assets.web.charts import Bar, columns, ranking
from jd_assets.web.overview import by_day, figures, whole
from jd_assets.web.queries.overview import Overview
from jd_assets_tests.web.made import FIRST, SCRIPT, SECOND


def test_the_overview_draws_what_the_tables_hold(client: TestClient, site: Settings) -> None:
    page = client.get("/overview").text
    with open_read_only(site.analyst_db) as database:
        runs = database.execute(
            'SELECT ds, "case", count(*) FROM pipeline_runs GROUP BY ALL ORDER BY ds DESC, "case"'
        ).fetchall()
        totals = database.execute("SELECT count(*), count(confidence) FROM pipeline_runs").fetchone()
        drift = database.execute("SELECT role_slug, max(drift) FROM role_centroids GROUP BY ALL").fetchall()
        waiting = dict(database.execute("SELECT kind, count(*) FROM review_queue GROUP BY ALL").fetchall())
    drawn = re.findall(r"<title>(\w+ \d+), (\w+): (\d+)</title>", page)
    assert sorted(drawn) == sorted((f"{ds:%b} {ds.day}", case, str(n)) for ds, case, n in runs)
    assert re.findall(r'href="/\?day=([\d-]+)"', page)[:2] == [str(SECOND), str(FIRST)]
    assert totals
    assert f'<dt>Runs</dt><dd><a href="/">{totals[0]}</a>' in page
    assert f"<dt>Decided</dt><dd>{totals[1]}</dd>" in page
    assert sum(int(n) for n in re.findall(r"<title>\d+–\d+ %: (\d+)</title>", page)) == totals[1]
    links = set(re.findall(r'<a href="([^"]+)" aria-label="([^"]+)">', page))
    assert {("/roles/data-analyst", "Data Analyst: 2"), ("/skills/sql", "SQL: 3")} <= links
    moved = {slug: most for slug, most in drift if most}
    assert moved
    for slug, most in moved.items():
        assert f": {most:.4f}</title>" in page, slug
    assert {(f"/review?kind={k}", f"{k.replace('_', ' ')}: {n}") for k, n in waiting.items()} <= links


def test_every_chart_is_there_as_a_table_too(client: TestClient) -> None:
    page = client.get("/overview").text
    sections = re.findall(r'<section aria-labelledby="(\w+)">(.*?)</section>', page, re.DOTALL)
    assert [name for name, _ in sections] == [
        "days", "confidence", "roles", "skills", "drift", "cost", "backlog",
    ]  # fmt: skip
    for name, section in sections:
        assert ("<svg" in section) == (name != "cost"), name
        assert "<summary>As a table</summary>" in section, name
        for said in re.findall(r'<a href="[^"]+" aria-label="([^"]+): ([\d.,]+)"', section):
            assert re.search(rf">{said[0]}</a></th><td class=\"number\">{said[1]}<", section), said
    assert "no model was paid in the last 2 days" in dict(sections)["cost"]


def test_what_was_paid_is_drawn_by_day_and_api() -> None:
    ds = date(2026, 1, 5)
    day = {"ds": ds, "case": "ALIAS", "jds": 4, "usd1": 0.03, "usd2": 0.0, "usd3": 0.01}
    none = {"confidence": [], "roles": [], "skills": [], "drift": [], "backlog": []}
    cost = next(f for f in figures(Overview({}, [day], **none)) if f.id == "cost")
    assert cost.svg
    assert re.findall(r"<title>(.*?)</title>", cost.svg) == ["Jan 5, API 1: $0.0300", "Jan 5, API 3: $0.0100"]
    assert [cell.text for cell in cost.rows[0]] == [
        "2026-01-05", "$0.0400", "$0.0100", "$0.0300", "$0.0000", "$0.0100",
    ]  # fmt: skip


def test_where_there_is_nothing_the_overview_says_so() -> None:
    found = figures(Overview({}, [], [], [], [], [], []))
    assert [f.svg for f in found] == [None] * 7
    assert [f.says for f in found][:2] == ["no day yet", "nothing was decided"]


def test_nothing_of_a_jd_is_markup_on_it(client: TestClient) -> None:
    assert SCRIPT not in client.get("/overview").text


DAYS = st.dictionaries(
    st.tuples(st.dates(date(2026, 1, 1), date(2026, 1, 9)), st.sampled_from("abc")),
    st.integers(1, 1000),
    min_size=1,
)


@given(DAYS)
def test_days_hold_every_jd_once_in_their_order(counts: dict[tuple[date, str], int]) -> None:
    rows = [
        {"ds": ds, "case": case, "jds": n, "usd1": 0.5, "usd2": 0.0, "usd3": 0.25}
        for (ds, case), n in counts.items()
    ]
    days = by_day(rows, "abc")
    assert [day.ds for day in days] == sorted({ds for ds, _ in counts})
    held = {(d.ds, case): n for d in days for case, n in zip("abc", d.by_case, strict=True) if n}
    assert held == counts
    assert sum(day.usd for day in days) == pytest.approx(0.75 * len(rows))


def test_a_chart_holds_nothing_that_the_policy_refuses_and_its_bars_are_as_high_as_their_counts() -> None:
    name = 'by <day> & "case"'
    svg = etree.fromstring(columns(name, ["1 May", "<2 May>"], {"A": [10, 0], "B": [30, 20]}, whole))
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
    svg = columns("x", [f"day {n}" for n in range(31)], {"A": list(range(31))}, whole)
    named = re.findall(r">(day \d+)</text>", svg)
    assert 5 <= len(named) <= 12


def test_a_ranking_links_what_it_names_and_its_bars_are_as_long_as_their_values() -> None:
    long = "Something <i>whose</i> name is longer than there is room for"
    bars = [Bar(long, 8, "/roles/one?a=1&b=2"), Bar("Two", 2, "/roles/two")]
    svg = etree.fromstring(ranking("Most & least", bars, whole))
    assert (svg.get("role"), svg.get("aria-label")) == ("group", "Most & least")
    links = {a.get("aria-label"): a for a in svg.iter("{*}a")}
    assert {says: a.get("href") for says, a in links.items()} == {
        f"{long}: 8": "/roles/one?a=1&b=2",
        "Two: 2": "/roles/two",
    }
    shown = links[f"{long}: 8"][0].text
    assert shown.endswith("…")
    assert long.startswith(shown[:-1])
    heights = {says: float(a[0].get("y")) for says, a in links.items()}
    assert heights[f"{long}: 8"] < heights["Two: 2"], "the greatest stands first"
    widths = {
        title.text: float(rect.get("width"))
        for rect in svg.iter("{*}rect")
        for title in rect.iter("{*}title")
    }
    assert widths[f"{long}: 8"] == pytest.approx(4 * widths["Two: 2"])


@given(st.floats(1e-6, 1e9))
def test_the_scale_of_a_chart_is_round_and_reaches_its_highest_column(most: float) -> None:
    written = re.findall(
        r'class="(?:major)?">(\d\.\d+e[+-]\d+)</text>', columns("x", ["day"], {"A": [most]}, "{:.6e}".format)
    )
    ticks = sorted({float(tick) for tick in written})
    assert 3 <= len(ticks) <= 6
    assert ticks[0] == 0
    assert ticks[-1] >= most * (1 - 1e-6)
    assert f"{ticks[1]:.0e}"[0] in "125"
    assert ticks[1] == pytest.approx(float(f"{ticks[1]:.0e}"))
