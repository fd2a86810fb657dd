"""What an engine beside the signals must offer to decide on roles, and when it is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from jd_assets.contracts import RoleQuestion, RoleVerdict


class Judge(Protocol):
    """Chooses roles by other means than signals; `engine` is what the rows that it decided say."""

    @property
    def engine(self) -> str: ...

    def decide(self, questions: Mapping[str, RoleQuestion], ds: date) -> Mapping[str, RoleVerdict]:
        """What it says to each question, by JD id. A JD that it gave no answer for is left out, never
        raised for."""
        ...


@dataclass(frozen=True)
class Panel:
    """`first` decides among a JD's likeliest roles; `second`, which is told more of fewer roles, where the
    title names several or the lead is thin. JDs whose confidence by the signals is `below` or more are
    decided by the signals alone; None: none are."""

    first: Judge
    second: Judge
    below: float | None = None
