"""Stage 5: what a JD could teach the library, for a person to decide on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import polars as pl

from jd_assets.library.release import Release
from jd_assets.library.spelling import fold
from jd_assets.library.titles import title_key
from jd_assets.tables import CAPTURES, REVIEW_QUEUE

NEW_KRA = 0.40
"""A duty less similar than this to every library KRA is captured. DESIGN section 7: against full
sentences wrong pairs have median 0.34 and right ones 0.60."""

_CHUNK = 2048


def captures(
    parsed: pl.DataFrame,
    skills: pl.DataFrame,
    kras: pl.DataFrame,
    embeddings: pl.DataFrame,
    assignments: pl.DataFrame,
    release: Release,
) -> pl.DataFrame:
    """CAPTURES of a day."""
    roles = {row["jd_id"]: row for row in assignments.iter_rows(named=True)}
    companies = dict(parsed.select("jd_id", "company_name").iter_rows())
    titles = dict(parsed.select("jd_id", "title").iter_rows())
    rows: list[dict[str, Any]] = []

    for skill in skills.filter(pl.col("is_new")).iter_rows(named=True):
        row = _row("new_skill", skill["skill_name"], roles[skill["jd_id"]], companies)
        rows.append(row | {"is_primary": skill["is_primary"], "evidence": skill["evidence"]})

    duties = kras.join(embeddings.select("jd_id", "position", "vector"), on=["jd_id", "position"])
    seen: set[tuple[str, str]] = set()
    for duty, similarity, nearest in _nearest(duties.sort("jd_id", "position"), release):
        if similarity >= NEW_KRA or (duty["jd_id"], duty["sentence"]) in seen:
            continue
        seen.add((duty["jd_id"], duty["sentence"]))
        row = _row("new_kra", duty["sentence"], roles[duty["jd_id"]], companies)
        rows.append(
            row | {"similarity": round(similarity, 4), "nearest": nearest, "evidence": duty["sentence"]}
        )

    for jd_id, role in roles.items():
        if role["is_new_role"]:
            name = role["new_role_name"] or "(no title)"
            best = role["alternatives"][0]["role_name"] if role["alternatives"] else None
            row = _row("new_role", name, role, companies)
            rows.append(row | {"nearest": best, "evidence": titles[jd_id] or role["reasoning"]})
        if role["alias_collision"]:
            row = _row("alias_collision", title_key(titles[jd_id]) or titles[jd_id], role, companies)
            rows.append(row | {"roles": role["collision_roles"], "evidence": titles[jd_id]})
    return CAPTURES.frame(rows)


def review_queue(captured: pl.DataFrame, decisions: Mapping[str, Mapping[str, Any]]) -> pl.DataFrame:
    """REVIEW_QUEUE of the CAPTURES of all days; `decisions` has, by item_id, the decision that stands:
    its status, decided_by and decided_at."""
    by_count = pl.col("name").len().over("item_id", "name")
    folded = (
        captured.with_columns(by_count.alias("_spelled"))
        .sort(["item_id", "_spelled", "name", "ds", "jd_id"], descending=[False, True, False, False, False])
        .group_by("item_id", maintain_order=True)
        .agg(
            pl.col("kind").first(),
            pl.col("name").first(),
            pl.col("role_slug").drop_nulls().mode(maintain_order=True).first(),
            pl.col("role_name").drop_nulls().mode(maintain_order=True).first(),
            pl.col("jd_id").n_unique().cast(pl.Int32).alias("jds"),
            pl.col("company_name").drop_nulls().n_unique().cast(pl.Int32).alias("companies"),
            pl.col("is_primary").fill_null(False).mean().round(4).alias("primary_share"),
            pl.col("ds").min().alias("first_seen"),
            pl.col("ds").max().alias("last_seen"),
            pl.col("similarity").max().alias("best_similarity"),
            pl.col("nearest").first(),
            pl.col("evidence").first(),
        )
    )
    rows = []
    for row in folded.iter_rows(named=True):
        decided = decisions.get(row["item_id"], {})
        rows.append(
            row
            | {
                "status": decided.get("status", "pending"),
                "decided_by": decided.get("decided_by"),
                "decided_at": decided.get("decided_at"),
            }
        )
    return REVIEW_QUEUE.frame(rows)


def item_id(kind: str, name: str, role_slug: str | None) -> str:
    """What a capture folds into: kind and folded name, for a KRA the role too."""
    scope = role_slug or "" if kind == "new_kra" else ""
    return hashlib.sha256(f"{kind}\0{fold(name) or name}\0{scope}".encode()).hexdigest()[:16]


def _row(
    kind: str, name: str, role: Mapping[str, Any], companies: Mapping[str, str | None]
) -> dict[str, Any]:
    return {
        "ds": role["ds"],
        "jd_id": role["jd_id"],
        "kind": kind,
        "name": name,
        "item_id": item_id(kind, name, role["role_slug"]),
        "role_slug": role["role_slug"],
        "role_name": role["role_name"],
        "is_primary": None,
        "similarity": None,
        "nearest": None,
        "roles": [],
        "company_name": companies.get(role["jd_id"]),
    }


def _nearest(duties: pl.DataFrame, release: Release) -> Iterator[tuple[dict[str, Any], float, str]]:
    """Each duty with its highest cosine to any library KRA text, and that KRA's name."""
    if not duties.height:
        return
    vectors = duties["vector"].to_numpy()
    rows = duties.drop("vector").iter_rows(named=True)
    for start in range(0, len(vectors), _CHUNK):
        cosines = vectors[start : start + _CHUNK] @ release.kra_vectors.T
        best = cosines.argmax(axis=1)
        for place, value in zip(best, cosines[np.arange(len(best)), best], strict=True):
            yield next(rows), float(value), release.kra_name(int(place))
