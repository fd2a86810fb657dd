"""Rows of a CSV or TSV file, with its dialect found and its broken rows told apart."""

from __future__ import annotations

import csv
import hashlib
import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from jd_assets.stages.ingest.fields import matching
from jd_assets.stages.ingest.jsonl import too_large
from jd_assets.stages.ingest.lines import Line, LineFile
from jd_assets.stages.ingest.records import BadRow, FieldNames, Limits, Reason, Row

_DELIMITERS = (",", "\t", ";", "|")
_SAMPLE_ROWS = 50
_MOST_LINES = 5_000  # in one record: a line of one byte takes a hundred times that in memory
_SEPARATOR_LINE = re.compile(r'"?sep=([,;|:\t])"?\s*')  # Excel's own first line
_ESCAPED_QUOTE = re.compile(r'\\"(?=[^,;\t|\r\n"])')
_SPACED_QUOTE = re.compile(r'[,;\t|] +"')


@dataclass(frozen=True, slots=True)
class Dialect:
    """How cells are told apart. The quote is always `"`, doubled or, where `escaped`, after `\\`."""

    delimiter: str
    escaped: bool = False
    spaced: bool = False

    def reader(self, lines: Iterator[str], strict: bool = False) -> Iterator[list[str]]:
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            escapechar="\\" if self.escaped else None,
            skipinitialspace=self.spaced,
            strict=strict,
        )


def sniff(sample: str, names: FieldNames) -> Dialect:
    """The dialect of a file that begins so. Always gives one.

    The delimiter is the one whose header holds most known field names; then the one under which most
    rows have the header's width.
    """
    wanted = [*names.text, *names.title, *names.company, *names.location, *names.id, *names.source]
    escaped = len(_ESCAPED_QUOTE.findall(sample)) > sample.count('""')
    spaced = _SPACED_QUOTE.search(sample) is not None
    text = sample.replace("\r\n", "\n").replace("\r", "\n")
    lines = [line + "\n" for line in text.split("\n", _SAMPLE_ROWS * 4)[: _SAMPLE_ROWS * 4]]

    def score(delimiter: str) -> tuple[int, float]:
        rows: list[list[str]] = []
        try:
            for cells in Dialect(delimiter, escaped, spaced).reader(iter(lines)):
                if cells:
                    rows.append(cells)
                if len(rows) == _SAMPLE_ROWS:
                    break
        except csv.Error:
            pass
        if not rows or len(rows[0]) < 2:
            return 0, 0.0
        even = sum(len(cells) == len(rows[0]) for cells in rows) / len(rows)
        return len(matching(rows[0], wanted)), even

    return Dialect(max(_DELIMITERS, key=score), escaped, spaced)


def rows(file: LineFile, names: FieldNames, limits: Limits) -> Iterator[Row | BadRow]:
    """One row per record below the header, or one bad row if there is no header.

    A quote that opens and never closes would swallow what follows: where the lines after it are rows
    by themselves, only the line with the quote is lost. Memory is bounded by `max_row_bytes`; never
    raises but for the stream's own OSError.
    """
    # The row limit is kept by the feed; the csv module's own is 131,072 characters, process-wide.
    csv.field_size_limit(max(csv.field_size_limit(), limits.max_row_bytes))
    yield from _Rows(file, names, limits).read()


class _Feed:
    """Lines for one csv reader, of which one record gets at most `limit` bytes and `_MOST_LINES`."""

    def __init__(self, file: LineFile, limit: int) -> None:
        self._file, self._limit = file, limit
        self._lines = file.lines(limit)
        self._waiting: deque[Line] = deque()
        self.taken: list[Line] = []
        self.texts: list[str] = []
        self.encoding = "utf-8"
        self.cut = False
        self._size = 0

    def begin(self) -> None:
        """Forget the last record."""
        self.taken, self.texts, self.encoding, self.cut, self._size = [], [], "utf-8", False, 0

    def peek(self) -> Line | None:
        """The next line that isn't blank."""
        while (line := self.take()) is not None:
            if line.raw is None or line.raw.strip():
                self._waiting.appendleft(line)
                return line
        return None

    def take(self) -> Line | None:
        if self._waiting:
            return self._waiting.popleft()
        return next(self._lines, None)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.take()
        size = 0 if line is None or line.raw is None else len(line.raw) + 1
        full = self._size + size > self._limit + 1 or len(self.taken) == _MOST_LINES
        if line is None or line.raw is None or full:
            if line is not None:
                self._waiting.appendleft(line)
            self.cut = bool(self.taken)
            raise StopIteration
        text, encoding = self.decode(line)
        if encoding != "utf-8":
            self.encoding = encoding
        self.taken.append(line)
        self.texts.append(text)
        self._size += size
        return text

    def decode(self, line: Line) -> tuple[str, str]:
        """The line as the csv module takes it: a bare return inside would stop it."""
        text, encoding = self._file.decode(line.raw or b"")
        return text.replace("\r", "\v") + "\n", encoding


class _Rows:
    def __init__(self, file: LineFile, names: FieldNames, limits: Limits) -> None:
        self._limits = limits
        self._feed = _Feed(file, limits.max_row_bytes)
        self._dialect = sniff(file.decode(file.sample)[0], names)
        self._header: list[str] = []

    def read(self) -> Iterator[Row | BadRow]:
        first = self._feed.peek()
        text = self._feed.decode(first)[0] if first is not None else ""
        if separator := _SEPARATOR_LINE.fullmatch(text):
            self._dialect = replace(self._dialect, delimiter=separator[1])
            self._feed.take()
        reader = self._dialect.reader(self._feed)
        while (line := self._feed.peek()) is not None:
            if line.raw is None:
                self._feed.take()
                yield too_large(line, self._limits)
                if not self._header:
                    return
                continue
            self._feed.begin()
            cells = next(reader, None)
            if cells is None or self._feed.cut:
                reader = self._dialect.reader(self._feed)
            if not self._header:
                if cells is None or self._feed.cut:
                    yield self._bad(self._feed.taken, Reason.NO_HEADER, "a quote opens and isn't closed")
                    return
                self._header = unique_names(cells)
            elif cells is not None and self._is_row(cells):
                yield self._row(self._feed.taken, cells, "".join(self._feed.texts), self._feed.encoding)
            else:
                yield from self._broken(cells or [])

    def _is_row(self, cells: list[str]) -> bool:
        """Whether what was taken is a row without doubt."""
        if self._feed.cut or not self._fits(cells):
            return False
        return len(self._feed.taken) == 1 or self._strictly(self._feed.texts) is not None

    def _broken(self, cells: list[str]) -> Iterator[Row | BadRow]:
        """What to make of lines that gave no row of the header's width, or one with odd quotes."""
        taken, cut = self._feed.taken, self._feed.cut
        if not cut and (len(taken) == 1 or self._strictly(self._feed.texts) is not None):
            found = f"{len(cells)} columns, the header has {len(self._header)}"
            yield self._bad(taken, Reason.WRONG_COLUMNS, found)
            return
        after = [(line, self._strictly([self._feed.decode(line)[0]])) for line in taken[1:]]
        fitting = sum(cells is not None for _, cells in after)
        if 2 * fitting >= len(after):
            yield self._bad(taken[:1], Reason.UNBALANCED_QUOTES, "a quote opens and isn't closed")
            yield from self._singly(after)
        elif not cut and self._fits(cells):
            yield self._row(taken, cells, "".join(self._feed.texts), self._feed.encoding)
        elif cut and self._feed.peek() is not None:
            yield self._skip_quoted(taken)
        else:
            yield self._bad(taken, Reason.UNBALANCED_QUOTES, f"{len(taken)} lines hold an open quote")

    def _singly(self, lines: Sequence[tuple[Line, list[str] | None]]) -> Iterator[Row | BadRow]:
        """Lines as rows of their own; those that are none, together as they follow each other."""
        unread: list[Line] = []
        for line, cells in lines:
            if cells is None:
                unread.append(line)
                continue
            if unread:
                yield self._bad(unread, Reason.UNBALANCED_QUOTES, "lines after an open quote")
                unread = []
            text, encoding = self._feed.decode(line)
            yield self._row([line], cells, text, encoding)
        if unread:
            yield self._bad(unread, Reason.UNBALANCED_QUOTES, "lines after an open quote")

    def _skip_quoted(self, taken: list[Line]) -> BadRow:
        """One cell that is larger than a row may be: past it, to the line where its quote closes."""
        digest, end, number = hashlib.sha256(), taken[-1].end, taken[0].number
        for line in taken:
            digest.update((line.raw or b"") + b"\n")
        while (after := self._feed.take()) is not None:
            digest.update(after.raw if after.raw is not None else after.sha256.encode())
            end = after.end
            if after.raw is not None and after.raw.count(b'"') % 2:
                break
        return BadRow(
            number=number, start=taken[0].start, end=end, sha256=digest.hexdigest(), encoding=None,
            reason=Reason.ROW_TOO_LARGE,
            detail=f"the row from line {number} has {end - taken[0].start:,} bytes; "
            f"{self._limits.max_row_bytes:,} on {_MOST_LINES:,} lines are allowed",
        )  # fmt: skip

    def _strictly(self, texts: Sequence[str]) -> list[str] | None:
        """The one row that the lines are with every quote where it belongs, else None. Of a single
        line the width must be the header's, too."""
        try:
            found = list(self._dialect.reader(iter(texts), strict=True))
        except csv.Error:
            return None
        if len(found) != 1 or (len(texts) == 1 and not self._fits(found[0])):
            return None
        return found[0]

    def _fits(self, cells: Sequence[str]) -> bool:
        """Whether there is a cell for every column, and nothing in those after."""
        width = len(self._header)
        return len(cells) >= width and not any(cell.strip() for cell in cells[width:])

    def _row(self, lines: Sequence[Line], cells: Sequence[str], text: str, encoding: str) -> Row:
        return Row(
            number=lines[0].number, start=lines[0].start, end=lines[-1].end, sha256=_digest(lines),
            encoding=encoding, text=text.rstrip("\n"),
            fields=dict(zip(self._header, cells, strict=False)),
        )  # fmt: skip

    def _bad(self, lines: Sequence[Line], reason: Reason, detail: str) -> BadRow:
        first, last = lines[0], lines[-1]
        where = f"line {first.number}" if first is last else f"lines {first.number} to {last.number}"
        return BadRow(
            number=first.number, start=first.start, end=last.end, sha256=_digest(lines),
            encoding=self._feed.encoding, reason=reason, detail=f"{where}: {detail}",
        )  # fmt: skip


def unique_names(header: Sequence[str]) -> list[str]:
    """Column names: an empty one by its place, a second of the same name with a number."""
    names: dict[str, None] = {}
    copies: dict[str, int] = {}
    for place, cell in enumerate(header, start=1):
        name = base = cell.strip() or f"column {place}"
        while name in names:
            copies[base] = copies.get(base, 1) + 1
            name = f"{base} {copies[base]}"
        names[name] = None
    return list(names)


def _digest(lines: Sequence[Line]) -> str:
    return hashlib.sha256(b"\n".join(line.raw or b"" for line in lines)).hexdigest()
