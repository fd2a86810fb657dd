"""Rows of a JSON Lines file."""

from __future__ import annotations

from collections.abc import Iterator
from json import JSONDecodeError, JSONDecoder

from jd_assets.stages.ingest.lines import Line, LineFile
from jd_assets.stages.ingest.records import BadRow, Limits, Reason, Row

_DECODER = JSONDecoder(strict=False)  # exports often leave tabs and line feeds in strings unescaped
_TYPES = {list: "an array", str: "a string", bool: "a boolean", int: "a number", float: "a number"}


def rows(file: LineFile, limits: Limits) -> Iterator[Row | BadRow]:
    """One row per line that isn't blank. Memory is bounded by `max_row_bytes`; never raises but for
    the stream's own OSError."""
    for line in file.lines(limits.max_row_bytes):
        if line.raw is None:
            yield too_large(line, limits)
            continue
        if not line.raw.strip():
            continue
        text, encoding = file.decode(line.raw)
        reason, detail = Reason.INVALID_JSON, ""
        try:
            value = _DECODER.decode(text)
        except JSONDecodeError as error:
            detail = f"line {line.number}, column {error.colno}: {error.msg}"
        except RecursionError:
            detail = f"line {line.number}: nested too deep"
        except ValueError as error:  # an integer of thousands of digits
            detail = f"line {line.number}: {error}"
        else:
            if isinstance(value, dict):
                yield Row(
                    number=line.number, start=line.start, end=line.end, sha256=line.sha256,
                    encoding=encoding, text=text, fields=value,
                )  # fmt: skip
                continue
            reason = Reason.NOT_AN_OBJECT
            detail = f"line {line.number} holds {_TYPES.get(type(value), 'null')}"
        yield BadRow(
            number=line.number, start=line.start, end=line.end, sha256=line.sha256,
            encoding=encoding, reason=reason, detail=detail,
        )  # fmt: skip


def too_large(line: Line, limits: Limits) -> BadRow:
    """A line over the limit, which was read past and not held."""
    return BadRow(
        number=line.number, start=line.start, end=line.end, sha256=line.sha256, encoding=None,
        reason=Reason.ROW_TOO_LARGE,
        detail=f"line {line.number} has {line.end - line.start:,} bytes, "
        f"{limits.max_row_bytes:,} are allowed",
    )  # fmt: skip
