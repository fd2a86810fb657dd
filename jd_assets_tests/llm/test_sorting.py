"""Answers sorted from questions that have none."""

import pytest
from pydantic import BaseModel

from jd_assets.llm.errors import CallFailed, InBatch
from jd_assets.llm.sorting import answered


class Word(BaseModel):
    word: str


def test_answers_keep_their_subjects_and_the_others_say_why() -> None:
    unanswered = {"earlier": "budget"}
    answers = [Word(word="yes"), CallFailed("refused", "no"), Word(word="no"), InBatch("waits")]
    found = answered(["a", "b", "c", "d"], answers, unanswered)
    assert list(found.items()) == [("a", Word(word="yes")), ("c", Word(word="no"))]
    assert unanswered == {"earlier": "budget", "b": "refused", "d": "batch"}


def test_an_answer_too_few_is_no_silence() -> None:
    with pytest.raises(ValueError, match="shorter"):
        answered(["a", "b"], [Word(word="yes")], {})
