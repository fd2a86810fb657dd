"""What a release's roles are called and written in: words, title words and naming skills, as matrices."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import ahocorasick
import numpy as np
import numpy.typing as npt

from jd_assets.library.titles import title_key
from jd_assets.models.role_wording import RoleWording

if TYPE_CHECKING:
    from jd_assets.library.release import Release, RoleEntry

Floats = npt.NDArray[np.float32]
Indexes = npt.NDArray[np.int64]

_WORD = re.compile(r"\.net\b|[^\W_]+[+#]*", re.IGNORECASE)
# Function words, and what any posting says whatever the role.
_COMMON = frozenset(
    """a an the and or of to in for with on at by from as is are be will you your we our this that it its
    their they all any have has not can but if into such including etc other more well within across both
    who what work working ability strong good using use experience experienced knowledge skills years
    team""".split()
)
# Share of each kind of text in a role's term counts. Tried on 1,050 postings: by the terms alone the best
# role is right for 0.61 of them over a wide range of shares, and for 0.54 with no pairs of words.
_TITLE, _ARCHETYPE, _KRA, _SAYS, _PRIMARY, _SECONDARY = 2.0, 1.0, 0.5, 0.3, 1.5, 0.7


@lru_cache(maxsize=65536)
def plain(word: str) -> str:
    """Without a plural -s; the word is in lower case."""
    return word[:-1] if len(word) > 4 and word.endswith("s") and not word.endswith("ss") else word


@dataclass(frozen=True, slots=True)
class Reading:
    """A text's words in lower case, as they are and plain."""

    written: list[str]
    plain: list[str]

    @property
    def running(self) -> str:
        """The plain words with one space between and around them: what `mention_finder` reads."""
        return f" {' '.join(self.plain)} "

    @property
    def words(self) -> list[str]:
        """The plain words that may tell roles apart: all but the common ones."""
        return [p for w, p in zip(self.written, self.plain, strict=True) if w not in _COMMON]

    @property
    def terms(self) -> list[str]:
        """Those words, and the pairs of them in a row: "machine learning"."""
        found = self.words
        return found + [f"{first} {second}" for first, second in pairwise(found)]


def reading(text: str) -> Reading:
    """The words of a text."""
    written = _WORD.findall(text.lower())
    return Reading(written, list(map(plain, written)))


@dataclass(frozen=True)
class Postings:
    """For each term the keys that hold it: those of term t are `keys[starts[t]:starts[t + 1]]`, with its
    weights there."""

    index: dict[str, int]
    idf: Floats
    starts: Indexes
    keys: npt.NDArray[np.int32]
    weights: Floats

    @cached_property
    def terms(self) -> tuple[str, ...]:
        """The terms in their places."""
        return tuple(self.index)


def _postings(counts: Sequence[Mapping[str, float]], idf: Mapping[str, float]) -> Postings:
    """Keys by their terms, each weighing ln(1 + count) x idf; a key's weights have unit length."""
    index = {term: place for place, term in enumerate(sorted(idf))}
    cells = sorted(
        (index[t], key, np.log1p(n) * idf[t]) for key, own in enumerate(counts) for t, n in own.items()
    )
    at = np.array([term for term, _, _ in cells], dtype=np.int64)
    keys = np.array([key for _, key, _ in cells], dtype=np.int32)
    weights = np.array([weight for _, _, weight in cells])
    norms = np.sqrt(np.bincount(keys, weights=weights**2, minlength=len(counts)))
    return Postings(
        index=index,
        idf=np.array([idf[term] for term in index], dtype=np.float32),
        starts=np.searchsorted(at, np.arange(len(index) + 1)),
        keys=keys,
        weights=(weights / np.maximum(norms[keys], 1e-9)).astype(np.float32),
    )


def _added(postings: Postings, terms: Indexes, keys: Indexes, weights: Floats) -> Postings:
    """The postings with weights of terms for keys added to theirs."""
    width = int(max(postings.keys.max(initial=0), keys.max(initial=0))) + 1
    own = np.repeat(np.arange(len(postings.idf)), np.diff(postings.starts))
    cells, places = np.unique(
        np.concatenate([own * width + postings.keys, terms * width + keys]), return_inverse=True
    )
    summed = np.bincount(places, weights=np.concatenate([postings.weights, weights]), minlength=len(cells))
    return Postings(
        index=postings.index,
        idf=postings.idf,
        starts=np.searchsorted(cells // width, np.arange(len(postings.idf) + 1)),
        keys=(cells % width).astype(np.int32),
        weights=summed.astype(np.float32),
    )


class RoleWords:
    """Derived from a release when first asked for; a release keeps its own (`Release.role_words`)."""

    def __init__(self, release: Release) -> None:
        self._release = release
        self._worded: tuple[RoleWording, Postings] | None = None
        self.title_keys: tuple[str, ...] = tuple(release.titles)
        pairs = sorted(
            (role, key) for key, name in enumerate(self.title_keys) for role in release.titles[name]
        )
        self.pair_key: Indexes = np.array([key for _, key in pairs], dtype=np.int64)
        self.pair_starts: Indexes = np.searchsorted(
            [role for role, _ in pairs], np.arange(len(release.roles))
        )

    @cached_property
    def domains(self) -> Indexes:
        """Number of each role's domain, shape (roles,)."""
        names = sorted({role.domain for role in self._release.roles})
        return np.array([names.index(role.domain) for role in self._release.roles], dtype=np.int64)

    @cached_property
    def texts(self) -> Postings:
        """Roles by the terms of their texts; the idf of a term that r of R roles hold is ln(R / r) + 0.3."""
        held = Counter(term for counts in self._counts for term in counts)
        roles = len(self._counts)
        return _postings(self._counts, {term: np.log(roles / n) + 0.3 for term, n in held.items()})

    def worded(self, wording: RoleWording) -> Postings:
        """`texts`, with what is known of how postings for the roles are worded; roles and terms that the
        release lacks are left out."""
        if self._worded is None or self._worded[0] is not wording:
            role = np.array(
                [self._release.role_index.get(slug, -1) for slug in wording.roles], dtype=np.int64
            )
            term = np.array([self.texts.index.get(term, -1) for term in wording.terms], dtype=np.int64)
            roles, terms = role[wording.role_of], term[wording.term_of]
            known = (roles >= 0) & (terms >= 0)
            self._worded = wording, _added(self.texts, terms[known], roles[known], wording.weights[known])
        return self._worded[1]

    @property
    def strange_idf(self) -> float:
        """The idf of a term that one role's texts hold."""
        return float(np.log(len(self._release.roles)) + 0.3)

    @cached_property
    def _counts(self) -> list[Counter[str]]:
        return [self._count(role) for role in self._release.roles]

    def _count(self, role: RoleEntry) -> Counter[str]:
        counts: Counter[str] = Counter()

        def add(texts: Iterable[str], share: float) -> None:
            for text in texts:
                for term in reading(text).terms:
                    counts[term] += share  # type: ignore[assignment]

        add((role.name, *role.titles), _TITLE)
        add((role.archetype,), _ARCHETYPE)
        add(role.kras, _KRA)
        add((say for says in role.says for say in says), _SAYS)
        add((self._release.skill(s).name for s in role.primary), _PRIMARY)
        add((self._release.skill(s).name for s in role.secondary), _SECONDARY)
        return counts

    @cached_property
    def naming_skills(self) -> Floats:
        """How far each skill names each role, shape (roles, skills), 0 to 1: the share of the role's titles
        that say it, 1 where its name does ("Node.js Developer"), less where it names many roles."""
        spelled = {
            title_key(name): index
            for index, skill in reversed(list(enumerate(self._release.skills)))
            if skill.kind == "hard"
            for name in (*skill.aliases, skill.name)
        }
        naming = np.zeros((len(self._release.roles), len(self._release.skills)), dtype=np.float32)
        for row, role in enumerate(self._release.roles):
            titles = [title_key(t).split() for t in (role.name, *role.titles)]
            for place, title in enumerate(titles):
                for skill in {spelled[gram] for gram in _grams(title) if gram in spelled}:
                    naming[row, skill] += 1.0 if place == 0 else 1.0 / len(titles)
        np.minimum(naming, 1.0, out=naming)
        roles = len(self._release.roles)
        named = np.maximum((naming > 0).sum(axis=0), 1)
        naming *= (np.log1p(roles / named) / np.log1p(roles)).astype(np.float32)
        return naming

    @cached_property
    def role_skill_rank(self) -> npt.NDArray[np.int16]:
        """Place of each skill in the role's list, primary ones first and inherited ones last, shape
        (roles, skills); -1 where the role has it not."""
        ranks = np.full((len(self._release.roles), len(self._release.skills)), -1, dtype=np.int16)
        for row, own in enumerate(self._release.role_skills):
            ranks[row, list(own)] = np.arange(len(own), dtype=np.int16)
        return ranks

    @cached_property
    def title_words(self) -> Postings:
        """Title keys by their words; the idf of a word in the titles of r of R roles is ln(1 + R / r)."""
        split = [reading(key).words for key in self.title_keys]
        roles_of: dict[str, set[int]] = {}
        for key, parts in zip(self.title_keys, split, strict=True):
            for word in parts:
                roles_of.setdefault(word, set()).update(self._release.titles[key])
        roles = len(self._release.roles)
        once = [dict.fromkeys(parts, 1.0) for parts in split]
        return _postings(once, {word: np.log1p(roles / len(own)) for word, own in roles_of.items()})

    @cached_property
    def title_index(self) -> dict[str, int]:
        """Index of each title key."""
        return {key: i for i, key in enumerate(self.title_keys)}

    @cached_property
    def titles_in_any_order(self) -> dict[str, int]:
        """Index of a title key by its words in alphabetical order."""
        return {" ".join(sorted(key.split())): i for i, key in reversed(list(enumerate(self.title_keys)))}

    @cached_property
    def title_lengths(self) -> tuple[int, ...]:
        """Characters of each title key as it is found in running words."""
        return tuple(len(reading(key).running) for key in self.title_keys)

    @cached_property
    def mention_finder(self) -> ahocorasick.Automaton:
        """Finds title keys, as indexes into `title_keys`, in a text's running words."""
        finder = ahocorasick.Automaton()
        for index, key in reversed(list(enumerate(self.title_keys))):
            finder.add_word(reading(key).running, index)
        finder.make_automaton()
        return finder


def _grams(title: Sequence[str]) -> Iterable[str]:
    """One to three words in a row that are not the whole title: "node js" of "node js developer"."""
    for size in (1, 2, 3):
        if size < len(title):
            for first in range(len(title) - size + 1):
                yield " ".join(title[first : first + size])
