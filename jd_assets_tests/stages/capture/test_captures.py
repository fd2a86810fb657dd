"""What is captured of a day, and how captures of many days fold into the review queue."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest

from jd_assets.library.release import Release
from jd_assets.models.embedder import MiniLmEmbedder
from jd_assets.stages.capture.captures import NEW_KRA, item_id, review_queue
from jd_assets.tables import CAPTURES, REVIEW_QUEUE
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


def test_a_duty_like_no_kra_is_captured_with_its_real_similarity(captured: pl.DataFrame) -> None:
    found = {row["name"]: row for row in rows(captured, "new_kra") if row["jd"] == "java"}
    assert list(found) == ["Water the office plants every Friday."]
    row = found["Water the office plants every Friday."]
    assert 0 < row["similarity"] < NEW_KRA
    assert row["nearest"]


def test_a_jd_that_fits_no_role_is_captured_with_a_proposed_name(captured: pl.DataFrame) -> None:
    [row] = rows(captured, "new_role")
    assert (row["jd"], row["name"], row["role_slug"]) == ("arborist", "Tree Surgeon", None)


def test_a_title_of_two_roles_is_captured_with_both(captured: pl.DataFrame) -> None:
    [row] = rows(captured, "alias_collision")
    assert (row["jd"], row["name"]) == ("analyst", "analyst")
    assert row["roles"] == ["business-analyst", "data-analyst"]


def capture(
    ds: date, jd: str, name: str, *, company: str | None = None, primary: bool = True
) -> dict[str, Any]:
    return {
        "ds": ds, "jd_id": jd, "kind": "new_skill", "name": name, "item_id": item_id("new_skill", name, "r"),
        "role_slug": "r", "role_name": "R", "is_primary": primary, "similarity": None, "nearest": None,
        "roles": [], "evidence": f"uses {name}", "company_name": company,
    }  # fmt: skip


def test_spellings_of_one_thing_fold_over_days_with_counts() -> None:
    one, two = date(2026, 1, 1), date(2026, 1, 3)
    frame = CAPTURES.frame(
        [
            capture(two, "a", "Quark-Well", company="X", primary=False),
            capture(one, "b", "quark well", company="X"),
            capture(two, "c", "quark well", company="Y"),
            capture(two, "c2", "quark well"),
            capture(one, "d", "Other"),
        ]
    )
    queue = REVIEW_QUEUE.conform(review_queue(frame, {}))
    assert queue.height == 2
    row = queue.filter(pl.col("name") == "quark well").row(0, named=True)
    assert (row["jds"], row["companies"], row["primary_share"]) == (4, 2, 0.75)
    assert (row["first_seen"], row["last_seen"], row["status"]) == (one, two, "pending")
    assert (row["role_slug"], row["evidence"]) == ("r", "uses quark well")


def test_decisions_stand_whatever_is_captured_again() -> None:
    frame = CAPTURES.frame([capture(date(2026, 1, 1), "a", "Thing")])
    at = datetime(2026, 1, 2, tzinfo=UTC)
    decided = {
        item_id("new_skill", "thing", None): {"status": "approved", "decided_by": "asha", "decided_at": at}
    }
    [row] = review_queue(frame, decided).to_dicts()
    assert (row["status"], row["decided_by"], row["decided_at"]) == ("approved", "asha", at)


def test_an_empty_history_gives_an_empty_queue() -> None:
    assert REVIEW_QUEUE.conform(review_queue(CAPTURES.frame([]), {})).height == 0


def test_a_kra_is_a_thing_of_its_role_and_a_skill_is_not() -> None:
    assert item_id("new_kra", "Water plants", "a") != item_id("new_kra", "Water plants", "b")
    assert item_id("new_skill", "Node-JS", "a") == item_id("new_skill", "node js", "b")
    assert item_id("new_skill", "日本", None) != item_id("new_skill", "語学", None)
