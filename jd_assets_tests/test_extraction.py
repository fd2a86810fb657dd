"""`extract`: a prediction for each line, whatever the line is, from its id and text alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from jd_assets.cli import app
from jd_assets.extraction import ExtractReport, extract_file
from jd_assets.settings import Settings
from jd_assets_tests.conftest import MINI
from jd_assets_tests.days import jd_text


def predict(settings: Settings, lines: list[str]) -> tuple[list[dict[str, Any]], ExtractReport]:
    use = settings.model_copy(update={"library": MINI})
    source, target = settings.data_dir / "in.jsonl", settings.data_dir / "out" / "out.jsonl"
    source.write_text("\n".join(lines) + "\n")
    seen: list[tuple[int, int]] = []
    report = extract_file(use, source, target, lambda done, total: seen.append((done, total)))
    assert seen[-1] == (len(lines), len(lines))
    return [json.loads(line) for line in target.read_text().splitlines()], report


def line(name: object, text: str, **others: str) -> str:
    return json.dumps({"id": name, "text": text, **others})


def test_a_jd_gives_every_field_of_a_prediction(settings: Settings) -> None:
    [p], report = predict(settings, [line("a", jd_text("x", 0))])
    assert (p["id"], p["is_jd"], p["role_slug"]) == ("a", True, "java-backend-developer")
    assert p["top_roles"][0] == p["role_slug"]
    assert p["job_title"] == "Java Developer"
    assert p["company_name"] == "Example Works x 0"
    assert (p["experience_min"], p["experience_max"]) == (2, 4)
    assert p["education_levels"] == ["bachelor"]
    assert p["cities"] == ["Pune"]
    assert {"name": "Java", "surface": "Java", "kind": "hard", "primary": True}.items() <= p["skills"][
        0
    ].items()
    assert [r.split()[0] for r in p["responsibilities"]] == ["Develop", "Tune"]
    assert (report.lines, report.jds) == (1, 1)


def test_lines_keep_their_order_and_their_ids_through_bad_and_equal_ones(settings: Settings) -> None:
    text = jd_text("x", 1)
    lines = [
        line(7, text),
        "not json",
        line("b", ""),
        line("c", text),
        line("d", "Invoice 7. Total Rs 5. " * 9),
    ]
    found, report = predict(settings, lines)
    assert [p["id"] for p in found] == ["7", None, "b", "c", "d"]
    assert [p["is_jd"] for p in found] == [True, False, False, True, False]
    assert found[1]["reject_reason"] == "invalid_json"
    assert found[0]["role_slug"] == found[3]["role_slug"] == "registered-nurse"
    assert (report.lines, report.jds) == (5, 2)


def test_labels_in_the_file_are_not_read(settings: Settings) -> None:
    text = (
        "We need someone to dress wounds. Requirements: wound care, 2 years of experience, Pune. Apply now."
    )
    plain, _ = predict(settings, [line("a", text)])
    told, _ = predict(settings, [line("a", text, job_title="Staff Nurse", company_name="Example", title="X")])
    assert plain == told
    assert told[0]["job_title"] is None


def test_the_command_says_what_it_wrote_and_what_is_wrong(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("jd_assets.cli.settings", lambda: settings.model_copy(update={"library": MINI}))
    source = tmp_path / "in.jsonl"
    source.write_text(line("a", jd_text("x", 2)) + "\n")
    result = CliRunner().invoke(app, ["extract", str(source), str(tmp_path / "out.jsonl")])
    assert result.exit_code == 0
    assert "1 lines, 1 JDs" in result.output
    assert CliRunner().invoke(app, ["extract", str(tmp_path / "none.jsonl"), "x"]).exit_code == 2
