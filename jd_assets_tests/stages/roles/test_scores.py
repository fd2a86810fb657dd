"""The score matrices against the definitions worked out one by one."""

from __future__ import annotations

import numpy as np
import pytest

from jd_assets.library.release import Release
from jd_assets.library.role_words import reading
from jd_assets.models.embedder import MiniLmEmbedder
from jd_assets.models.role_model import SIGNALS
from jd_assets.stages.kras.items import embed_items
from jd_assets.stages.roles.evidence import Evidence, gather
from jd_assets.stages.roles.scores import (
    Scores,
    domain_scores,
    score,
    skill_scores,
    technology_scores,
    text_parts,
    text_scores,
)
from jd_assets_tests.stages.roles.test_roles import JAVA_DUTIES, NURSE_DUTIES, kras, parsed, raw, skills


@pytest.fixture(scope="module")
def evidence(mini: Release, embedder: MiniLmEmbedder) -> Evidence:
    """JD a asks for Java work, b states nothing, c is a nurse's."""
    items = kras({"a": JAVA_DUTIES, "c": NURSE_DUTIES})
    texts = raw({"a": " ".join(JAVA_DUTIES), "b": "", "c": " ".join(NURSE_DUTIES)})
    named = skills({"a": ["Java", "SQL"], "c": ["Wound care"]}, mini)
    jds = parsed({"a": "Java Developer", "b": None, "c": None})
    return gather(texts, jds, named, items, embed_items(items, embedder), mini)


@pytest.fixture(scope="module")
def scores(evidence: Evidence, mini: Release) -> Scores:
    return score(evidence, 0, 3, {}, {}, mini, mini.role_words.texts)


def test_each_jd_keeps_its_own_evidence(evidence: Evidence, mini: Release) -> None:
    assert np.diff(evidence.skill_bounds).tolist() == [2, 0, 1]
    assert np.diff(evidence.duty_bounds).tolist() == [3, 0, 3]
    assert evidence.duties == [*JAVA_DUTIES, *NURSE_DUTIES]
    own = evidence.terms[evidence.term_bounds[2] : evidence.term_bounds[3]]
    texts = mini.role_words.texts
    said = set(reading(" ".join(NURSE_DUTIES)).terms)
    assert {texts.terms[t] for t in own} == said & set(texts.index)


def test_every_signal_is_a_matrix_within_bounds(scores: Scores, mini: Release) -> None:
    assert tuple(scores.by_signal) == SIGNALS
    for matrix in scores.by_signal.values():
        assert matrix.shape == (3, len(mini.roles))
        assert ((matrix >= 0) & (matrix <= 1)).all()
        assert not matrix[1].any()  # nothing is known of a JD that says nothing


def test_a_run_of_jds_scores_as_each_alone(evidence: Evidence, scores: Scores, mini: Release) -> None:
    for jd in range(3):
        alone = score(evidence, jd, jd + 1, {}, {}, mini, mini.role_words.texts)
        for signal, matrix in scores.by_signal.items():
            np.testing.assert_allclose(matrix[jd], alone.by_signal[signal][0], atol=1e-6)


def test_skill_scores_are_cosines_of_weighted_skills(evidence: Evidence, mini: Release) -> None:
    profile = np.zeros(len(mini.skills))
    for name in ("Java", "SQL"):
        slug = next(s.slug for s in mini.skills if s.name == name)
        profile[mini.skill_index[slug]] = mini.skill_idf[mini.skill_index[slug]]
    java = mini.role_index["java-backend-developer"]
    row = mini.skill_weights[java]
    wanted = row @ profile / np.linalg.norm(row) / np.linalg.norm(profile)
    assert skill_scores(evidence, 0, 1, mini)[0, java] == pytest.approx(wanted, abs=1e-6)


def test_a_skill_in_a_roles_name_names_the_role(evidence: Evidence, mini: Release) -> None:
    found = technology_scores(evidence, 0, 3, mini)
    java = mini.role_index["java-backend-developer"]
    assert int(found[0].argmax()) == java
    assert found[0, java] > 0
    assert not found[2].any()  # no role is called after wound care


def test_text_scores_and_their_domain(evidence: Evidence, mini: Release) -> None:
    text = text_scores(text_parts(evidence, 0, 3, mini, mini.role_words.texts), 3, mini)
    assert int(text[2].argmax()) == mini.role_index["registered-nurse"]
    assert domain_scores(text, mini)[2] == pytest.approx(1.0, abs=1e-6)  # all six are of one domain
