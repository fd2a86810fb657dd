"""Runs whose process was killed: ended by whoever looks next, their pool slots free again."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from dagster import DagsterInstance, DagsterRun, DagsterRunStatus, instance_for_test
from dagster._core.test_utils import create_run_for_test

from jd_assets.assets.pools import WHOLE_HISTORY
from jd_assets.liveness import alive, end_dead_runs

KILLED_AT_WORK = """
import os, signal, sys
from dagster import DagsterInstance
from jd_assets.liveness import alive
with DagsterInstance.get() as instance, alive(instance, sys.argv[1]):
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[DagsterInstance]:
    overrides = {"concurrency": {"pools": {"default_limit": 1, "granularity": "op"}}}
    with instance_for_test(temp_dir=str(tmp_path), overrides=overrides) as made:
        yield made


def run_in_progress(
    instance: DagsterInstance, status: DagsterRunStatus = DagsterRunStatus.STARTED
) -> DagsterRun:
    return create_run_for_test(instance, job_name="nightly_jds", status=status)


def kill_at_work(run: DagsterRun) -> None:
    code = subprocess.run([sys.executable, "-c", KILLED_AT_WORK, run.run_id], check=False).returncode
    assert code == -9


def status_of(instance: DagsterInstance, run: DagsterRun) -> DagsterRunStatus:
    found = instance.get_run_by_id(run.run_id)
    assert found is not None
    return found.status


@contextmanager
def holding_the_pool(instance: DagsterInstance, run: DagsterRun) -> Iterator[None]:
    storage = instance.event_log_storage
    storage.initialize_concurrency_limit_to_default(WHOLE_HISTORY)
    assert storage.claim_concurrency_slot(WHOLE_HISTORY, run.run_id, "publish").is_claimed
    yield
    storage.free_concurrency_slots_for_run(run.run_id)


def test_a_killed_run_is_failed_and_its_pool_slot_is_free(instance: DagsterInstance) -> None:
    dead, waiting = run_in_progress(instance), run_in_progress(instance)
    storage = instance.event_log_storage
    with holding_the_pool(instance, dead):
        kill_at_work(dead)
        assert not storage.claim_concurrency_slot(WHOLE_HISTORY, waiting.run_id, "publish").is_claimed
        assert end_dead_runs(instance) == [dead.run_id]
        assert status_of(instance, dead) is DagsterRunStatus.FAILURE
        assert storage.claim_concurrency_slot(WHOLE_HISTORY, waiting.run_id, "publish").is_claimed
    assert status_of(instance, waiting) is DagsterRunStatus.STARTED
    assert end_dead_runs(instance) == []


def test_a_run_with_its_process_is_left_alone(instance: DagsterInstance) -> None:
    run = run_in_progress(instance)
    with alive(instance, run.run_id), holding_the_pool(instance, run):
        assert end_dead_runs(instance) == []
        assert status_of(instance, run) is DagsterRunStatus.STARTED
        assert instance.event_log_storage.check_concurrency_claim(
            WHOLE_HISTORY, run.run_id, "publish"
        ).is_claimed


def test_a_run_that_another_machine_runs_is_left_alone(instance: DagsterInstance) -> None:
    run = run_in_progress(instance)
    assert end_dead_runs(instance) == []
    assert status_of(instance, run) is DagsterRunStatus.STARTED


def test_a_killed_run_that_was_being_cancelled_is_cancelled_and_so_never_tried_again(
    instance: DagsterInstance,
) -> None:
    run = run_in_progress(instance, DagsterRunStatus.CANCELING)
    kill_at_work(run)
    assert end_dead_runs(instance) == [run.run_id]
    assert status_of(instance, run) is DagsterRunStatus.CANCELED


def test_a_run_that_was_marked_as_failed_already_still_gives_its_slot_back(instance: DagsterInstance) -> None:
    run, waiting = run_in_progress(instance), run_in_progress(instance)
    storage = instance.event_log_storage
    with holding_the_pool(instance, run):
        kill_at_work(run)
        instance.report_run_failed(run)
        assert end_dead_runs(instance) == []
        assert storage.claim_concurrency_slot(WHOLE_HISTORY, waiting.run_id, "publish").is_claimed


def test_a_run_that_ended_leaves_no_file(instance: DagsterInstance) -> None:
    run = run_in_progress(instance)
    with pytest.raises(ZeroDivisionError), alive(instance, run.run_id):
        _ = 1 / 0
    assert list((Path(instance.root_directory) / "alive").iterdir()) == []
