"""How often a client may ask: a token bucket for what computes or writes, a wider one for all else."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from jd_assets.web.problems import problem

MOST_CLIENTS = 10_000
"""Clients whose buckets are known at a time; the one that asked longest ago is forgotten first."""


class Buckets:
    """One token bucket for each client: it holds `per_minute` tokens and gains as many in a minute.

    A bucket is the one moment at which it is full again (the generic cell rate algorithm), so that a client
    costs a name and a number, and one whose moment is past costs nothing.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._each = 60 / per_minute
        self._clock = clock
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def take(self, client: str) -> float:
        """Takes a token. 0.0 where there was one, else the seconds until there is."""
        now = self._clock()
        full_at = max(now, self._full_at.get(client, now)) + self._each
        wait = full_at - now - 60
        if wait > 1e-9:  # the sum of 60 / n, n times, is 60 but for rounding
            return wait
        self._full_at[client] = full_at
        self._full_at.move_to_end(client)
        while len(self._full_at) > MOST_CLIENTS or next(iter(self._full_at.values())) <= now:
            self._full_at.popitem(last=False)
        return 0.0

    def __len__(self) -> int:
        return len(self._full_at)


def client_of(scope: Scope) -> str:
    """Whose bucket a request takes from: its address, or the /64 of one of IPv6, which is one customer's."""
    host = str(scope["client"][0]) if scope.get("client") else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host[:100]
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or IPv6Address(int(address) >> 64 << 64))
    return host


class Rates:
    """Answers 429 to a client that asks more often than it may, before its body is read."""

    def __init__(self, app: ASGIApp, posts_per_minute: int, reads_per_minute: int) -> None:
        self._app = app
        self._posts, self._reads = Buckets(posts_per_minute), Buckets(reads_per_minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        buckets = self._posts if scope["method"] == "POST" else self._reads
        wait = math.ceil(buckets.take(client_of(scope)))
        if wait:
            answer = problem(
                Request(scope),
                429,
                f"too many requests from this address: ask again in {wait} seconds",
                {"Retry-After": str(wait)},
            )
            await answer(scope, receive, send)
        else:
            await self._app(scope, receive, send)
