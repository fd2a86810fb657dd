"""Reads the four tables of an O*NET release that a library is made of.

Both layouts are read: comma-separated `occupation_data.csv`, and `Occupation Data.txt` with tabs as in
O*NET's own download, which has no Title column in the other tables. A row that can't be used is left
out and counted.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from jd_assets.library.resolve import MAX_WORDS
from jd_assets.library.spelling import fold

CODE = "O*NET-SOC Code"
_SOC = re.compile(r"\d{2}-\d{4}\.\d{2}")
_TITLE_LENGTH = 200
_BRACKETED = re.compile(r"^([^()]*[^()\s])\s*\(([^()]+)\)$")


class OnetError(ValueError):
    """A folder that is no O*NET release; the message names file and cure."""


@dataclass(frozen=True, slots=True)
class Occupation:
    code: str
    title: str
    description: str


@dataclass(frozen=True, slots=True)
class Technology:
    """A row of the technology table: an example of a commodity that an occupation uses."""

    occupation: str
    name: str
    commodity_code: str
    commodity: str
    hot: bool
    in_demand: bool


@dataclass(frozen=True)
class Tables:
    """Occupations by code; titles and tasks by occupation code, in the tables' order.

    `skipped` counts the rows left out, by table and reason.
    """

    occupations: dict[str, Occupation]
    titles: dict[str, list[str]]
    tasks: dict[str, list[str]]
    technologies: list[Technology]
    skipped: Counter[str] = field(default_factory=Counter)


def read_tables(folder: Path) -> Tables:
    """The tables of a release.

    Raises:
        OnetError: a table or a column is missing, or no occupation or technology is left.
    """
    skipped: Counter[str] = Counter()
    occupations: dict[str, Occupation] = {}
    for row in _rows(folder, "occupation_data", (CODE, "Title", "Description")):
        code, title, description = row[CODE], row["Title"], row["Description"]
        if not _SOC.fullmatch(code) or not 0 < len(title) <= _TITLE_LENGTH:
            skipped["occupation_data: no code or title"] += 1
        elif code in occupations:
            skipped["occupation_data: a code's second row"] += 1
        else:
            occupations[code] = Occupation(code, title, description or title)
    if not occupations:
        raise OnetError(f"{folder}: no occupation is left of the table occupation_data")

    def known(table: str, *columns: str) -> Iterator[dict[str, str]]:
        for row in _rows(folder, table, (CODE, *columns)):
            if row[CODE] not in occupations:
                skipped[f"{table}: occupation unknown"] += 1
            elif not row[columns[0]]:
                skipped[f"{table}: empty"] += 1
            else:
                yield row

    titles: dict[str, list[str]] = defaultdict(list)
    for row in known("alternate_titles", "Alternate Title", "Short Title"):
        short = row["Short Title"]
        found = [*_unbracketed(row["Alternate Title"]), "" if short.lower() == "n/a" else short]
        kept = [title for title in found if len(title) <= _TITLE_LENGTH]
        skipped["alternate_titles: too long"] += len(found) - len(kept)
        titles[row[CODE]] += filter(None, kept)
    tasks: dict[str, list[str]] = defaultdict(list)
    for row in known("task_statements", "Task"):
        tasks[row[CODE]].append(row["Task"])
    technologies: list[Technology] = []
    for row in known(
        "technology_skills", "Example", "Commodity Code", "Commodity Title", "Hot Technology", "In Demand"
    ):
        if not 0 < len(fold(row["Example"]).split()) <= MAX_WORDS:
            skipped["technology_skills: no name"] += 1
            continue
        technologies.append(
            Technology(
                occupation=row[CODE],
                name=row["Example"],
                commodity_code=row["Commodity Code"],
                commodity=row["Commodity Title"] or "Other software",
                hot=row["Hot Technology"].upper() == "Y",
                in_demand=row["In Demand"].upper() == "Y",
            )
        )
    if not technologies:
        raise OnetError(f"{folder}: no technology is left of the table technology_skills")
    return Tables(occupations, dict(titles), dict(tasks), technologies, +skipped)


def _unbracketed(title: str) -> list[str]:
    """Both titles of "Chief Financial Officer (CFO)"."""
    parts = _BRACKETED.match(title)
    return [parts[1], parts[2].strip()] if parts else [title]


def _rows(folder: Path, table: str, columns: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """Rows of a table with their text cleaned; a row that is cut short has empty cells."""
    path = _find(folder, table)
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    if path.suffix.lower() == ".txt":
        reader = csv.reader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    else:
        reader = csv.reader(text.splitlines(keepends=True))
    try:
        header = [_clean(name) for name in next(reader, [])]
        if missing := [name for name in columns if name not in header]:
            raise OnetError(f"{path}: column {missing[0]!r} is missing; it has {', '.join(header) or 'none'}")
        places = [(name, header.index(name)) for name in columns]
        for cells in reader:
            yield {name: _clean(cells[i]) if i < len(cells) else "" for name, i in places}
    except csv.Error as error:
        raise OnetError(f"{path}:{reader.line_num}: {error}; download the table again") from error


def _find(folder: Path, table: str) -> Path:
    if folder.is_dir():
        for path in sorted(folder.iterdir()):
            if path.suffix.lower() in {".csv", ".txt"} and path.stem.lower().replace(" ", "_") == table:
                return path
    name = table.replace("_", " ").title()
    raise OnetError(f"{folder} has no {table}.csv or {name!r}.txt; give the folder of an O*NET release")


def _clean(text: str) -> str:
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(text.split())
