"""What many tests share: a data folder of their own, the shipped model and library."""

from __future__ import annotations

import gc
import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from sqlalchemy import event
from sqlalchemy.engine import Engine

from jd_assets.library.compile import ensure_release
from jd_assets.library.load import SHIPPED, Library, load_library
from jd_assets.library.release import Release
from jd_assets.models.embedder import MiniLmEmbedder, shipped_embedder
from jd_assets.settings import Settings
from jd_assets.storage.stores import Stores


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long tests begin first, so that other processes share out the rest meanwhile."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_collection_finish() -> None:
    """What the imports made stays, so no collection need look it through again."""
    gc.collect()
    gc.freeze()


@event.listens_for(Engine, "connect")
def leave_writing_to_the_system(connection: Any, _: Any) -> None:
    """Dagster's SQLite files need not survive a power cut, which takes about half of a run's time; they
    survive the kill of a process all the same."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous = OFF")


@pytest.fixture(scope="session")
def embedder() -> MiniLmEmbedder:
    return shipped_embedder()


@pytest.fixture(scope="session")
def shared_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this run of the tests, the same one in every process that they are shared out to."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shared"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def releases_dir(shared_dir: Path) -> Path:
    """Compiled releases, made once for all tests."""
    folder = shared_dir / "releases"
    folder.mkdir(exist_ok=True)
    return folder


def made_once(folder: Path, make: Callable[[Path], None]) -> Path:
    """The folder, which the first process that asks for it makes whole."""
    with FileLock(folder.with_suffix(".lock")):
        if not folder.exists():
            making = folder.with_suffix(".making")
            shutil.rmtree(making, ignore_errors=True)
            make(making)
            making.rename(folder)
    return folder


def data_settings(data: Path, releases_dir: Path) -> Settings:
    """Settings of a data folder, made where there is none, that shares the compiled releases."""
    if not data.exists():
        data.mkdir()
        (data / "releases").symlink_to(releases_dir, target_is_directory=True)
    return Settings(data_dir=data, _env_file=None)  # type: ignore[call-arg]


@pytest.fixture(scope="session")
def shipped_library() -> Library:
    return load_library(SHIPPED)


@pytest.fixture
def settings(tmp_path: Path, releases_dir: Path) -> Settings:
    """Settings of an empty data folder."""
    return data_settings(tmp_path / "data", releases_dir)


@pytest.fixture
def stores(settings: Settings) -> Stores:
    return Stores(settings)


MINI = Path(__file__).resolve().parent / "library" / "mini"


@pytest.fixture(scope="session")
def mini(releases_dir: Path, embedder: MiniLmEmbedder) -> Release:
    """A release of six roles and two dozen skills, written for the tests."""
    return ensure_release(MINI, releases_dir, embedder)
