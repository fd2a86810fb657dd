"""Decisions made in a browser, and what they leave in the state database."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from jd_assets.settings import Settings
from jd_assets.storage.state import DecisionRecord, State
from jd_assets_tests.web.browser.chromium import sign_in
from jd_assets_tests.web.browser.conftest import Open
from jd_assets_tests.web.conftest import TOKEN


def decisions(settings: Settings) -> dict[str, DecisionRecord]:
    return dict(State(settings.state_database_url).decisions())


def card(page: Page, name: str) -> Locator:
    return page.locator(".cards > li", has=page.get_by_text(name, exact=True)).first


def cards(page: Page) -> Locator:
    return page.locator(".cards > li")


@pytest.fixture
def queue(own_site: str, open_page: Open) -> Page:
    """The review queue, signed in."""
    page = open_page(own_site)
    page.get_by_role("link", name="Review").click()
    page.get_by_role("link", name="Sign in").click()
    sign_in(page, own_site, TOKEN)
    page.evaluate("window.kept = true")
    return page


def test_an_approval_through_the_page_is_in_the_state_database(
    queue: Page, own_site: str, with_token: Settings
) -> None:
    item = card(queue, "Zorbulator").get_attribute("id")
    queue.get_by_role("button", name="Approve Zorbulator").click()
    expect(queue.get_by_text("Zorbulator", exact=True)).to_have_count(0)
    expect(queue.get_by_text("Zorbulator: approved")).to_be_visible()
    expect(cards(queue).first).to_be_focused()
    assert queue.evaluate("window.kept"), "the page was not loaded again"
    assert item
    made = decisions(with_token)[item]
    assert (made.decision, made.decided_by) == ("approved", "Asha")
    queue.get_by_role("combobox", name="Status").select_option("approved")
    expect(card(queue, "Zorbulator").get_by_text("approved by Asha").first).to_be_visible()
    expect(queue).to_have_url(f"{own_site}/review?kind=&status=approved")


def test_a_decision_is_taken_back_by_button_and_by_key(queue: Page, with_token: Settings) -> None:
    item = card(queue, "Zorbulator").get_attribute("id")
    assert item
    for take_back in (
        lambda: queue.get_by_role("button", name="Reopen Zorbulator").click(),
        lambda: (card(queue, "Zorbulator").focus(), queue.keyboard.press("u")),
    ):
        queue.get_by_role("button", name="Approve Zorbulator").click()
        expect(queue.get_by_text("Zorbulator", exact=True)).to_have_count(0)
        queue.get_by_role("combobox", name="Status").select_option("approved")
        expect(card(queue, "Zorbulator")).to_be_visible()
        take_back()
        expect(queue.get_by_text("Zorbulator: waits again")).to_be_visible()
        expect(queue.get_by_text("Nothing here.")).to_be_visible()
        queue.get_by_role("combobox", name="Status").select_option("pending")
        expect(card(queue, "Zorbulator").get_by_text("reopened by Asha").first).to_be_visible()
    history = card(queue, "Zorbulator").locator("details", has_text="History")
    history.locator("summary").click()
    expect(history.get_by_role("listitem")).to_have_count(4)
    made = State(with_token.state_database_url).history([item])
    assert [d.decision for d in made] == ["approved", "reopened"] * 2


def test_the_same_without_scripts(own_site: str, with_token: Settings, open_page: Open) -> None:
    page = open_page(own_site, java_script_enabled=False)
    sign_in(page, own_site, TOKEN)
    expect(page.get_by_role("button", name="Keyboard shortcuts")).to_be_hidden()
    page.get_by_role("button", name="Reject Zorbulator").click()
    expect(page.get_by_text("Zorbulator", exact=True)).to_have_count(0)
    page.get_by_role("checkbox").first.check()
    left = page.get_by_role("checkbox").count()
    page.get_by_role("button", name="Approve ticked").click()
    expect(page.get_by_role("checkbox")).to_have_count(left - 1)
    assert sorted(d.decision for d in decisions(with_token).values()) == ["approved", "rejected"]


def test_a_merge_says_what_is_wrong_and_then_succeeds(
    own_site: str, with_token: Settings, open_page: Open
) -> None:
    page = open_page(own_site, may_say=["status of 422", "Response Status Error Code 422"])
    sign_in(page, own_site, TOKEN)
    skill = card(page, "Zorbulator")
    skill.locator("summary").click()
    skill.get_by_label("Into").fill("No Such Skill")
    page.get_by_role("button", name="Merge Zorbulator").click()
    expect(page.get_by_role("alert")).to_contain_text("No Such Skill")
    assert decisions(with_token) == {}
    skill.get_by_label("Into").fill("sql")
    page.get_by_role("button", name="Merge Zorbulator").click()
    expect(page.get_by_text("Zorbulator: merged")).to_be_visible()
    expect(page.locator("#said")).to_be_empty()
    assert [(d.decision, d.merged_into) for d in decisions(with_token).values()] == [("merged", "SQL")]


def test_all_on_the_page_are_ticked_and_rejected(queue: Page, with_token: Settings) -> None:
    shown = cards(queue).count()
    assert shown >= 2
    queue.get_by_label("Tick all").check()
    queue.get_by_role("button", name="Reject ticked").click()
    expect(queue.get_by_text("Nothing here")).to_be_visible()
    assert [d.decision for d in decisions(with_token).values()] == ["rejected"] * shown


def test_keys_move_tick_and_decide(queue: Page, with_token: Settings) -> None:
    ids = [li.get_attribute("id") or "" for li in cards(queue).all()]
    assert len(ids) >= 2
    queue.keyboard.press("j")
    expect(cards(queue).nth(0)).to_be_focused()
    queue.keyboard.press("k")
    expect(cards(queue).nth(0)).to_be_focused()
    queue.keyboard.press("j")
    expect(cards(queue).nth(1)).to_be_focused()
    queue.keyboard.press("x")
    expect(cards(queue).nth(1).get_by_role("checkbox").first).to_be_checked()
    queue.keyboard.press("k")
    queue.keyboard.press("r")
    expect(cards(queue)).to_have_count(len(ids) - 1)
    expect(cards(queue).nth(0)).to_be_focused()
    expect(cards(queue).nth(0).get_by_role("checkbox").first).to_be_checked()
    queue.keyboard.press("a")
    expect(queue.locator(f"[id='{ids[1]}']")).to_have_count(0)
    made = {item: d.decision for item, d in decisions(with_token).items()}
    assert made == {ids[0]: "rejected", ids[1]: "approved"}


def test_m_merges_and_keys_typed_into_a_field_are_letters(queue: Page, with_token: Settings) -> None:
    ids = [li.get_attribute("id") for li in cards(queue).all()]
    queue.keyboard.press("j")
    queue.keyboard.press("m")
    into = cards(queue).first.get_by_label("Into")
    expect(into).to_be_focused()
    into.fill("")
    queue.keyboard.type("jkarmx?")
    expect(into).to_have_value("jkarmx?")
    expect(queue.get_by_role("dialog")).to_be_hidden()
    assert [li.get_attribute("id") for li in cards(queue).all()] == ids
    assert decisions(with_token) == {}


def test_the_help_is_a_dialog_in_which_the_keys_can_be_switched_off(queue: Page) -> None:
    queue.keyboard.press("?")
    help_dialog = queue.get_by_role("dialog", name="Keyboard shortcuts")
    expect(help_dialog).to_be_visible()
    expect(help_dialog.get_by_role("rowheader")).to_have_text(["j", "k", "a", "r", "m", "u", "x", "?"])
    queue.keyboard.press("j")
    expect(help_dialog).to_be_visible()
    help_dialog.get_by_label("Shortcuts on").uncheck()
    queue.keyboard.press("Escape")
    expect(help_dialog).to_be_hidden()
    queue.reload()
    queue.keyboard.press("?")
    queue.keyboard.press("j")
    expect(help_dialog).to_be_hidden()
    assert queue.evaluate("document.activeElement === document.body")
    queue.get_by_role("button", name="Keyboard shortcuts").click()
    help_dialog.get_by_label("Shortcuts on").check()
    help_dialog.get_by_role("button", name="Close").click()
    queue.keyboard.press("j")
    expect(cards(queue).first).to_be_focused()


def test_who_may_not_decide_can_walk_the_queue_but_no_key_decides(
    own_site: str, with_token: Settings, open_page: Open
) -> None:
    page = open_page(f"{own_site}/review")
    for key in "jarmx":
        page.keyboard.press(key)
    expect(cards(page).first).to_be_focused()
    assert decisions(with_token) == {}
