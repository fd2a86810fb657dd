"""A night through the batch endpoint whose processes get SIGKILL, one at each step: nothing is asked twice,
nothing is lost."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from jd_assets.storage.batches import COLLECTED
from jd_assets.storage.state import State
from jd_assets_tests.llm.conftest import DAY, POSTING
from jd_assets_tests.llm.fake_openai import FakeOpenAI
from jd_assets_tests.llm.killing import BOUNDARIES, start

TEXTS = {f"jd-{n}": f"{POSTING}\nReference: {n}" for n in range(4)}


def test_processes_killed_at_every_step_ask_each_question_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'state.sqlite'}"
    with FakeOpenAI() as server:
        for boundary in BOUNDARIES:
            process, conversation = start(server.url, url, TEXTS, boundary)
            assert conversation.poll(60), boundary
            assert conversation.recv() == "here", boundary
            process.kill()
            process.join()
        process, conversation = start(server.url, url, TEXTS)
        assert conversation.recv() == len(TEXTS)
        process.join()
        uploads = [name for name, _ in server.batches.files.values() if "output" not in name]
    assert server.received == []
    assert len(server.batches.batches) == len(uploads) == 1
    assert Counter(server.batches.asked) == dict.fromkeys(server.batches.asked, 1)
    assert len(server.batches.asked) == len(TEXTS)
    ledger = State(url).ledger
    assert [b.status for b in ledger.batches.all()] == [COLLECTED]
    assert ledger.claims() == []
    rows = ledger.attempts(DAY)
    assert Counter(r["status"] for r in rows) == {"ok": len(TEXTS)}
    assert ledger.spent_on(datetime.now(UTC).date()) == sum(r["cost_nano_usd"] for r in rows) > 0
