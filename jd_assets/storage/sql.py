"""What the tables of the state database have in common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

METADATA = sa.MetaData()
"""Every table of the state database; each is declared by the module that writes it."""

_AT_ONCE = 500  # values in one IN (...)


def where_in(
    connection: sa.Connection, table: sa.Table, key: str, values: Sequence[str], *columns: str
) -> Iterable[Any]:
    """These columns of the rows whose key is among the values."""
    for start in range(0, len(values), _AT_ONCE):
        part = values[start : start + _AT_ONCE]
        query = sa.select(*(table.c[name] for name in columns)).where(table.c[key].in_(part))
        yield from connection.execute(query)
