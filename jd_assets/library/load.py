"""Reads a library folder: YAML files to validated models, with the file and line of what is wrong."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Generic, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from jd_assets.library.format import Additions, DimensionFile, Role, RoleFile, Skill, SkillFile
from jd_assets.library.garbage import no_collection

SHIPPED = Path(__file__).resolve().parent / "data"
ADDITIONS = "additions.yaml"
"""Name of the file of additions, wherever it stands."""

CENTROIDS = "centroids.parquet"
"""Name of the file of promoted centroids, which stands beside the file of additions."""

Model = TypeVar("Model", bound=BaseModel)
Item = TypeVar("Item", Role, Skill)


class Severity(StrEnum):
    ERROR = "error"  # a release would lack it or get it wrong
    WARNING = "warning"  # thin or doubtful, for a person to judge


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a library, where it is, and what to do about it."""

    file: str
    line: int
    what: str
    cure: str
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}; {self.cure}"


class LibraryError(ValueError):
    """A library that can't be read; `problems` has one entry for each thing to mend."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True)
class Lines:
    """Lines of a YAML file's nodes, by their path, such as ("roles", 3, "kras", 0)."""

    by_path: dict[tuple[str | int, ...], int]

    def of(self, path: tuple[str | int, ...]) -> int:
        """Line of the node at the path, or of the nearest node above it."""
        while path and path not in self.by_path:
            path = path[:-1]
        return self.by_path.get(path, 1)


@dataclass(frozen=True)
class SourceFile:
    """A file's parsed model and where its parts stand."""

    name: str
    lines: Lines

    def problem(
        self, path: tuple[str | int, ...], what: str, cure: str, severity: Severity = Severity.ERROR
    ) -> Problem:
        """A problem at the line of a node, or of the nearest node above it."""
        return Problem(self.name, self.lines.of(path), what, cure, severity)


@dataclass(frozen=True)
class Placed(Generic[Item]):
    """A role or skill of a file, and its path there."""

    item: Item
    source: SourceFile
    path: tuple[str | int, ...]

    @property
    def where(self) -> str:
        return f"{self.source.name}:{self.source.lines.of(self.path)}"

    def problem(self, what: str, cure: str, *part: str | int, severity: Severity = Severity.ERROR) -> Problem:
        """A problem at the line of one of its parts, such as "aliases", 3."""
        return self.source.problem((*self.path, *part), what, cure, severity)


@dataclass(frozen=True)
class SkillSource(SourceFile):
    content: SkillFile

    def placed(self) -> list[Placed[Skill]]:
        """The file's skills, the retired ones too."""
        return [Placed(skill, self, ("skills", i)) for i, skill in enumerate(self.content.skills)]


@dataclass(frozen=True)
class RoleSource(SourceFile):
    content: RoleFile

    def placed(self) -> list[Placed[Role]]:
        """The file's roles, the retired ones too."""
        return [Placed(role, self, ("roles", i)) for i, role in enumerate(self.content.roles)]


@dataclass(frozen=True)
class DimensionSource(SourceFile):
    content: DimensionFile


@dataclass(frozen=True, slots=True)
class Sources:
    """Where a library is read from: its folder, and the folder of what it learned, where there is one: the
    additions of review and the centroids that were promoted."""

    folder: Path
    learned: Path | None = None

    @property
    def additions(self) -> Path | None:
        """The file of additions, if there is one."""
        return self._learned(ADDITIONS)

    @property
    def centroids(self) -> Path | None:
        """The file of promoted centroids, if there is one."""
        return self._learned(CENTROIDS)

    def _learned(self, name: str) -> Path | None:
        path = self.learned / name if self.learned else None
        return path if path and path.exists() else None

    @property
    def files(self) -> list[tuple[str, Path]]:
        """Every file that the library is made of, with its name, in a fixed order."""
        own = [(path.relative_to(self.folder).as_posix(), path) for path in library_files(self.folder)]
        more = ((ADDITIONS, self.additions), (CENTROIDS, self.centroids))
        return own + [(name, path) for name, path in more if path]


@dataclass(frozen=True)
class Library:
    """A library as its files say it, before anything is looked up in anything else."""

    folder: Path
    content_sha256: str
    dimensions: DimensionSource
    skills: tuple[SkillSource, ...]
    roles: tuple[RoleSource, ...]
    attribution: str | None
    centroids: Path | None = None


def library_files(folder: Path) -> list[Path]:
    """The files that a library is made of, in a fixed order."""
    files = [folder / "dimensions.yaml", *folder.glob("skills/*.yaml"), *folder.glob("roles/*.yaml")]
    credit = folder / "ATTRIBUTION.md"
    return sorted([*files, credit] if credit.exists() else files)


def content_hash(sources: Sources | Path) -> str:
    """SHA-256 over the names and bytes of the library's files; takes a few ms.

    Raises:
        LibraryError: the folder has no library.
    """
    digest = hashlib.sha256()
    for name, path in _sources(sources).files:
        if not path.exists():
            raise LibraryError([Problem(str(path), 1, "the file is missing", "a library needs it")])
        data = path.read_bytes()
        digest.update(f"{name}\0{len(data)}\0".encode())
        digest.update(data)
    return digest.hexdigest()


def load_library(sources: Sources | Path = SHIPPED) -> Library:
    """The library of a folder, with what review added to it.

    Raises:
        LibraryError: with every file that is missing, is no YAML or doesn't fit its model, or adds to
            something that is not there; or the folder was edited meanwhile.
    """
    sources = _sources(sources)
    folder = sources.folder
    problems: list[Problem] = []
    digest = content_hash(sources)
    with no_collection():
        dimensions = _read(folder, folder / "dimensions.yaml", DimensionFile, problems)
        skills = [
            (path, _read(folder, path, SkillFile, problems)) for path in sorted(folder.glob("skills/*.yaml"))
        ]
        roles = [
            (path, _read(folder, path, RoleFile, problems)) for path in sorted(folder.glob("roles/*.yaml"))
        ]
    for kind, found in (("skills", skills), ("roles", roles)):
        if not found:
            problems.append(Problem(f"{kind}/", 1, "holds no .yaml file", "add one; see docs/library.md"))
    more = None
    if sources.additions:
        more = _read(sources.additions.parent, sources.additions, Additions, problems)
    if not problems and content_hash(sources) != digest:
        problems.append(Problem(str(folder), 1, "it was edited while it was read", "read it again"))
    if problems or dimensions is None:
        raise LibraryError(problems)
    credit = folder / "ATTRIBUTION.md"
    library = Library(
        folder=folder,
        content_sha256=digest,
        dimensions=DimensionSource("dimensions.yaml", dimensions[1], dimensions[0]),
        skills=tuple(
            SkillSource(p.relative_to(folder).as_posix(), r[1], r[0]) for p, r in skills if r is not None
        ),
        roles=tuple(
            RoleSource(p.relative_to(folder).as_posix(), r[1], r[0]) for p, r in roles if r is not None
        ),
        attribution=credit.read_text(encoding="utf-8").strip() if credit.exists() else None,
        centroids=sources.centroids,
    )
    if more is None:
        return library
    from jd_assets.library.additions import with_additions  # it needs the models of this module

    return with_additions(library, SourceFile(ADDITIONS, more[1]), more[0])


def _sources(sources: Sources | Path) -> Sources:
    return sources if isinstance(sources, Sources) else Sources(sources)


def _read(
    folder: Path, path: Path, model: type[Model], problems: list[Problem]
) -> tuple[Model, Lines] | None:
    name = path.relative_to(folder).as_posix()
    try:
        node = yaml.compose(path.read_bytes(), Loader=yaml.CSafeLoader)
        if node is None:
            problems.append(Problem(name, 1, "the file is empty", "fill or delete it"))
            return None
        walk = _Walk()
        walk.visit(node, ())
        content = _Constructor().build(node)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or str(error)
        problems.append(Problem(name, mark.line + 1 if mark else 1, f"no valid YAML: {what}", "mend it"))
        return None
    except (ValueError, RecursionError) as error:
        problems.append(Problem(name, 1, f"no value can be made of it: {error}", "write plain YAML"))
        return None
    lines = Lines(walk.lines)
    problems.extend(
        Problem(name, line, f"key {key!r} stands there twice", "leave one of them")
        for key, line in walk.doubled
    )
    try:
        return model.model_validate(content), lines
    except ValidationError as error:
        for item in error.errors():
            place = tuple(p for p in item["loc"] if isinstance(p, str | int))
            where = ".".join(map(str, place))
            problems.append(Problem(name, lines.of(place), f"{where}: {item['msg']}", "see the JSON Schema"))
        return None


class _Constructor(yaml.constructor.SafeConstructor):
    """Builds plain values of a composed node, so that a file is parsed once for values and lines."""

    def build(self, node: yaml.Node) -> Any:
        return self.construct_document(node)


class _Walk:
    """Lines of a tree's nodes by path, and keys that a mapping has twice, of which YAML keeps the last."""

    def __init__(self) -> None:
        self.lines: dict[tuple[str | int, ...], int] = {}
        self.doubled: list[tuple[str, int]] = []

    def visit(self, node: yaml.Node, path: tuple[str | int, ...]) -> None:
        self.lines[path] = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            seen = set()
            for key, value in node.value:
                name = str(key.value)
                if name in seen:
                    self.doubled.append((name, key.start_mark.line + 1))
                seen.add(name)
                self.visit(value, (*path, name))
        elif isinstance(node, yaml.SequenceNode):
            for index, value in enumerate(node.value):
                self.visit(value, (*path, index))
