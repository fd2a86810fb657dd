"""Days run from a terminal: which days, in which instance, and what a person reads when one fails."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import yaml
from dagster import DagsterInstance, DagsterRunStatus

from jd_assets import runner as runner_module
from jd_assets.assets import parse as parse_assets
from jd_assets.definitions import LIBRARY_JOB
from jd_assets.runner import Runner, days_to_run, open_instance
from jd_assets.settings import Settings
from jd_assets.storage.analyst import open_read_only
from jd_assets_tests.conftest import MINI
from jd_assets_tests.days import land

DAY = date(2026, 1, 5)


@pytest.fixture
def use(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    # Set, and not deleted, so that what open_instance sets is taken back.
    monkeypatch.setenv("DAGSTER_HOME", "")
    return settings.model_copy(update={"library": MINI})


@pytest.fixture
def runner(use: Settings) -> Iterator[Runner]:
    made = Runner(use)
    yield made
    made.instance.dispose()


def test_days_to_run_are_the_landing_days_between_both_ends(use: Settings) -> None:
    days = [date(2026, 1, d) for d in (5, 6, 9)]
    for day in reversed(days):
        (use.landing_dir / day.isoformat()).mkdir(parents=True)
    (use.landing_dir / "2026-13-01").mkdir()
    (use.landing_dir / "README.md").touch()
    assert days_to_run(use, None, None) == days
    assert days_to_run(use, days[1], None) == days[1:]
    assert days_to_run(use, None, days[1]) == days[:2]
    assert days_to_run(use, date(2026, 1, 6), date(2026, 1, 8)) == [days[1]]
    assert days_to_run(use, date(2026, 1, 7), date(2026, 1, 8)) == []


def test_an_empty_home_gets_the_shipped_instance_settings(use: Settings) -> None:
    with open_instance(use) as instance:
        assert Path(instance.root_directory) == use.dagster_home
        assert instance.telemetry_enabled is False
        assert instance.get_concurrency_config().run_queue_config is not None
    shipped = yaml.safe_load((use.dagster_home / "dagster.yaml").read_text())
    assert shipped["concurrency"]["pools"] == {"granularity": "op", "default_limit": 1}


def test_a_home_with_settings_keeps_them(use: Settings) -> None:
    use.dagster_home.mkdir(parents=True)
    (use.dagster_home / "dagster.yaml").write_text("telemetry:\n  enabled: false\n# ours\n")
    with open_instance(use):
        pass
    assert (use.dagster_home / "dagster.yaml").read_text().endswith("# ours\n")


def test_dagster_home_comes_first(use: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "elsewhere"))
    with open_instance(use) as instance:
        assert Path(instance.root_directory) == tmp_path / "elsewhere"
    assert not use.dagster_home.exists()


def test_a_day_is_run_into_the_database_and_told_in_numbers(use: Settings, runner: Runner) -> None:
    land(use, DAY, "a", 3)
    release = runner.ensure_release()
    assert runner.ensure_release() == release
    seen: list[str] = []
    result = runner.run_day(DAY, seen.append)
    assert result.ok
    assert result.errors == []
    assert len(seen) == runner.assets_per_day
    assert seen[0] == "raw_jds"
    assert seen[-1] == "analyst_db"
    assert result.number("raw_jds", "jd/readable") == 3
    assert result.number("pipeline_runs", "jd/cost_usd") == 0
    assert result.number("raw_jds", "no such number") == 0
    run = runner.instance.get_run_by_id(result.run_id)
    assert run is not None
    assert run.tags["dagster/partition"] == "2026-01-05"
    with open_read_only(use.analyst_db) as connection:
        assert connection.execute("SELECT count(*) FROM jds").fetchall() == [(3,)]
    # The library job ran once, for the first of the two calls.
    assert [r.job_name for r in runner.instance.get_runs()].count(LIBRARY_JOB) == 1


def test_a_failed_day_says_why_in_a_line_and_the_next_day_runs(
    use: Settings, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = date(2026, 1, 6)
    for day in (DAY, other):
        land(use, day, "a", 2)
    runner.ensure_release()
    parse = parse_assets.parse

    def breaks_on_the_first_day(*args: object) -> object:
        if DAY in [arg for arg in args if isinstance(arg, date)]:
            try:
                raise KeyError("title")
            except KeyError as error:
                raise ValueError("a field that every posting has is gone") from error
        return parse(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(parse_assets, "parse", breaks_on_the_first_day)
    failed, good = runner.run_day(DAY), runner.run_day(other)
    assert not failed.ok
    assert failed.errors == [
        "parsed_jds: ValueError: a field that every posting has is gone (from KeyError: 'title')"
    ]
    assert failed.number("raw_jds", "dagster/partition_row_count") == 2
    assert good.ok


def test_a_blocked_day_names_the_check_that_stopped_it(
    use: Settings, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    land(use, DAY, "a", 3)
    runner.ensure_release()
    parse = parse_assets.parse
    monkeypatch.setattr(parse_assets, "parse", lambda *args: parse(*args).head(1))
    result = runner.run_day(DAY)
    assert not result.ok
    [error] = result.errors
    assert error.startswith("parsed_jds: every_raw_jd_is_parsed_once: JDs were lost or doubled")


def test_a_library_that_cant_be_compiled_is_a_message(use: Settings, tmp_path: Path) -> None:
    library = tmp_path / "library"
    shutil.copytree(MINI, library)
    (library / "roles" / "all.yaml").write_text("roles: [")
    broken = Runner(use.model_copy(update={"library": library}))
    with broken.instance, pytest.raises(RuntimeError) as caught:
        broken.ensure_release()
    assert "all.yaml" in str(caught.value)
    assert "Traceback" not in str(caught.value)


def test_a_new_runner_ends_what_a_killed_one_left(use: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[DagsterInstance] = []
    monkeypatch.setattr(runner_module, "end_dead_runs", asked.append)
    runner = Runner(use)
    assert asked == [runner.instance]
    assert DagsterRunStatus.STARTED not in {r.status for r in runner.instance.get_runs()}
    runner.instance.dispose()
