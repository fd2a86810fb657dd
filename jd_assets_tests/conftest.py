"""What many tests share: a data folder of their own, the shipped model and library."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from filelock import FileLock

from jd_assets.library.compile import ensure_release
from jd_assets.library.load import SHIPPED
from jd_assets.library.release import Release
from jd_assets.models.embedder import MiniLmEmbedder, shipped_embedder
from jd_assets.settings import Settings
from jd_assets.storage.stores import Stores


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of minutes begin first, so that other processes share out the rest meanwhile."""
    items.sort(key=lambda item: item.get_closest_marker("minutes") is None)


@pytest.fixture(scope="session")
def embedder() -> MiniLmEmbedder:
    return shipped_embedder()


@pytest.fixture(scope="session")
def releases_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compiled releases, made once for all tests, also when several processes share them out."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return tmp_path_factory.mktemp("releases")
    folder = tmp_path_factory.getbasetemp().parent / "releases"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def release(releases_dir: Path, embedder: MiniLmEmbedder) -> Release:
    with FileLock(releases_dir.with_suffix(".lock")):
        return ensure_release(SHIPPED, releases_dir, embedder)


@pytest.fixture
def settings(tmp_path: Path, releases_dir: Path) -> Settings:
    """Settings of an empty data folder that shares the compiled releases."""
    data = tmp_path / "data"
    data.mkdir()
    (data / "releases").symlink_to(releases_dir, target_is_directory=True)
    return Settings(data_dir=data, _env_file=None)  # type: ignore[call-arg]


@pytest.fixture
def stores(settings: Settings) -> Stores:
    return Stores(settings)


MINI = Path(__file__).resolve().parent / "library" / "mini"


@pytest.fixture(scope="session")
def mini(releases_dir: Path, embedder: MiniLmEmbedder) -> Release:
    """A release of six roles and two dozen skills, written for the tests."""
    return ensure_release(MINI, releases_dir, embedder)
