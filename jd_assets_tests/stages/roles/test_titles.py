"""Titles against the library's: exact ones, shared ones, misspelled and partly alike ones."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from jd_assets.library.release import Release
from jd_assets.stages.roles.titles import NEARLY, match_titles


def test_a_role_title_is_exact_whatever_its_seniority_and_order(mini: Release) -> None:
    java, sales = mini.role_index["java-backend-developer"], mini.role_index["sales-executive"]
    found = match_titles(["Sr. Java Developer", "Executive - Sales", None, ""], mini)
    assert set(found) == {"Sr. Java Developer", "Executive - Sales"}
    assert found["Sr. Java Developer"].exact == (java,)
    assert found["Executive - Sales"].exact == (sales,)
    assert found["Executive - Sales"].scores[sales] == 1.0
    assert mini.role_words.title_keys[found["Sr. Java Developer"].keys[java]] == "java developer"


def test_a_title_of_two_roles_names_both(mini: Release) -> None:
    both = {mini.role_index["data-analyst"], mini.role_index["business-analyst"]}
    assert set(match_titles(["Analyst"], mini)["Analyst"].exact) == both


def test_a_misspelled_title_is_near_to_the_right_one(mini: Release) -> None:
    match = match_titles(["Java Devloper"], mini)["Java Devloper"]
    java = mini.role_index["java-backend-developer"]
    assert match.exact == ()
    assert int(match.scores.argmax()) == java
    assert 0.9 < match.scores[java] <= NEARLY


def test_more_words_in_common_are_nearer_and_none_is_zero(mini: Release) -> None:
    match = match_titles(["Java Platform Developer"], mini)["Java Platform Developer"]
    java, backend = mini.role_index["java-backend-developer"], mini.role_index["backend-engineer"]
    assert match.scores[java] > match.scores[backend] > 0
    assert not match_titles(["Astronaut"], mini)["Astronaut"].scores.any()


@given(st.text(max_size=80))
def test_any_title_scores_within_bounds(mini: Release, title: str) -> None:
    for match in match_titles([title], mini).values():
        assert ((match.scores >= 0) & (match.scores <= 1)).all()
        assert set(np.flatnonzero(match.scores == 1.0)) == set(match.exact)


_DIGESTS = """
import sys
from itertools import combinations
from pathlib import Path
from jd_assets.library.release import load_release
from jd_assets.stages.roles.titles import match_titles
release = load_release(Path(sys.argv[1]), sys.argv[2])
words = sorted({word for key in release.role_words.title_keys for word in key.split()})
titles = [" ".join(some) for some in combinations(words, 7)][::7]
for title, match in match_titles(titles, release).items():
    print(title, match.scores.tobytes().hex(), match.keys.tobytes().hex())
"""


def test_scores_are_the_same_in_every_process(mini: Release) -> None:
    """Strings hash differently from process to process, and sums of floats depend on their order."""
    assert mini.folder
    told = {
        subprocess.run(
            [sys.executable, "-c", _DIGESTS, mini.folder.parent, mini.folder.name],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True, check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }  # fmt: skip
    assert len(told) == 1
    assert told.pop().count(b"\n") > 1000
