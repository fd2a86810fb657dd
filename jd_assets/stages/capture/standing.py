"""What people said of a thing of the review queue, and what of it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Protocol, TypeVar

PENDING = "pending"

REOPENED: Final = "reopened"
"""The record that takes a decision back: its thing waits again, and both records are kept."""


class MadeDecision(Protocol):
    """Somebody's word on an item: approved, rejected or merged, or REOPENED."""

    @property
    def decision(self) -> str: ...

    @property
    def decided_by(self) -> str: ...

    @property
    def decided_at(self) -> datetime: ...


class Recorded(Protocol):
    """A word that was written down, with the things that it is on."""

    @property
    def members(self) -> Sequence[str]: ...


Made = TypeVar("Made", bound=MadeDecision)
Record = TypeVar("Record", bound=Recorded)


def last_words(records: Iterable[Record]) -> dict[str, Record]:
    """The last word on each thing by its item_id, of records in the order in which they were made.

    A word on a row of the queue is one on everything that is folded into it. Which things share a row, and
    which of them names it, depends on the days that are there: wherever a thing stands later, what was said
    of it holds.
    """
    return {member: made for made in records for member in made.members}


def standing(members: Iterable[str], decisions: Mapping[str, Made]) -> Made | None:
    """The last word on a row of the queue, which is that on any of its members; `decisions` are the last
    words on things."""
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
