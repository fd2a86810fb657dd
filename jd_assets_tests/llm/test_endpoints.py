"""What each kind of server is sent, how a wrong one is told, and how its limits are kept."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jd_assets.llm.errors import Unusable
from jd_assets.llm.limits import Bucket, RateLimits
from jd_assets.llm.parse import answer_contract
from jd_assets.llm.profiles import PROFILES
from jd_assets.llm.prompts import fenced
from jd_assets.llm.requests import Call, RequestMaker, encoded
from jd_assets.settings import Profile as ProfileName
from jd_assets_tests.llm.conftest import DAY, MODEL, POSTING, MakeClient, Time, parser_of
from jd_assets_tests.llm.fake_openai import FakeOpenAI

CONTRACT = answer_contract(("Software Engineering", "Other"))
CALL = Call(DAY, "jd-1", "parse", 1, "Read.", fenced(POSTING), 1000)
OFF = {"chat_template_kwargs": {"enable_thinking": False}}


@pytest.mark.parametrize(
    ("profile", "sent"),
    [
        ("openai", {"max_completion_tokens": 1000, "reasoning_effort": "none"}),
        ("vllm", {"max_tokens": 1000} | OFF),
        ("ollama", {"max_tokens": 1000, "reasoning_effort": "none"}),
        ("llamacpp", {"max_tokens": 1000} | OFF),
    ],
)
def test_each_kind_of_server_gets_what_it_takes(profile: ProfileName, sent: dict[str, Any]) -> None:
    body = json.loads(RequestMaker(MODEL, PROFILES[profile], CONTRACT, "none").body(CALL, 1000))
    common = {"model", "messages", "response_format"}
    assert {k: v for k, v in body.items() if k not in common} == sent
    assert body["messages"][1] == {"role": "user", "content": CALL.user}


def test_no_effort_is_left_to_the_endpoint() -> None:
    for profile in PROFILES.values():
        body = json.loads(RequestMaker(MODEL, profile, CONTRACT, None).body(CALL, 10))
        assert body.keys() == {"model", "messages", "response_format", profile.most_tokens}


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])), st.integers(1, 5000))
def test_a_body_put_together_is_the_body_encoded_whole(text: str, tokens: int) -> None:
    maker = RequestMaker(MODEL, PROFILES["openai"], CONTRACT, "none")
    asked = Call(DAY, "j", "parse", 1, "Read.", text, tokens)
    assert maker.body(asked, tokens) == encoded(maker._request(asked, text, tokens))


@pytest.mark.parametrize(
    ("server", "profile", "says"),
    [
        ({"owned_by": "vllm"}, "openai", "is a vllm server, not openai: set JD_LLM_PROFILE=vllm"),
        ({"owned_by": "library"}, "vllm", "is a ollama server, not vllm"),
        ({"models": ["b", "a"]}, "openai", f"has no model '{MODEL}'; it has a, b"),
        ({"models": []}, "openai", "lists no model"),
    ],
)
def test_a_wrong_endpoint_is_told_before_anything_is_asked(
    server: dict[str, Any], profile: ProfileName, says: str, make_client: MakeClient
) -> None:
    with FakeOpenAI(**server) as fake:
        client = make_client(fake, profile=profile)
        with pytest.raises(Unusable, match=says):
            client.ask(CALL, CONTRACT)
    assert fake.received == []


@pytest.mark.parametrize("owner", ["vllm", "library", "llamacpp", "somebody"])
def test_a_fitting_endpoint_is_used(owner: str, make_client: MakeClient) -> None:
    kinds: dict[str, ProfileName] = {"vllm": "vllm", "library": "ollama", "llamacpp": "llamacpp"}
    with FakeOpenAI(owned_by=owner, models=[f"{MODEL}:latest" if owner == "library" else MODEL]) as fake:
        client = make_client(fake, profile=kinds.get(owner, "openai"))
        assert client.ask(CALL, CONTRACT).model_dump()["role"] == "Backend Engineer"


def test_an_endpoint_that_takes_no_request_is_not_asked_on_and_on(make_client: MakeClient) -> None:
    with FakeOpenAI(always="bad_request") as server:
        reader = parser_of(make_client(server))
        texts = {f"jd-{n}": f"{POSTING}\nOpenings: {n}" for n in range(9)}
        assert reader.read(texts, DAY) == {}
    assert len(server.received) == 3
    assert sorted(reader.unread.values()) == ["rejected"] * 3 + ["stopped"] * 6


def test_requests_are_spread_over_the_minute(make_client: MakeClient, time_: Time) -> None:
    with FakeOpenAI() as server:
        client = make_client(server, limits=(6, None))
        texts = {f"jd-{n}": f"{POSTING}\nOpenings: {n}" for n in range(9)}
        started = time_.now
        assert parser_of(client).read(texts, DAY).keys() == texts.keys()
    assert time_.now - started == pytest.approx(30)  # six at once, then one in ten seconds


def test_limits_are_learned_from_headers(make_client: MakeClient, time_: Time) -> None:
    said = {"x-ratelimit-limit-requests": "60", "x-ratelimit-remaining-requests": "0"}
    with FakeOpenAI(headers=said) as server:
        texts = {f"jd-{n}": f"{POSTING}\nOpenings: {n}" for n in range(4)}
        started = time_.now
        assert parser_of(make_client(server)).read(texts, DAY).keys() == texts.keys()
    assert time_.now - started == pytest.approx(3)  # the first goes at once, then one a second


def test_a_request_larger_than_the_limit_waits_for_all_of_it() -> None:
    bucket = Bucket(600, 0.0)
    bucket.take(600)
    assert bucket.wait(10_000, 0.0) == pytest.approx(60)
    assert bucket.wait(10_000, 60.0) == 0


@given(st.lists(st.tuples(st.floats(1, 500), st.floats(0, 30)), min_size=1, max_size=60), st.floats(60, 6000))
def test_no_minute_lets_more_through_than_a_full_bucket_and_its_refill(
    asks: list[tuple[float, float]], limit: float
) -> None:
    """Whatever comes when: over any span the units are at most the limit, what the span refills, and what one
    request may overdraw."""
    clock = Time()
    limits = RateLimits(clock.clock, clock.sleep, None, limit)
    passed: list[tuple[float, float]] = []

    async def run() -> None:
        for units, pause in asks:
            clock.now += pause
            await limits.admit(units)
            passed.append((clock.now, units))

    asyncio.run(run())
    for start in range(len(passed)):
        total, biggest = 0.0, 0.0
        for at, units in passed[start:]:
            total, biggest = total + units, max(biggest, units)
            allowed = limit + (at - passed[start][0]) * limit / 60
            assert total <= allowed + max(0.0, biggest - limit) + 1e-3


@pytest.mark.parametrize("said", ["", "many", "-1", "nan", "1e300"])
def test_headers_without_sense_change_nothing(said: str) -> None:
    clock = Time()
    limits = RateLimits(clock.clock, clock.sleep)
    limits.correct({"x-ratelimit-limit-requests": said, "x-ratelimit-remaining-requests": said})
    asyncio.run(limits.admit(1))
    assert clock.slept == []
