"""Rows for tests that care about a few columns: the others, where they may not be null, are empty."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import polars as pl

from jd_assets.schema import Table

_EMPTY: dict[Any, Any] = {
    pl.String: "", pl.Boolean: False, pl.Int32: 0, pl.Int64: 0, pl.Float64: 0.0, pl.List: [],
}  # fmt: skip


def frame_of(table: Table, rows: Iterable[dict[str, Any]]) -> pl.DataFrame:
    """The rows as the table's frame."""
    return table.frame(
        {c.name: _EMPTY[c.dtype.base_type()] for c in table.columns if not c.nullable and c.name not in row}
        | row
        for row in rows
    )
