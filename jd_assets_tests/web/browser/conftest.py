"""One browser for all tests of this folder, and pages that may not say an error."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from pydantic import SecretStr

from jd_assets.settings import Settings
from jd_assets_tests.conftest import MINI
from jd_assets_tests.web.browser.chromium import EXECUTABLE, WIDE, launched, serving
from jd_assets_tests.web.conftest import TOKEN
from jd_assets_tests.web.made import BATCH, SECOND, UPLOADED

expect.set_options(timeout=10_000)

Open = Callable[..., Page]


# Playwright keeps an event loop running in this thread, in which no other test may use asyncio.run:
# so it lives as long as this folder's tests and not as long as the session.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    if EXECUTABLE is None and os.environ.get("JD_REQUIRE_BROWSER", "") in ("", "0"):
        pytest.skip("no Chromium is installed: apt-get install chromium")
    with launched() as browser:
        yield browser


@pytest.fixture(scope="package")
def shared_site(site_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an app that all tests read from, and in which none decides anything; a file was
    uploaded to it, of which the whole outcome is there."""
    data = tmp_path_factory.mktemp("shared") / "site"
    shutil.copytree(site_dir, data, symlinks=True)
    settings = Settings(data_dir=data, library=MINI, web_token=SecretStr(TOKEN), _env_file=None)  # type: ignore[call-arg]
    with serving(settings, SECOND) as address:
        own = {"authorization": f"Bearer {TOKEN}"}
        httpx.post(f"{address}/batches?format=jsonl", content=UPLOADED, headers=own).raise_for_status()
        until = time.monotonic() + 60
        while httpx.get(f"{address}/batches/{BATCH}").raise_for_status().json()["state"] != "computed":
            assert time.monotonic() < until, "the file is not computed"
            time.sleep(0.02)
        yield address


@pytest.fixture
def own_site(with_token: Settings) -> Iterator[str]:
    """The address of an app over the data folder of `with_token`, for a test that decides."""
    with serving(with_token, SECOND) as address:
        yield address


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Open]:
    """Opens an address in a fresh context. In the end, no page may have said an error, broken the content
    security policy, thrown, or asked another host than its own for anything; `may_say` are parts of errors
    that the test provokes."""
    said: list[str] = []
    allowed: list[str] = []
    with ExitStack() as stack:

        def start(address: str, may_say: Sequence[str] = (), **context: Any) -> Page:
            allowed.extend(may_say)
            made = stack.enter_context(chromium.new_context(**{"viewport": WIDE, **context}))
            made.set_default_timeout(10_000)
            page = made.new_page()
            host = "/".join(address.split("/")[:3]) + "/"
            page.on("console", lambda m: said.append(m.text) if m.type in ("error", "warning") else None)
            page.on("pageerror", lambda error: said.append(str(error)))
            page.on("request", lambda r: None if r.url.startswith(host) else said.append(f"asked {r.url}"))
            page.goto(address)
            return page

        yield start
    assert [words for words in said if not any(part in words for part in allowed)] == []
