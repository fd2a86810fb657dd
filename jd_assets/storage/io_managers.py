"""Dagster's way to the stores: what an asset returns is written, and what it takes is read, here only."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import polars as pl
from dagster import InputContext, IOManager, OutputContext, UPathIOManager
from upath import UPath

from jd_assets.library.release import Release, load_release
from jd_assets.schema import Store, Table
from jd_assets.storage.files import PART, Card, content_hash, stored_form
from jd_assets.storage.stores import Stores
from jd_assets.tables import BY_NAME, LIBRARY_RELEASE

if TYPE_CHECKING:
    from upath import UPath as Location

SECONDS = "jd/seconds"
"""Metadata key under which an asset says how long its rows took to make."""


class TableFiles(UPathIOManager):
    """Reads and writes tables. What each step read is written on the card of what it made, so that a day
    made of two versions can be told.

    A table with vectors goes to LanceDB first and then, without its vectors, to its partition file,
    which is what says that the day is there. Rows of other days than the step's own partition replace
    those days too.
    """

    def __init__(self, stores: Stores) -> None:
        super().__init__(base_path=UPath(stores.warehouse.root))
        self._stores = stores
        self._read_by_step: dict[tuple[str, str], dict[str, str]] = {}

    def get_asset_relative_path(self, context: InputContext | OutputContext) -> Location:
        table = _table(context)
        return UPath(table.name) if table.partitioned else UPath(table.name, PART)

    def get_path_for_partition(
        self, context: InputContext | OutputContext, path: Location, partition: str
    ) -> Location:
        return path / f"ds={partition}" / PART

    def dump_to_path(self, context: OutputContext, obj: pl.DataFrame, path: Location) -> None:
        table = _table(context)
        frame = table.conform(obj)
        seconds = (context.output_metadata or {}).get(SECONDS)
        card = Card(
            content="",
            inputs=self._read_by_step.pop(_step(context), {}),
            run_id=context.run_id,
            seconds=float(seconds.value) if seconds is not None else 0.0,
            written_at=datetime.now(UTC).isoformat(),
        )
        own = date.fromisoformat(context.asset_partition_key) if table.partitioned else None
        if table.store is Store.VECTORS and own is not None:
            self._stores.vectors.replace(table, [own, *frame["ds"].unique()], frame)
        rows = frame
        if own is not None:
            for day in sorted(set(frame["ds"].unique()) - {own}):
                self._rewrite(table, day, frame.filter(pl.col("ds") == day))
            rows = frame.filter(pl.col("ds") == own)
        content = content_hash(table, rows)
        self._write(table, own, rows, replace(card, content=content))
        count = "dagster/partition_row_count" if table.partitioned else "dagster/row_count"
        context.add_output_metadata(
            {
                count: rows.height,
                "jd/content": content,
                "jd/bytes": path.stat().st_size,
            }
        )

    def load_from_path(self, context: InputContext, path: Location) -> pl.DataFrame:
        table = _table(context)
        day = date.fromisoformat(context.asset_partition_key) if table.partitioned else None
        frame, card = self._stores.warehouse.read(self._stores.warehouse.path(table, day))
        if day is not None and context.has_partition_key:
            self._read_by_step.setdefault(_step(context), {})[table.name] = card.content
        if table.store is Store.VECTORS and day is not None:
            return self._stores.vectors.read(table, [day])
        return frame

    def _rewrite(self, table: Table, day: date, rows: pl.DataFrame) -> None:
        """Replaces a day that another day's run made, keeping what its card says it was made of."""
        path = self._stores.warehouse.path(table, day)
        with self._stores.warehouse.open(path) as part:
            card = part.card
        content = content_hash(table, rows)
        if content != card.content:
            written = datetime.now(UTC).isoformat()
            self._write(table, day, rows, replace(card, content=content, written_at=written))

    def _write(self, table: Table, day: date | None, rows: pl.DataFrame, card: Card) -> None:
        path = self._stores.warehouse.path(table, day)
        self._stores.warehouse.write(path, rows.select(stored_form(table).names), card)


class ReleaseFiles(IOManager):
    """The library release: its row is a table's, and its compiled form is loaded by that row's hash."""

    def __init__(self, files: TableFiles, stores: Stores) -> None:
        self._files = files
        self._stores = stores

    def handle_output(self, context: OutputContext, obj: pl.DataFrame) -> None:
        self._files.handle_output(context, obj)

    def load_input(self, context: InputContext) -> Release:
        return current_release(self._stores)


def current_release(stores: Stores) -> Release:
    """The release that was materialized last.

    Raises:
        FileNotFoundError: none was.
    """
    rows, _ = stores.warehouse.read(stores.warehouse.path(LIBRARY_RELEASE))
    return load_release(stores.settings.releases_dir, rows["release"].item())


def _table(context: InputContext | OutputContext) -> Table:
    return BY_NAME[context.asset_key.path[-1]]


def _step(context: InputContext | OutputContext) -> tuple[str, str]:
    """The consuming step and its day; a process runs one Dagster run at a time."""
    op: Any = context.op_def
    return op.name, context.partition_key if context.has_partition_key else ""
