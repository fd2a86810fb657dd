"""One exchange: what comes of it, and what is never done. The tests' endpoint speaks OpenAI's protocol."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable

import openai
import pytest
from aiohttp import web
from pydantic import SecretStr

from jd_assets.llm.profiles import PROFILES
from jd_assets.llm.requests import RequestMaker
from jd_assets.llm.transport import Outcome, Reply, Transport
from jd_assets_tests.llm.conftest import MODEL
from jd_assets_tests.llm.fake_openai import KEY, FakeOpenAI
from jd_assets_tests.llm.test_endpoints import CALL, CONTRACT

BODY = b'{"a": 1}'
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


def exchange(answer: Answer, *, timeout: float = 5.0, method: str = "ask") -> tuple[Reply, list[str]]:
    """What the transport makes of a server's answer, and the paths that the server was asked for."""
    asked: list[str] = []

    async def served(request: web.Request) -> web.StreamResponse:
        asked.append(request.path)
        return await answer(request)

    async def run() -> Reply:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", served)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        transport = Transport(f"http://127.0.0.1:{runner.addresses[0][1]}/v1", SecretStr(KEY), timeout)
        try:
            return await (transport.ask("/chat/completions", BODY) if method == "ask" else transport.models())
        finally:
            await transport.close()
            await runner.cleanup()

    return asyncio.run(run()), asked


def test_the_body_is_sent_as_it_is_with_the_key() -> None:
    got: list[tuple[bytes, str, str]] = []

    async def answer(request: web.Request) -> web.Response:
        got.append((await request.read(), request.headers["Authorization"], request.content_type))
        return web.json_response({"fine": True}, headers={"x-ratelimit-limit-requests": "60"})

    reply, asked = exchange(answer)
    assert got == [(BODY, f"Bearer {KEY}", "application/json")]
    assert asked == ["/v1/chat/completions"]
    assert (reply.outcome, json.loads(reply.body)) == (Outcome.ANSWERED, {"fine": True})
    assert reply.headers["X-RateLimit-Limit-Requests"] == "60"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirected_question_is_not_asked_again_elsewhere(status: int) -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=status, headers={"Location": "/elsewhere"})

    reply, asked = exchange(answer)
    assert asked == ["/v1/chat/completions"]
    assert (reply.outcome, reply.error) == (Outcome.STOPPED, f"HTTP {status}")


def test_endless_redirects_of_a_page_end() -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": request.path})

    reply, asked = exchange(answer, method="models")
    assert len(asked) > 1
    assert reply.outcome is Outcome.REJECTED


def test_an_answer_that_trickles_is_not_waited_for_for_ever() -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b" ")
            await asyncio.sleep(0.05)

    reply, _ = exchange(answer, timeout=0.4)
    assert (reply.outcome, reply.error) == (Outcome.LOST, "timeout")
    assert 300 < reply.latency_ms < 2000


@pytest.mark.parametrize(
    ("status", "body", "outcome", "error"),
    [
        (500, b"<html>", Outcome.FAULTY, "HTTP 500"),
        (400, b"[" * 100_000, Outcome.REJECTED, "HTTP 400"),
        (400, b'{"error": ["odd"]}', Outcome.REJECTED, "HTTP 400"),
        (400, b'{"error": {"code": 7, "type": "invalid_request_error"}}', Outcome.REJECTED,
         "HTTP 400 invalid_request_error"),
        (429, b'{"error": {"code": "insufficient_quota"}}', Outcome.STOPPED, "HTTP 429 insufficient_quota"),
        (418, f'{{"error": {{"code": "no_{KEY}", "type": "No, {KEY}"}}}}'.encode(), Outcome.REJECTED,
         "HTTP 418"),
    ],
)  # fmt: skip
def test_errors_are_told_by_status_and_code_alone(
    status: int, body: bytes, outcome: Outcome, error: str
) -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=status, body=body)

    reply, _ = exchange(answer)
    assert (reply.outcome, reply.error, reply.body) == (outcome, error, b"")


@pytest.mark.parametrize(
    "endpoint", ["nonsense", "ftp://127.0.0.1/v1", "http://", "http://user:pw@127.0.0.1:9/v1"]
)
def test_an_address_that_is_none_is_refused_without_an_exception(endpoint: str) -> None:
    async def run() -> Reply:
        transport = Transport(endpoint, SecretStr(KEY), 1.0)
        try:
            return await transport.ask("/chat/completions", BODY)
        finally:
            await transport.close()

    assert asyncio.run(run()).outcome is Outcome.REJECTED


def test_a_proxy_of_the_systems_settings_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeOpenAI() as gone:
        pass
    monkeypatch.setenv("http_proxy", gone.url.removesuffix("/v1"))

    async def run(endpoint: str) -> Reply:
        transport = Transport(endpoint, SecretStr(KEY), 1.0)
        try:
            return await transport.models()
        finally:
            await transport.close()

    with FakeOpenAI() as server:
        monkeypatch.setenv("no_proxy", "")
        assert asyncio.run(run(server.url)).outcome is Outcome.UNSENT
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        assert asyncio.run(run(server.url)).outcome is Outcome.ANSWERED


def test_the_tests_endpoint_speaks_what_openais_own_client_reads() -> None:
    asked = json.loads(RequestMaker(MODEL, PROFILES["openai"], CONTRACT, "none").body(CALL, 1000))
    with FakeOpenAI(["refusal", "rate_limited"]) as server:
        client = openai.OpenAI(api_key=KEY, base_url=server.url, max_retries=0)
        assert MODEL in [model.id for model in client.models.list()]
        refused = client.chat.completions.create(**asked).choices[0].message
        assert refused.refusal
        assert refused.content is None
        with pytest.raises(openai.RateLimitError) as limited:
            client.chat.completions.create(**asked)
        assert limited.value.code == "rate_limit_exceeded"
        answer = client.chat.completions.create(**asked)
        read = CONTRACT.model_validate_json(answer.choices[0].message.content or "")
        assert read.model_dump()["role"] == "Backend Engineer"
        assert answer.usage is not None
        assert answer.usage.prompt_tokens > 500
