"""How near the LLM client comes to its endpoint's own speed, and the CPU time that a call costs.

    python -m benchmarks.llm_throughput [--jds 1000] [--in-flight 64] [--latency 0.5]

The endpoint is the tests' fake in a process of its own. The ideal is number of calls x latency / calls in
flight; no schedule of whole rounds can be faster than ceil(calls / in flight) x latency. CPU time is that of
this process while the questions are asked. Beside it stand the same questions sent with nothing around the
transport, and by the openai package's client, which the transport does without.
"""

from __future__ import annotations

import argparse
import asyncio
import cProfile
import math
import multiprocessing
import pstats
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import date
from decimal import Decimal
from multiprocessing.connection import Connection
from pathlib import Path

import httpx2
import openai
from pydantic import SecretStr

from jd_assets.llm.budget import Budget, Purse
from jd_assets.llm.client import LlmClient
from jd_assets.llm.parse import answer_contract, call
from jd_assets.llm.prices import ModelPrice, price_of
from jd_assets.llm.profiles import PROFILES
from jd_assets.llm.requests import Call, RequestMaker
from jd_assets.llm.transport import Transport
from jd_assets.stages.parse.domain import DOMAINS, OTHER
from jd_assets.storage.state import State
from jd_assets_tests.llm.conftest import MODEL, POSTING
from jd_assets_tests.llm.fake_openai import KEY, FakeOpenAI

DAY = date(2026, 3, 2)
PRICE = ModelPrice(input=Decimal("0.20"), cached_input=Decimal("0.02"), output=Decimal("0.50"))


def main() -> None:
    options = _options()
    conversation, other = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(
        target=_serve, args=(other, options.latency), daemon=True
    )
    server.start()
    url = conversation.recv()
    calls = [call(f"jd-{n}", _posting(n), DAY) for n in range(options.jds)]
    ideal = options.jds * options.latency / options.in_flight
    rounds = math.ceil(options.jds / options.in_flight) * options.latency
    print(f"{options.jds} calls, {options.in_flight} in flight, {options.latency} s each")
    print(f"ideal {ideal:.2f} s, in whole rounds {rounds:.2f} s")
    for name, (seconds, cpu) in {
        "openai package alone": asyncio.run(_package(url, calls, options.in_flight)),
        "transport alone": asyncio.run(_transport(url, calls, options.in_flight)),
        "with cache, ledger and budget": _whole(url, calls, options.in_flight, options.profile),
    }.items():
        print(
            f"{name:30} {seconds:6.2f} s = {ideal / seconds:6.1%} of ideal, "
            f"{cpu / options.jds * 1000:.2f} ms CPU a call"
        )
    conversation.send("end")
    server.join(5)


async def _transport(url: str, calls: list[Call], in_flight: int) -> tuple[float, float]:
    """Wall and CPU seconds of the same bodies sent with nothing around the transport."""
    transport = Transport(url, SecretStr(KEY), 60)
    await transport.models()

    async def send(body: bytes) -> bytes:
        return (await transport.ask("/chat/completions", body)).body

    took = await _timed(send, calls, in_flight)
    await transport.close()
    return took


async def _package(url: str, calls: list[Call], in_flight: int) -> tuple[float, float]:
    """The same by the openai package, at its least: bytes in and bytes out, no models made of them."""
    client = openai.AsyncOpenAI(api_key=KEY, base_url=url, max_retries=0, timeout=60)
    await client.models.list()

    async def send(body: bytes) -> bytes:
        response = await client.post(
            "/chat/completions", cast_to=httpx2.Response, content=body,
            options={"headers": {"Content-Type": "application/json"}},
        )  # fmt: skip
        return response.content

    took = await _timed(send, calls, in_flight)
    await client.close()
    return took


async def _timed(
    send: Callable[[bytes], Awaitable[bytes]], calls: list[Call], in_flight: int
) -> tuple[float, float]:
    maker = RequestMaker(MODEL, PROFILES["openai"], answer_contract((*DOMAINS, OTHER)), "none")
    bodies = [maker.body(one, one.max_tokens) for one in calls]

    async def work() -> None:
        while bodies:
            assert b"choices" in await send(bodies.pop())

    started, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(work() for _ in range(in_flight)))
    return time.perf_counter() - started, time.process_time() - cpu


def _whole(url: str, calls: list[Call], in_flight: int, profile: bool) -> tuple[float, float]:
    with tempfile.TemporaryDirectory() as folder:
        state = State(f"sqlite:///{Path(folder) / 'state.sqlite'}")
        client = LlmClient(
            state.ledger, url, SecretStr(KEY), MODEL,
            price=price_of(MODEL, url, {MODEL: PRICE}), budget=Budget(Purse("run", 10**12)),
            day_limit_nano_usd=10**13, concurrency=in_flight,
        )  # fmt: skip
        contract = answer_contract((*DOMAINS, OTHER))
        client.ask_all([call("first", "Job Title: x", DAY)], contract)
        profiler = cProfile.Profile()
        if profile:
            profiler.enable()
        started, cpu = time.perf_counter(), time.process_time()
        answers = client.ask_all(calls, contract)
        took = time.perf_counter() - started, time.process_time() - cpu
        if profile:
            profiler.disable()
            pstats.Stats(profiler).sort_stats("tottime").print_stats(40)
        assert sum(isinstance(a, contract) for a in answers) == len(calls)
        assert len(state.ledger.attempts(DAY)) == len(calls) + 1
        client.close()
        return took


def _serve(conversation: Connection, latency: float) -> None:
    with FakeOpenAI(latency=latency) as server:
        conversation.send(server.url)
        conversation.recv()


def _posting(number: int) -> str:
    """A posting of a usual length, 3,000 characters, unlike any other."""
    duty = "- Plan, build and run services that carriers and shippers use every day\n"
    return f"{POSTING}{duty * 30}Reference: {number}\n"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jds", type=int, default=1000)
    parser.add_argument("--in-flight", type=int, default=64)
    parser.add_argument("--latency", type=float, default=0.5)
    parser.add_argument("--profile", action="store_true", help="Show where the CPU time goes.")
    return parser.parse_args()


if __name__ == "__main__":
    main()
