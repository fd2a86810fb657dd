"""What an endpoint sent back, as it is judged."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel

from jd_assets.llm.answers import judge
from jd_assets.llm.prices import Usage


class Word(BaseModel):
    word: str


USAGE = b'"usage": {"prompt_tokens": 7, "completion_tokens": 3}'


@pytest.mark.parametrize(
    "content",
    [r'"{\"word\": \"\ud800\"}"', '"[' + "[" * 5_000 + '"', "[" * 400 + "]" * 400],
    ids=["half a surrogate pair", "a deep text", "deep beside the usage"],
)
def test_the_usage_of_an_answer_that_one_reader_refuses_is_kept(content: str) -> None:
    body = b'{"choices": [{"message": {"content": %s}}], %s}' % (content.encode(), USAGE)
    answer: Any = judge(body, Word)
    assert (answer.status, answer.value, answer.usage) == ("invalid", None, Usage(7, 0, 0, 3))


def test_an_answer_in_the_contracts_shape_is_read() -> None:
    body = rb'{"choices": [{"message": {"content": "{\"word\": \"caf\u00e9\"}"}}], %s}' % USAGE
    assert judge(body, Word).value == Word(word="café")
