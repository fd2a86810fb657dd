"""Embeddings by an endpoint: a JD's duties in one request, the library's texts in many."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import numpy as np

from jd_assets.llm.answers import Answer, token_count
from jd_assets.llm.client import LlmClient, Tally
from jd_assets.llm.errors import LlmError, Unfit
from jd_assets.llm.prices import Usage
from jd_assets.llm.profiles import Profile
from jd_assets.llm.requests import encoded
from jd_assets.llm.sorting import answered
from jd_assets.models.embedder import Vectors
from jd_assets.settings import Stage
from jd_assets.tables import VECTOR_WIDTH

STAGE: Stage = "embedding"
LIBRARY = "library"
"""What the ledger calls embeddings of a day's duties, and of a release's texts."""
API = 1

MOST_TEXTS = 64
MOST_CHARACTERS = 2_000
"""Texts in one request, and characters of a text, which is cut there: endpoints take 300,000 tokens of a
request and 8,192 of a text (platform.openai.com/docs/api-reference/embeddings)."""


def model_id(model: str, endpoint: str) -> str:
    """What vectors of a model at an endpoint are called. The same name at another address may be another
    model, so the address is in it."""
    return f"{model}/{VECTOR_WIDTH}@{endpoint.rstrip('/')}"


@dataclass(frozen=True, slots=True)
class EmbeddingCall:
    """Texts to embed in one request, about one JD where `jd_id` is set."""

    ds: date
    jd_id: str | None
    stage: str
    texts: tuple[str, ...]
    api: int = API
    max_tokens: int = 0  # an answer has none


class EmbeddingRequests:
    """Requests for vectors of VECTOR_WIDTH numbers.

    Servers that take `dimensions` are asked for that width, others must have it by themselves.
    """

    path = "/embeddings"

    def __init__(self, model: str, profile: Profile) -> None:
        self._model = model
        # As base64 a vector has a third of the bytes; not every server has it.
        self._extra: dict[str, Any] = (
            {"dimensions": VECTOR_WIDTH, "encoding_format": "base64"} if profile.dimensions else {}
        )

    def body(self, call: EmbeddingCall, max_tokens: int) -> bytes:
        """The request as it is sent."""
        texts = [text[:MOST_CHARACTERS] for text in call.texts]
        return encoded({"model": self._model, "input": texts, **self._extra})

    def judge(self, call: EmbeddingCall, body: bytes) -> Answer[Vectors]:
        """The texts' unit vectors, shape (texts, VECTOR_WIDTH). Vectors of another width are `unusable`: the
        model gives no others."""
        try:
            envelope = json.loads(body)
        except (ValueError, RecursionError):
            return Answer("invalid", None, None, "the response is no JSON")
        told = envelope.get("usage") if isinstance(envelope, dict) else None
        sent = token_count(told, "prompt_tokens")
        usage = None if sent is None else Usage(input_tokens=sent)
        try:
            entries = sorted(envelope["data"], key=lambda entry: int(entry["index"]))
            if [entry["index"] for entry in entries] != list(range(len(call.texts))):
                return Answer("invalid", None, usage, "not one vector for each text")
            rows = [_numbers(entry["embedding"]) for entry in entries]
        except (LookupError, TypeError, ValueError, OverflowError):
            return Answer("invalid", None, usage, "the response has no vectors")
        wrong = next((len(row) for row in rows if len(row) != VECTOR_WIDTH), None)
        if wrong is not None:
            return Answer(
                "invalid", None, usage,
                f"{self._model} gives vectors of {wrong} numbers, and the tables hold {VECTOR_WIDTH}: set a "
                "model that has as many, or one that can be told to, at a server of the profile openai",
                unusable=True,
            )  # fmt: skip
        vectors = np.stack(rows).astype(np.float32)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        if not np.isfinite(lengths).all() or (lengths < 1e-6).any():
            return Answer("invalid", None, usage, "a vector without a direction")
        return Answer("ok", vectors / lengths, usage)


class EndpointEmbedder:
    """The embedder of a client's model. What an endpoint leaves unanswered stays out, with the reason in
    `unanswered`, by JD."""

    def __init__(self, client: LlmClient) -> None:
        self.unanswered: dict[str, str] = {}
        self._client = client
        self._requests = EmbeddingRequests(client.model, client.profile)

    @property
    def tally(self) -> Tally:
        """What was asked of the endpoint."""
        return self._client.tally

    @property
    def model_id(self) -> str:
        """Names the vectors; those of two ids are never compared."""
        return model_id(self._client.model, self._client.endpoint)

    def embed_jds(self, sentences: Mapping[str, Sequence[str]], ds: date) -> dict[str, Vectors]:
        """Unit vectors of each JD's sentences, in their order, by JD; JDs that have not all are left out.

        Raises:
            Unfit: the model's vectors have another width than the tables.
        """
        calls = {jd: self._calls(texts, ds, jd, STAGE) for jd, texts in sentences.items()}
        answers = iter(self._ask([call for of_jd in calls.values() for call in of_jd]))
        whole = [_joined([(call, next(answers)) for call in of_jd]) for of_jd in calls.values()]
        known = answered(calls, whole, self.unanswered)
        return {jd: _in_order(known[jd], sentences[jd]) for jd in known}

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit-length vectors of the texts of a release, shape (texts, VECTOR_WIDTH), in their order.

        Raises:
            LlmError: the endpoint did not embed all of them; what it did is kept for the next time.
        """
        calls = self._calls(sorted(set(texts)), datetime.now(UTC).date(), None, LIBRARY)
        joined = _joined(list(zip(calls, self._ask(calls), strict=True)))
        if isinstance(joined, LlmError):
            raise joined
        return _in_order(joined, texts)

    def embed_each(self, texts: Sequence[str]) -> Vectors:
        """The same: an endpoint's vector is taken to depend on its text alone."""
        return self.embed(texts)

    def embed_groups(self, groups: Sequence[Sequence[str]]) -> list[Vectors]:
        """The same of several lists of texts."""
        ends = np.cumsum([len(texts) for texts in groups])
        return np.split(self.embed([text for texts in groups for text in texts]), ends[:-1])

    def _calls(self, texts: Sequence[str], ds: date, jd_id: str | None, stage: str) -> list[EmbeddingCall]:
        distinct = list(dict.fromkeys(texts))
        return [
            EmbeddingCall(ds, jd_id, stage, tuple(distinct[first : first + MOST_TEXTS]))
            for first in range(0, len(distinct), MOST_TEXTS)
        ]

    def _ask(self, calls: Sequence[EmbeddingCall]) -> list[Vectors | LlmError]:
        answers = self._client.ask_each(calls, self._requests)
        for answer in answers:
            if isinstance(answer, Unfit):
                raise answer
        return answers


def _joined(parts: Iterable[tuple[EmbeddingCall, Vectors | LlmError]]) -> dict[str, Vectors] | LlmError:
    """Vectors by text, or why one of the calls has none."""
    found: dict[str, Vectors] = {}
    for call, answer in parts:
        if isinstance(answer, LlmError):
            return answer
        found.update(zip(call.texts, answer, strict=True))
    return found


def _in_order(known: Mapping[str, Vectors], texts: Sequence[str]) -> Vectors:
    if not texts:
        return np.empty((0, VECTOR_WIDTH), dtype=np.float32)
    return np.stack([known[text] for text in texts])


def _numbers(embedding: Any) -> Vectors:
    """A vector as endpoints write it: a list of numbers, or base64 of little-endian float32.

    Raises:
        TypeError, ValueError: it is neither.
    """
    if isinstance(embedding, str):
        try:
            return np.frombuffer(base64.b64decode(embedding, validate=True), dtype="<f4")
        except binascii.Error as error:
            raise ValueError("no base64") from error
    if not isinstance(embedding, list):
        raise TypeError("no list")
    vector: Vectors = np.array(embedding, dtype=np.float32)
    if vector.ndim != 1:
        raise ValueError("no vector")
    return vector
