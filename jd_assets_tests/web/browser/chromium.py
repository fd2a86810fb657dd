"""A headless Chromium for tests and screenshots, and an app on a free port for it to look at."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from playwright.sync_api import Browser, Page, expect, sync_playwright

from jd_assets.settings import Settings
from jd_assets.web.app import create_app
from jd_assets_tests.web.listening import listening

EXECUTABLE = shutil.which("chromium") or shutil.which("chromium-browser")

FLAGS = (
    "--headless",
    "--no-sandbox",  # tests may run as root, where Chromium's own sandbox refuses to start
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}


@contextmanager
def launched() -> Iterator[Browser]:
    """The browser, with a profile of its own that Playwright makes and removes.

    Raises:
        FileNotFoundError: no Chromium is installed.
    """
    if EXECUTABLE is None:
        raise FileNotFoundError("no Chromium is installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=EXECUTABLE, args=list(FLAGS))
        yield browser
        browser.close()


@contextmanager
def serving(settings: Settings, today: date) -> Iterator[str]:
    """The app over a data folder, on a free port of the loopback; gives its address."""
    # The tests of a session are one client, which asks more than a person does.
    use = settings.model_copy(update={"web_posts_per_minute": 100_000, "web_reads_per_minute": 100_000})
    with listening(create_app(use, today=lambda: today), use) as (_, (host, port)):
        yield f"http://{host}:{port}"


def sign_in(page: Page, address: str, token: str) -> None:
    """Signs in through the page, as a person does; ends on the review queue."""
    page.goto(f"{address}/login")
    page.get_by_label("Your name").fill("Asha")
    page.get_by_label("Token").fill(token)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("Signed in as Asha")).to_be_visible()
