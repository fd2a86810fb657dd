"""Questions on their way to being asked: their requests made, what the ledger knows of them looked up."""

from __future__ import annotations

import asyncio
import hashlib
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

from jd_assets.llm.requests import Asked, Requests, request_sha256
from jd_assets.storage.ledger import Ledger

C = TypeVar("C", bound=Asked)
T = TypeVar("T")

_AT_ONCE = 500  # questions whose answers are looked up together


@dataclass(frozen=True, slots=True)
class Question(Generic[C]):
    """A call made ready: its first request, the answer stored for that, and whether its day has asked it
    before."""

    number: int
    call: C
    name: str
    body: bytes
    request_sha256: str
    stored: bytes | None
    begun: bool


class Questions(Generic[C, T]):
    """Calls made ready a few hundred at a time, so that looking them up costs two queries."""

    def __init__(self, calls: Iterable[C], endpoint: str, requests: Requests[C, T], ledger: Ledger) -> None:
        self.requests = requests
        self._calls = enumerate(calls)
        self._endpoint = endpoint
        self._ledger = ledger
        self._ready: deque[Question[C]] = deque()
        self._preparing = asyncio.Lock()

    async def next(self) -> Question[C] | None:
        if not self._ready:
            async with self._preparing:
                if not self._ready:
                    await self._prepare()
        return self._ready.popleft() if self._ready else None

    async def stored(self, shas: Sequence[str]) -> dict[str, bytes]:
        return await asyncio.to_thread(self._ledger.responses, shas)

    async def _prepare(self) -> None:
        made = []
        for number, call in islice(self._calls, _AT_ONCE):
            body = self.requests.body(call, call.max_tokens)
            sha = request_sha256(self._endpoint, body)
            made.append((number, call, _call_name(call, sha), body, sha))
        stored = await self.stored([sha for *_, sha in made])
        begun = await asyncio.to_thread(self._ledger.begun, [name for _, _, name, _, _ in made])
        self._ready.extend(
            Question(number, call, name, body, sha, stored.get(sha), name in begun)
            for number, call, name, body, sha in made
        )


def _call_name(call: Asked, sha: str) -> str:
    """The same for a question however often its day runs, so that its attempts are numbered through."""
    return hashlib.sha256(f"{call.ds}/{call.jd_id}/{call.stage}/{sha}".encode()).hexdigest()[:32]
