"""Reads the top of a made-up posting, with duties below it, and names what was found."""

from __future__ import annotations

from jd_assets.stages.parse import ParsedJd, parse_text

DUTIES = (
    "\n\nResponsibilities\n- Plan the weekly rota\n- Maintain the equipment"
    "\n- Answer questions from clients\n"
)


def read(text: str, **hints: str) -> ParsedJd:
    jd = parse_text(text + DUTIES, **hints)
    assert jd.rejection is None
    return jd


def title(jd: ParsedJd) -> str | None:
    return jd.title.value if jd.title else None


def company(jd: ParsedJd) -> str | None:
    return jd.company.value if jd.company else None
