"""What can be wrong with the roles of a library beyond names that are not there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from jd_assets.library.cycles import cycles
from jd_assets.library.format import Role
from jd_assets.library.load import Library, Placed, Problem, Severity
from jd_assets.library.spelling import fold
from jd_assets.library.titles import title_key
from jd_assets.models.embedder import Embedder, Vectors

SAME_KRA = 0.78
"""Cosine of two KRA phrases from which they are taken for one duty, under the shipped model. Of 20 phrases
and their rewordings ("budget planning and control", "budgeting and cost control") 15 reach it, half of them
0.87; of the shipped library's 11,000 pairs of KRAs of one role none does (99 % are under 0.61, the highest,
of two SAP duties, is 0.776), and of its pairs of KRAs of two roles 1 in 30,000."""

MAX_SHARING = 5
"""A KRA that more roles than this have doesn't tell a role from another."""

MIN_DISTINGUISHING = 3
"""A role's KRA score is the mean over three sentence matches, so three KRAs should be its own."""

TITLES, KRAS, PRIMARY, SECONDARY, DIMENSIONS = (6, None), (8, 14), (10, None), (8, None), (4, 8)
KRA_WORDS, LABEL_WORDS = (3, 8), (2, 5)
_CHUNK_ROWS = 1024

Bounds = tuple[int, int | None]


def role_problems(library: Library, embedder: Embedder) -> Iterator[Problem]:
    """What is wrong with a library's roles."""
    roles = [p for source in library.roles for p in source.placed() if not p.item.retired]
    by_slug = {p.item.slug: p for p in roles}
    yield from _title_problems(library, roles)
    yield from _collision_problems(library, by_slug)
    for cycle in cycles({s: [p.item.parent] for s, p in by_slug.items() if p.item.parent}):
        yield by_slug[cycle[0]].problem(f"cycle of parents: {' -> '.join(cycle)}", "drop one", "parent")
    for placed in roles:
        yield from _counts(placed)
        yield from _wording(placed)
        yield from _skill_lists(placed, by_slug)
    yield from _unused_dimensions(library, roles)
    yield from _kra_likeness(roles, embedder)


def _titles(role: Role) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    yield role.name, ("name",)
    for number, alias in enumerate(role.aliases):
        yield alias, ("aliases", number)


def _title_problems(library: Library, roles: Sequence[Placed[Role]]) -> Iterator[Problem]:
    allowed: dict[str, set[str]] = defaultdict(set)
    for source in library.roles:
        for title, slugs in source.content.collisions.items():
            allowed[title_key(title)] |= set(slugs)
    holders: dict[str, list[tuple[Placed[Role], str, tuple[str | int, ...]]]] = defaultdict(list)
    for placed in roles:
        seen: set[str] = set()
        for title, part in _titles(placed.item):
            key = title_key(title)
            if not key:
                yield placed.problem(
                    f"{placed.item.slug}: title {title!r} has level and filler words only",
                    "drop it; it is never found",
                    *part,
                )
            elif key not in seen:
                seen.add(key)
                holders[key].append((placed, title, part))
    for key, held in holders.items():
        listed = [h for h in held if h[0].item.slug in allowed[key]]
        others = sorted((h for h in held if h not in listed), key=lambda h: h[2] != ("name",))
        owner = (listed or others)[0][0]
        owned = f"{owner.item.slug!r} ({owner.where})"
        for placed, title, part in others if listed else others[1:]:
            read = "" if key == title.lower() else f", read as {key!r},"
            yield placed.problem(
                f"{title!r}{read} is a title of {placed.item.slug!r} and of {owned}",
                "leave it with one of them, or list both under collisions",
                *part,
            )


def _collision_problems(library: Library, by_slug: dict[str, Placed[Role]]) -> Iterator[Problem]:
    for source in library.roles:
        for title, slugs in source.content.collisions.items():
            key, path = title_key(title), ("collisions", title)
            if len(set(slugs)) < 2:
                what = f"collision {title!r} lists fewer than two roles"
                yield source.problem(path, what, "list every role that has the title, or drop it")
            for number, slug in enumerate(slugs):
                if slug not in by_slug:
                    what, cure = f"collision {title!r}: {slug!r} is no role", "use a role's slug"
                    yield source.problem((*path, number), what, cure)
                elif key not in {title_key(t) for t, _ in _titles(by_slug[slug].item)}:
                    what, cure = f"collision {title!r}: {slug!r} has no such title", "add it to its aliases"
                    yield source.problem((*path, number), what, cure, Severity.WARNING)


def _counts(placed: Placed[Role]) -> Iterator[Problem]:
    role = placed.item
    keys = {title_key(a) for a in role.aliases} - {title_key(role.name), ""}
    found: list[tuple[str, int, Bounds]] = [
        ("titles besides its name", len(keys), TITLES),
        ("KRAs", len(role.kras), KRAS),
        ("primary skills", len(role.skills.primary), PRIMARY),
        ("secondary skills", len(role.skills.secondary), SECONDARY),
        ("dimensions", len(role.dimensions), DIMENSIONS),
    ]
    wrong = [f"{n} {what} ({_wanted(bounds)})" for what, n, bounds in found if not _within(n, bounds)]
    if wrong:
        yield placed.problem(
            f"{role.slug} has {', '.join(wrong)}", "add or drop some", severity=Severity.WARNING
        )


def _within(count: int, bounds: Bounds) -> bool:
    least, most = bounds
    return least <= count and (most is None or count <= most)


def _wanted(bounds: Bounds) -> str:
    least, most = bounds
    return f"wanted {least} or more" if most is None else f"wanted {least} to {most}"


def _wording(placed: Placed[Role]) -> Iterator[Problem]:
    role, warning = placed.item, Severity.WARNING
    seen: set[str] = set()
    for number, kra in enumerate(role.kras):
        if not _within(len(kra.kra.split()), KRA_WORDS):
            what = f"{role.slug}: KRA {kra.kra!r} has {len(kra.kra.split())} words ({_wanted(KRA_WORDS)})"
            yield placed.problem(what, "reword it", "kras", number, "kra", severity=warning)
        for place, sentence in enumerate(kra.says):
            if (folded := fold(sentence)) in seen:
                what = f"{role.slug}: the sentence {sentence!r} stands there twice"
                yield placed.problem(what, "reword one", "kras", number, "says", place, severity=warning)
            seen.add(folded)
    label = role.baseline.nature_of_work.label
    if not _within(len(label.split()), LABEL_WORDS):
        what = (
            f"{role.slug}: nature of work {label!r} has {len(label.split())} words ({_wanted(LABEL_WORDS)})"
        )
        yield placed.problem(what, "reword it", "baseline", "nature_of_work", "label", severity=warning)


def _skill_lists(placed: Placed[Role], by_slug: dict[str, Placed[Role]]) -> Iterator[Problem]:
    role = placed.item
    primary = {fold(s) for s in role.skills.primary}
    for number, name in enumerate(role.skills.secondary):
        if fold(name) in primary:
            yield placed.problem(
                f"{role.slug}: {name!r} is a primary and a secondary skill",
                "leave it in one of the lists",
                "skills", "secondary", number,
                severity=Severity.WARNING,
            )  # fmt: skip
    own = {fold(s) for s in _own_and_inherited(role, by_slug)}
    for dimension, names in role.dimensions.items():
        for number, name in enumerate(names):
            if fold(name) not in own:
                yield placed.problem(
                    f"{role.slug}: {name!r} of dimension {dimension!r} is none of the role's skills",
                    "add it to them, or drop it here",
                    "dimensions", dimension, number,
                    severity=Severity.WARNING,
                )  # fmt: skip


def _own_and_inherited(role: Role, by_slug: dict[str, Placed[Role]]) -> Iterator[str]:
    passed: set[str] = set()
    while role.slug not in passed:
        passed.add(role.slug)
        yield from (*role.skills.primary, *role.skills.secondary)
        if role.parent in by_slug:
            role = by_slug[role.parent].item


def _unused_dimensions(library: Library, roles: Sequence[Placed[Role]]) -> Iterator[Problem]:
    used = {d for p in roles for d in p.item.dimensions}
    for number, group in enumerate(library.dimensions.content.groups):
        for place, name in enumerate(group.dimensions):
            if name not in used:
                yield library.dimensions.problem(
                    ("groups", number, "dimensions", place),
                    f"no role uses dimension {name!r}",
                    "use it in a role, or drop it",
                    Severity.WARNING,
                )


def _kra_likeness(roles: Sequence[Placed[Role]], embedder: Embedder) -> Iterator[Problem]:
    phrases = [kra.kra for p in roles for kra in p.item.kras]
    if not phrases:
        return
    vectors = embedder.embed(phrases)
    starts = np.cumsum([0, *(len(p.item.kras) for p in roles)])
    sharing = _sharing(vectors, starts[:-1].tolist())
    for placed, start, end in zip(roles, starts, starts[1:], strict=False):
        role, own = placed.item, vectors[start:end]
        alike = np.argwhere(np.triu(own @ own.T >= SAME_KRA, 1))
        for one, other in alike.tolist():
            yield placed.problem(
                f"{role.slug}: KRA {role.kras[other].kra!r} says about the same as {role.kras[one].kra!r}",
                "merge or reword them",
                "kras", other,
                severity=Severity.WARNING,
            )  # fmt: skip
        shared = sharing[start:end]
        for number in np.flatnonzero(shared > MAX_SHARING).tolist():
            yield placed.problem(
                f"{role.slug}: {shared[number]} roles have KRA {role.kras[number].kra!r} or one like it",
                "say what is this role's own in it",
                "kras", number,
                severity=Severity.WARNING,
            )  # fmt: skip
        distinguishing = int((shared <= MAX_SHARING).sum())
        if distinguishing < min(MIN_DISTINGUISHING, len(role.kras)):
            yield placed.problem(
                f"{role.slug}: {distinguishing} of {len(role.kras)} KRAs tell it from other roles",
                f"give it {MIN_DISTINGUISHING} that at most {MAX_SHARING} roles have",
                "kras",
            )


def _sharing(vectors: Vectors, starts: list[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """How many roles have each KRA or one like it, shape (KRAs,); `starts` are the roles' first rows."""
    counts = np.empty(len(vectors), dtype=np.int64)
    for row in range(0, len(vectors), _CHUNK_ROWS):
        alike = vectors[row : row + _CHUNK_ROWS] @ vectors.T >= SAME_KRA
        counts[row : row + _CHUNK_ROWS] = np.logical_or.reduceat(alike, starts, axis=1).sum(axis=1)
    return counts
