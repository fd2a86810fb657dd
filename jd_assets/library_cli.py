"""`jd-assets library`: check the role and skill library, look at it, compare releases, import O*NET."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from jd_assets.settings import settings
from jd_assets.terminal import errors, fail, item, line, table

if TYPE_CHECKING:
    from jd_assets.library.diff import Change
    from jd_assets.library.entries import Entries
    from jd_assets.library.release import RoleEntry, SkillEntry

library_app = typer.Typer(
    help="Check, show, list, compare and import role and skill libraries.",
    no_args_is_help=True,
    add_completion=False,
)
_SIGNS = {"added": "[green]+[/green]", "removed": "[red]-[/red]", "renamed": "[cyan]>[/cyan]", "changed": "~"}


class Kind(StrEnum):
    ROLES = "roles"
    SKILLS = "skills"
    RELEASES = "releases"


def _entries() -> Entries:
    from jd_assets.library.entries import library_entries
    from jd_assets.library.load import LibraryError
    from jd_assets.llm.engine import embedder_id

    try:
        return library_entries(settings().library_sources, settings().releases_dir, embedder_id(settings()))
    except LibraryError as error:
        fail(f"{error}\nmend it; see jd-assets library check")


@library_app.command()
def check() -> None:
    """Find what is wrong with the library; the exit code is 1 if there are errors."""
    from jd_assets.library.check import check as check_library
    from jd_assets.library.load import LibraryError, Problem, Severity, load_library
    from jd_assets.models.embedder import shipped_embedder

    def show(problems: Iterable[Problem]) -> None:
        for problem in problems:
            colour = "red" if problem.severity is Severity.ERROR else "yellow"
            line(f"[{colour}]{problem.severity.value}[/{colour}] {escape(str(problem))}")

    sources = settings().library_sources
    folder = sources.folder
    try:
        report = check_library(load_library(sources), shipped_embedder())
    except LibraryError as error:
        show(error.problems)
        fail(f"{len(error.problems)} errors in {folder}; the rest is checked once its files can be read")
    table(
        ("domain", "roles", "titles", "KRAs", "skills"),
        [(d.domain, d.roles, d.titles, d.kras, d.skills) for d in report.domains],
    )
    line("")
    table(
        ("category", "skills", "spellings", "named by roles"),
        [(c.category, c.skills, c.spellings, c.named) for c in report.categories],
    )
    line("")
    show(report.problems)
    roles, skills = sum(d.roles for d in report.domains), sum(c.skills for c in report.categories)
    line(
        f"{escape(str(folder))}: {roles} roles, {skills} skills, "
        f"{len(report.errors)} errors, {len(report.warnings)} warnings"
    )
    if report.errors:
        raise typer.Exit(1)


@library_app.command()
def show(name: Annotated[str, typer.Argument(help="Slug, name or alias of a role or skill.")]) -> None:
    """Print a role or a skill whole."""
    from jd_assets.library.search import find, suggestions

    entries = _entries()
    found = find(entries, name)
    if not found.roles and not found.skills:
        like = suggestions(entries, name)
        fail(f"{name!r} is no role or skill" + (f"; do you mean {', '.join(like)}?" if like else ""))
    for role in found.roles:
        _show_role(role, entries)
    for skill in found.skills:
        _show_skill(skill, entries)


def _heading(text: str) -> None:
    line(f"\n[bold]{escape(text)}[/bold]")


def _show_role(role: RoleEntry, entries: Entries) -> None:
    skills = {s.slug: s.name for s in entries.skills}
    _heading(f"{role.name} ({role.slug}, {role.id})")
    item(role.archetype)
    item(f"domain: {role.domain}")
    if role.parent:
        item(f"parent: {role.parent}")
    if children := [r.slug for r in entries.roles if r.parent == role.slug]:
        item(f"children: {', '.join(children)}")
    item(f"aliases: {', '.join(role.titles)}")
    if former := [old for old, slug in entries.former_roles.items() if slug == role.slug]:
        item(f"formerly: {', '.join(former)}")
    _heading("KRAs")
    for kra, says in zip(role.kras, role.says, strict=True):
        item(kra)
        for sentence in says:
            item(sentence, 4)
    _heading("Skills")
    item(f"primary: {', '.join(skills[s] for s in role.primary)}")
    item(f"secondary: {', '.join(skills[s] for s in role.secondary)}")
    if role.inherited:
        item(f"inherited: {', '.join(skills[s] for s in role.inherited)}")
    _heading("Dimensions")
    for dimension, members in role.dimensions.items():
        item(f"{dimension}: {', '.join(skills[s] for s in members)}")
    _heading("Baseline")
    item(f"AI index {role.ai_index}: {role.ai_reason}")
    item(f"tech stack {role.maturity_level}: {role.maturity_sentence}")
    item(f"nature of work {role.nature_label}: {role.nature_sentence}")


def _show_skill(skill: SkillEntry, entries: Entries) -> None:
    names = {s.slug: s.name for s in entries.skills}
    _heading(f"{skill.name} ({skill.slug})")
    item(f"{skill.category} / {skill.sub_category}, {skill.kind} skill")
    item(
        f"{skill.nature}, volatility {skill.volatility}, lifespan {skill.lifespan}, versions {skill.versions}"
        + (f", AI {skill.ai}" if skill.ai else "")
    )
    former = [old for old, slug in entries.former_skills.items() if slug == skill.slug]
    for what, values in (
        ("aliases", skill.aliases),
        ("formerly", former),
        ("only in context", skill.ambiguous),
        ("context", skill.context),
        ("parent", [names[skill.parent]] if skill.parent else []),
        ("requires", [names[s] for s in skill.requires]),
        ("alternatives", [names[s] for s in skill.alternatives]),
        ("primary for", [r.name for r in entries.roles if skill.slug in r.primary]),
        ("secondary for", [r.name for r in entries.roles if skill.slug in r.secondary]),
    ):
        if values:
            item(f"{what}: {', '.join(values)}")


@library_app.command("list")
def list_(
    what: Annotated[Kind, typer.Argument(help="What to list.")],
    within: Annotated[
        str, typer.Option("--in", metavar="TEXT", help="Only of domains or categories that have this.")
    ] = "",
    like: Annotated[str, typer.Option(metavar="TEXT", help="Only names or slugs that have this.")] = "",
) -> None:
    """List roles, skills or compiled releases, with counts. A pipe gets tab-separated lines."""
    if what is Kind.RELEASES:
        _list_releases()
        return
    entries = _entries()

    def wanted(place: str, name: str, slug: str) -> bool:
        return within.lower() in place.lower() and (like.lower() in name.lower() or like.lower() in slug)

    if what is Kind.ROLES:
        roles = [r for r in entries.roles if wanted(r.domain, r.name, r.slug)]
        table(
            ("slug", "name", "domain", "titles", "KRAs", "skills"),
            [
                (r.slug, r.name, r.domain, 1 + len(r.titles), len(r.kras), len(r.primary) + len(r.secondary))
                for r in roles
            ],
        )
        errors.print(f"{len(roles)} of {len(entries.roles)} roles")
    else:
        used: dict[str, int] = {}
        for role in entries.roles:
            for slug in (*role.primary, *role.secondary):
                used[slug] = used.get(slug, 0) + 1
        skills = [s for s in entries.skills if wanted(s.category, s.name, s.slug)]
        table(
            ("slug", "name", "category", "kind", "spellings", "roles"),
            [(s.slug, s.name, s.category, s.kind, 1 + len(s.aliases), used.get(s.slug, 0)) for s in skills],
        )
        errors.print(f"{len(skills)} of {len(entries.skills)} skills")


def _list_releases() -> None:
    from jd_assets.library.entries import release_summaries
    from jd_assets.library.release import release_id
    from jd_assets.llm.engine import embedder_id

    present = release_id(settings().library_sources, embedder_id(settings()))
    table(
        ("release", "compiled at", "roles", "skills", ""),
        [
            (s.name, s.compiled_at, s.roles, s.skills, "in use" if s.name == present else "")
            for s in release_summaries(settings().releases_dir)
        ],
    )


@library_app.command()
def release() -> None:
    """Compile the library with what review added to it, and list the days that the decisions touch.

    Days are not run again by themselves: they show as stale, and run when you say so.
    """
    from jd_assets.library.load import LibraryError
    from jd_assets.review import release_in_use, write_additions
    from jd_assets.runner import Runner
    from jd_assets.storage.stores import Stores

    stores = Stores(settings())
    try:
        made = write_additions(stores, release_in_use(settings()))
        name = Runner(settings()).ensure_release()
    except (LibraryError, RuntimeError) as error:
        fail(str(error))
    line(f"release {name} is in use, with {made.decisions} decisions of review")
    for left in made.left_out:
        errors.print(f"[yellow]left out[/yellow] {left.item_id}: {escape(left.why)}", soft_wrap=True)
    if made.days:
        table(("day", "JDs that hold what was decided"), [(str(day), jds) for day, jds in made.days.items()])
        line("run them again when you want them under this release: jd-assets run --from DAY --to DAY")


@library_app.command()
def promote(
    day: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Day whose centroids are taken; the last one if left out."),
    ] = None,
    least: Annotated[
        int | None, typer.Option(min=1, help="Postings that a role's centroid must rest on; 50 if left out.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be promoted.")] = False,
) -> None:
    """Let the next release decide by the centroids that postings have made."""
    from jd_assets.promotion import NothingToPromote
    from jd_assets.promotion import promote as promote_centroids
    from jd_assets.stages.centroids.centroids import LEAST_POSTINGS
    from jd_assets.storage.stores import Stores

    try:
        done = promote_centroids(
            Stores(settings()), day.date() if day else None, least or LEAST_POSTINGS, dry_run=dry_run
        )
    except NothingToPromote as error:
        fail(str(error))
    said = "would be promoted" if dry_run else "promoted"
    line(f"{said}: centroids of {done.roles} roles, resting on {done.postings} postings up to {done.ds}")
    if not dry_run:
        line("they decide from the next release on: jd-assets library release")


@library_app.command()
def diff(
    old: Annotated[str, typer.Argument(help="Release, by its first digits, or folder of a library.")],
    new: Annotated[str, typer.Argument(help="The same.")],
) -> None:
    """Show what changed between two releases or library folders."""
    from jd_assets.library.diff import diff as compare
    from jd_assets.library.entries import find_entries
    from jd_assets.library.load import LibraryError
    from jd_assets.llm.engine import embedder_id

    releases_dir = settings().releases_dir
    try:
        before, after = (find_entries(spec, releases_dir, embedder_id(settings())) for spec in (old, new))
    except (LookupError, LibraryError) as error:
        fail(str(error.args[0]))
    found = compare(before, after)
    for what, changes in (("roles", found.roles), ("skills", found.skills), ("dimensions", found.dimensions)):
        _show_changes(what, changes)
    if found.same:
        line("no difference")


def _show_changes(what: str, changes: Sequence[Change]) -> None:
    if not changes:
        return
    counts = {kind: sum(c.kind == kind for c in changes) for kind in _SIGNS}
    line(f"[bold]{what}[/bold]: " + ", ".join(f"{n} {kind}" for kind, n in counts.items() if n))
    for change in changes:
        named = change.slug if change.slug == change.name else f"{change.slug} ({change.name})"
        line(f"{_SIGNS[change.kind]} {escape(named)}")
        for detail in change.details:
            item(detail, 4)


@library_app.command("import-onet")
def import_onet(
    tables: Annotated[
        Path, typer.Argument(exists=True, file_okay=False, help="Folder of an O*NET release's tables.")
    ],
    out: Annotated[Path, typer.Option(help="Folder to make the library in.")],
) -> None:
    """Make a library of an O*NET release: occupations become roles, technologies skills."""
    from jd_assets.library.onet import OnetError
    from jd_assets.library.onet import import_onet as make

    try:
        with errors.status("making a library of the tables"):
            report = make(tables, out)
    except (OnetError, OSError) as error:
        fail(str(error))
    line(
        f"{escape(str(out))}: {report.roles} roles, {report.titles} titles ({report.collisions} of several "
        f"roles), {report.kras} KRAs, {report.skills} skills, {report.dimensions} dimensions"
    )
    for reason, count in report.skipped.items():
        line(f"left out, {escape(reason)}: {count}")
    line(f"Next: JD_LIBRARY={escape(str(out))} jd-assets library list roles")


@library_app.command()
def schema() -> None:
    """Write the JSON Schemas, by which editors complete and check the files, into the library."""
    from jd_assets.library.json_schema import write_schemas

    for path in write_schemas(settings().library_sources.folder):
        line(escape(str(path)))
