"""A release: the library compiled for use, kept in a folder named by its hash."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from jd_assets.library.garbage import no_collection
from jd_assets.library.load import Sources, content_hash
from jd_assets.library.role_words import RoleWords
from jd_assets.library.scale import IDENTITY
from jd_assets.library.spelling import SpellingTrie, fold
from jd_assets.library.titles import title_key
from jd_assets.models.embedder import MODEL_ID
from jd_assets.tables import VECTOR_WIDTH

FORMAT = 8
MEANT_TITLES = 5
"""Raised when the compiled form changes, so that old releases are made anew."""

Floats = npt.NDArray[np.float32]


_USES = (1, 2, 4, 10, 40)
NO_USE = "0 0"
"""What `word_uses` would say of a word that no hard skill's spelling has."""


@dataclass(frozen=True, slots=True)
class SkillEntry:
    """A canonical skill with its traits filled in from its file's defaults."""

    slug: str
    name: str
    category: str
    sub_category: str
    nature: str
    volatility: str
    lifespan: str
    versions: str
    kind: str
    ai: str | None
    aliases: tuple[str, ...]
    ambiguous: tuple[str, ...]
    context: tuple[str, ...]
    parent: str | None
    requires: tuple[str, ...]
    alternatives: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RoleEntry:
    """A role; skills and roles are named by slug, dimensions by name; `says` are the KRAs' sentences.

    `inherited` are the ancestors' skills that are not its own; `dimensions` has its own and theirs.
    """

    id: int
    slug: str
    name: str
    domain: str
    parent: str | None
    archetype: str
    titles: tuple[str, ...]
    kras: tuple[str, ...]
    says: tuple[tuple[str, ...], ...]
    primary: tuple[str, ...]
    secondary: tuple[str, ...]
    dimensions: dict[str, tuple[str, ...]]
    ai_index: float
    ai_reason: str
    maturity_level: str
    maturity_sentence: str
    nature_label: str
    nature_sentence: str
    inherited: tuple[str, ...] = ()


@dataclass(frozen=True)
class Release:
    """What the stages ask of the library.

    `spellings` has every name and alias of every skill, with the skill's index, for matching in text;
    `titles` the indexes of the roles that a title key names, more than one where it is a known collision.
    `kra_vectors` has shape (KRA texts, width), unit length; `kra_role` and `kra_index` say whose text each
    row is. `base_centroids`, shape (roles, width), are made of the roles' KRA texts; `centroids` are the same
    but for the roles whose centroids were promoted, and decisions are made by them. `kra_scale` and
    `centroid_scale` put the cosines to both on the scale of the shipped model (library/scale.py). `kra_keys`
    name what each row of `kra_vectors` was made of: a later compile takes over the rows whose keys it has.
    `title_vectors`, shape (titles, width), are of the roles' first titles (`meant_titles`) by the shipped
    model, `title_role` says whose title each row is, in the order of the roles; `title_keys` are as those.
    """

    release: str
    model: str
    compiled_at: str
    attribution: str | None
    roles: tuple[RoleEntry, ...]
    skills: tuple[SkillEntry, ...]
    dimension_groups: dict[str, str]
    former_roles: dict[str, str]
    former_skills: dict[str, str]
    spellings: SpellingTrie = field(repr=False, compare=False)
    titles: dict[str, tuple[int, ...]] = field(repr=False)
    kra_role: npt.NDArray[np.int32] = field(repr=False)
    kra_index: npt.NDArray[np.int32] = field(repr=False)
    kra_vectors: Floats = field(repr=False)
    base_centroids: Floats = field(repr=False)
    centroids: Floats = field(repr=False)
    kra_scale: Floats = field(default_factory=lambda: IDENTITY, repr=False, compare=False)
    centroid_scale: Floats = field(default_factory=lambda: IDENTITY, repr=False, compare=False)
    kra_keys: npt.NDArray[np.bytes_] = field(
        default_factory=lambda: np.zeros(0, "S32"), repr=False, compare=False
    )
    title_role: npt.NDArray[np.int32] = field(
        default_factory=lambda: np.zeros(0, np.int32), repr=False, compare=False
    )
    title_vectors: Floats = field(
        default_factory=lambda: np.zeros((0, VECTOR_WIDTH), np.float32), repr=False, compare=False
    )
    title_keys: npt.NDArray[np.bytes_] = field(
        default_factory=lambda: np.zeros(0, "S32"), repr=False, compare=False
    )
    folder: Path | None = field(default=None, repr=False, compare=False)

    def __reduce__(self) -> tuple[Any, ...]:
        """A release that was loaded is pickled as the place to load it from: other processes then read its
        files once, where they would get its 70,000 spellings with every piece of work."""
        if self.folder is not None:
            return load_release, (self.folder.parent, self.folder.name)
        return super().__reduce__()  # type: ignore[return-value]

    @cached_property
    def role_index(self) -> dict[str, int]:
        return {r.slug: i for i, r in enumerate(self.roles)}

    @cached_property
    def skill_index(self) -> dict[str, int]:
        return {s.slug: i for i, s in enumerate(self.skills)}

    def role(self, slug: str) -> RoleEntry:
        """The role of a slug, a former one too.

        Raises:
            KeyError: no role has or had it.
        """
        return self.roles[self.role_index[self.former_roles.get(slug, slug)]]

    def skill(self, slug: str) -> SkillEntry:
        """The skill of a slug, a former one too.

        Raises:
            KeyError: no skill has or had it.
        """
        return self.skills[self.skill_index[self.former_skills.get(slug, slug)]]

    @cached_property
    def folded_names(self) -> tuple[str, ...]:
        """Each skill's name, folded."""
        return tuple(fold(s.name) for s in self.skills)

    @cached_property
    def names_by_spelling(self) -> dict[str, str]:
        """The name of the skill of each folded spelling; of skills that share one, the first's."""
        return {fold(spelling): s.name for s in reversed(self.skills) for spelling in (*s.aliases, s.name)}

    @cached_property
    def ambiguous_spellings(self) -> tuple[dict[str, str], ...]:
        """Each skill's spellings that are ordinary words too, by their folded form."""
        return tuple({fold(a): a for a in s.ambiguous} for s in self.skills)

    @cached_property
    def context_words(self) -> tuple[tuple[frozenset[str], ...], ...]:
        """For each skill the sets of words of which one, whole and near by, makes an ambiguous spelling
        the skill."""
        return tuple(tuple(frozenset(fold(c).split()) for c in s.context) for s in self.skills)

    @cached_property
    def word_uses(self) -> dict[str, str]:
        """How often each folded word ends a hard skill's spelling, and how often it is in one, in steps."""
        last: Counter[str] = Counter()
        anywhere: Counter[str] = Counter()
        for skill in self.skills:
            if skill.kind == "hard":
                for spelling in (skill.name, *skill.aliases):
                    words = fold(spelling).split()
                    anywhere.update(set(words))
                    last.update(words[-1:])
        return {word: f"{_step(last[word])} {_step(count)}" for word, count in anywhere.items()}

    @cached_property
    def skill_idf(self) -> Floats:
        """Inverse role frequency of each skill, shape (skills,): ln(1 + R / r) where r of R roles have
        it (the idf of Sparck Jones, 1972), so that a skill that many roles share tells little."""
        frequency = np.zeros(len(self.skills), dtype=np.float32)
        for role in self.roles:
            for slug in (*role.primary, *role.secondary):
                frequency[self.skill_index[slug]] += 1
        idf: Floats = np.log1p(len(self.roles) / np.maximum(frequency, 1)).astype(np.float32)
        return idf

    @cached_property
    def skill_weights(self) -> Floats:
        """How much each skill speaks for each role, shape (roles, skills): its inverse role frequency,
        halved where the skill is secondary to the role."""
        weights = np.zeros((len(self.roles), len(self.skills)), dtype=np.float32)
        for row, role in enumerate(self.roles):
            for share, slugs in ((0.5, role.secondary), (1.0, role.primary)):
                for slug in slugs:
                    weights[row, self.skill_index[slug]] = share
        weights *= self.skill_idf
        return weights

    @cached_property
    def skill_norms(self) -> Floats:
        """Euclidean norm of each role's row of `skill_weights`, shape (roles,)."""
        norms: Floats = np.linalg.norm(self.skill_weights, axis=1).astype(np.float32)
        return norms

    @cached_property
    def role_skills(self) -> tuple[tuple[int, ...], ...]:
        """Indexes of each role's skills, primary ones first, inherited ones last."""
        return tuple(
            tuple(self.skill_index[slug] for slug in (*role.primary, *role.secondary, *role.inherited))
            for role in self.roles
        )

    @cached_property
    def role_words(self) -> RoleWords:
        """The roles' words, title words and naming skills."""
        return RoleWords(self)

    @cached_property
    def kra_bounds(self) -> npt.NDArray[np.int64]:
        """First row of each role's KRA texts, shape (roles,); rows are in the order of the roles."""
        return np.searchsorted(self.kra_role, np.arange(len(self.roles)))

    def kra_name(self, row: int) -> str:
        """The short name of the KRA whose text a row of `kra_vectors` is."""
        return self.roles[int(self.kra_role[row])].kras[int(self.kra_index[row])]


def _step(count: int) -> int:
    return sum(count >= limit for limit in _USES)


def spelling_trie(skills: Sequence[SkillEntry]) -> SpellingTrie:
    """The skills' spellings with their indexes; where two skills' words glue alike, names come first."""
    trie = SpellingTrie()
    for index, skill in enumerate(skills):
        trie.add(skill.name, index)
    for index, skill in enumerate(skills):
        for alias in skill.aliases:
            trie.add(alias, index)
    return trie


def title_index(roles: Sequence[RoleEntry]) -> dict[str, tuple[int, ...]]:
    """Indexes of the roles that each title key names."""
    found: dict[str, list[int]] = defaultdict(list)
    for index, role in enumerate(roles):
        for title in (role.name, *role.titles):
            key = title_key(title)
            if key and index not in found[key]:
                found[key].append(index)
    return {key: tuple(indexes) for key, indexes in found.items()}


def meant_titles(role: RoleEntry) -> tuple[str, ...]:
    """The titles of a role that others are compared with by meaning: its name and the first of the rest.

    With all of the shipped library's 5,186 no more postings get the right role than with five a role.
    """
    return tuple(dict.fromkeys((role.name, *role.titles)))[:MEANT_TITLES]


def release_id(sources: Sources | Path, model: str, fitted: str = MODEL_ID) -> str:
    """The name of the release that a library compiles to under an embedding model, its cosines on the scale
    of the model that weights were fitted on.

    Raises:
        LibraryError: the folder has no library.
    """
    return release_name(content_hash(sources), model, fitted)


def release_name(content_sha256: str, model: str, fitted: str) -> str:
    """The name of the release of a content under an embedding model, on the scale of `fitted`: 16
    hexadecimal digits."""
    models = model if fitted == model else f"{model}\0{fitted}"
    return hashlib.sha256(f"{FORMAT}\0{_rules()}\0{models}\0{content_sha256}".encode()).hexdigest()[:16]


@cache
def _rules() -> str:
    """Hash of the code by which spellings and titles are folded: a release has them folded already, so
    one that other rules made is another release."""
    modules = (sys.modules[SpellingTrie.__module__], sys.modules[title_key.__module__])
    return hashlib.sha256(b"".join(Path(str(m.__file__)).read_bytes() for m in modules)).hexdigest()


@lru_cache(maxsize=4)
def load_release(releases_dir: Path, name: str) -> Release:
    """A compiled release; a process keeps the last four.

    Raises:
        FileNotFoundError: it was never compiled here, or by another version of this package.
    """
    folder = releases_dir / name
    with no_collection():
        content = json.loads((folder / "release.json").read_bytes())
        if content.get("format") != FORMAT:
            raise FileNotFoundError(
                f"release {name} was compiled by another version: materialize library_release"
            )
        index = json.loads((folder / "index.json").read_bytes())
        with np.load(folder / "vectors.npz") as vectors:
            arrays = {key: vectors[key] for key in vectors.files}
        return Release(
            release=name,
            model=content["model"],
            compiled_at=content["compiled_at"],
            attribution=content["attribution"],
            roles=tuple(map(_role, content["roles"])),
            skills=tuple(map(_skill, content["skills"])),
            dimension_groups=content["dimension_groups"],
            former_roles=content["former_roles"],
            former_skills=content["former_skills"],
            spellings=SpellingTrie(index["spellings"], index["spelling_count"]),
            titles={key: tuple(roles) for key, roles in index["titles"].items()},
            folder=folder.absolute(),
            **arrays,
        )


def _skill(content: dict[str, Any]) -> SkillEntry:
    for key in ("aliases", "ambiguous", "context", "requires", "alternatives"):
        content[key] = tuple(content[key])
    return SkillEntry(**content)


def _role(content: dict[str, Any]) -> RoleEntry:
    for key in ("titles", "kras", "primary", "secondary", "inherited"):
        content[key] = tuple(content[key])
    content["says"] = tuple(map(tuple, content["says"]))
    content["dimensions"] = {name: tuple(skills) for name, skills in content["dimensions"].items()}
    return RoleEntry(**content)


def save_release(release: Release, releases_dir: Path) -> None:
    """Writes the folder whole or not at all; whoever is first wins, as both would write the same."""
    releases_dir.mkdir(parents=True, exist_ok=True)
    content = {
        "format": FORMAT,
        "model": release.model,
        "compiled_at": release.compiled_at,
        "attribution": release.attribution,
        "roles": [asdict(r) for r in release.roles],
        "skills": [asdict(s) for s in release.skills],
        "dimension_groups": release.dimension_groups,
        "former_roles": release.former_roles,
        "former_skills": release.former_skills,
    }
    index = {
        "spellings": release.spellings.root,
        "spelling_count": release.spellings.spellings,
        "titles": release.titles,
    }
    folder = Path(tempfile.mkdtemp(prefix=".compiling-", dir=releases_dir))
    try:
        np.savez(
            folder / "vectors.npz",
            kra_role=release.kra_role,
            kra_index=release.kra_index,
            kra_vectors=release.kra_vectors,
            base_centroids=release.base_centroids,
            centroids=release.centroids,
            kra_scale=release.kra_scale,
            centroid_scale=release.centroid_scale,
            kra_keys=release.kra_keys,
            title_role=release.title_role,
            title_vectors=release.title_vectors,
            title_keys=release.title_keys,
        )
        for name, data in (("release.json", content), ("index.json", index)):
            (folder / name).write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        folder.chmod(0o755)
        os.replace(folder, releases_dir / release.release)
    except OSError:
        if not (releases_dir / release.release / "release.json").exists():
            raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)
