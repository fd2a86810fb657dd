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
from jd_assets.stages.ingest.table import ingest
from jd_assets.storage.analyst import open_read_only
from jd_assets.storage.files import Warehouse
from jd_assets.storage.landing import read_day
from jd_assets.storage.vectors import VectorStore
from jd_assets.tables import DAILY, KRA_EMBEDDINGS
from jd_assets_tests.days import land

DAY = date(2026, 1, 5)
KILLS = 40
JDS_OF_VERSION = {"a": 3, "b": 5}
BY_JD = [t for t in DAILY if "jd_id" in t.names and t.name not in ("llm_calls", "captures", "role_plans")]


class Zygote:
    """Talks to the forking process."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "jd_assets_tests.storage.zygote"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True, env={**os.environ, "POLARS_MAX_THREADS": "2"},
        )  # fmt: skip

    def do(self, order: str, use: Settings, home: str, kill_after: float | None = None) -> tuple[int, float]:
        """Has it done by a child; gives its exit code and how long it took from when its work began."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{order} {use.data_dir} {home} {DAY}\n")
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


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    process = Zygote()
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


def check_files(settings: Settings, ids: dict[str, set[str]]) -> list[str]:
    """Every partition file and the vectors of the day are one version, whole; the versions of the files."""
    version_of = {frozenset(jd_ids): version for version, jd_ids in ids.items()}
    found = []
    warehouse = Warehouse(settings.warehouse_dir)
    for table in BY_JD:
        rows, card = warehouse.read(warehouse.path(table, DAY))
        assert card.content
        assert set(rows["jd_id"]) in ids.values(), table.name
        found.append(version_of[frozenset(rows["jd_id"])])
        leftovers = [p.name for p in warehouse.path(table, DAY).parent.iterdir() if p.suffix == ".parquet"]
        assert leftovers == ["part.parquet"]
    vectors = VectorStore(settings.vectors_dir).read(KRA_EMBEDDINGS, [DAY])
    assert set(vectors["jd_id"]) in ids.values()
    assert vectors["key"].is_unique().all()
    return found


@pytest.mark.long
@pytest.mark.parametrize(
    ("home", "kills", "seed"), [("memory", 10, 1), ("disk", 10, 2), ("memory", 10, 3), ("disk", 10, 4)]
)
def test_forty_kills_leave_every_day_old_or_new(
    home: str, kills: int, seed: int, settings: Settings, zygote: Zygote
) -> None:
    """With Dagster's instance on disk many kills hit its own writes, with one in memory more hit ours."""
    ids: dict[str, set[str]] = {}
    for version in ("b", "a"):
        land(settings, DAY, version, JDS_OF_VERSION[version])
        ids[version] = set(ingest(read_day(settings, DAY), DAY)["jd_id"])
    assert zygote.do("release", settings, home)[0] == 0
    code, took = zygote.do("run", settings, home)
    assert code == 0
    assert check_database(settings.analyst_db) == "a"

    chance = random.Random(seed)
    shares = [(part + chance.random()) / kills for part in range(kills)]  # one kill in each part of a run
    chance.shuffle(shares)
    finished, version = 0, "a"
    new_files = []
    while shares:
        version = "a" if version == "b" else "b"
        land(settings, DAY, version, JDS_OF_VERSION[version])
        code, lasted = zygote.do("run", settings, home, kill_after=shares[-1] * took)
        assert code in (0, -signal.SIGKILL)
        check_database(settings.analyst_db)
        found = check_files(settings, ids)
        if code == 0:
            took = lasted  # the machine is quicker now
            finished += 1
            assert finished <= KILLS
        else:
            shares.pop()
            new_files.append(found.count(version))
    assert len(set(new_files)) > kills // 4, "kills between the writes of one file and another"

    # Nothing broke, so a run repairs nothing: it brings the newest version, as it would have anyway.
    land(settings, DAY, version, JDS_OF_VERSION[version])
    code, _ = zygote.do("run", settings, home)
    assert code == 0
    assert check_database(settings.analyst_db) == version
    check_files(settings, {version: ids[version]})
