"""From the tables of an O*NET release to the files of a library."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

from jd_assets.library.format import DimensionFile, DimensionGroup
from jd_assets.library.json_schema import FOLDER, schema_name, schema_texts
from jd_assets.library.onet.occupations import role_files
from jd_assets.library.onet.soc import commodity_class
from jd_assets.library.onet.tables import OnetError, Tables, read_tables
from jd_assets.library.onet.technologies import merge, ordinary_words, skill_files
from jd_assets.library.write import library_yaml

_VERSION = re.compile(r"(\d{1,3})[._](\d{1,2})(?!\d)")


@dataclass(frozen=True)
class ImportReport:
    """What was made; `skipped` counts table rows left out, by table and reason."""

    roles: int
    titles: int
    collisions: int
    kras: int
    skills: int
    dimensions: int
    skipped: dict[str, int]


def import_onet(tables_dir: Path, out: Path) -> ImportReport:
    """Writes a library of an O*NET release's tables to the folder `out`, whole or not at all.

    The same tables give the same files. Role ids are the digits of the occupations' codes, so they stay
    when a later release is imported.

    Raises:
        OnetError: the tables can't be used, or `out` holds something already.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise OnetError(f"{out} holds something already; give a new folder, or remove it first")
    tables = read_tables(tables_dir)
    skipped = Counter(tables.skipped)
    merged = merge(tables.technologies)
    roles = role_files(tables, merged, skipped)
    skills = skill_files(merged, ordinary_words(tables))
    dimensions = _dimensions(tables)
    own, above = FOLDER, f"../{FOLDER}"
    texts = {
        "ATTRIBUTION.md": _attribution(tables_dir),
        "dimensions.yaml": library_yaml(dimensions, f"{own}/{schema_name('dimensions')}"),
        **{f"roles/{n}": library_yaml(c, f"{above}/{schema_name('roles')}") for n, c in roles.items()},
        **{f"skills/{n}": library_yaml(c, f"{above}/{schema_name('skills')}") for n, c in skills.items()},
        **{f"{own}/{name}": text for name, text in schema_texts().items()},
    }
    _write(texts, out)
    return ImportReport(
        roles=sum(len(f.roles) for f in roles.values()),
        titles=sum(1 + len(r.aliases) for f in roles.values() for r in f.roles),
        collisions=sum(len(f.collisions) for f in roles.values()),
        kras=sum(len(r.kras) for f in roles.values() for r in f.roles),
        skills=sum(len(f.skills) for f in skills.values()),
        dimensions=sum(len(g.dimensions) for g in dimensions.groups),
        skipped=dict(sorted(skipped.items())),
    )


def _dimensions(tables: Tables) -> DimensionFile:
    """Commodity titles, grouped by their class; a title under two classes stays with the first."""
    classes: dict[str, str] = {}
    for row in sorted(tables.technologies, key=lambda t: (t.commodity_code, t.commodity)):
        classes.setdefault(row.commodity, commodity_class(row.commodity_code))
    groups: dict[str, list[str]] = defaultdict(list)
    for title, group in classes.items():
        groups[group].append(title)
    return DimensionFile(groups=[DimensionGroup(group=g, dimensions=d) for g, d in groups.items()])


def _attribution(tables_dir: Path) -> str:
    """The credit that O*NET's licence asks for; the release's number is read off the folder's name."""
    version = _VERSION.search(tables_dir.resolve().name)
    release = f"O*NET {version[1]}.{version[2]} Database" if version else "O*NET Database"
    return (
        f"This library is made of information from the {release} by the U.S. Department of Labor,\n"
        "Employment and Training Administration (USDOL/ETA), which is used under the CC BY 4.0 licence\n"
        "(https://creativecommons.org/licenses/by/4.0/). O*NET® is a trademark of USDOL/ETA.\n\n"
        "The information was modified: occupations became roles, alternate titles their aliases, task\n"
        "statements their KRAs, for which short phrases were made by rule, and technology skills became\n"
        "skills with further short names, merged where their spellings are alike. USDOL/ETA has not\n"
        "approved, endorsed or tested these modifications.\n"
    )


def _write(texts: dict[str, str], out: Path) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".importing-", dir=out.parent))
    try:
        for name, text in texts.items():
            path = folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        folder.chmod(0o755)
        os.replace(folder, out)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
