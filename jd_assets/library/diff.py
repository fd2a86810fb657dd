"""What changed from one library to another: roles, skills and dimensions, down to aliases and KRAs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from jd_assets.library.entries import Entries
from jd_assets.library.release import RoleEntry, SkillEntry

_LISTS = {"titles": "alias", "aliases": "alias", "kras": "KRA"}


@dataclass(frozen=True, slots=True)
class Change:
    """A role, skill or dimension that is `added`, `removed`, `renamed` or `changed`, and in what."""

    kind: str
    slug: str
    name: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class LibraryDiff:
    """Changes in the order of the slugs."""

    roles: tuple[Change, ...]
    skills: tuple[Change, ...]
    dimensions: tuple[Change, ...]

    @property
    def same(self) -> bool:
        return not (self.roles or self.skills or self.dimensions)


def diff(old: Entries, new: Entries) -> LibraryDiff:
    """What changed; an entry whose slug is a former one of the new library's was renamed."""
    return LibraryDiff(
        roles=tuple(_changes(old.roles, new.roles, new.former_roles)),
        skills=tuple(_changes(old.skills, new.skills, new.former_skills)),
        dimensions=tuple(_dimension_changes(old.dimension_groups, new.dimension_groups)),
    )


def _changes(
    old: Sequence[RoleEntry] | Sequence[SkillEntry],
    new: Sequence[RoleEntry] | Sequence[SkillEntry],
    former: Mapping[str, str],
) -> Iterator[Change]:
    before = {former.get(e.slug, e.slug): e for e in old}
    after = {e.slug: e for e in new}
    for slug in sorted(before.keys() | after.keys()):
        was, now = before.get(slug), after.get(slug)
        if was is None and now is not None:
            yield Change("added", slug, now.name)
        elif now is None and was is not None:
            yield Change("removed", slug, was.name)
        elif was is not None and now is not None:
            details = tuple(_details(was, now))
            if was.slug != now.slug:
                yield Change("renamed", slug, now.name, (f"slug {was.slug} -> {now.slug}", *details))
            elif details:
                yield Change("changed", slug, now.name, details)


def _details(was: RoleEntry | SkillEntry, now: RoleEntry | SkillEntry) -> Iterator[str]:
    for field in fields(now):
        before, after = getattr(was, field.name), getattr(now, field.name)
        if before == after or field.name == "slug":
            continue
        if field.name == "says":
            yield from _reworded(was, now)
        elif isinstance(after, tuple):
            what = _LISTS.get(field.name, field.name)
            yield from (f"{sign} {what} {item}" for sign, item in _in_and_out(before, after))
        elif isinstance(after, dict):
            for key in dict.fromkeys((*before, *after)):
                listed = _in_and_out(before.get(key, ()), after.get(key, ()))
                yield from (f"{sign} {key}: {item}" for sign, item in listed)
        else:
            yield f"{field.name} {_shown(before)} -> {_shown(after)}"


def _shown(value: Any) -> str:
    return "none" if value is None else str(value)


def _reworded(was: Any, now: Any) -> Iterator[str]:
    before = dict(zip(was.kras, was.says, strict=True))
    for kra, says in zip(now.kras, now.says, strict=True):
        if kra in before and before[kra] != says:
            yield f"KRA {kra} reworded"


def _in_and_out(before: Iterable[str], after: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Items that went and came; if they only changed places, that."""
    old, new = list(before), list(after)
    gone, come = [i for i in old if i not in new], [i for i in new if i not in old]
    yield from (("-", item) for item in gone)
    yield from (("+", item) for item in come)
    if not gone and not come and old != new:
        yield "~", "in another order"


def _dimension_changes(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    for name in sorted(old.keys() | new.keys()):
        if name not in old:
            yield Change("added", name, name)
        elif name not in new:
            yield Change("removed", name, name)
        elif old[name] != new[name]:
            yield Change("changed", name, name, (f"group {old[name]} -> {new[name]}",))
