"""What Dagster's UI shows of a day's runs, and that a JD's words stay words there."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from jd_assets.assets.markdown import markdown_table, markdown_text
from jd_assets.assets.runs import LISTED, summary
from jd_assets.tables import PIPELINE_RUNS

MOMENT = datetime(2026, 1, 5, tzinfo=UTC)


def run(number: int, title: str, confidence: float | None) -> dict[str, object]:
    return {
        "ds": date(2026, 1, 5), "jd_id": f"{number:064}", "run_id": f"run-{number}", "status": "completed",
        "case": "ALIAS" if confidence else "REJECTED", "title": title, "role_name": "Nurse",
        "confidence": confidence, "llm_cost_api1_usd": 0.25, "llm_cost_api2_usd": 0.0,
        "llm_cost_api3_usd": 0.0, "llm_cost_total_usd": 0.25, "engine": "embedded", "api1_ms": 1.0,
        "api2_ms": 1.0, "api3_ms": 1.0, "created_at": MOMENT, "updated_at": MOMENT,
    }  # fmt: skip


def test_a_summary_links_to_the_least_sure_runs_first() -> None:
    runs = [run(n, f"Nurse {n}", 0.99 - n / 100) for n in range(LISTED + 5)] + [run(99, "Soup", None)]
    page = summary(PIPELINE_RUNS.frame(runs), "http://127.0.0.1:8000")
    links = [line for line in page.splitlines() if "/runs/" in line]
    assert len(links) == LISTED
    assert links[0] == "| [Nurse 14](http://127.0.0.1:8000/runs/run-14) | Nurse | ALIAS | 0.85 |"
    assert page.startswith("16 runs, $4.0000.")
    assert "| ALIAS | 15 |" in page
    assert "| REJECTED | 1 |" in page


def test_an_empty_day_has_a_summary() -> None:
    assert summary(PIPELINE_RUNS.frame([]), "http://x.example").startswith("0 runs, $0.0000.")


def test_a_title_is_no_markup() -> None:
    page = summary(PIPELINE_RUNS.frame([run(1, "<img src=x> [a](b) | `c`\n# d", 0.5)]), "http://x.example")
    assert "<img" not in page
    assert "&lt;img src=x&gt; \\[a\\]\\(b\\) \\| \\`c\\` \\# d" in page


@given(st.text())
def test_a_cell_is_one_line_without_tags(text: str) -> None:
    cell = markdown_text(text)
    assert len(cell.splitlines()) <= 1
    assert "<" not in cell
    assert len(markdown_table(["a"], [[cell]]).splitlines()) == 3
