"""SIGKILL at random moments of materializing and publishing: every day is the old or the new, whole."""

from __future__ import annotations

import contextlib
import os
import random
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from jd_assets.settings import Settings
from jd_assets.storage.analyst import open_read_only
from jd_assets.storage.files import Warehouse
from jd_assets.storage.vectors import VectorStore
from jd_assets.tables import DAILY, KRA_EMBEDDINGS
from jd_assets_tests.conftest import MINI
from jd_assets_tests.days import land

DAY = date(2026, 1, 5)
KILLS = 40
JDS_OF_VERSION = {"a": 3, "b": 5}
BY_JD = [t for t in DAILY if "jd_id" in t.names and t.name not in ("llm_calls", "captures", "role_plans")]


class Zygote:
    """Talks to the forking process."""

    def __init__(self, use: Settings) -> None:
        environment = {
            **os.environ,
            "JD_DATA_DIR": str(use.data_dir),
            "JD_LIBRARY": str(MINI),
            "DAGSTER_HOME": str(use.dagster_home),
            "POLARS_MAX_THREADS": "2",
        }
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "jd_assets_tests.storage.zygote"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True, env=environment,
        )  # fmt: skip

    def run(self, kill_after: float | None = None) -> tuple[int, float]:
        """Runs the day; gives its exit code and how long it took."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"run {DAY}\n")
        self._process.stdin.flush()
        child = int(self._process.stdout.readline())
        started = time.monotonic()
        if kill_after is not None and not select.select([self._process.stdout], [], [], kill_after)[0]:
            with contextlib.suppress(ProcessLookupError):  # it was quicker than we are
                os.kill(child, signal.SIGKILL)
        return int(self._process.stdout.readline()), time.monotonic() - started

    def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(timeout=60)


@pytest.fixture
def zygote(settings: Settings) -> Iterator[Zygote]:
    process = Zygote(settings)
    yield process
    process.close()


def versions(jd_texts: list[str]) -> set[str]:
    return {"a" if "release a" in text else "b" for text in jd_texts}


def check_database(target: Path) -> str:
    """The version of the day that the analyst database holds, in all its tables alike."""
    with open_read_only(target) as connection:
        texts = connection.execute("SELECT jd_id, text FROM raw_jds WHERE ds = ?", [DAY]).fetchall()
        [version] = versions([text for _, text in texts])
        wanted = {jd_id for jd_id, _ in texts}
        assert len(wanted) == JDS_OF_VERSION[version]
        for table in BY_JD:
            found = connection.execute(f"SELECT DISTINCT jd_id FROM {table.name} WHERE ds = ?", [DAY])
            assert {jd_id for (jd_id,) in found.fetchall()} == wanted, table.name
    return version


def check_files(settings: Settings, ids: dict[str, set[str]]) -> None:
    """Every partition file and the vectors of the day are one version, whole."""
    warehouse = Warehouse(settings.warehouse_dir)
    for table in BY_JD:
        rows, card = warehouse.read(warehouse.path(table, DAY))
        assert card.content
        assert set(rows["jd_id"]) in ids.values(), table.name
        leftovers = [p.name for p in warehouse.path(table, DAY).parent.iterdir() if p.suffix == ".parquet"]
        assert leftovers == ["part.parquet"]
    vectors = VectorStore(settings.vectors_dir).read(KRA_EMBEDDINGS, [DAY])
    assert set(vectors["jd_id"]) in ids.values()
    assert vectors["key"].is_unique().all()


@pytest.mark.minutes
def test_forty_kills_leave_every_day_old_or_new(settings: Settings, zygote: Zygote) -> None:
    ids: dict[str, set[str]] = {}
    took = 0.0
    for version in ("a", "b"):
        land(settings, DAY, version, JDS_OF_VERSION[version])
        code, took = zygote.run()
        assert code == 0
        with open_read_only(settings.analyst_db) as connection:
            found = connection.execute("SELECT jd_id FROM raw_jds WHERE ds = ?", [DAY]).fetchall()
        ids[version] = {jd_id for (jd_id,) in found}
        assert check_database(settings.analyst_db) == version

    moments = random.Random(20260105)
    killed = finished = 0
    version = "b"
    while killed < KILLS:
        version = "a" if version == "b" else "b"
        land(settings, DAY, version, JDS_OF_VERSION[version])
        code, lasted = zygote.run(kill_after=moments.uniform(0.1, took))
        took = lasted if code == 0 else took  # the machine may be quicker now
        killed += code == -signal.SIGKILL
        finished += code == 0
        assert code in (0, -signal.SIGKILL)
        assert finished <= KILLS
        check_database(settings.analyst_db)
        check_files(settings, ids)

    # Nothing broke, so a run repairs nothing: it brings the newest version, as it would have anyway.
    land(settings, DAY, version, JDS_OF_VERSION[version])
    code, _ = zygote.run()
    assert code == 0
    assert check_database(settings.analyst_db) == version
    check_files(settings, {version: ids[version]})
