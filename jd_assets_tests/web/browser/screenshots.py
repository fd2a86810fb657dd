"""Takes the pictures of docs/web.md from the published sample days: `make run screenshots`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from playwright.sync_api import Page
from pydantic import SecretStr

from jd_assets.settings import Settings
from jd_assets_tests.web.browser.chromium import launched, serving, sign_in

DOCS = Path(__file__).resolve().parents[3] / "docs"
WIDTH = 1100
HEIGHTS = {"history": 800, "overview": 1650, "run": 1800, "review": 800, "roles": 800}
TOKEN = "a token for pictures"


def show(page: Page, name: str) -> None:
    """Goes to a page; the run is the first that has a role, as the history is sorted by it."""
    if name == "run":
        page.goto("/?status=completed&sort=role_name")
        page.locator("tbody th a").first.click()
        return
    if name == "review":
        sign_in(page, "", TOKEN)
    page.goto("/" if name == "history" else f"/{name}")


def main() -> None:
    settings = Settings(web_token=SecretStr(TOKEN))
    with serving(settings, date.today()) as address, launched() as browser:
        page = browser.new_context(base_url=address, color_scheme="light").new_page()
        for name, height in HEIGHTS.items():
            page.set_viewport_size({"width": WIDTH, "height": height})
            show(page, name)
            page.screenshot(path=DOCS / f"web-{name}.png")
            print(f"docs/web-{name}.png")


if __name__ == "__main__":
    main()
