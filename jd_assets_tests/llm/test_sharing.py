"""One question is paid for once, however many ask it, and whoever dies over it."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from jd_assets.llm.booking import Booking
from jd_assets.llm.budget import Budget, Purse
from jd_assets.llm.client import LlmClient
from jd_assets.llm.errors import BudgetExhausted
from jd_assets.llm.owners import is_gone, new_owner
from jd_assets.llm.parse import answer_contract, instructions
from jd_assets.llm.prices import price_of
from jd_assets.llm.prompts import fenced
from jd_assets.llm.requests import Call
from jd_assets.llm.transport import Reply
from jd_assets.storage.attempts import Attempt
from jd_assets.storage.claims import Answered, Claim, Mine, Taken
from jd_assets.storage.sent import SentLog, noted_by, sent_by
from jd_assets.storage.state import State
from jd_assets_tests.llm.conftest import (
    DAY,
    DOLLAR,
    MODEL,
    POSTING,
    PRICES,
    MakeClient,
    parser_of,
    spent_by,
)  # fmt: skip
from jd_assets_tests.llm.fake_openai import KEY, FakeOpenAI

TEXTS = {f"jd-{n}": f"{POSTING}\nReference: {n}" for n in range(12)}
CONTRACT = answer_contract(("Software Engineering", "Other"))


def call(jd_id: str, text: str = POSTING) -> Call:
    return Call(DAY, jd_id, "parse", 1, instructions(), fenced(text), 1000)


def test_two_clients_at_once_pay_for_each_question_once(make_client: MakeClient, state: State) -> None:
    with FakeOpenAI(latency=0.1) as server:
        clients = [make_client(server, concurrency=4) for _ in range(3)]
        read: list[dict[str, object]] = [{} for _ in clients]

        def work(number: int) -> None:
            read[number] = dict(parser_of(clients[number]).read(TEXTS, DAY))

        threads = [threading.Thread(target=work, args=(n,)) for n in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(server.received) == len(TEXTS)
    assert read[0] == read[1] == read[2]
    assert read[0].keys() == TEXTS.keys()
    paid = sum(a["cost_nano_usd"] for a in state.ledger.attempts(DAY))
    assert paid == sum(spent_by(c) for c in clients) == state.ledger.spent_on(datetime.now(UTC).date())
    assert state.ledger.claims() == []


def test_two_jds_with_one_question_pay_once_and_both_are_in_the_ledger(
    make_client: MakeClient, state: State
) -> None:
    with FakeOpenAI(latency=0.05) as server:
        answers = make_client(server, concurrency=4).ask_all([call("a"), call("b")], CONTRACT)
    assert answers[0] == answers[1]
    assert len(server.received) == 1
    rows = {a["jd_id"]: a for a in state.ledger.attempts(DAY)}
    first, second = sorted(rows.values(), key=lambda a: a["cache_hit"])
    assert (first["status"], second["status"], second["cost_nano_usd"]) == ("ok", "cached", 0)
    assert second["avoided_nano_usd"] == first["cost_nano_usd"] > 0
    assert set(rows) == {"a", "b"}


def test_a_dead_process_leaves_its_question_to_others(make_client: MakeClient, state: State) -> None:
    """The process dies with its request on the way: that one may have been charged, and is sent again."""
    with FakeOpenAI() as server:
        first = make_client(server)
        claims = []
        booked = state.ledger.settle_and_claim

        def die(attempts: object, wanted: object, owner: str, *more: object) -> list[object]:
            claims.append((wanted, owner))
            raise KeyboardInterrupt

        state.ledger.settle_and_claim = die  # type: ignore[method-assign, assignment]
        with pytest.raises(KeyboardInterrupt):
            first.ask(call("a"), CONTRACT)
        state.ledger.settle_and_claim = booked  # type: ignore[method-assign]
        ((wanted, _),) = claims
        today = datetime.now(UTC).date()
        assert state.ledger.claim(wanted, _owner_that_died(), today) == [Mine()]  # type: ignore[arg-type]
        second = make_client(server)
        assert second.ask(call("a"), CONTRACT).model_dump()["role"] == "Backend Engineer"
    assert len(server.received) == 1
    assert [(a["status"], a["cost_nano_usd"] > 0) for a in state.ledger.attempts(DAY)] == [
        ("interrupted", False), ("ok", True),
    ]  # fmt: skip
    assert state.ledger.spent_on(today) > sum(a["cost_nano_usd"] for a in state.ledger.attempts(DAY))


def _ask_all(url: str, endpoint: str) -> None:
    client = LlmClient(
        State(url).ledger, endpoint, SecretStr(KEY), MODEL, price=price_of(MODEL, endpoint, PRICES),
        budget=Budget(Purse("run", DOLLAR)), concurrency=3,
    )  # fmt: skip
    parser_of(client).read(TEXTS, DAY)


def test_of_a_killed_process_what_it_had_sent_is_counted_and_what_waited_is_not(
    make_client: MakeClient, state: State, tmp_path: Path
) -> None:
    fork = multiprocessing.get_context("forkserver")
    with FakeOpenAI(latency=30.0) as slow:
        url = f"sqlite:///{tmp_path / 'state.sqlite'}"
        process = fork.Process(target=_ask_all, args=(url, slow.url))
        process.start()
        while len(slow.received) < 3:
            time.sleep(0.01)
        while len(state.ledger.claims()) < 6:
            time.sleep(0.01)
        process.kill()
        process.join()
        port = int(slow.url.rpartition(":")[2].partition("/")[0])
    with FakeOpenAI(port=port) as server:  # the same endpoint, and so the same requests
        assert len(parser_of(make_client(server)).read(TEXTS, DAY)) == len(TEXTS)
    sent = Counter(a["status"] for a in state.ledger.attempts(DAY))
    assert sent == {"interrupted": 3, "ok": len(TEXTS)}
    assert state.ledger.claims() == []
    assert state.ledger.sent_dir is not None
    assert len(list(state.ledger.sent_dir.iterdir())) == 1, "the dead one's notes are gone"


def test_of_a_process_out_of_sight_every_claim_is_counted(state: State) -> None:
    log = SentLog(state.ledger.sent_dir, "there|1|1|abc")
    log.open()
    today = datetime.now(UTC).date()
    wanted = [Claim(str(n) * 64, f"c{n}", DAY, "x", "parse", 1, "m", 10) for n in range(3)]
    for ended_here, counted in ((False, 3), (True, 1)):
        state.ledger.claim(wanted, "there|1|1|abc", today)
        log.sending(wanted[0].request_sha256)
        log.sending(wanted[1].request_sha256)
        log.known([Attempt(wanted[1], "rate_limited", ends=False)])
        before = state.ledger.spent_on(today)
        assert state.ledger.end_dead_claims("there|1|1|abc", today, ended_here=ended_here) == 3
        assert state.ledger.spent_on(today) - before == 10 * counted
        log = SentLog(state.ledger.sent_dir, "there|1|1|abc")
        log.open()


def test_notes_of_before_the_machine_went_down_say_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = SentLog(tmp_path, "here|1|1|abc")
    log.open()
    log.sending("0" * 64)
    assert sent_by(tmp_path, "here|1|1|abc") == {"0" * 64}
    assert sent_by(tmp_path, "here|1|1|other") is None
    with (tmp_path / "abc.log").open("a") as file:
        file.write("+111")  # the system stopped it in the middle: it can't have been sent
    assert sent_by(tmp_path, "here|1|1|abc") == {"0" * 64}
    monkeypatch.setattr("jd_assets.storage.sent._boot", lambda: "a later start")
    assert sent_by(tmp_path, "here|1|1|abc") is None


def test_a_request_that_is_given_up_before_its_answer_counts_at_its_most(
    make_client: MakeClient, state: State
) -> None:
    """Another one's failure stops all of them."""
    with FakeOpenAI(latency=5.0) as server:
        client = make_client(server, concurrency=2)
        ask = client._transport.ask

        async def fail(path: str, body: bytes) -> Reply:
            if b"Reference: b" not in body:
                return await ask(path, body)
            while not server.received:
                await asyncio.sleep(0.01)
            raise OSError("no file can be opened")

        client._transport.ask = fail  # type: ignore[method-assign]
        with pytest.raises(OSError, match="no file"):
            client.ask_all([call("a"), call("b", f"{POSTING}Reference: b")], CONTRACT)
    rows = state.ledger.attempts(DAY)
    assert {(a["jd_id"], a["status"], a["cost_nano_usd"]) for a in rows} == {
        ("a", "interrupted", 0), ("b", "interrupted", 0),
    }  # fmt: skip
    assert state.ledger.spent_on(datetime.now(UTC).date()) == sum(a["counted_nano_usd"] for a in rows) > 0
    assert state.ledger.claims() == []


def test_a_day_limit_holds_over_runs_and_days_of_data(make_client: MakeClient, state: State) -> None:
    with FakeOpenAI() as server:
        reader = parser_of(make_client(server, day_limit_nano_usd=2_500_000, concurrency=4))
        first = reader.read(TEXTS, DAY)
        assert 0 < len(first) < len(TEXTS)
        assert set(reader.unread.values()) == {"budget"}
        later = parser_of(make_client(server, day_limit_nano_usd=2_500_000))
        assert later.read({"x": POSTING}, DAY + timedelta(days=1)) == {}
        assert state.ledger.spent_on(datetime.now(UTC).date()) <= 2_500_000
        assert len(server.received) == len(first)


def test_money_held_by_a_dead_process_is_counted_and_not_waited_for(
    make_client: MakeClient, state: State
) -> None:
    with FakeOpenAI() as server:
        client = make_client(server, day_limit_nano_usd=2_500_000)
        today = datetime.now(UTC).date()
        dead = Claim("0" * 64, "x", DAY, "x", "parse", 1, "m", 2_400_000)
        state.ledger.claim([dead], _owner_that_died(), today)
        (answer,) = client.ask_all([call("a")], CONTRACT)
    assert isinstance(answer, BudgetExhausted)  # what the dead one sent may have been charged
    assert state.ledger.claims() == []
    assert state.ledger.spent_on(today) == 2_400_000


def test_a_process_is_gone_once_it_has_ended() -> None:
    assert is_gone(new_owner()) is False
    assert is_gone(_owner_that_died()) is True
    assert is_gone(f"elsewhere/-|{os.getpid()}|1|x") is None
    assert is_gone("nonsense") is None


def _owner_that_died() -> str:
    """The name of a process that ran and ended."""
    code = "from jd_assets.llm.owners import new_owner; print(new_owner())"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    time.sleep(0.01)
    return ran.stdout.strip()


def test_what_a_batch_asks_is_no_matter_of_the_budget(state: State) -> None:
    """A claim that would not fit is told of the one who has it, before it is told of the money."""
    today = datetime.now(UTC).date()
    claim = Claim("0" * 64, "x", DAY, "x", "parse", 1, "m", 900)
    assert state.ledger.claim([claim], "batch|b", today, 1000) == [Mine()]
    assert state.ledger.claim([claim], "other", today, 1000) == [Taken("batch|b", 0)]


def test_attempts_and_answers_that_are_there_already_are_numbered_on_and_stand(state: State) -> None:
    """The ledger first writes as if nothing were there, and must find its way where something is."""
    today = datetime.now(UTC).date()
    claims = [Claim(str(n) * 64, f"c{n}", DAY, "x", "parse", 1, "m", 10) for n in range(3)]
    for body in (b"first", b"second"):
        state.ledger.claim(claims[:2], "me", today)
        told = [Attempt(c, "ok", cost_nano_usd=7, counted_nano_usd=7, body=body) for c in claims[:2]]
        verdicts = state.ledger.settle_and_claim(told, [*claims, claims[2]], "me", today)
        assert [type(v) for v in verdicts] == [Answered, Answered, Mine, Taken]
        assert verdicts[0] == Answered(b"first")
        state.ledger.release(claims[2].request_sha256, "me")
    rows = sorted((a["call_id"], a["attempt"]) for a in state.ledger.attempts(DAY))
    assert rows == [("c0-1", 1), ("c0-2", 2), ("c1-1", 1), ("c1-2", 2)]
    assert state.ledger.spent_on(today) == 4 * 7
    assert state.ledger.claims() == []


def test_notes_of_processes_that_are_gone_are_swept_once_nobody_needs_them(
    make_client: MakeClient, state: State
) -> None:
    died, owes, lives, elsewhere = _owner_that_died(), _owner_that_died(), new_owner(), "there|1|1|abc"
    for owner in (died, owes, lives, elsewhere):
        log = SentLog(state.ledger.sent_dir, owner)
        log.open()
        log.sending("1" * 64)
    claim = Claim("1" * 64, "x", DAY, "x", "parse", 1, "m", 10)
    state.ledger.claim([claim], owes, datetime.now(UTC).date())
    assert noted_by(state.ledger.sent_dir) == sorted((died, owes, lives, elsewhere))
    with FakeOpenAI() as server:
        client = make_client(server)
        client.ask(call("a"), CONTRACT)
    assert {died, owes, lives, elsewhere} & set(noted_by(state.ledger.sent_dir)) == {owes, lives, elsewhere}
    assert sent_by(state.ledger.sent_dir, owes) == {"1" * 64}


def test_what_is_being_written_down_is_written_though_its_task_is_stopped(state: State) -> None:
    """Stopping one task stops neither the write nor the others that wait for it."""

    async def stop_one() -> list[BaseException | None]:
        booking = Booking(state.ledger)
        claims = [Claim(str(n) * 64, f"c{n}", DAY, "x", "parse", 1, "m", 10) for n in range(2)]
        for claim in claims:
            assert await booking.claim(claim) == Mine()
            booking.sending(claim)
        told = [Attempt(c, "ok", cost_nano_usd=7, counted_nano_usd=7, body=b"said") for c in claims]
        tasks = [asyncio.create_task(booking.settle(a)) for a in told]
        await asyncio.sleep(0)
        tasks[0].cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        booking.close()
        return ended

    stopped, whole = asyncio.run(stop_one())
    assert isinstance(stopped, asyncio.CancelledError)
    assert whole is None
    assert state.ledger.responses(["0" * 64, "1" * 64]) == {"0" * 64: b"said", "1" * 64: b"said"}
    assert state.ledger.claims() == []
