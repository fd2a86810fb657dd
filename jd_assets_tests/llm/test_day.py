"""A day through Dagster with a model at every stage that asks one: who is asked what, and on whom it is
booked."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
from dagster import instance_for_test

from jd_assets.models.hybrid import shipped_hybrid
from jd_assets.settings import Settings
from jd_assets.tables import LLM_CALLS, PIPELINE_RUNS, ROLE_ASSIGNMENTS, SKILL_DETAILS
from jd_assets_tests.days import land
from jd_assets_tests.llm.fake_openai import FakeOpenAI
from jd_assets_tests.llm.test_decision import MEMBER
from jd_assets_tests.llm.test_pipeline import DAY, run_day, table, use_of
from jd_assets_tests.test_review import JAVA


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
    with FakeOpenAI() as server, instance_for_test() as instance:
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


def test_hybrid_asks_about_roles_that_the_signals_are_unsure_of(settings: Settings, tmp_path: Path) -> None:
    with FakeOpenAI() as server, instance_for_test() as instance:
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
