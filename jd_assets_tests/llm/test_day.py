"""A day through Dagster with a model at every stage that asks one: who is asked what, and on whom it is
booked."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from dagster import DagsterInstance
from typer.testing import CliRunner

from jd_assets import review_cli
from jd_assets.cli import app
from jd_assets.models.hybrid import shipped_hybrid
from jd_assets.review import decide, queue, release_in_use, write_additions
from jd_assets.settings import Settings
from jd_assets.storage.stores import Stores
from jd_assets.tables import (
    FINAL_ROLE_OUTPUTS,
    LLM_CALLS,
    PIPELINE_RUNS,
    ROLE_ASSIGNMENTS,
    ROLE_PLANS,
    SKILL_DETAILS,
)
from jd_assets_tests.days import land
from jd_assets_tests.llm.fake_openai import FakeOpenAI
from jd_assets_tests.llm.test_decision import MEMBER
from jd_assets_tests.llm.test_pipeline import DAY, asked, run_day, table, use_of
from jd_assets_tests.test_review import JAVA, SURGEON


def land_texts(use: Settings, *texts: str) -> None:
    """More JDs of the day, beside those of `land`."""
    folder = use.landing_dir / DAY.isoformat()
    folder.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps({"id": f"more-{n}", "text": text}) for n, text in enumerate(texts)]
    (folder / "more.jsonl").write_text("\n".join(lines))


def nano_usd(costs: pl.Series) -> int:
    """Each cost in nano-dollars, added up as whole numbers."""
    return sum(round(usd * 1e9) for usd in costs)


def test_each_apis_cost_is_on_the_jds_that_brought_it(settings: Settings, tmp_path: Path) -> None:
    with FakeOpenAI() as server, DagsterInstance.ephemeral() as instance:
        use = use_of(settings, server, tmp_path)
        land_texts(use, *(JAVA.format(n=n) for n in (1, 2)))
        run_day(use, instance)
        details, calls, runs = (table(use, t) for t in (SKILL_DETAILS, LLM_CALLS, PIPELINE_RUNS))
    new = details.filter(pl.col("input_skill") == "Quarkwell")
    assert new["typed_by"].to_list() == ["openai", "openai"]
    typing = calls.filter(pl.col("stage") == "enrichment")
    assert typing["jd_id"].to_list() == [min(new["jd_id"])]
    paid = dict(calls.group_by("api").agg(pl.col("cost_nano_usd").sum()).iter_rows())
    assert paid.keys() == {1, 2}
    assert {api: nano_usd(runs[f"llm_cost_api{api}_usd"]) for api in (1, 2, 3)} == {3: 0} | paid
    by_jd = dict(calls.group_by("jd_id").agg(pl.col("cost_nano_usd").sum()).iter_rows())
    assert {
        jd: round(usd * 1e9) for jd, usd in runs.select("jd_id", "llm_cost_total_usd").iter_rows()
    } == by_jd


SURGEON_POSTING = "Job Title: Tree Surgeon\n" + SURGEON.partition("\n")[2]


def test_a_planned_role_waits_for_review_and_enters_the_library_when_approved(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FakeOpenAI() as server, DagsterInstance.ephemeral() as instance:
        use = use_of(settings, server, tmp_path)
        land_texts(use, *(SURGEON_POSTING.replace("Example Trees", f"Example Trees {n}") for n in (1, 2)))
        run_day(use, instance)
        assert asked(server)["planner"] == 1
    plans, finals, calls, runs = (
        table(use, t) for t in (ROLE_PLANS, FINAL_ROLE_OUTPUTS, LLM_CALLS, PIPELINE_RUNS)
    )
    [plan] = plans["planner_output"].to_list()
    assert finals["planner_output"].to_list() == [plan, plan]
    [paid] = calls.filter(pl.col("stage") == "planner").to_dicts()
    assert (paid["api"], paid["jd_id"]) == (3, min(runs["jd_id"]))
    assert nano_usd(runs["llm_cost_api3_usd"]) == paid["cost_nano_usd"] > 0

    stores = Stores(use)
    item = queue(stores).filter(pl.col("kind") == "new_role").row(0, named=True)
    assert item["planner_output"] == plan
    monkeypatch.setattr(review_cli, "settings", lambda: use)
    shown = CliRunner().invoke(app, ["review", "show", item["item_id"]]).output
    assert "planned by openai of 2 postings, 2 values dropped:" in shown
    assert 'fell trees with a: "Fell trees with a chainsaw."' in shown

    release = release_in_use(use)
    assert "tree-surgeon" not in release.role_index, "nothing enters before a person says so"
    decide(stores, release, item, "approved", "asha")
    write_additions(stores, release)
    role = release_in_use(use).role("tree-surgeon")
    assert role.kras == ("fell trees with a", "climb with ropes and")
    assert role.archetype == "Does what the postings say."
    decide(stores, release, item, "approved", "asha", edits={"by_rules": True})
    write_additions(stores, release)
    assert "chip branches on site" in release_in_use(use).role("tree-surgeon").kras


def test_hybrid_asks_about_roles_that_the_signals_are_unsure_of(settings: Settings, tmp_path: Path) -> None:
    with FakeOpenAI() as server, DagsterInstance.ephemeral() as instance:
        use = use_of(settings, server, tmp_path).model_copy(update={"engine": "hybrid"})
        land(use, DAY, "v1", 5)
        land_texts(use, MEMBER)
        run_day(use, instance)
        roles, calls = table(use, ROLE_ASSIGNMENTS), table(use, LLM_CALLS)
    sure = roles.filter(pl.col("engine") == "embedded")["confidence"]
    assert (sure >= shipped_hybrid().asks_below["decision"]).all()
    told = set(roles.filter(pl.col("engine") == "openai")["jd_id"])
    assert 0 < len(sure) < roles.height == 6
    asked_about = calls.filter(pl.col("stage").is_in(["decision", "adjudication"]))
    assert set(asked_about["jd_id"]) == told
