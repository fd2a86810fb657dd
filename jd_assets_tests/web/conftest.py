"""A published data folder made once, a copy of it for tests that change it, and clients of real apps."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from jd_assets.library.release import Release
from jd_assets.models.embedder import MiniLmEmbedder
from jd_assets.settings import Settings
from jd_assets.web.app import create_app
from jd_assets_tests.conftest import MINI
from jd_assets_tests.web.made import DAYS, SECOND, land, publish_landed

TOKEN = "a token for tests"
BASE = "http://127.0.0.1"

Serve = Callable[[Settings], TestClient]


@pytest.fixture(scope="session")
def site_dir(
    tmp_path_factory: pytest.TempPathFactory, releases_dir: Path, mini: Release, embedder: MiniLmEmbedder
) -> Path:
    data = tmp_path_factory.mktemp("site")
    (data / "releases").symlink_to(releases_dir, target_is_directory=True)
    settings = Settings(data_dir=data, library=MINI, _env_file=None)  # type: ignore[call-arg]
    for ds, jds in DAYS.items():
        land(settings, ds, jds)
    publish_landed(settings, mini, embedder)
    return data


@pytest.fixture
def site(site_dir: Path, tmp_path: Path) -> Settings:
    """Settings of a copy of the published folder, with no token."""
    data = tmp_path / "site"
    shutil.copytree(site_dir, data, symlinks=True)
    return Settings(data_dir=data, library=MINI, _env_file=None)  # type: ignore[call-arg]


@pytest.fixture
def with_token(site: Settings) -> Settings:
    return site.model_copy(update={"web_token": SecretStr(TOKEN)})


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts an app whose landing day is the second published one."""
    with ExitStack() as stack:

        def start(settings: Settings) -> TestClient:
            app = create_app(settings, today=lambda: SECOND)
            client = TestClient(
                app, base_url=BASE, headers={"accept": "text/html"}, raise_server_exceptions=False
            )
            return stack.enter_context(client)

        yield start


@pytest.fixture
def client(site: Settings, serve: Serve) -> TestClient:
    return serve(site)
