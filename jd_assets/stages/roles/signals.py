"""Stage 3: what speaks for which role. All roles of a release at once, by matrix products."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from jd_assets.library.release import Floats, Release, meant_titles
from jd_assets.models.embedder import Embedder
from jd_assets.models.role_model import SIGNALS
from jd_assets.models.role_wording import RoleWording, shipped_role_wording
from jd_assets.schema import arrow_type
from jd_assets.stages.blas import one_thread
from jd_assets.stages.processes import cores
from jd_assets.stages.roles.evidence import Evidence, gather
from jd_assets.stages.roles.likeness import title_likeness
from jd_assets.stages.roles.scores import BEST_SENTENCES, Scores, score
from jd_assets.stages.roles.titles import match_titles
from jd_assets.tables import KRA_MATCHES, ROLE_SIGNALS

TOP = 4
"""Roles kept of each signal; a role kept for one is scored by all."""

WORDS = 5
"""Words and pairs of words given as the evidence of the text signal."""

_CHUNK_SCORES = 128 * 264  # JDs x roles at a time: 40 MB of the greatest arrays
_OF_WHOLE_DOMAINS = "domain"  # its scores don't tell the roles of a domain apart
Indexes = npt.NDArray[np.int64]


def role_signals(
    raw: pl.DataFrame,
    parsed: pl.DataFrame,
    skills: pl.DataFrame,
    kras: pl.DataFrame,
    embeddings: pl.DataFrame,
    release: Release,
    embedder: Embedder,
    wording: RoleWording | None = None,
) -> pl.DataFrame:
    """ROLE_SIGNALS of a day's JDs that passed; by the shipped wording if none is given. The embedder, for
    titles, is the shipped one, whatever made the duties' embeddings.

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
    evidence = gather(raw, passed, skills, kras, embeddings, release)
    texts = release.role_words.worded(wording or shipped_role_wording())
    likeness = title_likeness(evidence.titles, release, embedder)
    nearest = [title for role in release.roles for title in meant_titles(role)]
    chunk = max(8, _CHUNK_SCORES // max(len(release.roles), 1))

    def rows_from(first: int) -> pl.DataFrame:
        last = min(first + chunk, passed.height)
        titles = match_titles(evidence.titles[first:last], release)
        scores = score(evidence, first, last, titles, likeness, release, texts)
        return _rows(evidence, first, scores, release, nearest)

    one_thread()
    frames = list(_threads().map(rows_from, range(0, passed.height, chunk)))
    if not frames:
        return ROLE_SIGNALS.frame([])
    rows = pl.concat(frames).with_columns(pl.lit(None, dtype=pl.Date).alias("ds"))
    days = passed.select("jd_id", "ds")
    return rows.drop("ds").join(days, on="jd_id", how="left").select(ROLE_SIGNALS.names)


@lru_cache(maxsize=1)
def _threads() -> ThreadPoolExecutor:
    """The process's threads. New ones for each batch would each take memory from another of the allocator's
    arenas, which give none back: 180 MB more after each 1,000 JDs."""
    return ThreadPoolExecutor(cores(), "signals")


os.register_at_fork(after_in_child=_threads.cache_clear)  # a child has none of its parent's threads


def _rows(
    evidence: Evidence, first: int, scores: Scores, release: Release, nearest: list[str]
) -> pl.DataFrame:
    jds, roles = np.nonzero(_kept(scores))
    entries = release.roles
    base = {
        "jd_id": [evidence.jd_ids[first + jd] for jd in jds],
        "role_id": [entries[role].id for role in roles],
        "role_slug": [entries[role].slug for role in roles],
        "role_name": [entries[role].name for role in roles],
    }
    evidences: dict[str, dict[str, Any]] = {
        "alias": {"matched_title": _titles(scores.alias_keys[jds, roles], release)},
        "likeness": {"matched_title": [nearest[place] for place in scores.like_places[jds, roles]]},
        "mention": {"matched_title": _titles(scores.mention_keys[jds, roles], release)},
        "skill": _skills(evidence, first, jds, roles, release),
        "technology": _technologies(evidence, first, jds, roles, release),
        "kra": {"kra_matches": _kra_matches(evidence, first, jds, roles, scores, release)},
        "text": {"matched_words": _words(jds, roles, scores, release)},
    }
    frames = []
    for signal in SIGNALS:
        matrix = scores.by_signal[signal]
        values = matrix[jds, roles]
        frame = pl.DataFrame(
            {
                **base,
                "signal": [signal] * len(jds),
                "rank": _ranks(matrix, jds, values),
                "score": values.astype(np.float64).round(4),
                **evidences.get(signal, {}),
            }
        )
        frames.append(frame.filter(pl.col("score") > 0))
    rows = pl.concat(frames, how="diagonal")
    missing = [c for c in ROLE_SIGNALS.columns if c.name not in rows.columns and c.name != "ds"]
    rows = rows.with_columns(pl.lit(None, dtype=c.dtype).alias(c.name) for c in missing)
    lists = [c.name for c in ROLE_SIGNALS.columns if isinstance(c.dtype, pl.List)]
    types = {c.name: c.dtype for c in ROLE_SIGNALS.columns if c.name != "ds"}
    return rows.with_columns(pl.col(lists).fill_null([])).select(pl.col(n).cast(t) for n, t in types.items())


def _kept(scores: Scores) -> npt.NDArray[np.bool_]:
    """Which roles are kept for each JD, shape (JDs, roles)."""
    matrices = [m for signal, m in scores.by_signal.items() if signal != _OF_WHOLE_DOMAINS]
    kept = np.zeros(matrices[0].shape, dtype=bool)
    for matrix in matrices:
        count = min(TOP, matrix.shape[1])
        # A stable sort: of equal scores the first roles of the release are kept, on any machine.
        top = np.argsort(-matrix, axis=1, kind="stable")[:, :count]
        np.put_along_axis(kept, top, np.take_along_axis(kept | (matrix > 0), top, axis=1), axis=1)
    return kept


def _ranks(matrix: Floats, jds: Indexes, values: Floats) -> Indexes:
    """Place of each kept role by a signal, from 1; roles of one score share a place."""
    ranks = np.empty(len(jds), dtype=np.int64)
    for start in range(0, len(jds), 4096):
        part = slice(start, start + 4096)
        ranks[part] = 1 + (matrix[jds[part]] > values[part, None]).sum(axis=1)
    return ranks


def _titles(keys: Indexes, release: Release) -> list[str]:
    return [release.role_words.title_keys[key] for key in keys]


def _pairs(bounds: Indexes, first: int, jds: Indexes) -> tuple[Indexes, Indexes]:
    """For each kept pair every row of its JD: the pair's number, and the row's."""
    counts = np.diff(bounds)[first + jds]
    pair = np.repeat(np.arange(len(jds)), counts)
    offset = np.arange(len(pair)) - np.repeat(np.cumsum(counts) - counts, counts)
    return pair, bounds[first + jds][pair] + offset


def _list(pair: Indexes, values: list[str], length: int) -> pl.Series:
    """A column of lists: the values, which are in the order of their pairs."""
    offsets = np.searchsorted(pair, np.arange(length + 1)).astype(np.int64)
    return pl.Series(pa.LargeListArray.from_arrays(offsets, pa.array(values, pa.large_string())))


def _skills(
    evidence: Evidence, first: int, jds: Indexes, roles: Indexes, release: Release
) -> dict[str, pl.Series | Indexes]:
    pair, row = _pairs(evidence.skill_bounds, first, jds)
    skill = evidence.skills[row]
    place = release.role_words.role_skill_rank[roles[pair], skill]
    own = place >= 0
    pair, skill, place = pair[own], skill[own], place[own]
    order = np.lexsort((place, pair))
    return {
        "matched_count": np.bincount(pair, minlength=len(jds)),
        "total_count": np.array([len(release.role_skills[role]) for role in roles], dtype=np.int64),
        "matched_skills": _list(pair[order], [release.skills[s].name for s in skill[order]], len(jds)),
    }


def _technologies(
    evidence: Evidence, first: int, jds: Indexes, roles: Indexes, release: Release
) -> dict[str, pl.Series]:
    pair, row = _pairs(evidence.skill_bounds, first, jds)
    skill = evidence.skills[row]
    naming = evidence.hard[row] & (release.role_words.naming_skills[roles[pair], skill] > 0)
    names = [release.skills[s].name for s in skill[naming]]
    return {"matched_skills": _list(pair[naming], names, len(jds))}


def _kra_matches(
    evidence: Evidence, first: int, jds: Indexes, roles: Indexes, scores: Scores, release: Release
) -> pl.Series:
    """Each pair's best pairs of KRA and sentence, best first."""
    pair, row = _pairs(evidence.duty_bounds, first, jds)
    start = evidence.duty_bounds[first]
    value = scores.similarities[row - start, roles[pair]]
    order = np.lexsort((row, -value, pair))
    pair, row, value = pair[order], row[order], value[order]
    best = np.arange(len(pair)) - np.searchsorted(pair, pair) < BEST_SENTENCES
    pair, row, value = pair[best], row[best], value[best]
    texts = _kra_texts(scores.cosines, row - start, roles[pair], release)
    matches = pa.StructArray.from_arrays(
        [
            pa.array([release.kra_name(int(text)) for text in texts], pa.string()),
            pa.array([evidence.duties[r] for r in row], pa.string()),
            pa.array(value.astype(np.float64).round(4), arrow_type(pl.Float64())),
        ],
        names=["kra_text", "sentence", "similarity"],
    )
    offsets = np.searchsorted(pair, np.arange(len(jds) + 1)).astype(np.int64)
    return pl.Series(pa.LargeListArray.from_arrays(offsets, matches)).cast(KRA_MATCHES)


def _kra_texts(cosines: Floats, rows: Indexes, roles: Indexes, release: Release) -> Indexes:
    """Of each sentence (a row of `cosines`) and role, which of the role's KRA texts is nearest."""
    bounds = np.append(release.kra_bounds, len(release.kra_role))
    lengths = np.diff(bounds)[roles]
    columns = bounds[roles][:, None] + np.arange(int(lengths.max(initial=1)))
    inside = np.arange(columns.shape[1]) < lengths[:, None]
    values = np.where(inside, cosines[rows[:, None], np.where(inside, columns, 0)], -np.inf)
    texts: Indexes = bounds[roles] + values.argmax(axis=1)
    return texts


def _words(jds: Indexes, roles: Indexes, scores: Scores, release: Release) -> pl.Series:
    """The terms of each pair's JD that weigh most for its role."""
    shape = scores.by_signal["text"].shape
    pair_of = np.full(shape[0] * shape[1], -1, dtype=np.int64)
    pair_of[jds * shape[1] + roles] = np.arange(len(jds))
    parts = scores.text_parts
    pair = pair_of[parts.cells]
    kept = (pair >= 0) & (parts.values > 0)
    pair, term, value = pair[kept], parts.terms[kept], parts.values[kept]
    order = np.lexsort((term, -value, pair))
    pair, term = pair[order], term[order]
    best = np.arange(len(pair)) - np.searchsorted(pair, pair) < WORDS
    names = release.role_words.texts.terms
    return _list(pair[best], [names[t] for t in term[best]], len(jds))
