"""One HTTP exchange with an OpenAI-compatible endpoint, told in words that are safe to keep."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit
from urllib.request import getproxies, proxy_bypass

from pydantic import SecretStr

if TYPE_CHECKING:
    import aiohttp


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
_STOPPING = frozenset((401, 403, 404))
_TRYING_AGAIN = frozenset((408, 409, 425))
_CONNECT = 10.0  # seconds to look the endpoint's name up and reach it


class Transport:
    """Sends requests, each once. For one event loop.

    aiohttp is called directly: sent by the openai client, which adds nothing that is used here, the same
    request costs three times the CPU (`python -m benchmarks.llm_throughput` has both).
    """

    def __init__(self, endpoint: str, api_key: SecretStr, timeout: float) -> None:
        if not _KEY.fullmatch(api_key.get_secret_value()):
            # A key with a line break in it would fail in the HTTP library, whose error shows it.
            raise ValueError("the API key is empty, or has white space or other unprintable characters")
        self.endpoint = endpoint
        self._api_key = api_key
        self._timeout = timeout

    def __repr__(self) -> str:
        return f"Transport({self.endpoint!r})"

    async def ask(self, path: str, body: bytes) -> Reply:
        """One question, such as a chat completion, of a body that is sent as it is; never raises for what
        the endpoint or the network does."""
        return await self._post(path, body)

    async def models(self) -> Reply:
        """The endpoint's list of models; never raises, as `ask`."""
        return await self._get("/models", {})

    async def upload(self, name: str, content: bytes) -> Reply:
        """Uploads the file of a batch."""
        import aiohttp

        form = aiohttp.FormData({"purpose": "batch"})
        form.add_field("file", content, filename=name, content_type="application/jsonl")
        return await self._exchange("POST", "/files", data=form)

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
        return await self._post("/batches", json.dumps(body).encode())

    async def batches(self, after: str | None = None) -> Reply:
        """A page of the batches, the newest first."""
        return await self._get("/batches", {"after": after})

    async def batch(self, remote_id: str) -> Reply:
        """How a batch stands."""
        return await self._get(f"/batches/{quote(remote_id, safe='')}", {})

    async def close(self) -> None:
        if "_session" in self.__dict__:
            await self._session.close()

    async def _post(self, path: str, body: bytes) -> Reply:
        import aiohttp

        # As a payload it brings its header along, which is not merged with those of the session then.
        content = aiohttp.BytesPayload(body, content_type="application/json")
        return await self._exchange("POST", path, data=content)

    async def _get(self, path: str, query: Mapping[str, str | None]) -> Reply:
        asked = {name: value for name, value in query.items() if value is not None}
        return await self._exchange("GET", path, params=asked)

    @cached_property
    def _session(self) -> aiohttp.ClientSession:
        import aiohttp

        return aiohttp.ClientSession(
            # The client bounds the calls in flight itself.
            connector=aiohttp.TCPConnector(limit=0),
            headers={"Authorization": f"Bearer {self._api_key.get_secret_value()}"},
            timeout=aiohttp.ClientTimeout(total=self._timeout, connect=min(self._timeout, _CONNECT)),
            cookie_jar=aiohttp.DummyCookieJar(),
            proxy=_proxy(self.endpoint),
        )

    async def _exchange(self, method: str, path: str, **request: Any) -> Reply:
        """A redirected question is not followed: it would be asked again, at an address that nobody set."""
        import aiohttp

        started = time.perf_counter()
        try:
            async with self._session.request(
                method, self.endpoint.rstrip("/") + path, allow_redirects=method == "GET", **request
            ) as response:
                body = await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.ClientHttpProxyError):
            return Reply(Outcome.UNSENT, _since(started), error="not reached")
        except TimeoutError:
            return Reply(Outcome.LOST, _since(started), error="timeout")
        except (aiohttp.NonHttpUrlClientError, aiohttp.TooManyRedirects, ValueError) as error:
            return Reply(Outcome.REJECTED, _since(started), error=type(error).__name__)
        except aiohttp.ClientError:
            return Reply(Outcome.LOST, _since(started), error="connection lost")
        if response.status < 300:
            return Reply(Outcome.ANSWERED, _since(started), body, headers=response.headers)
        return self._refusal(response.status, body, response.headers, _since(started))

    def _refusal(self, status: int, body: bytes, headers: Mapping[str, str], latency_ms: float) -> Reply:
        code = self._code(body)
        words = f"HTTP {status}" + (f" {code}" if code else "")
        if status < 400 or status in _STOPPING or code in ("insufficient_quota", "invalid_api_key"):
            return Reply(Outcome.STOPPED, latency_ms, error=words)
        if status == 429:
            waiting = retry_after(headers)
            return Reply(Outcome.RATE_LIMITED, latency_ms, error=words, retry_after=waiting, headers=headers)
        if status >= 500 or status in _TRYING_AGAIN:
            return Reply(Outcome.FAULTY, latency_ms, error=words, retry_after=retry_after(headers))
        return Reply(Outcome.REJECTED, latency_ms, error=words)

    def _code(self, body: bytes) -> str | None:
        """The endpoint's error code if it looks like one; its message is not kept, as it may quote the
        request or the key."""
        try:
            told = json.loads(body)
        except (ValueError, RecursionError):
            return None
        error = told.get("error") if isinstance(told, dict) else None
        for code in (error.get("code"), error.get("type")) if isinstance(error, dict) else ():
            if (
                isinstance(code, str)
                and _CODE.fullmatch(code)
                and self._api_key.get_secret_value() not in code
            ):
                return code
        return None


def _proxy(endpoint: str) -> str | None:
    """The proxy that the system's usual settings (HTTPS_PROXY, ALL_PROXY, NO_PROXY) name for an address."""
    address, named = urlsplit(endpoint), getproxies()
    return None if proxy_bypass(address.netloc) else named.get(address.scheme, named.get("all"))


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
