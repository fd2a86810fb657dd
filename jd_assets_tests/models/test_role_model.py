"""The role model's file, and the arithmetic on it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from jd_assets.models.role_model import (
    CANDIDATE_FEATURES,
    CONFIDENCE_FEATURES,
    JD_FEATURES,
    RoleModel,
    load_role_model,
    log_odds,
    logistic,
    save_role_model,
    shares,
    shipped_role_model,
)


def test_the_shipped_model_is_whole_and_says_where_it_is_from() -> None:
    model = shipped_role_model()
    assert model.candidate.shape == (len(CANDIDATE_FEATURES),)
    assert model.fits.shape == (len(JD_FEATURES),)
    assert model.confidence.shape == (len(CONFIDENCE_FEATURES),)
    assert model.weight("text") > 0
    assert model.weight("mention") > 0
    assert {"by", "fitted_at", "library_release", "embedder", "files", "five_fold"} <= set(model.provenance)
    assert all(f["jds"] > 0 for f in model.provenance["files"])


def test_a_saved_model_is_read_back(tmp_path: Path) -> None:
    model = RoleModel(
        np.arange(len(CANDIDATE_FEATURES), dtype=float),
        np.arange(len(JD_FEATURES), dtype=float),
        np.arange(len(CONFIDENCE_FEATURES), dtype=float),
        0.25,
        0.4,
        {"by": "a test"},
    )
    save_role_model(model, tmp_path / "model.json")
    read = load_role_model(tmp_path / "model.json")
    np.testing.assert_array_equal(read.candidate, model.candidate)
    np.testing.assert_array_equal(read.fits, model.fits)
    np.testing.assert_array_equal(read.confidence, model.confidence)
    assert (read.kin_share, read.least_fit, read.provenance) == (0.25, 0.4, {"by": "a test"})
    assert read.version != shipped_role_model().version


def test_shares_sum_to_one_for_each_jd() -> None:
    share = shares(np.array([1000.0, 999.0, -5.0]), np.array([0, 2]))
    assert share.tolist() == pytest.approx([0.7311, 0.2689, 1.0], abs=1e-4)


def test_log_odds_and_logistic_are_inverse() -> None:
    p = np.array([0.01, 0.5, 0.9])
    np.testing.assert_allclose(logistic(log_odds(p)), p)
    assert np.isfinite(log_odds(np.array([0.0, 1.0]))).all()
