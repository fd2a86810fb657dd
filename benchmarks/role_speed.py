"""How fast roles are found: `python -m benchmarks.role_speed --help`.

Embeddings, signals and decision of a batch, one after the other in one process, with its wall and CPU
seconds: on a shared machine the CPU seconds say more. Parsing and skills come before and are not counted.
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

from benchmarks.throughput import DAY, texts, varied
from jd_assets.library.compile import ensure_release
from jd_assets.library.load import SHIPPED
from jd_assets.models.embedder import shipped_embedder
from jd_assets.settings import settings
from jd_assets.stages.ingest.readers import read
from jd_assets.stages.ingest.table import ingest
from jd_assets.stages.kras.items import embed_items, kra_items
from jd_assets.stages.parse.frame import parse
from jd_assets.stages.roles.decide import assign_roles
from jd_assets.stages.roles.signals import role_signals
from jd_assets.stages.skills.extract import extract
from jd_assets.storage.landing import field_names, limits


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--jds", type=int, default=1000, help="JDs of the batch (1000)")
    parser.add_argument("--corpus", type=Path, help="JSONL with a text field; the sample days if left out")
    parser.add_argument(
        "--library", type=Path, default=SHIPPED, help="library folder; the shipped one if left out"
    )
    options = parser.parse_args()

    use = settings()
    embedder = shipped_embedder()
    release = ensure_release(options.library, use.releases_dir, embedder)
    lines = "\n".join(
        json.dumps({"id": str(number), "text": text})
        for number, text in enumerate(varied(texts(options.corpus), options.jds))
    )
    raw = ingest(read(BytesIO(lines.encode()), "jds.jsonl", field_names(use), limits(use)), DAY)
    parsed = parse(raw, DAY)
    skills, duties = extract(raw, parsed, release), kra_items(raw, parsed)
    few = parsed.head(8)  # what is derived from a release once is not counted
    assign_roles(
        few,
        role_signals(raw, few, skills, duties, embed_items(duties, embedder).head(0), release, embedder),
        release,
    )

    grid = Grid("stage", "rows", "seconds", "CPU seconds", "JDs/s", "JDs/s by 2 cores' CPU")
    for column in grid.columns[1:]:
        column.justify = "right"
    total, total_cpu = 0.0, 0.0

    def timed(name: str, make: Callable[[], pl.DataFrame]) -> pl.DataFrame:
        nonlocal total, total_cpu
        wall, cpu = time.perf_counter(), time.process_time()
        made = make()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        total, total_cpu = total + wall, total_cpu + cpu
        grid.add_row(name, f"{made.height:,}", f"{wall:.2f}", f"{cpu:.2f}",
                     f"{options.jds / wall:,.0f}", f"{2 * options.jds / cpu:,.0f}")  # fmt: skip
        return made

    embedded = timed("kra_embeddings", lambda: embed_items(duties, embedder))
    signals = timed(
        "role_signals", lambda: role_signals(raw, parsed, skills, duties, embedded, release, embedder)
    )
    timed("role_assignments", lambda: assign_roles(parsed, signals, release))
    grid.add_row("all", "", f"{total:.2f}", f"{total_cpu:.2f}", f"{options.jds / total:,.0f}",
                 f"{2 * options.jds / total_cpu:,.0f}")  # fmt: skip
    console = Console()
    console.print(grid)
    console.print(
        f"{options.jds:,} JDs of {len(lines) / options.jds / 1e3:.1f} kB, {len(release.roles)} roles"
    )


if __name__ == "__main__":
    main()
