"""Reviewing what JDs could teach the library: the queue, decisions on it, and the release they make.

The command line and the web app call the same functions.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from jd_assets.contracts import PlannedRole
from jd_assets.library.compile import ensure_release
from jd_assets.library.format import Additions
from jd_assets.library.json_schema import additions_schema, schema_name
from jd_assets.library.load import ADDITIONS
from jd_assets.library.release import Release
from jd_assets.library.resolve import slugify
from jd_assets.library.write import library_yaml
from jd_assets.models.embedder import shipped_embedder
from jd_assets.settings import Settings
from jd_assets.stages.capture.decisions import LeftOut, additions, that_stand
from jd_assets.stages.capture.plans import with_plan
from jd_assets.stages.capture.proposals import propose_role
from jd_assets.stages.capture.standing import PENDING, REOPENED, standing, standing_columns, status_of
from jd_assets.storage.files import replacing
from jd_assets.storage.state import Decision, DecisionRecord
from jd_assets.storage.stores import Stores
from jd_assets.tables import CAPTURES, EXTRACTED_SKILLS, JD_KRAS, REVIEW_QUEUE

ENTERS_A_RELEASE = ("approved", "merged")


class ReviewError(ValueError):
    """A decision that can't be recorded; the message says why and what to do."""


@dataclass(frozen=True)
class MadeAdditions:
    """The file of additions that was written: how many decisions are in it, those left out, and the days
    whose JDs hold what was decided, with the number of such JDs."""

    path: Path
    decisions: int
    left_out: list[LeftOut]
    days: dict[date, int]


def release_in_use(use: Settings) -> Release:
    """The release of the library and its additions as they are now, compiled if it has not been yet.

    Raises:
        LibraryError: it can't be compiled.
    """
    return ensure_release(use.library_sources, use.releases_dir, shipped_embedder())


def queue(stores: Stores) -> pl.DataFrame:
    """REVIEW_QUEUE with the decisions of this moment, most frequent first; empty before the first run."""
    try:
        frame, _ = stores.warehouse.read(stores.warehouse.path(REVIEW_QUEUE))
    except FileNotFoundError:
        return REVIEW_QUEUE.frame([])
    decisions = stores.state.decisions()
    rows = [row | standing_columns(row["members"], decisions) for row in frame.iter_rows(named=True)]
    return REVIEW_QUEUE.frame(rows).sort(["jds", "companies", "item_id"], descending=[True, True, False])


def find_item(frame: pl.DataFrame, prefix: str) -> dict[str, Any]:
    """The row of the queue whose item_id, or that of one of its members, begins so.

    Raises:
        ReviewError: none or several do.
    """
    found = _beginning(frame, prefix)
    if found.height != 1:
        names = ", ".join(f"{i} ({n})" for i, n in found.select("item_id", "name").head(5).iter_rows())
        what = f"several things begin with it: {names}" if found.height else "no thing begins with it"
        raise ReviewError(f"{prefix!r}: {what}; see jd-assets review list")
    return found.row(0, named=True)


def _beginning(frame: pl.DataFrame, prefix: str) -> pl.DataFrame:
    """The rows of the queue one of whose members begins so; none for no digits."""
    begins = pl.col("members").list.eval(pl.element().str.starts_with(prefix)).list.any()
    return frame.filter(begins) if prefix else frame.clear()


def decide(
    stores: Stores,
    release: Release,
    item: Mapping[str, Any],
    decision: Decision,
    by: str,
    *,
    into: str | None = None,
    note: str | None = None,
    edits: Mapping[str, Any] | None = None,
) -> None:
    """Records a decision on a row of the queue, with all that a release needs to carry it out.

    `into` is the skill (name or slug) or role (slug) that it is merged into; `edits` are what the reviewer
    changed: name, role_slug, primary, category or kra, and by_rules where a new role is to be what the rules
    propose, not a model.

    Raises:
        ReviewError: the thing can't be decided so, such as merged into a skill that is not there.
    """
    subject: dict[str, Any] = dict(item) | {k: v for k, v in (edits or {}).items() if v is not None}
    if decision == "merged":
        into = _target(subject["kind"], into or item["target"], release)
    if (slug := subject.get("role_slug")) and (edits or {}).get("role_slug"):
        _role(slug, release)
    if decision == "approved" and subject["kind"] == "new_role":
        subject["role"] = _proposal(stores, subject, release).model_dump(mode="json", exclude_defaults=True)
    category = subject.get("category")
    if category and category not in {s.category for s in release.skills}:
        raise ReviewError(f"{category!r} is no category of skills; see jd-assets library list skills")
    stores.state.decide(item["item_id"], decision, by, merged_into=into, note=note, subject=_kept(subject))


def _kept(subject: Mapping[str, Any]) -> dict[str, Any]:
    """A thing as JSON, as it is kept with a decision on it."""
    kept: dict[str, Any] = json.loads(json.dumps(dict(subject), default=str))
    return kept


def find_decided(stores: Stores, prefix: str) -> dict[str, Any]:
    """A thing that was decided on, by the first digits of its id or of one of its members: its row of the
    queue, or where it has left the queue, since the library has it, what it was when it was decided on.

    Raises:
        ReviewError: none or several begin so.
    """
    frame = queue(stores)
    here = {member for members in frame["members"] for member in members}
    gone = {
        made.item_id: dict(made.subject) | {"status": status_of(made)}
        for item, made in stores.state.decisions().items()
        if prefix and item.startswith(prefix) and item not in here and made.subject
    }
    if not gone:
        return find_item(frame, prefix)
    waiting = _beginning(frame, prefix)
    if len(gone) + waiting.height > 1:
        names = ", ".join([*waiting["item_id"], *gone][:5])
        raise ReviewError(f"{prefix!r}: several things begin with it: {names}; see jd-assets review list")
    return next(iter(gone.values()))


def reopen(stores: Stores, item: Mapping[str, Any], by: str, *, note: str | None = None) -> None:
    """Takes back what was decided on a row of the queue: it waits again, and the next release is without
    it. What was decided, and by whom it was taken back, stays in the state database.

    Raises:
        ReviewError: there is nothing to take back.
    """
    last = standing(item["members"], stores.state.decisions())
    if status_of(last) == PENDING:
        raise ReviewError(f"{item['name']!r} waits already: there is no decision to take back")
    stores.state.decide(item["item_id"], REOPENED, by, note=note, subject=_kept(item))


def history(stores: Stores, items: Iterable[Mapping[str, Any]]) -> dict[str, list[DecisionRecord]]:
    """All that was decided on rows of the queue, by their item_id, the earliest first."""
    row_of = {member: item["item_id"] for item in items for member in item["members"]}
    found: dict[str, list[DecisionRecord]] = {}
    for made in stores.state.history(row_of):
        for item in {row_of[member] for member in made.members if member in row_of}:
            found.setdefault(item, []).append(made)
    return found


def _target(kind: str, into: str | None, release: Release) -> str:
    if not into:
        raise ReviewError("say what it is merged into")
    if kind == "new_skill":
        found = next((s for s in release.skills if into in (s.name, s.slug)), None)
        if found is None:
            raise ReviewError(f"{into!r} is no skill of the library; see jd-assets library show {into!r}")
        return found.name
    if kind == "new_kra":
        return into
    return _role(into, release)


def _role(slug: str, release: Release) -> str:
    try:
        return release.role(slug).slug
    except KeyError:
        raise ReviewError(
            f"{slug!r} is no role; give the slug of one: jd-assets library list roles"
        ) from None


def _proposal(stores: Stores, subject: Mapping[str, Any], release: Release) -> Any:
    """The role that the item's postings would make, of the rows that are there now: a model's plan of it,
    where there is one and the reviewer does not want the one made by rules."""
    skills, duties = [], []
    for day, jds in _jds_of(stores, subject["members"]).items():
        mine = pl.col("jd_id").is_in(sorted(jds))
        path = stores.warehouse.path
        skills.append(stores.warehouse.read(path(EXTRACTED_SKILLS, day))[0].filter(mine))
        duties.append(stores.warehouse.read(path(JD_KRAS, day))[0].filter(mine))
    if not skills:
        raise ReviewError(f"no posting holds {subject['name']!r} any more: nothing can be proposed")
    slug = slugify(subject["name"])
    if not slug:
        raise ReviewError(f"no slug can be made of {subject['name']!r}: give it another name")
    near = next((r.slug for r in release.roles if r.name == subject.get("nearest")), None)
    said = pl.concat(duties).sort("ds", "jd_id", "position")["sentence"].to_list()
    planned = None if subject.get("by_rules") else planned_of(subject)
    base = propose_role(subject["name"], slug, near, pl.concat(skills), said, release)
    return with_plan(base, planned, release) if planned else base


def planned_of(item: Mapping[str, Any]) -> PlannedRole | None:
    """The role that a model planned for an item of the queue, if it did."""
    planned = item.get("planner_output")
    return PlannedRole.model_validate_json(planned) if planned else None


def _jds_of(stores: Stores, items: Sequence[str]) -> dict[date, set[str]]:
    """The JDs of each day that hold one of the items."""
    found: dict[date, set[str]] = {}
    for day in stores.warehouse.days(CAPTURES):
        rows, _ = stores.warehouse.read(stores.warehouse.path(CAPTURES, day), ["item_id", "jd_id"])
        jds = set(rows.filter(pl.col("item_id").is_in(list(items)))["jd_id"])
        if jds:
            found[day] = jds
    return found


def write_additions(stores: Stores, release: Release) -> MadeAdditions:
    """Writes the file of additions that the decisions of this moment make; the next release has it.

    The file is replaced whole, and the same decisions make the same bytes. With no decision to carry out
    there is no file.
    """
    decided = that_stand(stores.state.decisions())
    made, left = additions(decided, release)
    path = stores.settings.learned_dir / ADDITIONS
    if made == Additions():
        path.unlink(missing_ok=True)
    else:
        schema = path.with_name(schema_name("additions"))
        with replacing(schema) as handle:
            handle.write(additions_schema().encode())
        with replacing(path) as handle:
            handle.write(library_yaml(made, schema.name).encode())
    entering = [d for d in decided if d.decision in ENTERS_A_RELEASE]
    members = [m for d in entering for m in ((d.subject or {}).get("members") or [d.item_id])]
    days = {day: len(jds) for day, jds in _jds_of(stores, members).items()}
    return MadeAdditions(path, len(entering) - len(left), left, days)
