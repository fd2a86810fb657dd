"""Nothing is paid twice, nothing past the budget, and no key gets out."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import sqlite3
import traceback
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from jd_assets.llm.budget import Budget, Purse
from jd_assets.llm.errors import BudgetExhausted, EngineStopped, LlmError
from jd_assets.llm.parse import answer_contract, instructions
from jd_assets.llm.prices import SET_BY_OPERATOR, UnknownPrice, Usage, load_overrides, price_of
from jd_assets.llm.prompts import fenced
from jd_assets.llm.requests import Call
from jd_assets.llm.transport import retry_after
from jd_assets.storage.state import State
from jd_assets_tests.llm.conftest import DAY, MODEL, POSTING, PRICES, MakeClient, parser_of, spent_by
from jd_assets_tests.llm.fake_openai import KEY, FakeOpenAI

TEXTS = {f"jd-{n}": f"{POSTING}\nReference: {n}" for n in range(12)}
CONTRACT = answer_contract(("Software Engineering", "Other"))


def call(text: str = POSTING) -> Call:
    return Call(DAY, "jd-1", "parse", 1, instructions(), fenced(text), 1000)


def test_a_second_run_pays_nothing_and_says_the_same(make_client: MakeClient, state: State) -> None:
    with FakeOpenAI(["malformed", "truncated", "refusal"]) as server:
        first = parser_of(make_client(server, concurrency=4)).read(TEXTS, DAY)
        sent, ledger = len(server.received), state.ledger.attempts(DAY)
        client = make_client(server, concurrency=4)
        second = parser_of(client).read(TEXTS, DAY)
    assert second == first
    assert len(server.received) == sent == len(TEXTS) + 2
    assert spent_by(client) == 0
    assert state.ledger.attempts(DAY) == ledger


def test_another_day_is_answered_from_the_cache_and_its_ledger_says_so(
    make_client: MakeClient, state: State
) -> None:
    tomorrow = DAY + timedelta(days=1)
    with FakeOpenAI(["truncated"]) as server:
        reader = parser_of(make_client(server))
        assert reader.read({"jd-1": POSTING}, DAY) == reader.read({"jd-1": POSTING}, tomorrow)
        reader.read({"jd-1": POSTING}, tomorrow)
    (hit,) = state.ledger.attempts(tomorrow)
    assert (hit["status"], hit["cache_hit"], hit["cost_nano_usd"]) == ("cached", True, 0)
    assert len(server.received) == 2


def test_a_run_after_an_outage_goes_on_numbering_its_attempts(make_client: MakeClient, state: State) -> None:
    with FakeOpenAI(["server_error"] * 6) as server:
        assert parser_of(make_client(server)).read({"jd-1": POSTING}, DAY) == {}
        assert "jd-1" in parser_of(make_client(server)).read({"jd-1": POSTING}, DAY)
    assert sorted(a["attempt"] for a in state.ledger.attempts(DAY)) == [1, 2, 3, 4, 5, 6, 7]


def test_the_answer_is_stored_under_the_sha256_of_endpoint_and_body(
    make_client: MakeClient, state: State
) -> None:
    with FakeOpenAI() as server:
        parser_of(make_client(server)).read({"jd-1": POSTING}, DAY)
    named = hashlib.sha256(server.url.encode() + b"\n" + server.bytes_received[0]).hexdigest()
    stored = state.ledger.responses([named])
    assert json.loads(stored[named])["choices"][0]["finish_reason"] == "stop"


def test_the_stable_part_of_a_request_comes_first_and_the_posting_last(make_client: MakeClient) -> None:
    with FakeOpenAI() as server:
        parser_of(make_client(server)).read({"a": POSTING, "b": POSTING + "More."}, DAY)
    one, two = server.received
    assert one["messages"][0] == two["messages"][0]
    assert one["messages"][1]["content"].endswith(one["messages"][1]["content"].split("\n")[0][-16:])
    assert one["response_format"]["json_schema"]["strict"] is True
    assert one["reasoning_effort"] == "none"


def test_a_budget_is_never_passed_and_what_was_paid_for_is_kept(
    make_client: MakeClient, state: State
) -> None:
    with FakeOpenAI(latency=0.01) as server:
        client = make_client(server, nano_usd=2_500_000, concurrency=8)
        reader = parser_of(client)
        read = reader.read(TEXTS, DAY)
        sent = len(server.received)
        paid = sum(a["cost_nano_usd"] for a in state.ledger.attempts(DAY))
        assert 0 < sent < len(TEXTS)
        assert paid == spent_by(client) <= 2_500_000
        assert len(read) == sent
        assert reader.unread == {jd_id: "budget" for jd_id in TEXTS if jd_id not in read}
        again = parser_of(make_client(server, concurrency=8))
        assert again.read(TEXTS, DAY).keys() == TEXTS.keys()
        assert len(server.received) == len(TEXTS)


def test_nothing_is_sent_without_money(make_client: MakeClient, state: State) -> None:
    with FakeOpenAI() as server:
        client = make_client(server, nano_usd=1000)
        with pytest.raises(BudgetExhausted, match=r"\$0\.000001 has \$0\.000001 left"):
            client.ask(call(), CONTRACT)
    assert server.received == []
    assert state.ledger.attempts(DAY) == []


def test_a_reservation_waits_for_calls_in_flight_before_it_gives_up() -> None:
    async def spend() -> None:
        budget = Budget(Purse("run", 1000), Purse("stage", 100))
        await budget.reserve(80)
        waiting = asyncio.create_task(budget.reserve(60))
        await asyncio.sleep(0)
        assert not waiting.done()
        budget.settle(80, 10)
        await waiting
        budget.settle(60, 60)
        with pytest.raises(BudgetExhausted, match="the stage's budget"):
            await budget.reserve(31)
        await budget.reserve(30)

    asyncio.run(spend())


@pytest.mark.parametrize("fault", ["unauthorized", "quota_exhausted", "server_error", "bad_request", None])
def test_the_key_gets_nowhere(
    fault: str | None,
    make_client: MakeClient,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    with FakeOpenAI(always=fault) as server:
        client = make_client(server)
        said = [repr(client), repr(vars(client))]
        try:
            said.append(repr(client.ask(call(), CONTRACT)))
        except LlmError as error:
            said += ["".join(traceback.format_exception(error)), repr(error.__context__)]
    with sqlite3.connect(tmp_path / "state.sqlite") as database:
        said += list(database.iterdump())
    said += [caplog.text, *capfd.readouterr()]
    assert server.received
    assert KEY not in "\n".join(said)


@pytest.mark.parametrize("key", ["", "two words", f"{KEY}\n", "sk-\u00e9"])
def test_a_key_that_no_header_can_carry_is_refused_without_showing_it(
    key: str, make_client: MakeClient
) -> None:
    with FakeOpenAI() as server, pytest.raises(ValueError, match="the API key is empty, or has") as caught:
        make_client(server, key=key)
    assert not key.strip() or key.strip() not in str(caught.value)


def test_a_wrong_key_stops_the_engine(make_client: MakeClient) -> None:
    with FakeOpenAI() as server:
        client = make_client(server, key="sk-other")
        for _ in range(3):
            with pytest.raises(EngineStopped, match="refuses the key: HTTP 401 invalid_api_key"):
                client.ask(call(), CONTRACT)
    assert server.received == []


def test_calls_in_flight_share_one_client(make_client: MakeClient, state: State) -> None:
    with FakeOpenAI(["rate_limited", "server_error", "dropped"] * 2, latency=0.005) as server:
        read = parser_of(make_client(server, concurrency=8)).read(TEXTS, DAY)
    assert read.keys() == TEXTS.keys()
    assert all(answer.fields.role == "Backend Engineer" for answer in read.values())
    assert len(server.received) == len(TEXTS) + 6 == len(state.ledger.attempts(DAY))


def test_listed_prices_are_those_of_the_endpoints_provider() -> None:
    price = price_of(MODEL, "https://api.openai.com/v1")
    assert price.nano_usd(Usage(1_000_000, 0, 0, 1_000)) > price.nano_usd(Usage(1_000_000, 900_000, 0, 1_000))
    assert price.source.startswith("genai-prices ")
    assert price.most_nano_usd(1_000, 100) >= price.nano_usd(Usage(1_000, 0, 1_000, 100))


def test_an_unknown_price_fails_closed(state: State) -> None:
    for model, endpoint in (
        (MODEL, "http://127.0.0.1:9/v1"),
        ("gpt-unheard-of", "https://api.openai.com/v1"),
    ):
        with pytest.raises(UnknownPrice, match=f"no price is listed for {model} at {endpoint}"):
            price_of(model, endpoint)


def test_the_operators_price_goes_before_the_listed_one(tmp_path: Path) -> None:
    file = tmp_path / "prices.yaml"
    file.write_text(f"{MODEL}: {{input: 0.2, output: 1.5}}\nhouse-model: {{input: 0, output: 0}}\n")
    price = price_of(MODEL, "https://api.openai.com/v1", load_overrides(file))
    assert price.source == SET_BY_OPERATOR
    assert price.nano_usd(Usage(10, 4, 0, 2)) == 10 * 200 + 2 * 1500
    assert (
        price_of("house-model", "http://10.0.0.5/v1", load_overrides(file)).nano_usd(Usage(9, 0, 0, 9)) == 0
    )


def test_part_of_a_nano_dollar_counts_as_one() -> None:
    cheap = PRICES[MODEL].model_copy(update={"input": Decimal("0.0001")})
    assert price_of(MODEL, "x", {MODEL: cheap}).nano_usd(Usage(input_tokens=1)) == 1


@pytest.mark.parametrize("text", ["- a list", "m: {input: -1, output: 1}", "m: {input: 1}", "m: ["])
def test_a_price_file_that_makes_no_sense_is_refused(text: str, tmp_path: Path) -> None:
    file = tmp_path / "prices.yaml"
    file.write_text(text)
    with pytest.raises(ValueError, match=r"m\.|prices\.yaml|valid dictionary"):
        load_overrides(file)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "3"}, 3.0),
        ({"retry-after": "1", "retry-after-ms": "250"}, 0.25),
        ({"retry-after": "Thu, 01 Jan 1970 00:00:00 GMT"}, 0.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "inf"}, None),
        ({}, None),
    ],
)
def test_retry_after_is_read_as_seconds_or_a_date(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds
