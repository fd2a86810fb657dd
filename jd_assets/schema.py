"""What a table is: columns with types, a key, and the conversions that each store needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

import polars as pl
import pyarrow as pa


class SchemaError(ValueError):
    """Rows that don't fit their table; the message names table, column, value and cure."""


class Store(StrEnum):
    """Where a table's rows are kept."""

    FILES = "files"  # one Parquet file per table and day
    VECTORS = "vectors"  # LanceDB, with a Parquet card of the other columns per day


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    `sources` are `table.column` names that it is computed from; they become Dagster's column lineage.
    """

    name: str
    dtype: pl.DataType
    description: str
    nullable: bool = True
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """One table of the house.

    `key` is unique in a day (and, as `ds` is a part of every key, over all days). `inputs` are the
    tables whose rows its own are made of. `stamps` are the columns that may differ when a day is made
    twice of the same inputs. `indexed` are those by whose value the analyst database finds a row at once.
    """

    name: str
    group: str
    grain: str
    description: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    inputs: tuple[str, ...] = ()
    partitioned: bool = True
    store: Store = Store.FILES
    stamps: tuple[str, ...] = ()
    indexed: tuple[str, ...] = ()

    @cached_property
    def polars_schema(self) -> pl.Schema:
        return pl.Schema({c.name: c.dtype for c in self.columns})

    @cached_property
    def arrow_schema(self) -> pa.Schema:
        return pa.schema([pa.field(c.name, arrow_type(c.dtype), nullable=c.nullable) for c in self.columns])

    @cached_property
    def vector_columns(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns if isinstance(c.dtype, pl.Array))

    @property
    def names(self) -> list[str]:
        return [c.name for c in self.columns]

    def column(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name!r}; it has {', '.join(self.names)}")

    def without_vectors(self) -> Table:
        """The same table as the day's Parquet card and the analyst database hold it."""
        kept = tuple(c for c in self.columns if c.name not in self.vector_columns)
        return Table(
            self.name, self.group, self.grain, self.description, self.key, kept,
            self.inputs, self.partitioned, Store.FILES, self.stamps,
        )  # fmt: skip

    def frame(self, rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
        """Rows as a frame of exactly this table's columns and types.

        Raises:
            SchemaError: a row has a key that is no column, or a value doesn't fit its type.
        """
        rows = list(rows)
        known = set(self.names)
        if extra := set().union(*rows) - known if rows else set():
            raise SchemaError(
                f"{self.name}: a row has {sorted(extra)}, which are no columns; "
                f"declare them in tables.py or leave them out"
            )
        try:
            arrays = [
                pa.array([row.get(name) for row in rows], type=kind)
                for name, kind in zip(self.arrow_schema.names, self.arrow_schema.types, strict=True)
            ]
            frame = pl.from_arrow(pa.Table.from_arrays(arrays, schema=self.arrow_schema))
        except pa.ArrowException as error:
            raise SchemaError(f"{self.name}: {error}") from error
        assert isinstance(frame, pl.DataFrame)
        return frame

    def conform(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame, checked: these columns in this order and type, no null in a non-nullable one,
        keys unique; rows sorted by key, so that equal rows make equal files.

        Raises:
            SchemaError: with the column, the number of bad rows and an example.
        """
        if frame.schema != self.polars_schema:
            raise SchemaError(self._schema_difference(frame.schema))
        for column in self.columns:
            if not column.nullable and (nulls := frame[column.name].null_count()):
                raise SchemaError(
                    f"{self.name}.{column.name}: {nulls} of {frame.height} values are null; "
                    f"fill them, or quarantine the rows"
                )
        if self.key:
            doubled = frame.filter(pl.struct(self.key).is_duplicated())
            if doubled.height:
                example = doubled.select(self.key).row(0, named=True)
                raise SchemaError(f"{self.name}: {doubled.height} rows share a key, such as {example}")
            frame = frame.sort(self.key)
        return frame

    def _schema_difference(self, found: pl.Schema) -> str:
        wanted = self.polars_schema
        problems = [f"{n} is missing" for n in wanted if n not in found]
        problems += [f"{n} is no column of the table" for n in found if n not in wanted]
        problems += [
            f"{n} is {found[n]}, not {wanted[n]}" for n in wanted if n in found and found[n] != wanted[n]
        ]
        if not problems:
            problems = [f"the order is {list(found)}, not {list(wanted)}"]
        return f"{self.name}: {'; '.join(problems)}"


_ARROW_SCALARS: dict[type[pl.DataType], pa.DataType] = {
    pl.String: pa.string(),
    pl.Boolean: pa.bool_(),
    pl.UInt32: pa.uint32(),
    pl.Int32: pa.int32(),
    pl.Int64: pa.int64(),
    pl.Float32: pa.float32(),
    pl.Float64: pa.float64(),
    pl.Date: pa.date32(),
}


def arrow_type(dtype: pl.DataType) -> pa.DataType:
    """The Arrow type of a column, as LanceDB keeps it and rows are turned into frames with.

    Raises:
        SchemaError: a type that no table here should use.
    """
    if isinstance(dtype, pl.List):
        return pa.list_(arrow_type(_instance(dtype.inner)))
    if isinstance(dtype, pl.Array):
        return pa.list_(arrow_type(_instance(dtype.inner)), dtype.size)
    if isinstance(dtype, pl.Struct):
        return pa.struct([pa.field(f.name, arrow_type(_instance(f.dtype))) for f in dtype.fields])
    if isinstance(dtype, pl.Datetime):
        return pa.timestamp(dtype.time_unit, dtype.time_zone)
    for kind, arrow in _ARROW_SCALARS.items():
        if isinstance(dtype, kind):
            return arrow
    raise SchemaError(f"no Arrow type is given for {dtype}; add it to schema.py")


_DUCKDB_SCALARS: dict[type[pl.DataType], str] = {
    pl.String: "VARCHAR",
    pl.Boolean: "BOOLEAN",
    pl.UInt32: "UINTEGER",
    pl.Int32: "INTEGER",
    pl.Int64: "BIGINT",
    pl.Float32: "FLOAT",
    pl.Float64: "DOUBLE",
    pl.Date: "DATE",
}


def duckdb_type(dtype: pl.DataType) -> str:
    """The SQL type that DuckDB stores a column as.

    Raises:
        SchemaError: a type that no table here should use.
    """
    if isinstance(dtype, pl.List):
        return f"{duckdb_type(_instance(dtype.inner))}[]"
    if isinstance(dtype, pl.Array):
        return f"{duckdb_type(_instance(dtype.inner))}[{dtype.size}]"
    if isinstance(dtype, pl.Struct):
        fields = ", ".join(f'"{f.name}" {duckdb_type(_instance(f.dtype))}' for f in dtype.fields)
        return f"STRUCT({fields})"
    if isinstance(dtype, pl.Datetime):
        return "TIMESTAMPTZ" if dtype.time_zone else "TIMESTAMP"
    for kind, sql in _DUCKDB_SCALARS.items():
        if isinstance(dtype, kind):
            return sql
    raise SchemaError(f"no DuckDB type is given for {dtype}; add it to schema.py")


def _instance(dtype: Any) -> pl.DataType:
    instance: pl.DataType = dtype() if isinstance(dtype, type) else dtype
    return instance
