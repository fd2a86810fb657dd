"""What the tables of the state database have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
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


def insert_rows(connection: sa.Connection, table: sa.Table, rows: Sequence[Sequence[Any]]) -> None:
    """Adds rows, each with a value for every column of the table in its order.

    To SQLite they go as they are, but for columns whose type has to be put into its terms: SQLAlchemy works
    through the parameters of each row several times, which takes it longer than SQLite needs to write them.

    Raises:
        sqlalchemy.exc.IntegrityError: as SQLAlchemy raises it.
    """
    if not rows:
        return
    if connection.dialect.name != "sqlite":
        names = [column.name for column in table.columns]
        connection.execute(sa.insert(table), [dict(zip(names, row, strict=True)) for row in rows])
        return
    text, processors = _sqlite_insert(table, connection.dialect)
    columns = list(zip(*rows, strict=True))
    for number, process in processors:
        columns[number] = tuple(map(process, columns[number]))
    connection.exec_driver_sql(text, list(zip(*columns, strict=True)))


@cache
def _sqlite_insert(
    table: sa.Table, dialect: sa.Dialect
) -> tuple[str, list[tuple[int, Callable[[Any], Any]]]]:
    """The statement, and what becomes of the values of some columns."""
    quote = dialect.identifier_preparer.quote
    names = ", ".join(quote(column.name) for column in table.columns)
    marks = ", ".join("?" * len(table.columns))
    processors: list[tuple[int, Callable[[Any], Any]]] = [
        (number, process)
        for number, column in enumerate(table.columns)
        if (process := column.type.dialect_impl(dialect).bind_processor(dialect)) is not None
    ]
    return f"INSERT INTO {quote(table.name)} ({names}) VALUES ({marks})", processors


def in_utc(moment: datetime) -> datetime:
    """A moment that the database gave: SQLite's has no zone, but was stored in UTC; Postgres' is in the
    session's."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
