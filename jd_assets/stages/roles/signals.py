"""Stage 3: what speaks for which role. All roles of a release at once, by matrix products."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from rapidfuzz import fuzz, process

from jd_assets.library.release import Floats, Release
from jd_assets.library.titles import title_variants
from jd_assets.tables import ROLE_SIGNALS

TOP = 5
"""Roles kept of each signal; a role kept for one is scored by all."""

BEST_SENTENCES = 3
"""A role's KRA score is the mean over its three best sentence matches, as in the reference."""

FUZZY_CUT = 88.0
"""Least token-sort ratio, 0 to 100, at which two titles are taken for one."""

SECONDARY = 0.5
"""Weight of a skill that a JD asks for as an extra, against 1 for a main one."""

_CHUNK_SENTENCES = 2048
_CHUNK_JDS = 512


@dataclass(frozen=True)
class JdEvidence:
    """One JD's evidence: row indexes into the release's skills, sentences and their unit vectors."""

    jd_id: str
    title: str | None
    skills: npt.NDArray[np.int64]
    skill_weights: Floats
    sentences: list[str]
    vectors: Floats


@dataclass(frozen=True)
class TitleMatch:
    """Roles that a title names; `score` is 1 for an exact match, else the fuzzy ratio over 100."""

    key: str
    roles: tuple[int, ...]
    score: float


def jd_vector(vectors: Floats) -> Floats:
    """Unit mean of a JD's duty vectors, shape (width,); zeros for a JD that states none."""
    mean: Floats = vectors.mean(axis=0) if len(vectors) else np.zeros(vectors.shape[1], dtype=np.float32)
    norm = float(np.linalg.norm(mean))
    return mean / norm if norm > 0 else mean


def role_signals(
    parsed: pl.DataFrame,
    skills: pl.DataFrame,
    kras: pl.DataFrame,
    embeddings: pl.DataFrame,
    release: Release,
) -> pl.DataFrame:
    """ROLE_SIGNALS of a day's JDs that passed.

    Raises:
        ValueError: the embeddings are of another model than the release's.
    """
    models = set(embeddings["model"].unique()) - {release.model}
    if models:
        raise ValueError(
            f"embeddings of {sorted(models)} can't be compared with the release's, {release.model}: "
            f"materialize kra_embeddings or library_release again"
        )
    passed = parsed.filter(pl.col("jd_type") == "pass")
    titles = match_titles(passed["title"].to_list(), release)
    frames = []
    evidence = zip(passed["ds"], _evidence(passed, skills, kras, embeddings, release), strict=True)
    while chunk := list(islice(evidence, _CHUNK_JDS)):
        similarities = kra_similarities(np.concatenate([jd.vectors for _, jd in chunk]), release)
        rows: list[dict[str, Any]] = []
        start = 0
        for ds, jd in chunk:
            own = similarities[start : start + len(jd.vectors)]
            start += len(jd.vectors)
            rows += _rows_of(ds, jd, titles.get(jd.title or ""), own, release)
        frames.append(ROLE_SIGNALS.frame(rows))
    return pl.concat(frames) if frames else ROLE_SIGNALS.frame([])


def match_titles(titles: Sequence[str | None], release: Release) -> dict[str, TitleMatch]:
    """For each distinct title, the roles that it names: exactly by one of its variants, else by the
    nearest of the release's titles."""
    found: dict[str, TitleMatch] = {}
    unmatched: dict[str, str] = {}
    in_any_order = {" ".join(sorted(key.split())): key for key in release.titles}
    for title in sorted({t for t in titles if t}):
        variants = title_variants(title)
        exact = next((v for v in variants if v in release.titles), None)
        if exact is None:  # "Manager - Sales" is a sales manager
            turned = (in_any_order.get(" ".join(sorted(v.split()))) for v in variants)
            exact = next((key for key in turned if key), None)
        if exact is not None:
            found[title] = TitleMatch(exact, release.titles[exact], 1.0)
        elif variants:
            unmatched[title] = min(variants, key=len) if len(variants[0].split()) > 8 else variants[0]
    if unmatched:
        known = list(release.titles)
        scores = process.cdist(
            list(unmatched.values()), known, scorer=fuzz.token_sort_ratio, score_cutoff=FUZZY_CUT
        )
        for title, best, row in zip(unmatched, scores.argmax(axis=1), scores, strict=True):
            if row[best] >= FUZZY_CUT:
                found[title] = TitleMatch(
                    known[best], release.titles[known[best]], round(float(row[best]) / 100, 4)
                )
    return found


def _evidence(
    passed: pl.DataFrame,
    skills: pl.DataFrame,
    kras: pl.DataFrame,
    embeddings: pl.DataFrame,
    release: Release,
) -> Iterator[JdEvidence]:
    """Evidence of each JD, in the order of `passed`."""
    known = skills.filter(pl.col("skill_slug").is_not_null())
    skill_rows: dict[str, list[tuple[int, float]]] = {}
    for jd_id, slug, primary in known.select("jd_id", "skill_slug", "is_primary").iter_rows():
        weight = 1.0 if primary else SECONDARY
        skill_rows.setdefault(jd_id, []).append((release.skill_index[slug], weight))

    duties = kras.join(embeddings.select("jd_id", "position", "vector"), on=["jd_id", "position"])
    duties = duties.sort("jd_id", "position")
    vectors = duties["vector"].to_numpy() if duties.height else np.zeros((0, _width(release)), np.float32)
    sentences = duties["sentence"].to_list()
    places: dict[str, tuple[int, int]] = {}
    for jd_id, first, count in (
        duties.with_row_index("row")
        .group_by("jd_id")
        .agg(pl.col("row").min().alias("first"), pl.len().alias("count"))
        .iter_rows()
    ):
        places[jd_id] = (first, first + count)
    for jd_id, title in passed.select("jd_id", "title").iter_rows():
        first, last = places.get(jd_id, (0, 0))
        pairs = skill_rows.get(jd_id, [])
        yield JdEvidence(
            jd_id=jd_id,
            title=title,
            skills=np.array([p[0] for p in pairs], dtype=np.int64),
            skill_weights=np.array([p[1] for p in pairs], dtype=np.float32),
            sentences=sentences[first:last],
            vectors=vectors[first:last],
        )


def _width(release: Release) -> int:
    return int(release.kra_vectors.shape[1])


def skill_scores(evidence: JdEvidence, release: Release) -> Floats:
    """Cosine of the JD's skills and each role's, both weighted by inverse role frequency; shape (roles,)."""
    weights = release.skill_weights
    if not len(evidence.skills):
        return np.zeros(len(weights), dtype=np.float32)
    profile = evidence.skill_weights * release.skill_idf[evidence.skills]
    dot = weights[:, evidence.skills] @ profile
    norm = release.skill_norms * max(float(np.linalg.norm(profile)), 1e-9)
    scores: Floats = (dot / np.maximum(norm, 1e-9)).astype(np.float32)
    return scores


def kra_similarities(vectors: Floats, release: Release) -> Floats:
    """For each sentence and role the best cosine over the role's KRA texts, shape (sentences, roles)."""
    best = np.empty((len(vectors), len(release.roles)), dtype=np.float32)
    for start in range(0, len(vectors), _CHUNK_SENTENCES):
        part = slice(start, start + _CHUNK_SENTENCES)
        cosines = vectors[part] @ release.kra_vectors.T
        best[part] = np.maximum.reduceat(cosines, release.kra_bounds, axis=1)
    return best


def kra_scores(similarities: Floats) -> Floats:
    """Mean of each role's best sentence matches, shape (roles,), of similarities (sentences, roles)."""
    if not len(similarities):
        return np.zeros(similarities.shape[1], dtype=np.float32)
    count = min(BEST_SENTENCES, len(similarities))
    top = -np.partition(-similarities, count - 1, axis=0)[:count]
    scores: Floats = np.clip(top.mean(axis=0), 0.0, 1.0)
    return scores


def _rows_of(
    ds: Any, evidence: JdEvidence, title: TitleMatch | None, similarities: Floats, release: Release
) -> Iterator[dict[str, Any]]:
    alias = np.zeros(len(release.roles), dtype=np.float32)
    if title:
        alias[list(title.roles)] = title.score
    scores: dict[str, Floats] = {
        "alias": alias,
        "skill": skill_scores(evidence, release),
        "kra": kra_scores(similarities),
        "centroid": np.clip(release.base_centroids @ jd_vector(evidence.vectors), 0.0, 1.0),
    }
    order = {name: np.argsort(-values, kind="stable") for name, values in scores.items()}
    kept = sorted(
        {int(role) for name, roles in order.items() for role in roles[:TOP] if scores[name][role] > 0}
    )
    named = {int(i): float(w) for i, w in zip(evidence.skills, evidence.skill_weights, strict=True)}
    for signal, values in scores.items():
        ranks = np.empty(len(values), dtype=np.int64)
        ranks[order[signal]] = np.arange(1, len(values) + 1)
        for role in kept:
            if values[role] <= 0:
                continue
            entry = release.roles[role]
            row: dict[str, Any] = {
                "ds": ds,
                "jd_id": evidence.jd_id,
                "signal": signal,
                "rank": int(ranks[role]),
                "role_id": entry.id,
                "role_slug": entry.slug,
                "role_name": entry.name,
                "score": round(float(values[role]), 4),
                "matched_title": None,
                "matched_count": None,
                "total_count": None,
                "matched_skills": [],
                "kra_matches": [],
            }
            if signal == "alias" and title:
                row["matched_title"] = title.key
            elif signal == "skill":
                own = release.role_skills[role]
                matched = [i for i in own if i in named]
                row |= {
                    "matched_count": len(matched),
                    "total_count": len(own),
                    "matched_skills": [release.skills[i].name for i in matched],
                }
            elif signal == "kra":
                row["kra_matches"] = _kra_matches(evidence, similarities[:, role], role, release)
            yield row


def _kra_matches(
    evidence: JdEvidence, similarities: Floats, role: int, release: Release
) -> list[dict[str, Any]]:
    """The role's best pairs of KRA and sentence, best first; `similarities` are the sentences' own."""
    best = np.argsort(-similarities, kind="stable")[:BEST_SENTENCES]
    first = int(release.kra_bounds[role])
    last = int(release.kra_bounds[role + 1]) if role + 1 < len(release.roles) else len(release.kra_role)
    texts = (release.kra_vectors[first:last] @ evidence.vectors[best].T).argmax(axis=0)
    return [
        {
            "kra_text": release.kra_name(first + int(text)),
            "sentence": evidence.sentences[i],
            "similarity": round(float(similarities[i]), 4),
        }
        for i, text in zip(best, texts, strict=True)
    ]
