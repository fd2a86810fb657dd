"""The tracked JSON Schemas are those of format.py."""

from __future__ import annotations

import json
from pathlib import Path

from jd_assets.library.json_schema import FOLDER, schema_texts, write_schemas
from jd_assets.library.load import SHIPPED


def test_the_tracked_schemas_are_what_the_models_give() -> None:
    tracked = {p.name: p.read_text(encoding="utf-8") for p in (SHIPPED / FOLDER).iterdir()}
    assert tracked == schema_texts(), "write them again: jd-assets library schema"


def test_schemas_say_what_may_stand_where(tmp_path: Path) -> None:
    paths = write_schemas(tmp_path)
    assert [p.relative_to(tmp_path).as_posix() for p in paths] == [
        "schema/roles.schema.json", "schema/skills.schema.json", "schema/dimensions.schema.json",
    ]  # fmt: skip
    roles = json.loads(paths[0].read_text())
    assert roles["required"] == ["domain", "roles"]
    assert roles["additionalProperties"] is False
    assert roles["$defs"]["AiBaseline"]["properties"]["index"]["maximum"] == 5
    assert "VOLATILE" in json.loads(paths[1].read_text())["$defs"]["Volatility"]["enum"]
