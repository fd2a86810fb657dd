"""The sentence that gives the reasons: what it says of the title, and of the next role."""

from __future__ import annotations

import pytest

from jd_assets.library.release import Release
from jd_assets.stages.roles.reasons import Evidence, because, evidence_of
from jd_assets.tables import ROLE_SIGNALS

NURSE = "registered-nurse"


def test_a_title_that_the_rest_outweighs_is_named_first(mini: Release) -> None:
    own = Evidence(title="ward developer", near=True, skills=["Wound care"], all_skills=6)
    said = because("SKILL", "Java Developer", mini.role(NURSE), own, [], ["Java Backend Developer"])
    assert said == (
        'The title "Java Developer" names Java Backend Developer, but more speaks for Registered Nurse: '
        "it asks for 1 of the role's 6 skills (Wound care)."
    )


def test_of_two_roles_that_a_title_names_the_chosen_one_is_told(mini: Release) -> None:
    own = Evidence(title="nurse", exact=True, near=True)
    said = because("COLLISION", "Nurse", mini.role(NURSE), own, [], ["Sales Executive", "Registered Nurse"])
    assert said == 'The title "Nurse" names Registered Nurse.'


def _titled(signal: str, score: float, release: Release) -> Evidence:
    """Evidence for the nurse by one signal of the title."""
    role = release.role(NURSE)
    row = {
        "jd_id": "a", "role_slug": NURSE, "role_id": role.id, "role_name": role.name, "signal": signal,
        "rank": 1, "score": score, "matched_title": "ward nurse", "matched_skills": [],
        "matched_words": [], "kra_matches": [],
    }  # fmt: skip
    return evidence_of(ROLE_SIGNALS.frame([row]))["a"][NURSE]


@pytest.mark.parametrize(("score", "near"), [(0.59, False), (0.61, True)])
def test_a_title_is_near_to_a_roles_by_its_score(mini: Release, score: float, near: bool) -> None:
    own = _titled("alias", score, mini)
    said = because("KRA", "Nurse of Animals", mini.role(NURSE), own, [])
    assert ('is near to "ward nurse"' in said) is near
    assert said == "Its duties are nearest to the role's as a whole." or near


@pytest.mark.parametrize(("score", "like"), [(0.69, False), (0.71, True)])
def test_a_title_of_other_words_is_like_a_roles_by_its_meaning(
    mini: Release, score: float, like: bool
) -> None:
    said = because("ALIAS", "Matron", mini.role(NURSE), _titled("likeness", score, mini), [])
    assert (said == 'The title "Matron" means nearly "ward nurse", a title of Registered Nurse.') is like


@pytest.mark.parametrize(
    ("probability", "said"), [(0.26, "next is Driver at 26%"), (0.004, "no other role comes near")]
)
def test_the_next_role_is_named_if_it_is_one(mini: Release, probability: float, said: str) -> None:
    own = Evidence(mention="staff nurse")
    found = because("ALIAS", None, mini.role(NURSE), own, [("Driver", probability)])
    assert found == f'The text names "staff nurse"; {said}.'


def test_a_family_is_said_to_be_one(mini: Release) -> None:
    found = because("DOMAIN", None, mini.role(NURSE), Evidence(words=["ward"]), [("Driver", 0.3)])
    assert found.startswith(f"The signals agree on {mini.role(NURSE).domain} only: it shares the words ward;")
