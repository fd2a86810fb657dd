"""Finds roles and skills by slug, former slug, name or alias, and what a misspelt one may have meant."""

from __future__ import annotations

from dataclasses import dataclass

from rapidfuzz import fuzz, process

from jd_assets.library.entries import Entries
from jd_assets.library.release import RoleEntry, SkillEntry
from jd_assets.library.spelling import fold
from jd_assets.library.titles import title_key

_SUGGESTIONS = 5
_LIKE = 60.0
"""Least ratio, 0 to 100, of a suggestion to what was asked."""


@dataclass(frozen=True)
class Matches:
    roles: tuple[RoleEntry, ...]
    skills: tuple[SkillEntry, ...]


def find(entries: Entries, text: str) -> Matches:
    """Roles and skills that the text names: by slug if there are such, else by name or alias."""
    role_slug = entries.former_roles.get(text, text)
    skill_slug = entries.former_skills.get(text, text)
    by_slug = Matches(
        tuple(r for r in entries.roles if r.slug == role_slug),
        tuple(s for s in entries.skills if s.slug == skill_slug),
    )
    if by_slug.roles or by_slug.skills:
        return by_slug
    key, folded = title_key(text), fold(text)
    return Matches(
        tuple(r for r in entries.roles if key and any(title_key(t) == key for t in (r.name, *r.titles))),
        tuple(s for s in entries.skills if folded and any(fold(a) == folded for a in (s.name, *s.aliases))),
    )


def suggestions(entries: Entries, text: str) -> list[str]:
    """Names and aliases of roles and skills most like the text, best first."""
    known = {n for r in entries.roles for n in (r.name, *r.titles)}
    known |= {n for s in entries.skills for n in (s.name, *s.aliases)}
    found = process.extract(
        text, sorted(known), scorer=fuzz.ratio, processor=str.lower, limit=_SUGGESTIONS, score_cutoff=_LIKE
    )
    return [name for name, _, _ in found]
