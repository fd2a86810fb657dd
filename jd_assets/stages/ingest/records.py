"""What a reader yields: a record that was read, or one that is kept aside with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why a record is quarantined: a code for queries, and what it means for a person."""

    meaning: str

    def __new__(cls, code: str, meaning: str) -> Reason:
        member = str.__new__(cls, code)
        member._value_ = code
        member.meaning = meaning
        return member

    EMPTY = "empty", "The file holds nothing: no bytes, only white space, or a header without rows."
    UNREADABLE = "unreadable", "The system did not let the file be read: permissions, gone, device."
    UNSUPPORTED_FORMAT = "unsupported_format", "No reader is known for the file name's extension."
    FILE_TOO_LARGE = "file_too_large", "The file, which should be one JD, is over the byte limit."
    BINARY = "binary", "A text format by its name, but the bytes are not text."
    CORRUPT = "corrupt", "The file can't be opened as its format: truncated, damaged or something else."
    ENCRYPTED = "encrypted", "The file opens with a password only."
    TOO_MANY_PAGES = "too_many_pages", "A PDF with more pages than a JD has."
    NO_TEXT = "no_text", "The file opens but shows no text, as a scan does."
    NO_HEADER = "no_header", "The first row of the CSV file can't be read as column names."
    ROW_TOO_LARGE = "row_too_large", "The row is over the limit of bytes, or of lines within quotes."
    INVALID_JSON = "invalid_json", "The line is not JSON."
    NOT_AN_OBJECT = "not_an_object", "The line is JSON but no object, so it has no fields."
    WRONG_COLUMNS = "wrong_columns", "The CSV row has more or fewer cells than the header."
    UNBALANCED_QUOTES = "unbalanced_quotes", "A quote opens in the CSV row and is never closed."
    NO_TEXT_FIELD = "no_text_field", "The row has none of the fields that hold a JD's text."
    EMPTY_TEXT = "empty_text", "The row's text field is null, empty or white space."
    NOT_TEXT = "not_text", "The row's text field holds something that is no text, such as true."
    TEXT_TOO_LONG = "text_too_long", "The text is over the limit of characters."


@dataclass(frozen=True, slots=True, kw_only=True)
class Landed:
    """What is known of a record, readable or not.

    `file` is the path inside the day's folder; `row` the line it starts on, from 1, or None where the
    file is one JD. `content_sha256` is of the record's bytes (of their UTF-8 form where the file is
    UTF-16 or UTF-32); of none, where none could be read. No string holds a NUL or a lone surrogate.
    """

    file: str
    row: int | None
    format: str
    content_sha256: str
    encoding: str | None = None
    source_id: str | None = None
    source: str | None = None
    title: str | None = None
    company: str | None = None
    location: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(Landed):
    """A JD. `text[body_start:]` is the text as read; what stands before are fields that it lacks."""

    text: str
    body_start: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined(Landed):
    """A record that is no JD text. `detail` says what was found and where."""

    reason: Reason
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldNames:
    """Under which names a row holds what; the first name with a value counts.

    Case, spaces, underscores and hyphens don't matter.
    """

    text: tuple[str, ...]
    title: tuple[str, ...] = ()
    company: tuple[str, ...] = ()
    location: tuple[str, ...] = ()
    id: tuple[str, ...] = ()
    source: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """A row above `max_row_bytes` is not held, nor a file that is one JD above `max_file_bytes`, nor a
    longer text."""

    max_row_bytes: int
    max_file_bytes: int
    max_text_characters: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a JSONL or CSV file with its fields, not yet a JD.

    `start` and `end` are its place in the file in bytes, its line end included (in the UTF-8 form of
    a UTF-16 or UTF-32 file). `text` is the row as decoded, without its line end.
    """

    number: int
    start: int
    end: int
    sha256: str
    encoding: str
    text: str
    fields: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class BadRow:
    """A row that gave no fields; `start` and `end` as for a Row."""

    number: int
    start: int
    end: int
    sha256: str
    encoding: str | None
    reason: Reason
    detail: str
