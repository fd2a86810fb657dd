"""How fast JDs are read: `python -m benchmarks.reading_speed --help`.

Fields and skills of a batch in one process, with its wall and CPU seconds: on a shared machine the CPU
seconds say more. `benchmarks.throughput` measures the same two within a whole day, over all cores.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import polars as pl
from rich.console import Console
from rich.table import Table as Grid

from benchmarks.throughput import DAY, about, texts, varied
from jd_assets.library.compile import ensure_release
from jd_assets.models.embedder import shipped_embedder
from jd_assets.settings import settings
from jd_assets.stages.ingest.readers import read
from jd_assets.stages.ingest.table import ingest
from jd_assets.stages.parse.frame import parse
from jd_assets.stages.skills.extract import extract
from jd_assets.storage.landing import field_names, limits

ROUNDS = 3
MOST = 799  # JDs; more are read by several processes


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--jds", type=int, default=400, help=f"JDs of the batch, at most {MOST} (400)")
    parser.add_argument("--corpus", type=Path, help="JSONL with a text field; the sample days if left out")
    parser.add_argument("--kb", type=float, help="take only texts of about this size; all if left out")
    options = parser.parse_args()
    if options.jds > MOST:
        parser.error(f"--jds: at most {MOST}")

    use = settings()
    release = ensure_release(use.library_sources, use.releases_dir, shipped_embedder())
    sources = texts(options.corpus)
    sources = about(sources, options.kb) if options.kb else sources
    lines = "\n".join(
        json.dumps({"id": str(number), "text": text})
        for number, text in enumerate(varied(sources, options.jds))
    )
    raw = ingest(read(BytesIO(lines.encode()), "jds.jsonl", field_names(use), limits(use)), DAY)
    few = raw.head(40)  # what is derived from a release once is not counted
    extract(few, parse(few, DAY), release)

    grid = Grid("stage", "rows", "seconds", "CPU seconds", "JDs/s by 2 cores' CPU")
    for column in grid.columns[1:]:
        column.justify = "right"
    total = 0.0

    def timed(name: str, make: Callable[[], pl.DataFrame]) -> pl.DataFrame:
        nonlocal total
        best = best_cpu = float("inf")
        for _ in range(ROUNDS):
            wall, cpu = time.perf_counter(), time.process_time()
            made = make()
            best = min(best, time.perf_counter() - wall)
            best_cpu = min(best_cpu, time.process_time() - cpu)
        total += best_cpu
        grid.add_row(name, f"{made.height:,}", f"{best:.2f}", f"{best_cpu:.2f}",
                     f"{2 * options.jds / best_cpu:,.0f}")  # fmt: skip
        return made

    parsed = timed("parsed_jds", lambda: parse(raw, DAY))
    timed("extracted_skills", lambda: extract(raw, parsed, release))
    grid.add_row("both", "", "", f"{total:.2f}", f"{2 * options.jds / total:,.0f}")
    console = Console()
    console.print(grid)
    console.print(f"{options.jds:,} JDs of {len(lines) / options.jds / 1e3:.1f} kB, best of {ROUNDS} rounds")


if __name__ == "__main__":
    main()
