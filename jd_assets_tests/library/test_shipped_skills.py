"""The shipped skills: what is an ordinary word asks for context, and software is filed as software."""

from __future__ import annotations

import pytest

from jd_assets.library.format import Nature, Skill
from jd_assets.library.load import Library
from jd_assets.library.spelling import fold


@pytest.fixture(scope="module")
def skills(shipped_library: Library) -> dict[str, Skill]:
    """Every skill by each of its spellings, folded."""
    return {
        fold(spelling): skill
        for file in shipped_library.skills
        for skill in file.content.skills
        for spelling in (skill.name, *skill.aliases)
    }


@pytest.mark.parametrize(
    "word",
    [
        "collateral", "appeals", "referrals", "caseload", "crosswalks", "surveillance", "baton",
        "remediation", "simulation", "dictation", "agendas", "conduit", "rewards", "workshops", "music",
        "furniture", "Unifier", "Skyward", "UpKeep", "BSA", "Postman", "Foreman", "Squid", "Cassandra",
        "Prefect", "Synapse", "Verdi", "Trailblazer", "Kronos",
    ],
)  # fmt: skip
def test_an_ordinary_word_asks_for_context(word: str, skills: dict[str, Skill]) -> None:
    skill = skills[fold(word)]
    assert skill.ambiguous is not None
    assert fold(word) in {fold(s) for s in skill.ambiguous.surfaces}
    assert len(skill.ambiguous.context) >= 3


@pytest.mark.parametrize(
    "name",
    [
        "Munis", "NeoGov", "EnerGov", "CiviCRM", "SchoolDude", "LibGuides", "MarcEdit", "MatrixCare",
        "WellSky", "NationBuilder", "WebEOC", "ProLaw", "Blackbaud Altru", "Tessitura", "Luminate Online",
        "Aeries", "Accela", "OpenTable", "JSTOR", "Naviance",
    ],
)  # fmt: skip
def test_software_is_filed_as_software(name: str, skills: dict[str, Skill]) -> None:
    assert skills[fold(name)].nature in (Nature.PLATFORM, Nature.TOOL)


def test_systems_of_one_employer_are_retired(skills: dict[str, Skill]) -> None:
    assert all(skills[fold(name)].retired for name in ("VENDEX", "NYCAPS", "CityTime"))
