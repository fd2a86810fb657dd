"""The analyst database as readers see it: one whole version, whatever is published meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from jd_assets.web.answers import Row

Made = TypeVar("Made")


class NotPublished(Exception):
    """There is no analyst database yet."""


@dataclass
class _Version:
    """One version of the file and its open connection, kept until its last reader is done."""

    stamp: tuple[int, int, int]
    connection: duckdb.DuckDBPyConnection
    readers: int = 0
    retired: bool = False
    kept: dict[Callable[[Snapshot], Any], Any] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Published:
    """The analyst database, opened once for each version of the file; any number of threads may ask.

    The file is attached to a database in memory. To connect to its path would give, while one reader is
    on the replaced file, that old file again: DuckDB keeps one instance per path and process.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._current: _Version | None = None

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Queries on one version of the file, whatever is published meanwhile.

        Raises:
            NotPublished: the file is not there.
        """
        version = self._borrow()
        try:
            with version.connection.cursor() as cursor:
                cursor.execute("USE jd")
                yield Snapshot(cursor, version)
        finally:
            self._give_back(version)

    def close(self) -> None:
        with self._lock:
            self._retire()

    def _borrow(self) -> _Version:
        with self._lock:
            try:
                info = self._path.stat()
            except FileNotFoundError:
                raise NotPublished from None
            stamp = (info.st_ino, info.st_mtime_ns, info.st_size)
            if self._current is None or self._current.stamp != stamp:
                opened = _Version(stamp, _attached(self._path))
                self._retire()
                self._current = opened
            self._current.readers += 1
            return self._current

    def _give_back(self, version: _Version) -> None:
        with self._lock:
            version.readers -= 1
            if version.retired and not version.readers:
                version.connection.close()

    def _retire(self) -> None:
        if self._current is not None:
            self._current.retired = True
            if not self._current.readers:
                self._current.connection.close()
            self._current = None


def _attached(path: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    quoted = str(path).replace("'", "''")
    connection.execute(f"ATTACH '{quoted}' AS jd (READ_ONLY)")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


class Snapshot:
    """Queries on one version of the file; for one thread."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, version: _Version) -> None:
        self._cursor = cursor
        self._version = version

    def rows(self, sql: str, values: Sequence[Any]) -> list[Row]:
        """All rows that a query finds, `values` bound to its parameters."""
        self._cursor.execute(sql, values)
        names = [column[0] for column in self._cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in self._cursor.fetchall()]

    def row(self, sql: str, values: Sequence[Any]) -> Row | None:
        """The first row that a query finds, None where it finds none."""
        found = self.rows(sql, values)
        return found[0] if found else None

    def once(self, read: Callable[[Snapshot], Made]) -> Made:
        """What `read` gives of this version, read by the first who asks and kept with it."""
        with self._version.lock:
            if read not in self._version.kept:
                self._version.kept[read] = read(self)
            kept: Made = self._version.kept[read]
            return kept

    def release(self) -> str | None:
        """Content hash of the library release in use, None before there is one."""
        return self.once(_read_release)


def _read_release(snapshot: Snapshot) -> str | None:
    row = snapshot.row("SELECT release FROM library_release LIMIT 1", [])
    return str(row["release"]) if row else None


def all_of(conditions: Sequence[str]) -> str:
    """A WHERE clause of conditions that all hold; none where there are none."""
    return f"WHERE {' AND '.join(conditions)}" if conditions else ""
