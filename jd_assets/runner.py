"""Runs days from a terminal through the same definitions and instance that Dagster's UI shows."""

from __future__ import annotations

import os
import platform
import shutil
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from dagster import AssetKey, DagsterEvent, DagsterInstance, DagsterRunStatus, Definitions, RunsFilter
from dagster._core.events import StepMaterializationData
from dagster._core.events.log import EventLogEntry

from jd_assets.definitions import LIBRARY_JOB, NIGHTLY_JOB, PUBLISH_JOB, build_defs
from jd_assets.library.load import SHIPPED
from jd_assets.library.release import release_id
from jd_assets.models.embedder import MODEL_ID
from jd_assets.schedules import released
from jd_assets.settings import Settings
from jd_assets.storage.landing import landing_days

_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
_INSTANCE_FILE = "dagster.yaml"
_SHIPPED_INSTANCE = Path(__file__).resolve().parent.parent / "data" / "dagster_home" / _INSTANCE_FILE

_ASKED_BY, _HOST, _PID = "jd/asked_by", "jd/host", "jd/pid"
_THIS_COMMAND = "jd-assets run"

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
        fail_dead_runs(self.instance)

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
        name = release_id(self._settings.library or SHIPPED, MODEL_ID)
        compiled = (self._settings.releases_dir / name / "release.json").exists()
        row = self._settings.warehouse_dir / "library_release" / "part.parquet"
        if released(self.instance) != name or not compiled or not row.exists():
            result = self._defs.resolve_job_def(LIBRARY_JOB).execute_in_process(
                instance=self.instance, raise_on_error=False, run_config=_QUIET, tags=_own_tags()
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
            tags=_own_tags(),
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
            instance=self.instance, raise_on_error=False, run_config=_QUIET, tags=_own_tags()
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


def fail_dead_runs(instance: DagsterInstance) -> list[str]:
    """Marks runs of this command whose process is gone as failed, and frees the pool slots that they
    held, which nobody would otherwise give back; gives their ids."""
    unfinished = RunsFilter(
        statuses=[DagsterRunStatus.STARTED, DagsterRunStatus.STARTING, DagsterRunStatus.NOT_STARTED],
        tags={_ASKED_BY: _THIS_COMMAND, _HOST: platform.node()},
    )
    dead = [run for run in instance.get_runs(unfinished) if not _is_alive(int(run.tags[_PID]))]
    for run in dead:
        instance.report_run_failed(run, "the process that ran it is gone")
        instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
    return [run.run_id for run in dead]


def _own_tags() -> dict[str, str]:
    return {_ASKED_BY: _THIS_COMMAND, _HOST: platform.node(), _PID: str(os.getpid())}


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


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
    """What went wrong, innermost cause first in each line, without stack traces."""
    errors = []
    for event in events:
        if event.is_step_failure:
            error = event.step_failure_data.error
            while error is not None and error.cause is not None:
                error = error.cause
            errors.append(f"{event.step_key}: {error.message.strip() if error else 'failed'}")
        elif event.is_run_failure and not errors:
            errors.append(event.message or "the run failed")
    return errors
