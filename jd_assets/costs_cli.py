"""`jd-assets costs`: what models were paid, by day, stage or model."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import typer

from jd_assets.settings import settings
from jd_assets.terminal import line, table

_NANO = 1_000_000_000
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
        days = sorted({str(d.ds) for d in waiting})
        reasons = ", ".join(sorted({d.reason for d in waiting}))
        line(f"{len(waiting)} questions wait for a later run ({reasons}): {', '.join(days)}")
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
        (r.group, *row, *map(_usd, usd)) for r, row, usd in zip(rows, numbers, money, strict=True)
    ]
    table((by.value, *_COLUMNS, *_MONEY), [*shown, ("all", *totals, *map(_usd, all_money))])


def _usd(nano: int) -> str:
    """Exact: no nano-dollar is rounded away."""
    return f"{nano // _NANO}.{nano % _NANO:09d}"
