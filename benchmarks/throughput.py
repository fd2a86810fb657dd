"""How fast a big day runs: `python -m benchmarks.throughput --help`.

The day is made of real-looking texts with some words of each changed, so that no sentence cache helps
more than it would in life. It runs through the same Dagster job as any other day, in a process of its
own; the figures are that process's.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.table import Table as Grid

from jd_assets.settings import Settings, settings
from jd_assets.storage.files import Warehouse
from jd_assets.storage.landing import landing_days, read_day
from jd_assets.tables import DAILY, EXTRACTED_SKILLS, PARSED_JDS

DAY = date(2026, 1, 5)
CHANGED_SHARE = 0.05
"""Share of the words of a text that are changed: enough to make nearly every sentence a new one."""


def texts(corpus: Path | None) -> list[str]:
    """Texts of a JSONL file with a `text` field, or of the sample landing days."""
    if corpus:
        with corpus.open(encoding="utf-8") as lines:
            return [json.loads(line)["text"] for line in lines if line.strip()]
    use = settings()
    records = (r for day in landing_days(use.landing_dir) for r in read_day(use, day))
    return [r.text for r in records if hasattr(r, "text")]


def about(sources: list[str], kb: float) -> list[str]:
    """The sources of about that size: within a quarter of it.

    Raises:
        SystemExit: no source has it.
    """
    near = [text for text in sources if abs(len(text.encode()) / 1000 - kb) <= kb / 4]
    if not near:
        raise SystemExit(f"no text of the corpus has about {kb} kB")
    return near


def varied(sources: list[str], count: int, seed: int = 20260105) -> Iterator[str]:
    """`count` texts: the sources in turn, with words swapped for others of the same source."""
    dice = random.Random(seed)
    for number in range(count):
        parts = re.split(r"(\s+)", sources[number % len(sources)])
        places = [i for i, part in enumerate(parts) if part.isalpha() and part.islower()]
        for place in dice.sample(places, int(len(places) * CHANGED_SHARE)):
            parts[place] = parts[dice.choice(places)]
        yield "".join(parts) + f"\nReference {number}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--jds", type=int, default=5000, help="JDs of the day (5000)")
    parser.add_argument("--corpus", type=Path, help="JSONL with a text field; the sample days if left out")
    parser.add_argument("--kb", type=float, help="take only texts of about this size; all if left out")
    options = parser.parse_args()

    folder = Path(tempfile.mkdtemp(prefix="jd-bench-"))
    try:
        use = Settings(data_dir=folder)
        landing = use.landing_dir / DAY.isoformat()
        landing.mkdir(parents=True)
        sources = texts(options.corpus)
        sources = about(sources, options.kb) if options.kb else sources
        with (landing / "jds.jsonl").open("w", encoding="utf-8") as out:
            for number, text in enumerate(varied(sources, options.jds)):
                out.write(json.dumps({"id": str(number), "text": text}) + "\n")
        size = (landing / "jds.jsonl").stat().st_size / options.jds
        measure(use, options.jds, size)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure(use: Settings, jds: int, size: float) -> None:
    from jd_assets.runner import Runner

    console = Console()
    runner = Runner(use)
    runner.ensure_release()
    started = time.perf_counter()
    result = runner.run_day(DAY)
    seconds = time.perf_counter() - started
    if not result.ok:
        raise SystemExit("\n".join(result.errors))
    warehouse = Warehouse(use.warehouse_dir)
    grid = Grid("stage", "rows", "seconds", "JDs/s")
    for column in grid.columns[1:]:
        column.justify = "right"
    total = reading = 0.0
    for table in DAILY:
        with warehouse.open(warehouse.path(table, DAY)) as part:
            took, rows = part.card.seconds, part.rows().height
        total += took
        reading += took if table in (PARSED_JDS, EXTRACTED_SKILLS) else 0
        grid.add_row(table.name, f"{rows:,}", f"{took:.2f}", f"{jds / took:,.0f}" if took > 0.005 else "")
    grid.add_row("parsed_jds + extracted_skills", "", f"{reading:.2f}", f"{jds / reading:,.0f}")
    grid.add_row("writing, checks, publishing, Dagster", "", f"{seconds - total:.2f}", "")
    grid.add_row("whole day", "", f"{seconds:.2f}", f"{jds / seconds:,.1f}")
    console.print(grid)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    console.print(f"{jds:,} JDs of {size / 1e3:.1f} kB; peak memory {peak:.2f} GB; database "
                  f"{use.analyst_db.stat().st_size / 1e6:.0f} MB")  # fmt: skip


if __name__ == "__main__":
    main()
