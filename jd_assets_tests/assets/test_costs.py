"""Every place that tells a cost tells the same, and each way to disagree is named."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest
from dagster import AssetKey, DagsterInstance

from jd_assets.assets.costs import Paying, disagreements
from jd_assets.assets.making import COST
from jd_assets.definitions import NIGHTLY_JOB, build_defs
from jd_assets.settings import Settings
from jd_assets.storage.attempts import Attempt
from jd_assets.storage.claims import Claim
from jd_assets.storage.state import State
from jd_assets.tables import LLM_CALLS, PIPELINE_RUNS
from jd_assets_tests.llm.test_pipeline import DAY as LANDED
from jd_assets_tests.llm.test_pipeline import SILENT
from jd_assets_tests.rows import frame_of

DAY, NOON = date(2026, 1, 5), datetime(2026, 1, 6, 12, tzinfo=UTC)
LEDGER: list[dict[str, Any]] = [
    {"call_id": "a-1", "jd_id": "j1", "stage": "parse", "api": 1, "cost_nano_usd": 700},
    {"call_id": "a-2", "jd_id": "j1", "stage": "parse", "api": 1, "cost_nano_usd": 1},
    {"call_id": "b-1", "jd_id": "j2", "stage": "decision", "api": 1, "cost_nano_usd": 40},
    {"call_id": "c-1", "jd_id": "j2", "stage": "enrichment", "api": 2, "cost_nano_usd": 5},
    {"call_id": "d-1", "jd_id": None, "stage": "planner", "api": 2, "cost_nano_usd": 9},
    {"call_id": "e-1", "jd_id": "gone", "stage": "parse", "api": 1, "cost_nano_usd": 3},
]
TOLD = [
    Paying("parsed_jds", "r", ("parse", "skills"), 704, 704, 0),
    Paying("role_assignments", "r", ("decision",), 40, 40, 0),
]


def runs(**changed: float) -> pl.DataFrame:
    usd = {"llm_cost_api1_usd": 0.0, "llm_cost_api2_usd": 0.0, "llm_cost_api3_usd": 0.0}
    first = {"jd_id": "j1", **usd, "llm_cost_api1_usd": 701 / 1e9, "llm_cost_total_usd": 701 / 1e9}
    second = {
        "jd_id": "j2", **usd, "llm_cost_api1_usd": 40 / 1e9, "llm_cost_api2_usd": 5 / 1e9,
        "llm_cost_total_usd": 45 / 1e9,
    }  # fmt: skip
    third = {"jd_id": "j3", **usd, "llm_cost_total_usd": 0.0}
    stamps = {"ds": DAY, "created_at": NOON, "updated_at": NOON}
    return frame_of(PIPELINE_RUNS, (stamps | row for row in (first, second | changed, third)))


def calls(rows: list[dict[str, Any]]) -> pl.DataFrame:
    return frame_of(LLM_CALLS, ({"ds": DAY, **row} for row in rows))


def test_costs_that_agree_have_no_disagreement() -> None:
    assert disagreements(LEDGER, calls(LEDGER), runs(), TOLD) == []
    assert disagreements([], calls([]), runs().clear(), []) == []


@pytest.mark.parametrize(
    ("ledger", "found", "shown", "told", "words"),
    [
        (LEDGER[1:], LEDGER, {}, TOLD, "llm_calls has 6 of the ledger's 5 attempts, or other costs"),
        (LEDGER, LEDGER, {"llm_cost_api1_usd": 41 / 1e9, "llm_cost_total_usd": 46 / 1e9}, TOLD,
         "j2 cost 40 for API 1, and llm_cost_api1_usd says 41"),
        (LEDGER, LEDGER, {"llm_cost_api3_usd": 1 / 1e9, "llm_cost_total_usd": 46 / 1e9}, TOLD,
         "j2 cost 0 for API 3, and llm_cost_api3_usd says 1"),
        (LEDGER, LEDGER, {"llm_cost_total_usd": 46 / 1e9}, TOLD,
         "the three APIs' costs don't add up to the total of pipeline_runs"),
        (LEDGER, LEDGER, {}, [*TOLD, Paying("skill_details", "r", ("enrichment",), 4, 0, 0)],
         "skill_details says that its calls cost 4, and llm_calls 5"),
    ],
)  # fmt: skip
def test_a_nano_dollar_of_difference_is_named(
    ledger: list[dict[str, Any]],
    found: list[dict[str, Any]],
    shown: dict[str, float],
    told: list[Paying],
    words: str,
) -> None:
    assert disagreements(ledger, calls(found), runs(**shown), told) == [words]


def test_what_the_library_cost_that_day_is_in_what_the_copy_of_the_ledger_tells(settings: Settings) -> None:
    """Embeddings of a release are booked to no JD, but they are calls of the day like any other."""
    asked = Claim("0" * 64, "c", LANDED, None, "library", 1, "m", 10)
    told = Attempt(asked, "ok", input_tokens=100, cost_nano_usd=7, counted_nano_usd=7)
    State(settings.state_database_url).ledger.settle([told], None, LANDED)
    with DagsterInstance.ephemeral() as instance:
        result = (
            build_defs(settings)
            .resolve_job_def(NIGHTLY_JOB)
            .execute_in_process(
                instance=instance,
                partition_key=LANDED.isoformat(),
                run_config=SILENT,
                asset_selection=[AssetKey("llm_calls")],
            )
        )
        (made,) = result.asset_materializations_for_node("llm_calls")
    assert made.metadata["dagster/partition_row_count"].value == made.metadata["llm/calls"].value == 1
    assert made.metadata[COST].value == 7
    assert made.metadata["llm/input_tokens"].value == 100
