"""Four processes materialize twenty days while a reader queries the analyst database in a loop."""

from __future__ import annotations

import multiprocessing
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from jd_assets.library.compile import ensure_release
from jd_assets.library.release import load_release
from jd_assets.models.embedder import MODEL_ID, MiniLmEmbedder
from jd_assets.pipeline import run_stages
from jd_assets.schema import Table
from jd_assets.settings import Settings
from jd_assets.stages.centroids.centroids import contributions, role_centroids
from jd_assets.stages.enrich.outputs import pipeline_runs
from jd_assets.stages.ingest.table import ingest
from jd_assets.storage.analyst import open_read_only, publish
from jd_assets.storage.files import Card, content_hash, stored_form
from jd_assets.storage.landing import read_day
from jd_assets.storage.stores import Stores
from jd_assets.tables import BY_NAME, DAILY, LLM_CALLS
from jd_assets_tests.conftest import MINI
from jd_assets_tests.days import land

DAYS = [date(2026, 1, 1) + timedelta(days=i) for i in range(20)]
WRITERS = 4
FIRST, SECOND = 2, 4
BY_JD = [
    t.name for t in DAILY if "jd_id" in t.names and t.name not in ("llm_calls", "captures", "role_plans")
]


def make_day(stores: Stores, ds: date, release_name: str, embedder: MiniLmEmbedder) -> None:
    """All tables of a day, in the order and with the cards that the assets write them with."""
    release = load_release(stores.settings.releases_dir, release_name)
    batch = run_stages(ingest(read_day(stores.settings, ds), ds), ds, release, embedder)
    frames: dict[str, Any] = dict(vars(batch))
    frames["centroid_contributions"] = contributions(batch.role_assignments, batch.kra_embeddings, ds)
    frames["role_centroids"] = role_centroids(release, frames["centroid_contributions"], [ds])
    frames["llm_calls"] = LLM_CALLS.frame([])
    moment = time.time()
    frames["pipeline_runs"] = pipeline_runs(
        batch.parsed_jds,
        batch.role_assignments,
        frames["llm_calls"],
        seconds_by_api={1: 0.1},
        dagster_run_id=None,
        created_at=_utc(moment),
        updated_at=_utc(moment),
    )
    contents: dict[str, str] = {}
    for table in _in_order():
        frame = table.conform(frames[table.name])
        contents[table.name] = content_hash(table, frame)
        if table.vector_columns:
            stores.vectors.replace(table, [ds], frame)
        card = Card(contents[table.name], {name: contents[name] for name in table.inputs})
        path = stores.warehouse.path(table, ds)
        stores.warehouse.write(path, frame.select(stored_form(table).names), card)


def _in_order() -> list[Table]:
    """The daily tables, each after those that it is made of."""
    order: list[Table] = []
    while len(order) < len(DAILY):
        made = {t.name for t in order}
        order += [t for t in DAILY if t.name not in made and set(t.inputs) <= made]
    return order


def _utc(moment: float) -> Any:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(moment, UTC)


def _writer(data_dir: Path, release_name: str, days: list[date], failures: Any) -> None:
    stores = Stores(Settings(data_dir=data_dir, _env_file=None))  # type: ignore[call-arg]
    embedder = MiniLmEmbedder(workers=1)
    try:
        for ds in days:
            land(stores.settings, ds, f"second-{ds}", SECOND)
            make_day(stores, ds, release_name, embedder)
            publish(stores.warehouse, stores.settings.analyst_db)
    except BaseException as error:
        failures.put(f"{type(error).__name__}: {error}")
        raise


def look(target: Path) -> dict[date, int]:
    """One query over all tables of one snapshot: JDs of each day; every table has the same ones."""
    union = " UNION ALL ".join(f"SELECT '{name}' AS t, ds, jd_id FROM {name}" for name in BY_JD)
    with open_read_only(target) as connection:
        rows = connection.execute(
            f"SELECT ds, t, count(DISTINCT jd_id) FROM ({union}) GROUP BY ds, t ORDER BY ds"
        ).fetchall()
    days: dict[date, set[int]] = {}
    tables: dict[date, set[str]] = {}
    for ds, table, jds in rows:
        days.setdefault(ds, set()).add(jds)
        tables.setdefault(ds, set()).add(table)
    assert all(len(counts) == 1 for counts in days.values()), "a torn day"
    assert all(found == set(BY_JD) for found in tables.values()), "a day that lacks a table"
    return {ds: counts.pop() for ds, counts in days.items()}


@pytest.fixture
def prepared(settings: Settings, embedder: MiniLmEmbedder) -> tuple[Stores, str]:
    """Twenty days of two JDs each, published; the writers will bring four."""
    stores = Stores(settings)
    release = ensure_release(MINI, settings.releases_dir, embedder)
    assert release.model == MODEL_ID
    for ds in DAYS:
        land(settings, ds, f"first-{ds}", FIRST)
        make_day(stores, ds, release.release, embedder)
    publish(stores.warehouse, settings.analyst_db)
    return stores, release.release


@pytest.mark.long
def test_a_reader_never_meets_an_error_or_a_torn_day(prepared: tuple[Stores, str]) -> None:
    stores, release_name = prepared
    target = stores.settings.analyst_db
    assert look(target) == dict.fromkeys(DAYS, FIRST)
    assert set(BY_JD) <= set(BY_NAME)

    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(
        [__name__, "lancedb"]
    )  # imported once for all of them, and idle when it forks
    failures = processes.Queue()
    writers = [
        processes.Process(
            target=_writer, args=(stores.settings.data_dir, release_name, DAYS[i::WRITERS], failures)
        )
        for i in range(WRITERS)
    ]
    for writer in writers:
        writer.start()
    reads, seen = 0, set()
    before = look(target)
    while any(writer.is_alive() for writer in writers):
        now = look(target)
        assert set(now) == set(DAYS)
        assert set(now.values()) <= {FIRST, SECOND}
        assert all(now[ds] >= before[ds] for ds in DAYS), "a day went back to its old rows"
        before = now
        seen.add(sum(now.values()))
        reads += 1
        time.sleep(0.03)  # the writers need the cores too
    for writer in writers:
        writer.join(timeout=60)
    assert failures.empty()
    assert [writer.exitcode for writer in writers] == [0] * WRITERS
    assert look(target) == dict.fromkeys(DAYS, SECOND)
    assert reads > 20
    assert len(seen) > 5, "the reader saw the days change while it read"
