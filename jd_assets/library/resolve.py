"""Looks up every name of a library: what the files say of each other, as entries that name slugs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from jd_assets.library.format import Role, Skill, SkillDefaults
from jd_assets.library.inherit import inherit
from jd_assets.library.load import Library, Placed, Problem
from jd_assets.library.release import RoleEntry, SkillEntry
from jd_assets.library.spelling import fold

MAX_WORDS = 20
"""Words of the longest spelling; O*NET's longest technology has 13."""

Item = TypeVar("Item", Role, Skill)
Lookup = Callable[[str, tuple[str | int, ...]], str | None]
"""The slug of a skill's name or alias; what is not there becomes a problem at the part given."""


@dataclass(frozen=True)
class Resolved:
    """A library's roles by id and its skills in the order of the files, without the retired ones.

    `skill_slugs` has the slug of each folded spelling; `former_*` the slug of each former slug. With
    `problems`, an entry lacks what could not be looked up.
    """

    roles: tuple[RoleEntry, ...]
    skills: tuple[SkillEntry, ...]
    dimension_groups: dict[str, str]
    skill_slugs: dict[str, str]
    former_roles: dict[str, str]
    former_skills: dict[str, str]
    problems: tuple[Problem, ...]


def resolve(library: Library) -> Resolved:
    """Looks up every name of a library; nothing raises, what is wrong is in `problems`."""
    problems: list[Problem] = []
    groups = _dimension_groups(library, problems)
    skills = [placed for source in library.skills for placed in source.placed()]
    roles = [placed for source in library.roles for placed in source.placed()]
    live_skills = _skills_by_slug(skills, problems)
    slugs = _slugs_by_spelling(live_skills, problems)
    retired = {fold(s) for p in skills if p.item.retired for s in (p.item.name, *p.item.aliases)}
    live_roles = _roles_by_slug(roles, problems)
    return Resolved(
        skills=_skill_entries(library, live_skills, slugs, retired, problems),
        roles=_role_entries(library, live_roles, slugs, retired, groups, problems),
        dimension_groups=groups,
        skill_slugs=slugs,
        former_skills=_former(live_skills, problems),
        former_roles=_former(live_roles, problems),
        problems=tuple(problems),
    )


def slugify(name: str) -> str:
    """A skill's slug made from its name: C++ -> c-plus-plus, C# -> c-sharp, .NET -> dot-net."""
    words = name.lower().replace("+", " plus ").replace("#", " sharp ").replace("&", " and ")
    words = words.replace(" .", " dot ").replace(".", " dot " if words.startswith(".") else " ")
    kept = "".join(c if c.isascii() and c.isalnum() else " " for c in words)
    return "-".join(kept.split())


def _dimension_groups(library: Library, problems: list[Problem]) -> dict[str, str]:
    groups: dict[str, str] = {}
    for number, group in enumerate(library.dimensions.content.groups):
        for place, name in enumerate(group.dimensions):
            if (other := groups.setdefault(name, group.group)) != group.group:
                problems.append(
                    library.dimensions.problem(
                        ("groups", number, "dimensions", place),
                        f"dimension {name!r} is also in group {other!r}",
                        "leave it in one of them",
                    )
                )
    return groups


def _skills_by_slug(skills: Iterable[Placed[Skill]], problems: list[Problem]) -> dict[str, Placed[Skill]]:
    found: dict[str, Placed[Skill]] = {}
    for placed in skills:
        if placed.item.retired:
            continue
        slug = placed.item.slug or slugify(placed.item.name)
        if not slug:
            problems.append(placed.problem(f"no slug can be made of {placed.item.name!r}", "give it a slug"))
        elif slug in found:
            problems.append(
                placed.problem(
                    f"slug {slug!r} is also {found[slug].item.name!r}'s ({found[slug].where})",
                    "merge them, or give one a slug",
                )
            )
        else:
            found[slug] = placed
    return found


def _slugs_by_spelling(skills: Mapping[str, Placed[Skill]], problems: list[Problem]) -> dict[str, str]:
    slugs: dict[str, str] = {}
    for slug, placed in skills.items():
        parts: list[tuple[str, tuple[str | int, ...]]] = [(placed.item.name, ("name",))]
        parts += [(alias, ("aliases", i)) for i, alias in enumerate(placed.item.aliases)]
        for spelling, part in parts:
            folded = fold(spelling)
            if not 0 < (words := len(folded.split())) <= MAX_WORDS:
                what = f"{slug}: spelling {spelling!r} has {words} words, not 1 to {MAX_WORDS}"
                problems.append(placed.problem(what, "drop it", *part))
            elif (other := slugs.setdefault(folded, slug)) != slug:
                problems.append(
                    placed.problem(
                        f"{spelling!r} is a spelling of {slug!r} and of {other!r} ({skills[other].where})",
                        "leave it with one of them",
                        *part,
                    )
                )
    return slugs


def _roles_by_slug(roles: Iterable[Placed[Role]], problems: list[Problem]) -> dict[str, Placed[Role]]:
    found: dict[str, Placed[Role]] = {}
    ids: dict[int, Placed[Role]] = {}
    for placed in roles:
        role = placed.item
        if role.retired:
            continue
        for other, what in ((found.get(role.slug), "slug"), (ids.get(role.id), "id")):
            if other:
                problems.append(
                    placed.problem(
                        f"{role.slug!r} has the {what} of {other.item.slug!r} ({other.where})",
                        "give it its own",
                        what,
                    )
                )
        found.setdefault(role.slug, placed)
        ids.setdefault(role.id, placed)
    return found


def _former(live: Mapping[str, Placed[Item]], problems: list[Problem]) -> dict[str, str]:
    """Slugs in use by former slug. A former slug may be a retired one's, not one in use or of two."""
    former: dict[str, str] = {}
    for slug, placed in live.items():
        for number, old in enumerate(placed.item.formerly):
            taken = old if old in live else former.get(old, slug)
            if old in live or taken != slug:
                problems.append(
                    placed.problem(
                        f"{slug}: former slug {old!r} leads to {taken!r} ({live[taken].where})",
                        "leave it with one of them",
                        "formerly",
                        number,
                    )
                )
            former.setdefault(old, slug)
    return former


def _lookup(
    placed: Placed[Role] | Placed[Skill],
    who: str,
    slugs: Mapping[str, str],
    retired: set[str],
    problems: list[Problem],
) -> Lookup:
    seen: set[str] = set()

    def look_up(name: str, part: tuple[str | int, ...]) -> str | None:
        folded = fold(name)
        if (slug := slugs.get(folded)) is not None or folded in seen:
            return slug
        seen.add(folded)
        if folded in retired:
            what, cure = f"{who}: skill {name!r} is retired", "use what took its place"
        else:
            what, cure = (
                f"{who}: skill {name!r} is in no file",
                "add it to skills/, or use a name that is there",
            )
        problems.append(placed.problem(what, cure, *part))
        return None

    return look_up


def _all_of(look_up: Lookup, names: Sequence[str], *part: str | int) -> tuple[str, ...]:
    found = (look_up(name, (*part, i)) for i, name in enumerate(names))
    return tuple(dict.fromkeys(slug for slug in found if slug is not None))


def _skill_entries(
    library: Library,
    live: Mapping[str, Placed[Skill]],
    slugs: Mapping[str, str],
    retired: set[str],
    problems: list[Problem],
) -> tuple[SkillEntry, ...]:
    entries: list[SkillEntry] = []
    contents = {source.name: source.content for source in library.skills}
    for slug, placed in live.items():
        skill, content = placed.item, contents[placed.source.name]
        traits = _traits(skill, content.defaults)
        look_up = _lookup(placed, slug, slugs, retired, problems)
        related = skill.related
        entries.append(
            SkillEntry(
                slug=slug,
                name=skill.name,
                category=content.category,
                sub_category=traits.sub_category,
                nature=traits.nature.value,
                volatility=traits.volatility.value,
                lifespan=traits.lifespan.value,
                versions=traits.versions.value,
                kind=traits.kind.value,
                ai=skill.ai.value if skill.ai else None,
                aliases=tuple(skill.aliases),
                ambiguous=tuple(skill.ambiguous.surfaces) if skill.ambiguous else (),
                context=tuple(skill.ambiguous.context) if skill.ambiguous else (),
                parent=look_up(related.parent, ("related", "parent")) if related.parent else None,
                requires=_all_of(look_up, related.requires, "related", "requires"),
                alternatives=_all_of(look_up, related.alternatives, "related", "alternatives"),
            )
        )
    return tuple(entries)


def _traits(skill: Skill, defaults: SkillDefaults) -> SkillDefaults:
    own = {k: v for k in SkillDefaults.model_fields if (v := getattr(skill, k)) is not None}
    return defaults.model_copy(update=own)


def _role_entries(
    library: Library,
    live: Mapping[str, Placed[Role]],
    slugs: Mapping[str, str],
    retired: set[str],
    groups: Mapping[str, str],
    problems: list[Problem],
) -> tuple[RoleEntry, ...]:
    entries: list[RoleEntry] = []
    domains = {source.name: source.content.domain for source in library.roles}
    for slug, placed in live.items():
        role, baseline = placed.item, placed.item.baseline
        look_up = _lookup(placed, slug, slugs, retired, problems)
        primary = _all_of(look_up, role.skills.primary, "skills", "primary")
        secondary = _all_of(look_up, role.skills.secondary, "skills", "secondary")
        if role.parent and role.parent not in live:
            problems.append(
                placed.problem(f"{slug}: parent {role.parent!r} is no role", "use a role's slug", "parent")
            )
        problems.extend(
            placed.problem(
                f"{slug}: dimension {name!r} is not in dimensions.yaml",
                "add it there, or use one that is",
                "dimensions",
                name,
            )
            for name in role.dimensions
            if name not in groups
        )
        entries.append(
            RoleEntry(
                id=role.id,
                slug=slug,
                name=role.name,
                domain=domains[placed.source.name],
                parent=role.parent,
                archetype=role.archetype,
                titles=tuple(role.aliases),
                kras=tuple(k.kra for k in role.kras),
                says=tuple(tuple(k.says) for k in role.kras),
                primary=primary,
                secondary=tuple(s for s in secondary if s not in primary),
                dimensions={
                    d: _all_of(look_up, names, "dimensions", d) for d, names in role.dimensions.items()
                },
                ai_index=baseline.ai_index.index,
                ai_reason=baseline.ai_index.reason,
                maturity_level=baseline.tech_stack_maturity.level.value,
                maturity_sentence=baseline.tech_stack_maturity.sentence,
                nature_label=baseline.nature_of_work.label,
                nature_sentence=baseline.nature_of_work.sentence,
            )
        )
    return inherit(sorted(entries, key=lambda e: e.id))
