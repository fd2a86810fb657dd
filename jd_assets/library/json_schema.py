"""JSON Schemas of the library's files, made from format.py, by which editors complete and check them."""

from __future__ import annotations

import json
from pathlib import Path

from jd_assets.library.format import Additions, DimensionFile, FileModel, RoleFile, SkillFile

FOLDER = "schema"
"""Where in a library's folder its schemas are."""

_MODELS: dict[str, type[FileModel]] = {"roles": RoleFile, "skills": SkillFile, "dimensions": DimensionFile}


def schema_name(kind: str) -> str:
    """File name of the schema of roles, skills, dimensions or additions."""
    return f"{kind}.schema.json"


def schema_texts() -> dict[str, str]:
    """The schemas' texts by file name."""
    return {schema_name(kind): _text(model) for kind, model in _MODELS.items()}


def additions_schema() -> str:
    """The schema's text of the file of additions, which stands beside that file."""
    return _text(Additions)


def _text(model: type[FileModel]) -> str:
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"} | model.model_json_schema()
    return json.dumps(schema, indent=2) + "\n"


def write_schemas(library: Path) -> list[Path]:
    """Writes the schemas into a library's folder; they are no part of its content hash."""
    folder = library / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, text in schema_texts().items():
        (folder / name).write_text(text, encoding="utf-8")
        paths.append(folder / name)
    return paths
