"""A captured skill on its way into the library: queue, decision, release, and the day run again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import yaml
from dagster import DagsterInstance
from typer.testing import CliRunner

from jd_assets import library_cli, review_cli
from jd_assets import runner as runner_module
from jd_assets.cli import app
from jd_assets.review import (
    ReviewError,
    decide,
    find_decided,
    find_item,
    queue,
    release_in_use,
    reopen,
    write_additions,
)
from jd_assets.runner import Runner
from jd_assets.settings import Settings
from jd_assets.storage.analyst import open_read_only
from jd_assets.storage.stores import Stores
from jd_assets_tests.conftest import MINI, data_settings, made_once

MONDAY, TUESDAY = date(2026, 1, 5), date(2026, 1, 6)
JAVA = """Java Developer
Company: Example Works {n}
Location: Pune

Responsibilities
- Develop microservices in Java and Spring Boot.
- Review Java code of colleagues.

Requirements
- 2-4 years of experience
- Java, SQL, Quarkwell, PostgreSQL
"""
SURGEON = """Tree Surgeon
Company: Example Trees
Location: Pune

Responsibilities
- Fell trees with a chainsaw.
- Climb with ropes and harness.
- Chip branches on site.

Requirements
- 2 years of climbing experience
"""


def land(use: Settings, day: date, *texts: str) -> None:
    folder = use.landing_dir / day.isoformat()
    folder.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps({"id": str(n), "text": text}) for n, text in enumerate(texts)]
    (folder / "jds.jsonl").write_text("\n".join(lines))


def with_mini(settings: Settings) -> Settings:
    return settings.model_copy(update={"library": MINI})


@pytest.fixture
def use(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("DAGSTER_HOME", "")
    made = with_mini(settings)
    for module in (library_cli, review_cli):
        monkeypatch.setattr(module, "settings", lambda: made)
    return made


def run_two_days(use: Settings) -> None:
    land(use, MONDAY, JAVA.format(n=1), SURGEON)
    land(use, TUESDAY, JAVA.format(n=2))
    runner = Runner(use)
    with runner.instance:
        runner.ensure_release()
        for day in (MONDAY, TUESDAY):
            assert runner.run_day(day).ok


@pytest.fixture
def runner(
    shared_dir: Path, releases_dir: Path, use: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Runner]:
    """Of a data folder that holds two days, copied from one that is made once for all tests."""
    # In memory a run takes half the time; test_runner.py has Dagster's instance on disk.
    monkeypatch.setattr(runner_module, "open_instance", lambda _: DagsterInstance.ephemeral())

    def make(data: Path) -> None:
        run_two_days(with_mini(data_settings(data, releases_dir)))

    days = made_once(shared_dir / "two_days", make)
    shutil.copytree(days, use.data_dir, ignore=shutil.ignore_patterns("releases"), dirs_exist_ok=True)
    made = Runner(use)
    yield made
    made.instance.dispose()


def command(*words: str) -> str:
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == 0, result.output
    return result.output


def item(stores: Stores, name: str) -> dict[str, object]:
    return queue(stores).filter(pl.col("name") == name).row(0, named=True)


def test_a_captured_skill_becomes_the_librarys(use: Settings, runner: Runner) -> None:
    listed = command("review", "list", "--kind", "new_skill")
    row = next(line.split("\t") for line in listed.splitlines() if "Quarkwell" in line)
    assert row[1:] == ["new_skill", "Quarkwell", "2", "2", "java-backend-developer", "add"]
    before = release_in_use(use).release

    said = command("review", "approve", row[0], "--by", "asha", "--as", "primary", "--note", "seen twice")
    assert f"approved {row[0]} new_skill Quarkwell" in said
    released = command("library", "release")
    after = release_in_use(use)
    assert f"release {after.release} is in use, with 1 decisions of review" in released
    assert after.release != before
    assert [line for line in released.splitlines() if line.startswith("2026")] == [
        "2026-01-05\t1", "2026-01-06\t1",
    ]  # fmt: skip
    assert "quarkwell" in after.role("java-backend-developer").primary

    assert runner.run_day(TUESDAY).ok
    with open_read_only(use.analyst_db) as connection:
        skills = connection.sql(
            "SELECT ds, skill_slug, is_new FROM extracted_skills WHERE skill_name = 'Quarkwell' ORDER BY ds"
        ).fetchall()
        assert skills == [(MONDAY, None, True), (TUESDAY, "quarkwell", False)]
        left = connection.sql(
            "SELECT jds, status, decided_by FROM review_queue WHERE name = 'Quarkwell'"
        ).fetchall()
        assert left == [(1, "approved", "asha")]

    assert runner.run_day(MONDAY).ok
    assert queue(Stores(use)).filter(pl.col("name") == "Quarkwell").height == 0
    assert write_additions(Stores(use), after).decisions == 1, "the decision outlives the thing in the queue"
    assert release_in_use(use).release == after.release


def test_a_role_that_no_library_role_fits_is_proposed_and_taken(use: Settings, runner: Runner) -> None:
    found = item(Stores(use), "Tree Surgeon")
    assert (found["kind"], found["jds"], found["action"]) == ("new_role", 1, "ignore")
    command("review", "approve", str(found["item_id"])[:8], "--by", "asha")
    command("library", "release")
    role = release_in_use(use).role("tree-surgeon")
    assert (role.name, role.domain) == ("Tree Surgeon", "Everything")
    assert "fell trees with a chainsaw" in role.kras
    assert role.primary, "borrowed from the nearest role, as the postings name no skill"
    assert runner.run_day(MONDAY).ok
    with open_read_only(use.analyst_db) as connection:
        assert connection.sql(
            "SELECT role_slug FROM jds WHERE title = 'Tree Surgeon' AND ds = '2026-01-05'"
        ).fetchall() == [("tree-surgeon",)]


def test_a_rejected_thing_stays_out_and_a_later_word_counts(use: Settings, runner: Runner) -> None:
    stores, release = Stores(use), release_in_use(use)
    found = item(stores, "Quarkwell")
    decide(stores, release, found, "approved", "asha")
    decide(stores, release, found, "rejected", "ben", note="a typing error")
    assert item(stores, "Quarkwell")["status"] == "rejected"
    assert write_additions(stores, release).decisions == 0
    assert not use.library_sources.additions
    assert command("review", "list", "--status", "rejected").splitlines()[1].split("\t")[2] == "Quarkwell"


def test_a_decision_is_taken_back_before_and_after_its_release(use: Settings, runner: Runner) -> None:
    stores = Stores(use)
    before = release_in_use(use).release
    short = str(item(stores, "Quarkwell")["item_id"])[:8]
    command("review", "approve", short, "--by", "asha", "--note", "seen twice")
    said = command("review", "reopen", short, "--by", "ben", "--note", "a typing error")
    assert f"reopened {short} new_skill Quarkwell, which was approved" in said
    row = item(stores, "Quarkwell")
    assert (row["status"], row["decided_by"]) == ("pending", "ben")
    assert write_additions(stores, release_in_use(use)).decisions == 0
    shown = command("review", "show", short)
    assert "UTC approved by asha: seen twice" in shown
    assert "UTC reopened by ben: a typing error" in shown
    again = CliRunner().invoke(app, ["review", "reopen", short])
    assert again.exit_code == 1
    assert "waits already" in again.output

    command("review", "approve", short, "--by", "asha")
    command("library", "release")
    for day in (MONDAY, TUESDAY):
        assert runner.run_day(day).ok
    assert queue(stores).filter(pl.col("name") == "Quarkwell").height == 0, "the library has it"
    other = str(queue(stores)["item_id"][0])
    stranger = f"{short}{other}"
    stores.state.decide(stranger, "approved", "asha", subject={"name": other})
    with pytest.raises(ReviewError, match="several things begin with it"):
        find_decided(stores, short)
    stores.state.decide(stranger, "reopened", "asha", subject={"name": other})
    assert "which was approved" in command("review", "reopen", str(row["item_id"]), "--by", "ben")
    command("library", "release")
    assert release_in_use(use).release == before
    assert runner.run_day(TUESDAY).ok
    row = item(stores, "Quarkwell")
    assert (row["status"], row["decided_by"]) == ("pending", "ben")
    made = [(d.decision, d.decided_by) for d in stores.state.history([str(row["item_id"])])]
    assert made == [("approved", "asha"), ("reopened", "ben")] * 2, "every word is kept"


def test_a_decision_on_a_former_name_of_a_row_is_taken_back_too(use: Settings, runner: Runner) -> None:
    stores, release = Stores(use), release_in_use(use)
    found = item(stores, "Quarkwell")
    row = found | {"members": [found["item_id"], "earlier"]}
    decide(stores, release, row | {"item_id": "earlier"}, "approved", "asha")
    reopen(stores, row, "ben")
    assert stores.state.decisions()["earlier"].decision == "reopened"
    assert write_additions(stores, release).decisions == 0


def test_a_merged_skill_is_found_under_its_library_name(use: Settings, runner: Runner) -> None:
    stores = Stores(use)
    found = item(stores, "Quarkwell")
    command("review", "merge", str(found["item_id"]), "--into", "postgresql", "--by", "asha")
    made = write_additions(stores, release_in_use(use))
    content = yaml.safe_load(made.path.read_text())
    assert content == {"skill_aliases": {"PostgreSQL": ["Quarkwell"]}}
    assert made.days == {MONDAY: 1, TUESDAY: 1}


def test_what_cannot_be_decided_is_said(use: Settings, runner: Runner) -> None:
    stores, release = Stores(use), release_in_use(use)
    found = item(stores, "Quarkwell")
    with pytest.raises(ReviewError, match="'Nothing' is no skill of the library"):
        decide(stores, release, found, "merged", "asha", into="Nothing")
    with pytest.raises(ReviewError, match="say what it is merged into"):
        decide(stores, release, found | {"target": None}, "merged", "asha")
    with pytest.raises(ReviewError, match="'nobody' is no role"):
        decide(stores, release, found, "approved", "asha", edits={"role_slug": "nobody"})
    with pytest.raises(ReviewError, match="'Nowhere' is no category"):
        decide(stores, release, found, "approved", "asha", edits={"category": "Nowhere"})
    with pytest.raises(ReviewError, match="no thing begins with it"):
        find_item(queue(stores), "zzz")
    assert stores.state.decisions() == {}
    result = CliRunner().invoke(app, ["review", "approve", "zzz"])
    assert result.exit_code == 1


def test_an_empty_data_folder_has_an_empty_queue(use: Settings, tmp_path: Path) -> None:
    assert queue(Stores(use)).height == 0
    assert "id\tkind" in command("review", "list")
