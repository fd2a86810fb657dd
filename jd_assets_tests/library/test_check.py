"""The library check: for each rule a copy of the tiny library that breaks it, with file, line and words."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jd_assets.library.check import CategoryCounts, CheckReport, DomainCounts, check
from jd_assets.library.cycles import cycles
from jd_assets.library.load import Library, Problem, Severity, load_library
from jd_assets.models.embedder import MiniLmEmbedder
from jd_assets_tests.conftest import MINI
from jd_assets_tests.library.editing import edit, line_of, mini_copy

PEOPLE, SOFTWARE, ROLES = "skills/people.yaml", "skills/software.yaml", "roles/all.yaml"
DIMENSIONS = "dimensions.yaml"
ERROR, WARNING = Severity.ERROR, Severity.WARNING


@pytest.fixture(scope="module")
def sound(embedder: MiniLmEmbedder) -> CheckReport:
    """The report of the tiny library, which is thin but has no error."""
    return check(load_library(MINI), embedder)


@pytest.fixture
def library(tmp_path: Path) -> Path:
    return mini_copy(tmp_path / "library")


def test_the_shipped_library_has_no_errors(shipped_library: Library, embedder: MiniLmEmbedder) -> None:
    report = check(shipped_library, embedder)
    assert [str(p) for p in report.errors] == []


def test_counts_and_thin_roles_of_a_sound_library(sound: CheckReport) -> None:
    assert sound.errors == []
    assert sound.domains == (DomainCounts("Everything", roles=6, titles=14, kras=18, skills=18),)
    assert sound.categories == (
        CategoryCounts("People", skills=9, spellings=11, named=9),
        CategoryCounts("Software", skills=14, spellings=23, named=9),
    )
    line = line_of(MINI, ROLES, "id: 3")
    assert [str(p) for p in sound.warnings if "registered-nurse" in p.what][:1] == [
        f"{ROLES}:{line}: registered-nurse has 2 titles besides its name (wanted 6 or more), "
        "3 KRAs (wanted 8 to 14), 3 primary skills (wanted 10 or more), "
        "1 secondary skills (wanted 8 or more), 1 dimensions (wanted 4 to 8); add or drop some"
    ]
    assert [p.what for p in sound.warnings if "'wound dressing'" in p.what] == [
        "registered-nurse: KRA 'wound dressing' has 2 words (wanted 3 to 8)"
    ]


BROKEN = {
    "what a release can't have": (
        ERROR, SOFTWARE, "requires: [SQL]", "requires: [Cobol]", "[Cobol]",
        "postgresql: skill 'Cobol' is in no file",
    ),
    "title of two roles": (
        ERROR, ROLES, "aliases: [Field Sales Executive]", "aliases: [Senior Data-Analyst]", "[Senior",
        "read as 'data analyst', is a title of 'sales-executive' and of 'data-analyst' (roles/all.yaml:",
    ),
    "title of a role that the collision leaves out": (
        ERROR, ROLES, "aliases: [Field Sales Executive]", "aliases: [Analyst] # 4", "# 4",
        "'Analyst' is a title of 'sales-executive' and of 'data-analyst'",
    ),
    "title of filler only": (
        ERROR, ROLES, "aliases: [Field Sales Executive]", "aliases: [Senior II]", "[Senior II]",
        "title 'Senior II' has level and filler words only",
    ),
    "collision of an unknown role": (
        ERROR, ROLES, "[data-analyst, business-analyst]}", "[data-analyst, nobody]}", "collisions",
        "collision 'analyst': 'nobody' is no role",
    ),
    "collision that a role lacks": (
        WARNING, ROLES, "[data-analyst, business-analyst]}",
        "[data-analyst, business-analyst, registered-nurse]}", "collisions",
        "collision 'analyst': 'registered-nurse' has no such title",
    ),
    "collision of one role": (
        ERROR, ROLES, "collisions: {analyst:", "collisions: {rn: [registered-nurse], analyst:", "collisions",
        "collision 'rn' lists fewer than two roles",
    ),
    "cycle of role parents": (
        ERROR, ROLES, "slug: backend-engineer\n",
        "slug: backend-engineer\n    parent: java-backend-developer\n", "parent: java",
        "cycle of parents: backend-engineer -> java-backend-developer -> backend-engineer",
    ),
    "cycle of skill parents": (
        ERROR, SOFTWARE, "{name: C++,", "{name: C++, related: {parent: C++},", "parent: C++",
        "cycle of parent: c-plus-plus -> c-plus-plus",
    ),
    "cycle of requires": (
        ERROR, SOFTWARE, "{name: Java,", "{name: Java, related: {requires: [Spring]},", "[Spring]}",
        "cycle of requires: java -> spring -> java",
    ),
    "alternative to itself": (
        ERROR, SOFTWARE, "{name: C++,", "{name: C++, related: {alternatives: [C++]},", "[C++]",
        "c-plus-plus is its own alternative",
    ),
    "ambiguous surface that is no spelling": (
        ERROR, SOFTWARE, "surfaces: [Go]", "surfaces: [Go, Gopher]", "Gopher",
        "'Go': ambiguous surface 'Gopher' is none of its spellings",
    ),
    "ordinary word": (
        ERROR, SOFTWARE, "{name: C++,", "{name: C++, aliases: [Record],", "[Record]",
        "'C++': 'Record' is an ordinary word, and would be found in any text",
    ),
    "spelling that is another's without spaces": (
        WARNING, SOFTWARE, "{name: C++,", "{name: C++, aliases: [go lang],", "[go lang]",
        "'go lang' of 'c-plus-plus' without its spaces is 'golang' of 'go'",
    ),
    "dimension that no role uses": (
        WARNING, DIMENSIONS, "[Patient Care]", "[Patient Care, Surgery]", "Surgery",
        "no role uses dimension 'Surgery'",
    ),
    "dimension with a skill that is not the role's": (
        WARNING, ROLES, "[Data analysis, Power BI]", "[Data analysis, Go]", "[Data analysis, Go]",
        "data-analyst: 'Go' of dimension 'Analysis' is none of the role's skills",
    ),
    "skill in both lists": (
        WARNING, ROLES, "secondary: [SQL]}", "secondary: [SQL, Spring]}", "[SQL, Spring]",
        "java-backend-developer: 'Spring' is a primary and a secondary skill",
    ),
    "KRAs that say the same": (
        WARNING, ROLES, "kra: medication administration", "kra: care of patients at the bedside", "care of",
        "KRA 'care of patients at the bedside' says about the same as 'bedside patient care'",
    ),
    "sentence that stands twice": (
        WARNING, ROLES, "Dress wounds and watch them for infection.",
        "'Give medication as prescribed, and record it!'", "record it!",
        "registered-nurse: the sentence 'Give medication as prescribed, and record it!' stands there twice",
    ),
    "nature of work of one word": (
        WARNING, ROLES, "label: Field sales", "label: Sales", "label: Sales",
        "sales-executive: nature of work 'Sales' has 1 words (wanted 2 to 5)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_what_is_wrong_is_told_with_file_line_and_cure(
    broken: tuple[Severity, str, str, str, str, str],
    library: Path,
    sound: CheckReport,
    embedder: MiniLmEmbedder,
) -> None:
    severity, file, old, new, marker, what = broken
    edit(library, file, old, new)
    before = {(p.file, p.what) for p in sound.problems}
    report = check(load_library(library), embedder)
    (told,) = (p for p in report.problems if (p.file, p.what) not in before and what in p.what)
    assert told == Problem(file, line_of(library, file, marker), told.what, told.cure, severity)
    assert told.cure
    assert told in (report.errors if severity is ERROR else report.warnings)


def test_an_inherited_skill_may_stand_in_a_dimension(library: Path, embedder: MiniLmEmbedder) -> None:
    edit(
        library,
        ROLES,
        "{Backend Development: [Java, Spring]",
        "{Backend Development: [Java, Spring, REST APIs]",
    )
    assert not any("REST APIs" in p.what for p in check(load_library(library), embedder).problems)


def test_a_category_that_no_role_touches_is_told_with_its_count(
    library: Path, embedder: MiniLmEmbedder
) -> None:
    text = (library / SOFTWARE).read_text()
    head = text.split("skills:\n")[0]
    (library / "skills/farming.yaml").write_text(
        head.replace("Software", "Farming") + "skills:\n  - name: Milking\n  - name: Sheep shearing\n"
    )
    told = [p for p in check(load_library(library), embedder).warnings if "Farming" in p.what]
    assert [str(p) for p in told] == [
        "skills/farming.yaml:1: no role names any of the 2 skills of 'Farming'; "
        "name them in the roles that use them, or drop the file"
    ]


def test_kras_that_many_roles_share_tell_none_of_them(library: Path, embedder: MiniLmEmbedder) -> None:
    for kra in (
        "server-side api design", "spring service development", "bedside patient care", "closing of deals",
        "dashboard building", "process mapping",
    ):  # fmt: skip
        edit(library, ROLES, f"kra: {kra},", "kra: upkeep of team documents,")
    report = check(load_library(library), embedder)
    shared = [p for p in report.warnings if "roles have KRA" in p.what]
    assert [p.what.split(":")[0] for p in shared] == [
        "backend-engineer", "java-backend-developer", "registered-nurse", "sales-executive", "data-analyst",
        "business-analyst",
    ]  # fmt: skip
    assert shared[0].what.endswith("6 roles have KRA 'upkeep of team documents' or one like it")
    assert [p.what for p in report.errors if p.what.startswith("registered-nurse")] == [
        "registered-nurse: 2 of 3 KRAs tell it from other roles"
    ]
    assert {p.cure for p in report.errors} == {"give it 3 that at most 5 roles have"}


def test_problems_come_errors_first_then_by_place(library: Path, embedder: MiniLmEmbedder) -> None:
    edit(library, SOFTWARE, "surfaces: [Go]", "surfaces: [Gopher]")
    problems = check(load_library(library), embedder).problems
    assert [p.severity for p in problems] == sorted(p.severity for p in problems)
    warnings = [(p.file, p.line) for p in problems if p.severity is WARNING]
    assert warnings == sorted(warnings)
    assert problems[0].severity is ERROR


def test_cycles_that_share_no_link_are_each_told() -> None:
    links = {"a": ["b"], "b": ["c"], "c": ["a", "d"], "d": ["e"], "e": ["d"], "f": ["f"], "g": ["a"]}
    found = [set(cycle) for cycle in cycles(links)]
    assert sorted(map(sorted, found)) == [["a", "b", "c"], ["d", "e"], ["f"]]


@given(st.dictionaries(st.sampled_from("abcdef"), st.lists(st.sampled_from("abcdef"), max_size=4)))
def test_every_cycle_is_a_walk_along_links(links: dict[str, list[str]]) -> None:
    for cycle in cycles(links):
        assert cycle[0] == cycle[-1]
        assert all(target in links[node] for node, target in pairwise(cycle))
