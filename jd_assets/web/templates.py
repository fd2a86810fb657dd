"""The page templates, and how they write values."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.templating import Jinja2Templates

_HERE = Path(__file__).resolve().parent
STATIC = _HERE / "static"


def usd(value: float | None) -> str:
    """An amount of USD; what was not paid is $0."""
    return f"${value or 0.0:.4f}"


def _share(value: float | None) -> str:
    """A part of 1 in percent; a dash where there is none."""
    return "–" if value is None else f"{100 * value:.0f} %"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True)


def _environment() -> Environment:
    # Everything is escaped whatever its file is called; no template marks a value as safe.
    made = Environment(
        loader=FileSystemLoader(_HERE / "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"usd": usd, "share": _share, "number": _number, "pretty": _json}
    return made


TEMPLATES = Jinja2Templates(env=_environment())
