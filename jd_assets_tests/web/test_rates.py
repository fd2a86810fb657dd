"""How often a client may ask."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jd_assets.settings import Settings
from jd_assets.web.rates import MOST_CLIENTS, Buckets, client_of
from jd_assets_tests.web.conftest import TOKEN, Serve

API2 = "/skills/extract-details"


class Clock:
    """A time that moves when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_gives_what_it_holds_and_then_what_it_regains() -> None:
    clock = Clock()
    buckets = Buckets(6, clock)
    assert [buckets.take("a") for _ in range(6)] == [0] * 6
    assert buckets.take("a") == pytest.approx(10)
    assert buckets.take("b") == 0
    clock.now += 9.9
    assert buckets.take("a") == pytest.approx(0.1)
    clock.now += 0.1
    assert buckets.take("a") == 0
    assert buckets.take("a") == pytest.approx(10)
    clock.now += 3600
    assert [buckets.take("a") > 0 for _ in range(7)] == [False] * 6 + [True]


@given(st.integers(1, 50), st.lists(st.floats(0, 30), min_size=1, max_size=200))
def test_no_stretch_of_time_gives_more_than_a_bucket_and_what_it_regains(
    per_minute: int, pauses: list[float]
) -> None:
    clock = Clock()
    buckets = Buckets(per_minute, clock)
    taken = []
    for pause in pauses:
        clock.now += pause
        wait = buckets.take("a")
        if wait == 0:
            taken.append(clock.now)
        else:
            clock.now += wait + 1e-6
            assert buckets.take("a") == 0
            taken.append(clock.now)
    for i, start in enumerate(taken):
        for j in range(i, len(taken)):
            assert j - i + 1 <= per_minute * (1 + (taken[j] - start) / 60) + 1e-3


def test_few_clients_are_remembered() -> None:
    clock = Clock()
    buckets = Buckets(2, clock)
    for i in range(MOST_CLIENTS + 500):
        buckets.take(str(i))
    assert len(buckets) == MOST_CLIENTS
    assert buckets.take(str(MOST_CLIENTS + 499)) == 0
    assert buckets.take(str(MOST_CLIENTS + 499)) > 0
    clock.now += 61
    buckets.take("a")
    assert len(buckets) == 1


@pytest.mark.parametrize(
    ("host", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("::1", "::"),
        ("testclient", "testclient"),
        ("x" * 5000, "x" * 100),
    ],
)
def test_a_client_is_an_address_or_the_network_of_one(host: str, client: str) -> None:
    assert client_of({"type": "http", "client": (host, 1)}) == client


def test_a_client_without_an_address_has_a_bucket_too() -> None:
    assert client_of({"type": "http", "client": None}) == ""


def test_posts_are_refused_before_they_are_read(with_token: Settings, serve: Serve) -> None:
    client = serve(with_token.model_copy(update={"web_posts_per_minute": 2}))
    sent = {"authorization": f"Bearer {TOKEN}"}
    assert [client.post(API2, json={}).status_code for _ in range(2)] == [422, 422]
    for path in (API2, "/skills/extract-from-jd", "/batches?format=txt", "/login"):
        answer = client.post(path, content=b"x" * 100, headers=sent)
        assert answer.status_code == 429
        assert answer.headers["retry-after"] == "30"
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert not list(with_token.landing_dir.glob("*/upload-*"))
    refused = client.post(API2, json={})
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json() == {
        "type": "about:blank",
        "title": "Too Many Requests",
        "status": 429,
        "detail": "too many requests from this address: ask again in 30 seconds",
    }
    assert client.get("/").status_code == 200


def test_reading_has_a_rate_of_its_own(site: Settings, serve: Serve) -> None:
    client = serve(site.model_copy(update={"web_reads_per_minute": 2}))
    assert [client.get("/healthz").status_code for _ in range(2)] == [200, 200]
    page = client.get("/")
    assert page.status_code == 429
    assert "too many requests from this address" in page.text
    assert page.headers["content-type"].startswith("text/html")
    assert client.post(API2, json={}).status_code == 422
