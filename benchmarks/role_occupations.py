"""O*NET occupations as postings, for fitting whether any library role fits: most of them none does.

Tasks and titles are O*NET's (CC BY 4.0, US Department of Labor); they are read from a release's folder and
not kept. An occupation is without a role if it is of one of the groups below, which the library does not
reach, and none of its titles is a library role's; it has those roles that its titles name exactly.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from benchmarks.role_data import OCCUPATION, Labelled, LabelledSet, run
from jd_assets.library.onet.tables import Tables, read_tables
from jd_assets.library.release import Release
from jd_assets.models.embedder import Embedder
from jd_assets.stages.roles.candidates import kin_of
from jd_assets.stages.roles.titles import match_titles

OUT_OF_REACH = (
    "21-2", "23-102", "27-101", "27-1023", "27-2011", "27-202", "27-203", "27-204", "29-1011", "29-102",
    "29-1031", "29-1041", "29-1081", "29-1127", "29-1131", "29-1181", "29-1292", "29-2081", "31-9011",
    "31-9091", "31-9096", "33-2011", "33-3031", "33-9011", "33-9092", "35-3011", "35-3031", "35-9021",
    "37-2021", "37-301", "39-1", "39-2", "39-3", "39-4", "39-5", "45-2", "45-3", "45-4", "47-202", "47-203",
    "47-204", "47-205", "47-206", "47-207", "47-208", "47-213", "47-214", "47-215", "47-216", "47-218",
    "47-221", "49-9094", "51-3", "51-6", "51-7", "51-9071", "51-9081", "53-201", "53-2021", "53-2031",
    "53-4", "53-5",
)  # fmt: skip
"""Starts of O*NET-SOC codes: clergy, judges, performing arts, dentists, vets, trades, farming, ships."""

TASKS = 8
_LEAST_TASKS = 4


def load_occupations(folder: Path, release: Release, embedder: Embedder) -> LabelledSet:
    """The occupations run through the stages.

    Raises:
        OnetError: the folder is no O*NET release.
    """
    tables = read_tables(folder)
    kin = kin_of(release) | np.eye(len(release.roles), dtype=bool)
    lines, labels = [], {}
    for code, occupation in tables.occupations.items():
        titles = [occupation.title, *tables.titles.get(code, ())]
        tasks = tables.tasks.get(code, [])
        named = {role for match in match_titles(titles, release).values() for role in match.exact}
        out = code.startswith(OUT_OF_REACH)
        if len(tasks) < _LEAST_TASKS or bool(named) == out:
            continue
        accepted = kin[:, sorted(named)].any(axis=1) if named else np.zeros(len(release.roles), dtype=bool)
        lines.append({"id": code, "text": _posting(code, titles, tasks, tables)})
        labels[code] = Labelled(code, OCCUPATION, None, accepted)
    return run(folder.name, lines, labels, release, embedder, titles=False)


def _posting(code: str, titles: list[str], tasks: list[str], tables: Tables) -> str:
    """A title of the occupation, its first tasks and some of its technologies."""
    number = int(hashlib.sha256(code.encode()).hexdigest(), 16)
    singular = titles[1:] or titles
    known = [t.name for t in tables.technologies if t.occupation == code and t.hot][:TASKS]
    lines = [
        singular[number % len(singular)],
        "",
        "Responsibilities:",
        *(f"- {task}" for task in tasks[:TASKS]),
    ]
    return "\n".join([*lines, "", f"Skills: {', '.join(known)}"] if known else lines)
