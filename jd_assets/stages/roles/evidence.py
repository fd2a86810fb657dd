"""A batch's evidence as arrays: what its JDs name, state and say, in the release's indexes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from jd_assets.library.release import Floats, Release
from jd_assets.library.role_words import Reading, reading

Indexes = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Evidence:
    """JDs in the order of `jd_ids`; JD j has rows `x_bounds[j]` to `x_bounds[j + 1]` of each list x.

    Skills are library skills by place in the text, as indexes; duties have their unit vectors, shape
    (duties, width); terms are the JD's distinct terms that the roles' texts hold, as indexes, with their
    log-scaled counts; `strange`, shape (JDs,), is the sum of the squares of those of its other words.
    """

    jd_ids: list[str]
    titles: list[str | None]
    texts: list[Reading]
    skill_bounds: Indexes
    skills: Indexes
    primary: Flags
    hard: Flags
    mentions: Floats
    duty_bounds: Indexes
    duties: list[str]
    vectors: Floats
    term_bounds: Indexes
    terms: Indexes
    term_counts: Floats
    strange: Floats


def gather(
    raw: pl.DataFrame,
    passed: pl.DataFrame,
    skills: pl.DataFrame,
    kras: pl.DataFrame,
    embeddings: pl.DataFrame,
    release: Release,
) -> Evidence:
    """Evidence of the JDs of `passed`, rows of PARSED_JDS, from the tables of their day."""
    order = passed.select("jd_id").with_row_index("jd")
    rows = order["jd"].len()
    text_of = dict(raw.filter(pl.col("status") == "ok").select("jd_id", "text").iter_rows())
    texts = [reading(text_of[jd_id]) for jd_id in passed["jd_id"]]

    known = (
        skills.filter(pl.col("skill_slug").is_not_null())
        .join(order, on="jd_id")
        .sort("jd", "start", "skill_name")
        .select("jd", "skill_slug", "is_primary", "kind", "mentions")
    )
    stated = (
        kras.join(embeddings.select("jd_id", "position", "vector"), on=["jd_id", "position"])
        .join(order, on="jd_id")
        .sort("jd", "position")
        .select("jd", "sentence", "vector")
    )
    titles = passed["title"].to_list()
    said = [_terms(title, text) for title, text in zip(titles, texts, strict=True)]
    index = release.role_words.texts.index
    known_terms = [[(index[t], n) for t, n in jd.items() if t in index] for jd in said]
    strange = [sum(np.log1p(n) ** 2 for t, n in jd.items() if " " not in t and t not in index) for jd in said]
    return Evidence(
        jd_ids=passed["jd_id"].to_list(),
        titles=titles,
        texts=texts,
        skill_bounds=_bounds(known["jd"], rows),
        skills=np.array([release.skill_index[slug] for slug in known["skill_slug"]], dtype=np.int64),
        primary=known["is_primary"].to_numpy(),
        hard=(known["kind"] == "hard").to_numpy(),
        mentions=known["mentions"].cast(pl.Float32).to_numpy(),
        duty_bounds=_bounds(stated["jd"], rows),
        duties=stated["sentence"].to_list(),
        vectors=stated["vector"].to_numpy()
        if stated.height
        else np.zeros((0, release.kra_vectors.shape[1]), dtype=np.float32),
        term_bounds=np.cumsum([0, *map(len, known_terms)], dtype=np.int64),
        terms=np.array([term for jd in known_terms for term, _ in jd], dtype=np.int64),
        term_counts=np.log1p(np.array([n for jd in known_terms for _, n in jd], dtype=np.float32)),
        strange=np.array(strange, dtype=np.float32),
    )


def _terms(title: str | None, text: Reading) -> Counter[str]:
    said = Counter(text.terms)
    said.update(reading(title or "").terms)
    return said


def _bounds(jds: pl.Series, rows: int) -> Indexes:
    bounds: Indexes = np.searchsorted(jds.to_numpy(), np.arange(rows + 1)).astype(np.int64)
    return bounds
