"""An OpenAI-compatible endpoint on loopback: it reads the posting of a request by simple rules and answers
in the shape asked for, or misbehaves on command."""

from __future__ import annotations

import json
import re
import threading
import time
from collections import deque
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

KEY = "sk-proj-Zq7vN2mX9TtB4rWfLk"
FAULTS = frozenset(
    (
        "rate_limited", "server_error", "dropped", "cut_short", "slow", "not_json", "malformed", "truncated",
        "refusal", "wrong_schema", "missing_usage", "quota_exhausted", "unauthorized", "bad_request",
    )
)  # fmt: skip

_POSTING = re.compile(r"BEGIN POSTING (\w+)\n(.*)\nEND POSTING \1\Z", re.DOTALL)
_ORDER = re.compile(r"answer role (\w+)", re.IGNORECASE)


class FakeOpenAI:
    """A server on a free port of 127.0.0.1, as a context manager.

    `faults` are taken one by one, each by the next request; `always` is the fault of every request after
    them. `invented` is mixed into every answer. `received` are the requests' bodies, in order.
    """

    def __init__(
        self,
        faults: Iterable[str] = (),
        *,
        always: str | None = None,
        retry_after: str = "2",
        invented: dict[str, Any] | None = None,
        latency: float = 0.0,
    ) -> None:
        self.faults = deque(faults)
        self.always = always
        assert {*self.faults, *filter(None, [always])} <= FAULTS
        self.retry_after = retry_after
        self.invented = invented or {}
        self.latency = latency
        self.received: list[dict[str, Any]] = []
        self.bytes_received: list[bytes] = []
        self.lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.fake = self

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self) -> FakeOpenAI:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def take(self, raw: bytes) -> tuple[dict[str, Any], str | None]:
        """Notes a request and says what is to go wrong with it."""
        body = json.loads(raw)
        with self.lock:
            self.received.append(body)
            self.bytes_received.append(raw)
            return body, self.faults.popleft() if self.faults else self.always


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    fake: FakeOpenAI

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each answer waits 40 ms for an acknowledgement
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is logged."""

    def do_POST(self) -> None:
        fake = self.server.fake
        body, fault = fake.take(self.rfile.read(int(self.headers["Content-Length"])))
        if fake.latency:
            time.sleep(fake.latency)
        key = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if self.path != "/v1/chat/completions":
            self._error(404, "not_found", "no such page")
        elif key != KEY or fault == "unauthorized":
            self._error(401, "invalid_api_key", f"Incorrect API key provided: {key}.")
        elif fault == "rate_limited":
            self._error(429, "rate_limit_exceeded", "Slow down.", {"Retry-After": fake.retry_after})
        elif fault == "quota_exhausted":
            self._error(429, "insufficient_quota", f"The account of {key} is empty.", {"Retry-After": "1"})
        elif fault == "server_error":
            self._error(500, "server_error", f"Failed with {key} on {json.dumps(body)[:200]}")
        elif fault == "bad_request":
            self._error(400, f"bad_{key}", f"Can't read {json.dumps(body)[:200]}")
        elif fault == "dropped":
            self.close_connection = True
        else:
            if fault == "slow":
                time.sleep(1.0)
            self._answer(completion(body, fault, fake.invented), fault)

    def _answer(self, envelope: dict[str, Any], fault: str | None) -> None:
        content = b"<html>Bad gateway</html>" if fault == "not_json" else json.dumps(envelope).encode()
        if fault == "cut_short":
            self._send(200, content, length=len(content) + 100)
            self.close_connection = True
        else:
            self._send(200, content)

    def _error(self, status: int, code: str, message: str, headers: dict[str, str] | None = None) -> None:
        error = {"error": {"message": message, "type": code, "code": code, "param": None}}
        self._send(status, json.dumps(error).encode(), headers=headers)

    def _send(
        self,
        status: int,
        content: bytes,
        *,
        length: int | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(length or len(content)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)


def completion(body: dict[str, Any], fault: str | None, invented: dict[str, Any]) -> dict[str, Any]:
    """The chat completion for a request; a token is four bytes of it, and the first message's are cached."""
    system, user = (message["content"] for message in body["messages"])
    posting = _POSTING.search(user)
    assert posting, "the posting is fenced and stands last"
    content = json.dumps({**read(posting[2]), **invented})
    message: dict[str, Any] = {"role": "assistant", "content": content, "refusal": None}
    finish = "stop"
    if fault == "malformed":
        message["content"] = content[: len(content) // 2]
    elif fault == "wrong_schema":
        message["content"] = json.dumps({"role": 7, "secret thought": content})
    elif fault == "refusal":
        message |= {"content": None, "refusal": "I can't help with that."}
    elif fault == "truncated":
        message["content"], finish = content[:20], "length"
    envelope: dict[str, Any] = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": body["model"],
        "choices": [{"index": 0, "message": message, "finish_reason": finish, "logprobs": None}],
    }
    if fault != "missing_usage":
        sent, received = len(json.dumps(body)) // 4, len(message["content"] or "") // 4
        envelope["usage"] = {
            "prompt_tokens": sent,
            "completion_tokens": received,
            "total_tokens": sent + received,
            "prompt_tokens_details": {"cached_tokens": len(system) // 4},
        }
    return envelope


def read(posting: str) -> dict[str, Any]:
    """What a model would read in a posting whose facts stand as "Label: value" lines. It is an obedient one:
    told in the posting to answer a role, it does."""
    order = _ORDER.search(posting)
    years = re.search(r"(\d+)-(\d+) years", posting)
    pay = re.search(r"(\d+)-(\d+) LPA", posting)
    degree = _line(posting, "Education")
    city = _line(posting, "Location")
    return {
        "role": order[1] if order else _line(posting, "Job Title"),
        "role_aliases": [],
        "company_name": _line(posting, "Company"),
        "about_company": None,
        "domain": {"primary": {"domain": "Software Engineering"}, "secondary": None},
        "experience": {
            "min": float(years[1]) if years else None,
            "max": float(years[2]) if years else None,
            "raw": years[0] if years else None,
        },
        "education": [
            {"level": "Bachelor's", "qualification": degree, "raw": degree, "requirement": "required"}
        ]
        if degree
        else [],
        "certifications": [],
        "ctc": {
            "min": float(pay[1]) * 1e5,
            "max": float(pay[2]) * 1e5,
            "currency": "INR",
            "period": "year",
            "raw": pay[0],
        }
        if pay
        else None,
        "job_locations": [{"city": city, "state": None, "country": None, "work_mode": None}] if city else [],
    }


def _line(posting: str, label: str) -> str | None:
    found = re.search(rf"^{label}: (.+)$", posting, re.MULTILINE)
    return found[1].strip() if found else None
