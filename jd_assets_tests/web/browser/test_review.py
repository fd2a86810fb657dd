"""Decisions made in a browser, and what they leave in the state database."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from jd_assets.settings import Settings
from jd_assets.storage.state import LatestDecision, State
from jd_assets_tests.web.browser.conftest import Open, sign_in


def decisions(settings: Settings) -> dict[str, LatestDecision]:
    return dict(State(settings.state_database_url).decisions())


def card(page: Page, name: str) -> Locator:
    return page.locator("li", has=page.get_by_text(name, exact=True)).first


def test_an_approval_through_the_page_is_in_the_state_database(
    own_site: str, with_token: Settings, open_page: Open
) -> None:
    page = open_page(own_site)
    page.get_by_role("link", name="Review").click()
    page.get_by_role("link", name="Sign in").click()
    sign_in(page, own_site)
    item = card(page, "Zorbulator").get_attribute("id")
    page.get_by_role("button", name="Approve Zorbulator").click()
    expect(page.get_by_text("Zorbulator", exact=True)).to_have_count(0)
    assert item
    made = decisions(with_token)[item]
    assert (made.decision, made.decided_by) == ("approved", "Asha")
    page.goto(f"{own_site}/review?status=approved")
    expect(card(page, "Zorbulator")).to_be_visible()
