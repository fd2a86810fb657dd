"""`jd-assets review`: look at what JDs could teach the library, and decide on it."""

from __future__ import annotations

import getpass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jd_assets.settings import settings
from jd_assets.terminal import errors, fail, item, line, table

if TYPE_CHECKING:
    from jd_assets.contracts import PlannedRole
    from jd_assets.storage.state import Decision
    from jd_assets.storage.stores import Stores

review_app = typer.Typer(
    help="Decide on captured skills, KRAs, roles and title collisions.",
    no_args_is_help=True,
    add_completion=False,
)


class Kind(StrEnum):
    NEW_SKILL = "new_skill"
    NEW_KRA = "new_kra"
    NEW_ROLE = "new_role"
    ALIAS_COLLISION = "alias_collision"


class Status(StrEnum):
    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    MERGED = "merged"


class Weight(StrEnum):
    PRIMARY = "primary"
    SECONDARY = "secondary"


Items = Annotated[list[str], typer.Argument(help="First digits of the ids that `review list` shows.")]
By = Annotated[str, typer.Option("--by", default_factory=getpass.getuser, help="Who decides.")]
Note = Annotated[str | None, typer.Option("--note", help="Why, for whoever looks later.")]


def _stores() -> Stores:
    from jd_assets.storage.stores import Stores

    return Stores(settings())


@review_app.command("list")
def list_(
    kind: Annotated[Kind | None, typer.Option(help="Only this kind.")] = None,
    status: Annotated[Status, typer.Option(help="Only what stands so.")] = Status.PENDING,
    role: Annotated[str, typer.Option(metavar="SLUG", help="Only what was captured for this role.")] = "",
    least: Annotated[int, typer.Option("--jds", min=1, help="Only what at least so many JDs hold.")] = 1,
    most: Annotated[int, typer.Option("--most", min=1, help="Rows at most.")] = 40,
) -> None:
    """List what waits for a decision, most frequent first. A pipe gets tab-separated lines."""
    import polars as pl

    from jd_assets.review import queue

    frame = queue(_stores()).filter((pl.col("status") == status.value) & (pl.col("jds") >= least))
    if kind:
        frame = frame.filter(pl.col("kind") == kind.value)
    if role:
        frame = frame.filter(pl.col("role_slug") == role)
    table(
        ("id", "kind", "name", "JDs", "companies", "role", "suggested"),
        [
            (
                row["item_id"][:8],
                row["kind"],
                row["name"],
                row["jds"],
                row["companies"],
                row["role_slug"] or "-",
                f"alias of {row['target']}" if row["action"] == "alias" else row["action"],
            )
            for row in frame.head(most).iter_rows(named=True)
        ],
    )
    errors.print(f"{min(most, frame.height)} of {frame.height} things, {status.value}")


@review_app.command()
def show(name: Annotated[str, typer.Argument(metavar="ID", help="First digits of its id.")]) -> None:
    """Show one thing whole, with the words of its best capture."""
    from jd_assets.review import ReviewError, find_item, history, planned_of, queue

    stores = _stores()
    try:
        found = find_item(queue(stores), name)
    except ReviewError as error:
        fail(str(error))
    plan = planned_of(found)
    for key, value in found.items():
        if key != "planner_output" and value not in (None, []):
            item(f"{key}: {', '.join(map(str, value)) if isinstance(value, list) else value}", 0)
    for made in history(stores, [found]).get(found["item_id"], ()):
        into = f" into {made.merged_into}" if made.merged_into else ""
        why = f": {made.note}" if made.note else ""
        item(f"{made.decided_at:%Y-%m-%d %H:%M} UTC {made.decision}{into} by {made.decided_by}{why}", 0)
    if plan:
        _show_plan(plan)


def _show_plan(plan: PlannedRole) -> None:
    item(f"planned by {plan.engine} of {plan.postings} postings, {plan.values_dropped} values dropped:", 0)
    item(f"{plan.display_name} ({plan.slug}), {plan.domain}: {plan.archetype}", 1)
    for kra in plan.kras:
        item(f'{kra.kra}: "{kra.says}"', 1)
    for name, skills in (
        ("primary", plan.primary_skills),
        ("secondary", plan.secondary_skills),
        ("not in the library yet", plan.new_skills),
        *plan.dimensions.items(),
    ):
        if skills:
            item(f"{name}: {', '.join(skills)}", 1)


@review_app.command()
def approve(
    items: Items,
    by: By,
    name: Annotated[str | None, typer.Option(help="Name that it gets in the library.")] = None,
    role: Annotated[str | None, typer.Option(metavar="SLUG", help="Role that it is added to.")] = None,
    weight: Annotated[Weight | None, typer.Option("--as", help="new_skill: how the role holds it.")] = None,
    category: Annotated[str | None, typer.Option(help="new_skill: category that it joins.")] = None,
    kra: Annotated[str | None, typer.Option(help="new_kra: its short phrase, 3 to 8 words.")] = None,
    by_rules: Annotated[
        bool, typer.Option("--by-rules", help="new_role: what the rules propose, not a model's plan.")
    ] = False,
    note: Note = None,
) -> None:
    """Take things into the next release, as they are or as the options say."""
    primary = None if weight is None else weight is Weight.PRIMARY
    edits = {"name": name, "role_slug": role, "primary": primary, "category": category, "kra": kra}
    edits["by_rules"] = by_rules or None
    if len(items) > 1 and (name or kra):
        fail("--name and --kra fit one thing only: approve it alone")
    _decide(items, "approved", by, note, edits=edits)


@review_app.command()
def reject(items: Items, by: By, note: Note = None) -> None:
    """Leave things out of the library for good, until someone decides otherwise."""
    _decide(items, "rejected", by, note)


@review_app.command()
def merge(
    items: Items,
    by: By,
    into: Annotated[
        str | None,
        typer.Option(help="Skill or role that they are another name of; the suggested one if left out."),
    ] = None,
    note: Note = None,
) -> None:
    """Make things other names of what the library has."""
    _decide(items, "merged", by, note, into=into)


@review_app.command()
def reopen(items: Items, by: By, note: Note = None) -> None:
    """Take back what was decided on things, so that they wait again. The record of it is kept."""
    from jd_assets.review import ReviewError, find_decided
    from jd_assets.review import reopen as take_back

    stores = _stores()
    try:
        found = [find_decided(stores, prefix) for prefix in items]
        for row in found:
            take_back(stores, row, by, note=note)
            line(f"reopened {row['item_id'][:8]} {row['kind']} {row['name']}, which was {row['status']}")
    except ReviewError as error:
        fail(str(error))
    if {row["status"] for row in found} & {"approved", "merged"}:
        line("the next release is without them: jd-assets library release")


def _decide(
    items: list[str],
    decision: Decision,
    by: str,
    note: str | None,
    into: str | None = None,
    edits: dict[str, Any] | None = None,
) -> None:
    """Records one decision on each of the things, or on none if one of them is not there."""
    from jd_assets.library.load import LibraryError
    from jd_assets.review import ReviewError, decide, find_item, queue, release_in_use

    stores = _stores()
    frame = queue(stores)
    try:
        found = [find_item(frame, prefix) for prefix in items]
        release = release_in_use(settings())
        for row in found:
            decide(stores, release, row, decision, by, into=into, note=note, edits=edits)
            line(f"{decision} {row['item_id'][:8]} {row['kind']} {row['name']}")
    except (ReviewError, LibraryError) as error:
        fail(str(error))
    if decision != "rejected":
        line("it enters the library with the next release: jd-assets library release")
