"""Adds to a library what approved review decisions say: skills, spellings, KRAs, titles and roles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from jd_assets.library.format import Additions, NewRole, NewSkill, Role, RoleAdditions, Skill, SkillFile
from jd_assets.library.load import Library, LibraryError, Problem, RoleSource, SkillSource, SourceFile
from jd_assets.library.spelling import fold
from jd_assets.library.titles import title_key


def with_additions(library: Library, source: SourceFile, additions: Additions) -> Library:
    """The library with the additions of a file in it; its hash stays.

    What the library has by now, because it was written into its files since, is passed over.

    Raises:
        LibraryError: an addition names a category, skill, role or domain that the library lacks.
    """
    problems: list[Problem] = []
    skills = [*library.skills, *_new_skills(library, source, additions.skills, problems)]
    skills = _with_aliases(skills, source, additions.skill_aliases, problems)
    known = _spellings(skills)
    roles = _with_new_roles(library.roles, source, additions.new_roles, problems)
    roles = _with_role_additions(roles, source, additions.roles, known, problems)
    roles = _with_collisions(roles, additions.collisions)
    if problems:
        raise LibraryError(problems)
    return replace(library, skills=tuple(skills), roles=tuple(roles))


def _spellings(parts: Iterable[SkillSource]) -> set[str]:
    """The folded names and aliases of all skills."""
    return {fold(s) for part in parts for p in part.placed() for s in (p.item.name, *p.item.aliases)}


def _new_skills(
    library: Library, source: SourceFile, added: Sequence[NewSkill], problems: list[Problem]
) -> list[SkillSource]:
    """A file of skills for each category that the additions name."""
    known = _spellings(library.skills)
    defaults = {part.content.category: part.content.defaults for part in library.skills}
    by_category: dict[str, list[Skill]] = defaultdict(list)
    for number, skill in enumerate(added):
        if skill.category not in defaults:
            problems.append(
                source.problem(
                    ("skills", number, "category"),
                    f"category {skill.category!r} has no file",
                    f"use one of {', '.join(sorted(defaults))}",
                )
            )
        elif fold(skill.name) not in known:
            aliases = [alias for alias in skill.aliases if fold(alias) not in known]
            plain = {name: getattr(skill, name) for name in Skill.model_fields} | {"aliases": aliases}
            by_category[skill.category].append(Skill.model_construct(**plain))
    return [
        SkillSource(
            f"{source.name} ({category})",
            source.lines,
            SkillFile.model_construct(category=category, defaults=defaults[category], skills=skills),
        )
        for category, skills in sorted(by_category.items())
    ]


def _with_aliases(
    parts: Iterable[SkillSource],
    source: SourceFile,
    added: dict[str, list[str]],
    problems: list[Problem],
) -> list[SkillSource]:
    parts = list(parts)
    spelled = {
        fold(spelling): (place, number)
        for place, part in enumerate(parts)
        for number, skill in enumerate(part.content.skills)
        if not skill.retired
        for spelling in (skill.name, *skill.aliases)
    }
    more: dict[tuple[int, int], list[str]] = defaultdict(list)
    for name, aliases in added.items():
        if fold(name) not in spelled:
            problems.append(
                source.problem(
                    ("skill_aliases", name), f"skill {name!r} is in no file", "use a name that is there"
                )
            )
            continue
        for alias in aliases:
            if spelled.setdefault(fold(alias), spelled[fold(name)]) == spelled[fold(name)]:
                more[spelled[fold(name)]].append(alias)
    for (place, number), aliases in more.items():
        content = parts[place].content
        skill = content.skills[number]
        own = {fold(s) for s in (skill.name, *skill.aliases)}
        kept = list(dict.fromkeys(a for a in aliases if fold(a) not in own))
        skills = list(content.skills)
        skills[number] = skill.model_copy(update={"aliases": [*skill.aliases, *kept]})
        parts[place] = replace(parts[place], content=content.model_copy(update={"skills": skills}))
    return parts


def _with_new_roles(
    parts: Iterable[RoleSource], source: SourceFile, added: Sequence[NewRole], problems: list[Problem]
) -> list[RoleSource]:
    parts = list(parts)
    by_domain = {part.content.domain: place for place, part in enumerate(parts)}
    known = {p.item.slug for part in parts for p in part.placed()}
    for number, new in enumerate(added):
        if new.domain not in by_domain:
            problems.append(
                source.problem(
                    ("new_roles", number, "domain"),
                    f"domain {new.domain!r} has no file",
                    f"use one of {', '.join(sorted(by_domain))}",
                )
            )
        elif new.slug not in known:
            place = by_domain[new.domain]
            content = parts[place].content
            role = Role.model_construct(**{name: getattr(new, name) for name in Role.model_fields})
            content = content.model_copy(update={"roles": [*content.roles, role]})
            parts[place] = replace(parts[place], content=content)
    return parts


def _with_role_additions(
    parts: Iterable[RoleSource],
    source: SourceFile,
    added: dict[str, RoleAdditions],
    known_skills: set[str],
    problems: list[Problem],
) -> list[RoleSource]:
    parts = list(parts)
    places = {
        p.item.slug: (place, number)
        for place, part in enumerate(parts)
        for number, p in enumerate(part.placed())
        if not p.item.retired
    }
    for slug, more in added.items():
        for name in (*more.primary, *more.secondary):
            if fold(name) not in known_skills:
                problems.append(
                    source.problem(
                        ("roles", slug), f"{slug}: skill {name!r} is in no file", "add it under skills"
                    )
                )
        if slug not in places:
            problems.append(
                source.problem(("roles", slug), f"{slug!r} is no role", "use the slug of one that is there")
            )
            continue
        place, number = places[slug]
        content = parts[place].content
        roles = list(content.roles)
        roles[number] = _extended(roles[number], more)
        parts[place] = replace(parts[place], content=content.model_copy(update={"roles": roles}))
    return parts


def _extended(role: Role, more: RoleAdditions) -> Role:
    titles = {title_key(t) for t in (role.name, *role.aliases)}
    duties = {fold(k.kra) for k in role.kras}
    skills = {fold(s) for s in (*role.skills.primary, *role.skills.secondary)}
    primary = [s for s in more.primary if fold(s) not in skills]
    secondary = [s for s in more.secondary if fold(s) not in skills | {fold(p) for p in primary}]
    return role.model_copy(
        update={
            "aliases": [*role.aliases, *(a for a in more.aliases if title_key(a) not in titles)],
            "kras": [*role.kras, *(k for k in more.kras if fold(k.kra) not in duties)],
            "skills": role.skills.model_copy(
                update={
                    "primary": [*role.skills.primary, *primary],
                    "secondary": [*role.skills.secondary, *secondary],
                }
            ),
        }
    )


def _with_collisions(parts: Iterable[RoleSource], added: dict[str, list[str]]) -> list[RoleSource]:
    """Each collision stands in the file of its first role; one that stands anywhere by now is kept."""
    parts = list(parts)
    known = {title_key(title) for part in parts for title in part.content.collisions}
    places = {p.item.slug: place for place, part in enumerate(parts) for p in part.placed()}
    for title, slugs in added.items():
        if title_key(title) in known or slugs[0] not in places:
            continue
        content = parts[places[slugs[0]]].content
        content = content.model_copy(update={"collisions": {**content.collisions, title: slugs}})
        parts[places[slugs[0]]] = replace(parts[places[slugs[0]]], content=content)
    return parts
