"""Vector tables in LanceDB: a day is replaced in one commit, however many writers there are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pyarrow as pa

from jd_assets.schema import SchemaError, Table

if TYPE_CHECKING:
    from lancedb.table import Table as LanceTable

KEY = "key"
"""Column that names a row over all days; without it as declared key, parallel writers double rows."""


class VectorStore:
    """The LanceDB folder. Open one per process: connections don't survive a fork."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @cached_property
    def _database(self) -> Any:
        import lancedb  # takes a second to import

        self.root.mkdir(parents=True, exist_ok=True)
        return lancedb.connect(str(self.root))

    def replace(self, table: Table, days: Iterable[date], frame: pl.DataFrame) -> None:
        """Makes the frame's rows the table's only rows of the given days, in one commit.

        Raises:
            SchemaError: a row of another day.
        """
        days = sorted(set(days))
        strangers = set(frame["ds"].unique()) - set(days)
        if strangers:
            raise SchemaError(f"{table.name}: rows of {sorted(strangers)}, which are not being replaced")
        if not days:
            return
        (
            self._open(table)
            .merge_insert(KEY)
            .when_matched_update_all()
            .when_not_matched_insert_all()
            .when_not_matched_by_source_delete(_of_days(days))
            .execute(self._arrow(table, frame))
        )

    def read(self, table: Table, days: Iterable[date]) -> pl.DataFrame:
        """The table's rows of these days, sorted by key, as one version of the table has them."""
        days = sorted(set(days))
        if not days or not self._exists(table):
            return pl.DataFrame(schema=table.polars_schema)
        rows = self._open(table).search().where(_of_days(days)).limit(None).to_arrow()
        return self._frame(table, rows)

    def read_up_to(self, table: Table, day: date | None = None) -> pl.DataFrame:
        """The rows of all days up to and with `day`, or of all days, sorted by key."""
        if not self._exists(table):
            return pl.DataFrame(schema=table.polars_schema)
        query = self._open(table).search()
        if day is not None:
            query = query.where(f"ds <= {_literal(day)}")
        return self._frame(table, query.limit(None).to_arrow())

    def optimize(self, keep: timedelta = timedelta(days=1)) -> dict[str, int]:
        """Compacts every table and drops versions older than `keep`; gives the versions left of each."""
        left = {}
        for name in self._database.list_tables().tables:
            table = self._database.open_table(name)
            table.optimize(cleanup_older_than=keep)
            left[name] = len(table.list_versions())
        return left

    def _exists(self, table: Table) -> bool:
        return (self.root / f"{table.name}.lance").exists()

    def _open(self, table: Table) -> LanceTable:
        if self._exists(table):
            return self._database.open_table(table.name)  # type: ignore[no-any-return]
        try:
            made = self._database.create_table(table.name, schema=table.arrow_schema)
            made.set_unenforced_primary_key(KEY)
            made.create_scalar_index("ds", index_type="BITMAP")
        except (ValueError, OSError, RuntimeError):
            # Another writer made it in the meantime.
            if not self._exists(table):
                raise
            made = self._database.open_table(table.name)
        return made  # type: ignore[no-any-return]

    def _arrow(self, table: Table, frame: pl.DataFrame) -> pa.Table:
        return frame.select(table.names).to_arrow().cast(table.arrow_schema)

    def _frame(self, table: Table, rows: pa.Table) -> pl.DataFrame:
        frame = pl.from_arrow(rows)
        assert isinstance(frame, pl.DataFrame)
        return frame.select(table.names).cast(table.polars_schema).sort(table.key)


def _literal(day: date) -> str:
    return f"date '{day.isoformat()}'"


def _of_days(days: list[date]) -> str:
    return f"ds IN ({', '.join(map(_literal, days))})"
