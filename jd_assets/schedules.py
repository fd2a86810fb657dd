"""When days are run: every night, when a landing folder changes, when the library changes, and again when
the process of a run died."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dagster import (
    AssetKey,
    DagsterInstance,
    DefaultScheduleStatus,
    DefaultSensorStatus,
    RunRequest,
    ScheduleDefinition,
    ScheduleEvaluationContext,
    SensorDefinition,
    SensorEvaluationContext,
    SensorResult,
    SkipReason,
    schedule,
    sensor,
)
from dagster import AssetRecordsFilter as MaterializationsFilter
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from jd_assets.assets.ingest import FINGERPRINT
from jd_assets.library.release import release_id
from jd_assets.liveness import end_dead_runs
from jd_assets.llm.engine import advance_batches, days_to_ask_again, embedder_id
from jd_assets.settings import Settings
from jd_assets.storage.landing import fingerprint, landing_days
from jd_assets.storage.state import State
from jd_assets.tables import LIBRARY_RELEASE, PIPELINE_RUNS, RAW_JDS

NIGHTLY_CRON = "15 2 * * *"
_MOST_REQUESTS = 50


def missed_days(settings: Settings, materialized: Iterable[str], today: date) -> list[date]:
    """Yesterday, and the days within reach before it whose landing folder was never run through."""
    yesterday = today - timedelta(days=1)
    first = max(today - timedelta(days=settings.catch_up_days), date.fromisoformat(settings.first_day))
    done = set(materialized)
    waiting = {
        day
        for day in landing_days(settings.landing_dir)
        if first <= day <= yesterday and day.isoformat() not in done
    }
    return sorted(waiting | {yesterday})


def deferred_days(settings: Settings) -> list[date]:
    """Days with questions that a budget, or a model that was down, left for a later run; not those that only
    wait for a batch that is under way, nor questions of stages that no model is asked about any more."""
    if not settings.asks_models:
        return []
    ledger = State(settings.state_database_url).ledger
    under_way = {day for batch in ledger.batches.pending() for day in batch.days}
    return sorted(
        {
            d.ds
            for d in ledger.deferred()
            if settings.asks(d.stage) and (d.reason != "batch" or d.ds not in under_way)
        }
    )


def nightly_schedule(job: UnresolvedAssetJobDefinition, settings: Settings) -> ScheduleDefinition:
    """Every night at 02:15: yesterday's day, those that were missed, and those with unanswered questions."""

    @schedule(
        job=job,
        name="nightly",
        cron_schedule=NIGHTLY_CRON,
        execution_timezone=settings.timezone,
        default_status=DefaultScheduleStatus.RUNNING,
        description="Runs yesterday's day, and earlier days whose landing folder was never run.",
    )
    def nightly(context: ScheduleEvaluationContext) -> list[RunRequest]:
        today = context.scheduled_execution_time.astimezone(ZoneInfo(settings.timezone)).date()
        days = missed_days(settings, _materialized(context.instance, PIPELINE_RUNS.name), today)
        days = sorted({*days, *deferred_days(settings)})
        return [
            RunRequest(
                partition_key=day.isoformat(), run_key=f"{day}@{today}", tags={"jd/asked_by": "nightly"}
            )
            for day in days
        ]

    return nightly


def landing_sensor(job: UnresolvedAssetJobDefinition, settings: Settings) -> SensorDefinition:
    """Asks for a day again when its landing folder is no longer what was read."""

    @sensor(
        job=job,
        name="landing_changed",
        minimum_interval_seconds=60,
        default_status=DefaultSensorStatus.RUNNING,
        description="Runs a day again when its landing folder changed after it was materialized.",
    )
    def landing_changed(context: SensorEvaluationContext) -> SensorResult | SkipReason:
        seen: dict[str, str] = json.loads(context.cursor) if context.cursor else {}
        done = _materialized(context.instance, RAW_JDS.name)
        requests: list[RunRequest] = []
        for day in landing_days(settings.landing_dir):
            key = day.isoformat()
            now = fingerprint(settings.landing_dir, day)
            if key not in done or seen.get(key) == now or len(requests) >= _MOST_REQUESTS:
                continue
            if now != _fingerprint_read(context.instance, key):
                requests.append(
                    RunRequest(
                        partition_key=key, run_key=f"{key}#{now}", tags={"jd/asked_by": "landing_changed"}
                    )
                )
            seen[key] = now
        return SensorResult(
            run_requests=requests,
            skip_reason=None if requests else "no landing folder changed since it was read",
            cursor=json.dumps(seen, sort_keys=True),
        )

    return landing_changed


def library_sensor(job: UnresolvedAssetJobDefinition, settings: Settings) -> SensorDefinition:
    """Makes a new release when the library's files change; days of the old one then show as stale."""

    @sensor(
        job=job,
        name="library_changed",
        minimum_interval_seconds=60,
        default_status=DefaultSensorStatus.RUNNING,
        description="Compiles a new library release when the library's files changed.",
    )
    def library_changed(context: SensorEvaluationContext) -> RunRequest | SkipReason:
        name = release_id(settings.library_sources, embedder_id(settings))
        if name == released(context.instance):
            return SkipReason(f"release {name} is in use")
        return RunRequest(run_key=f"{name}@{datetime.now(ZoneInfo(settings.timezone)).date()}")

    return library_changed


def batches_sensor(job: UnresolvedAssetJobDefinition, settings: Settings) -> SensorDefinition:
    """Looks after the batches of model calls, and asks for a day again when its answers are there."""

    @sensor(
        job=job,
        name="batches",
        minimum_interval_seconds=60,
        default_status=DefaultSensorStatus.RUNNING,
        description="Submits and collects batches of model calls; runs their days again when they are in.",
    )
    def batches(context: SensorEvaluationContext) -> list[RunRequest] | SkipReason:
        if settings.engine == "embedded":
            return SkipReason("no model is asked")
        ledger = State(settings.state_database_url).ledger
        advance_batches(settings, ledger)
        days = days_to_ask_again(ledger)
        if not days:
            return SkipReason(f"{len(ledger.batches.pending())} batches under way")
        return [
            RunRequest(
                partition_key=day.isoformat(), run_key=f"{day}@{batch}", tags={"jd/asked_by": "batches"}
            )
            for day, batch in days.items()
        ]

    return batches


def dead_runs_sensor() -> SensorDefinition:
    """Ends runs whose process is gone. Those of the queue are tried again, as the instance's run retries
    say; those of the command line are not."""

    @sensor(
        name="dead_runs",
        minimum_interval_seconds=60,
        default_status=DefaultSensorStatus.RUNNING,
        description="Marks runs whose process is gone as failed and frees their pool slots.",
    )
    def dead_runs(context: SensorEvaluationContext) -> SkipReason:
        ended = end_dead_runs(context.instance)
        return SkipReason(f"ended {', '.join(ended)}" if ended else "every run in progress has its process")

    return dead_runs


def released(instance: DagsterInstance) -> str | None:
    """Name of the release that was materialized last."""
    event = instance.get_latest_materialization_event(AssetKey(LIBRARY_RELEASE.name))
    materialization = event.asset_materialization if event else None
    value = materialization.metadata.get("jd/library_release") if materialization else None
    return str(value.value) if value else None


def _materialized(instance: DagsterInstance, asset: str) -> set[str]:
    return set(instance.get_materialized_partitions(AssetKey(asset)))


def _fingerprint_read(instance: DagsterInstance, partition: str) -> str | None:
    """The landing folder's fingerprint when the day was last materialized."""
    records = instance.fetch_materializations(
        MaterializationsFilter(asset_key=AssetKey(RAW_JDS.name), asset_partitions=[partition]), limit=1
    ).records
    materialization = records[0].asset_materialization if records else None
    value = materialization.metadata.get(FINGERPRINT) if materialization else None
    return str(value.value) if value else None
