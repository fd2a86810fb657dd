"""The shipped int8 model against the fp32 original, whose vectors export_minilm.py wrote down."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from jd_assets.models.embedder import MiniLmEmbedder, shipped_embedder
from jd_assets.tables import VECTOR_WIDTH

REFERENCE = json.loads((Path(__file__).parent / "minilm_fp32.json").read_text())


@pytest.fixture(scope="module")
def embedder() -> MiniLmEmbedder:
    return shipped_embedder()


def test_int8_vectors_are_close_to_the_original_models(embedder: MiniLmEmbedder) -> None:
    sentences = list(REFERENCE)
    assert len(sentences) == 10
    cosines = (embedder.embed(sentences) * np.array(list(REFERENCE.values()))).sum(axis=1)
    assert cosines.min() > 0.97


def test_each_sentence_alone_is_close_too(embedder: MiniLmEmbedder) -> None:
    for sentence, vector in REFERENCE.items():
        assert float(embedder.embed([sentence])[0] @ np.array(vector)) > 0.97


def test_vectors_have_unit_length_and_follow_the_order_of_the_texts(embedder: MiniLmEmbedder) -> None:
    texts = ["Bake bread.", "Audit accounts of listed companies every quarter.", "Bake bread.", ""]
    vectors = embedder.embed(texts)
    assert vectors.shape == (4, VECTOR_WIDTH)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    np.testing.assert_array_equal(vectors[0], vectors[2])
    assert float(vectors[0] @ vectors[1]) < 0.5


def test_the_same_texts_in_another_order_give_the_same_bits(embedder: MiniLmEmbedder) -> None:
    texts = [f"Task {i} of the day: " + "check the stock " * (i % 7) for i in range(80)]
    forward, backward = embedder.embed(texts), embedder.embed(texts[::-1])
    np.testing.assert_array_equal(forward, backward[::-1])


def test_no_texts_give_no_vectors(embedder: MiniLmEmbedder) -> None:
    assert embedder.embed([]).shape == (0, VECTOR_WIDTH)


def test_a_text_longer_than_the_model_reads_is_cut_not_refused(embedder: MiniLmEmbedder) -> None:
    long = "maintain pumps and valves " * 400
    cut = "maintain pumps and valves " * 200
    np.testing.assert_allclose(embedder.embed([long]), embedder.embed([cut]), atol=1e-6)


def test_each_texts_vector_can_be_made_independent_of_the_others(embedder: MiniLmEmbedder) -> None:
    texts = [
        "Quartz polishing",
        "Kiln firing",
        "Report the stock of glazes and clay every morning.",
        "SQL",
        "",
    ]
    together = embedder.embed_each([*texts, texts[0]])
    np.testing.assert_array_equal(together, embedder.embed_each([*texts[::-1], texts[0]])[[4, 3, 2, 1, 0, 5]])
    for text, vector in zip(texts, together, strict=False):
        np.testing.assert_array_equal(embedder.embed([text])[0], vector)
    # Were it so in a batch too, the batches could be kept.
    assert (embedder.embed(texts) != together[:5]).any()


def test_groups_are_embedded_apart(embedder: MiniLmEmbedder) -> None:
    groups = [
        ["Bake bread.", "SQL", "Bake bread."],
        [],
        ["Audit accounts of listed companies every quarter."],
    ]
    made = embedder.embed_groups(groups)
    assert [vectors.shape for vectors in made] == [(3, VECTOR_WIDTH), (0, VECTOR_WIDTH), (1, VECTOR_WIDTH)]
    for texts, vectors in zip(groups, made, strict=True):
        np.testing.assert_array_equal(vectors, embedder.embed(texts))
