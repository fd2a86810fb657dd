"""The state database: decisions stand, answers are kept, and many writers get along."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from jd_assets.storage.state import State
from jd_assets.tables import LLM_CALLS

ONE = date(2026, 1, 1)


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(f"sqlite:///{tmp_path / 'deep' / 'state.sqlite'}")


def attempt(call_id: str, ds: date = ONE) -> dict[str, object]:
    return {
        "call_id": call_id, "ds": ds, "jd_id": "j", "stage": "parse", "api": 1, "model": "m", "attempt": 1,
        "status": "ok", "cache_hit": False, "input_tokens": 10, "cached_input_tokens": 0,
        "output_tokens": 5, "cost_nano_usd": 1234, "latency_ms": 4.5, "error": None,
    }  # fmt: skip


def test_the_latest_decision_stands_and_the_earlier_one_is_kept(state: State, tmp_path: Path) -> None:
    first = datetime(2026, 1, 1, 9, tzinfo=UTC)
    state.decide("skill-1", "rejected", "asha", at=first)
    state.decide("skill-1", "approved", "ben", note="seen again", at=first.replace(hour=10))
    state.decide("skill-2", "merged", "asha", merged_into="skill-1")
    decisions = state.decisions()
    assert decisions["skill-1"].decision == "approved"
    assert decisions["skill-1"].decided_by == "ben"
    assert decisions["skill-1"].decided_at == first.replace(hour=10)
    assert decisions["skill-2"].decision == "merged"
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'deep' / 'state.sqlite'}")
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM review_decisions")).scalar() == 3


def test_attempts_of_a_day_have_the_columns_of_llm_calls(state: State) -> None:
    state.record_attempt(attempt("b"))
    state.record_attempt(attempt("a"))
    state.record_attempt(attempt("c", date(2026, 1, 2)))
    rows = state.attempts(ONE)
    assert [r["call_id"] for r in rows] == ["a", "b"]
    frame = LLM_CALLS.conform(LLM_CALLS.frame(rows))
    assert frame["cost_nano_usd"].sum() == 2468


def test_costs_add_the_ledger_up_by_day_stage_and_model(state: State) -> None:
    other = {"stage": "decision", "model": "n"}
    state.record_attempt(attempt("a"))
    state.record_attempt(attempt("b") | other | {"status": "failed", "cost_nano_usd": 0})
    state.record_attempt(attempt("c", date(2026, 1, 2)) | {"status": "cached", "cache_hit": True})
    by_day = state.costs("day")
    assert [(c.group, c.attempts, c.answered, c.cache_hits) for c in by_day] == [
        ("2026-01-01", 2, 1, 0), ("2026-01-02", 0, 0, 1),
    ]  # fmt: skip
    assert {c.group: c.cost_nano_usd for c in state.costs("stage")} == {"decision": 0, "parse": 2468}
    assert [c.group for c in state.costs("model")] == ["m", "n"]
    assert sum(c.input_tokens for c in state.costs("model")) == 30


def test_one_attempt_is_not_recorded_twice(state: State) -> None:
    state.record_attempt(attempt("a"))
    with pytest.raises(sa.exc.IntegrityError):
        state.record_attempt(attempt("a"))


def test_the_first_stored_answer_stands(state: State) -> None:
    assert state.response("f" * 64) is None
    state.store_response("f" * 64, "m", b"first")
    state.store_response("f" * 64, "m", b"second")
    assert state.response("f" * 64) == b"first"


def test_decisions_survive_a_new_process_and_concurrent_writers_lose_none(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'state.sqlite'}"
    writers = [State(url) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: writers[n % 4].decide(f"item-{n}", "approved", "asha"), range(80)))
    assert len(State(url).decisions()) == 80


def test_attempts_of_a_call_are_numbered_through_and_its_first_answer_stands(state: State) -> None:
    unnamed = {k: v for k, v in attempt("").items() if k not in ("call_id", "attempt")}
    assert not state.has_attempts("call")
    state.append_attempt("call", unnamed | {"status": "failed"})
    state.append_attempt("call", unnamed, ("a" * 64, b"first"))
    state.append_attempt("call", unnamed, ("a" * 64, b"second"))
    state.append_attempt("other", unnamed)
    assert state.has_attempts("call")
    assert [(r["call_id"], r["attempt"], r["status"]) for r in state.attempts(ONE)] == [
        ("call-1", 1, "failed"), ("call-2", 2, "ok"), ("call-3", 3, "ok"), ("other-1", 1, "ok"),
    ]  # fmt: skip
    assert state.response("a" * 64) == b"first"


def test_an_answer_and_its_attempt_are_written_together_or_not_at_all(state: State) -> None:
    with pytest.raises(sa.exc.IntegrityError):
        state.append_attempt("call", {"ds": ONE, "model": "m"}, ("a" * 64, b"paid"))
    assert not state.has_attempts("call")
    assert state.response("a" * 64) is None


def test_writers_of_one_call_lose_no_attempt(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'state.sqlite'}"
    unnamed = {k: v for k, v in attempt("").items() if k not in ("call_id", "attempt")}
    writers = [State(url) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: writers[n % 4].append_attempt("call", unnamed, ("a" * 64, b"x")), range(24)))
    assert sorted(r["attempt"] for r in State(url).attempts(ONE)) == list(range(1, 25))
