"""The ledger of model calls: nothing is asked twice, lost or doubled, whoever else is writing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from jd_assets.storage.attempts import ATTEMPTS, RESPONSES, Attempt
from jd_assets.storage.claims import Answered, Claim, Mine, Taken, TooMuch
from jd_assets.storage.ledger import Ledger
from jd_assets.storage.sql import insert_rows
from jd_assets.storage.state import State
from jd_assets.tables import LLM_CALLS

ONE, TWO = date(2026, 1, 1), date(2026, 1, 2)
TODAY = date(2026, 2, 1)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return State(f"sqlite:///{tmp_path / 'state.sqlite'}").ledger


def claim(name: str, most: int = 1000, **more: object) -> Claim:
    plain = Claim(name * 64, f"call-{name}", ONE, "j", "parse", 1, "m", most)
    return replace(plain, **more)  # type: ignore[arg-type]


def paid(of: Claim, nano: int = 700, **more: object) -> Attempt:
    plain = Attempt(
        of, "ok", 4.5, input_tokens=10, output_tokens=5, cost_nano_usd=nano, counted_nano_usd=nano
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def test_a_request_is_one_askers_until_it_is_answered(ledger: Ledger) -> None:
    a, b = claim("a"), claim("b")
    assert ledger.claim([a, b], "first", TODAY) == [Mine(), Mine()]
    ledger.beat("first")
    assert ledger.claim([b, a], "second", TODAY) == [Taken("first", 1), Taken("first", 1)]
    ledger.settle([paid(a, body=b"answer")], "first", TODAY)
    assert ledger.claim([a, b], "second", TODAY) == [Answered(b"answer"), Taken("first", 1)]
    ledger.release(b.request_sha256, "second")  # not its own
    assert ledger.claim([b], "second", TODAY) == [Taken("first", 1)]
    ledger.release(b.request_sha256, "first")
    assert ledger.claim([b], "second", TODAY) == [Mine()]


def test_a_claim_stays_over_an_attempt_that_does_not_end_it(ledger: Ledger) -> None:
    a = claim("a")
    ledger.claim([a], "first", TODAY)
    ledger.settle([paid(a, 0, status="failed", ends=False)], "first", TODAY)
    assert ledger.claim([a], "second", TODAY) == [Taken("first", 0)]


def test_the_day_limit_holds_over_all_processes_for_what_is_spent_and_in_flight(ledger: Ledger) -> None:
    a, b, c = claim("a"), claim("b"), claim("c")
    assert ledger.claim([a], "first", TODAY, 2500) == [Mine()]
    assert ledger.claim([b, c], "second", TODAY, 2500) == [Mine(), TooMuch(2500, 2000)]
    ledger.settle([paid(a, 400), paid(b, 400)], "first", TODAY)
    ledger.release(b.request_sha256, "second")
    assert ledger.spent_on(TODAY) == 800
    assert ledger.claim([c], "second", TODAY, 2500) == [Mine()]
    assert ledger.claim([claim("d")], "second", date(2026, 2, 2), 2500) == [Mine()]
    assert ledger.claim([claim("e")], "second", TODAY, 2500) == [TooMuch(1700, 2000)]


def test_claims_of_a_dead_process_are_attempts_that_count_at_their_most(ledger: Ledger) -> None:
    ledger.claim([claim("a"), claim("b", 50)], "dead", TODAY)
    ledger.claim([claim("c")], "alive", TODAY)
    assert ledger.end_dead_claims("dead", TODAY) == 2
    assert ledger.end_dead_claims("dead", TODAY) == 0
    assert [(r["status"], r["cost_nano_usd"], r["counted_nano_usd"]) for r in ledger.attempts(ONE)] == [
        ("interrupted", 0, 1000), ("interrupted", 0, 50),
    ]  # fmt: skip
    assert ledger.spent_on(TODAY) == 1050
    assert [owner for _, owner, _ in ledger.claims()] == ["alive"]


def test_attempts_of_a_day_have_the_columns_of_llm_calls(ledger: Ledger) -> None:
    ledger.settle([paid(claim("b")), paid(claim("a")), paid(claim("c", ds=TWO))], None, TODAY)
    rows = ledger.attempts(ONE)
    assert [r["call_id"] for r in rows] == ["call-a-1", "call-b-1"]
    frame = LLM_CALLS.conform(LLM_CALLS.frame({name: r[name] for name in LLM_CALLS.names} for r in rows))
    assert frame["cost_nano_usd"].sum() == 1400


def test_attempts_of_a_call_are_numbered_through_and_its_first_answer_stands(ledger: Ledger) -> None:
    a = claim("a")
    assert ledger.begun(["call-a", "call-b"]) == set()
    ledger.settle([paid(a, status="failed")], None, TODAY)
    ledger.settle([paid(a, body=b"first"), paid(a, body=b"second"), paid(claim("b"))], None, TODAY)
    assert ledger.begun(["call-a", "call-b", "call-c"]) == {"call-a", "call-b"}
    assert [(r["call_id"], r["attempt"], r["status"]) for r in ledger.attempts(ONE)] == [
        ("call-a-1", 1, "failed"), ("call-a-2", 2, "ok"), ("call-a-3", 3, "ok"), ("call-b-1", 1, "ok"),
    ]  # fmt: skip
    ledger.settle([paid(a, body=b"third")], None, TODAY)
    assert len(ledger.responses([a.request_sha256, "f" * 64])) == 1


def test_an_answer_and_its_attempt_are_written_together_or_not_at_all(ledger: Ledger) -> None:
    nameless = paid(claim("a", stage=None), body=b"paid")
    with pytest.raises(sa.exc.IntegrityError):
        ledger.settle([nameless], None, TODAY)
    assert ledger.responses(["a" * 64]) == {}
    assert ledger.attempts(ONE) == []
    assert ledger.spent_on(TODAY) == 0


def test_writers_of_one_call_lose_no_attempt_and_no_cent(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'state.sqlite'}"
    writers = [State(url).ledger for _ in range(4)]
    one = paid(claim("a"), body=b"x")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: writers[n % 4].settle([one], None, TODAY), range(24)))
    assert sorted(r["attempt"] for r in writers[0].attempts(ONE)) == list(range(1, 25))
    assert writers[0].spent_on(TODAY) == 24 * 700


def test_of_many_askers_of_one_request_one_may_send(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'state.sqlite'}"
    askers = [State(url).ledger for _ in range(8)]
    wanted = [claim(c) for c in "abcdef"]
    with ThreadPoolExecutor(8) as pool:
        verdicts = list(pool.map(lambda n: askers[n].claim(wanted, f"asker-{n}", TODAY), range(8)))
    assert sum(v == Mine() for each in verdicts for v in each) == len(wanted)
    assert {v.owner for each in verdicts for v in each if isinstance(v, Taken)} == {
        f"asker-{n}" for n, each in enumerate(verdicts) if each[0] == Mine()
    }


def test_costs_add_the_ledger_up_by_day_stage_and_model(ledger: Ledger) -> None:
    ledger.settle(
        [
            paid(claim("a")),
            paid(claim("b", stage="decision", model="n"), 0, status="failed"),
            Attempt(claim("c", ds=TWO), "cached", avoided_nano_usd=700),
        ],
        None,
        TODAY,
    )
    by_day = ledger.costs("day")
    assert [(c.group, c.attempts, c.answered, c.cache_hits, c.avoided_nano_usd) for c in by_day] == [
        ("2026-01-01", 2, 1, 0, 0), ("2026-01-02", 0, 0, 1, 700),
    ]  # fmt: skip
    assert {c.group: c.cost_nano_usd for c in ledger.costs("stage")} == {"decision": 0, "parse": 700}
    assert [c.group for c in ledger.costs("model")] == ["m", "n"]
    assert sum(c.input_tokens for c in ledger.costs("model")) == 20


def test_what_a_run_spent_is_known_by_stage(ledger: Ledger) -> None:
    ledger.settle(
        [
            paid(claim("a", run_id="r")),
            paid(claim("b", run_id="r", stage="decision"), 0, counted_nano_usd=9),
            paid(claim("c", run_id="other")),
        ],
        None,
        TODAY,
    )
    assert ledger.spent_by("r") == {"parse": 700, "decision": 9}
    assert ledger.spent_by("none") == {}


def test_a_list_of_deferred_questions_replaces_that_of_its_day_and_stage(ledger: Ledger) -> None:
    ledger.defer(ONE, "parse", {"j1": "budget", "j2": "budget"})
    ledger.defer(TWO, "parse", {"j9": "stopped"})
    ledger.defer(ONE, "parse", {"j2": "budget"})
    assert [(d.ds, d.stage, d.subject, d.reason) for d in ledger.deferred()] == [
        (ONE, "parse", "j2", "budget"), (TWO, "parse", "j9", "stopped"),
    ]  # fmt: skip
    ledger.defer(TWO, "parse", {})
    assert len(ledger.deferred()) == 1


def test_rows_for_sqlite_are_what_sqlalchemy_itself_would_write() -> None:
    engine = sa.create_engine("sqlite://")
    RESPONSES.create(engine)
    ATTEMPTS.create(engine)
    kept = [("a" * 64, "m", b"\x00{}", datetime(2026, 3, 2, 4, 5, 6, 789, tzinfo=UTC))]
    attempt = [
        ("c-1", date(2026, 3, 1), None, "parse", 1, "m", 1, "ok", False, *[2] * 4, 0.5, "e", 0, 9, "r")
    ]
    for table, (row,) in ((RESPONSES, kept), (ATTEMPTS, [(*attempt[0], date(2026, 3, 2))])):
        written = []
        for as_they_are in (True, False):
            with engine.begin() as connection:
                if as_they_are:
                    insert_rows(connection, table, [row])
                else:
                    names = [column.name for column in table.columns]
                    connection.execute(sa.insert(table), [dict(zip(names, row, strict=True))])
                written.append(connection.exec_driver_sql(f"SELECT * FROM {table.name}").all())
                connection.execute(sa.delete(table))
        assert written[0] == written[1]
        assert len(written[0]) == 1
