"""A row's fields as a record: which field is which, and its value as text."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from jd_assets.stages.ingest.compose import compose, normalise_lines
from jd_assets.stages.ingest.encoding import clean
from jd_assets.stages.ingest.markup import BULLET, from_field
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

_MARKS = re.compile(r"[\s_\-]+")
_TEXT_KEYS = frozenset(("text", "value", "html", "content", "description", "name", "label"))
_NAME_KEYS = ("name", "displayname", "label", "value", "text", "title")
_DEEPEST = 8
"""How deep lists and objects in a text field may nest; no feed known comes near."""


class NotText(ValueError):
    """A value that no text can be made of."""


def fold_name(name: str) -> str:
    """A field name without case, spaces, underscores and hyphens."""
    return _MARKS.sub("", name).casefold()


def matching(names: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """Those of a row's names that are wanted, in the order of `wanted`."""
    folded: dict[str, list[str]] = {}
    for name in names:
        folded.setdefault(fold_name(name), []).append(name)
    return [name for want in wanted for name in folded.get(fold_name(want), ())]


class RowReader:
    """Makes records of the rows of one file."""

    def __init__(self, file: str, format: str, names: FieldNames, limits: Limits) -> None:
        self._file, self._format, self._names, self._limits = file, format, names, limits
        self._columns: tuple[str, ...] | None = None
        self._found: dict[str, list[str]] = {}

    def read(self, row: Row | BadRow) -> Record | Quarantined:
        """The row as a record, or quarantined. Never raises."""
        if isinstance(row, BadRow):
            return Quarantined(
                file=self._file, row=row.number, format=self._format, content_sha256=row.sha256,
                encoding=row.encoding, reason=row.reason, detail=row.detail,
            )  # fmt: skip
        found = self._find(row.fields)
        known = Landed(
            file=self._file, row=row.number, format=self._format, content_sha256=row.sha256,
            encoding=row.encoding,
            source_id=_first(row.fields, found["id"]),
            source=_first(row.fields, found["source"]),
            title=_first(row.fields, found["title"]),
            company=_first(row.fields, found["company"]),
            location=_first(row.fields, found["location"]),
        )  # fmt: skip
        if not found["text"]:
            columns = ", ".join(list(row.fields)[:12]) or "none"
            detail = f"row {row.number} has the fields {clean(columns)[:200]}"
            return quarantine(known, Reason.NO_TEXT_FIELD, detail)
        for name in found["text"]:
            try:
                body = _as_text(row.fields[name])
            except NotText as error:
                return quarantine(known, Reason.NOT_TEXT, f"row {row.number}, {clean(name)[:80]}: {error}")
            if body:
                return as_record(known, body, self._limits)
        names = clean(", ".join(found["text"]))[:200]
        return quarantine(known, Reason.EMPTY_TEXT, f"row {row.number}: nothing in {names}")

    def _find(self, fields: Mapping[str, object]) -> dict[str, list[str]]:
        """For each field, the row's names for it; looked up anew only where the columns change."""
        columns = tuple(fields)
        if columns != self._columns:
            wanted = self._names
            self._columns = columns
            self._found = {
                "text": matching(columns, wanted.text), "title": matching(columns, wanted.title),
                "company": matching(columns, wanted.company), "id": matching(columns, wanted.id),
                "location": matching(columns, wanted.location), "source": matching(columns, wanted.source),
            }  # fmt: skip
        return self._found


def as_record(known: Landed, body: str, limits: Limits) -> Record | Quarantined:
    """The record with this text, which is not empty; quarantined where it is too long."""
    text, body_start = compose(known.title, known.company, known.location, body)
    if len(text) > limits.max_text_characters:
        detail = f"{len(text):,} characters, {limits.max_text_characters:,} are allowed"
        return quarantine(known, Reason.TEXT_TOO_LONG, detail)
    return Record(**_fields(known), text=text, body_start=body_start)


def quarantine(known: Landed, reason: Reason, detail: str) -> Quarantined:
    """The record kept aside, with what is known of it."""
    return Quarantined(**_fields(known), reason=reason, detail=detail)


def _fields(known: Landed) -> dict[str, Any]:
    return {name: getattr(known, name) for name in Landed.__slots__}


def _first(fields: Mapping[str, object], names: Sequence[str]) -> str | None:
    for name in names:
        if value := _as_name(fields[name]):
            return value
    return None


def _as_name(value: object, depth: int = 0) -> str:
    """A short field as one line. Of an object its name counts, else its values; of a list, all items."""
    values: list[object] = []
    if isinstance(value, str):
        return " ".join(from_field(clean(value)).split())
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, Mapping) and depth < _DEEPEST:
        named = [value[key] for key in matching(list(value), _NAME_KEYS) if isinstance(value[key], str)]
        values = named[:1] or [v for k, v in value.items() if not k.startswith("@")]
    elif isinstance(value, list) and depth < _DEEPEST:
        values = value
    return ", ".join(filter(None, (_as_name(v, depth + 1) for v in values)))


def _number(value: int | float) -> str:
    """An id or the like; `17.0`, as spreadsheets write 17, as 17; nothing for true, false and NaN."""
    if isinstance(value, bool) or value != value:
        return ""
    return str(int(value) if isinstance(value, float) and value.is_integer() else value)


def _as_text(value: object) -> str:
    """A text field with its line structure: a list as bullets, an object as headed sections.

    Raises:
        NotText: true, false or nesting without end.
    """
    return normalise_lines("\n".join(_text_lines(value, 0)))


def _text_lines(value: object, depth: int) -> list[str]:
    if value is None:
        return []
    if isinstance(value, str):
        text = from_field(clean(value))
        return [text] if text.strip() else []
    if isinstance(value, bool):
        raise NotText(f"holds {json.dumps(value)}")
    if isinstance(value, int | float):
        return [_number(value)] if value == value else []
    if depth == _DEEPEST:
        raise NotText(f"nests more than {_DEEPEST} deep")
    if isinstance(value, list):
        bullet = BULLET if len(value) > 1 else ""
        return [
            bullet + line if isinstance(item, str) else line
            for item in value
            for line in _text_lines(item, depth + 1)
        ]
    if isinstance(value, Mapping):
        lines: list[str] = []
        for key, item in value.items():
            below = [] if key.startswith("@") else _text_lines(item, depth + 1)
            if below and fold_name(key) not in _TEXT_KEYS:
                heading = clean(key).replace("_", " ").strip()
                lines += ["", heading[:1].upper() + heading[1:]]
            lines += below
        return lines
    raise NotText(f"holds a {type(value).__name__}")
