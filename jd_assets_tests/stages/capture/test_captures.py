"""What is captured of a day."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from jd_assets.library.release import Release
from jd_assets.models.embedder import MiniLmEmbedder
from jd_assets.stages.capture.captures import KRA_CUTS, item_id
from jd_assets.tables import CAPTURES
from jd_assets_tests.stages.batches import batch_of

JAVA = """Java Developer
Company: Example Works
Responsibilities
- Develop microservices in Java and Spring Boot.
- Water the office plants every Friday.
- Review Java code of colleagues.
Skills
- Java, SQL, Quarkwell, PostgreSQL
"""
ANALYST = """Analyst
Responsibilities
- Build Power BI dashboards.
- Clean data with SQL.
- Report weekly metrics.
Requirements
- SQL, Power BI and data analysis
"""
ARBORIST = """Tree Surgeon
Responsibilities
- Fell trees with a chainsaw.
- Climb with ropes and harness.
- Chip branches on site.
Requirements
- 2 years of climbing experience
"""


@pytest.fixture(scope="module")
def captured(mini: Release, embedder: MiniLmEmbedder) -> pl.DataFrame:
    batch, ids = batch_of({"java": JAVA, "analyst": ANALYST, "arborist": ARBORIST}, mini, embedder)
    names = {jd_id: name for name, jd_id in ids.items()}
    frame = CAPTURES.conform(batch.captures)
    return frame.with_columns(jd=pl.col("jd_id").replace_strict(names))


def rows(captured: pl.DataFrame, kind: str) -> list[dict[str, Any]]:
    return captured.filter(pl.col("kind") == kind).to_dicts()


def test_a_skill_that_the_library_lacks_is_captured_for_the_role(captured: pl.DataFrame) -> None:
    [row] = rows(captured, "new_skill")
    assert (row["jd"], row["name"], row["role_slug"]) == ("java", "Quarkwell", "java-backend-developer")
    assert row["is_primary"] is True
    assert "Quarkwell" in row["evidence"]
    assert row["company_name"] == "Example Works"


def test_duties_under_the_cut_are_captured_with_their_real_similarity(
    captured: pl.DataFrame, mini: Release
) -> None:
    found = {row["name"]: row for row in rows(captured, "new_kra") if row["jd"] == "java"}
    row = found["Water the office plants every Friday."]
    cut = KRA_CUTS[mini.model]
    assert 0 < row["similarity"] < cut.new
    assert row["is_unsure"] is False
    assert row["nearest"]
    assert "Develop microservices in Java and Spring Boot." not in found
    for other in rows(captured, "new_kra"):
        assert other["similarity"] < cut.known
        assert other["is_unsure"] == (other["similarity"] >= cut.new)


def test_a_jd_that_fits_no_role_is_captured_with_a_proposed_name(captured: pl.DataFrame) -> None:
    [row] = rows(captured, "new_role")
    assert (row["jd"], row["name"], row["role_slug"]) == ("arborist", "Tree Surgeon", None)


def test_a_title_of_two_roles_is_captured_with_both(captured: pl.DataFrame) -> None:
    [row] = rows(captured, "alias_collision")
    assert (row["jd"], row["name"]) == ("analyst", "analyst")
    assert row["roles"] == ["business-analyst", "data-analyst"]


def test_a_kra_is_a_thing_of_its_role_and_a_skill_is_not() -> None:
    assert item_id("new_kra", "Water plants", "a") != item_id("new_kra", "Water plants", "b")
    assert item_id("new_skill", "Node-JS", "a") == item_id("new_skill", "node js", "b")
    assert item_id("new_skill", "日本", None) != item_id("new_skill", "語学", None)
