"""Takes the pictures of docs/web.md from the published sample days: `make run screenshots`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from playwright.sync_api import Page

from jd_assets.settings import Settings
from jd_assets_tests.web.browser.chromium import launched, serving

DOCS = Path(__file__).resolve().parents[3] / "docs"
SIZE = {"width": 1100, "height": 1000}


def first_run(page: Page) -> None:
    """From the history to its surest run."""
    page.goto("/?status=completed&sort=-confidence")
    page.locator("tbody th a").first.click()


def main() -> None:
    with serving(Settings(), date.today()) as address, launched() as browser:
        context = browser.new_context(base_url=address, viewport=SIZE, color_scheme="light")  # type: ignore[arg-type]
        page = context.new_page()
        for name in ("history", "overview", "run", "review", "roles"):
            if name == "run":
                first_run(page)
            else:
                page.goto("/" if name == "history" else f"/{name}")
            page.screenshot(path=DOCS / f"web-{name}.png")
            print(f"docs/web-{name}.png")


if __name__ == "__main__":
    main()
