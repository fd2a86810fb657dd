"""What the views of the analyst database count, over rows put straight into its tables."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from jd_assets.schema import Table
from jd_assets.storage.analyst import publish
from jd_assets.storage.files import Warehouse
from jd_assets.tables import EXTRACTED_SKILLS, REPOSTS, ROLE_ASSIGNMENTS

ONE, TWO = date(2026, 1, 1), date(2026, 1, 2)
ROLE = {"case": "ALIAS", "role_slug": "nurse", "role_name": "Nurse", "domain": "Health", "confidence": 0.9}
SKILL = {"skill_name": "Triage", "skill_slug": "triage", "kind": "hard", "category": "clinical"}


@pytest.fixture
def analyst(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """An analyst database with every table and view, and no rows."""
    publish(Warehouse(tmp_path / "warehouse"), tmp_path / "jd.duckdb")
    with duckdb.connect(str(tmp_path / "jd.duckdb")) as connection:
        yield connection


def put(connection: duckdb.DuckDBPyConnection, table: Table, *rows: dict[str, Any]) -> None:
    """Adds rows; columns that they lack and that may not be null are empty."""
    empty: dict[Any, Any] = {pl.String: "", pl.Boolean: False, pl.Int32: 0, pl.Float64: 0.0, pl.List: []}
    filled = [
        {c.name: empty[c.dtype.base_type()] for c in table.columns if not c.nullable and c.name not in row}
        | row
        for row in rows
    ]
    names = ", ".join(f'"{name}"' for name in table.names)
    connection.register("incoming", table.frame(filled).to_arrow())
    connection.execute(f"INSERT INTO {table.name} ({names}) SELECT {names} FROM incoming")
    connection.unregister("incoming")


def test_demand_counts_a_posting_once_however_often_it_is_posted(
    analyst: duckdb.DuckDBPyConnection,
) -> None:
    posted = [(ONE, "a"), (TWO, "a"), (TWO, "b"), (TWO, "c")]
    put(analyst, ROLE_ASSIGNMENTS, *({"ds": ds, "jd_id": jd, **ROLE} for ds, jd in posted))
    put(
        analyst,
        EXTRACTED_SKILLS,
        *({"ds": ds, "jd_id": jd, "is_primary": jd != "c", **SKILL} for ds, jd in posted),
    )
    put(
        analyst,
        REPOSTS,
        *(
            {"ds": TWO, "jd_id": jd, "first_ds": ONE, "first_jd_id": "a", "similarity": 0.9}
            for jd in ("a", "b")
        ),
    )
    assert analyst.sql("SELECT ds, role_slug, jds FROM role_demand ORDER BY ds").fetchall() == [
        (ONE, "nurse", 1),
        (TWO, "nurse", 1),
    ]
    assert analyst.sql("SELECT skill_slug, jds, jds_primary FROM skill_demand").fetchall() == [
        ("triage", 2, 1)
    ]
