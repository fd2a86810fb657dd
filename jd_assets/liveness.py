"""Whether the process of a run still lives. Dagster's default launcher can't tell: after a kill or a power
cut a run would stay in progress for ever, with its place in the queue and its pool slot.

A process shows that it lives by a locked file, which the system unlocks however the process ends. A process
id would not do: ids are given again, and in a container the first is always the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dagster import DagsterInstance, DagsterRunStatus
from filelock import FileLock, Timeout

_FOLDER, _SUFFIX = "alive", ".lock"


@contextmanager
def alive(instance: DagsterInstance, run_id: str) -> Iterator[None]:
    """Shows, while it is open, that this process executes the run."""
    path = _folder(instance) / f"{run_id}{_SUFFIX}"
    path.parent.mkdir(exist_ok=True)
    with FileLock(path):
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def end_dead_runs(instance: DagsterInstance) -> list[str]:
    """Marks the runs whose process is gone as failed, or cancelled where that was asked for, and frees
    their pool slots; gives the ids of those that it marked.

    Only runs of this instance's folder are looked at: what another machine runs leaves no file here.
    """
    ended = []
    for path in sorted(_folder(instance).glob(f"*{_SUFFIX}")):
        try:
            with FileLock(path, timeout=0):
                if path.exists():  # else it ended as it should, between the listing and the lock
                    if _end(instance, path.stem):
                        ended.append(path.stem)
                    path.unlink()
        except Timeout:
            continue
    return ended


def _end(instance: DagsterInstance, run_id: str) -> bool:
    instance.event_log_storage.free_concurrency_slots_for_run(run_id)
    run = instance.get_run_by_id(run_id)
    if run is None or run.is_finished:
        return False
    if run.status is DagsterRunStatus.CANCELING:
        instance.report_run_canceled(run, "Cancelled: the process that ran it is gone.")
    else:
        instance.report_run_failed(run, "Failed: the process that ran it is gone.")
    return True


def _folder(instance: DagsterInstance) -> Path:
    return Path(instance.root_directory) / _FOLDER
