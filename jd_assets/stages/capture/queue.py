"""The review queue: captures of all days folded by meaning, one row for each thing to decide."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import polars as pl
from rapidfuzz import fuzz, process

from jd_assets.library.release import Floats, Release
from jd_assets.library.spelling import fold
from jd_assets.library.titles import title_key
from jd_assets.stages.blas import one_thread
from jd_assets.stages.capture.standing import MadeDecision, standing_columns
from jd_assets.tables import REVIEW_QUEUE

SAME = {"new_skill": 0.92, "new_role": 0.92, "new_kra": 0.80}
"""Least cosine at which two captured things of a kind are one. Of 4,000 library aliases, 94 % of those with
a neighbour over 0.92 have their own skill there; two sentences of different KRAs of one role lie under 0.66
in 98 % of 4,984 cases."""

ALIAS = 0.80
"""Least cosine to a library skill at which a captured one is suggested to be another name of it: right for
80 % of the same 4,000 aliases."""

SAME_TITLE = 85.0
"""Least token-sort ratio, 0 to 100, at which a title is suggested to be another name of a role."""

OFTEN = 2
"""JDs that must name a thing before it is suggested to be added: what one posting says may be its own."""

_NUMBERS = re.compile(r"\d+")
_CHUNK = 2048


class NameEmbedder(Protocol):
    """An embedding model for names, or what keeps the vectors that one made."""

    def embed_each(self, texts: Sequence[str]) -> Floats:
        """Unit vectors of the texts, shape (texts, width), each of which depends on its own text alone."""
        ...


def review_queue(
    captured: pl.DataFrame,
    decisions: Mapping[str, MadeDecision],
    release: Release,
    embedder: NameEmbedder,
    plans: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """REVIEW_QUEUE of the CAPTURES of all days, with the ROLE_PLANS of all days.

    Captures of one item_id are one thing, and so are things of a kind whose names mean the same; the
    earliest of them names the row, so that a later day does not rename it. The same captures give the same
    rows, whatever was asked before. `decisions` has, by item_id, the latest decision on it.
    """
    if not captured.height:
        return REVIEW_QUEUE.frame([])
    one_thread()
    items = (
        captured.sort("ds", "jd_id")
        .group_by("item_id", maintain_order=True)
        .agg(
            pl.col("kind").first(),
            pl.col("name").mode(maintain_order=True).first(),
            pl.col("role_slug").drop_nulls().mode(maintain_order=True).first(),
            pl.col("ds").min().alias("first_seen"),
        )
        .sort("first_seen", "item_id")
    )
    vectors = embedder.embed_each(items["name"].to_list())
    leaders = _leaders(items, vectors)
    folded = _folded(captured, dict(zip(items["item_id"], leaders, strict=True)))
    vector_of = dict(zip(items["item_id"], vectors, strict=True))
    suggested = _suggestions(folded, vector_of, release, embedder)
    planned = _largest_plans(plans)
    rows = []
    for row, suggestion in zip(folded.drop("unsure").iter_rows(named=True), suggested, strict=True):
        rows.append(
            row
            | suggestion
            | standing_columns(row["members"], decisions)
            | {"planner_output": _plan_of(row["members"], planned)}
        )
    return REVIEW_QUEUE.frame(rows)


def _largest_plans(plans: pl.DataFrame | None) -> dict[str, tuple[int, str]]:
    """By item_id the plan made of most postings, the latest of equals, with their number."""
    if plans is None:
        return {}
    rows = plans.sort("postings", "ds").select("item_id", "postings", "planner_output")
    return {item: (postings, plan) for item, postings, plan in rows.iter_rows()}


def _plan_of(members: Sequence[str], planned: Mapping[str, tuple[int, str]]) -> str | None:
    found = [planned[member] for member in members if member in planned]
    return max(found, key=lambda plan: plan[0])[1] if found else None


def _folded(captured: pl.DataFrame, leader_of: Mapping[str, str]) -> pl.DataFrame:
    """One row per leader with counts, spellings and the evidence of its most frequent spelling."""
    by_count = pl.len().over("leader", "name")
    keys = ["leader", "_spelled", "name", "ds", "jd_id"]
    return (
        captured.with_columns(leader=pl.col("item_id").replace_strict(leader_of, return_dtype=pl.String))
        .with_columns(by_count.alias("_spelled"))
        .sort(keys, descending=[False, True, False, False, False])
        .group_by("leader", maintain_order=True)
        .agg(
            pl.col("kind").first(),
            pl.col("name").first(),
            pl.col("name").unique(maintain_order=True).alias("spellings"),
            pl.col("item_id").unique().sort().alias("members"),
            pl.col("role_slug").drop_nulls().mode(maintain_order=True).first(),
            pl.col("role_name").drop_nulls().mode(maintain_order=True).first(),
            pl.col("jd_id").n_unique().cast(pl.Int32).alias("jds"),
            pl.col("company_name").drop_nulls().n_unique().cast(pl.Int32).alias("companies"),
            pl.col("is_primary").fill_null(False).mean().round(4).alias("primary_share"),
            pl.col("ds").min().alias("first_seen"),
            pl.col("ds").max().alias("last_seen"),
            pl.col("similarity").max().alias("best_similarity"),
            pl.col("is_unsure").fill_null(False).any().alias("unsure"),
            pl.col("nearest").first(),
            pl.col("roles").first(),
            pl.col("evidence").first(),
        )
        .rename({"leader": "item_id"})
        .with_columns(
            members=pl.concat_list(
                pl.concat_list("item_id"),
                pl.col("members").list.set_difference(pl.concat_list("item_id")).list.sort(),
            )
        )
    )


def _leaders(items: pl.DataFrame, vectors: Floats) -> list[str]:
    """For each item the item_id of the row that it folds into: the likest earlier leader of its kind and
    role whose name means the same and has the same numbers (ISO 9001 is not ISO 14001), else its own."""
    ids = items["item_id"].to_list()
    leaders = list(ids)
    names = items["name"].to_list()
    numbers = [tuple(_NUMBERS.findall(name)) for name in names]
    groups: dict[tuple[str, str | None], list[int]] = {}
    for place, (kind, role) in enumerate(items.select("kind", "role_slug").iter_rows()):
        if kind in SAME:
            groups.setdefault((kind, role if kind == "new_kra" else None), []).append(place)
    for (kind, _), places in groups.items():
        own = vectors[places]
        is_leader = np.ones(len(places), dtype=bool)
        for late, early, _ in _close_pairs(own, SAME[kind]):
            if is_leader[late] and is_leader[early] and numbers[places[late]] == numbers[places[early]]:
                leaders[places[late]] = ids[places[early]]
                is_leader[late] = False
    return leaders


def _close_pairs(vectors: Floats, cut: float) -> list[tuple[int, int, float]]:
    """Pairs (later, earlier, cosine) with at least the cut, by the later one, the likest earlier first."""
    pairs: list[tuple[int, int, float]] = []
    for start in range(0, len(vectors), _CHUNK):
        cosines = vectors[start : start + _CHUNK] @ vectors[: start + _CHUNK].T
        late, early = np.nonzero(cosines >= cut)
        kept = early < late + start
        pairs += [
            (int(a) + start, int(b), float(cosines[a, b]))
            for a, b in zip(late[kept], early[kept], strict=True)
        ]
    return sorted(pairs, key=lambda pair: (pair[0], -pair[2], pair[1]))


def _suggestions(
    folded: pl.DataFrame, vector_of: Mapping[str, Floats], release: Release, embedder: NameEmbedder
) -> list[dict[str, Any]]:
    """Action, target and nearest library thing of each row."""
    skill_names = [s.name for s in release.skills]
    skills = folded.filter(pl.col("kind") == "new_skill")["item_id"].to_list()
    asked = np.array([vector_of[item] for item in skills])
    likest = iter(_likest(asked, embedder.embed_each(skill_names)) if skills else [])
    titles = list(release.titles)
    kras = _kras_of_kin(release)
    found: list[dict[str, Any]] = []
    for row in folded.iter_rows(named=True):
        action = "add" if row["jds"] >= OFTEN else "ignore"
        target = None
        nearest = row["nearest"]
        if row["kind"] == "new_skill":
            place, cosine = next(likest)
            nearest = skill_names[place]
            if title_key(row["name"]) in release.titles:  # "Data Scientist" is near to Data Science
                action = "ignore"
            elif cosine >= ALIAS and _same_numbers(row["name"], nearest):
                target = nearest
        elif row["kind"] == "new_role":
            target = _role_of_title(row["name"], titles, release)
        elif row["kind"] == "new_kra" and row["unsure"] and nearest in kras.get(row["role_slug"], ()):
            target = nearest
        elif row["kind"] == "alias_collision":
            action = "add"
        found.append({"action": "alias" if target else action, "target": target, "nearest": nearest})
    return found


def _kras_of_kin(release: Release) -> dict[str, set[str]]:
    """The KRAs of each role, its parent and its children: the ones that a duty of the role can be in other
    words. What is near to a KRA of another trade by its words alone is none."""
    kras = {role.slug: set(role.kras) for role in release.roles}
    found = {slug: set(own) for slug, own in kras.items()}
    for role in release.roles:
        if role.parent is not None:
            found[role.slug] |= kras[role.parent]
            found[role.parent] |= kras[role.slug]
    return found


def _likest(asked: Floats, known: Floats) -> list[tuple[int, float]]:
    found: list[tuple[int, float]] = []
    for start in range(0, len(asked), _CHUNK):
        cosines = asked[start : start + _CHUNK] @ known.T
        best: npt.NDArray[np.int64] = cosines.argmax(axis=1)
        found += [(int(b), float(c[b])) for b, c in zip(best, cosines, strict=True)]
    return found


def _same_numbers(one: str, other: str) -> bool:
    return _NUMBERS.findall(one) == _NUMBERS.findall(other)


def _role_of_title(title: str, titles: Sequence[str], release: Release) -> str | None:
    key = title_key(title) or fold(title)
    match = process.extractOne(key, titles, scorer=fuzz.token_sort_ratio, score_cutoff=SAME_TITLE)
    return release.roles[release.titles[match[0]][0]].slug if match else None
