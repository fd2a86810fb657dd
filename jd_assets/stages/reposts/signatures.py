"""MinHash signatures of postings: short lists of numbers that agree where the texts share their wording."""

from __future__ import annotations

import re

import polars as pl
from rensa import RMinHash

from jd_assets.tables import JD_SIGNATURES

SHINGLE = 4
"""Words in a shingle: long enough that stock phrases of postings don't make two of them alike."""

PERMUTATIONS = 128
"""Numbers in a signature. The estimated Jaccard similarity has a standard error of at most
sqrt(0.25 / 128) = 0.044 (Broder 1997)."""

METHOD = f"rensa-0.5/words-{SHINGLE}/minhash-{PERMUTATIONS}"
"""Travels with each signature: those of two methods are never compared."""

_SEED = 1
_WORD = re.compile(r"\w+")


def signature(text: str) -> list[int]:
    """The text's MinHash over its shingles of words, PERMUTATIONS numbers of 32 bits. Case and
    punctuation don't count; a text without any word has the signature of the empty shingle."""
    words = _WORD.findall(text.lower())
    shingles = {" ".join(words[i : i + SHINGLE]) for i in range(max(len(words) - SHINGLE + 1, 1))}
    minhash = RMinHash(num_perm=PERMUTATIONS, seed=_SEED)
    minhash.update(sorted(shingles))
    return list(minhash.digest())


def jd_signatures(raw: pl.DataFrame, parsed: pl.DataFrame) -> pl.DataFrame:
    """JD_SIGNATURES of the JDs of PARSED_JDS that passed, of the text as read (RAW_JDS' text from
    body_start on)."""
    passed = parsed.filter(pl.col("jd_type") == "pass").select("ds", "jd_id")
    texts = raw.filter(pl.col("status") == "ok").select("jd_id", "text", "body_start")
    rows = passed.join(texts, on="jd_id", how="left", maintain_order="left")
    return JD_SIGNATURES.frame(
        {"ds": ds, "jd_id": jd_id, "method": METHOD, "signature": signature(text[body:])}
        for ds, jd_id, text, body in rows.iter_rows()
    )
