"""Files that are one JD each, in a text format: txt, md and html."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from typing import BinaryIO

from jd_assets.stages.ingest.compose import normalise_lines
from jd_assets.stages.ingest.encoding import (
    SAMPLE_BYTES,
    binary_content,
    byte_order_mark,
    clean,
    decode,
    wide_encoding,
)
from jd_assets.stages.ingest.fields import as_record, quarantine
from jd_assets.stages.ingest.markup import html_title, html_to_text
from jd_assets.stages.ingest.records import Landed, Limits, Quarantined, Reason, Record

_CHUNK = 65_536
_META_CHARSET = re.compile(rb"<meta[^<>]{0,200}?charset\s{0,5}=\s{0,5}[\"']?([A-Za-z0-9_:.\-]{2,40})", re.I)

Body = Callable[[Landed, bytes], "tuple[Landed, str] | Quarantined"]
"""Reads the body of a whole file's bytes; may fill in what is known of the record."""


def read_document(
    stream: BinaryIO, file: str, format: str, body_of: Body, limits: Limits
) -> Record | Quarantined:
    """The file as one record, read by `body_of`. Never raises but for the stream's own OSError."""
    raw, size, digest = _read_whole(stream, limits.max_file_bytes)
    known = Landed(file=file, row=None, format=format, content_sha256=digest)
    if raw is None:
        detail = f"{size:,} bytes, {limits.max_file_bytes:,} are allowed"
        return quarantine(known, Reason.FILE_TOO_LARGE, detail)
    if not raw.strip():
        return quarantine(known, Reason.EMPTY, f"{size:,} bytes")
    read = body_of(known, raw)
    if isinstance(read, Quarantined):
        return read
    known, text = read
    body = normalise_lines(clean(text))
    if not body:
        return quarantine(known, Reason.NO_TEXT, "the file opens but holds no text")
    return as_record(known, body, limits)


def text_body(known: Landed, raw: bytes) -> tuple[Landed, str] | Quarantined:
    """A plain text or Markdown file, whose marks are kept."""
    if found := _binary(raw):
        return quarantine(known, Reason.BINARY, found)
    text, encoding = decode(raw)
    return replace(known, encoding=encoding), text


def html_body(known: Landed, raw: bytes) -> tuple[Landed, str] | Quarantined:
    """A web page. What it declares as its encoding is believed where it isn't UTF-8 and fits."""
    if found := _binary(raw):
        return quarantine(known, Reason.BINARY, found)
    html, encoding = decode(raw)
    if encoding not in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
        declared = _META_CHARSET.search(raw[:4096])
        try:
            name = declared[1].decode("ascii") if declared else encoding
            html, encoding = clean(raw.decode(name)), name.lower()
        except (LookupError, ValueError):
            pass
    return replace(known, encoding=encoding, title=html_title(html)), html_to_text(html)


def _binary(raw: bytes) -> str | None:
    sample = raw[:SAMPLE_BYTES]
    mark, marked = byte_order_mark(sample)
    if marked not in (None, "utf-8"):
        return None
    if marked is None and wide_encoding(sample):
        return None
    return binary_content(sample[mark:])


def _read_whole(stream: BinaryIO, limit: int) -> tuple[bytes | None, int, str]:
    """The file's bytes (None if over the limit, and then not held), their number and SHA-256."""
    raw = stream.read(limit + 1)
    digest, size = hashlib.sha256(raw), len(raw)
    if size <= limit:
        return raw, size, digest.hexdigest()
    while chunk := stream.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return None, size, digest.hexdigest()
