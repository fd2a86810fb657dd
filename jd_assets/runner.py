"""Runs days from a terminal through the same definitions and instance that Dagster's UI shows."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from dagster import (
    AssetKey,
    DagsterEvent,
    DagsterEventType,
    DagsterInstance,
    Definitions,
)
from dagster._core.errors import DagsterAssetCheckFailedError
from dagster._core.events import StepMaterializationData
from dagster._core.events.log import EventLogEntry
from dagster_shared.error import SerializableErrorInfo

from jd_assets.definitions import LIBRARY_JOB, NIGHTLY_JOB, PUBLISH_JOB, build_defs
from jd_assets.library.release import release_id
from jd_assets.liveness import end_dead_runs
from jd_assets.llm.engine import embedder_id
from jd_assets.schedules import released
from jd_assets.settings import Settings
from jd_assets.storage.landing import landing_days

_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
_INSTANCE_FILE = "dagster.yaml"
_SHIPPED_INSTANCE = Path(__file__).resolve().parent.parent / "data" / "dagster_home" / _INSTANCE_FILE

_OWN_TAGS = {"jd/asked_by": "jd-assets run"}

OnAsset = Callable[[str], None]


@dataclass
class DayResult:
    """How a day's run ended; `metadata` has the numbers of each materialized asset by its name."""

    ds: date
    run_id: str
    ok: bool
    seconds: float
    errors: list[str] = field(default_factory=list)
    metadata: dict[str, dict[str, float]] = field(default_factory=dict)

    def number(self, asset: str, key: str) -> float:
        return self.metadata.get(asset, {}).get(key, 0.0)


class Runner:
    """Executes jobs in this process; models load once, and one day follows another."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._defs: Definitions = build_defs(settings)
        self.instance = open_instance(settings)
        end_dead_runs(self.instance)

    @property
    def assets_per_day(self) -> int:
        """Materializations that a day's run makes."""
        job = self._defs.resolve_job_def(NIGHTLY_JOB)
        return len(set(job.asset_layer.executable_asset_keys))

    def ensure_release(self) -> str:
        """Name of the library release in use, made and recorded first where the library has changed.

        Raises:
            RuntimeError: the library can't be compiled; the message says where and why.
        """
        name = release_id(self._settings.library_sources, embedder_id(self._settings))
        compiled = (self._settings.releases_dir / name / "release.json").exists()
        row = self._settings.warehouse_dir / "library_release" / "part.parquet"
        if released(self.instance) != name or not compiled or not row.exists():
            result = self._defs.resolve_job_def(LIBRARY_JOB).execute_in_process(
                instance=self.instance, raise_on_error=False, run_config=_QUIET, tags=_OWN_TAGS
            )
            if not result.success:
                raise RuntimeError("\n".join(_errors(result.all_events)))
        return name

    def run_day(self, ds: date, on_asset: OnAsset | None = None) -> DayResult:
        """Runs a day whole. A failure is in the result, not raised."""
        started = time.perf_counter()
        numbers: dict[str, dict[str, float]] = {}
        run_id = _new_run_id()

        def listen(entry: EventLogEntry) -> None:
            event = entry.dagster_event
            if event is not None and event.is_step_materialization and event.asset_key:
                name = event.asset_key.path[-1]
                numbers[name] = _numbers(event)
                if on_asset:
                    on_asset(name)

        self.instance.add_event_listener(run_id, listen)
        result = self._defs.resolve_job_def(NIGHTLY_JOB).execute_in_process(
            instance=self.instance,
            partition_key=ds.isoformat(),
            run_id=run_id,
            raise_on_error=False,
            run_config=_QUIET,
            tags=_OWN_TAGS,
        )
        return DayResult(
            ds=ds,
            run_id=run_id,
            ok=result.success,
            seconds=time.perf_counter() - started,
            errors=_errors(result.all_events),
            metadata=numbers,
        )

    def publish(self) -> dict[str, float]:
        """Folds the review queue and publishes the analyst database; the numbers of the publish.

        Raises:
            RuntimeError: it failed, with why.
        """
        result = self._defs.resolve_job_def(PUBLISH_JOB).execute_in_process(
            instance=self.instance, raise_on_error=False, run_config=_QUIET, tags=_OWN_TAGS
        )
        if not result.success:
            raise RuntimeError("\n".join(_errors(result.all_events)))
        return next(
            _numbers(e) for e in result.all_events
            if e.is_step_materialization and e.asset_key == AssetKey("analyst_db")
        )  # fmt: skip


def open_instance(settings: Settings) -> DagsterInstance:
    """Dagster's instance of the data folder; DAGSTER_HOME, where set, comes first."""
    home = Path(os.environ.get("DAGSTER_HOME") or settings.dagster_home)
    home.mkdir(parents=True, exist_ok=True)
    if not (home / _INSTANCE_FILE).exists() and _SHIPPED_INSTANCE.exists():
        shutil.copyfile(_SHIPPED_INSTANCE, home / _INSTANCE_FILE)
    os.environ["DAGSTER_HOME"] = str(home)
    return DagsterInstance.get()


def days_to_run(settings: Settings, first: date | None, last: date | None) -> list[date]:
    """The landing days from `first` to `last`, both included; all of them where neither is given."""
    return [
        day
        for day in landing_days(settings.landing_dir)
        if (first is None or day >= first) and (last is None or day <= last)
    ]


def _new_run_id() -> str:
    from dagster._core.utils import make_new_run_id

    return make_new_run_id()


def _numbers(event: DagsterEvent) -> dict[str, float]:
    data = event.event_specific_data
    assert isinstance(data, StepMaterializationData)
    return {
        key: float(value.value)
        for key, value in data.materialization.metadata.items()
        if isinstance(value.value, int | float)
    }


def _errors(events: Iterable[DagsterEvent]) -> list[str]:
    """What went wrong, a line for each failed check or step, without stack traces."""
    errors = []
    for event in events:
        if event.event_type is DagsterEventType.ASSET_CHECK_EVALUATION:
            check = event.asset_check_evaluation_data
            if check.blocking and not check.passed:
                errors.append(
                    f"{check.asset_key.path[-1]}: {check.check_name}: {check.description or 'failed'}"
                )
        elif event.is_step_failure:
            error = event.step_failure_data.error
            if error is None or error.cls_name != DagsterAssetCheckFailedError.__name__:
                errors.append(f"{event.step_key}: {_in_a_line(error) if error else 'failed'}")
        elif event.is_run_failure and not errors:
            errors.append(event.message or "the run failed")
    return errors


def _in_a_line(error: SerializableErrorInfo) -> str:
    """The error without Dagster's own around it, and the one at the bottom of it."""
    if error.cause and error.cls_name and error.cls_name.startswith("Dagster"):
        error = error.cause
    bottom = error
    while bottom.cause:
        bottom = bottom.cause
    told = [" ".join(e.message.split()) for e in (error, bottom)]
    return told[0] if bottom is error else f"{told[0]} (from {told[1]})"
