"""A night through the batch endpoint: whatever goes wrong with it, and whoever dies over it, no question is
lost, none is paid for twice."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from jd_assets.llm.batch import Desk
from jd_assets.llm.batch_client import BatchClient
from jd_assets.llm.budget import Budget, Purse
from jd_assets.llm.owners import is_gone, new_owner
from jd_assets.llm.prices import ModelPrice, price_of
from jd_assets.llm.transport import Outcome, Reply, Transport
from jd_assets.storage.batches import COLLECTED, SUBMITTED, UPLOADED, Batch, Batches
from jd_assets.storage.state import State
from jd_assets_tests.llm.conftest import DAY, DOLLAR, MODEL, POSTING, PRICES, MakeClient, parser_of
from jd_assets_tests.llm.fake_openai import KEY, FakeOpenAI

TEXTS = {f"jd-{n}": f"{POSTING}\nReference: {n}" for n in range(7)}
HALF = {MODEL: ModelPrice(**PRICES[MODEL].model_dump(exclude={"batch"}), batch="0.5")}


class Killed(BaseException):
    """A process that dies: nothing after it is done."""


def price() -> Any:
    return price_of(MODEL, "http://127.0.0.1/v1", HALF, batch=True)


def ask(
    server: FakeOpenAI, state: State, texts: dict[str, str] = TEXTS, *, nano_usd: int = DOLLAR, **more: Any
) -> tuple[dict[str, Any], dict[str, str]]:
    """What a stage that asks by batch reads, and why it doesn't read the rest."""
    client = BatchClient(
        state.ledger, server.url, SecretStr(KEY), MODEL,
        price=price(), budget=Budget(Purse("run", nano_usd)), **more,
    )  # fmt: skip
    try:
        reader = parser_of(client)
        return reader.read(texts, DAY), reader.unread
    finally:
        client.close()


def advance(server: FakeOpenAI, state: State) -> list[Batch]:
    """One look at every pending batch, by a process of its own."""

    async def run() -> None:
        transport = Transport(server.url, SecretStr(KEY), 5.0)
        try:
            for batch in state.ledger.batches.pending():
                await Desk(state.ledger.batches, transport, price()).advance(batch)
        finally:
            await transport.close()

    asyncio.run(run())
    return state.ledger.batches.all()


def test_a_batch_answers_everything_at_half_the_price(make_client: MakeClient, state: State) -> None:
    with FakeOpenAI() as server:
        server.batches.looks = 1
        read, unread = ask(server, state)
        assert read == {}
        assert unread == dict.fromkeys(TEXTS, "batch")
        (batch,) = state.ledger.batches.all()
        assert (batch.status, batch.requests, batch.days) == (SUBMITTED, len(TEXTS), (DAY,))
        metadata = server.batches.batches["batch_1"]["metadata"]
        assert metadata == {"batch_id": batch.batch_id, "manifest_sha256": batch.manifest_sha256}
        assert [b.status for b in advance(server, state)] == [SUBMITTED]
        assert [b.status for b in advance(server, state)] == [COLLECTED]
        read, unread = ask(server, state)
        assert (read.keys(), unread) == (TEXTS.keys(), {})
        online = parser_of(make_client(server)).read(TEXTS, DAY)
        assert online == read
    assert server.received == []
    rows = state.ledger.attempts(DAY)
    assert Counter(r["status"] for r in rows) == {"ok": len(TEXTS)}
    for row in rows:
        fresh = row["input_tokens"] - row["cached_input_tokens"]
        full = 100 * fresh + 10 * row["cached_input_tokens"] + 500 * row["output_tokens"]
        assert row["cost_nano_usd"] == -(-full // 2)
    assert state.ledger.claims() == []
    assert state.ledger.spent_on(datetime.now(UTC).date()) == sum(r["cost_nano_usd"] for r in rows)


FAULTS: dict[str, tuple[dict[str, Any], int]] = {
    "error file": ({"failing": 2}, 5),
    "expiry": ({"expired": 3, "ends_as": "expired"}, 4),
    "error file and expiry": ({"failing": 1, "expired": 2, "ends_as": "expired"}, 4),
    "lines in neither file": ({"silent": 2}, 5),
    "a broken line": ({"garbled": True}, 7),
    "cancelled with a part done": ({"expired": 5, "ends_as": "cancelled"}, 2),
    "refused as a whole": ({"ends_as": "failed"}, 0),
}


@pytest.mark.parametrize(("fault", "answered"), FAULTS.values(), ids=list(FAULTS))
def test_a_batch_that_fails_in_part_leaves_the_rest_to_the_next(
    fault: dict[str, Any], answered: int, state: State
) -> None:
    with FakeOpenAI() as server:
        vars(server.batches).update(fault)
        ask(server, state)
        advance(server, state)
        assert state.ledger.claims() == []
        rows = state.ledger.attempts(DAY)
        assert Counter(r["status"] for r in rows) == Counter(ok=answered, failed=len(TEXTS) - answered)
        assert all(r["cost_nano_usd"] == 0 for r in rows if r["status"] == "failed")
        unknown = sum(r["counted_nano_usd"] > r["cost_nano_usd"] for r in rows)
        assert unknown == fault.get("silent", 0)
        vars(server.batches).update(failing=0, expired=0, silent=0, garbled=False, ends_as="completed")
        read, unread = ask(server, state)
        assert len(read) == answered
        assert len(unread) == len(TEXTS) - answered
        advance(server, state)
        read, unread = ask(server, state)
        assert (read.keys(), unread) == (TEXTS.keys(), {})
        assert len(server.batches.batches) == (1 if answered == len(TEXTS) else 2)
    worked_on = Counter(server.batches.asked)
    assert len(worked_on) == len(TEXTS)
    assert sum(worked_on.values()) == len(TEXTS) + fault.get("silent", 0)


STEPS = (
    ("upload", "before", 1), ("upload", "after", 1),
    ("create_batch", "before", 1), ("create_batch", "after", 1), ("batch", "after", 1),
    ("content", "after", 1), ("content", "after", 2),
    ("note", "before", 1), ("note", "after", 1), ("note", "before", 2), ("note", "after", 2),
    ("note", "before", 3), ("note", "after", 3),
    ("settle", "before", 1), ("settle", "after", 1), ("settle", "after", 2), ("settle", "after", 3),
    ("settle", "after", 4), ("finish", "before", 1), ("finish", "after", 1),
)  # fmt: skip
"""What is at work when the process dies, before or after it is done, and which time."""


@pytest.mark.parametrize(("name", "when", "time_"), STEPS)
def test_a_process_that_dies_between_two_steps_loses_and_doubles_nothing(
    name: str, when: str, time_: int, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It holds its lease when it dies."""
    owner = Transport if hasattr(Transport, name) else Batches
    real, release = getattr(owner, name), Batches.release
    left = [time_]

    def released(*arguments: Any) -> None:
        if left[0] > 0:  # the dead release nothing
            release(*arguments)

    def dies() -> bool:
        left[0] -= 1
        return left[0] == 0

    async def dying_async(self: Any, *arguments: Any) -> Any:
        if (die := dies()) and when == "before":
            raise Killed
        result = await real(self, *arguments)
        if die:
            raise Killed
        return result

    def dying(self: Any, *arguments: Any, **more: Any) -> Any:
        if (die := dies()) and when == "before":
            raise Killed
        result = real(self, *arguments, **more)
        if die:
            raise Killed
        return result

    monkeypatch.setattr("jd_assets.llm.batch._AT_ONCE", 3)
    with FakeOpenAI() as server:
        server.batches.failing = 1
        with monkeypatch.context() as patch:
            patch.setattr(owner, name, dying if owner is Batches else dying_async)
            patch.setattr(Batches, "release", released)
            try:
                ask(server, state)
                advance(server, state)
            except Killed:
                died = True
            else:
                died = False
        assert died
        monkeypatch.setattr("jd_assets.llm.batch.is_gone", lambda _: True)
        for _ in range(3):
            advance(server, state)
        unknown = (name, when, time_) in (("note", "after", 2), ("create_batch", "before", 1))
        assert (server.batches.batches == {}) == unknown
        if unknown:  # whether it was submitted, so it is waited for until it would be listed
            monkeypatch.setattr("jd_assets.llm.batch._LISTED_WITHIN", timedelta(0))
            advance(server, state)
            advance(server, state)
        assert [b.status for b in state.ledger.batches.all()] == [COLLECTED]
        assert len(server.batches.batches) == 1
        assert (
            sum(name.endswith(".jsonl") and "batch_" not in name for name, _ in server.batches.files.values())
            == 1
        )
        assert state.ledger.claims() == []
        server.batches.failing = 0
        ask(server, state)
        advance(server, state)
        read, unread = ask(server, state)
        assert (read.keys(), unread) == (TEXTS.keys(), {})
    rows = state.ledger.attempts(DAY)
    assert Counter(r["status"] for r in rows) == {"ok": len(TEXTS), "failed": 1}
    assert set(Counter(server.batches.asked).values()) == {1}
    assert state.ledger.spent_on(datetime.now(UTC).date()) == sum(r["cost_nano_usd"] for r in rows)


@pytest.mark.parametrize("step", ["files", "batches"])
def test_a_connection_lost_after_the_endpoint_acted_makes_no_second_batch(step: str, state: State) -> None:
    with FakeOpenAI() as server:
        server.batches.drop = {step}
        ask(server, state)
        advance(server, state)
        advance(server, state)
        assert [b.status for b in state.ledger.batches.all()] == [COLLECTED]
        assert len(server.batches.batches) == 1
        assert len({name for name, _ in server.batches.files.values()}) == 2


def test_a_batch_that_is_listed_late_is_not_made_twice(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection drops as the endpoint makes it, and its list doesn't have it yet."""
    with FakeOpenAI() as server:
        server.batches.drop, server.batches.unlisted = {"batches"}, 2
        ask(server, state)
        for _ in range(2):
            (batch,) = advance(server, state)
            assert batch.status == UPLOADED
            assert batch.tried_at is not None
        advance(server, state)
        assert [b.status for b in advance(server, state)] == [COLLECTED]
        assert len(server.batches.batches) == 1
        # One that is never listed is made again: else its questions would wait for ever.
        server.batches.drop, server.batches.unlisted = {"batches"}, 9
        ask(server, state, {"jd-x": POSTING})
        monkeypatch.setattr("jd_assets.llm.batch._LISTED_WITHIN", timedelta(0))
        advance(server, state)
        assert len(server.batches.batches) == 3


def test_a_refused_batch_is_submitted_again_at_once(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = Reply(Outcome.RATE_LIMITED, 1.0, error="HTTP 429")

    async def busy(*_: object) -> Reply:
        return refused

    with FakeOpenAI() as server:
        with monkeypatch.context() as patch:
            patch.setattr(Transport, "create_batch", busy)
            ask(server, state)
        assert [b.status for b in state.ledger.batches.all()] == [UPLOADED]
        advance(server, state)
        assert [b.status for b in advance(server, state)] == [COLLECTED]


def test_a_batch_is_one_processs_at_a_time(state: State) -> None:
    with FakeOpenAI() as server:
        server.batches.looks = 9
        ask(server, state)
    batches, (batch,) = state.ledger.batches, state.ledger.batches.all()
    owner = new_owner()
    assert batches.lease(batch, owner, is_gone)
    assert batches.lease(batch, "elsewhere|1|1|x", is_gone) is None
    assert batches.lease(batch, new_owner().replace("|", "/x|", 1), lambda _: None) is None
    batches.release(batch, owner)
    assert batches.lease(batch, "elsewhere|1|1|x", is_gone)


def test_what_is_in_a_batch_is_not_asked_online(make_client: MakeClient, state: State) -> None:
    with FakeOpenAI() as server:
        server.batches.looks = 9
        ask(server, state)
        reader = parser_of(make_client(server))
        assert reader.read(TEXTS, DAY) == {}
        assert reader.unread == dict.fromkeys(TEXTS, "batch")
        assert ask(server, state)[1] == dict.fromkeys(TEXTS, "batch")
        assert (server.received, len(server.batches.batches)) == ([], 1)


def test_budgets_hold_for_batches(state: State) -> None:
    with FakeOpenAI() as server:
        _, unread = ask(server, state, nano_usd=1_500_000)
        in_run = Counter(unread.values())["batch"]
        assert 0 < in_run < len(TEXTS)
        assert set(unread.values()) == {"batch", "budget"}
        assert state.ledger.batches.all()[0].requests == in_run
        _, unread = ask(server, state, day_limit_nano_usd=3_000_000)
        assert Counter(unread.values())["budget"] > 0
        assert sum(b.requests for b in state.ledger.batches.all()) == Counter(unread.values())["batch"]


def test_a_stage_waits_for_the_answers_that_its_questions_are_made_of(state: State) -> None:
    with FakeOpenAI() as server:
        state.ledger.defer(DAY, "parse", {"jd-1": "batch"})
        assert ask(server, state, earlier=("parse",))[1] == dict.fromkeys(TEXTS, "batch")
        assert state.ledger.batches.all() == []
        state.ledger.defer(DAY, "parse", {})
        ask(server, state, earlier=("parse",))
        assert len(state.ledger.batches.all()) == 1


def test_an_endpoint_that_is_down_keeps_the_batch_for_later(state: State) -> None:
    with FakeOpenAI() as server:
        url = server.url
    client = BatchClient(
        state.ledger, url, SecretStr(KEY), MODEL, price=price(), budget=Budget(Purse("run", DOLLAR))
    )
    reader = parser_of(client)
    assert reader.read(TEXTS, DAY) == {}
    client.close()
    (batch,) = state.ledger.batches.pending()
    assert (batch.status, batch.requests) == ("intent", len(TEXTS))
    assert len(state.ledger.batches.bodies(batch)) == len(TEXTS)
