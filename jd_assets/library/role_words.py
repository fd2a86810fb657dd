"""What a release's roles are called and written in: words, title words and naming skills, as matrices."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import ahocorasick
import numpy as np
import numpy.typing as npt

from jd_assets.library.titles import title_key

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
# Share of each kind of text in a role's word counts; found by cross-validation when the role model was
# fitted (docs/roles.md), within 0.01 of each other over a wide range.
_TITLE, _ARCHETYPE, _KRA, _SAYS, _PRIMARY, _SECONDARY = 1.0, 1.0, 1.0, 0.5, 1.5, 0.7


def plain(word: str) -> str:
    """Lower case, without a plural -s."""
    word = word.lower()
    return word[:-1] if len(word) > 4 and word.endswith("s") and not word.endswith("ss") else word


def words(text: str) -> list[str]:
    """The words of a text that may tell roles apart, plain."""
    return [plain(w) for w in map(str.lower, _WORD.findall(text)) if w not in _COMMON]


def running(text: str) -> tuple[str, list[str]]:
    """The text's words, plain, with one space between and around them, which is what `mention_finder`
    reads; and the words as they were, in lower case."""
    found = [w.lower() for w in _WORD.findall(text)]
    return f" {' '.join(map(plain, found))} ", found


@dataclass(frozen=True)
class Postings:
    """For each word the keys that hold it with its weight there; a key's weights have unit length."""

    word_index: dict[str, int]
    idf: Floats
    starts: Indexes
    keys: Indexes
    weights: Floats


class RoleWords:
    """Derived from a release when first asked for; a release keeps its own (`Release.role_words`)."""

    def __init__(self, release: Release) -> None:
        self._release = release
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
    def vocabulary(self) -> dict[str, int]:
        """Place of each word that any role's texts hold."""
        return {w: i for i, w in enumerate(sorted({w for counts in self._counts for w in counts}))}

    @cached_property
    def words_of_texts(self) -> tuple[str, ...]:
        """The words of the vocabulary in their places."""
        return tuple(self.vocabulary)

    @cached_property
    def word_idf(self) -> Floats:
        """Inverse role frequency of each word, shape (words,): ln(R / r) of r of R roles, and 0.3."""
        held = Counter(w for counts in self._counts for w in counts)
        frequency = np.array([held[w] for w in self.vocabulary], dtype=np.float32)
        idf: Floats = np.log(len(self._counts) / np.maximum(frequency, 1)).astype(np.float32) + np.float32(
            0.3
        )
        return idf

    @property
    def strange_idf(self) -> float:
        """The idf of a word that one role's texts hold."""
        return float(np.log(len(self._counts)) + 0.3)

    @cached_property
    def word_weights(self) -> Floats:
        """Log-scaled counts of each role's words times their idf, shape (words, roles), unit columns."""
        weights = np.zeros((len(self.vocabulary), len(self._counts)), dtype=np.float32)
        for role, counts in enumerate(self._counts):
            rows = [self.vocabulary[w] for w in counts]
            weights[rows, role] = np.log1p(np.fromiter(counts.values(), np.float32, len(counts)))
        weights *= self.word_idf[:, None]
        weights /= np.maximum(np.linalg.norm(weights, axis=0), 1e-9)
        return weights

    @cached_property
    def _counts(self) -> list[Counter[str]]:
        return [self._count(role) for role in self._release.roles]

    def _count(self, role: RoleEntry) -> Counter[str]:
        counts: Counter[str] = Counter()

        def add(texts: Iterable[str], share: float) -> None:
            for text in texts:
                for word in words(text):
                    counts[word] += share  # type: ignore[assignment]

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
        """Title keys by their words, weighted by inverse role frequency."""
        split = [words(key) for key in self.title_keys]
        roles_of: dict[str, set[int]] = {}
        for key, parts in zip(self.title_keys, split, strict=True):
            for word in parts:
                roles_of.setdefault(word, set()).update(self._release.titles[key])
        index = {w: i for i, w in enumerate(sorted(roles_of))}
        idf = np.log1p([len(self._release.roles) / len(roles_of[w]) for w in index]).astype(np.float32)
        found = sorted((index[word], key) for key, parts in enumerate(split) for word in dict.fromkeys(parts))
        at = np.array([word for word, _ in found], dtype=np.int64)
        keys = np.array([key for _, key in found], dtype=np.int64)
        norms = np.sqrt(np.bincount(keys, weights=idf[at] ** 2, minlength=len(split)))
        return Postings(
            word_index=index,
            idf=idf,
            starts=np.searchsorted(at, np.arange(len(index) + 1)),
            keys=keys,
            weights=(idf[at] / np.maximum(norms[keys], 1e-9)).astype(np.float32),
        )

    @cached_property
    def words_of_titles(self) -> tuple[str, ...]:
        """The words of all title keys."""
        return tuple(self.title_words.word_index)

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
        """Characters of each title key as `running` makes it."""
        return tuple(len(running(key)[0]) for key in self.title_keys)

    @cached_property
    def mention_finder(self) -> ahocorasick.Automaton:
        """Finds title keys, as indexes into `title_keys`, in what `running` makes of a text."""
        finder = ahocorasick.Automaton()
        for index, key in reversed(list(enumerate(self.title_keys))):
            finder.add_word(running(key)[0], index)
        finder.make_automaton()
        return finder


def _grams(title: Sequence[str]) -> Iterable[str]:
    """One to three words in a row that are not the whole title: "node js" of "node js developer"."""
    for size in (1, 2, 3):
        if size < len(title):
            for first in range(len(title) - size + 1):
                yield " ".join(title[first : first + size])
