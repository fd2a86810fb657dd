"""What the views of the analyst database count, over rows put straight into its tables."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from jd_assets.schema import Table
from jd_assets.storage.analyst import publish
from jd_assets.storage.files import Warehouse
from jd_assets.tables import EXTRACTED_SKILLS, PARSED_JDS, REPOSTS, REVIEW_QUEUE, ROLE_ASSIGNMENTS
from jd_assets_tests.rows import frame_of

ONE, TWO, LATER = date(2026, 1, 1), date(2026, 1, 2), date(2026, 2, 3)
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
    names = ", ".join(f'"{name}"' for name in table.names)
    connection.register("incoming", frame_of(table, rows).to_arrow())
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


@pytest.fixture
def market(analyst: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Four nurses' postings, one of them posted twice; two ask for triage and charting, one for triage."""
    facts: dict[str, dict[str, Any]] = {
        "a": {"cities": ["Pune", "Goa"], "experience_min": 1.0, "experience_max": 3.0, "work_mode": "hybrid",
              "salary_min": 100.0, "salary_max": 200.0, "salary_currency": "INR", "salary_period": "month"},
        "b": {"cities": ["PUNE"], "experience_min": 5.0,
              "salary_max": 400.0, "salary_currency": "INR", "salary_period": "month"},
        "c": {"cities": [], "salary_min": 9.0, "salary_currency": "USD", "salary_period": "hour"},
        "d": {"cities": ["Pune", "PUNE"], "experience_min": 3.0, "experience_max": 4.0},
    }  # fmt: skip
    asked = {"a": ("triage", "charting"), "b": ("triage", "charting"), "c": ("triage",), "d": ("lifting",)}
    posted = [(ONE, jd) for jd in facts] + [(LATER, "a")]
    put(analyst, ROLE_ASSIGNMENTS, *({"ds": ds, "jd_id": jd, **ROLE} for ds, jd in posted))
    put(analyst, PARSED_JDS, *({"ds": ds, "jd_id": jd, "jd_type": "pass", **facts[jd]} for ds, jd in posted))
    put(
        analyst,
        EXTRACTED_SKILLS,
        *(
            {
                "ds": ds,
                "jd_id": jd,
                "is_primary": jd == "a",
                **SKILL,
                "skill_name": name.title(),
                "skill_slug": name,
            }
            for ds, jd in posted
            for name in asked[jd]
        ),
    )
    put(analyst, REPOSTS, {"ds": LATER, "jd_id": "a", "first_ds": ONE, "first_jd_id": "a", "similarity": 1.0})
    return analyst


def test_demand_is_by_skill_city_and_month_of_the_first_posting(market: duckdb.DuckDBPyConnection) -> None:
    found = market.sql(
        "SELECT month, city, skill_slug, jds, jds_primary FROM demand_by_month ORDER BY city, skill_slug"
    ).fetchall()
    assert found == [
        (ONE, "Goa", "charting", 1, 1),
        (ONE, "Goa", "triage", 1, 1),
        (ONE, "Pune", "charting", 2, 1),
        (ONE, "Pune", "lifting", 1, 0),
        (ONE, "Pune", "triage", 2, 1),
        (ONE, None, "triage", 1, 0),
    ]
    cities = "SELECT city, jds, jds_remote_or_hybrid FROM city_demand ORDER BY city"
    assert market.sql(cities).fetchall() == [("Goa", 1, 1), ("Pune", 3, 1), (None, 1, 0)]


def test_experience_is_of_the_postings_that_say(market: duckdb.DuckDBPyConnection) -> None:
    asked = (
        "SELECT role_slug, jds, jds_that_say, median_least, median_most, least, most FROM experience_by_role"
    )
    assert market.sql(asked).fetchall() == [("nurse", 4, 3, 3.0, 3.5, 1.0, 5.0)]


def test_pay_of_two_currencies_is_never_mixed(market: duckdb.DuckDBPyConnection) -> None:
    asked = (
        "SELECT salary_currency, salary_period, jds, median_least, median_most FROM pay_by_role "
        "ORDER BY salary_currency"
    )
    assert market.sql(asked).fetchall() == [("INR", "month", 2, 250.0, 300.0), ("USD", "hour", 1, 9.0, 9.0)]


def test_skills_asked_for_together_have_a_share_and_a_lift(market: duckdb.DuckDBPyConnection) -> None:
    asked = market.sql("SELECT skill_slug, jds, share, lift FROM skills_with('triage')").fetchall()
    assert asked == [("charting", 2, pytest.approx(2 / 3), pytest.approx(4 / 3))]
    assert market.sql("SELECT * FROM skills_with('nothing')").fetchall() == []


def test_the_backlog_counts_what_waits(analyst: duckdb.DuckDBPyConnection) -> None:
    item = {"kind": "new_skill", "first_seen": ONE, "last_seen": TWO, "status": "pending"}
    put(
        analyst,
        REVIEW_QUEUE,
        item | {"item_id": "1", "jds": 3},
        item | {"item_id": "2", "jds": 1, "first_seen": TWO},
        item | {"item_id": "3", "jds": 2, "status": "approved"},
    )
    assert analyst.sql("SELECT * FROM review_backlog ORDER BY status").fetchall() == [
        ("new_skill", "approved", 1, 2, 2, ONE, TWO),
        ("new_skill", "pending", 2, 4, 3, ONE, TWO),
    ]
