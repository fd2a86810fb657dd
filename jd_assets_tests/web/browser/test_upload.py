"""A file uploaded through the page, which then follows how far it is."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from playwright.sync_api import expect

from jd_assets.settings import Settings
from jd_assets.web import batches
from jd_assets_tests.web.browser.chromium import sign_in
from jd_assets_tests.web.browser.conftest import Open
from jd_assets_tests.web.conftest import TOKEN
from jd_assets_tests.web.made import BATCH, UPLOADED


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_the_progress_page_follows_until_all_is_computed(
    own_site: str,
    with_token: Settings,
    open_page: Open,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    scripts: bool,
) -> None:
    go_on = tmp_path / "go-on"
    compute = batches.computed

    def when_told(*arguments: object, **named: object) -> object:
        while not go_on.exists():
            time.sleep(0.02)
        return compute(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(batches, "computed", when_told)
    page = open_page(own_site, java_script_enabled=scripts)
    sign_in(page, own_site, TOKEN)
    page.get_by_role("link", name="Upload").click()
    page.get_by_label("File of up to").set_input_files(
        {"name": "my jobs.jsonl", "mimeType": "application/jsonl", "buffer": UPLOADED}
    )
    page.get_by_role("button", name="Upload").click()
    expect(page).to_have_url(f"{own_site}/upload/{BATCH}")
    expect(page.get_by_role("status")).to_contain_text("being computed")
    if scripts:
        page.evaluate("window.kept = true")
    go_on.touch()
    expect(page.get_by_role("status")).to_contain_text("All is computed")
    if scripts:
        assert page.evaluate("window.kept"), "the page was not loaded again"
    expect(page.locator("tbody tr")).to_have_count(2)
    expect(page.get_by_role("listitem").filter(has_text="invalid_json")).to_contain_text("Line 5")
    page.get_by_role("link", name="Ward Nurse").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Pipeline run")
