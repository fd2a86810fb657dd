"""What a child role has of its parent: the parent's skills and dimensions beside its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from jd_assets.library.release import RoleEntry


def inherit(roles: Sequence[RoleEntry]) -> tuple[RoleEntry, ...]:
    """The roles, each with the skills and dimensions of its ancestors beside its own.

    KRAs stay a role's own, and inherited skills weigh nothing in the skill signal: both are what tells a
    child from its parent. A chain of parents that leads
    back to its beginning, which the check reports, ends where it would repeat.
    """
    by_slug = {role.slug: role for role in roles}
    return tuple(_with_ancestors(role, by_slug) for role in roles)


def _with_ancestors(role: RoleEntry, by_slug: dict[str, RoleEntry]) -> RoleEntry:
    inherited: list[str] = []
    dimensions = dict(role.dimensions)
    known = {*role.primary, *role.secondary}
    seen = {role.slug}
    parent = by_slug.get(role.parent or "")
    while parent is not None and parent.slug not in seen:
        seen.add(parent.slug)
        added = [s for s in (*parent.primary, *parent.secondary) if s not in known]
        inherited += added
        known.update(added)
        placed = {s for skills in dimensions.values() for s in skills}
        for name, skills in parent.dimensions.items():
            more = tuple(s for s in skills if s not in placed)
            if more:
                dimensions[name] = (*dimensions.get(name, ()), *more)
        parent = by_slug.get(parent.parent or "")
    return replace(role, inherited=tuple(inherited), dimensions=dimensions)
