"""Asks a model many questions at a time and accounts for each: cache first, budget before sending, ledger
after."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import astuple, dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, SecretStr

from jd_assets.library.garbage import rare_collection
from jd_assets.llm.answers import Answer
from jd_assets.llm.booking import Booking
from jd_assets.llm.budget import Budget, exhausted
from jd_assets.llm.errors import CallFailed, EngineStopped, LlmError, Unfit, Unusable
from jd_assets.llm.limits import RateLimits
from jd_assets.llm.loop import new_loop
from jd_assets.llm.prices import Price, Usage
from jd_assets.llm.profiles import PROFILES, Profile, check_endpoint
from jd_assets.llm.questions import Question, Questions
from jd_assets.llm.requests import Asked, Call, RequestMaker, Requests, request_sha256
from jd_assets.llm.transport import Outcome, Reply, Transport
from jd_assets.settings import Profile as ProfileName
from jd_assets.storage.attempts import Attempt
from jd_assets.storage.claims import Answered, Claim, TooMuch
from jd_assets.storage.ledger import Ledger

C = TypeVar("C", bound=Asked)
M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")

TRIES = 6
"""Times that one request is sent while the endpoint is busy or broken."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 20.0  # seconds; the pause doubles in between
_LONGEST_COOL_DOWN = 120.0  # seconds; an endpoint that asks for more is not waited for
_REJECTED_AT_FIRST = 3  # requests refused as such before any is answered: the endpoint takes none of ours
_LOOK_AGAIN = 0.2  # seconds
_BYTES_PER_TOKEN = 4.0  # of English text and JSON, for limits only; money is counted in real tokens


@dataclass
class Tally:
    """What a client did since it was made. Money is in nano-dollars; `avoided` is what the answers that were
    in the cache cost when they were paid for."""

    sent: int = 0
    cache_hits: int = 0
    billed_nano_usd: int = 0
    avoided_nano_usd: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))


@dataclass(frozen=True, slots=True)
class Sendable(Generic[T]):
    """A request ready to be sent: `tokens` is the most that its answer may have."""

    path: str
    body: bytes
    tokens: int
    judge: Callable[[bytes], Answer[T]]


class LlmClient:
    """One model at one endpoint, under one budget. For one thread at a time.

    An answer is kept in the ledger before anything is made of it, and the same question is never sent again,
    by whatever process. `limits` are requests and tokens a minute, where they are known beforehand. `sleep`
    and `clock` (seconds) are replaced in tests; `seed` sets the jitter of the pauses.
    """

    def __init__(
        self,
        ledger: Ledger,
        endpoint: str,
        api_key: SecretStr,
        model: str,
        *,
        price: Price,
        budget: Budget,
        day_limit_nano_usd: int | None = None,
        concurrency: int = 16,
        profile: ProfileName = "openai",
        effort: str | None = "none",
        limits: tuple[float | None, float | None] = (None, None),
        run_id: str | None = None,
        timeout: float = 60.0,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
        seed: int = 0,
    ) -> None:
        self.model = model
        self.endpoint = endpoint
        self.price = price
        self.budget = budget
        self.run_id = run_id
        self.tally = Tally()
        self._ledger = ledger
        self._profile = PROFILES[profile]
        self._effort = effort
        self._concurrency = concurrency
        self._transport = Transport(endpoint, api_key, timeout)
        self._booking = Booking(ledger, day_limit_nano_usd)
        self._sleep = sleep
        self._limits = RateLimits(clock, sleep, *limits)
        self._seed = seed
        self._slots = asyncio.Semaphore(concurrency)
        self._probing = asyncio.Lock()
        self._probed = False
        self._stopped: str | None = None
        self._answered = self._rejected = 0
        self._runner = asyncio.Runner(loop_factory=new_loop)

    def __repr__(self) -> str:
        return f"LlmClient({self.model!r} at {self.endpoint!r})"

    def close(self) -> None:
        """Closes its connections."""
        self._runner.run(self._transport.close())
        self._booking.close()
        self._runner.close()

    @property
    def profile(self) -> Profile:
        """What kind of server it asks."""
        return self._profile

    def ask_all(self, calls: Iterable[Call], contract: type[M]) -> list[M | LlmError]:
        """The model's answer to each question, in order, in the contract's shape, or why there is none: as
        `ask_each` gives them."""
        return self.ask_each(calls, RequestMaker(self.model, self._profile, contract, self._effort))

    def ask_each(self, calls: Iterable[C], requests: Requests[C, T]) -> list[T | LlmError]:
        """What the endpoint says to each question, in order, or why it says nothing.

        An answer that is cut off is asked for once more with twice the tokens, one that doesn't fit the
        contract once more as it was. The errors are CallFailed (refused, invalid or truncated again, or the
        endpoint stayed busy or broken), BudgetExhausted (the call might cost more than a budget has left)
        and EngineStopped (the endpoint refuses the key, the quota or the model, now or earlier; Unusable
        where that showed before the first question).

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the state database can't be used, so nothing may be paid for.
        """
        with rare_collection():
            return self._runner.run(self._ask_all(calls, requests))

    def ask(self, call: Call, contract: type[M]) -> M:
        """The model's answer to one question.

        Raises:
            LlmError: as `ask_each` gives them.
        """
        (answer,) = self.ask_all([call], contract)
        if isinstance(answer, LlmError):
            raise answer
        return answer

    async def _ask_all(self, calls: Iterable[C], requests: Requests[C, T]) -> list[T | LlmError]:
        questions = Questions(calls, self.endpoint, requests, self._ledger)
        results: dict[int, T | LlmError] = {}

        async def work() -> None:
            while (question := await questions.next()) is not None:
                try:
                    answer = await self._answer(question, questions)
                    results[question.number] = answer
                except LlmError as error:
                    results[question.number] = error

        self._booking.start()
        try:
            async with asyncio.TaskGroup() as group:
                # As many again as are in flight may be on their way into the ledger, or out of it.
                for _ in range(2 * self._concurrency):
                    group.create_task(work())
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from None
        finally:
            await self._booking.stop()
        return [results[number] for number in range(len(results))]

    async def _answer(self, question: Question[C], questions: Questions[C, T]) -> T:
        """The answer to a question: from the ledger, else sent for, a bad one once more."""
        call, tokens, resend, requests = question.call, question.call.max_tokens, 0, questions.requests
        body, sha, stored = question.body, question.request_sha256, question.stored
        sent = False

        def judge(response: bytes) -> Answer[T]:
            return requests.judge(call, response)

        while True:
            if stored is None:
                claim = self._claim_of(call, question.name, sha, body, tokens)
                answer, went = await self._send(claim, Sendable(requests.path, body, tokens, judge))
                sent |= went
            else:
                answer, went = judge(stored), False
            if not went:
                self._count_hit(answer)
            if answer.unusable:
                self._stopped = self._stopped or f"{self.endpoint}: {answer.error}"
                raise Unfit(self._stopped)
            if answer.status == "truncated" and tokens == call.max_tokens:
                tokens *= 2
            elif answer.status == "invalid" and resend == 0:
                resend = 1
            else:
                break
            body = requests.body(call, tokens)
            sha = request_sha256(self.endpoint, body, resend)
            stored = (await questions.stored([sha])).get(sha)
        if not sent and not question.begun:
            # Another day paid for this answer; a repeat of this day adds nothing to the ledger.
            claim = self._claim_of(call, question.name, sha, body, tokens)
            avoided = self.price.nano_usd(answer.usage) if answer.usage else 0
            await self._booking.settle(Attempt(claim, "cached", avoided_nano_usd=avoided))
        if answer.value is None:
            raise CallFailed(answer.status, answer.error or answer.status)
        return answer.value

    async def _send(self, claim: Claim, request: Sendable[T]) -> tuple[Answer[T], bool]:
        """The answer to a request and whether it was sent here: sends until it is answered, given up or
        refused, unless another process has the answer first. Every attempt is in the ledger."""
        claimed = False
        try:
            for number in range(1, TRIES + 1):
                counted = 0
                await self.budget.reserve(claim.most_nano_usd)
                try:
                    if not claimed:
                        stored = await self._claim(claim)
                        if stored is not None:
                            return request.judge(stored), False
                        claimed = True
                    reply = await self._exchange(claim, request)
                    if reply.outcome is Outcome.ANSWERED:
                        answer = request.judge(reply.body)
                        attempt = self._attempt(claim, answer, reply)
                    else:
                        attempt = self._failure(claim, reply, last=number == TRIES)
                    counted = attempt.counted_nano_usd
                    await self._booking.settle(attempt)
                    claimed = not attempt.ends
                finally:
                    self.budget.settle(claim.most_nano_usd, counted)
                self.tally.sent += 1
                if reply.outcome is Outcome.ANSWERED:
                    self.tally.billed_nano_usd += attempt.cost_nano_usd
                    return answer, True
                self._give_up_if_final(reply)
                if number < TRIES:
                    await self._pause(reply, number, claim)
            raise CallFailed(attempt.status, f"given up after {TRIES} attempts: {reply.error}")
        finally:
            if claimed:
                await self._booking.give_up(claim)

    async def _exchange(self, claim: Claim, request: Sendable[Any]) -> Reply:
        async with self._slots:
            self._check_stopped()
            await self._limits.admit(len(request.body) / _BYTES_PER_TOKEN + request.tokens)
            self._check_stopped()
            self._booking.sending(claim)
            reply = await self._transport.ask(request.path, request.body)
            self._limits.correct(reply.headers)
            self._note(reply)  # while the slot is held, so that no call starts in between
            return reply

    def _note(self, reply: Reply) -> None:
        """Stops the client where no further request of it can be answered."""
        self._answered += reply.outcome is Outcome.ANSWERED
        self._rejected += reply.outcome is Outcome.REJECTED
        if reply.outcome is Outcome.STOPPED:
            self._stopped = self._stopped or reply.error or "refused"
        if self._rejected >= _REJECTED_AT_FIRST and not self._answered:
            self._stopped = self._stopped or (
                f"it takes none of the requests made for the profile {self._profile.name}: {reply.error}"
            )

    async def _claim(self, claim: Claim) -> bytes | None:
        """Makes the request this process's to send, or gives the answer that another one got.

        Raises:
            BudgetExhausted: the day's budget has no room, and no call in flight that could make some.
            EngineStopped: the endpoint can't be used.
        """
        if not self._probed or self._stopped:
            await self._probe()
        while True:
            verdict = await self._booking.claim(claim)
            if isinstance(verdict, Answered):
                return verdict.body
            if not isinstance(verdict, TooMuch):
                return None
            if not verdict.held_nano_usd:
                limit = self._booking.day_limit or 0
                raise exhausted("day", limit, verdict.left_nano_usd, claim.most_nano_usd)
            await self._booking.end_dead_claims()
            await asyncio.sleep(_LOOK_AGAIN)

    async def _probe(self) -> None:
        """Asks the endpoint once, before the first request, what it is and which models it has.

        Raises:
            Unusable: it refuses the key, is another kind of server than its profile says, or lacks the model.
        """
        async with self._probing:
            self._check_stopped()
            if self._probed:
                return
            reply = await self._transport.models()
            # An endpoint without a list, or one that is down just now, shows at the first request what it is.
            no_list = reply.outcome is Outcome.STOPPED and "404" in (reply.error or "")
            try:
                if reply.outcome is Outcome.STOPPED and not no_list:
                    raise Unusable(f"{self.endpoint} refuses the key: {reply.error}")
                if reply.outcome is Outcome.ANSWERED:
                    check_endpoint(reply.body, self._profile, self.model, self.endpoint)
            except Unusable as error:
                self._stopped = str(error)
                raise
            self._probed = True

    def _attempt(self, claim: Claim, answer: Answer[T], reply: Reply) -> Attempt:
        usage, error = answer.usage or Usage(), answer.error
        paid = self.price.nano_usd(usage) if answer.usage else claim.most_nano_usd
        if answer.usage is None:
            error = "; ".join(filter(None, (error, "no usage told: charged at its upper bound")))
        return Attempt(
            claim, answer.status, reply.latency_ms, error,
            input_tokens=usage.input_tokens,
            cached_input_tokens=usage.cached_input_tokens,
            output_tokens=usage.output_tokens,
            cost_nano_usd=paid,
            counted_nano_usd=paid,
            body=reply.body,
        )  # fmt: skip

    @staticmethod
    def _failure(claim: Claim, reply: Reply, *, last: bool) -> Attempt:
        """A request whose answer is lost may have been charged, so it counts at its most; its claim ends, as
        the next attempt holds as much again. The ledger's cost has only what is known."""
        lost = reply.outcome is Outcome.LOST
        status = "rate_limited" if reply.outcome is Outcome.RATE_LIMITED else "failed"
        counted = claim.most_nano_usd if lost else 0
        final = last or lost or reply.outcome in (Outcome.STOPPED, Outcome.REJECTED)
        return Attempt(claim, status, reply.latency_ms, reply.error, counted_nano_usd=counted, ends=final)

    def _give_up_if_final(self, reply: Reply) -> None:
        if reply.outcome is Outcome.REJECTED:
            raise CallFailed("rejected", f"the request is refused: {reply.error}")
        self._check_stopped()

    async def _pause(self, reply: Reply, number: int, claim: Claim) -> None:
        """Waits before the next attempt; a rate limit holds back the other calls too.

        Raises:
            CallFailed: the endpoint asks for a longer wait than is reasonable.
        """
        jitter = random.Random(f"{self._seed}/{claim.request_sha256}/{number}").random()
        seconds = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** (number - 1)) * (0.5 + jitter / 2)
        if reply.retry_after is not None:
            seconds = max(seconds, reply.retry_after)
        limited = reply.outcome is Outcome.RATE_LIMITED
        if seconds > _LONGEST_COOL_DOWN:
            reason = "rate_limited" if limited else "failed"
            raise CallFailed(reason, f"{reply.error}: told to wait {seconds:.0f} s")
        if limited:
            self._limits.hold(seconds)
        else:
            await self._sleep(seconds)

    def _check_stopped(self) -> None:
        if self._stopped is not None:
            raise EngineStopped(f"no further calls to {self.endpoint}: {self._stopped}")

    def _count_hit(self, answer: Answer[T]) -> None:
        self.tally.cache_hits += 1
        self.tally.avoided_nano_usd += self.price.nano_usd(answer.usage) if answer.usage else 0

    def _claim_of(self, call: Asked, name: str, sha: str, body: bytes, tokens: int) -> Claim:
        most = self.price.most_nano_usd(len(body), tokens)
        return Claim(sha, name, call.ds, call.jd_id, call.stage, call.api, self.model, most, self.run_id)
