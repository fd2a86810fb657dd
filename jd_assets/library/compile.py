"""Compiles a library's files into a release: every name looked up, every KRA text embedded."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

from jd_assets.library.garbage import no_collection
from jd_assets.library.load import Library, LibraryError, Sources, load_library
from jd_assets.library.promoted import read_promoted
from jd_assets.library.release import (
    Floats,
    Release,
    RoleEntry,
    load_release,
    meant_titles,
    release_id,
    release_name,
    save_release,
    spelling_trie,
    title_index,
)
from jd_assets.library.resolve import resolve, slugify
from jd_assets.library.scale import IDENTITY, scale
from jd_assets.models.embedder import Embedder

__all__ = ["compile_release", "ensure_release", "slugify"]

_ABOUT_ONE_LENGTH = 8  # characters; the padding of batches adds 3 % to the tokens of the shipped library


def ensure_release(
    sources: Sources | Path,
    releases_dir: Path,
    embedder: Embedder,
    on_compile: Callable[[str], None] | None = None,
    *,
    fitted: Embedder | None = None,
) -> Release:
    """The release of the library's present content, compiled if it has not been yet; `fitted` as in
    `compile_release`.

    Raises:
        LibraryError: the library has problems; nothing is written.
    """
    name = release_id(sources, embedder.model_id, (fitted or embedder).model_id)
    if not (releases_dir / name / "release.json").exists():
        if on_compile:
            on_compile(name)
        with no_collection():
            known = _vectors_of_latest(releases_dir)
            release = compile_release(load_library(sources), embedder, fitted, known)
            save_release(release, releases_dir)
        name = release.release
    return load_release(releases_dir, name)


def _with_promoted(base: Floats, roles: Sequence[RoleEntry], library: Library, model: str) -> Floats:
    """The base centroids, with those that were promoted under this embedding model in their place."""
    centroids = base.copy()
    if library.centroids is None:
        return centroids
    place = {role.slug: number for number, role in enumerate(roles)}
    for slug, vector in read_promoted(library.centroids, model).select("role_slug", "centroid").iter_rows():
        if slug in place:
            centroids[place[slug]] = vector
    return centroids


def compile_release(
    library: Library,
    embedder: Embedder,
    fitted: Embedder | None = None,
    known: Mapping[bytes, Floats] | None = None,
) -> Release:
    """Looks up every name and embeds every KRA text of a library.

    `fitted` is the embedder that weights and thresholds were fitted on: cosines of another are put on its
    scale. Without it they are taken as they are. `known` are vectors of an earlier release by their keys;
    with them the release is the same, sooner.

    Raises:
        LibraryError: a name that is not there, or a spelling, slug or id that two share.
    """
    resolved = resolve(library)
    if resolved.problems:
        raise LibraryError(list(resolved.problems))
    texts = [
        (number, kra, text)
        for number, role in enumerate(resolved.roles)
        for kra, (phrase, says) in enumerate(zip(role.kras, role.says, strict=True))
        for text in (phrase, *says)
    ]
    vectors, keys = _embedded([text for _, _, text in texts], embedder, known or {})
    kra_role = np.array([role for role, _, _ in texts], dtype=np.int32)
    base = _means(vectors, kra_role, len(resolved.roles))
    kra_scale = centroid_scale = IDENTITY
    if fitted is not None and fitted.model_id != embedder.model_id:
        wanted = fitted.embed([text for _, _, text in texts])
        kra_scale = scale(vectors, wanted)
        centroid_scale = scale(base, _means(wanted, kra_role, len(resolved.roles)))
    titles = [(number, title) for number, role in enumerate(resolved.roles) for title in meant_titles(role)]
    title_vectors, title_keys = _embedded([title for _, title in titles], fitted or embedder, known or {})
    return Release(
        release=release_name(library.content_sha256, embedder.model_id, (fitted or embedder).model_id),
        model=embedder.model_id,
        compiled_at=datetime.now(UTC).isoformat(timespec="seconds"),
        attribution=library.attribution,
        roles=resolved.roles,
        skills=resolved.skills,
        dimension_groups=resolved.dimension_groups,
        former_roles=resolved.former_roles,
        former_skills=resolved.former_skills,
        spellings=spelling_trie(resolved.skills),
        titles=title_index(resolved.roles),
        kra_role=kra_role,
        kra_index=np.array([kra for _, kra, _ in texts], dtype=np.int32),
        kra_vectors=vectors,
        base_centroids=base,
        centroids=_with_promoted(base, resolved.roles, library, embedder.model_id),
        kra_scale=kra_scale,
        centroid_scale=centroid_scale,
        kra_keys=keys,
        title_role=np.array([role for role, _ in titles], dtype=np.int32),
        title_vectors=title_vectors,
        title_keys=title_keys,
    )


def _vectors_of_latest(releases_dir: Path) -> dict[bytes, Floats]:
    """The vectors of KRAs and titles, by their keys, of the release that was compiled last."""
    made = sorted(releases_dir.glob("[!.]*/vectors.npz"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in made[:1]:
        with np.load(path) as arrays:
            return {
                key: vector
                for kind in ("kra", "title")
                if f"{kind}_keys" in arrays.files
                for key, vector in zip(
                    arrays[f"{kind}_keys"].tolist(), arrays[f"{kind}_vectors"], strict=True
                )
            }
    return {}


def _embedded(
    texts: Sequence[str], embedder: Embedder, known: Mapping[bytes, Floats]
) -> tuple[Floats, npt.NDArray[np.bytes_]]:
    """Vectors of the texts, shape (texts, width), and their keys.

    A text's vector depends on the texts that it is embedded with. Those of about one length go together, so
    that a text that comes or goes changes the vectors of its group alone; a group whose texts are as they
    were has the keys that it had.
    """
    groups: dict[int, list[str]] = {}
    for text in sorted(set(texts)):
        groups.setdefault(len(text) // _ABOUT_ONE_LENGTH, []).append(text)
    keys: dict[str, bytes] = {}
    for own in groups.values():
        digest = hashlib.sha256("\0".join((embedder.model_id, *own)).encode()).hexdigest()
        keys |= {text: hashlib.sha256(f"{digest}{text}".encode()).hexdigest()[:32].encode() for text in own}
    missing = [own for own in groups.values() if any(keys[text] not in known for text in own)]
    found: dict[str, Floats] = {text: known[key] for text, key in keys.items() if key in known}
    for own, vectors in zip(missing, embedder.embed_groups(missing) if missing else [], strict=True):
        found.update(zip(own, vectors, strict=True))
    return np.stack([found[text] for text in texts]), np.array([keys[text] for text in texts], dtype="S32")


def _means(vectors: Floats, kra_role: npt.NDArray[np.int32], roles: int) -> Floats:
    """Unit mean of each role's vectors, shape (roles, width)."""
    means: Floats = np.zeros((roles, vectors.shape[1]), dtype=np.float32)
    np.add.at(means, kra_role, vectors)
    means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-9)
    return means
