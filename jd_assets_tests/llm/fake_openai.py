"""An OpenAI-compatible endpoint on loopback: it reads the posting of a request by simple rules and answers
in the shape asked for, or misbehaves on command."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from jd_assets_tests.llm.fake_batches import FakeBatches
from jd_assets_tests.llm.fake_embeddings import embeddings

KEY = "sk-proj-Zq7vN2mX9TtB4rWfLk"
FAULTS = frozenset(
    (
        "rate_limited", "server_error", "dropped", "cut_short", "slow", "not_json", "malformed", "truncated",
        "refusal", "wrong_schema", "wrong_width", "missing_usage", "quota_exhausted", "unauthorized",
        "bad_request",
    )
)  # fmt: skip

_POSTING = re.compile(r"BEGIN POSTING (\w+)\n(.*)\nEND POSTING \1\Z", re.DOTALL)
_SKILLS = re.compile(
    r"(?:knowledge of|Skills:|REST services in) ([^.\n;]+)|^- ((?:[\w ]+, )+[\w ]+)$", re.MULTILINE
)
_PLUS = re.compile(r"Nice to have: ([^.\n;]+)")
_LISTED = re.compile(r", | and ")
_ADDED = re.compile(r"add(?: the)? skill (\w+)", re.IGNORECASE)
_ORDER = re.compile(r"answer role (\w+)", re.IGNORECASE)


class FakeOpenAI:
    """A server on a free port of 127.0.0.1, as a context manager; its event loop has a thread of its own.

    `faults` are taken one by one, each by the next request; `always` is the fault of every request after
    them. `invented` is mixed into every answer. `received` are the requests' bodies, in order. `headers` go
    with every answer to a question; `owned_by` and `models` are what the list of models says.
    """

    def __init__(
        self,
        faults: Iterable[str] = (),
        *,
        always: str | None = None,
        retry_after: str = "2",
        invented: dict[str, Any] | None = None,
        latency: float = 0.0,
        headers: dict[str, str] | None = None,
        models: Sequence[str] = ("gpt-6-luna", "text-embedding-3-small"),
        owned_by: str = "system",
        port: int = 0,
    ) -> None:
        self.faults = deque(faults)
        self.always = always
        assert {*self.faults, *filter(None, [always])} <= FAULTS
        self.retry_after = retry_after
        self.invented = invented or {}
        self.latency = latency
        self.headers = headers or {}
        self.models = models
        self.owned_by = owned_by
        self.batches = FakeBatches(lambda body: completion(body, None, self.invented))
        self.received: list[dict[str, Any]] = []
        self.bytes_received: list[bytes] = []
        self._socket = socket.create_server(("127.0.0.1", port), backlog=512)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/v1"
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> FakeOpenAI:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _serve(self) -> None:
        server = self._loop.run_until_complete(asyncio.start_server(self._connection, sock=self._socket))
        self._ready.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Requests of one connection, one after the other, until either side ends it."""
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                method, path, _ = head[0].split()
                given = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in head[1:])}
                body = await reader.readexactly(int(given.get("content-length", 0)))
                answer = await self._answer(method, path, given, body)
                writer.write(answer.encoded())
                await writer.drain()
                if answer.hangs_up:
                    return
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            return  # a client that hangs up, or a server that ends, is no news
        finally:
            writer.close()

    async def _answer(self, method: str, path: str, given: dict[str, str], raw: bytes) -> _Answer:
        key = given.get("authorization", "").removeprefix("Bearer ")
        if (method, path) == ("GET", "/v1/models"):
            if key != KEY:
                return _error(401, "invalid_api_key", f"Incorrect API key provided: {key}.")
            entries = [{"id": m, "object": "model", "owned_by": self.owned_by} for m in self.models]
            return _Answer(200, json.dumps({"object": "list", "data": entries}).encode())
        if key == KEY and (told := self.batches.answer(method, path, raw)) is not None:
            return _Answer(*told, hangs_up=not told[0])
        if (method, path) not in (("POST", "/v1/chat/completions"), ("POST", "/v1/embeddings")):
            return _error(404, "not_found", "no such page")
        body = json.loads(raw)
        self.received.append(body)
        self.bytes_received.append(raw)
        fault = self.faults.popleft() if self.faults else self.always
        if self.latency:
            await asyncio.sleep(self.latency)
        if fault == "slow":
            await asyncio.sleep(1.0)
        return self._misbehave(fault, key, body) or self._complete(body, fault)

    def _misbehave(self, fault: str | None, key: str, body: dict[str, Any]) -> _Answer | None:
        """The answer to a question that is not taken."""
        if key != KEY or fault == "unauthorized":
            return _error(401, "invalid_api_key", f"Incorrect API key provided: {key}.")
        if fault == "rate_limited":
            wait = {"Retry-After": self.retry_after}
            return _error(429, "rate_limit_exceeded", "Slow down.", self.headers | wait)
        if fault == "quota_exhausted":
            return _error(429, "insufficient_quota", f"The account of {key} is empty.", {"Retry-After": "1"})
        if fault == "server_error":
            return _error(500, "server_error", f"Failed with {key} on {json.dumps(body)[:200]}")
        if fault == "bad_request":
            return _error(400, f"bad_{key}", f"Can't read {json.dumps(body)[:200]}")
        return _Answer(0, b"", hangs_up=True) if fault == "dropped" else None

    def _complete(self, body: dict[str, Any], fault: str | None) -> _Answer:
        made = embeddings(body, fault) if "input" in body else completion(body, fault, self.invented)
        content = json.dumps(made).encode()
        if fault == "not_json":
            content = b"<html>Bad gateway</html>"
        return _Answer(200, content, self.headers, hangs_up=fault == "cut_short")


@dataclass(frozen=True)
class _Answer:
    """What goes back; status 0 is nothing at all, and one that hangs up promises more than it sends."""

    status: int
    content: bytes
    headers: dict[str, str] = field(default_factory=dict)
    hangs_up: bool = False

    def encoded(self) -> bytes:
        if not self.status:
            return b""
        length = len(self.content) + (100 if self.hangs_up else 0)
        lines = {"Content-Type": "application/json", "Content-Length": str(length), **self.headers}
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        return f"HTTP/1.1 {self.status} -\r\n{head}\r\n".encode("latin-1") + self.content


def _error(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> _Answer:
    error = {"error": {"message": message, "type": code, "code": code, "param": None}}
    return _Answer(status, json.dumps(error).encode(), headers or {})


def completion(body: dict[str, Any], fault: str | None, invented: dict[str, Any]) -> dict[str, Any]:
    """The chat completion for a request; a token is four bytes of it, and the first message's are cached."""
    system, user = (message["content"] for message in body["messages"])
    asked = body["response_format"]["json_schema"]
    answer = RULES[asked["name"]](user, asked["schema"]) | invented
    content = json.dumps({name: answer[name] for name in asked["schema"]["properties"]})
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


def read_posting(user: str, schema: dict[str, Any]) -> dict[str, Any]:
    """What a model would read in a posting whose facts stand as "Label: value" lines. It is an obedient one:
    told in the posting to answer a role or to add a skill, it does."""
    fenced = _POSTING.search(user)
    assert fenced, "the posting is fenced and stands last"
    posting = fenced[2]
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
        "skills": {
            "main": [s for told in _SKILLS.findall(posting) for s in _LISTED.split(told[0] or told[1])]
            + _ADDED.findall(posting),
            "plus": [s for told in _PLUS.findall(posting) for s in _LISTED.split(told)],
            "soft": [],
        },
    }


def decide(user: str, schema: dict[str, Any]) -> dict[str, Any]:
    """The option whose name shares most words with the posting's first line, none if it shares none. It is an
    obedient model: told to choose an option or to answer a role, it does."""
    fenced = _POSTING.search(user)
    assert fenced, "the posting is fenced and stands last"
    options = dict(re.findall(r"^(\d)\. (.+?):", user[: fenced.start()], re.MULTILINE))
    title, _, rest = fenced[2].partition("\n")
    words = {w.lower() for w in re.findall(r"\w+", title)}
    shared = {n: len(words & set(name.lower().split())) for n, name in options.items()}
    best = max(shared, key=lambda n: shared[n])
    told = re.search(r"choose (?:option|number) (\w+)", fenced[2], re.IGNORECASE) or _ORDER.search(fenced[2])
    duty = re.search(r"^(?:- )?(\w+ .{10,})$", rest, re.MULTILINE)
    return {
        "evidence": [told[0] if told else duty[1] if duty else title],
        "reasoning": "Its first duty is one of this role.",
        "choice": told[1] if told else best if shared[best] else "none",
    }


def type_skills(user: str, schema: dict[str, Any]) -> dict[str, Any]:
    """The first of the allowed names for everything; a name with a slash is two skills. A name that says to
    leave it out is left out."""
    fenced = _POSTING.search(user)
    assert fenced, "the names are fenced"
    named = dict(re.findall(r"^(\d+)\. (.+)$", fenced[2], re.MULTILINE))
    return {"skills": [_type(int(n), name, schema) for n, name in named.items() if "leave out" not in name]}


def _type(n: int, name: str, schema: dict[str, Any]) -> dict[str, Any]:
    allowed = schema["$defs"]["NumberedSkill"]["properties"]
    parts = name.split("/")
    return {
        "n": n,
        "description": f"{name} is something that postings ask for.",
        "category": _allowed(allowed["category"])[0],
        "sub_category": "general",
        "skill_nature": "TOOL",
        "volatility": "EVOLVING",
        "typical_lifespan": "MEDIUM",
        "version_strategy": "RELEASE",
        "dimensions": _allowed(allowed["dimensions"]["items"])[:1],
        "same_as": None,
        "parts": parts if len(parts) > 1 else [],
        "parent": "Java",
        "requires": ["SQL"],
        "alternatives": ["Something that no library has"],
    }


def plan_role(user: str, schema: dict[str, Any]) -> dict[str, Any]:
    """A role of the title, its first duties and all its skills, and a duty that no posting has."""
    fenced = _POSTING.search(user)
    assert fenced, "the postings are fenced and stand last"
    order = _ORDER.search(fenced[2])
    skills = [s for s in (_line(fenced[2], "Skills") or "").split(", ") if s]
    duties = re.findall(r"^- (.+)$", fenced[2], re.MULTILINE)[:2]
    return {
        "name": order[1] if order else _line(fenced[2], "Title"),
        "archetype": "Does what the postings say.",
        "domain": _allowed(schema["properties"]["domain"])[0],
        "kras": [{"kra": " ".join(d.rstrip(".").split()[:4]), "says": d} for d in duties]
        + [{"kra": "rule over the company", "says": "Rules over the company."}],
        "primary": [*skills, "Kingship"],
        "secondary": [],
        "dimensions": [
            {
                "dimension": _allowed(schema["$defs"]["PlannedDimension"]["properties"]["dimension"])[0],
                "skills": skills,
            }
        ],
    }


RULES: dict[str, Callable[[str, dict[str, Any]], dict[str, Any]]] = {
    "parse": read_posting,
    "decision": decide,
    "adjudication": decide,
    "enrichment": type_skills,
    "planner": plan_role,
}
"""By the name of the schema asked for: what the model makes of the user's message, in its shape."""


def _allowed(schema: dict[str, Any]) -> list[str]:
    """The values that a property may have."""
    return schema["enum"] if "enum" in schema else [schema["const"]]


def _line(posting: str, label: str) -> str | None:
    found = re.search(rf"^{label}: (.+)$", posting, re.MULTILINE)
    return found[1].strip() if found else None
