"""`jd-assets costs`: what models were paid, by day, stage or model."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from jd_assets.settings import settings
from jd_assets.terminal import line, table

_NANO = 1_000_000_000
_COLUMNS = ("attempts", "answered", "from cache", "tokens in", "cached", "tokens out")


class By(StrEnum):
    DAY = "day"
    STAGE = "stage"
    MODEL = "model"


def costs(by: Annotated[By, typer.Option(help="A row for each of these.")] = By.DAY) -> None:
    """Show what model calls cost, from the ledger of all days."""
    from jd_assets.storage.stores import Stores

    rows = Stores(settings()).state.costs(by.value)
    if not rows:
        line("no model was called")
        return
    numbers = [
        (r.attempts, r.answered, r.cache_hits, r.input_tokens, r.cached_input_tokens, r.output_tokens)
        for r in rows
    ]
    money = [r.cost_nano_usd for r in rows]
    totals = [sum(column) for column in zip(*numbers, strict=True)]
    table(
        (by.value, *_COLUMNS, "USD"),
        [
            *((r.group, *row, _usd(paid)) for r, row, paid in zip(rows, numbers, money, strict=True)),
            ("all", *totals, _usd(sum(money))),
        ],
    )


def _usd(nano: int) -> str:
    """Exact: no nano-dollar is rounded away."""
    return f"{nano // _NANO}.{nano % _NANO:09d}"
