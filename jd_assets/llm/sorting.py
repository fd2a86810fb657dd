"""Which questions were answered, and why the others were not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from jd_assets.llm.errors import LlmError

T = TypeVar("T")


def answered(
    subjects: Iterable[str], answers: Sequence[T | LlmError], unanswered: dict[str, str]
) -> dict[str, T]:
    """The answers by what each is about, in order; the reasons of the others go into `unanswered`.

    Raises:
        ValueError: there are more answers than subjects, or fewer.
    """
    found: dict[str, T] = {}
    for subject, answer in zip(subjects, answers, strict=True):
        if isinstance(answer, LlmError):
            unanswered[subject] = answer.reason
        else:
            found[subject] = answer
    return found
