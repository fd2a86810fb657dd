"""The Definitions object: every table an asset, the job, schedule and sensors, and a day run through them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from dagster import (
    AssetCheckKey,
    AssetKey,
    DagsterInstance,
    Definitions,
    ExecuteInProcessResult,
    TableColumnLineage,
    TableSchema,
    build_schedule_context,
    build_sensor_context,
    instance_for_test,
)

from jd_assets.definitions import LIBRARY_JOB, NIGHTLY_JOB, build_defs
from jd_assets.schedules import missed_days
from jd_assets.schema import Table
from jd_assets.settings import Settings
from jd_assets.storage.analyst import open_read_only
from jd_assets.storage.files import Warehouse
from jd_assets.tables import ALL, DAILY, PARSED_JDS, PIPELINE_RUNS, RAW_JDS
from jd_assets_tests.conftest import MINI
from jd_assets_tests.days import land

DAY = date(2026, 1, 5)


@pytest.fixture
def use(settings: Settings) -> Settings:
    return settings.model_copy(update={"library": MINI})


@pytest.fixture
def defs(use: Settings) -> Definitions:
    return build_defs(use)


@pytest.fixture
def instance() -> Iterator[DagsterInstance]:
    """In memory, where a run takes half the time; test_runner.py has runs of one on disk."""
    with DagsterInstance.ephemeral() as made:
        yield made


@pytest.fixture
def on_disk() -> Iterator[DagsterInstance]:
    """An instance that schedules and sensors can open: they are given no other."""
    with instance_for_test() as made:
        yield made


def test_dagsters_ui_and_daemon_can_load_everything(defs: Definitions) -> None:
    """They resolve all jobs when they start, which running a single one does not."""
    defs.get_repository_def().load_all_definitions()


def run_library(defs: Definitions, instance: DagsterInstance) -> None:
    assert defs.resolve_job_def(LIBRARY_JOB).execute_in_process(instance=instance).success


def run_day(
    defs: Definitions,
    instance: DagsterInstance,
    day: date = DAY,
    raise_on_error: bool = True,
    selection: Sequence[Table] | None = None,
) -> ExecuteInProcessResult:
    return defs.resolve_job_def(NIGHTLY_JOB).execute_in_process(
        instance=instance,
        partition_key=day.isoformat(),
        raise_on_error=raise_on_error,
        run_config={"loggers": {"console": {"config": {"log_level": "ERROR"}}}},
        asset_selection=[AssetKey(table.name) for table in selection] if selection else None,
    )


@pytest.mark.parametrize("table", ALL, ids=lambda t: t.name)
def test_every_table_is_an_asset_with_its_contract(table: Table) -> None:
    spec = build_defs().resolve_asset_graph().get(AssetKey(table.name))
    assert spec.group_name == table.group
    assert spec.is_partitioned == table.partitioned
    assert table.description in (spec.description or "")
    assert spec.owners == ["team:jd-assets"]
    assert spec.kinds
    assert spec.code_version
    schema = spec.metadata["dagster/column_schema"]
    assert isinstance(schema, TableSchema)
    assert [c.name for c in schema.columns] == table.names
    lineage = spec.metadata["dagster/column_lineage"]
    assert isinstance(lineage, TableColumnLineage)
    for deps in lineage.deps_by_column.values():
        assert {d.asset_key.path[-1] for d in deps} <= set(table.inputs)


def test_asset_dependencies_are_those_that_the_tables_declare() -> None:
    graph = build_defs().resolve_asset_graph()
    for table in DAILY:
        parents = {k.path[-1] for k in graph.get(AssetKey(table.name)).parent_keys} - {"library_release"}
        assert set(table.inputs) <= parents | {table.name}, table.name


def test_the_nightly_job_makes_every_daily_table_the_queue_and_the_database() -> None:
    job = build_defs().resolve_job_def(NIGHTLY_JOB)
    made = {k.path[-1] for k in job.asset_layer.executable_asset_keys}
    assert made == {t.name for t in DAILY} | {"reposts", "review_queue", "analyst_db"}


def test_assets_that_look_at_other_days_take_turns(defs: Definitions) -> None:
    """Else two days at once may each miss what the other writes."""
    pooled = {a.key.to_user_string() for a in defs.resolve_asset_graph().assets_defs if a.op.pool}
    assert pooled == {"reposts", "role_centroids", "role_plans", "review_queue", "analyst_db"}


def test_row_conservation_blocks() -> None:
    graph = build_defs().resolve_asset_graph()
    blocking = {k.name for k in graph.asset_check_keys if graph.get_check_spec(k).blocking}  # type: ignore[attr-defined]
    assert blocking == {
        "every_landing_file_is_in_raw_jds",
        "every_raw_jd_is_parsed_once",
        "every_passed_jd_has_one_assignment",
        "every_assignment_has_a_client_output",
        "every_parsed_jd_has_one_run",
    }


def test_a_day_from_landing_to_the_analyst_database(
    defs: Definitions, instance: DagsterInstance, use: Settings
) -> None:
    folder = land(use, DAY, "a", 5).parent
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 and then nothing")
    (folder / "invoice.txt").write_text("Invoice No. 7\nBill to: Example\nTotal payable: Rs 100\n" * 5)
    run_library(defs, instance)
    result = run_day(defs, instance)
    assert result.success
    assert all(e.passed for e in result.get_asset_check_evaluations())
    assert len(result.get_asset_check_evaluations()) == 12

    with open_read_only(use.analyst_db) as connection:

        def count(sql: str) -> int:
            row = connection.execute(sql).fetchone()
            assert row is not None
            return int(row[0])

        assert count("SELECT count(*) FROM raw_jds WHERE status = 'ok'") == 6
        assert count("SELECT count(*) FROM quarantine WHERE source_file = 'broken.pdf'") == 1
        assert count("SELECT count(*) FROM parsed_jds WHERE jd_type = 'pass'") == 5
        assert count("SELECT count(*) FROM role_assignments") == 5
        assert count("SELECT count(*) FROM pipeline_runs WHERE status = 'rejected'") == 1
        assert count("SELECT count(*) FROM extracted_skills WHERE skill_name = 'PostgreSQL'") == 1
        assert count("SELECT count(DISTINCT library_release) FROM role_assignments") == 1
        roles = connection.execute("SELECT title, role_slug FROM jds WHERE title IS NOT NULL ORDER BY title")
        assert roles.fetchall() == [
            ("Business Analyst", "business-analyst"),
            ("Data Analyst", "data-analyst"),
            ("Java Developer", "java-backend-developer"),
            ("Sales Executive", "sales-executive"),
            ("Staff Nurse", "registered-nurse"),
        ]


def test_materializations_carry_numbers_that_the_ui_can_plot(
    defs: Definitions, instance: DagsterInstance, use: Settings
) -> None:
    land(use, DAY, "a", 3)
    run_library(defs, instance)
    run_day(defs, instance)
    for table in DAILY:
        event = instance.get_latest_materialization_event(AssetKey(table.name))
        assert event is not None
        assert event.asset_materialization is not None
        metadata = event.asset_materialization.metadata
        for key in ("dagster/partition_row_count", "jd/seconds", "llm/cost_usd", "llm/calls",
                    "llm/input_tokens", "llm/output_tokens", "llm/cache_hits"):  # fmt: skip
            assert isinstance(metadata[key].value, int | float), (table.name, key)
        assert metadata["llm/cost_usd"].value == 0
    event = instance.get_latest_materialization_event(AssetKey("parsed_jds"))
    assert event is not None
    assert event.asset_materialization is not None
    assert event.asset_materialization.metadata["jd/grounded_share"].value == 1.0
    assert event.asset_materialization.metadata["jd/rejects"].value == 0


def test_an_empty_day_makes_every_table_with_no_rows(
    defs: Definitions, instance: DagsterInstance, use: Settings
) -> None:
    run_library(defs, instance)
    assert run_day(defs, instance).success
    warehouse = Warehouse(use.warehouse_dir)
    for table in DAILY:
        rows, _ = warehouse.read(warehouse.path(table, DAY))
        assert rows.height == (6 if table.name == "role_centroids" else 0), table.name


def test_the_same_day_twice_gives_byte_equal_tables_but_for_time_stamps(
    defs: Definitions, instance: DagsterInstance, use: Settings
) -> None:
    land(use, DAY, "a", 4)
    run_library(defs, instance)
    warehouse = Warehouse(use.warehouse_dir)

    def once() -> dict[str, bytes]:
        assert run_day(defs, instance).success
        return {t.name: warehouse.read(warehouse.path(t, DAY))[0].drop(t.stamps).serialize() for t in DAILY}

    first, second = once(), once()
    assert first == second


def test_a_run_of_changed_landing_files_replaces_the_day_and_leaves_others(
    defs: Definitions, instance: DagsterInstance, use: Settings
) -> None:
    other = date(2026, 1, 6)
    run_library(defs, instance)
    for day in (DAY, other):
        land(use, day, "a", 3)
        run_day(defs, instance, day)
    land(use, DAY, "b", 2)
    run_day(defs, instance)
    with open_read_only(use.analyst_db) as connection:
        days = connection.execute("SELECT ds, count(*) FROM jds GROUP BY ds ORDER BY ds").fetchall()
    assert days == [(DAY, 2), (other, 3)]


def test_days_in_any_order_give_the_same_centroids(
    defs: Definitions, instance: DagsterInstance, use: Settings
) -> None:
    days = [date(2026, 1, d) for d in (5, 6, 7)]
    run_library(defs, instance)
    warehouse = Warehouse(use.warehouse_dir)

    def contents(order: list[date]) -> dict[tuple[str, date], str]:
        for number, day in enumerate(days):
            land(use, day, f"v{number}", 2 + number)
        for day in order:
            assert run_day(defs, instance, day).success
        found = {}
        for name in ("role_assignments", "role_centroids", "centroid_contributions"):
            for day in days:
                with warehouse.open(warehouse.root / name / f"ds={day}" / "part.parquet") as part:
                    found[name, day] = part.card.content
        return found

    assert contents(days) == contents([days[2], days[0], days[1], days[0]])
    with open_read_only(use.analyst_db) as connection:
        held = connection.execute("SELECT DISTINCT ds FROM role_centroids ORDER BY ds").fetchall()
    assert [d for (d,) in held] == days


def test_a_broken_row_conservation_stops_what_comes_after(
    use: Settings, instance: DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    from jd_assets.assets import parse as parse_assets

    whole = parse_assets.parse
    monkeypatch.setattr(parse_assets, "parse", lambda raw, ds, reader: whole(raw, ds, reader).head(1))
    defs = build_defs(use)
    land(use, DAY, "a", 3)
    run_library(defs, instance)
    result = run_day(defs, instance, raise_on_error=False)
    assert not result.success
    [failed] = [e for e in result.get_asset_check_evaluations() if not e.passed]
    assert failed.asset_check_key == AssetCheckKey(AssetKey("parsed_jds"), "every_raw_jd_is_parsed_once")
    assert failed.metadata["jd/lost"].value == 2
    made = {e.asset_key.path[-1] for e in result.get_asset_materialization_events() if e.asset_key}
    assert made == {"raw_jds", "parsed_jds"}


def test_missed_days_are_yesterday_and_landed_days_that_never_ran(use: Settings) -> None:
    for day in ("2026-01-01", "2026-01-05", "2026-01-07", "2025-10-01"):
        (use.landing_dir / day).mkdir(parents=True)
    today = date(2026, 1, 8)
    assert missed_days(use, {"2026-01-05"}, today) == [date(2026, 1, 1), date(2026, 1, 7)]
    assert missed_days(use, {"2026-01-01", "2026-01-05", "2026-01-07"}, today) == [date(2026, 1, 7)]
    assert missed_days(use, set(), date(2026, 3, 1)) == [date(2026, 2, 28)]


def test_the_schedule_asks_for_yesterday_and_what_was_missed(
    defs: Definitions, on_disk: DagsterInstance, use: Settings
) -> None:
    land(use, DAY, "a", 1)
    schedule = defs.resolve_schedule_def("nightly")
    assert schedule.cron_schedule == "15 2 * * *"
    tick = datetime(2026, 1, 7, 20, 45, tzinfo=UTC)  # 02:15 on the 8th in India
    context = build_schedule_context(
        instance=on_disk, scheduled_execution_time=tick, repository_def=defs.get_repository_def()
    )
    requests = schedule.evaluate_tick(context).run_requests or []
    assert [r.partition_key for r in requests] == ["2026-01-05", "2026-01-07"]


def test_the_sensor_asks_for_a_day_again_when_its_folder_changed(
    defs: Definitions, on_disk: DagsterInstance, use: Settings
) -> None:
    sensor = defs.resolve_sensor_def("landing_changed")

    def asked(cursor: str | None) -> tuple[list[str | None], str | None]:
        context = build_sensor_context(
            instance=on_disk, cursor=cursor, repository_def=defs.get_repository_def()
        )
        tick = sensor.evaluate_tick(context)
        return [r.partition_key for r in tick.run_requests or []], tick.cursor

    land(use, DAY, "a", 2)
    assert asked(None)[0] == []  # never materialized: the schedule's business
    run_library(defs, on_disk)
    run_day(defs, on_disk, selection=[RAW_JDS])
    requests, cursor = asked(None)
    assert requests == []
    land(use, DAY, "b", 2)
    requests, cursor = asked(cursor)
    assert requests == [DAY.isoformat()]
    requests, cursor = asked(cursor)
    assert requests == []  # once for each change
    run_day(defs, on_disk, selection=[RAW_JDS])
    assert asked(cursor)[0] == []
    assert json.loads(cursor or "{}").keys() == {DAY.isoformat()}


def test_the_library_sensor_asks_for_a_release_when_the_files_change(
    use: Settings, on_disk: DagsterInstance, tmp_path: Path
) -> None:
    import shutil

    library = tmp_path / "library"
    shutil.copytree(MINI, library)
    defs = build_defs(use.model_copy(update={"library": library}))
    sensor = defs.resolve_sensor_def("library_changed")

    def asks() -> bool:
        context = build_sensor_context(instance=on_disk, repository_def=defs.get_repository_def())
        return bool(sensor.evaluate_tick(context).run_requests)

    assert asks()
    run_library(defs, on_disk)
    assert not asks()
    path = library / "skills" / "people.yaml"
    path.write_text(path.read_text() + "  - {name: Bandaging}\n")
    assert asks()


def test_the_release_is_the_data_version_of_the_library(
    defs: Definitions, instance: DagsterInstance, use: Settings
) -> None:
    run_library(defs, instance)
    event = instance.get_latest_materialization_event(AssetKey("library_release"))
    assert event is not None
    assert event.asset_materialization is not None
    tags = event.asset_materialization.tags or {}
    release = event.asset_materialization.metadata["jd/library_release"].value
    assert tags["dagster/data_version"] == release


def test_tables_name_the_run_that_made_them(
    defs: Definitions, instance: DagsterInstance, use: Settings
) -> None:
    land(use, DAY, "a", 1)
    run_library(defs, instance)
    result = run_day(defs, instance)
    warehouse = Warehouse(use.warehouse_dir)
    rows, card = warehouse.read(warehouse.path(PIPELINE_RUNS, DAY))
    assert rows["dagster_run_id"].to_list() == [result.run_id]
    assert card.run_id == result.run_id
    with warehouse.open(warehouse.path(PARSED_JDS, DAY)) as part:
        raw = warehouse.read(warehouse.path(RAW_JDS, DAY))[1]
        assert part.card.inputs == {"raw_jds": raw.content}
