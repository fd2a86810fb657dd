"""Why a model gave no answer. No message holds a key, a request or an answer's text."""

from __future__ import annotations

LATER = frozenset({"budget", "stopped", "failed", "rate_limited", "batch"})
"""Reasons that say nothing of the question: a later run may get an answer to it."""


class LlmError(Exception):
    """A call that gave no usable answer; `reason` is a code such as refused."""

    reason = "failed"


class CallFailed(LlmError):
    """This call is given up; others may go on. `reason` is the status of its last attempt."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class EngineStopped(LlmError):
    """The endpoint refuses the key, the model or any further use: no call of this client is sent again."""

    reason = "stopped"


class Unusable(EngineStopped):
    """The endpoint can't do what it is wanted for; found out before anything was sent to be answered."""


class Unfit(Unusable):
    """The model's answers can't be used for what is asked, however often it is asked."""


class InBatch(LlmError):
    """The question, named by its request, is in a batch or waits for one; a run after that has its answer."""

    reason = "batch"

    def __init__(self, message: str, request_sha256: str = "") -> None:
        super().__init__(message)
        self.request_sha256 = request_sha256


class BudgetExhausted(LlmError):
    """The next call might cost more than is left; nothing was sent, and a later run may ask."""

    reason = "budget"
