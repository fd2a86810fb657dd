"""A process that has the imports behind it and forks a child for each order on its standard input.

Orders: `run DAY` materializes a day through the Dagster job and publishes. The child's process id is
answered; the parent of the test kills it when it likes. Nothing that doesn't survive a fork (LanceDB,
model sessions, Polars' threads) is opened before it.
"""

from __future__ import annotations

import os
import sys
from datetime import date

from jd_assets import definitions  # noqa: F401 - imported for its time
from jd_assets.runner import Runner
from jd_assets.settings import settings


def main() -> None:
    for line in sys.stdin:
        order, day = line.split()
        assert order == "run"
        child = os.fork()
        if child == 0:
            runner = Runner(settings())
            runner.ensure_release()
            result = runner.run_day(date.fromisoformat(day))
            os._exit(0 if result.ok else 3)
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
