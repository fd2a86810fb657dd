"""The roles and skills of a library as commands read them: of a compiled release, or just looked up."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from jd_assets.library.load import Sources, load_library
from jd_assets.library.release import RoleEntry, SkillEntry, load_release, release_id
from jd_assets.library.resolve import resolve


class Entries(Protocol):
    """What a release and a resolved library have in common."""

    @property
    def roles(self) -> tuple[RoleEntry, ...]: ...
    @property
    def skills(self) -> tuple[SkillEntry, ...]: ...
    @property
    def dimension_groups(self) -> Mapping[str, str]: ...
    @property
    def former_roles(self) -> Mapping[str, str]: ...
    @property
    def former_skills(self) -> Mapping[str, str]: ...


@dataclass(frozen=True, slots=True)
class ReleaseSummary:
    name: str
    compiled_at: str
    roles: int
    skills: int


def library_entries(sources: Sources | Path, releases_dir: Path, model: str) -> Entries:
    """The entries of a library: of its release under the embedding model if it was compiled, else
    looked up now, without vectors; an entry then lacks what could not be looked up.

    Raises:
        LibraryError: a file can't be read.
    """
    name = release_id(sources, model)
    if (releases_dir / name / "release.json").exists():
        return load_release(releases_dir, name)
    return resolve(load_library(sources))


def find_entries(spec: str, releases_dir: Path, model: str) -> Entries:
    """The entries of a release named by the first digits of its hash, or of a library's folder.

    Raises:
        LookupError: no release or several begin so, and no folder is named so.
        LibraryError: a file of the folder can't be read.
    """
    folder = Path(spec)
    if folder.is_dir():
        if (folder / "release.json").exists():
            return load_release(folder.resolve().parent, folder.resolve().name)
        return library_entries(folder, releases_dir, model)
    known = [path.parent.name for path in sorted(releases_dir.glob("[!.]*/release.json"))]
    found = [name for name in known if name.startswith(spec)]
    if len(found) != 1:
        what = "several releases begin" if found else "no folder is named so, and no release begins"
        raise LookupError(f"{spec}: {what} with it; there are {', '.join(known) or 'none'}")
    return load_release(releases_dir, found[0])


def release_summaries(releases_dir: Path) -> list[ReleaseSummary]:
    """The releases compiled here, the latest last."""
    found = []
    for path in releases_dir.glob("[!.]*/release.json"):
        content = json.loads(path.read_bytes())
        found.append(
            ReleaseSummary(
                path.parent.name, content["compiled_at"], len(content["roles"]), len(content["skills"])
            )
        )
    return sorted(found, key=lambda s: (s.compiled_at, s.name))
