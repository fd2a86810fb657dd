"""Whether days give the same tables in whatever order they run: `python -m benchmarks.backfill_orders FILE`.

The JDs of a JSONL file land on 30 days, one in ten of them again on a later day, every other time with a line
more. The days are run through the nightly job in three data folders: forwards and backwards one after the
other, as `jd-assets run` does, and as a backfill in random order by Dagster's daemon, several runs at once,
each in a process of its own. Then every table is compared row by row, all columns but the stamps that
tables.py declares (run ids, clock times), floats to the last bit, and the analyst database with the
partition files. Ends with 1 if anything differs.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import polars as pl
from dagster import DagsterInstance, DagsterRunStatus, RunsFilter
from rich.console import Console
from rich.table import Table as Grid

from jd_assets.definitions import NIGHTLY_JOB
from jd_assets.runner import Runner
from jd_assets.schema import Store, Table
from jd_assets.settings import Settings
from jd_assets.storage.analyst import open_read_only
from jd_assets.storage.landing import landing_days
from jd_assets.storage.stores import Stores
from jd_assets.tables import ALL

FIRST_DAY = date(2026, 9, 1)
DAYS = 30
REPEATED = 10
"""One JD in so many lands again."""

_WORKSPACE = Path(__file__).resolve().parent.parent / "workspace.yaml"
_BIN = Path(sys.executable).parent
_SEED = 20260901
_ENDED = (DagsterRunStatus.SUCCESS, DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED)


@dataclass(frozen=True)
class Filled:
    """A data folder after a backfill: its tables by name, and the seconds that it took."""

    use: Settings
    tables: dict[str, pl.DataFrame]
    seconds: float
    runs_at_once: int


def land(corpus: Path, landing: Path, days: int) -> int:
    """Spreads the corpus over landing folders; the records that landed."""
    dice = random.Random(_SEED)
    lines: dict[date, list[str]] = {FIRST_DAY + timedelta(days=n): [] for n in range(days)}
    for number, line in enumerate(corpus.read_text(encoding="utf-8").splitlines()):
        record = json.loads(line)
        first = dice.randrange(days)
        lines[FIRST_DAY + timedelta(days=first)].append(line)
        if number % REPEATED == 0 and first + 1 < days:
            again = FIRST_DAY + timedelta(days=dice.randrange(first + 1, days))
            if number % (2 * REPEATED) == 0:
                record["text"] += f"\nReference {number}"
            lines[again].append(json.dumps(record | {"id": f"{number} again"}, ensure_ascii=False))
    for day, landed in lines.items():
        folder = landing / day.isoformat()
        folder.mkdir(parents=True)
        (folder / "jds.jsonl").write_text("".join(f"{line}\n" for line in landed), encoding="utf-8")
    return sum(map(len, lines.values()))


@contextmanager
def runner_of(use: Settings) -> Iterator[Runner]:
    """A runner whose instance is the folder's own, with the library release made."""
    os.environ["DAGSTER_HOME"] = str(use.dagster_home)
    runner = Runner(use)
    try:
        runner.ensure_release()
        yield runner
    finally:
        runner.instance.dispose()


def one_by_one(use: Settings, days: Sequence[date]) -> Filled:
    """Runs the days in this order in this process.

    Raises:
        SystemExit: a day failed.
    """
    with runner_of(use) as runner:
        started = time.perf_counter()
        for day in days:
            result = runner.run_day(day)
            if not result.ok:
                raise SystemExit(f"{day} failed: {'; '.join(result.errors)}")
        return Filled(use, tables_of(use), time.perf_counter() - started, 1)


def at_once(use: Settings, days: Sequence[date]) -> Filled:
    """Has Dagster's daemon run a backfill of the days.

    Raises:
        SystemExit: a run failed.
    """
    with runner_of(use) as runner:
        environment = os.environ | {"JD_DATA_DIR": str(use.data_dir)}
        started = time.perf_counter()
        with (use.data_dir / "daemon.log").open("wb") as log:
            daemon = subprocess.Popen(
                [_BIN / "dagster-daemon", "run", "-w", _WORKSPACE], env=environment, stdout=log, stderr=log
            )
            try:
                subprocess.run(
                    [_BIN / "dagster", "job", "backfill", "-w", _WORKSPACE, "-j", NIGHTLY_JOB, "--noprompt",
                     "--partitions", ",".join(day.isoformat() for day in days)],
                    env=environment, stdout=log, stderr=log, check=True,
                )  # fmt: skip
                wait_for(runner.instance, days)
            finally:
                daemon.terminate()
                daemon.wait()
        return Filled(use, tables_of(use), time.perf_counter() - started, most_at_once(runner.instance))


def wait_for(instance: DagsterInstance, days: Sequence[date]) -> None:
    """Returns when each of the days has a run that succeeded.

    Raises:
        SystemExit: a run failed.
    """
    while True:
        runs = instance.get_runs(RunsFilter(job_name=NIGHTLY_JOB))
        if bad := [run for run in runs if run.status in _ENDED and not run.is_success]:
            raise SystemExit(
                f"the runs of {sorted(str(run.tags['dagster/partition']) for run in bad)} failed"
            )
        if len({run.tags["dagster/partition"] for run in runs if run.is_success}) == len(days):
            return
        time.sleep(1)


def most_at_once(instance: DagsterInstance) -> int:
    """The most runs of the nightly job that were under way at one time."""
    records = instance.get_run_records(RunsFilter(job_name=NIGHTLY_JOB))
    moments = [(r.start_time, 1) for r in records] + [(r.end_time, -1) for r in records]
    now = most = 0
    for _, change in sorted(m for m in moments if m[0] is not None):
        now += change
        most = max(most, now)
    return most


def tables_of(use: Settings) -> dict[str, pl.DataFrame]:
    """Every table over all days, ordered by its key, without its stamps."""
    stores = Stores(use)
    return {table.name: _whole(table, stores).sort(table.key).drop(table.stamps) for table in ALL}


def _whole(table: Table, stores: Stores) -> pl.DataFrame:
    if table.store is Store.VECTORS:
        return stores.vectors.read_up_to(table)
    warehouse = stores.warehouse
    paths = [warehouse.path(table, d) for d in warehouse.days(table)] if table.partitioned else []
    return pl.concat([warehouse.read(path)[0] for path in paths or [warehouse.path(table)]])


def published(use: Settings) -> dict[str, pl.DataFrame]:
    """The same as the analyst database holds it, which has no vectors."""
    with open_read_only(use.analyst_db) as connection:
        return {
            t.name: connection.sql(f"SELECT * FROM {t.name}").pl().sort(t.key).drop(t.stamps) for t in ALL
        }


def different(table: Table, one: pl.DataFrame, other: pl.DataFrame) -> tuple[int, list[str]]:
    """Rows that only one of the frames has, or that differ, and the columns in which they do."""
    if one.equals(other):
        return 0, []
    mine, theirs = ({tuple(row[k] for k in table.key): row for row in f.to_dicts()} for f in (one, other))
    apart = [key for key in mine.keys() | theirs.keys() if mine.get(key) != theirs.get(key)]
    both = [key for key in apart if key in mine and key in theirs]
    return len(apart), sorted({c for key in both for c in one.columns if mine[key][c] != theirs[key][c]})


def compared(forwards: Filled, others: dict[str, Filled]) -> tuple[Grid, int]:
    """A line for each table, and the number of rows that differ anywhere."""
    grid = Grid("table", "rows", *others, "published")
    for column in grid.columns[1:]:
        column.justify = "right"
    in_database = {name: published(filled.use) for name, filled in {"forwards": forwards, **others}.items()}
    total = 0
    for table in ALL:
        own = forwards.tables[table.name]
        cells = [table.name, f"{own.height:,}"]
        for filled in others.values():
            rows, columns = different(table, own, filled.tables[table.name])
            total += rows
            cells.append(f"{rows:,} differ: {', '.join(columns)}" if rows else "equal")
        flat = own.drop(table.vector_columns)
        apart = sum(different(table, flat, found[table.name])[0] for found in in_database.values())
        total += apart
        grid.add_row(*cells, f"{apart:,} differ" if apart else "equal")
    return grid, total


def fresh(folder: Path, name: str, landed: Path) -> Settings:
    """A data folder with these landing days, and the releases that another one has compiled."""
    use = Settings(data_dir=folder / name)
    shutil.copytree(landed, use.landing_dir)
    if (folder / "forwards" / "releases").exists():
        shutil.copytree(folder / "forwards" / "releases", use.releases_dir)
    return use


def main(arguments: Iterable[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path, help="JSONL with a text field")
    parser.add_argument("--days", type=int, default=DAYS, help=f"landing days ({DAYS})")
    options = parser.parse_args(None if arguments is None else list(arguments))

    console = Console(width=140)
    folder = Path(tempfile.mkdtemp(prefix="jd-orders-"))
    try:
        landed = land(options.corpus, folder / "landing", options.days)
        days = landing_days(folder / "landing")
        shuffled = random.Random(_SEED).sample(days, len(days))
        forwards = one_by_one(fresh(folder, "forwards", folder / "landing"), days)
        backwards = one_by_one(fresh(folder, "backwards", folder / "landing"), days[::-1])
        parallel = at_once(fresh(folder, "parallel", folder / "landing"), shuffled)
        grid, total = compared(forwards, {"backwards": backwards, "parallel": parallel})
        console.print(grid)
        console.print(
            f"{landed:,} records on {len(days)} days; forwards {forwards.seconds:.0f} s, backwards "
            f"{backwards.seconds:.0f} s, parallel {parallel.seconds:.0f} s with {parallel.runs_at_once} runs "
            f"at once at the peak"
        )
        if total:
            raise SystemExit(f"{total:,} rows differ")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
