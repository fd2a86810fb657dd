"""Embeddings of the fake endpoint: texts that share words lie near each other."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

NATIVE_WIDTH = 1536
"""Of a vector where the request names no `dimensions`."""
_WORDS = re.compile(r"[a-z]+")


def embeddings(body: dict[str, Any], fault: str | None) -> dict[str, Any]:
    """The list of embeddings for a request, the last text's first; a token is four bytes of the texts."""
    width = body.get("dimensions", NATIVE_WIDTH) + (fault == "wrong_width")
    entries = [
        {"object": "embedding", "index": n, "embedding": _written(embedded(text, width), body)}
        for n, text in enumerate(body["input"])
    ][::-1]
    if fault == "wrong_schema":
        entries.pop()
    if fault == "malformed":
        entries[0]["embedding"] = "no vector"
    answer: dict[str, Any] = {"object": "list", "model": body["model"], "data": entries}
    if fault != "missing_usage":
        tokens = len("".join(body["input"]).encode()) // 4
        answer["usage"] = {"prompt_tokens": tokens, "total_tokens": tokens}
    return answer


def embedded(text: str, width: int) -> npt.NDArray[np.float32]:
    """Three times the unit mean of the vectors of the text's words: endpoints need not send unit vectors."""
    words = [w.removesuffix("s") for w in _WORDS.findall(text.lower())] or [text]
    total = np.sum([_word(word, width) for word in words], axis=0)
    return (3 * total / np.linalg.norm(total)).astype(np.float32)


@cache
def _word(word: str, width: int) -> npt.NDArray[np.float64]:
    seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8])
    return np.random.default_rng(seed).normal(size=width)


def _written(vector: npt.NDArray[np.float32], body: dict[str, Any]) -> Any:
    if body.get("encoding_format") == "base64":
        return base64.b64encode(vector.astype("<f4").tobytes()).decode()
    return [round(float(number), 7) for number in vector]
