"""What can be wrong with the skills of a library beyond names that are not there."""

from __future__ import annotations

from collections.abc import Iterator

from jd_assets.library.cycles import cycles
from jd_assets.library.format import Skill, SkillKind
from jd_assets.library.load import Library, Placed, Problem, Severity, SkillSource
from jd_assets.library.resolve import Resolved
from jd_assets.library.spelling import fold, written_as_one

COMMON_WORDS = frozenset(
    """access account action agile air analysis application architecture art assembly asset audit
    balance base basic bench board book brand bridge budget build business call capital care case cash
    cell center change channel charge chart chat check chef claim class clean client close cloud coach
    code commerce communication company compliance concept contact content context control cost course
    craft culture customer dash data deal delivery demand design desk detail development dig digital
    discovery document domain drawing drive edge effect energy engineering enterprise equipment event
    excel exchange expense express field figure file film finance fire fit flash flask flow food force
    form forward foundation framework frame function game gas general glue go grid ground group growth
    guide hardware health help hive home hub image impact improvement industry information initiative
    innovation insight install instrument integration issue job journey knowledge label language law
    lead leadership learning less library life light line link list load local log logic loom machine
    mail maintenance management manual map market master match material matter media medical memory
    method metric mission mobile model module money monitoring motion network news note object office
    online operation order outlook output outreach pace package paint panel paper partner performance
    phone pipeline plan planning plant platform play plus point policy portal position post power
    practice premiere present presentation process product production profile program project proof
    prospect publisher pulse purpose quality query quick range rate react reach record red release
    remote report reporting research resource response rest result retail review ring risk role room
    root route rule safety sale scale scheme school science scope score screen script search section
    security self send sequence server service session shape sharp shell shift shiny sketch slate smart
    social software solution sourcing space spark spring sprint square stack stage standard station
    stock storage story strategy stream structure student studio study support survey swift switch
    system table tag talent target task team technical technology test testing text theme thread ticket
    time tool track trade traffic training transport travel unit unity vault vendor version video vision
    voice volume walk watch water wave web word work workflow writing""".split()
)
"""Ordinary words that postings are full of: as the spelling of a hard skill they need context."""


def skill_problems(library: Library, resolved: Resolved) -> Iterator[Problem]:
    """What is wrong with a library's skills; `resolved` is the same library's."""
    for source in library.skills:
        for placed in source.placed():
            if not placed.item.retired:
                yield from _surface_problems(placed, source)
                yield from _common_words(placed, source)
    yield from _cycles(library, resolved)
    yield from _one_word_clashes(library, resolved)
    yield from _orphans(library, resolved)


def _spellings(skill: Skill) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    yield skill.name, ("name",)
    for number, alias in enumerate(skill.aliases):
        yield alias, ("aliases", number)


def _surface_problems(placed: Placed[Skill], source: SkillSource) -> Iterator[Problem]:
    skill = placed.item
    if skill.ambiguous is None:
        return
    known = {fold(s) for s, _ in _spellings(skill)}
    for number, surface in enumerate(skill.ambiguous.surfaces):
        if fold(surface) not in known:
            yield placed.problem(
                f"{skill.name!r}: ambiguous surface {surface!r} is none of its spellings",
                "add it to the aliases, or drop it",
                "ambiguous", "surfaces", number,
            )  # fmt: skip


def _common_words(placed: Placed[Skill], source: SkillSource) -> Iterator[Problem]:
    skill = placed.item
    if (skill.kind or source.content.defaults.kind) is SkillKind.SOFT:
        return
    guarded = {fold(s) for s in skill.ambiguous.surfaces} if skill.ambiguous else set()
    for spelling, part in _spellings(skill):
        folded = fold(spelling)
        if folded in COMMON_WORDS and folded not in guarded:
            yield placed.problem(
                f"{skill.name!r}: {spelling!r} is an ordinary word, and would be found in any text",
                "list it under ambiguous.surfaces with words that make it the skill",
                *part,
            )


def _by_slug(library: Library, resolved: Resolved) -> dict[str, Placed[Skill]]:
    found: dict[str, Placed[Skill]] = {}
    for source in library.skills:
        for placed in source.placed():
            slug = resolved.skill_slugs.get(fold(placed.item.name))
            if slug and not placed.item.retired:
                found.setdefault(slug, placed)
    return found


def _cycles(library: Library, resolved: Resolved) -> Iterator[Problem]:
    places = _by_slug(library, resolved)
    for name, links in (
        ("parent", {s.slug: [s.parent] if s.parent else [] for s in resolved.skills}),
        ("requires", {s.slug: list(s.requires) for s in resolved.skills}),
    ):
        for cycle in cycles(links):
            yield places[cycle[0]].problem(
                f"cycle of {name}: {' -> '.join(cycle)}", "drop one of the links", "related", name
            )
    for skill in resolved.skills:
        if skill.slug in skill.alternatives:
            yield places[skill.slug].problem(
                f"{skill.slug} is its own alternative", "drop it", "related", "alternatives"
            )


def _one_word_clashes(library: Library, resolved: Resolved) -> Iterator[Problem]:
    """Spellings of several words that, written as one, are another skill's spelling."""
    slugs = resolved.skill_slugs
    for slug, placed in _by_slug(library, resolved).items():
        seen: set[str] = set()
        for spelling, part in _spellings(placed.item):
            glued = written_as_one(fold(spelling).split())
            if glued and glued not in seen and (other := slugs.get(glued, slug)) != slug:
                seen.add(glued)
                yield placed.problem(
                    f"{spelling!r} of {slug!r} without its spaces is {glued!r} of {other!r}",
                    "merge the two skills, or give both spellings to one",
                    *part,
                    severity=Severity.WARNING,
                )


def _orphans(library: Library, resolved: Resolved) -> Iterator[Problem]:
    """Categories of which no role names a skill. A single skill that no role names is no fault:
    postings ask for more than a role's profile holds."""
    named = {s for r in resolved.roles for s in (*r.primary, *r.secondary)}
    touched = {s.category for s in resolved.skills if s.slug in named}
    for source in library.skills:
        category = source.content.category
        if category not in touched:
            count = sum(not s.retired for s in source.content.skills)
            yield source.problem(
                ("category",),
                f"no role names any of the {count} skills of {category!r}",
                "name them in the roles that use them, or drop the file",
                Severity.WARNING,
            )
