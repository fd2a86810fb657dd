"""What changed between two libraries."""

from __future__ import annotations

from pathlib import Path

import pytest

from jd_assets.library.diff import Change, diff
from jd_assets.library.entries import find_entries, library_entries, release_summaries
from jd_assets.library.load import load_library
from jd_assets.library.release import Release
from jd_assets.library.resolve import Resolved, resolve
from jd_assets_tests.conftest import MINI
from jd_assets_tests.library.editing import edit, mini_copy

PEOPLE, SOFTWARE, ROLES = "skills/people.yaml", "skills/software.yaml", "roles/all.yaml"


def test_a_release_does_not_differ_from_its_folder(mini: Release) -> None:
    found = diff(mini, resolve(load_library(MINI)))
    assert found.same
    assert (found.roles, found.skills, found.dimensions) == ((), (), ())


def test_changes_are_told_down_to_aliases_kras_and_sentences(mini: Release, tmp_path: Path) -> None:
    library = mini_copy(tmp_path / "library")
    edit(library, SOFTWARE, "{name: C++, nature: LANGUAGE}", "{name: Zig, nature: LANGUAGE}")
    edit(library, SOFTWARE, "aliases: [Core Java]", "aliases: [J2SE], volatility: STABLE")
    edit(library, SOFTWARE, "name: Power BI,", "name: Power BI, slug: ms-power-bi, formerly: [power-bi],")
    edit(library, ROLES, "kra: wound dressing", "kra: dressing of wounds")
    edit(library, ROLES, "Generate leads by cold calling", "Find leads by cold calling")
    edit(
        library, ROLES, "primary: [Lead generation, Cold calling,", "primary: [Cold calling, Lead generation,"
    )
    edit(
        library,
        ROLES,
        "Patient Care: [Wound care, Patient",
        "Patient Care: [Medication administration, Patient",
    )
    edit(library, ROLES, "level: Modern,", "level: AI Native,")
    edit(library, "dimensions.yaml", "[Patient Care]", "[Patient Care, Surgery]")
    found = diff(mini, resolve(load_library(library)))
    assert found.skills == (
        Change("removed", "c-plus-plus", "C++"),
        Change(
            "changed", "java", "Java", ("volatility EVOLVING -> STABLE", "- alias Core Java", "+ alias J2SE")
        ),
        Change("renamed", "ms-power-bi", "Power BI", ("slug power-bi -> ms-power-bi",)),
        Change("added", "zig", "Zig"),
    )
    changed = {change.slug: change.details for change in found.roles}
    assert changed["registered-nurse"] == (
        "- KRA wound dressing",
        "+ KRA dressing of wounds",
        "- Patient Care: wound-care",
        "+ Patient Care: medication-administration",
    )
    assert changed["sales-executive"] == (
        "KRA lead generation and cold calls reworded",
        "~ primary in another order",
    )
    assert "maturity_level Modern -> AI Native" in changed["business-analyst"]
    assert found.dimensions == (Change("added", "Surgery", "Surgery"),)


def test_entries_are_found_by_the_first_digits_of_a_release_or_by_folder(
    mini: Release, releases_dir: Path, tmp_path: Path
) -> None:
    assert find_entries(mini.release[:7], releases_dir, mini.model).roles == mini.roles
    assert find_entries(str(releases_dir / mini.release), tmp_path, mini.model).roles == mini.roles
    assert find_entries(str(MINI), releases_dir, mini.model).roles == mini.roles
    assert isinstance(library_entries(MINI, tmp_path, mini.model), Resolved)
    assert mini.release in [s.name for s in release_summaries(releases_dir) if s.roles == 6]
    with pytest.raises(LookupError, match="no release begins with it; there are none"):
        find_entries("abc", tmp_path, mini.model)
    for name in ("a1", "a2"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "release.json").write_text("{}")
    with pytest.raises(LookupError, match="several releases begin with it; there are a1, a2"):
        find_entries("a", tmp_path, mini.model)
