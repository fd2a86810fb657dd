"""Writes library files as a person would: blocks, with short lists on one line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from enum import Enum
from typing import Any

from pydantic import BaseModel

_WIDTH = 110
_PLAIN_IN_FLOW = re.compile(r"[A-Za-z](?:[A-Za-z0-9 ./'()&+*_-]*[A-Za-z0-9.)+])?")
_PLAIN_IN_BLOCK = re.compile(r"[A-Za-z](?:[A-Za-z0-9 ./'()&+*_,;?!%$@-]*[A-Za-z0-9.)+])?")
_NO_STRINGS = frozenset("y n yes no on off true false null none nan inf".split())


def library_yaml(content: BaseModel, schema: str) -> str:
    """A library file's text; `schema` is the path of its JSON Schema, for editors.

    Unset values and defaults are left out.
    """
    lines = [f"# yaml-language-server: $schema={schema}", *_mapping(_data(content), 0)]
    return "\n".join(lines) + "\n"


def _data(value: Any) -> Any:
    """Plain values; of a model's fields its own first, such as a skill's name, then the inherited ones."""
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        names = sorted(fields, key=lambda name: name not in type(value).__annotations__)
        kept = (
            n
            for n in names
            if fields[n].is_required()
            or getattr(value, n) != fields[n].get_default(call_default_factory=True)
        )
        return {name: _data(getattr(value, name)) for name in kept}
    if isinstance(value, dict):
        return {key: _data(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_data(item) for item in value]
    return value.value if isinstance(value, Enum) else value


def _mapping(data: dict[str, Any], indent: int) -> Iterator[str]:
    for key, value in data.items():
        yield from _entry(f"{' ' * indent}{_scalar(key)}:", value, indent + 2)


def _entry(head: str, value: Any, indent: int) -> Iterator[str]:
    inline = _inline(value, _WIDTH - len(head))
    if inline is not None:
        yield f"{head} {inline}"
        return
    yield head
    yield from _mapping(value, indent) if isinstance(value, dict) else _sequence(value, indent)


def _sequence(items: list[Any], indent: int) -> Iterator[str]:
    dash = f"{' ' * indent}- "
    for item in items:
        inline = _inline(item, _WIDTH - len(dash))
        if inline is not None:
            yield dash + inline
        else:
            lines = list(
                _mapping(item, indent + 2) if isinstance(item, dict) else _sequence(item, indent + 2)
            )
            yield dash + lines[0].lstrip()
            yield from lines[1:]


def _inline(value: Any, room: int) -> str | None:
    """The value on one line, where it fits; a scalar always does."""
    if not isinstance(value, dict | list):
        return _scalar(value, _PLAIN_IN_BLOCK)
    text = _flow(value)
    return text if len(text) <= room or not value else None


def _flow(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_scalar(k)}: {_flow(v)}' for k, v in value.items())}}}"
    return _scalar(value)


def _scalar(value: Any, plain: re.Pattern[str] = _PLAIN_IN_FLOW) -> str:
    """Plain where YAML takes it for the same string, else in double quotes; numbers as they are."""
    if not isinstance(value, str):
        return json.dumps(value)
    if plain.fullmatch(value) and value.lower() not in _NO_STRINGS:
        return value
    return f'"{"".join(map(_escaped, value))}"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    return character if character.isprintable() else f"\\U{ord(character):08x}"
