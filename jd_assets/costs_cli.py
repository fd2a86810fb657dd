"""`jd-assets costs`: what models were paid, by day, stage or model; `jd-assets deferred`: what waits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import typer

from jd_assets.llm.prices import dollars
from jd_assets.settings import settings
from jd_assets.terminal import line, table

_COLUMNS = ("attempts", "answered", "from cache", "tokens in", "cached", "tokens out")
_MONEY = ("USD", "avoided USD")


class By(StrEnum):
    DAY = "day"
    STAGE = "stage"
    MODEL = "model"


def costs(by: Annotated[By, typer.Option(help="A row for each of these.")] = By.DAY) -> None:
    """Show what model calls cost, from the ledger of all days."""
    from jd_assets.storage.stores import Stores

    ledger = Stores(settings()).state.ledger
    rows, waiting = ledger.costs(by.value), ledger.deferred()
    if waiting:
        line(f"{len(waiting)} questions wait for a later run: jd-assets deferred")
    if not rows:
        line("no model was called")
        return
    numbers = [
        (r.attempts, r.answered, r.cache_hits, r.input_tokens, r.cached_input_tokens, r.output_tokens)
        for r in rows
    ]
    money = [(r.cost_nano_usd, r.avoided_nano_usd) for r in rows]
    totals, all_money = ([sum(column) for column in zip(*part, strict=True)] for part in (numbers, money))
    shown: list[Sequence[str | int]] = [
        (r.group, *row, *map(dollars, usd)) for r, row, usd in zip(rows, numbers, money, strict=True)
    ]
    table((by.value, *_COLUMNS, *_MONEY), [*shown, ("all", *totals, *map(dollars, all_money))])


def deferred() -> None:
    """List the questions that wait for a later run, by day, stage and reason."""
    from jd_assets.storage.stores import Stores

    ledger = Stores(settings()).state.ledger
    waiting = ledger.deferred()
    if not waiting:
        line("no question waits for a later run")
        return
    counts = Counter((str(d.ds), d.stage, d.reason) for d in waiting)
    table(("day", "stage", "reason", "questions"), [(*kind, n) for kind, n in sorted(counts.items())])
    if all(reason == "batch" for _, _, reason in counts) and ledger.batches.pending():
        line("they are in batches that are under way: jd-assets batch collect")
        return
    line(f"ask them: jd-assets run --from {waiting[0].ds} --to {waiting[-1].ds}, or wait for the nightly run")
