"""Skills found in a text: which words count, which don't, and what is said of each."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jd_assets.library.release import Release
from jd_assets.stages.skills.extract import BY_ALIAS, BY_NAME, IN_CONTEXT, Found, find_skills


def segment(text: str, section: str = "requirements", kind: str = "item") -> dict[str, Any]:
    return {"start": 0, "end": len(text), "section": section, "kind": kind, "duty": False}


def skills(text: str, release: Release, section: str = "requirements") -> dict[str, Found]:
    return {s.name: s for s in find_skills(text, [segment(text, section)], release)}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Strong NodeJS, node.js and Node", {"Node.js"}),
        ("C, C++/C# and .NET", {"C++", "C#", ".NET"}),
        ("PowerBI dashboards on postgres", {"Power BI", "PostgreSQL"}),
        ("RESTful services; Core Java", {"REST APIs", "Java"}),
        ("assessing patients and wound-care", {"Patient assessment", "Wound care"}),
        ("with NodeJS, JAVAShould have worked on PostgreSQLRedis", {"Node.js", "Java", "PostgreSQL"}),
        ("SQLite is another thing", set()),
        ("nothing to see", set()),
    ],
)
def test_spellings(text: str, wanted: set[str], mini: Release) -> None:
    assert set(skills(text, mini)) == wanted


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Backend programming in Go", True),
        ("Java, Go, SQL", True),
        ("Go the extra mile for customers", False),
        ("ready to go wherever backend work is", False),
        ("Experience of Spring with Java", True),
        ("We hire in spring and autumn", False),
        ("Spring cleaning of the warehouse", False),
        ("You excel at reports", False),
        ("Excel at what you do", False),
        ("MS Excel", True),
        ("Reports in Excel", True),
    ],
)
def test_ordinary_words_are_skills_in_context_only(text: str, found: bool, mini: Release) -> None:
    assert bool({"Go", "Spring", "Microsoft Excel"} & set(skills(text, mini))) is found


@pytest.mark.parametrize(
    "text",
    [
        "No Java needed",
        "without any prior Java",
        "You don't need Java",
        "Java is not required",
        "Java not necessary",
    ],
)
def test_what_is_denied_does_not_count(text: str, mini: Release) -> None:
    assert "Java" not in skills(text, mini)


@pytest.mark.parametrize("section", ["company", "benefits", "apply", "legal"])
def test_what_the_employer_says_of_itself_does_not_count(section: str, mini: Release) -> None:
    assert skills("Free Java and SQL courses", mini, section) == {}


def test_an_extra_is_not_primary_unless_it_is_asked_for_elsewhere(mini: Release) -> None:
    assert not skills("SQL is a plus", mini)["SQL"].is_primary
    assert not skills("Nice to have: SQL", mini)["SQL"].is_primary
    assert not skills("SQL", mini, "preferred")["SQL"].is_primary
    assert skills("SQL", mini)["SQL"].is_primary
    text = "SQL\nSQL is a plus"
    parts = [
        {"start": 0, "end": 3, "section": "requirements", "kind": "item", "duty": False},
        {"start": 4, "end": len(text), "section": "requirements", "kind": "item", "duty": False},
    ]
    [sql] = find_skills(text, parts, mini)
    assert (sql.is_primary, sql.mentions) == (True, 2)


def test_what_stands_under_a_heading_of_extras_is_an_extra(mini: Release) -> None:
    text = "Good to have\nJava"
    parts = [
        {"start": 0, "end": 12, "section": "requirements", "kind": "heading", "duty": False},
        {"start": 13, "end": 17, "section": "requirements", "kind": "item", "duty": False},
    ]
    [java] = find_skills(text, parts, mini)
    assert not java.is_primary


def test_the_surface_is_the_text_at_its_offsets_and_the_evidence_its_line(mini: Release) -> None:
    text = "Must know core java well."
    java = skills(text, mini)["Java"]
    assert text[java.start : java.end] == "core java"
    assert java.evidence == text
    assert (java.matched_via, java.confidence, java.section) == ("alias", BY_ALIAS, "requirements")


def test_confidence_is_by_the_kind_of_match(mini: Release) -> None:
    assert skills("Java", mini)["Java"].confidence == BY_NAME
    assert skills("Java and Go", mini)["Go"].confidence == IN_CONTEXT


def test_a_name_among_known_skills_of_a_list_is_a_new_skill(mini: Release) -> None:
    found = skills("Skills: Java, SQL, Quarkus, PostgreSQL", mini, "skills")
    assert found["Quarkus"].entry is None
    assert found["Quarkus"].matched_via == "pattern"
    assert "Skills" not in found


@pytest.mark.parametrize(
    "text", ["Quarkus is our office dog", "Java and good manners, Monday, Bachelor", "Ravi, Asha, Quarkus"]
)
def test_other_words_are_no_new_skills(text: str, mini: Release) -> None:
    assert all(s.entry for s in skills(text, mini).values())


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from("JavaSQLGo node.js,;/()|\n•- no needed Excel+#"), max_size=200))
def test_any_text_gives_each_skill_once_with_true_offsets(mini: Release, text: str) -> None:
    found = find_skills(text, [segment(text)], mini)
    keys = [s.entry.slug if s.entry else s.name.lower() for s in found]
    assert len(keys) == len(set(keys))
    for s in found:
        assert 0 <= s.start < s.end <= len(text)
        if s.entry is None:
            assert text[s.start : s.end] == s.name
