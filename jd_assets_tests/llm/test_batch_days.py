"""A day by batches through Dagster: a wave for each stage, until every answer is there."""

from __future__ import annotations

from pathlib import Path

from dagster import DagsterInstance, build_sensor_context

from jd_assets.definitions import build_defs
from jd_assets.settings import Settings
from jd_assets.storage.state import State
from jd_assets.tables import LLM_CALLS, PARSED_JDS, PIPELINE_RUNS, ROLE_ASSIGNMENTS
from jd_assets_tests.days import land
from jd_assets_tests.llm.fake_openai import FakeOpenAI
from jd_assets_tests.llm.test_pipeline import DAY, run_day, table, use_of

WAITS = {"nothing_waits_for_a_later_run"}


def test_a_day_by_batches_ends_with_every_answer_and_nothing_asked_online(
    settings: Settings, tmp_path: Path
) -> None:
    with FakeOpenAI() as server, DagsterInstance.ephemeral() as instance:
        use = use_of(settings, server, tmp_path).model_copy(update={"llm_batch": True})
        land(use, DAY, "v1", 3)
        ledger = State(use.state_database_url).ledger
        defs = build_defs(use)
        stages = []
        for wave in range(4):
            failed = run_day(use, instance)
            if not failed:
                break
            assert failed == WAITS
            assert set(table(use, PARSED_JDS)["engine"]) == {"openai" if wave else "embedded"}
            (batch,) = ledger.batches.pending()
            stages.append(batch.stage)
            tick = defs.resolve_sensor_def("batches").evaluate_tick(
                build_sensor_context(instance, repository_def=defs.get_repository_def())
            )
            (request,) = tick.run_requests or []
            assert (request.partition_key, request.run_key) == (str(DAY), f"{DAY}@{batch.batch_id}")
        assert stages[:2] == ["parse", "decision"]
        assert server.received == []
        assert ledger.deferred() == ledger.claims() == ledger.batches.pending() == []
        assert set(table(use, ROLE_ASSIGNMENTS)["engine"]) == {"openai"}
        calls, runs = table(use, LLM_CALLS), table(use, PIPELINE_RUNS)
        assert set(calls["status"]) == {"ok"}
        assert round(runs["llm_cost_total_usd"].sum() * 1e9) == calls["cost_nano_usd"].sum() > 0
