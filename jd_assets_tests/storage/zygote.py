"""A process that has the imports and models behind it and forks a child for each order on its standard input.

Orders, each with the data folder and where Dagster's instance is (`disk` or `memory`): `release` makes the
library's release; `run` materializes a day through the Dagster job and publishes. The child's process id is
answered when its work begins, and its exit code when it ended; whoever asked may kill it in between. Nothing
that doesn't survive a fork (connections to LanceDB, Polars' threads) is opened before it.
"""

from __future__ import annotations

import gc
import os
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import lancedb  # noqa: F401 - for its time: it is imported where it is used
from dagster import DagsterInstance

from jd_assets import runner as runner_module
from jd_assets.models.embedder import shipped_embedder
from jd_assets.runner import Runner
from jd_assets.settings import Settings
from jd_assets.stages.parse.parsed import parse_text
from jd_assets_tests.conftest import MINI
from jd_assets_tests.days import jd_text


def runner_of(data: Path, home: str) -> Runner:
    use = Settings(data_dir=data, library=MINI, _env_file=None)  # type: ignore[call-arg]
    if home == "memory":
        runner_module.open_instance = lambda _: DagsterInstance.ephemeral()
    else:
        os.environ["DAGSTER_HOME"] = str(use.dagster_home)
    return Runner(use)


def work(order: str, data: str, home: str, day: str) -> int:
    runner = runner_of(Path(data), home)
    print(os.getpid(), flush=True)
    if order == "release":
        runner.ensure_release()
        return 0
    return 0 if runner.run_day(date.fromisoformat(day)).ok else 3


def forked(job: Callable[[], int]) -> int:
    """The exit code of a child that does the job."""
    child = os.fork()
    if child == 0:
        os._exit(job())
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, runner_of(Path(folder), "memory").instance:
        pass  # it imports and keeps much that a child would again
    shipped_embedder()
    parse_text(jd_text("a", 0))
    gc.freeze()  # else the first collection of a child copies all of it
    for line in sys.stdin:
        words = line.split()
        print(forked(lambda words=words: work(*words)), flush=True)  # type: ignore[misc]


if __name__ == "__main__":
    main()
