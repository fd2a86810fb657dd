"""Captures of many days folded into things to decide."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from jd_assets.library.release import Release
from jd_assets.models.embedder import MiniLmEmbedder
from jd_assets.stages.capture.captures import item_id
from jd_assets.stages.capture.queue import review_queue
from jd_assets.storage.embedding_cache import CachedEmbedder
from jd_assets.storage.state import DecisionRecord
from jd_assets.tables import CAPTURES, REVIEW_QUEUE

ONE, TWO, THREE = date(2026, 1, 1), date(2026, 1, 3), date(2026, 1, 4)


def capture(ds: date, jd: str, name: str, kind: str = "new_skill", **more: Any) -> dict[str, Any]:
    role = more.get("role_slug", "r")
    return {
        "ds": ds, "jd_id": jd, "kind": kind, "name": name, "item_id": item_id(kind, name, role),
        "role_slug": "r", "role_name": "R", "is_primary": True if kind == "new_skill" else None,
        "similarity": None, "is_unsure": None, "nearest": None, "roles": [], "evidence": f"uses {name}",
        "company_name": None,
    } | more  # fmt: skip


@pytest.fixture
def fold(mini: Release, embedder: MiniLmEmbedder) -> Any:
    def folded(*rows: dict[str, Any], decisions: Mapping[str, Any] | None = None) -> pl.DataFrame:
        frame = CAPTURES.frame(rows)
        return REVIEW_QUEUE.conform(review_queue(frame, decisions or {}, mini, embedder))

    return folded


def test_spellings_of_one_thing_fold_over_days_with_counts(fold: Any) -> None:
    queue = fold(
        capture(TWO, "a", "Quark-Well", company_name="X", is_primary=False),
        capture(ONE, "b", "quark well", company_name="X"),
        capture(TWO, "c", "quark well", company_name="Y"),
        capture(TWO, "c2", "quark well"),
        capture(ONE, "d", "Zither tuning"),
    )
    assert queue.height == 2
    row = queue.filter(pl.col("name") == "quark well").row(0, named=True)
    assert (row["jds"], row["companies"], row["primary_share"]) == (4, 2, 0.75)
    assert (row["first_seen"], row["last_seen"], row["status"]) == (ONE, TWO, "pending")
    assert (row["role_slug"], row["evidence"]) == ("r", "uses quark well")
    assert row["spellings"] == ["quark well", "Quark-Well"]


def test_names_that_mean_the_same_are_one_thing_named_by_the_earliest(fold: Any) -> None:
    queue = fold(
        capture(ONE, "a", "document formatting"),
        capture(TWO, "b", "formatting documents"),
        capture(TWO, "c", "horse shoeing"),
    )
    assert queue.height == 2
    row = queue.filter(pl.col("jds") == 2).row(0, named=True)
    assert row["item_id"] == item_id("new_skill", "document formatting", None)
    assert row["members"] == [
        row["item_id"],
        item_id("new_skill", "formatting documents", None),
    ]


def test_other_numbers_are_another_thing(fold: Any) -> None:
    assert fold(capture(ONE, "a", "ISO 9001 auditing"), capture(ONE, "b", "ISO 14001 auditing")).height == 2


def test_duties_of_two_roles_are_two_things(fold: Any) -> None:
    says = "Water the office plants every Friday."
    duties = [capture(ONE, role, says, "new_kra", role_slug=role, similarity=0.3) for role in ("a", "b")]
    assert fold(*duties).height == 2
    near = capture(TWO, "x", "Water the plants of the office every Friday.", "new_kra", role_slug="a")
    assert fold(*duties, near)["jds"].sort().to_list() == [1, 2]


def test_what_is_suggested(fold: Any) -> None:
    queue = fold(
        capture(ONE, "a", "Zither tuning"),
        capture(ONE, "b", "PostgreSQL database"),
        capture(ONE, "c", "Horse shoeing"),
        capture(TWO, "d", "Horse shoeing"),
        capture(ONE, "k", "Staff Nurse"),
        capture(TWO, "l", "Staff Nurse"),
        capture(ONE, "e", "Java Backend Developers", "new_role", role_slug=None),
        *(
            capture(ONE, text, text, "new_kra", role_slug=role, similarity=0.52, is_unsure=True, nearest=kra)
            for text, role, kra in (
                ("Dress wounds.", "registered-nurse", "wound dressing"),
                ("Model tables.", "java-backend-developer", "database schema and queries"),
                ("Tune the heap.", "backend-engineer", "jvm performance tuning"),
                ("Clean the data room.", "registered-nurse", "data cleaning and analysis"),
                ("Dress windows.", None, "wound dressing"),
            )
        ),
        capture(ONE, "g", "analyst", "alias_collision", roles=["business-analyst", "data-analyst"]),
    )
    found = {row["name"]: (row["action"], row["target"]) for row in queue.to_dicts()}
    assert found == {
        "Zither tuning": ("ignore", None),
        "PostgreSQL database": ("alias", "PostgreSQL"),
        "Horse shoeing": ("add", None),
        "Staff Nurse": ("ignore", None),  # a title is no skill
        "Java Backend Developers": ("alias", "java-backend-developer"),
        "Dress wounds.": ("alias", "wound dressing"),
        "Model tables.": ("alias", "database schema and queries"),  # its parent's
        "Tune the heap.": ("alias", "jvm performance tuning"),  # its child's
        "Clean the data room.": ("ignore", None),  # another trade's
        "Dress windows.": ("ignore", None),
        "analyst": ("add", None),
    }


def test_decisions_stand_whatever_is_captured_again(fold: Any) -> None:
    at = datetime(2026, 1, 2, tzinfo=UTC)
    first, second = "document formatting", "formatting documents"

    def decided(status: str, by: str, day: int) -> dict[str, Any]:
        return DecisionRecord("", status, by, at.replace(day=day))

    decisions = {
        item_id("new_skill", second, None): decided("approved", "asha", 2),
        item_id("new_skill", first, None): decided("rejected", "ben", 1),
    }
    [row] = fold(capture(ONE, "a", first), capture(TWO, "b", second), decisions=decisions).to_dicts()
    assert (row["status"], row["decided_by"], row["decided_at"]) == ("approved", "asha", at)
    decisions[item_id("new_skill", first, None)] = decided("reopened", "ben", 3)
    [row] = fold(capture(ONE, "a", first), capture(TWO, "b", second), decisions=decisions).to_dicts()
    assert (row["status"], row["decided_by"], row["decided_at"]) == ("pending", "ben", at.replace(day=3))


def test_an_empty_history_gives_an_empty_queue(fold: Any) -> None:
    assert fold().height == 0


NAMES = st.sampled_from(
    ["horse shoeing", "shoeing of horses", "formatting of documents", "document formatting",
     "ISO 9001 auditing", "ISO 14001 auditing", "zither", "Zither tuning"]
)  # fmt: skip


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_each_jd_is_counted_once_and_the_order_of_captures_does_not_matter(fold: Any, data: Any) -> None:
    pairs = data.draw(st.lists(st.tuples(st.integers(1, 9), NAMES), min_size=1, max_size=12, unique=True))
    captures = [capture(date(2026, 1, day), f"{day}{name}", name) for day, name in pairs]
    queue = fold(*captures)
    assert queue["jds"].sum() == len({c["jd_id"] for c in captures})
    members = queue["members"].explode()
    assert members.n_unique() == members.len()
    assert set(members) == {c["item_id"] for c in captures}
    shuffled = data.draw(st.permutations(captures))
    assert fold(*shuffled).equals(queue)


def test_the_order_in_which_days_were_folded_leaves_no_trace(
    mini: Release, embedder: MiniLmEmbedder, tmp_path: Path
) -> None:
    """Queues of a growing history, with the vectors kept from one to the next, as nights make them."""
    crafts = ("kiln firing", "glaze mixing", "loom weaving", "horse shoeing", "zither tuning", "cask making",
              "stone carving", "rope splicing")  # fmt: skip
    ways = ("{}", "{} techniques", "{} of high quality", "traditional {}", "knowledge of {}", "{} and repair",
            "{} methods", "skilled {}", "{} for beginners", "basic {}", "{} skills")  # fmt: skip
    names = [way.format(craft) for way, craft in product(ways, crafts)]
    days = [
        [
            capture(date(2026, 1, 1 + day), f"{day}-{name}", name)
            for name in dict.fromkeys([*names[day::7], *names[day::5]])  # some of them on several days
        ]
        for day in range(5)
    ]

    def after(order: list[int]) -> pl.DataFrame:
        kept = CachedEmbedder(embedder, tmp_path / "-".join(map(str, order)))
        for seen in range(1, len(order) + 1):
            rows = [row for day in sorted(order[:seen]) for row in days[day]]
            queue = review_queue(CAPTURES.frame(rows), {}, mini, kept)
        return queue

    forwards = after([0, 1, 2, 3, 4])
    assert forwards.height < len(names)
    for order in ([4, 3, 2, 1, 0], [2, 0, 3, 1, 4]):
        assert_frame_equal(after(order), forwards, check_exact=True)
