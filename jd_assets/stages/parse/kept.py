"""Answers about lines that are kept, as one line is asked about several times."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

T = TypeVar("T")

LONGEST = 400
"""Characters. Longer lines are seldom seen twice, and would make memory grow with the texts that are read."""


def kept_if_short(answers: int) -> Callable[[Callable[[str], T]], Callable[[str], T]]:
    """Decorates a function of a line: of lines up to `LONGEST`, so many last answers are kept."""

    def decorate(function: Callable[[str], T]) -> Callable[[str], T]:
        known = lru_cache(answers)(function)

        @wraps(function)
        def answer(line: str) -> T:
            return known(line) if len(line) <= LONGEST else function(line)

        return answer

    return decorate
