"""Asks a model one question and accounts for it: cache first, budget before sending, ledger after."""

from __future__ import annotations

import hashlib
import random
import time
from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar

from pydantic import BaseModel, SecretStr

from jd_assets.llm.answers import Answer, judge
from jd_assets.llm.budget import Budget
from jd_assets.llm.errors import CallFailed, EngineStopped
from jd_assets.llm.prices import Price, Usage
from jd_assets.llm.requests import Call, encoded, request_body, request_sha256
from jd_assets.llm.transport import Outcome, Reply, Transport
from jd_assets.storage.state import State

T = TypeVar("T", bound=BaseModel)

TRIES = 6
"""Times that one request is sent while the endpoint is busy or broken."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 20.0  # seconds; the pause doubles in between
_LONGEST_COOL_DOWN = 120.0  # seconds; an endpoint that asks for more is not waited for


class LlmClient:
    """One model at one endpoint, under one budget. Safe to use from many threads.

    An answer is kept in `state` before anything is made of it, and the same question is never sent again.
    `sleep` and `clock` (seconds) are replaced in tests; `seed` sets the jitter of the pauses.
    """

    def __init__(
        self,
        state: State,
        endpoint: str,
        api_key: SecretStr,
        model: str,
        *,
        price: Price,
        budget: Budget,
        effort: str | None = "none",
        timeout: float = 60.0,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        seed: int = 0,
    ) -> None:
        self.model = model
        self.endpoint = endpoint
        self.budget = budget
        self._state = state
        self._price = price
        self._effort = effort
        self._transport = Transport(endpoint, api_key, timeout)
        self._sleep = sleep
        self._clock = clock
        self._seed = seed
        self._lock = Lock()
        self._not_before = clock()
        self._stopped: str | None = None

    def __repr__(self) -> str:
        return f"LlmClient({self.model!r} at {self.endpoint!r})"

    def close(self) -> None:
        """Closes its connections."""
        self._transport.close()

    def ask(self, call: Call, contract: type[T]) -> T:
        """The model's answer in the contract's shape.

        An answer that is cut off is asked for once more with twice the tokens, one that doesn't fit the
        contract once more as it was.

        Raises:
            CallFailed: refused, invalid or truncated again, or the endpoint stayed busy or broken.
            EngineStopped: the endpoint refuses the key, the quota or the model, now or earlier.
            BudgetExhausted: the call might cost more than the budget has left.
        """
        tokens, resend = call.max_tokens, 0
        name: str | None = None
        sent = False
        while True:
            body = request_body(call, self.model, contract, tokens, self._effort)
            request = encoded(body)
            sha = request_sha256(self.endpoint, request, resend)
            name = name or _call_name(call, sha)
            stored = self._state.response(sha)
            if stored is not None:
                answer = judge(stored, contract)
            else:
                answer = self._send(call, name, body, len(request), sha, contract)
                sent = True
            if answer.status == "truncated" and tokens == call.max_tokens:
                tokens *= 2
            elif answer.status == "invalid" and resend == 0:
                resend = 1
            else:
                break
        if not sent and not self._state.has_attempts(name):
            # Another day paid for this answer; a repeat of this day adds nothing to the ledger.
            self._record(call, name, "cached", Usage(), 0, 0.0, None)
        if answer.value is None:
            raise CallFailed(answer.status, answer.error or answer.status)
        return answer.value

    def _send(
        self, call: Call, name: str, body: dict[str, Any], request_bytes: int, sha: str, contract: type[T]
    ) -> Answer[T]:
        """Sends a request until it is answered, given up or refused; every attempt is in the ledger."""
        most = self._price.most_nano_usd(request_bytes, body["max_completion_tokens"])
        jitter = random.Random(f"{self._seed}/{sha}")
        for number in range(1, TRIES + 1):
            self._cool_down()
            self.budget.reserve(most)
            reply, answer, paid = self._exchange(body, contract, most)
            if answer is not None:
                self._record_answer(call, name, answer, paid, reply, sha)
                return answer
            status = "rate_limited" if reply.outcome is Outcome.RATE_LIMITED else "failed"
            self._record(call, name, status, Usage(), 0, reply.latency_ms, reply.error)
            if reply.outcome is Outcome.STOPPED:
                self._stop(reply.error or "refused")
            if reply.outcome is Outcome.REJECTED:
                raise CallFailed(status, f"the request is refused: {reply.error}")
            if number < TRIES:
                self._pause(reply, number, jitter.random())
        raise CallFailed(status, f"given up after {TRIES} attempts: {reply.error}")

    def _exchange(
        self, body: dict[str, Any], contract: type[T], most: int
    ) -> tuple[Reply, Answer[T] | None, int]:
        """Sends once and settles the reservation. A request whose answer is lost may have been charged, so
        it keeps its upper bound of the budget; the ledger holds only what is known."""
        paid = most
        try:
            reply = self._transport.send(body)
            if reply.outcome is Outcome.ANSWERED:
                answer = judge(reply.body, contract)
                paid = self._price.nano_usd(answer.usage) if answer.usage else most
                return reply, answer, paid
            paid = most if reply.outcome is Outcome.LOST else 0
            return reply, None, paid
        finally:
            self.budget.settle(most, paid)

    def _record_answer(
        self, call: Call, name: str, answer: Answer[T], paid: int, reply: Reply, sha: str
    ) -> None:
        error = answer.error
        if answer.usage is None:
            error = "; ".join(filter(None, (error, "no usage told: charged at its upper bound")))
        self._record(
            call, name, answer.status, answer.usage or Usage(), paid, reply.latency_ms, error,
            answer=(sha, reply.body),
        )  # fmt: skip

    def _record(
        self,
        call: Call,
        name: str,
        status: str,
        usage: Usage,
        paid: int,
        latency_ms: float,
        error: str | None,
        answer: tuple[str, bytes] | None = None,
    ) -> None:
        row = {
            "ds": call.ds,
            "jd_id": call.jd_id,
            "stage": call.stage,
            "api": call.api,
            "model": self.model,
            "status": status,
            "cache_hit": status == "cached",
            "input_tokens": usage.input_tokens,
            "cached_input_tokens": usage.cached_input_tokens,
            "output_tokens": usage.output_tokens,
            "cost_nano_usd": paid,
            "latency_ms": latency_ms,
            "error": error,
        }
        self._state.append_attempt(name, row, answer)

    def _pause(self, reply: Reply, number: int, jitter: float) -> None:
        """Waits before the next attempt; a rate limit holds back the other threads too.

        Raises:
            CallFailed: the endpoint asks for a longer wait than is reasonable.
        """
        seconds = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** (number - 1)) * (0.5 + jitter / 2)
        if reply.retry_after is not None:
            seconds = max(seconds, reply.retry_after)
        limited = reply.outcome is Outcome.RATE_LIMITED
        if seconds > _LONGEST_COOL_DOWN:
            reason = "rate_limited" if limited else "failed"
            raise CallFailed(reason, f"{reply.error}: told to wait {seconds:.0f} s")
        if limited:
            with self._lock:
                self._not_before = max(self._not_before, self._clock() + seconds)
        else:
            self._sleep(seconds)

    def _cool_down(self) -> None:
        while True:
            self._check_stopped()
            with self._lock:
                left = self._not_before - self._clock()
            if left <= 0:
                return
            self._sleep(left)

    def _check_stopped(self) -> None:
        if self._stopped is not None:
            raise EngineStopped(f"no further calls to {self.endpoint}: {self._stopped}")

    def _stop(self, why: str) -> None:
        self._stopped = self._stopped or why
        self._check_stopped()


def _call_name(call: Call, sha: str) -> str:
    """The same for a question however often its day runs, so that its attempts are numbered through."""
    return hashlib.sha256(f"{call.ds}/{call.jd_id}/{call.stage}/{sha}".encode()).hexdigest()[:32]
