"""The key paths of the answers that the contract keeps, each with its JSON type, and no value.

reference_keys.txt was written from the three answers of one run of the system that this one replaces:
`python -m jd_assets_tests.web.reference_keys FOLDER_OF_THE_ANSWERS`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

KEYS = Path(__file__).with_name("reference_keys.txt")

FILES = {
    "/skills/extract-from-jd": "api1_extract_from_jd.json",
    "/skills/extract-details": "api2_extract_details.json",
    "/skills/final-role-output": "api3_final_role_output.json",
}


def json_type(value: Any) -> str:
    """The JSON Schema type of a value that was read from JSON."""
    if value is None:
        return "null"
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return names[type(value)]


def typed_paths(value: Any, at: str = "$") -> Iterator[tuple[str, str]]:
    """Each value's path and type, itself first; the items of a list share the path `[]`."""
    yield at, json_type(value)
    if isinstance(value, dict):
        for key, part in value.items():
            yield from typed_paths(part, f"{at}.{key}")
    elif isinstance(value, list):
        for item in value:
            yield from typed_paths(item, f"{at}[]")


def reference_keys() -> dict[str, dict[str, set[str]]]:
    """For each endpoint, the types of each path."""
    found: dict[str, dict[str, set[str]]] = {}
    for line in KEYS.read_text(encoding="utf-8").splitlines():
        api, path, types = line.split(" ")
        found.setdefault(api, {})[path] = set(types.split("|"))
    return found


def main(folder: Path) -> None:
    lines = []
    for api, name in FILES.items():
        types: dict[str, set[str]] = {}
        for path, of_type in typed_paths(json.loads((folder / name).read_text(encoding="utf-8"))):
            types.setdefault(path, set()).add(of_type)
        lines += [f"{api} {path} {'|'.join(sorted(of))}\n" for path, of in sorted(types.items())]
    KEYS.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
