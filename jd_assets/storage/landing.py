"""The landing folders: one a day, with files that people and feeds put there, and the import that
splits a big file into them."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

from filelock import FileLock

from jd_assets.settings import Settings
from jd_assets.stages.ingest import delimited, jsonl
from jd_assets.stages.ingest.dates import Order, OrderEvidence, posting_day
from jd_assets.stages.ingest.fields import matching, quarantine
from jd_assets.stages.ingest.lines import LineFile
from jd_assets.stages.ingest.readers import NO_BYTES, format_of, read, source_format
from jd_assets.stages.ingest.records import (
    BadRow,
    FieldNames,
    Landed,
    Limits,
    Quarantined,
    Reason,
    Record,
    Row,
)
from jd_assets.storage.files import sync

_UNFINISHED = (".part", ".tmp")
_DAY_NAME = re.compile(r"\d{4}-\d{2}-\d{2}")
_STAGING, _LOCK, _UNREAD = ".import", ".import.lock", "unread"
_UNSAFE = re.compile(r"[^\w.\-]+")
_BUFFER_BYTES = 32_000_000
_CHUNK = 1_000_000


def field_names(settings: Settings) -> FieldNames:
    """Under which names a row holds what."""
    return FieldNames(
        text=settings.text_fields, title=settings.title_fields, company=settings.company_fields,
        location=settings.location_fields, id=settings.id_fields, source=settings.source_fields,
    )  # fmt: skip


def limits(settings: Settings) -> Limits:
    """What a row or a file may hold."""
    return Limits(
        max_row_bytes=settings.max_row_bytes,
        max_file_bytes=settings.max_file_bytes,
        max_text_characters=settings.max_text_characters,
    )


def landing_days(landing_dir: Path) -> list[date]:
    """The days that have a folder, sorted."""
    if not landing_dir.is_dir():
        return []
    found = []
    for folder in landing_dir.iterdir():
        if _DAY_NAME.fullmatch(folder.name) and folder.is_dir():
            try:
                found.append(date.fromisoformat(folder.name))
            except ValueError:
                continue
    return sorted(found)


def landing_files(landing_dir: Path, ds: date) -> list[Path]:
    """The day's files, sorted by their path in its folder and those below it.

    Left out are hidden files, unfinished ones (`.part`, `.tmp`), links that lead out of the day's
    folder or to a folder, and what is no file (pipes, devices). A folder that may not be listed is
    given itself, so that reading it shows the fault.
    """
    base = landing_dir / ds.isoformat()
    root = base.resolve()
    folders, found = [base], []
    while folders:
        folder = folders.pop()
        try:
            entries = list(os.scandir(folder))
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError:
            found.append(folder)
            continue
        for entry in entries:
            if entry.name.startswith(".") or entry.name.endswith(_UNFINISHED):
                continue
            path = Path(entry.path)
            if entry.is_symlink() and not path.resolve().is_relative_to(root):
                continue
            if entry.is_dir(follow_symlinks=False):
                folders.append(path)
            elif entry.is_file():
                found.append(path)
    return sorted(found, key=lambda path: path.relative_to(base).as_posix())


def fingerprint(landing_dir: Path, ds: date) -> str:
    """A hex digest of the names, sizes and change times of the day's files; "" without a folder.

    Cheap (no file is opened), and different after a file is added, replaced, changed or removed.
    """
    base = landing_dir / ds.isoformat()
    if not base.is_dir():
        return ""
    digest = hashlib.sha256()
    for path in landing_files(landing_dir, ds):
        try:
            status = path.stat()
            state = f"{status.st_size}\0{status.st_mtime_ns}"
        except OSError as error:
            state = type(error).__name__
        digest.update(f"{landed_name(path, base)}\0{state}\0".encode())
    return digest.hexdigest()


def read_day(settings: Settings, ds: date) -> Iterator[Record | Quarantined]:
    """The day's records, file by file in sorted order, as they are asked for.

    A file that the system doesn't let be read, at all or to its end, is a quarantined record with
    `unreadable`; the records before the fault and the other files are read.
    """
    base = settings.landing_dir / ds.isoformat()
    names, bounds = field_names(settings), limits(settings)
    for path in landing_files(settings.landing_dir, ds):
        name = landed_name(path, base)
        try:
            with path.open("rb") as stream:
                yield from read(stream, name, names, bounds)
        except OSError as error:
            known = Landed(file=name, row=None, format=source_format(name), content_sha256=NO_BYTES)
            yield quarantine(known, Reason.UNREADABLE, error.strerror or type(error).__name__)


def landed_name(path: Path, base: Path) -> str:
    """What `source_file` calls a path below `base`: text that UTF-8 can hold, different for each path."""
    name = path.relative_to(base).as_posix().replace("\\", "\\\\")
    return os.fsencode(name).decode("utf-8", "backslashreplace")


class ImportRefused(ValueError):
    """A file that can't be split into days; the message says why, and nothing has been written."""


@dataclass(frozen=True)
class ImportReport:
    """What an import wrote.

    `rows` counts every row of the file, once. Of them, `undated` have no date or none that can be
    read without doubt, and `unreadable` are no rows at all; both are in the default day. `per_day`
    counts the rows of each day.
    """

    rows: int
    undated: int
    unreadable: int
    per_day: Mapping[date, int]

    @property
    def days(self) -> int:
        return len(self.per_day)

    @property
    def first_day(self) -> date | None:
        return min(self.per_day, default=None)

    @property
    def last_day(self) -> date | None:
        return max(self.per_day, default=None)


def import_file(
    settings: Settings,
    file: Path,
    date_column: str,
    default_day: date | None,
    on_progress: Callable[[int], None] | None = None,
) -> ImportReport:
    """Split a JSONL or CSV file of any size into the landing folders, by the day in `date_column`.

    A day's rows become `<day>/<file's stem>-<first 12 of its SHA-256>.jsonl`: a JSONL row as it
    stands, in UTF-8, a CSV row as an object. All files are complete before the first is moved to its
    place. What an earlier import of the same content left is replaced, so that importing twice,
    under another date column or default day, doubles nothing.

    Rows without a date that can be read go to `default_day`; 03/04/2024 is read only where the rest
    of the column shows which way (see `dates.posting_day`). Rows that are no rows (invalid JSON, broken
    quotes) are kept as they stand beside them, in `...-unread.jsonl` or `.csv`, where ingest
    quarantines each with its reason.

    Args:
        on_progress: is called with the bytes of the file that are done, up to its size.

    Raises:
        ImportRefused: not JSONL or CSV, no such column, rows for a default day that isn't given, or
            changed while it was read.
        OSError: the file can't be read or the landing folder written.
    """
    landing = settings.landing_dir
    format = format_of(file.name)
    if format not in ("jsonl", "csv"):
        raise ImportRefused(f"{file.name}: only .jsonl and .csv files can be split into days")
    if file.resolve().is_relative_to(landing.resolve()):
        raise ImportRefused(f"{file.name} is in the landing folder already")
    landing.mkdir(parents=True, exist_ok=True)
    with FileLock(landing / _LOCK):
        staging = landing / _STAGING
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir()
        try:
            return _Import(settings, file, format, date_column, default_day, staging).run(
                on_progress or (lambda done: None)
            )
        finally:
            shutil.rmtree(staging, ignore_errors=True)


class _Import:
    def __init__(
        self,
        settings: Settings,
        file: Path,
        format: str,
        date_column: str,
        default_day: date | None,
        staging: Path,
    ) -> None:
        self._landing, self._file, self._format = settings.landing_dir, file, format
        self._names, self._limits = field_names(settings), limits(settings)
        self._zone = ZoneInfo(settings.timezone)
        self._column, self._default_day = date_column, default_day
        self._staging = staging
        self._buffers: dict[Path, list[bytes]] = {}
        self._buffered = 0
        self._header_end: int | None = None

    def run(self, on_progress: Callable[[int], None]) -> ImportReport:
        before = self._file.stat()
        with self._file.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        source = self._as_lines()
        size, scale = before.st_size, before.st_size / (2 * max(source.stat().st_size, 1))
        order = self._survey(source, lambda at: on_progress(int(at * scale)))
        report = self._split(source, order, lambda at: on_progress(size // 2 + int(at * scale)))
        self._flush()
        after = self._file.stat()
        if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
            raise ImportRefused(f"{self._file.name} changed while it was read; import it again")
        stem = _UNSAFE.sub("_", self._file.stem).strip("._")[:80] or "import"
        self._publish(sorted(report.per_day), f"{stem}-{sha256[:12]}", sha256[:12])
        on_progress(size)
        return report

    def _as_lines(self) -> Path:
        """The file itself, or where its lines must be recoded to be cut, a copy in UTF-8."""
        with self._file.open("rb") as stream:
            lines = LineFile(stream)
            if lines.binary:
                raise ImportRefused(f"{self._file.name}: {lines.binary}")
            if not lines.recoded:
                return self._file
            copy = self._staging / "source"
            with copy.open("wb") as target:
                target.writelines(lines.chunks())
            return copy

    def _rows(self, stream: BinaryIO, progress: Callable[[int], None]) -> Iterator[Row | BadRow]:
        lines = LineFile(stream)
        rows = (
            jsonl.rows(lines, self._limits)
            if self._format == "jsonl"
            else delimited.rows(lines, self._names, self._limits)
        )
        told = 0
        for row in rows:
            yield row
            if row.end - told >= _CHUNK:
                told = row.end
                progress(told)

    def _survey(self, source: Path, progress: Callable[[int], None]) -> Order | None:
        """The first pass: how the whole column writes its dates, and where the header ends."""
        evidence = OrderEvidence()
        found, columns = False, ""
        with source.open("rb") as stream:
            for row in self._rows(stream, progress):
                if self._header_end is None:
                    self._header_end = row.start
                if isinstance(row, BadRow):
                    if row.reason is Reason.NO_HEADER:
                        raise ImportRefused(f"{self._file.name}: {row.detail}")
                    continue
                value = self._value(row.fields)
                found = found or value is not None
                columns = columns or ", ".join(row.fields)[:300]
                evidence.observe(value)
        if not found:
            raise ImportRefused(
                f"{self._file.name}: no row has a value under {self._column!r}; "
                f"its first row has {columns or 'no fields'}"
            )
        return evidence.order

    def _split(self, source: Path, order: Order | None, progress: Callable[[int], None]) -> ImportReport:
        """The second pass: each row to its day's file in the staging folder."""
        per_day: Counter[date] = Counter()
        undated = unreadable = 0
        with source.open("rb") as stream, source.open("rb") as verbatim:
            for row in self._rows(stream, progress):
                day = None
                if isinstance(row, Row):
                    day = posting_day(self._value(row.fields), order, self._zone)
                    undated += day is None
                if day is None:
                    day = self._default(row)
                per_day[day] += 1
                if isinstance(row, Row):
                    text = row.text
                    if self._format == "csv":
                        text = json.dumps(row.fields, ensure_ascii=False)
                    self._write(self._staging / f"{day}.jsonl", text.encode() + b"\n")
                    continue
                if not unreadable and self._format == "csv":
                    self._copy(verbatim, 0, self._header_end or 0)
                unreadable += 1
                self._copy(verbatim, row.start, row.end)
        return ImportReport(sum(per_day.values()), undated, unreadable, per_day)

    def _value(self, fields: Mapping[str, object]) -> object:
        """What the row has in the date column, however its name is written."""
        if self._column in fields:
            return fields[self._column]
        return next((fields[name] for name in matching(list(fields), [self._column])), None)

    def _default(self, row: Row | BadRow) -> date:
        if self._default_day is None:
            raise ImportRefused(
                f"{self._file.name}, line {row.number}: no date that can be read without doubt under "
                f"{self._column!r}; give a default day for such rows"
            )
        return self._default_day

    def _copy(self, source: BinaryIO, start: int, end: int) -> None:
        """A row's bytes to the file of rows that can't be read, a chunk at a time."""
        source.seek(start)
        last = b""
        for at in range(start, end, _CHUNK):
            last = source.read(min(_CHUNK, end - at))
            self._write(self._staging / _UNREAD, last)
        if not last.endswith(b"\n"):
            self._write(self._staging / _UNREAD, b"\n")

    def _write(self, path: Path, data: bytes) -> None:
        """Buffered here and not in open files, of which a file of many days would need too many."""
        self._buffers.setdefault(path, []).append(data)
        self._buffered += len(data)
        if self._buffered >= _BUFFER_BYTES:
            self._flush()

    def _flush(self) -> None:
        for path, parts in self._buffers.items():
            with path.open("ab") as target:
                target.writelines(parts)
        self._buffers, self._buffered = {}, 0

    def _publish(self, days: Iterable[date], name: str, content: str) -> None:
        """Move each day's file to its place, then remove what this content left elsewhere."""
        moves = [(self._staging / f"{day}.jsonl", f"{day}/{name}.jsonl") for day in days]
        moves.append((self._staging / _UNREAD, f"{self._default_day}/{name}-unread.{self._format}"))
        placed = set()
        for staged, place in moves:
            if not staged.exists():
                continue
            target = self._landing / place
            target.parent.mkdir(exist_ok=True)
            sync(staged)
            os.replace(staged, target)
            sync(target.parent)
            placed.add(target)
        for extension in ("jsonl", "csv"):
            for earlier in self._landing.glob(f"*/*-{content}*.{extension}"):
                if earlier not in placed:
                    earlier.unlink()
