"""Duties as rows, and their embeddings."""

from __future__ import annotations

import numpy as np

from jd_assets.library.release import Release
from jd_assets.models.embedder import MiniLmEmbedder
from jd_assets.tables import JD_KRAS, KRA_EMBEDDINGS
from jd_assets_tests.stages.batches import batch_of

TEXT = """Staff Nurse
About us
We are a hospital of 300 beds.
Responsibilities
- Give medication to patients as prescribed.
- Dress wounds and look for infection.
Requirements
- Registered with the state nursing council
"""


def test_duties_are_numbered_and_stand_in_the_text_at_their_offsets(
    mini: Release, embedder: MiniLmEmbedder
) -> None:
    batch, _ = batch_of({"a": TEXT}, mini, embedder)
    items = JD_KRAS.conform(batch.jd_kras)
    assert items.select("position", "sentence", "section", "words").rows() == [
        (1, "Give medication to patients as prescribed.", "responsibilities", 6),
        (2, "Dress wounds and look for infection.", "responsibilities", 6),
    ]
    text = batch.raw_jds["text"][0]
    for start, end, sentence in items.select("start", "end", "sentence").iter_rows():
        assert text[start:end] == sentence


def test_each_duty_has_the_vector_of_its_sentence_under_a_key_of_its_own(
    mini: Release, embedder: MiniLmEmbedder
) -> None:
    batch, ids = batch_of({"a": TEXT, "b": TEXT + "\nReference 2"}, mini, embedder)
    vectors = KRA_EMBEDDINGS.conform(batch.kra_embeddings)
    assert set(vectors["key"]) == {f"2026-01-05/{jd}/{n}" for jd in ids.values() for n in (1, 2)}
    assert set(vectors["model"]) == {embedder.model_id}
    expected = embedder.embed(batch.jd_kras["sentence"].to_list())
    np.testing.assert_array_equal(batch.kra_embeddings["vector"].to_numpy(), expected)
