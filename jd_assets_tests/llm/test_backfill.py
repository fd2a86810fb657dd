"""A backfill of several days with a model at every stage, in any order, and then the same again: nothing is
asked, nothing changes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import get_args

import duckdb
import polars as pl
from dagster import AssetKey, DagsterInstance, Definitions

from jd_assets.definitions import LIBRARY_JOB, NIGHTLY_JOB, build_defs
from jd_assets.schedules import deferred_days
from jd_assets.settings import Settings, Stage
from jd_assets.storage.state import State
from jd_assets.tables import ALL, LLM_CALLS, ROLE_PLANS
from jd_assets_tests.llm.fake_openai import FakeOpenAI
from jd_assets_tests.llm.test_day import SURGEON_POSTING
from jd_assets_tests.llm.test_decision import ANALYST
from jd_assets_tests.llm.test_pipeline import DAY, SILENT, asked, use_of
from jd_assets_tests.test_review import JAVA

TEXTS = {
    DAY: (SURGEON_POSTING.replace("Example Trees", "Example Trees One"), JAVA.format(n=1)),
    DAY + timedelta(days=1): (f"Job Title: {ANALYST}", JAVA.format(n=2)),
    DAY + timedelta(days=2): (
        SURGEON_POSTING.replace("Example Trees", "Example Trees Two"), JAVA.format(n=1),
    ),
}  # fmt: skip
"""A new skill on two days, a title of two roles, a new role that the third day makes due, and a
posting that comes again."""


def run(defs: Definitions, instance: DagsterInstance, days: Iterable[date]) -> None:
    for day in days:
        result = defs.resolve_job_def(NIGHTLY_JOB).execute_in_process(
            instance=instance, partition_key=day.isoformat(), run_config=SILENT
        )
        assert [c.check_name for c in result.get_asset_check_evaluations() if not c.passed] == []


def published(use: Settings) -> dict[str, pl.DataFrame]:
    """Every table of the analyst database, without what says when a row was written."""
    with duckdb.connect(str(use.analyst_db), read_only=True) as database:
        names = {name for (name,) in database.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
        assert {t.name for t in ALL} <= names
        return {
            t.name: database.execute(f"SELECT * FROM {t.name} ORDER BY ALL").pl().drop(t.stamps) for t in ALL
        }


def land(use: Settings) -> None:
    for day, texts in TEXTS.items():
        folder = use.landing_dir / day.isoformat()
        folder.mkdir(parents=True)
        lines = (json.dumps({"id": str(n), "text": text}) for n, text in enumerate(texts))
        (folder / "jds.jsonl").write_text("\n".join(lines))


def test_days_that_the_embedded_engine_made_are_not_put_on_the_planners_list(
    settings: Settings, tmp_path: Path
) -> None:
    first, _, third = TEXTS
    with FakeOpenAI() as server, DagsterInstance.ephemeral() as instance:
        use = use_of(settings, server, tmp_path)
        land(use)
        embedded = build_defs(use.model_copy(update={"engine": "embedded"}))
        library = embedded.resolve_job_def(LIBRARY_JOB)
        assert library.execute_in_process(instance=instance, run_config=SILENT).success
        run(embedded, instance, [third])
        run(build_defs(use), instance, [first])
        assert State(use.state_database_url).ledger.deferred() == []
        run(build_defs(use), instance, [third])
    assert asked(server)["planner"] == 1, "by itself it is planned as soon as a model is asked for it"


def test_a_backfill_done_again_asks_nothing_and_changes_no_table(settings: Settings, tmp_path: Path) -> None:
    with FakeOpenAI() as server, DagsterInstance.ephemeral() as instance:
        use = use_of(settings, server, tmp_path)
        land(use)
        defs = build_defs(use)
        assert (
            defs.resolve_job_def(LIBRARY_JOB).execute_in_process(instance=instance, run_config=SILENT).success
        )
        first, second, third = TEXTS
        run(defs, instance, (third, first, second))
        assert asked(server)["planner"] == 0
        ledger = State(use.state_database_url).ledger
        assert [(d.ds, d.stage, d.reason) for d in ledger.deferred()] == [(third, "planner", "changed")]
        run(defs, instance, deferred_days(use))
        sent, before = asked(server), published(use)
        assert sent.keys() == set(get_args(Stage)) - {"embedding"}, "every stage that this model is for"
        assert before[ROLE_PLANS.name]["ds"].to_list() == [third]
        paid = ledger.costs("day")

        run(defs, instance, TEXTS)
        assert asked(server) == sent
        assert ledger.costs("day") == paid
        assert ledger.deferred() == ledger.claims() == []
        after = published(use)
        assert [name for name in before if not after[name].equals(before[name])] == []
        assert [name for name, frame in before.items() if frame.is_empty()] == []
        billed = [
            instance.get_run_by_id(r.run_id).tags["llm/billed_usd"]  # type: ignore[union-attr]
            for r in instance.fetch_observations(AssetKey(LLM_CALLS.name), limit=9, ascending=True).records
        ]
    assert all(float(usd) > 0 for usd in billed[:4])
    assert billed[4:] == ["0.000000000"] * 3
