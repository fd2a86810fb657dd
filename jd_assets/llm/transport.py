"""One HTTP exchange with an OpenAI-compatible endpoint, told in words that are safe to keep."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pydantic import SecretStr

if TYPE_CHECKING:
    import httpx2
    import openai
    from openai._types import RequestOptions


class Outcome(StrEnum):
    """What came of a request."""

    ANSWERED = "answered"
    RATE_LIMITED = "rate_limited"
    FAULTY = "faulty"  # the endpoint is at fault; it may be asked again, and has charged nothing
    UNSENT = "unsent"  # the endpoint was not reached
    LOST = "lost"  # sent, but no answer came back: the endpoint may have charged for it
    REJECTED = "rejected"  # the request itself is refused
    STOPPED = "stopped"  # every request would be refused: key, quota, model


@dataclass(frozen=True, slots=True)
class Reply:
    """The end of one exchange; `body` is set where it was answered, `error` where it was not."""

    outcome: Outcome
    latency_ms: float
    body: bytes = b""
    error: str | None = None
    retry_after: float | None = None  # seconds
    headers: Mapping[str, str] = field(default_factory=dict)


_CODE = re.compile(r"[a-z][a-z_]{2,40}")
_KEY = re.compile(r"[!-~]{1,500}")
_AS_JSON: RequestOptions = {"headers": {"Content-Type": "application/json"}}
_STOPPING = frozenset((401, 403, 404))
_TRYING_AGAIN = frozenset((408, 409, 425))
_UNSENT = frozenset(("ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError"))


class Transport:
    """Sends requests with the openai client, which retries nothing by itself here. For one event loop."""

    def __init__(self, endpoint: str, api_key: SecretStr, timeout: float) -> None:
        if not _KEY.fullmatch(api_key.get_secret_value()):
            # A key with a line break in it would fail in the HTTP library, whose error shows it.
            raise ValueError("the API key is empty, or has white space or other unprintable characters")
        self.endpoint = endpoint
        self._api_key = api_key
        self._timeout = timeout

    def __repr__(self) -> str:
        return f"Transport({self.endpoint!r})"

    async def complete(self, body: bytes) -> Reply:
        """One chat completion, of a body that is sent as it is; never raises for what the endpoint or the
        network does.

        The client's `chat.completions.create` would take the body apart and the answer again: 0.5 ms a call.
        """
        return await self._exchange(lambda: self._post("/chat/completions", body))

    async def models(self) -> Reply:
        """The endpoint's list of models; never raises, as `complete`."""
        return await self._get("/models", {})

    async def upload(self, name: str, content: bytes) -> Reply:
        """Uploads the file of a batch."""
        return await self._raw(
            lambda: self._client.files.with_raw_response.create(
                file=(name, content, "application/jsonl"), purpose="batch"
            )
        )

    async def files(self, after: str | None = None) -> Reply:
        """A page of the uploaded files of batches."""
        return await self._get("/files", {"purpose": "batch", "after": after})

    async def content(self, file_id: str) -> Reply:
        """What is in a file."""
        return await self._get(f"/files/{quote(file_id, safe='')}/content", {})

    async def create_batch(self, file_id: str, url: str, metadata: dict[str, str]) -> Reply:
        """Submits the requests of a file, all for the same `url`."""
        body = {
            "input_file_id": file_id, "endpoint": url, "completion_window": "24h", "metadata": metadata,
        }  # fmt: skip
        return await self._exchange(lambda: self._post("/batches", json.dumps(body).encode()))

    async def batches(self, after: str | None = None) -> Reply:
        """A page of the batches, the newest first."""
        return await self._get("/batches", {"after": after})

    async def batch(self, remote_id: str) -> Reply:
        """How a batch stands."""
        return await self._get(f"/batches/{quote(remote_id, safe='')}", {})

    async def close(self) -> None:
        if "_client" in self.__dict__:
            await self._client.close()

    def _post(self, path: str, content: bytes) -> Awaitable[httpx2.Response]:
        import httpx2

        return self._client.post(path, cast_to=httpx2.Response, content=content, options=_AS_JSON)

    async def _get(self, path: str, query: Mapping[str, str | None]) -> Reply:
        import httpx2

        asked = {name: value for name, value in query.items() if value is not None}
        return await self._exchange(
            lambda: self._client.get(path, cast_to=httpx2.Response, options={"params": asked})
        )

    async def _raw(self, send: Callable[[], Awaitable[Any]]) -> Reply:
        async def exchange() -> httpx2.Response:
            response: httpx2.Response = (await send()).http_response
            return response

        return await self._exchange(exchange)

    @cached_property
    def _client(self) -> openai.AsyncOpenAI:
        import openai

        return openai.AsyncOpenAI(
            api_key=self._api_key.get_secret_value(),
            base_url=self.endpoint,
            max_retries=0,
            timeout=self._timeout,
        )

    async def _exchange(self, send: Callable[[], Awaitable[httpx2.Response]]) -> Reply:
        import openai

        started = time.perf_counter()
        try:
            response = await send()
            return Reply(Outcome.ANSWERED, _since(started), response.content, headers=response.headers)
        except openai.APIStatusError as error:
            return self._refusal(error, _since(started))
        except openai.APIConnectionError as error:
            unsent = type(error.__cause__).__name__ in _UNSENT
            kind = "timeout" if isinstance(error, openai.APITimeoutError) else "connection lost"
            outcome = Outcome.UNSENT if unsent else Outcome.LOST
            return Reply(outcome, _since(started), error="not reached" if unsent else kind)
        except openai.OpenAIError as error:
            return Reply(Outcome.REJECTED, _since(started), error=type(error).__name__)

    def _refusal(self, error: openai.APIStatusError, latency_ms: float) -> Reply:
        status, code, headers = error.status_code, self._code(error), error.response.headers
        words = f"HTTP {status}" + (f" {code}" if code else "")
        if status in _STOPPING or code in ("insufficient_quota", "invalid_api_key"):
            return Reply(Outcome.STOPPED, latency_ms, error=words)
        if status == 429:
            waiting = retry_after(headers)
            return Reply(Outcome.RATE_LIMITED, latency_ms, error=words, retry_after=waiting, headers=headers)
        if status >= 500 or status in _TRYING_AGAIN:
            return Reply(Outcome.FAULTY, latency_ms, error=words, retry_after=retry_after(headers))
        return Reply(Outcome.REJECTED, latency_ms, error=words)

    def _code(self, error: openai.APIStatusError) -> str | None:
        """The endpoint's error code if it looks like one; its message is not kept, as it may quote the
        request or the key."""
        for code in (error.code, error.type):
            if (
                isinstance(code, str)
                and _CODE.fullmatch(code)
                and self._api_key.get_secret_value() not in code
            ):
                return code
        return None


def retry_after(headers: Any) -> float | None:
    """Seconds to wait by `retry-after-ms` or `Retry-After` (RFC 9110, section 10.2.3: seconds or a date);
    None if neither says it."""
    for name, unit in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        value = headers.get(name)
        if value is None:
            continue
        try:
            seconds = float(value) / unit
        except ValueError:
            continue
        if 0 <= seconds < float("inf"):
            return seconds
    try:
        moment = parsedate_to_datetime(headers.get("retry-after") or "")
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 3)
