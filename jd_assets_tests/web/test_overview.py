"""The overview counts what the tables hold, and draws it so that it can be read without the drawing."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from jd_assets.settings import Settings
from jd_assets.storage.analyst import open_read_only
from jd_assets.web.overview import day_bars
from jd_assets_tests.web.made import FIRST, SCRIPT, SECOND


def test_the_overview_counts_what_the_tables_hold(client: TestClient, site: Settings) -> None:
    page = client.get("/overview").text
    with open_read_only(site.analyst_db) as database:
        runs = database.execute(
            'SELECT ds, "case", count(*) FROM pipeline_runs GROUP BY ALL ORDER BY ds DESC, "case"'
        ).fetchall()
    labels = re.findall(r'class="bar stacked" role="img" aria-label="([^"]*)"', page)
    wanted = [", ".join(f"{case} {n}" for ds, case, n in runs if ds == day) for day in (SECOND, FIRST)]
    assert labels == wanted
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


@given(
    st.dictionaries(
        st.tuples(st.dates(date(2026, 1, 1), date(2026, 1, 9)), st.sampled_from("abc")),
        st.integers(1, 1000),
        min_size=1,
    )
)
def test_the_parts_of_a_bar_lie_side_by_side_and_the_widest_bar_is_full(
    counts: dict[tuple[date, str], int],
) -> None:
    rows = [{"ds": ds, "case": case, "jds": n, "usd": 0.5} for (ds, case), n in counts.items()]
    bars = day_bars(rows, "abc")
    widths = []
    for bar in bars:
        at = 0.0
        for part in bar.parts:
            assert part.start == pytest.approx(at)
            at += part.share
        widths.append(at)
        assert bar.jds == sum(part.count for part in bar.parts)
    assert max(widths) == pytest.approx(1.0)
    assert [bar.ds for bar in bars] == sorted({ds for ds, _ in counts}, reverse=True)
    assert sum(bar.usd for bar in bars) == pytest.approx(0.5 * len(rows))
