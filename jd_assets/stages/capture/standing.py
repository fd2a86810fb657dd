"""What people said of a thing of the review queue, and what of it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol, TypeVar

PENDING = "pending"

REOPENED = "reopened"
"""The record that takes a decision back: its thing waits again, and both records are kept."""


class MadeDecision(Protocol):
    """Somebody's word on an item: approved, rejected or merged, or REOPENED."""

    @property
    def decision(self) -> str: ...

    @property
    def decided_by(self) -> str: ...

    @property
    def decided_at(self) -> datetime: ...


Made = TypeVar("Made", bound=MadeDecision)


def standing(members: Iterable[str], decisions: Mapping[str, Made]) -> Made | None:
    """The last word on a row of the queue: that on any of its members. Which member names the row depends
    on the days that are there, so a decision on one that it had before counts on."""
    made = [decisions[member] for member in members if member in decisions]
    return max(made, key=lambda d: d.decided_at, default=None)


def status_of(last: MadeDecision | None) -> str:
    """How a thing stands after the last word on it."""
    return PENDING if last is None or last.decision == REOPENED else last.decision


def standing_columns(members: Iterable[str], decisions: Mapping[str, MadeDecision]) -> dict[str, Any]:
    """The columns of REVIEW_QUEUE that say how a row stands, and who said so when."""
    last = standing(members, decisions)
    return {
        "status": status_of(last),
        "decided_by": last.decided_by if last else None,
        "decided_at": last.decided_at if last else None,
    }
