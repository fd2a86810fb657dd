"""axe finds nothing serious on any page, in light and dark, wide and narrow."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from jd_assets_tests.web.browser.chromium import PHONE, WIDE, sign_in
from jd_assets_tests.web.browser.conftest import Open
from jd_assets_tests.web.browser.test_pages import PATHS
from jd_assets_tests.web.conftest import TOKEN

COLOURS = ["color-contrast"]


def faults(page: Page) -> list[str]:
    """What axe calls serious or critical: all of it in both widths, and the colours in both schemes, which
    differ in nothing else and are the same at every width."""
    found = []
    for size, scheme, rules in ((WIDE, "light", None), (WIDE, "dark", COLOURS), (PHONE, "light", None)):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        options: dict[str, object] = {"resultTypes": ["violations"]}
        if rules:
            options["runOnly"] = rules
        violations = Axe().run(page, options=options).response["violations"]
        found += [
            f"{scheme} {size['width']}: {v['id']}: {node['html']} {node['failureSummary']}"
            for v in violations
            if v["impact"] in ("serious", "critical")
            for node in v["nodes"]
        ]
    return found


@pytest.mark.parametrize("path", [*PATHS, "/?q=nobody+has+this", "/?status=rejected", "/login"])
def test_axe_finds_nothing_serious(shared_site: str, open_page: Open, path: str) -> None:
    assert faults(open_page(shared_site + path)) == []


def test_axe_finds_nothing_serious_on_a_rejected_run(shared_site: str, open_page: Open) -> None:
    page = open_page(f"{shared_site}/?status=rejected")
    page.locator("tbody th a").click()
    assert faults(page) == []


def test_axe_finds_nothing_serious_for_who_may_decide(shared_site: str, open_page: Open) -> None:
    page = open_page(shared_site)
    sign_in(page, shared_site, TOKEN)
    page.locator("summary", has_text="Merge").first.click()
    assert faults(page) == []
    page.get_by_role("button", name="Keyboard shortcuts").click()
    assert faults(page) == []
    page.goto(f"{shared_site}/upload")
    assert faults(page) == []


def test_axe_sees_a_fault_where_one_is(shared_site: str, open_page: Open) -> None:
    page = open_page(shared_site)
    page.evaluate("document.querySelector('tbody a').replaceChildren()")
    assert any("link-name" in fault for fault in faults(page))
