"""Which roles a title names: exactly, or nearly by the words that it shares with their titles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

from jd_assets.library.release import Floats, Release
from jd_assets.library.role_words import reading
from jd_assets.library.titles import title_variants

TYPO = 84.0
"""Least ratio, 0 to 100, at which a title's unknown word is taken for a known one: one wrong letter of
six. Shorter words are not corrected."""

NEARLY = 0.99
"""Most that a title scores which is not a role's title exactly."""

# Where a role works, not how senior it is: without it the title may be another role's, as "Corporate
# Development Manager" is no development manager.
_SCOPE = frozenset("regional area zonal national global corporate group district field expert".split())
_LEAST_LETTERS = 5
_VARIANTS = 4


@dataclass(frozen=True)
class TitleMatch:
    """`exact` are the roles that the title names, more than one where it is shared. `scores`, shape
    (roles,): 1 for those, else the best cosine to one of the role's titles; `keys` are the indexes of
    those titles in the release's `title_keys`."""

    exact: tuple[int, ...]
    scores: Floats
    keys: npt.NDArray[np.int64]


def match_titles(titles: Iterable[str | None], release: Release) -> dict[str, TitleMatch]:
    """The match of each distinct title."""
    return {title: _match(title, release) for title in sorted({t for t in titles if t})}


def _match(title: str, release: Release) -> TitleMatch:
    variants = title_variants(title)
    scores = np.zeros(len(release.roles), dtype=np.float32)
    keys = np.zeros(len(release.roles), dtype=np.int64)
    for variant in variants[:_VARIANTS]:
        own, own_keys = _likeness(tuple(reading(variant).words), release)
        keys = np.where(own > scores, own_keys, keys)
        scores = np.maximum(scores, own)
    np.minimum(scores, NEARLY, out=scores)
    place = _exactly(variants, release)
    if place is None:
        return TitleMatch((), scores, keys)
    exact = release.titles[release.role_words.title_keys[place]]
    scores[list(exact)] = 1.0
    keys[list(exact)] = place
    return TitleMatch(exact, scores, keys)


def _exactly(variants: list[str], release: Release) -> int | None:
    """Index of the title key that a variant is, as it stands or in another order of words: "Manager -
    Sales" is a sales manager."""
    derived = release.role_words
    scope = _SCOPE.intersection(variants[0].split()) if variants else _SCOPE
    whole = [v for v in variants if scope <= set(v.split())]
    literal = (derived.title_index.get(v) for v in whole)
    turned = (derived.titles_in_any_order.get(" ".join(sorted(v.split()))) for v in whole)
    return next((place for places in (literal, turned) for place in places if place is not None), None)


def _likeness(parts: tuple[str, ...], release: Release) -> tuple[Floats, npt.NDArray[np.int64]]:
    """For each role the best cosine between these words and a title of its, and that title's index."""
    derived = release.role_words
    postings = derived.title_words
    known = sorted({_known(word, release) for word in parts})  # sums depend on the order in the last digits
    places = [postings.index[w] for w in known if w in postings.index]
    none = np.zeros(len(release.roles), dtype=np.float32), np.zeros(len(release.roles), dtype=np.int64)
    if not places:
        return none
    unknown = sum(w not in postings.index for w in known)
    length = np.sqrt((postings.idf[places] ** 2).sum() + unknown * np.median(postings.idf) ** 2)
    cosines = np.zeros(len(derived.title_keys), dtype=np.float32)
    for place in places:
        part = slice(postings.starts[place], postings.starts[place + 1])
        cosines[postings.keys[part]] += postings.weights[part] * (postings.idf[place] / length)
    of_pair = cosines[derived.pair_key]
    best: Floats = np.maximum.reduceat(of_pair, derived.pair_starts)
    roles = np.diff(np.append(derived.pair_starts, len(of_pair)))
    is_best = of_pair == np.repeat(best, roles)
    keys = np.minimum.reduceat(
        np.where(is_best, derived.pair_key, len(derived.title_keys)), derived.pair_starts
    )
    return best, keys


@lru_cache(maxsize=4096)
def _nearest_word(word: str, known: tuple[str, ...]) -> str | None:
    found = process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=TYPO)
    return found[0] if found else None


def _known(word: str, release: Release) -> str:
    """The word, or the one of the release's titles that it is a misspelling of."""
    index = release.role_words.title_words.index
    if word in index or len(word) < _LEAST_LETTERS:
        return word
    return _nearest_word(word, release.role_words.title_words.terms) or word
