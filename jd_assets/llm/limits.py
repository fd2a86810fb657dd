"""What an endpoint lets through in a minute: kept to before it has to say so, corrected by what it says."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

_MINUTE = 60.0
_SHORTEST = 0.001  # seconds; a rounding error is no time to wait
Sleep = Callable[[float], Awaitable[None]]


class Bucket:
    """Units that fill up at a steady rate to a limit a minute; without a limit it lets everything through."""

    def __init__(self, per_minute: float | None, now: float) -> None:
        self.limit = per_minute
        self._level = per_minute or 0.0
        self._at = now

    def wait(self, units: float, now: float) -> float:
        """Seconds until so many units are there; at most the whole limit is waited for."""
        if self.limit is None:
            return 0.0
        self._fill(now)
        missing = min(units, self.limit) - self._level
        return max(0.0, missing * _MINUTE / self.limit)

    def take(self, units: float) -> None:
        self._level -= units

    def correct(self, limit: float | None, remaining: float | None, now: float) -> None:
        """Takes what the endpoint says over what was assumed; requests still on the way are not in its
        `remaining` yet, so it only ever lowers the level."""
        if limit is not None and limit > 0 and limit != self.limit:
            self._level = limit if self.limit is None else min(self._level, limit)
            self.limit, self._at = limit, now
        if remaining is not None and self.limit is not None:
            self._fill(now)
            self._level = min(self._level, remaining)

    def _fill(self, now: float) -> None:
        assert self.limit is not None
        self._level = min(self.limit, self._level + max(0.0, now - self._at) * self.limit / _MINUTE)
        self._at = now


class RateLimits:
    """The endpoint's limits on requests and tokens a minute, and the cool-down that it asked for.

    All callers of one client share it, so that one 429 holds all of them back.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        sleep: Sleep,
        requests_per_minute: float | None = None,
        tokens_per_minute: float | None = None,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._requests = Bucket(requests_per_minute, clock())
        self._tokens = Bucket(tokens_per_minute, clock())
        self._not_before = clock()

    async def admit(self, tokens: float) -> None:
        """Waits until a request of about so many tokens may be sent."""
        while True:
            now = self._clock()
            wait = max(self._not_before - now, self._requests.wait(1, now), self._tokens.wait(tokens, now))
            if wait <= 0:
                self._requests.take(1)
                self._tokens.take(tokens)
                return
            await self._sleep(max(wait, _SHORTEST))

    def hold(self, seconds: float) -> None:
        """Lets nothing through for so many seconds from now."""
        self._not_before = max(self._not_before, self._clock() + seconds)

    def correct(self, headers: Mapping[str, str]) -> None:
        """Learns from a response's `x-ratelimit-*` headers, as OpenAI and others send them."""
        if "x-ratelimit-limit-requests" not in headers and "x-ratelimit-limit-tokens" not in headers:
            return
        now = self._clock()
        for bucket, unit in ((self._requests, "requests"), (self._tokens, "tokens")):
            limit, remaining = (
                _number(headers.get(f"x-ratelimit-{what}-{unit}")) for what in ("limit", "remaining")
            )
            bucket.correct(limit, remaining, now)


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if 0 <= value < 1e12 else None
