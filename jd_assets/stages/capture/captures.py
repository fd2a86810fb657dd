"""Stage 5: what a JD could teach the library, for a person to decide on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from jd_assets.library.release import Release
from jd_assets.library.scale import rescaled
from jd_assets.library.spelling import fold
from jd_assets.library.titles import title_key
from jd_assets.models.embedder import MODEL_ID
from jd_assets.stages.blas import one_thread
from jd_assets.tables import CAPTURES


@dataclass(frozen=True, slots=True)
class KraCut:
    """Cosines to the nearest library KRA: a duty under `new` is captured as new, one from there to `known`
    as unsure, and one from `known` on is taken for that KRA."""

    new: float
    known: float


KRA_CUTS = {MODEL_ID: KraCut(new=0.505, known=0.55)}
"""By embedding model. Fitted by benchmarks/kra_cut.py on 123 duties of 130 postings, drawn over the whole
range of similarity and judged by hand against their nearest KRA: under `new` fewer than one in four is
that KRA, at `known` one in three. Another model has those of the shipped one, on whose scale the release
puts its cosines."""

_CHUNK = 2048


def captures(
    parsed: pl.DataFrame,
    skills: pl.DataFrame,
    kras: pl.DataFrame,
    embeddings: pl.DataFrame,
    assignments: pl.DataFrame,
    release: Release,
) -> pl.DataFrame:
    """CAPTURES of a day.

    Raises:
        KeyError: no cut was fitted for the release's embedding model, and it has no scale.
    """
    roles = {row["jd_id"]: row for row in assignments.iter_rows(named=True)}
    companies = dict(parsed.select("jd_id", "company_name").iter_rows())
    titles = dict(parsed.select("jd_id", "title").iter_rows())
    rows: list[dict[str, Any]] = []

    for skill in skills.filter(pl.col("is_new")).iter_rows(named=True):
        row = _row("new_skill", skill["skill_name"], roles[skill["jd_id"]], companies)
        rows.append(row | {"is_primary": skill["is_primary"], "evidence": skill["evidence"]})

    cut = _cut(release)
    duties = kras.join(embeddings.select("jd_id", "position", "vector"), on=["jd_id", "position"])
    seen: set[tuple[str, str]] = set()
    for duty, similarity, nearest in _nearest(duties.sort("jd_id", "position"), release):
        if similarity >= cut.known or (duty["jd_id"], duty["sentence"]) in seen:
            continue
        seen.add((duty["jd_id"], duty["sentence"]))
        row = _row("new_kra", duty["sentence"], roles[duty["jd_id"]], companies)
        rows.append(
            row
            | {
                "similarity": round(similarity, 4),
                "is_unsure": similarity >= cut.new,
                "nearest": nearest,
                "evidence": duty["sentence"],
            }
        )

    for jd_id, role in roles.items():
        if role["is_new_role"]:
            name = role["new_role_name"] or "(no title)"
            best = role["alternatives"][0]["role_name"] if role["alternatives"] else None
            row = _row("new_role", name, role, companies)
            rows.append(row | {"nearest": best, "evidence": titles[jd_id] or role["reasoning"]})
        if role["alias_collision"]:
            name = title_key(titles[jd_id] or "") or titles[jd_id] or role["role_name"]
            row = _row("alias_collision", name, role, companies)
            rows.append(row | {"roles": role["collision_roles"], "evidence": titles[jd_id] or name})
    return CAPTURES.frame(rows)


def _cut(release: Release) -> KraCut:
    return KRA_CUTS[MODEL_ID if release.kra_scale.shape[1] else release.model]


def item_id(kind: str, name: str, role_slug: str | None) -> str:
    """What a capture is named by: kind and folded name, for a KRA the role too."""
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
        "is_unsure": None,
        "nearest": None,
        "roles": [],
        "company_name": companies.get(role["jd_id"]),
    }


def _nearest(duties: pl.DataFrame, release: Release) -> Iterator[tuple[dict[str, Any], float, str]]:
    """Each duty with its highest cosine to any library KRA text, and that KRA's name."""
    if not duties.height:
        return
    one_thread()
    vectors = duties["vector"].to_numpy()
    rows = duties.drop("vector").iter_rows(named=True)
    for start in range(0, len(vectors), _CHUNK):
        cosines = vectors[start : start + _CHUNK] @ release.kra_vectors.T
        best = cosines.argmax(axis=1)
        likest = rescaled(cosines[np.arange(len(best)), best], release.kra_scale)
        for place, value in zip(best, likest, strict=True):
            yield next(rows), float(value), release.kra_name(int(place))
