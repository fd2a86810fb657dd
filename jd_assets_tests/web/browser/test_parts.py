"""The history drawn anew in part: same page, new address, and all of it without scripts too."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from jd_assets.web.queries import runs
from jd_assets_tests.web.browser.conftest import Open
from jd_assets_tests.web.made import FIRST, SECOND

TITLES = "tbody th"


def mark(page: Page) -> None:
    """Leaves a sign that is gone once the page is loaded again."""
    page.evaluate("window.kept = true")


def kept(page: Page) -> bool:
    return bool(page.evaluate("window.kept === true"))


def test_a_filter_shows_its_runs_at_once_and_back_undoes_it(shared_site: str, open_page: Open) -> None:
    page = open_page(shared_site)
    mark(page)
    page.get_by_role("combobox", name="Status").select_option("rejected")
    expect(page.locator(TITLES)).to_have_count(1)
    expect(page.get_by_role("status")).to_have_text("1 run shown")
    expect(page).to_have_url(f"{shared_site}/?status=rejected")
    assert kept(page)
    page.go_back()
    expect(page.locator(TITLES)).to_have_count(5)
    expect(page).to_have_url(f"{shared_site}/")


def test_a_search_follows_what_is_typed(shared_site: str, open_page: Open) -> None:
    page = open_page(shared_site)
    mark(page)
    page.get_by_role("searchbox").press_sequentially("sample fig")
    expect(page.locator(TITLES)).to_have_count(1)
    expect(page.get_by_role("searchbox")).to_be_focused()
    expect(page).to_have_url(f"{shared_site}/?q=sample+fig")
    assert kept(page)


def test_a_column_sorts_both_ways_and_a_filter_keeps_the_order(shared_site: str, open_page: Open) -> None:
    page = open_page(shared_site)
    mark(page)
    title = page.get_by_role("columnheader", name="Title")
    for order in ("ascending", "descending"):
        title.get_by_role("link").click()
        expect(title).to_have_attribute("aria-sort", order)
        expect(page.get_by_role("link", name="Title", exact=True)).to_be_focused()
        shown = [t.lower() for t in page.locator(TITLES).all_text_contents() if t != "(no title)"]
        assert shown == sorted(shown, reverse=order == "descending")
    assert "sort=-title" in page.url
    page.get_by_role("combobox", name="Status").select_option("completed")
    expect(page.locator(TITLES)).to_have_count(4)
    assert "sort=-title" in page.url
    assert "status=completed" in page.url
    assert kept(page)


def test_pages_follow_each_other_in_place(
    shared_site: str, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "PAGE", 2)
    page = open_page(shared_site)
    mark(page)
    seen = page.locator("tbody time").all_text_contents()
    expect(page.get_by_role("status")).to_have_text("2 runs shown, more follow")
    for count in (2, 1):
        page.get_by_role("link", name="Next page").click()
        expect(page.get_by_role("region", name="Runs")).to_be_focused()
        expect(page.locator("tbody tr")).to_have_count(count)
        seen += page.locator("tbody time").all_text_contents()
    assert seen == [str(SECOND)] * 2 + [str(FIRST)] * 3
    expect(page.get_by_role("link", name="Next page")).to_have_count(0)
    page.get_by_role("link", name="First page").click()
    expect(page).to_have_url(f"{shared_site}/")
    assert kept(page)


def test_what_the_server_refuses_is_said_on_the_page(shared_site: str, open_page: Open) -> None:
    page = open_page(shared_site, may_say=["status of 422", "Response Status Error Code 422"])
    page.get_by_label("Day").evaluate("e => { e.type = 'text'; e.value = 'yesterday' }")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("alert")).to_have_text("day is no day; write it as 2026-11-02")
    expect(page.locator(TITLES)).to_have_count(5)
    page.get_by_label("Day").fill("")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#said")).to_be_empty()


def test_a_server_that_is_gone_is_said_on_the_page(shared_site: str, open_page: Open) -> None:
    page = open_page(
        shared_site, may_say=["ERR_INTERNET_DISCONNECTED", "htmx:sendError", "htmx:afterRequest"]
    )
    page.context.set_offline(True)
    page.get_by_role("link", name="Cost").click()
    expect(page.get_by_role("alert")).to_contain_text("can't be reached")


def test_without_scripts_the_history_is_filtered_and_sorted(shared_site: str, open_page: Open) -> None:
    page = open_page(shared_site, java_script_enabled=False)
    page.get_by_role("columnheader", name="Title").get_by_role("link").click()
    expect(page.get_by_role("columnheader", name="Title")).to_have_attribute("aria-sort", "ascending")
    page.get_by_role("combobox", name="Status").select_option("completed")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(TITLES)).to_have_count(4)
    expect(page).to_have_url(re.compile("status=completed.*sort=title"))


def test_what_was_asked_is_not_asked_again(shared_site: str, open_page: Open) -> None:
    page = open_page(shared_site)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "?q=" in request.url else None)
    search = page.get_by_role("searchbox")
    search.fill("nurse")
    search.press("Enter")
    expect(page.locator(TITLES)).to_have_count(1)
    search.press("Tab")
    page.wait_for_timeout(400)  # longer than the pause after which typing is a search
    assert len(asked) == 1
    with page.expect_request("**/?q=nurse*"):
        page.get_by_role("button", name="Show").click()


def test_roles_are_searched_in_place(shared_site: str, open_page: Open) -> None:
    page = open_page(f"{shared_site}/roles")
    mark(page)
    page.get_by_role("searchbox").press_sequentially("analyst")
    expect(page.get_by_role("link", name="Registered Nurse")).to_have_count(0)
    expect(page.get_by_role("link", name="Data Analyst")).to_be_visible()
    expect(page).to_have_url(f"{shared_site}/roles?q=analyst")
    assert kept(page)
