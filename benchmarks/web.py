"""How fast the web app answers: `python -m benchmarks.web --help`.

The history, the overview and a search over a made database of many runs, and one POST of a JD, warm. Each
request goes through the whole app in this process; no network is between.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import duckdb
from rich.console import Console
from rich.table import Table as Grid
from starlette.testclient import TestClient

from jd_assets.settings import Settings, settings
from jd_assets.storage.analyst import publish
from jd_assets.storage.files import Warehouse
from jd_assets.storage.landing import landing_days, read_day
from jd_assets.tables import PIPELINE_RUNS
from jd_assets.web.app import create_app
from jd_assets.web.queries.runs import SORTS

BASE = "http://127.0.0.1"


def made_runs(target: Path, runs: int) -> None:
    """An analyst database whose PIPELINE_RUNS has `runs` rows over 365 days, the other tables none."""
    publish(Warehouse(target.parent / "warehouse"), target)
    add_runs(target, runs)


def add_runs(target: Path, runs: int) -> None:
    """Adds `runs` made rows over the 365 days of 2025 to PIPELINE_RUNS of an analyst database."""
    made = {
        "ds": "DATE '2025-01-01' + (i % 365)::INT",
        "jd_id": "sha256(i::VARCHAR)",
        "run_id": "uuid()::VARCHAR",
        "status": "if(i % 20 = 0, 'rejected', 'completed')",
        '"case"': "['ALIAS', 'SKILL', 'KRA', 'DOMAIN', 'NEW_ROLE'][1 + i % 5]",
        "title": "'Engineer ' || (i * 7919 % 10007)",
        "company_name": "'Company ' || (i * 104729 % 20011)",
        "role_slug": "'role-' || (i % 470)",
        "role_name": "'Role ' || (i % 470)",
        "confidence": "(i % 101) / 100",
        "engine": "'embedded'",
        "llm_cost_total_usd": "if(i % 3 = 0, 0, (i * 31 % 9973) / 1e6)",
        "search_text": "lower(concat_ws(chr(10), title, company_name, role_name))",
        "created_at": "now()",
        "updated_at": "now()",
    }
    names = {name.strip('"') for name in made}
    zero = [c.name for c in PIPELINE_RUNS.columns if not c.nullable and c.name not in names]
    made |= dict.fromkeys(zero, "0")
    with duckdb.connect(str(target)) as database:
        database.execute(
            f"INSERT INTO pipeline_runs ({', '.join(made)}) "
            f"SELECT {', '.join(f'{value} AS {name}' for name, value in made.items())} "
            f"FROM range({runs}) r(i) ORDER BY 1, 2"
        )
        database.execute(
            "INSERT INTO jd_meta.partitions BY NAME SELECT 'pipeline_runs' AS table_name, "
            "ds::VARCHAR AS partition, '' AS stamp, '' AS content, count(*) AS rows, now() AS published_at "
            "FROM pipeline_runs WHERE ds < DATE '2026-01-01' GROUP BY ds"
        )


def milliseconds(ask: Callable[[], object], times: int) -> list[float]:
    """Wall time of each of `times` calls, sorted."""
    found = []
    for _ in range(times):
        started = time.perf_counter()
        ask()
        found.append(1000 * (time.perf_counter() - started))
    return sorted(found)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--jd", type=Path, help="text of the JD that is sent; a sample by default")
    given = parser.parse_args()
    shown = Grid("request", "first, ms", "median, ms", "slowest, ms")

    with tempfile.TemporaryDirectory() as folder:
        use = settings().model_copy(update={"data_dir": Path(folder)})
        made_runs(use.analyst_db, given.runs)
        with TestClient(create_app(use), base_url=BASE, headers={"accept": "text/html"}) as client:
            for path in (
                "/", "/?after=2025-06-01~8", "/?role=role-7", "/?case=KRA&status=completed",
                "/?q=engineer+7919", "/?q=engineer&sort=company_name", "/?cost_min=0.009&sort=-confidence",
                *(f"/?sort={sign}{column}" for column in SORTS for sign in ("", "-")), "/overview",
            ):  # fmt: skip
                _measure(shown, f"GET {path}", partial(_ok, client, path), given.times)
    text = given.jd.read_text(encoding="utf-8") if given.jd else _sample(settings())
    with tempfile.TemporaryDirectory() as folder:
        use = settings().model_copy(update={"data_dir": Path(folder)})
        app = create_app(use)
        app.state.context.live.warm()
        with TestClient(app, base_url=BASE) as client:

            def post() -> None:
                answer = client.post("/skills/extract-from-jd", json={"jd_text": text})
                answer.raise_for_status()

            _measure(shown, f"POST of {len(text):,} characters", post, given.times)
    Console().print(shown)


def _ok(client: TestClient, path: str) -> None:
    client.get(path).raise_for_status()


def _measure(shown: Grid, name: str, ask: Callable[[], object], times: int) -> None:
    (first,) = milliseconds(ask, 1)
    warm = milliseconds(ask, times)
    shown.add_row(name, *(f"{ms:.0f}" for ms in (first, statistics.median(warm), warm[-1])))


def _sample(use: Settings) -> str:
    record = next(r for r in read_day(use, landing_days(use.landing_dir)[0]) if hasattr(r, "text"))
    return str(record.text)


if __name__ == "__main__":
    main()
