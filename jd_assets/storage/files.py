"""Partition files: one Parquet file per table and day, replaced whole or not at all.

Each file carries, in its Parquet metadata, a card: the hash of its rows, the hashes of the files that it
was made of, and how long that took. A day is consistent when every file's inputs are the files beside it.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import IO, Any

import polars as pl
import pyarrow.parquet as pq

from jd_assets.schema import Store, Table

PART = "part.parquet"
_CARD = "jd_assets"


@dataclass(frozen=True)
class Card:
    """What a file says of itself.

    `content` is the SHA-256 of its rows without their time stamps, `inputs` the contents of the tables
    that it was made of. `run_id` is Dagster's, `seconds` the time that making the rows took, `written_at`
    ISO 8601, `extra` what its asset wants to remember.
    """

    content: str
    inputs: Mapping[str, str] = field(default_factory=dict)
    run_id: str | None = None
    seconds: float = 0.0
    written_at: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)


class Warehouse:
    """The partition files under a folder, and the only code that knows their paths."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, table: Table, ds: date | None = None) -> Path:
        """Where a table's rows are: of a day, or of the whole where it isn't partitioned."""
        if table.partitioned:
            if ds is None:
                raise ValueError(f"{table.name} is partitioned by day: a day is needed")
            return self.root / table.name / f"ds={ds.isoformat()}" / PART
        return self.root / table.name / PART

    def days(self, table: Table) -> list[date]:
        """The days that a table has, in order."""
        found = []
        for path in (self.root / table.name).glob(f"ds=*/{PART}"):
            try:
                found.append(date.fromisoformat(path.parent.name.removeprefix("ds=")))
            except ValueError:
                continue
        return sorted(found)

    def write(self, path: Path, frame: pl.DataFrame, card: Card) -> None:
        """Replaces the file at `path` with the frame, which must fit its table already."""
        with replacing(path) as handle:
            frame.write_parquet(handle, compression="zstd", metadata={_CARD: json.dumps(asdict(card))})

    @contextmanager
    def open(self, path: Path) -> Iterator[Part]:
        """One version of a file: rows, card and stamp are of the same one, even while it is replaced.

        Raises:
            FileNotFoundError: the partition was never made; the message says how to make it.
        """
        try:
            handle = path.open("rb")
        except FileNotFoundError:
            raise FileNotFoundError(
                f"{path.relative_to(self.root)} is not there: materialize that partition first"
            ) from None
        with handle:
            yield Part(handle)

    def read(self, path: Path, columns: Sequence[str] | None = None) -> tuple[pl.DataFrame, Card]:
        """Rows and card of the file that is there now; only the given columns, where they are given.

        Raises:
            FileNotFoundError: the partition was never made.
        """
        with self.open(path) as part:
            return part.rows(columns), part.card

    def stamp(self, path: Path) -> str | None:
        """Changes whenever the file is replaced; costs one stat call. None where there is no file."""
        try:
            return _stamp(path.stat())
        except FileNotFoundError:
            return None


class Part:
    """An open partition file."""

    def __init__(self, handle: IO[bytes]) -> None:
        self._handle = handle
        self.stamp = _stamp(os.fstat(handle.fileno()))
        metadata: Mapping[bytes, bytes] = pq.read_metadata(handle).metadata or {}
        content: dict[str, Any] = json.loads(metadata.get(_CARD.encode(), b"{}"))
        self.card = Card(**({"content": ""} | content))

    def rows(self, columns: Sequence[str] | None = None) -> pl.DataFrame:
        self._handle.seek(0)
        return pl.read_parquet(self._handle, columns=list(columns) if columns else None)


def _stamp(info: os.stat_result) -> str:
    return f"{info.st_ino}-{info.st_mtime_ns}-{info.st_size}"


class _Digest(io.RawIOBase):
    """A file that keeps only the SHA-256 of what is written to it."""

    def __init__(self) -> None:
        self.sha256 = hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.sha256.update(data)
        return len(data)


def content_hash(table: Table, frame: pl.DataFrame) -> str:
    """SHA-256 of a table's rows, in key order and without their time stamps."""
    kept = frame.drop(table.stamps) if table.stamps else frame
    sink = io.BufferedWriter(_Digest(), 1 << 20)
    kept.rechunk().write_parquet(sink, compression="uncompressed", statistics=False)
    sink.flush()
    digest = sink.detach()
    assert isinstance(digest, _Digest)
    return digest.sha256.hexdigest()


def stored_form(table: Table) -> Table:
    """The table as its partition files hold it: vectors stay in LanceDB."""
    return table.without_vectors() if table.store is Store.VECTORS else table


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A file to write that takes the place of the one at `path` when the block ends: whoever reads, and
    whatever is killed, meets the old or the new one, whole. If the block raises, the old one stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as handle:
            yield handle
            handle.flush()
            os.fsync(handle.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    sync(path.parent)


def sync(path: Path) -> None:
    """Brings a file, or a folder's list of files, to the disk, so that it survives a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
