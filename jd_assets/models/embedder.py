"""The shipped sentence encoder: all-MiniLM-L6-v2, int8, on onnxruntime."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from jd_assets.tables import VECTOR_WIDTH

Vectors = npt.NDArray[np.float32]

_FOLDER = Path(__file__).resolve().parent / "minilm_l6_v2"
MODEL_ID = "all-MiniLM-L6-v2/int8-v1"
MAX_TOKENS = 128
"""The length that the model was trained with; what is past it is cut."""

_BATCH_TOKENS = 1024
"""Padded tokens in a batch. Measured on 2 cores: 1,468 sentences a second; 2,048 gives 1,404 and 4,096 gives 1,270."""


class Embedder(Protocol):
    """What a stage asks of an embedding model."""

    @property
    def model_id(self) -> str:
        """Names model and precision; vectors of two ids are never compared."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit-length vectors of the texts, shape (len(texts), VECTOR_WIDTH), in their order."""
        ...


class MiniLmEmbedder:
    """Embeds each distinct text once, in batches of texts of about the same length."""

    model_id = MODEL_ID

    def __init__(self, threads: int | None = None) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads or len(os.sched_getaffinity(0))
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            _FOLDER / "model.onnx", options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(_FOLDER / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)

    def embed(self, texts: Sequence[str]) -> Vectors:
        distinct = sorted(set(texts))
        if not distinct:
            return np.empty((0, VECTOR_WIDTH), dtype=np.float32)
        tokens = [e.ids for e in self._tokenizer.encode_batch_fast(distinct)]
        # Ties are broken by the text, so that one set of texts always makes the same batches: the
        # model's int8 scales depend on what shares a batch.
        order = sorted(range(len(distinct)), key=lambda i: (len(tokens[i]), distinct[i]))
        vectors = np.empty((len(distinct), VECTOR_WIDTH), dtype=np.float32)
        start = 0
        while start < len(order):
            end = start + 1
            while end < len(order) and (end + 1 - start) * len(tokens[order[end]]) <= _BATCH_TOKENS:
                end += 1
            batch = order[start:end]
            vectors[batch] = self._run([tokens[i] for i in batch])
            start = end
        place = {text: i for i, text in enumerate(distinct)}
        return vectors[[place[text] for text in texts]]

    def _run(self, tokens: list[list[int]]) -> Vectors:
        ids = np.zeros((len(tokens), max(map(len, tokens))), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, sentence in enumerate(tokens):
            ids[row, : len(sentence)] = sentence
            mask[row, : len(sentence)] = 1
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        embedding: Vectors = self._session.run(["embedding"], feed)[0]
        return embedding


@lru_cache(maxsize=1)
def shipped_embedder() -> MiniLmEmbedder:
    """The process's one instance: loading takes about 0.3 s."""
    return MiniLmEmbedder()
