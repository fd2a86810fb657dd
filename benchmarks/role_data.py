"""Labelled JDs for fitting and measuring the role decision: files outside the project, read by their path.

A line has `id`, `text`, `role_slug` (null: no library role fits), and may have `title`, `acceptable_slugs`
(what a reasonable expert would also accept) and `is_jd`. Without `acceptable_slugs` the label is taken for a
noisy one, such as a job site's search word, and its parent and children are accepted too. A line without
`role_slug` but with `title` is labelled by its title, where that names one library role exactly.

A file is given as PATH, or as PATH:even, PATH:odd (by the number that ends the id) or PATH:half0, PATH:half1
(by the id's SHA-256).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from jd_assets.library.release import Release
from jd_assets.models.embedder import Embedder, shipped_embedder
from jd_assets.models.role_wording import RoleWording
from jd_assets.settings import settings
from jd_assets.stages.ingest.readers import read
from jd_assets.stages.ingest.records import FieldNames, Quarantined, Record
from jd_assets.stages.ingest.table import ingest
from jd_assets.stages.kras.items import embed_items, kra_items
from jd_assets.stages.parse.frame import parse
from jd_assets.stages.roles.candidates import kin_of
from jd_assets.stages.roles.signals import role_signals
from jd_assets.stages.roles.titles import match_titles
from jd_assets.stages.skills.extract import extract
from jd_assets.storage.landing import limits

EXPERT, SEARCH, TITLED, OCCUPATION = "expert", "search", "titled", "occupation"

_DAY = date(2000, 1, 1)
_PARTS = ("even", "odd", "half0", "half1")


@dataclass(frozen=True)
class Labelled:
    """One labelled JD; `accepted`, shape (roles,), is all false where no library role fits."""

    id: str
    kind: str
    role_slug: str | None
    accepted: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class LabelledSet:
    """A file's JDs that passed as JDs, with the tables that signals and decision read; `by_jd` by jd_id."""

    name: str
    titles: bool
    by_jd: dict[str, Labelled]
    raw: pl.DataFrame
    parsed: pl.DataFrame
    skills: pl.DataFrame
    duties: pl.DataFrame
    embeddings: pl.DataFrame

    def only(self, jd_ids: Sequence[str]) -> LabelledSet:
        """The set with these JDs alone."""
        wanted = set(jd_ids)
        return LabelledSet(
            self.name,
            self.titles,
            {jd: label for jd, label in self.by_jd.items() if jd in wanted},
            *(
                frame.filter(pl.col("jd_id").is_in(wanted))
                for frame in (self.raw, self.parsed, self.skills, self.duties, self.embeddings)
            ),
        )

    def signals(self, release: Release, wording: RoleWording | None = None) -> pl.DataFrame:
        """Their ROLE_SIGNALS, by the shipped wording if none is given."""
        return role_signals(
            self.raw,
            self.parsed,
            self.skills,
            self.duties,
            self.embeddings,
            release,
            shipped_embedder(),
            wording,
        )


def load(source: str, release: Release, embedder: Embedder, *, titles: bool = False) -> LabelledSet:
    """Runs the stages before the signals over a labelled file, by the text alone or with its titles.

    Raises:
        OSError: the file can't be read.
        KeyError: a label is no role of the release.
    """
    path, part = _path(source)
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    kept = {line["id"]: line for line in lines if line.get("is_jd", True) and _in_part(line["id"], part)}
    labels = {label.id: label for label in _labels(list(kept.values()), release)}
    name = f"{path.name}{':' + part if part else ''}"
    return run(name, [kept[i] for i in labels], labels, release, embedder, titles=titles)


def run(
    name: str,
    lines: Sequence[Mapping[str, object]],
    labels: Mapping[str, Labelled],
    release: Release,
    embedder: Embedder,
    *,
    titles: bool,
) -> LabelledSet:
    """Runs the stages over lines with the ids that the labels are by."""
    raw = ingest(_records(lines, titles=titles), _DAY)
    parsed = parse(raw, _DAY)
    skills, duties = extract(raw, parsed, release), kra_items(raw, parsed)
    passed = parsed.filter(pl.col("jd_type") == "pass")
    places = raw.filter(pl.col("status") == "ok").select("jd_id", "source_id")
    ids = set(passed["jd_id"])
    by_jd = {jd: labels[i] for jd, i in places.iter_rows() if jd in ids}
    return LabelledSet(name, titles, by_jd, raw, passed, skills, duties, embed_items(duties, embedder))


def ids_of(source: str) -> set[str]:
    """The jd_ids of a file's texts, labelled or not.

    Raises:
        OSError: the file can't be read.
    """
    path, part = _path(source)
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    kept = [line for line in lines if _in_part(line["id"], part)]
    return set(ingest(_records(kept, titles=False), _DAY)["jd_id"].drop_nulls())


def _records(lines: Sequence[Mapping[str, object]], *, titles: bool) -> list[Record | Quarantined]:
    fields = FieldNames(text=("text",), id=("id",), title=("title",) if titles else ())
    stream = BytesIO("\n".join(json.dumps(line) for line in lines).encode())
    return list(read(stream, "labelled.jsonl", fields, limits(settings())))


def _path(source: str) -> tuple[Path, str | None]:
    head, _, part = source.rpartition(":")
    return (Path(head), part) if part in _PARTS else (Path(source), None)


def _in_part(line_id: str, part: str | None) -> bool:
    if part is None:
        return True
    if part.startswith("half"):
        return int(hashlib.sha256(line_id.encode()).hexdigest(), 16) % 2 == int(part[-1])
    number = re.search(r"(\d+)$", line_id)
    return number is not None and int(number[1]) % 2 == (part == "odd")


def _labels(lines: Sequence[dict[str, object]], release: Release) -> list[Labelled]:
    kin = kin_of(release) | np.eye(len(release.roles), dtype=bool)
    by_title = match_titles((str(line.get("title") or "") for line in lines), release)
    found = []
    for line in lines:
        accepted = np.zeros(len(release.roles), dtype=bool)
        slug = line.get("role_slug")
        if "acceptable_slugs" in line:
            kind = EXPERT
            accepted[[release.role_index[str(s)] for s in line["acceptable_slugs"]]] = True  # type: ignore[attr-defined]
        elif "role_slug" in line:
            kind = SEARCH
            accepted |= kin[release.role_index[str(slug)]]
        else:
            kind = TITLED
            match = by_title.get(str(line.get("title") or ""))
            if match is None or len(match.exact) != 1:
                continue
            slug = release.roles[match.exact[0]].slug
            accepted |= kin[match.exact[0]]
        found.append(Labelled(str(line["id"]), kind, str(slug) if slug else None, accepted))
    return found
