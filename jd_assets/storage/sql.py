"""What the tables of the state database have in common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

METADATA = sa.MetaData()
"""Every table of the state database; each is declared by the module that writes it."""

_AT_ONCE = 500  # values in one IN (...)


def where_in(
    connection: sa.Connection, table: sa.Table, key: str, values: Sequence[str], *columns: str
) -> Iterable[Any]:
    """These columns of the rows whose key is among the values."""
    query = _query(table, key, columns)
    for start in range(0, len(values), _AT_ONCE):
        yield from connection.execute(query, {"among": values[start : start + _AT_ONCE]})


@cache
def _query(table: sa.Table, key: str, columns: tuple[str, ...]) -> sa.Select[Any]:
    """Made once: SQLAlchemy takes longer to put a query together than SQLite to answer it."""
    among = table.c[key].in_(sa.bindparam("among", expanding=True))
    return sa.select(*(table.c[name] for name in columns)).where(among)


def in_utc(moment: datetime) -> datetime:
    """A moment that the database gave: SQLite's has no zone, but was stored in UTC; Postgres' is in the
    session's."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
