"""The shipped sentence encoder: all-MiniLM-L6-v2, int8, on onnxruntime."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from jd_assets.tables import VECTOR_WIDTH

Vectors = npt.NDArray[np.float32]

_FOLDER = Path(__file__).resolve().parent / "minilm_l6_v2"
MODEL_ID = "all-MiniLM-L6-v2/int8-v2"
MAX_TOKENS = 128
"""The length that the model was trained with; what is past it is cut."""

_BATCH_TOKENS = 1024
"""Padded tokens in a batch. Measured on 2 cores: 512 and 1,024 are alike, 2,048 is a fifth slower."""

_SLOW_FUSIONS = ["SkipLayerNormFusion"]
"""The fused kernel of onnxruntime 1.32 adds and normalises value by value: without it a batch takes 12 to
26 % less CPU."""


class Embedder(Protocol):
    """What a stage asks of an embedding model."""

    @property
    def model_id(self) -> str:
        """Names model and precision; vectors of two ids are never compared."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit-length vectors of the texts, shape (len(texts), VECTOR_WIDTH), in their order."""
        ...

    def embed_each(self, texts: Sequence[str]) -> Vectors:
        """The same, but what a text's vector is depends on that text alone, to the last bit."""
        ...

    def embed_groups(self, groups: Sequence[Sequence[str]]) -> list[Vectors]:
        """Vectors of each group's texts, which depend on the texts of that group alone."""
        ...


class MiniLmEmbedder:
    """Embeds each distinct text once, in batches of texts of about the same length."""

    model_id = MODEL_ID

    def __init__(self, workers: int | None = None) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        # A batch a core beats a batch over all cores: the same on idle ones, and half the time where
        # they are shared. It also makes the vectors independent of the number of cores.
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            _FOLDER / "model.onnx",
            options,
            providers=["CPUExecutionProvider"],
            disabled_optimizers=_SLOW_FUSIONS,
        )
        self._tokenizer = Tokenizer.from_file(str(_FOLDER / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._pool = ThreadPoolExecutor(workers or len(os.sched_getaffinity(0)), "embed")

    def embed(self, texts: Sequence[str]) -> Vectors:
        return self._embed([texts], _BATCH_TOKENS)[0]

    def embed_each(self, texts: Sequence[str]) -> Vectors:
        # In a batch the int8 scales depend on the other texts: a text's vectors in two batches have a cosine
        # of 0.95 to 1.0. One text a batch takes a third more CPU for sentences, twice as much for names.
        return self._embed([texts], 0)[0]

    def embed_groups(self, groups: Sequence[Sequence[str]]) -> list[Vectors]:
        return self._embed(groups, _BATCH_TOKENS)

    def _embed(self, groups: Sequence[Sequence[str]], batch_tokens: int) -> list[Vectors]:
        distinct = [sorted(set(texts)) for texts in groups]
        encoded = [self._tokenizer.encode_batch_fast(texts) for texts in distinct]
        tokens = [[e.ids for e in of_group] for of_group in encoded]
        batches = [
            (group, batch)
            for group, (own, texts) in enumerate(zip(tokens, distinct, strict=True))
            for batch in _batches(own, texts, batch_tokens)
        ]
        made = self._pool.map(lambda at: self._run([tokens[at[0]][i] for i in at[1]]), batches)
        vectors = [np.empty((len(texts), VECTOR_WIDTH), dtype=np.float32) for texts in distinct]
        for (group, batch), rows in zip(batches, made, strict=True):
            vectors[group][batch] = rows
        places = [{text: i for i, text in enumerate(texts)} for texts in distinct]
        return [
            own[np.array([place[text] for text in texts], dtype=np.int64)]
            for own, place, texts in zip(vectors, places, groups, strict=True)
        ]

    def _run(self, tokens: list[list[int]]) -> Vectors:
        ids = np.zeros((len(tokens), max(map(len, tokens))), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, sentence in enumerate(tokens):
            ids[row, : len(sentence)] = sentence
            mask[row, : len(sentence)] = 1
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        embedding: Vectors = self._session.run(["embedding"], feed)[0]
        return embedding


def _batches(tokens: list[list[int]], texts: list[str], batch_tokens: int) -> list[list[int]]:
    """Indexes of texts of about the same length, at most so many padded tokens, or one text. Ties are broken
    by the text, so that one set of texts always makes the same batches: the model's int8 scales depend on
    what shares a batch."""
    order = sorted(range(len(texts)), key=lambda i: (len(tokens[i]), texts[i]))
    batches: list[list[int]] = []
    for index in order:
        if batches and (len(batches[-1]) + 1) * len(tokens[index]) <= batch_tokens:
            batches[-1].append(index)
        else:
            batches.append([index])
    return batches


@lru_cache(maxsize=1)
def shipped_embedder() -> MiniLmEmbedder:
    """The process's one instance: loading takes about 0.3 s."""
    return MiniLmEmbedder()
