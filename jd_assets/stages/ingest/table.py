"""A day's records as the table raw_jds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from typing import Any

import polars as pl

from jd_assets.stages.ingest.compose import jd_id, record_id
from jd_assets.stages.ingest.records import Quarantined, Record
from jd_assets.tables import RAW_JDS

_CHUNK = 5_000


def ingest(records: Iterable[Record | Quarantined], ds: date) -> pl.DataFrame:
    """The day's records as RAW_JDS, one row each, sorted by its key.

    Of records whose texts share a `jd_id`, the first by file name and row is `ok`, the others are
    `duplicate` and name it in `duplicate_of`. The records are taken in chunks, so that a generator's
    are never all held beside the frame.

    Raises:
        SchemaError: two records share file and row.
    """
    rows = (_row(record, ds) for record in records)
    chunks = [RAW_JDS.frame(chunk) for chunk in _chunks(rows)]
    frame = pl.concat(chunks) if chunks else RAW_JDS.frame([])
    first = pl.col("record_id").first().over("jd_id", order_by=["source_file", "source_row"])
    is_copy = pl.col("jd_id").is_not_null() & (pl.col("record_id") != first)
    frame = frame.with_columns(
        status=pl.when(is_copy).then(pl.lit("duplicate")).otherwise("status"),
        duplicate_of=pl.when(is_copy).then(first),
    )
    return RAW_JDS.conform(frame)


def _chunks(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while chunk := list(islice(rows, _CHUNK)):
        yield chunk


def _row(record: Record | Quarantined, ds: date) -> dict[str, Any]:
    row = {
        "ds": ds,
        "record_id": record_id(ds.isoformat(), record.file, record.row),
        "jd_id": None,
        "status": "ok",
        "reason": None,
        "detail": None,
        "duplicate_of": None,
        "source_file": record.file,
        "source_row": record.row,
        "source_format": record.format,
        "source_id": record.source_id,
        "source": record.source,
        "encoding": record.encoding,
        "title": record.title,
        "company": record.company,
        "location": record.location,
        "text": None,
        "body_start": 0,
        "characters": 0,
        "content_sha256": record.content_sha256,
    }
    if isinstance(record, Quarantined):
        return row | {"status": "quarantined", "reason": record.reason.value, "detail": record.detail}
    return row | {
        "jd_id": jd_id(record.text),
        "text": record.text,
        "body_start": record.body_start,
        "characters": len(record.text),
    }
