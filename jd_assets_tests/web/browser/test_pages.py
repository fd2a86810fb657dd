"""History, run page and library, read in a browser: wide, narrow, dark, and by keyboard alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from jd_assets_tests.web.browser.chromium import PHONE, WIDE
from jd_assets_tests.web.browser.conftest import Open
from jd_assets_tests.web.made import BATCH
from jd_assets_tests.web.test_pages import NURSE_RUN

PATHS = (
    "/",
    "/overview",
    f"/runs/{NURSE_RUN}",
    "/review",
    "/upload",
    f"/upload/{BATCH}",
    "/roles",
    "/roles/registered-nurse",
    "/skills/sql",
)


def luminance(page: Page, selector: str, what: str) -> float:
    """0 to 255, of a colour that the browser computed."""
    colour = page.locator(selector).first.evaluate(f"e => getComputedStyle(e).{what}")
    red, green, blue = (float(n) for n in colour[colour.index("(") + 1 : -1].split(",")[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_history_is_filtered_and_leads_to_a_run(shared_site: str, open_page: Open) -> None:
    page = open_page(shared_site)
    expect(page.get_by_role("heading", name="History")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(5)
    page.get_by_role("combobox", name="Role", exact=True).select_option(label="Registered Nurse (1)")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page).to_have_url(f"{shared_site}/?role=registered-nurse")
    page.get_by_role("link", name="Staff Nurse").click()
    expect(page).to_have_url(f"{shared_site}/runs/{NURSE_RUN}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Pipeline run")


def test_the_run_page_marks_what_was_read_and_opens_its_answers(shared_site: str, open_page: Open) -> None:
    page = open_page(f"{shared_site}/runs/{NURSE_RUN}")
    mark = page.locator(".jd mark.skill", has_text="Zorbulator")
    expect(mark).to_have_attribute("title", "skill: Zorbulator (new)")
    assert mark.evaluate("e => getComputedStyle(e).backgroundColor") != "rgba(0, 0, 0, 0)"
    answer = page.locator("details", has_text="API 1 — extract-from-jd")
    expect(answer.locator("pre")).to_be_hidden()
    answer.locator("summary").click()
    expect(answer.locator("pre")).to_contain_text('"slug": "registered-nurse"')


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_value_that_is_hovered_or_focused_shows_its_text(
    shared_site: str, open_page: Open, size: dict[str, int]
) -> None:
    page = open_page(f"{shared_site}/runs/{NURSE_RUN}", viewport=size)
    value = page.get_by_role("link", name="skill: Zorbulator (new)")
    quote = page.get_by_role("tooltip").filter(has_text="Wound care, Zorbulator, medication")
    for show in (value.hover, value.focus):
        expect(quote).to_be_hidden()
        page.keyboard.press("Shift")  # what is focused next counts as reached by keyboard
        show()
        expect(quote).to_be_visible()
        expect(value).to_have_accessible_description(re.compile("Wound care, Zorbulator, medication"))
        assert page.evaluate("document.scrollingElement.scrollWidth") <= size["width"]
        page.mouse.move(0, 0)
        page.evaluate("document.activeElement.blur()")
    value.click()
    target = page.locator("mark:target")
    expect(target).to_have_text("Zorbulator")
    expect(target).to_be_in_viewport()


@pytest.mark.parametrize("path", PATHS)
def test_a_phone_shows_a_page_within_its_width(shared_site: str, open_page: Open, path: str) -> None:
    page = open_page(shared_site + path, viewport=PHONE, is_mobile=True, has_touch=True)
    wide = page.evaluate("document.scrollingElement.scrollWidth")
    assert wide <= PHONE["width"]
    for field in page.locator("input:visible:not([type=checkbox]), select:visible, button:visible").all():
        box = field.bounding_box()
        assert box
        assert box["height"] >= 24  # WCAG 2.2, 2.5.8: the least size of a target


@pytest.mark.parametrize("path", PATHS)
def test_pages_follow_the_systems_colours(shared_site: str, open_page: Open, path: str) -> None:
    page = open_page(shared_site + path, color_scheme="light")
    assert luminance(page, "body", "backgroundColor") > 200 > 80 > luminance(page, "body", "color")
    page.emulate_media(color_scheme="dark")
    assert luminance(page, "body", "backgroundColor") < 60 < 180 < luminance(page, "body", "color")


def test_by_keyboard_alone_from_the_skip_link_to_a_run(shared_site: str, open_page: Open) -> None:
    page = open_page(shared_site)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Title, company or role")).to_be_focused()
    page.keyboard.type("nurse")
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Staff Nurse":
            break
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid", "what has the focus is outlined"
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{shared_site}/runs/{NURSE_RUN}")


def test_hostile_text_runs_nothing(shared_site: str, open_page: Open) -> None:
    page = open_page(shared_site)
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    page.get_by_role("row", name="alert(1)").get_by_role("link").first.click()
    expect(page.locator(".jd")).to_contain_text("<script>alert(1)</script> Java Developer")
    page.goto(f"{shared_site}/review")
    expect(page.get_by_role("heading", name="Review queue")).to_be_visible()
