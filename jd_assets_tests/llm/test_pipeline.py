"""A day run through Dagster with a model that reads its JDs: rows, costs and checks."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
from dagster import AssetKey, DagsterInstance, build_schedule_context, instance_for_test
from pydantic import SecretStr, ValidationError

from jd_assets.assets.making import AVOIDED, BILLED
from jd_assets.definitions import LIBRARY_JOB, NIGHTLY_JOB, build_defs
from jd_assets.llm.engine import ModelDown
from jd_assets.llm.prices import UnknownPrice, dollars
from jd_assets.schedules import deferred_days, released
from jd_assets.schema import Table
from jd_assets.settings import Settings
from jd_assets.storage.files import Warehouse
from jd_assets.storage.state import State
from jd_assets.storage.vectors import VectorStore
from jd_assets.tables import DAILY, EXTRACTED_SKILLS, LLM_CALLS, PARSED_JDS, PIPELINE_RUNS, ROLE_ASSIGNMENTS
from jd_assets_tests.conftest import MINI
from jd_assets_tests.days import jd_text, land
from jd_assets_tests.llm.fake_openai import KEY, FakeOpenAI

DAY = date(2026, 1, 5)
SILENT = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def use_of(settings: Settings, server: FakeOpenAI, tmp_path: Path) -> Settings:
    prices = tmp_path / "prices.yaml"
    prices.write_text("gpt-6-luna: {input: 0.10, cached_input: 0.01, output: 0.50}\n")
    return settings.model_copy(
        update={
            "library": MINI,
            "engine": "openai",
            "llm_base_url": server.url,
            "llm_api_key": SecretStr(KEY),
            "llm_prices": prices,
        }
    )


def run_day(use: Settings, instance: DagsterInstance, day: date = DAY) -> set[str]:
    """Runs the day; the checks that did not pass. Only what waits for a later run may be among them."""
    defs = build_defs(use)
    if released(instance) is None:
        library = defs.resolve_job_def(LIBRARY_JOB)
        assert library.execute_in_process(instance=instance, run_config=SILENT).success
    result = defs.resolve_job_def(NIGHTLY_JOB).execute_in_process(
        instance=instance, partition_key=day.isoformat(), run_config=SILENT
    )
    assert result.success
    failed = {check.check_name for check in result.get_asset_check_evaluations() if not check.passed}
    assert failed <= {"nothing_waits_for_a_later_run"}
    return failed


def nightly_days(use: Settings, instance: DagsterInstance, at: datetime) -> set[str | None]:
    """The days that the nightly schedule asks for at a moment."""
    defs = build_defs(use)
    context = build_schedule_context(
        instance, scheduled_execution_time=at, repository_def=defs.get_repository_def()
    )
    asked = defs.resolve_schedule_def("nightly").evaluate_tick(context).run_requests or []
    return {request.partition_key for request in asked}


def bills(instance: DagsterInstance) -> list[tuple[int, int]]:
    """What each run of the day was billed and saved, in nano-dollars: its summary and its tags agree."""
    told = []
    for record in instance.fetch_observations(AssetKey(LLM_CALLS.name), limit=9, ascending=True).records:
        seen = record.asset_observation
        assert seen is not None
        billed, avoided = (int(str(seen.metadata[key].value)) for key in (BILLED, AVOIDED))
        run = instance.get_run_by_id(record.run_id)
        assert run is not None
        assert run.tags["llm/billed_usd"] == dollars(billed)
        assert run.tags["llm/avoided_usd"] == dollars(avoided)
        told.append((billed, avoided))
    return told


def table(use: Settings, wanted: Table) -> pl.DataFrame:
    if wanted.vector_columns:
        return VectorStore(use.vectors_dir).read(wanted, [DAY]).sort(wanted.key).drop(wanted.stamps)
    warehouse = Warehouse(use.warehouse_dir)
    frame, _ = warehouse.read(warehouse.path(wanted, DAY))
    return frame.drop(wanted.stamps)


def asked(server: FakeOpenAI) -> Counter[str]:
    """Requests that the server got, by stage."""
    return Counter(r["response_format"]["json_schema"]["name"] for r in server.received)


def test_a_day_with_a_model_costs_what_its_ledger_says_and_nothing_the_second_time(
    settings: Settings, tmp_path: Path
) -> None:
    with FakeOpenAI(["server_error", "refusal"]) as server, DagsterInstance.ephemeral() as instance:
        use = use_of(settings, server, tmp_path)
        land(use, DAY, "v1", 5)
        assert run_day(use, instance) == set()
        parsed, roles, calls, runs = (
            table(use, t) for t in (PARSED_JDS, ROLE_ASSIGNMENTS, LLM_CALLS, PIPELINE_RUNS)
        )
        before = {t.name: table(use, t) for t in DAILY}
        sent = asked(server)
        assert run_day(use, instance) == set()
        assert asked(server) == sent
        assert [t.name for t in DAILY if not table(use, t).equals(before[t.name])] == []
        told = bills(instance)
    assert sent["parse"] == 6
    assert sent["decision"] == 5
    assert Counter(calls["stage"]) == sent
    assert sorted(parsed["engine"]) == ["embedded"] + ["openai"] * 4
    assert set(roles["engine"]) == {"openai"}
    assert sorted(calls.filter(pl.col("stage") == "parse")["status"]) == [
        "failed", "ok", "ok", "ok", "ok", "refused",
    ]  # fmt: skip
    assert set(calls["api"]) == {1}
    paid = int(calls["cost_nano_usd"].sum())
    assert told == [(paid, 0), (0, paid)]
    assert round(runs["llm_cost_total_usd"].sum() * 1e9) == calls["cost_nano_usd"].sum() > 0


def test_no_table_log_or_event_of_a_failing_day_shows_the_key(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The endpoint repeats the key in every error that it gives."""
    with FakeOpenAI(["server_error", "bad_request"], always="unauthorized") as server:
        instance_dir = tmp_path / "instance"
        instance_dir.mkdir()
        use = use_of(settings, server, tmp_path)
        land(use, DAY, "v1", 5)
        with instance_for_test(temp_dir=str(instance_dir)) as instance, caplog.at_level("DEBUG"):
            run_day(use, instance)
            events = [str(e) for run in instance.get_run_ids() for e in instance.all_logs(run)]
        calls = table(use, LLM_CALLS)
    assert {"failed"} == set(calls["status"])
    assert len(events) > 50
    shown = [*events, caplog.text, str(calls.to_dicts()), str(table(use, PARSED_JDS).to_dicts())]
    assert not any(KEY in text for text in shown)
    kept = [p for folder in (use.data_dir, instance_dir) for p in folder.rglob("*") if p.is_file()]
    assert any(p.name == "state.sqlite" for p in kept)
    assert not [p for p in kept if KEY.encode() in p.read_bytes()]


def test_skills_made_again_alone_are_the_same_and_ask_nothing(settings: Settings, tmp_path: Path) -> None:
    with FakeOpenAI() as server, DagsterInstance.ephemeral() as instance:
        use = use_of(settings, server, tmp_path)
        land(use, DAY, "v1", 5)
        run_day(use, instance)
        skills, sent = table(use, EXTRACTED_SKILLS), asked(server)
        with_model = set(table(use, PARSED_JDS).filter(pl.col("named_skills").is_not_null())["jd_id"])
        again = build_defs(use.model_copy(update={"engine": "embedded"})).resolve_job_def(NIGHTLY_JOB)
        assert again.execute_in_process(
            instance=instance,
            partition_key=DAY.isoformat(),
            run_config=SILENT,
            asset_selection=[AssetKey("extracted_skills")],
        ).success
        assert asked(server) == sent
        assert sent["parse"] == len(with_model) == 5
        assert table(use, EXTRACTED_SKILLS).equals(skills)
    assert "hybrid" in set(skills["engine"])


def test_hybrid_asks_only_for_what_the_embedded_engine_is_not_sure_of(
    settings: Settings, tmp_path: Path
) -> None:
    with FakeOpenAI() as server, DagsterInstance.ephemeral() as instance:
        use = use_of(settings, server, tmp_path).model_copy(update={"engine": "hybrid"})
        path = land(use, DAY, "v1", 4)
        clear = path.read_text()
        more = "- Review the code of others and keep the services fast. " * 15
        blurred = " ".join((jd_text("v2", 0) + more).split())
        path.write_text(clear + json.dumps({"id": "blurred", "text": blurred}) + "\n")
        run_day(use, instance)
        parsed, skills = table(use, PARSED_JDS), table(use, EXTRACTED_SKILLS)
    read = [
        r["messages"][1]["content"].split("\n", 1)[1]
        for r in server.received
        if r["response_format"]["json_schema"]["name"] == "parse"
    ]
    assert any("v2 0" in text for text in read)
    assert len(set(read)) == len(read) < 5
    by_engine = dict(parsed.select("company_name", "engine").iter_rows())
    assert by_engine["Example Works v1 0"] == "embedded"
    assert "hybrid" in set(parsed["engine"])
    named = set(parsed.filter(pl.col("named_skills").is_null())["jd_id"])
    assert set(skills.filter(pl.col("jd_id").is_in(list(named)))["engine"]) <= {"embedded"}


def test_what_a_budget_defers_is_listed_and_asked_by_the_next_run(settings: Settings, tmp_path: Path) -> None:
    with FakeOpenAI() as server, instance_for_test() as instance:
        use = use_of(settings, server, tmp_path)
        land(use, DAY, "v1", 5)
        waiting = run_day(use.model_copy(update={"llm_stage_budgets_usd": {"parse": 0.0021}}), instance)
        assert waiting == {"nothing_waits_for_a_later_run"}
        ledger = State(use.state_database_url).ledger
        parsed, sent = table(use, PARSED_JDS), asked(server)["parse"]
        left = set(parsed.filter(pl.col("engine") == "embedded")["jd_id"])
        assert 0 < sent < 5
        assert len(left) == 5 - sent
        assert {(d.ds, d.stage, d.subject, d.reason) for d in ledger.deferred()} == {
            (DAY, "parse", jd_id, "budget") for jd_id in left
        }
        assert deferred_days(use) == [DAY]
        only_embeds = use.model_copy(update={"engine": "embedded", "embedder": "openai"})
        assert deferred_days(only_embeds) == [], "no model is asked to parse any more"
        assert DAY.isoformat() in nightly_days(use, instance, datetime(2026, 6, 1, tzinfo=UTC))
        assert run_day(use, instance) == set()
        assert asked(server)["parse"] == 5
        assert ledger.deferred() == deferred_days(use) == []
        assert DAY.isoformat() not in nightly_days(use, instance, datetime(2026, 6, 2, tzinfo=UTC))
        assert set(table(use, PARSED_JDS)["engine"]) == {"openai"}


def test_decisions_that_a_budget_defers_are_those_of_the_signals_until_the_next_run(
    settings: Settings, tmp_path: Path
) -> None:
    with FakeOpenAI() as server, DagsterInstance.ephemeral() as instance:
        use = use_of(settings, server, tmp_path)
        land(use, DAY, "v1", 3)
        run_day(use.model_copy(update={"llm_stage_budgets_usd": {"decision": 0.0}}), instance)
        ledger, roles = State(use.state_database_url).ledger, table(use, ROLE_ASSIGNMENTS)
        assert set(roles["engine"]) == {"embedded"}
        assert asked(server)["decision"] == 0
        assert {(d.stage, d.subject, d.reason) for d in ledger.deferred()} == {
            ("decision", jd_id, "budget") for jd_id in roles["jd_id"]
        }
        run_day(use, instance)
        assert asked(server)["decision"] == 3
        assert ledger.deferred() == []
        assert set(table(use, ROLE_ASSIGNMENTS)["engine"]) == {"openai"}


def test_a_model_that_is_down_fails_the_day_where_the_settings_say_so(
    settings: Settings, tmp_path: Path
) -> None:
    with FakeOpenAI(always="quota_exhausted") as server, DagsterInstance.ephemeral() as instance:
        use = use_of(settings, server, tmp_path).model_copy(update={"llm_when_down": "fail"})
        land(use, DAY, "v1", 3)
        with pytest.raises(ModelDown, match="3 questions of stage parse have no answer"):
            run_day(use, instance)
        run_day(use.model_copy(update={"llm_when_down": "fall_back"}), instance)
    assert set(table(use, PARSED_JDS)["engine"]) == {"embedded"}


def test_a_model_without_a_price_fails_the_day_before_anything_is_sent(
    settings: Settings, tmp_path: Path
) -> None:
    with FakeOpenAI() as server, DagsterInstance.ephemeral() as instance:
        use = use_of(settings, server, tmp_path).model_copy(update={"llm_prices": None})
        land(use, DAY, "v1", 1)
        with pytest.raises(UnknownPrice, match="no price is listed for gpt-6-luna"):
            run_day(use, instance)
    assert server.received == []


def test_no_error_of_the_settings_shows_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JD_LLM_API_KEY", KEY)
    monkeypatch.setenv("JD_LLM_CONCURRENCY", KEY)
    with pytest.raises(ValidationError) as caught:
        Settings(_env_file=None)  # type: ignore[call-arg]
    assert KEY not in str(caught.value)
    assert KEY not in repr(Settings(_env_file=None, llm_concurrency=4))  # type: ignore[call-arg]
