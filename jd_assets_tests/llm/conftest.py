"""A client of a fake endpoint, with time that passes only when it is waited for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from jd_assets.llm.budget import Budget, Purse
from jd_assets.llm.client import LlmClient
from jd_assets.llm.parse import LlmParser
from jd_assets.llm.prices import ModelPrice, price_of
from jd_assets.stages.parse.domain import DOMAINS, OTHER
from jd_assets.storage.state import State
from jd_assets_tests.llm.fake_openai import KEY, FakeOpenAI

DAY = date(2026, 3, 2)
MODEL = "gpt-6-luna"
PRICES = {MODEL: ModelPrice(input=Decimal("0.10"), cached_input=Decimal("0.01"), output=Decimal("0.50"))}
DOLLAR = 1_000_000_000

POSTING = """Job Title: Backend Engineer
Company: Lumen Freight Systems
Location: Pune
Salary: 12-18 LPA

About the role
We are hiring a Backend Engineer to build the services that plan lorry routes.

Responsibilities
- Design and build REST services in Python
- Review code and mentor two junior engineers
- Run the services in production and fix what breaks

Requirements
- 3-5 years of experience in backend development
- Good knowledge of PostgreSQL and Docker
Education: B.Tech in Computer Science
"""


class Time:
    """A clock that sleeping moves on."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(f"sqlite:///{tmp_path / 'state.sqlite'}")


@pytest.fixture
def time_() -> Time:
    return Time()


MakeClient = Callable[..., LlmClient]


@pytest.fixture
def make_client(state: State, time_: Time) -> Iterator[MakeClient]:
    """A client of an endpoint, with a dollar to spend unless told otherwise."""
    clients: list[LlmClient] = []

    def make(
        server: FakeOpenAI, *, nano_usd: int = DOLLAR, key: str = KEY, concurrency: int = 1, **more: Any
    ) -> LlmClient:
        client = LlmClient(
            state.ledger, server.url, SecretStr(key), MODEL,
            price=price_of(MODEL, server.url, PRICES), budget=Budget(Purse("run", nano_usd)),
            concurrency=concurrency, sleep=time_.sleep, clock=time_.clock, **({"timeout": 5.0} | more),
        )  # fmt: skip
        clients.append(client)
        return client

    yield make
    for client in clients:
        client.close()


def parser_of(client: LlmClient) -> LlmParser:
    return LlmParser(client, domains=(*DOMAINS, OTHER))


def spent_by(client: LlmClient) -> int:
    """Nano-dollars that its run's budget counts."""
    return client.budget.purses[0].spent
