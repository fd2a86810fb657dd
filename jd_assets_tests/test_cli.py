"""The command line: what it prints, and what it says when something is wrong."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from jd_assets.cli import app
from jd_assets.settings import Settings
from jd_assets.storage.attempts import Attempt
from jd_assets.storage.claims import Claim
from jd_assets.storage.state import State


@pytest.fixture
def use(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr("jd_assets.cli.settings", lambda: settings)
    return settings


def call(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def test_help_lists_the_commands() -> None:
    output = call("--help").output
    for command in ("run", "publish", "import", "extract", "serve", "maintain", "library"):
        assert command in output


def test_a_run_without_landing_files_says_where_to_put_them(use: Settings) -> None:
    result = call("run")
    assert result.exit_code == 1
    assert "no landing day" in result.output
    assert "jd-assets import" in result.output


def test_costs_shows_the_ledger_to_the_nano_dollar(use: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jd_assets.costs_cli.settings", lambda: use)
    assert call("costs").output == "no model was called\n"
    claim = Claim("a" * 64, "a", date(2026, 1, 5), "j", "parse", 1, "m", 2_000_000_000)
    paid = Attempt(claim, "ok", input_tokens=900, output_tokens=70, cost_nano_usd=1_000_000_001)
    other = replace(claim, stage="decision", call="b")
    ledger = State(use.state_database_url).ledger
    ledger.settle([paid, replace(paid, claim=other)], None, date(2026, 1, 6))
    ledger.defer(date(2026, 1, 5), "parse", {"j1": "budget", "j2": "budget"})
    waiting, *rest = call("costs", "--by", "stage").output.splitlines()
    assert waiting == "2 questions wait for a later run: jd-assets deferred"
    lines = [text.split("\t") for text in rest]
    assert [text[0] for text in lines] == ["stage", "decision", "parse", "all"]
    assert lines[1][-2:] == ["1.000000001", "0.000000000"]
    assert lines[3][1:] == ["2", "2", "0", "1800", "0", "140", "2.000000002", "0.000000000"]


def test_deferred_lists_what_waits_and_how_to_ask_it(use: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jd_assets.costs_cli.settings", lambda: use)
    assert call("deferred").output == "no question waits for a later run\n"
    ledger = State(use.state_database_url).ledger
    ledger.defer(date(2026, 1, 5), "parse", {"j1": "budget", "j2": "budget", "j3": "stopped"})
    ledger.defer(date(2026, 1, 7), "decision", {"j1": "budget"})
    *rows, last = call("deferred").output.splitlines()
    assert [row.split("\t") for row in rows[1:]] == [
        ["2026-01-05", "parse", "budget", "2"],
        ["2026-01-05", "parse", "stopped", "1"],
        ["2026-01-07", "decision", "budget", "1"],
    ]
    assert "jd-assets run --from 2026-01-05 --to 2026-01-07" in last


def test_days_must_be_days_and_in_order(use: Settings) -> None:
    assert "2026-13-01" in call("run", "--from", "2026-13-01").output
    result = call("run", "--from", "2026-02-02", "--to", "2026-02-01")
    assert result.exit_code == 1
    assert "is after" in result.output


def test_import_splits_a_file_into_days_and_says_what_comes_next(use: Settings, tmp_path: Path) -> None:
    source = tmp_path / "jobs.jsonl"
    rows = [
        {"text": "one", "posted_at": "2026-01-05"},
        {"text": "two", "posted_at": "2026-01-06"},
        {"text": "three", "posted_at": None},
    ]
    source.write_text("\n".join(map(json.dumps, rows)) + "\n")
    result = call("import", str(source), "--date-column", "posted_at", "--default-day", "2026-01-07")
    assert result.exit_code == 0
    assert "3 rows into 3 landing days, 2026-01-05 to 2026-01-07; 1 without" in result.output
    assert "jd-assets run --from 2026-01-05 --to 2026-01-07" in result.output
    assert sorted(p.name for p in use.landing_dir.iterdir() if p.is_dir() and p.name[0] != ".") == [
        "2026-01-05", "2026-01-06", "2026-01-07",
    ]  # fmt: skip


def test_import_warns_of_days_before_the_first_partition(use: Settings, tmp_path: Path) -> None:
    source = tmp_path / "old.jsonl"
    source.write_text(json.dumps({"text": "one", "posted_at": "2019-01-05"}) + "\n")
    assert "JD_FIRST_DAY" in call("import", str(source), "--date-column", "posted_at").output


def test_import_of_a_column_that_is_not_there_is_refused(use: Settings, tmp_path: Path) -> None:
    source = tmp_path / "jobs.jsonl"
    source.write_text(json.dumps({"text": "one"}) + "\n")
    result = call("import", str(source), "--date-column", "posted")
    assert result.exit_code == 1
    assert "posted" in result.output
