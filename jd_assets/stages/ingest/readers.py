"""A landing file, whatever its format, as records."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import BinaryIO

from jd_assets.stages.ingest import delimited, jsonl
from jd_assets.stages.ingest.documents import html_body, read_document, text_body
from jd_assets.stages.ingest.fields import RowReader, quarantine
from jd_assets.stages.ingest.lines import LineFile
from jd_assets.stages.ingest.pdf import pdf_body
from jd_assets.stages.ingest.records import (
    FieldNames,
    Landed,
    Limits,
    Quarantined,
    Reason,
    Record,
)
from jd_assets.stages.ingest.word import word_body

FORMATS = {
    "jsonl": "jsonl", "ndjson": "jsonl", "csv": "csv", "tsv": "csv", "txt": "txt", "text": "txt",
    "md": "md", "markdown": "md", "html": "html", "htm": "html", "pdf": "pdf", "docx": "docx",
}  # fmt: skip
"""The format of each extension that is read."""

_BODIES = {
    "txt": text_body, "md": text_body, "html": html_body, "pdf": pdf_body, "docx": word_body,
}  # fmt: skip
NO_BYTES = hashlib.sha256(b"").hexdigest()


def format_of(file: str) -> str | None:
    """The format that a file name stands for, None where none is read."""
    return FORMATS.get(PurePosixPath(file).suffix.lower().lstrip("."))


def source_format(file: str) -> str:
    """The format to write in a row: where none is read, the extension itself."""
    return format_of(file) or PurePosixPath(file).suffix.lower().lstrip(".")[:20] or "none"


def read(stream: BinaryIO, file: str, names: FieldNames, limits: Limits) -> Iterator[Record | Quarantined]:
    """The records of a file, in its order, read as they are asked for; at least one.

    Args:
        stream: seekable, at its beginning, opened for reading bytes.
        file: the path inside the day's folder; its extension tells the format.

    Whatever the bytes are, only the stream's own OSError is raised. Of a JSONL or CSV file no more
    than a row (or for CSV with broken quotes, `max_row_bytes`) is held.
    """
    format = format_of(file)
    if format in _BODIES:
        yield read_document(stream, file, format, _BODIES[format], limits)
        return
    known = Landed(file=file, row=None, format=source_format(file), content_sha256=NO_BYTES)
    if format is None:
        known_formats = ", ".join(sorted(set(FORMATS.values())))
        yield quarantine(known, Reason.UNSUPPORTED_FORMAT, f"read are {known_formats}")
        return
    lines = LineFile(stream)
    if lines.binary:
        yield quarantine(known, Reason.BINARY, lines.binary)
        return
    reader = RowReader(file, format, names, limits)
    rows = jsonl.rows(lines, limits) if format == "jsonl" else delimited.rows(lines, names, limits)
    none_read = True
    for row in rows:
        none_read = False
        yield reader.read(row)
    if none_read:
        yield quarantine(known, Reason.EMPTY, "no rows")
