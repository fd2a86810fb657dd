"""Details, client outputs, API 3's counters and the runs' costs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jd_assets.library.format import Maturity
from jd_assets.library.release import Release, SkillEntry
from jd_assets.models.embedder import MiniLmEmbedder
from jd_assets.pipeline import Batch
from jd_assets.stages.enrich.client import AI_POINTS, UNALIGNED, ai_index, maturity_level
from jd_assets.stages.enrich.details import derived_typing
from jd_assets.stages.enrich.dimensions import dimensions_of
from jd_assets.stages.enrich.outputs import pipeline_runs
from jd_assets.tables import (
    CLIENT_OUTPUTS,
    FINAL_ROLE_OUTPUTS,
    LLM_CALLS,
    PIPELINE_RUNS,
    SKILL_DETAILS,
)
from jd_assets_tests.stages.batches import DAY, batch_of

RICH = """Java Developer
Responsibilities
- Develop microservices in Java and Spring Boot.
- Build machine learning models into the services with LangChain.
- Review Java code of colleagues.
Skills
- Java, SQL, Quarkwell, PostgreSQL, REST APIs, LangChain
Nice to have
- GitHub Copilot
"""
THIN = """Staff Nurse
We need a staff nurse in Pune. Requirements: 2 years of experience in a hospital.
Apply with your CV. Salary as per experience. Bachelor's degree in nursing.
"""
INVOICE = "Invoice No. 7\nBill to: Example\nTotal payable: Rs 100\nDue date: 3 May\n" * 4


@pytest.fixture(scope="module")
def made(mini: Release, embedder: MiniLmEmbedder) -> tuple[Batch, dict[str, str]]:
    return batch_of({"rich": RICH, "thin": THIN, "invoice": INVOICE}, mini, embedder)


def row(frame: pl.DataFrame, jd_id: str) -> dict[str, object]:
    return frame.filter(pl.col("jd_id") == jd_id).row(0, named=True)


def test_details_say_what_the_library_knows_and_type_what_it_lacks(
    made: tuple[Batch, dict[str, str]],
) -> None:
    batch, ids = made
    details = SKILL_DETAILS.conform(batch.skill_details).filter(pl.col("jd_id") == ids["rich"])
    by_name = {r["input_skill"]: r for r in details.iter_rows(named=True)}
    assert by_name["Java"]["canonical_slug"] == "java"
    assert by_name["Java"]["aliases_in_db"] == ["Core Java"]
    assert by_name["Java"]["dimensions"] == ["Backend Development"]
    assert (by_name["Java"]["skill_nature"], by_name["Java"]["source_tag"]) == ("LANGUAGE", "library")
    new = by_name["Quarkwell"]
    assert (new["canonical"], new["source_tag"], new["matched_via"]) == (None, "new", None)
    assert new["skill_nature"] == "TOOL"


@pytest.mark.parametrize(
    ("name", "nature"),
    [
        ("ISO 9001", "STANDARD"),
        ("Factories Act", "REGULATION"),
        ("Svelte.js", "FRAMEWORK"),
        ("Azure Sphere", "PLATFORM"),
        ("vendor management", "PRACTICE"),
        ("Quarkwell", "TOOL"),
        ("software", "CONCEPT"),
    ],
)
def test_a_new_skill_is_typed_by_its_name(name: str, nature: str) -> None:
    assert derived_typing(name)["skill_nature"] == nature


def test_a_rich_jd_speaks_for_itself(made: tuple[Batch, dict[str, str]]) -> None:
    batch, ids = made
    out = row(CLIENT_OUTPUTS.conform(batch.client_outputs), ids["rich"])
    assert out["is_sparse"] is False
    clusters = {c["group"]: c["skills"] for c in out["skill_clusters"]}  # type: ignore[attr-defined]
    assert clusters["Backend Development"] == ["Java", "Spring", "REST APIs"]
    assert clusters["Databases"] == ["SQL", "PostgreSQL"]
    assert {"Quarkwell", "LangChain"} <= set(clusters[UNALIGNED])
    assert out["ai_frameworks"] == ["LangChain"]
    assert out["ai_assistants"] == ["GitHub Copilot"]
    assert set(out["ai_signals"]) == {  # type: ignore[call-overload]
        "has_ai_skill", "ai_skill_primary", "ai_skill_secondary", "builds_ai_products",
    }  # fmt: skip
    assert out["ai_index"] == 2.75
    assert (out["ai_source"], out["nature_source"], out["maturity_source"]) == ("jd", "jd", "jd")
    assert out["nature_evidence"] == "Develop microservices in Java and Spring Boot."
    assert str(out["nature_evidence"]) in RICH
    assert str(out["nature_text"]).count(".") == 2
    assert all(sentence.strip() in RICH for sentence in str(out["nature_text"]).rstrip(".").split("."))
    assert str(out["kra_description"]).count(".") == 3


def test_the_duties_likest_the_roles_kras_say_what_the_work_is(
    mini: Release, embedder: MiniLmEmbedder
) -> None:
    text = RICH.replace(
        "Responsibilities\n", "Responsibilities\n- Attend the weekly lunch of the department.\n"
    )
    batch, ids = batch_of({"late": text}, mini, embedder)
    out = row(batch.client_outputs, ids["late"])
    signals = batch.role_signals.filter(signal="kra", role_slug="java-backend-developer")
    matches = signals["kra_matches"].item().to_list()
    assert out["nature_evidence"] == matches[0]["sentence"]
    assert str(out["nature_label"]).lower() == matches[0]["kra_text"].lower()
    assert "lunch" not in str(out["nature_text"])


def test_clusters_hold_each_skill_once_and_the_unaligned_come_last(
    made: tuple[Batch, dict[str, str]],
) -> None:
    batch, ids = made
    clusters = row(batch.client_outputs, ids["rich"])["skill_clusters"]
    names = [name for c in clusters for name in c["skills"]]  # type: ignore[attr-defined]
    skills = batch.extracted_skills.filter(jd_id=ids["rich"])["skill_name"].to_list()
    assert sorted(names) == sorted(skills)
    assert [c["group"] for c in clusters][-1] == UNALIGNED  # type: ignore[attr-defined]


def test_a_skill_that_no_dimension_lists_goes_with_its_parent(mini: Release) -> None:
    role = mini.role("java-backend-developer")
    java = mini.skill("java")
    child = replace(java, slug="java-records", name="Java Records", parent="java")
    assert dimensions_of(child, role) == dimensions_of(java, role) == ["Backend Development"]
    assert dimensions_of(replace(child, parent=None), role) == []
    assert dimensions_of(java, None) == []


def technology(mini: Release, **traits: str | None) -> SkillEntry:
    plain: dict[str, str | None] = {
        "category": "Tools",
        "volatility": "STABLE",
        "lifespan": "LONG",
        "ai": None,
    }
    return replace(mini.skill("java"), **(plain | traits))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("traits", "level"),
    [
        ({}, Maturity.ESTABLISHED),
        ({"volatility": "EVOLVING"}, Maturity.MODERN),
        ({"volatility": "EVOLVING", "category": "DevOps"}, Maturity.MODERN_CLOUD_NATIVE),
        ({"category": "Cloud Services"}, Maturity.ESTABLISHED),
        ({"lifespan": "SHORT"}, Maturity.LEGACY),
        ({"lifespan": "SHORT", "volatility": "VOLATILE"}, Maturity.MODERN),
        ({"lifespan": "SHORT", "ai": "framework"}, Maturity.AI_NATIVE),
    ],
)
def test_a_stacks_maturity_is_of_its_age_and_kind(
    mini: Release, traits: dict[str, str], level: Maturity
) -> None:
    assert maturity_level([technology(mini, **traits)] * 4) is level


def test_a_thin_jd_is_sparse_and_the_roles_baseline_speaks(made: tuple[Batch, dict[str, str]]) -> None:
    batch, ids = made
    out = row(batch.client_outputs, ids["thin"])
    assert out["is_sparse"] is True
    assert (out["ai_index"], out["ai_source"]) == (0.2, "role_baseline")
    assert (out["nature_label"], out["nature_source"]) == ("Bedside care", "role_baseline")
    assert (out["maturity_level"], out["maturity_source"]) == ("Office Tools", "role_baseline")


@given(st.sets(st.sampled_from(sorted(AI_POINTS))), st.sampled_from(sorted(AI_POINTS)))
def test_the_ai_index_never_falls_with_one_more_signal(held: set[str], more: str) -> None:
    assert 0.0 <= ai_index(sorted(held)) <= ai_index(sorted(held | {more})) <= 5.0


def test_all_signals_together_are_five_and_none_is_nothing() -> None:
    assert ai_index(list(AI_POINTS)) == 5.0
    assert ai_index([]) == 0.0


def test_api_3_counts_what_it_says(made: tuple[Batch, dict[str, str]]) -> None:
    batch, ids = made
    outputs = FINAL_ROLE_OUTPUTS.conform(batch.final_role_outputs)
    rich = row(outputs, ids["rich"])
    assert (rich["resolution"], rich["role_slug"]) == ("in_db", "java-backend-developer")
    assert rich["new_skills"] == ["Quarkwell"]
    assert rich["new_skills_captured"] == 1
    assert rich["role_dimension_links"] == 2
    assert rich["skill_dimension_links"] == 5
    assert rich["skipped"] == len(rich["library_skills"]) - 5  # type: ignore[arg-type]
    rejected = row(outputs, ids["invoice"])
    assert (rejected["resolution"], rejected["role_slug"], rejected["library_skills"]) == (
        "rejected",
        None,
        [],
    )


def test_runs_add_up_costs_by_api_and_keep_rejected_jds(made: tuple[Batch, dict[str, str]]) -> None:
    batch, ids = made

    def call(call_id: str, api: int, nano: int) -> dict[str, object]:
        return {
            "ds": DAY, "call_id": call_id, "jd_id": ids["rich"], "stage": "parse", "api": api, "model": "m",
            "attempt": 1, "status": "ok", "cache_hit": False, "input_tokens": 1, "cached_input_tokens": 0,
            "output_tokens": 1, "cost_nano_usd": nano, "latency_ms": 1.0, "error": None,
        }  # fmt: skip

    calls = LLM_CALLS.frame([call("a", 1, 1_500_000), call("b", 1, 500_001), call("c", 2, 7)])
    moment = datetime(2026, 1, 5, 3, tzinfo=UTC)
    runs = PIPELINE_RUNS.conform(
        pipeline_runs(
            batch.parsed_jds, batch.role_assignments, calls, seconds_by_api={1: 0.9, 2: 0.3, 3: 0.0},
            dagster_run_id="run", created_at=moment, updated_at=moment,
        )
    )  # fmt: skip
    rich = row(runs, ids["rich"])
    assert rich["llm_cost_api1_usd"] == pytest.approx(0.002000001, abs=1e-12)
    assert rich["llm_cost_api2_usd"] == pytest.approx(7e-9, abs=1e-15)
    assert rich["llm_cost_api3_usd"] == 0.0
    assert rich["llm_cost_total_usd"] == pytest.approx(0.002000008, abs=1e-12)
    assert (rich["api1_ms"], rich["api2_ms"]) == (300.0, 100.0)
    rejected = row(runs, ids["invoice"])
    assert (rejected["status"], rejected["case"], rejected["llm_cost_total_usd"]) == (
        "rejected",
        "REJECTED",
        0.0,
    )
