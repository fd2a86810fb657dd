"""The new-role planner: which clusters of postings a model plans a role for, and the check of its plans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import polars as pl

from jd_assets import contracts as C
from jd_assets.library.compile import slugify
from jd_assets.library.format import Kra, NewRole, RoleSkills
from jd_assets.library.release import Release
from jd_assets.library.spelling import fold
from jd_assets.stages.capture.proposals import MOST_KRAS, MOST_PRIMARY, MOST_SECONDARY, PHRASE_WORDS
from jd_assets.stages.capture.queue import OFTEN
from jd_assets.stages.parse.instructions import without_instructions
from jd_assets.stages.parse.sections import DUTIES
from jd_assets.stages.parse.segments import ITEM, Segment
from jd_assets.stages.parse.surfaces import Surfaces
from jd_assets.tables import ROLE_PLANS

MOST_POSTINGS = 5
"""Postings of a cluster that a plan is made of, the latest ones."""

_MOST_DUTIES, _MOST_SKILLS = 15, 40  # told of a posting, of a cluster
_LONGEST_DUTY, _LONGEST_ARCHETYPE = 300, 400  # characters


class Planner(Protocol):
    """Proposes roles by other means than rules; `engine` is what the rows that it planned say."""

    @property
    def engine(self) -> str: ...

    def plan(self, questions: Mapping[str, C.PlanQuestion], ds: date) -> Mapping[str, C.RolePlan]:
        """What it proposes for each cluster, by the JD that the question is booked to. One that it gave no
        answer for is left out, never raised for."""
        ...


@dataclass(frozen=True)
class _Cluster:
    item_id: str
    jd_id: str
    name: str
    title: str
    postings: int
    skills: dict[str, str | None]  # name to slug
    texts: list[str]


def role_plans(
    ds: date,
    captured: pl.DataFrame,
    skills: pl.DataFrame,
    duties: pl.DataFrame,
    release: Release,
    planner: Planner,
) -> pl.DataFrame:
    """ROLE_PLANS of a day.

    `captured`, `skills` and `duties` are rows of CAPTURES, EXTRACTED_SKILLS and JD_KRAS of the day and of
    earlier ones. A cluster, the postings captured as one new role, is planned when a day brings it to two
    postings, or to the next power of two: a role that many ask for costs few calls. The call is booked to the
    cluster's first JD of the day, by id. A plan without a duty that a posting words is not kept.
    """
    clusters = {c.jd_id: c for c in _clusters(ds, captured, skills, duties)}
    questions = {
        jd_id: C.PlanQuestion(title=c.title, skills=list(c.skills)[:_MOST_SKILLS], postings=c.texts)
        for jd_id, c in clusters.items()
    }
    answers = planner.plan(questions, ds) if questions else {}
    rows = []
    for jd_id, plan in answers.items():
        cluster = clusters[jd_id]
        checked = _checked(plan, cluster, release, planner.engine)
        if checked is not None:
            rows.append(
                {
                    "ds": ds,
                    "item_id": cluster.item_id,
                    "jd_id": jd_id,
                    "name": checked.display_name,
                    "postings": checked.postings,
                    "planner_output": checked.model_dump_json(),
                    "values_dropped": checked.values_dropped,
                    "engine": planner.engine,
                }
            )
    return ROLE_PLANS.frame(rows)


def due(captured: pl.DataFrame, ds: date) -> dict[str, pl.DataFrame]:
    """The clusters that are to be planned on a day, by item_id: their captures up to it, latest first."""
    new = captured.filter((pl.col("kind") == "new_role") & (pl.col("ds") <= ds))
    found = {}
    for (item,), rows in new.sort("ds", "jd_id").group_by("item_id", maintain_order=True):
        now, before = rows.height, rows.filter(pl.col("ds") < ds).height
        if now >= OFTEN and now.bit_length() > before.bit_length():
            found[str(item)] = rows.sort("ds", "jd_id", descending=[True, False]).unique(
                "jd_id", keep="first", maintain_order=True
            )
    return {item: rows for item, rows in found.items() if rows.height >= OFTEN}


def outdated(captured: pl.DataFrame, plans: pl.DataFrame, ds: date) -> dict[date, list[str]]:
    """The days after `ds` that planned clusters of another number of postings than they would now that `ds`
    was run after them: the clusters' item_ids by day.

    `captured` are rows of CAPTURES of all days, `plans` those of ROLE_PLANS of the later ones. A cluster that
    a later day planned nothing of is in question if `ds` has a posting of it.
    """
    new = captured.filter(pl.col("kind") == "new_role")
    here = set(new.filter(pl.col("ds") == ds)["item_id"])
    new = new.filter(pl.col("item_id").is_in([*here, *plans["item_id"]]))
    found = {}
    for day in sorted({day for day in (*new["ds"], *plans["ds"]) if day > ds}):
        wanted = {item: rows.height for item, rows in due(new, day).items()}
        made = dict(plans.filter(pl.col("ds") == day).select("item_id", "postings").iter_rows())
        items = {item for item in wanted if item in here or item in made} | made.keys()
        if changed := sorted(item for item in items if wanted.get(item) != made.get(item)):
            found[day] = changed
    return found


def with_plan(base: NewRole, plan: C.PlannedRole, release: Release) -> NewRole:
    """A role made by rules with a plan's content in place of what it has of its own. Skills that the library
    lacks by now are left out."""
    known = {s.name for s in release.skills}
    primary = [s for s in plan.primary_skills if s in known]
    secondary = [s for s in plan.secondary_skills if s in known and s not in primary]
    held = {*primary, *secondary}
    dimensions = {
        name: [s for s in skills if s in held]
        for name, skills in plan.dimensions.items()
        if name in release.dimension_groups and held.intersection(skills)
    }
    content: dict[str, Any] = {
        "name": plan.display_name,
        "archetype": plan.archetype,
        "domain": plan.domain if plan.domain in {r.domain for r in release.roles} else base.domain,
        "kras": [Kra(kra=k.kra, says=[k.says]) for k in plan.kras],
    }
    if primary:
        content["skills"] = RoleSkills(primary=primary, secondary=secondary)
        content["dimensions"] = dimensions or base.dimensions
    return base.model_copy(update=content)


def _clusters(ds: date, captured: pl.DataFrame, skills: pl.DataFrame, duties: pl.DataFrame) -> list[_Cluster]:
    found = []
    for item, rows in due(captured, ds).items():
        latest = rows.head(MOST_POSTINGS).select("ds", "jd_id")
        named = latest.join(skills, on=["ds", "jd_id"], maintain_order="left").sort(
            "is_primary", descending=True
        )
        said = latest.join(duties, on=["ds", "jd_id"], maintain_order="left_right")
        texts = [
            _without_orders(part.sort("position")["sentence"].head(_MOST_DUTIES).to_list())
            for _, part in said.group_by("ds", "jd_id", maintain_order=True)
        ]
        if texts:
            found.append(
                _Cluster(
                    item,
                    rows.filter(pl.col("ds") == ds)["jd_id"].min(),  # type: ignore[arg-type]
                    rows["name"][0],
                    rows["evidence"][0],
                    rows.height,
                    dict(named.select("skill_name", "skill_slug").iter_rows()),
                    texts,
                )
            )
    return found


def _without_orders(duties: list[str]) -> str:
    """A posting's duties, a line each, without what speaks to the machine."""
    lines = [f"- {' '.join(duty.split())[:_LONGEST_DUTY]}" for duty in duties]
    segments, at = [], 0
    for line in lines:
        segments.append(Segment(at, at + len(line), DUTIES, ITEM))
        at += len(line) + 1
    return without_instructions("\n".join(lines), tuple(segments))


def _checked(plan: C.RolePlan, cluster: _Cluster, release: Release, engine: str) -> C.PlannedRole | None:
    """The plan as the postings bear it out; None if they word none of its duties."""
    texts = [(text, Surfaces(text)) for text in cluster.texts]
    kras, dropped = [], 0
    for kra in plan.kras[:MOST_KRAS]:
        says = next((text[slice(*span)] for text, s in texts if (span := s.find(kra.says))), None)
        if says is None or not 2 <= len(kra.kra.split()) <= PHRASE_WORDS:
            dropped += 1
        else:
            kras.append(C.PlannedKra(kra=" ".join(kra.kra.lower().split()), says=" ".join(says.split())))
    if not kras:
        return None
    by_name = {fold(name): name for name in cluster.skills}
    known: dict[str, list[str]] = {"primary": [], "secondary": []}
    new: list[str] = []
    for weight, given, most in (
        ("primary", plan.primary, MOST_PRIMARY),
        ("secondary", plan.secondary, MOST_SECONDARY),
    ):
        for skill in dict.fromkeys(given[:most]):
            name = by_name.get(fold(skill))
            if name is None:
                dropped += 1
            elif cluster.skills[name] is None:
                new.append(name)
            elif name not in known["primary"]:
                known[weight].append(name)
    held = {*known["primary"], *known["secondary"]}
    dimensions = {
        d.dimension: [s for s in d.skills if s in held]
        for d in plan.dimensions
        if d.dimension in release.dimension_groups and held.intersection(d.skills)
    }
    name = plan.name if Surfaces(f"{cluster.title}\n{cluster.name}").find(plan.name) else cluster.name
    dropped += name != plan.name
    return C.PlannedRole(
        slug=slugify(name) or slugify(cluster.name) or cluster.item_id,
        display_name=" ".join(name.split()),
        archetype=" ".join(plan.archetype.split())[:_LONGEST_ARCHETYPE] or kras[0].says,
        domain=plan.domain,
        kras=kras,
        primary_skills=known["primary"],
        secondary_skills=known["secondary"],
        new_skills=list(dict.fromkeys(new)),
        dimensions=dimensions,
        postings=cluster.postings,
        values_dropped=dropped,
        engine=engine,
    )
