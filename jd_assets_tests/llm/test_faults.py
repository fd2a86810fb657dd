"""The fault matrix: what goes wrong at the endpoint, what becomes of the JD, what reaches the server and
what it costs."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
import pytest

from jd_assets.llm.client import TRIES
from jd_assets.stages.parse.frame import parse
from jd_assets.storage.state import State
from jd_assets.tables import LLM_CALLS, PARSED_JDS
from jd_assets_tests.llm.conftest import DAY, DOLLAR, POSTING, MakeClient, Time, parser_of, spent_by
from jd_assets_tests.llm.fake_openai import FakeOpenAI

RAW = pl.DataFrame(
    {"status": ["ok"], "jd_id": ["jd-1"], "text": [POSTING], "title": [None], "company": [None],
     "location": [None]},
    schema_overrides={"title": pl.String, "company": pl.String, "location": pl.String},
)  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """Faults of the first requests and of all later ones; what is to come of them."""

    first: tuple[str, ...]
    engine: str
    statuses: tuple[str, ...]
    priced: int  # attempts that cost something
    always: str | None = None
    reason: str | None = None


MATRIX = {
    "none": Fault((), "openai", ("ok",), 1),
    "429 then well": Fault(("rate_limited",) * 2, "openai", ("rate_limited", "rate_limited", "ok"), 1),
    "429 for ever": Fault(
        (), "embedded", ("rate_limited",) * TRIES, 0, always="rate_limited", reason="rate_limited"
    ),
    "500 then well": Fault(("server_error",), "openai", ("failed", "ok"), 1),
    "500 for ever": Fault((), "embedded", ("failed",) * TRIES, 0, always="server_error", reason="failed"),
    "connection dropped, then well": Fault(("dropped",), "openai", ("failed", "ok"), 1),
    "answer cut short, then well": Fault(("cut_short",), "openai", ("failed", "ok"), 1),
    "no JSON, then well": Fault(("not_json",), "openai", ("invalid", "ok"), 2),
    "answer malformed, then well": Fault(("malformed",), "openai", ("invalid", "ok"), 2),
    "answer malformed for ever": Fault(
        (), "embedded", ("invalid", "invalid"), 2, always="malformed", reason="invalid"
    ),
    "wrong schema, then well": Fault(("wrong_schema",), "openai", ("invalid", "ok"), 2),
    "truncated, then well": Fault(("truncated",), "openai", ("truncated", "ok"), 2),
    "truncated for ever": Fault(
        (), "embedded", ("truncated", "truncated"), 2, always="truncated", reason="truncated"
    ),
    "truncated, then malformed, then well": Fault(
        ("truncated", "malformed"), "openai", ("truncated", "invalid", "ok"), 3
    ),
    "refusal": Fault(("refusal",), "embedded", ("refused",), 1, reason="refused"),
    "bad request": Fault(("bad_request",), "embedded", ("failed",), 0, reason="rejected"),
    "key refused": Fault(("unauthorized",), "embedded", ("failed",), 0, reason="stopped"),
    "quota exhausted": Fault(("quota_exhausted",), "embedded", ("failed",), 0, reason="stopped"),
    "no usage told": Fault(("missing_usage",), "openai", ("ok",), 1),
}


def calls_of(state: State) -> pl.DataFrame:
    rows = state.ledger.attempts(DAY)
    return LLM_CALLS.conform(LLM_CALLS.frame({name: r[name] for name in LLM_CALLS.names} for r in rows))


@pytest.mark.parametrize("fault", MATRIX.values(), ids=list(MATRIX))
def test_no_fault_loses_a_jd_or_a_cent(fault: Fault, make_client: MakeClient, state: State) -> None:
    with FakeOpenAI(fault.first, always=fault.always) as server:
        client = make_client(server)
        reader = parser_of(client)
        frame = PARSED_JDS.conform(parse(RAW, DAY, reader))
    assert frame["engine"].to_list() == [fault.engine]
    assert frame["title"].to_list() == ["Backend Engineer"]
    assert reader.unread == ({"jd-1": fault.reason} if fault.reason else {})
    assert len(server.received) == len(fault.statuses)
    calls = calls_of(state).sort("attempt")
    assert calls["status"].to_list() == list(fault.statuses)
    assert calls["attempt"].to_list() == list(range(1, len(fault.statuses) + 1))
    assert calls.filter(pl.col("cost_nano_usd") > 0).height == fault.priced
    assert calls["jd_id"].to_list() == ["jd-1"] * calls.height
    unknown = any(f in ("dropped", "cut_short") for f in fault.first)
    spent, paid = spent_by(client), calls["cost_nano_usd"].sum()
    assert spent > paid if unknown else spent == paid


def test_tokens_are_paid_at_their_price_the_cached_ones_for_less(
    make_client: MakeClient, state: State
) -> None:
    with FakeOpenAI() as server:
        parser_of(make_client(server)).read({"jd-1": POSTING}, DAY)
    (call,) = state.ledger.attempts(DAY)
    fresh = call["input_tokens"] - call["cached_input_tokens"]
    assert call["cached_input_tokens"] > 500
    assert (
        call["cost_nano_usd"] == 100 * fresh + 10 * call["cached_input_tokens"] + 500 * call["output_tokens"]
    )
    assert call["latency_ms"] > 0


def test_a_bad_answer_is_paid_for_all_the_same(make_client: MakeClient, state: State) -> None:
    with FakeOpenAI(always="wrong_schema") as server:
        parser_of(make_client(server)).read({"jd-1": POSTING}, DAY)
    attempts = state.ledger.attempts(DAY)
    assert all(a["output_tokens"] > 0 and a["cost_nano_usd"] > 0 for a in attempts)
    assert {a["error"] for a in attempts} == {"the answer doesn't fit: role: string_type, role_aliases: "
                                              "missing, company_name: missing"}  # fmt: skip


def test_an_answer_without_usage_costs_its_upper_bound(make_client: MakeClient, state: State) -> None:
    with FakeOpenAI(["missing_usage"]) as server:
        parser_of(make_client(server)).read({"jd-1": POSTING}, DAY)
    (call,) = state.ledger.attempts(DAY)
    assert call["cost_nano_usd"] >= 100 * len(server.bytes_received[0])
    assert call["error"] == "no usage told: charged at its upper bound"


def test_a_cut_off_answer_is_asked_for_again_with_twice_the_tokens(make_client: MakeClient) -> None:
    with FakeOpenAI(["truncated"]) as server:
        parser_of(make_client(server)).read({"jd-1": POSTING}, DAY)
    first, second = (r["max_completion_tokens"] for r in server.received)
    assert second == 2 * first


def test_retry_after_is_waited_for(make_client: MakeClient, time_: Time) -> None:
    with FakeOpenAI(["rate_limited"], retry_after="7") as server:
        parser_of(make_client(server)).read({"jd-1": POSTING}, DAY)
    assert time_.slept == [pytest.approx(7.0)]


def test_a_rate_limit_holds_every_thread_back(make_client: MakeClient, time_: Time) -> None:
    with FakeOpenAI(["rate_limited"], retry_after="9") as server:
        client = make_client(server)
        parser_of(client).read({"jd-1": POSTING}, DAY)
        before = time_.now
        client._limits.hold(4)
        parser_of(client).read({"jd-2": POSTING + "Apply soon."}, DAY)
    assert time_.now == pytest.approx(before + 4)


def test_a_wait_that_is_too_long_gives_the_call_up(make_client: MakeClient, time_: Time) -> None:
    with FakeOpenAI(always="rate_limited", retry_after="86400") as server:
        reader = parser_of(make_client(server))
        assert reader.read({"jd-1": POSTING}, DAY) == {}
    assert reader.unread == {"jd-1": "rate_limited"}
    assert len(server.received) == 1
    assert time_.slept == []


def test_pauses_double_up_to_a_cap_and_are_the_same_each_time(make_client: MakeClient, time_: Time) -> None:
    with FakeOpenAI(always="server_error") as server:
        parser_of(make_client(server)).read({"jd-1": POSTING}, DAY)
        first, time_.slept = time_.slept, []
        parser_of(make_client(server)).read({"jd-1": POSTING}, DAY)
    assert len(first) == TRIES - 1
    assert first == time_.slept
    assert all(0.25 * 2**n <= pause <= min(20, 0.5 * 2**n) for n, pause in enumerate(first))


@pytest.mark.parametrize("fault", ["unauthorized", "quota_exhausted"])
def test_a_refused_key_or_quota_stops_all_further_calls(fault: str, make_client: MakeClient) -> None:
    with FakeOpenAI(always=fault) as server:
        reader = parser_of(make_client(server))
        texts = {f"jd-{n}": f"{POSTING}\nOpenings: {n}" for n in range(5)}
        assert reader.read(texts, DAY) == {}
    assert len(server.received) == 1
    assert reader.unread == dict.fromkeys(texts, "stopped")


def test_an_endpoint_that_is_not_there_costs_nothing(make_client: MakeClient, state: State) -> None:
    with FakeOpenAI() as server:
        client = make_client(server)
    reader = parser_of(client)
    assert reader.read({"jd-1": POSTING}, DAY) == {}
    assert spent_by(client) == 0
    assert {a["error"] for a in state.ledger.attempts(DAY)} == {"not reached"}


def test_a_slow_answer_times_out_and_may_have_been_paid_for(make_client: MakeClient, state: State) -> None:
    with FakeOpenAI(["slow"]) as server:
        client = make_client(server, timeout=0.3)
        assert "jd-1" in parser_of(client).read({"jd-1": POSTING}, DAY)
    late, answered = state.ledger.attempts(DAY)
    assert (late["status"], late["error"], late["cost_nano_usd"]) == ("failed", "timeout", 0)
    assert spent_by(client) > answered["cost_nano_usd"]
    assert spent_by(client) < DOLLAR
