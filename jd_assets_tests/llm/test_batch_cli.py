"""`jd-assets batch` and what a person reads of it, against the fake endpoint."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from jd_assets.cli import app
from jd_assets.settings import Settings
from jd_assets.storage.state import State
from jd_assets_tests.llm.conftest import DAY
from jd_assets_tests.llm.fake_openai import FakeOpenAI
from jd_assets_tests.llm.test_batch import ask
from jd_assets_tests.llm.test_pipeline import use_of


def test_a_batch_by_hand_from_the_intent_to_its_answers(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def call(*arguments: str) -> list[str]:
        result = CliRunner().invoke(app, arguments)
        assert result.exit_code == 0, result.output
        return [" ".join(text.split("\t")) for text in result.output.splitlines()]

    with FakeOpenAI() as server:
        use = use_of(settings, server, tmp_path).model_copy(update={"llm_batch": True})
        for module in ("batch_cli", "costs_cli"):
            monkeypatch.setattr(f"jd_assets.{module}.settings", lambda: use)
        assert call("batch", "status") == ["no batch was made; JD_LLM_BATCH=true jd-assets run makes them"]
        assert call("batch", "submit")[0] == "every batch is submitted"

        state = State(use.state_database_url)
        server.batches.drop, server.batches.unlisted, server.batches.looks = {"batches"}, 2, 1
        _, unread = ask(server, state)
        state.ledger.defer(DAY, "parse", unread)
        (batch,) = state.ledger.batches.all()
        shown = f"{batch.batch_id} parse {DAY} {batch.requests} "
        assert call("batch", "submit") == [
            "not submitted yet: 1; try again later, or leave it to the sensor",
            "batch stage days requests status ended as",
            shown + "uploaded, perhaps submitted ",
        ]
        assert call("batch", "submit")[0].startswith("not submitted yet")
        assert call("batch", "submit")[0] == f"submitted batch {batch.batch_id}: {batch.requests} requests"
        assert call("deferred")[-1] == "they are in batches that are under way: jd-assets batch collect"
        assert call("batch", "collect")[0] == "under way at the endpoint: 1; it may take a day"
        collected = call("batch", "collect")
        assert collected[0] == f"collected batch {batch.batch_id}: completed"
        assert collected[-2:] == [
            shown + "collected completed", f"answers are in: jd-assets run --from {DAY} --to {DAY}",
        ]  # fmt: skip
        assert call("deferred")[-1].startswith(f"ask them: jd-assets run --from {DAY} --to {DAY}")
        assert len(server.batches.batches) == 1
