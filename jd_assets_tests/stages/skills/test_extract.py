"""Skills found in a text: which words count, which don't, and what is said of each."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jd_assets.library.release import Release
from jd_assets.models.embedder import MiniLmEmbedder
from jd_assets.models.skill_tagger import shipped_tagger
from jd_assets.stages.skills import extract as extract_module
from jd_assets.stages.skills.candidates import LIBRARY, NEW
from jd_assets.stages.skills.extract import Found, Posting, find_skills
from jd_assets_tests.stages.batches import batch_of


def segment(text: str, section: str = "requirements", kind: str = "item") -> dict[str, Any]:
    return {"start": 0, "end": len(text), "section": section, "kind": kind, "duty": False}


def skills(text: str, release: Release, section: str = "requirements") -> dict[str, Found]:
    return {s.name: s for s in found_in(text, [segment(text, section)], release)}


def found_in(text: str, segments: list[dict[str, Any]], release: Release) -> list[Found]:
    [found] = find_skills([Posting(text, segments)], release)
    return found


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Strong NodeJS, node.js and Node", {"Node.js"}),
        ("C, C++/C# and .NET", {"C++", "C#", ".NET"}),
        ("PowerBI dashboards on postgres", {"Power BI", "PostgreSQL"}),
        ("RESTful services; Core Java", {"REST APIs", "Java"}),
        (
            "Experience with patient assessments, wound-care and Java",
            {"Patient assessment", "Wound care", "Java"},
        ),
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
        ("Services in Go 1.18 for ships", True),
        ("Go 2.5 km to the harbour", False),
        ("Go 2 days a week", False),
        ("Services in Go 2x, for ships", True),
        ("Services in Go 1/2", True),
        ("Go 24/7", False),
        ("Go 24 / 7, all year", False),
        ("Go 1:4 to the harbour", False),
        ("Go1:4 to the harbour", False),
        ("Spring 5x growth", False),
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


@pytest.mark.parametrize("section", ["company", "benefits", "legal"])
def test_what_the_employer_says_of_itself_does_not_count(section: str, mini: Release) -> None:
    assert skills("Free Java and SQL courses", mini, section) == {}


@pytest.mark.parametrize("section", ["benefits", "apply"])
def test_what_is_asked_for_under_an_odd_heading_counts(section: str, mini: Release) -> None:
    found = skills("Skills needed: Java, SQL, PostgreSQL", mini, section)
    assert {"Java", "SQL", "PostgreSQL"} <= set(found)


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
    [sql] = found_in(text, parts, mini)
    assert (sql.is_primary, sql.mentions) == (True, 2)


@pytest.mark.parametrize(
    ("text", "extras"),
    [
        ("Strong SQL; Java is a distinct advantage", {"Java"}),
        ("3 years of Java, preferably on PostgreSQL", {"PostgreSQL"}),
        ("SQL. Java preferred. Wound care", {"Java"}),
        ("Strong Java Good to have SQL", {"SQL"}),
        ("Java for the desired outcomes", set()),
        ("Good to know - SQL", {"SQL"}),
        ("Keen to learn Java", {"Java"}),
        ("SQL; Java Preferred", {"Java"}),
        ("SQL. Experience with Java Preferred.", {"Java"}),
        ("SQL; Java Knowledge is desirable", {"Java"}),
        ("SQL; Java (optional)", {"Java"}),
        ("SQL; Java, ideally", {"Java"}),
        ("Wound care. Java and SQL Experience a plus", {"Java", "SQL"}),
    ],
)
def test_a_word_for_extras_speaks_of_its_own_clause(text: str, extras: set[str], mini: Release) -> None:
    found = skills(text, mini)
    assert {name for name, skill in found.items() if not skill.is_primary} == extras
    assert len(found) > len(extras) or len(found) == 1


def test_the_heading_of_a_desired_profile_makes_no_extras(mini: Release) -> None:
    text = "Desired Candidate Profile\nJava"
    parts = [
        {"start": 0, "end": 25, "section": "requirements", "kind": "heading", "duty": False},
        {"start": 26, "end": 30, "section": "requirements", "kind": "item", "duty": False},
    ]
    [java] = found_in(text, parts, mini)
    assert java.is_primary


def test_what_stands_under_a_heading_of_extras_is_an_extra(mini: Release) -> None:
    text = "Good to have\nJava"
    parts = [
        {"start": 0, "end": 12, "section": "requirements", "kind": "heading", "duty": False},
        {"start": 13, "end": 17, "section": "requirements", "kind": "item", "duty": False},
    ]
    [java] = found_in(text, parts, mini)
    assert not java.is_primary


def test_the_surface_is_the_text_at_its_offsets_and_the_evidence_its_line(mini: Release) -> None:
    text = "Must know core java well."
    java = skills(text, mini)["Java"]
    assert text[java.start : java.end] == "core java"
    assert java.evidence == text
    assert (java.matched_via, java.section) == ("alias", "requirements")


def test_confidence_is_over_the_cut_and_says_how_it_was_matched(mini: Release) -> None:
    found = skills("Java, Go and core skills in Golang; the Zarblat toolkit", mini, "skills")
    for s in found.values():
        assert shipped_tagger().cuts[LIBRARY if s.entry else NEW] <= s.confidence < 1
    assert skills("Java, Go", mini)["Go"].matched_via == "context"
    assert skills("Golang", mini)["Go"].matched_via == "alias"
    assert skills("Java", mini)["Java"].matched_via == "name"


def test_a_name_among_known_skills_of_a_list_is_a_new_skill(mini: Release) -> None:
    found = skills("Skills: Java, SQL, Quarkus, PostgreSQL", mini, "skills")
    assert found["Quarkus"].entry is None
    assert found["Quarkus"].matched_via in ("tagger", "list")
    assert "Skills" not in found


@pytest.mark.parametrize(
    "text", ["Quarkus is our office dog", "Java and good manners, Monday, Bachelor", "Ravi, Asha, Quarkus"]
)
def test_other_words_are_no_new_skills(text: str, mini: Release) -> None:
    assert all(s.entry for s in skills(text, mini).values())


def test_what_was_read_as_something_else_is_no_skill(mini: Release) -> None:
    text = "Java, SQL"
    [found] = find_skills([Posting(text, [segment(text)], [(0, 4)])], mini)
    assert [s.name for s in found] == ["SQL"]


def test_postings_are_judged_alike_alone_and_together(mini: Release) -> None:
    texts = ["Java, SQL and Go", "Experience with PostgreSQL", "Wound care of patients, Power BI"]
    postings = [Posting(t, [segment(t)]) for t in texts]
    together = list(find_skills(postings, mini))
    alone = [next(find_skills([p], mini)) for p in postings]
    assert [[(s.name, s.confidence) for s in f] for f in together] == [
        [(s.name, s.confidence) for s in f] for f in alone
    ]


LINES = [
    "Java and SQL",
    "PostgreSQL is a plus",
    "wound care, Power BI",
    "no Java needed",
    "Quarkus, SQL, Java",
]


@settings(max_examples=50, deadline=None)
@given(st.permutations(LINES))
def test_the_order_of_lines_changes_no_skill(mini: Release, lines: list[str]) -> None:
    def of(ordered: list[str]) -> set[tuple[str, float, int, bool]]:
        text, parts, at = "\n".join(ordered), [], 0
        for line in ordered:
            parts.append({**segment(line), "start": at, "end": at + len(line)})
            at += len(line) + 1
        return {(s.name, s.confidence, s.mentions, s.is_primary) for s in found_in(text, parts, mini)}

    assert of(lines) == of(LINES)


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(["Java", "SQL", "PostgreSQL", "Power BI"]),
    st.sampled_from(["no {}", "{} is not required"]),
)
def test_a_skill_that_is_only_denied_is_never_found(mini: Release, name: str, wording: str) -> None:
    text = f"Wound care of patients. {wording.format(name)}."
    assert name not in skills(text, mini)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from("JavaSQLGo node.js,;/()|\n•- no needed Excel+#"), max_size=200))
def test_any_text_gives_each_skill_once_with_true_offsets(mini: Release, text: str) -> None:
    found = found_in(text, [segment(text)], mini)
    keys = [s.entry.slug if s.entry else s.name.lower() for s in found]
    assert len(keys) == len(set(keys))
    for s in found:
        assert 0 <= s.start < s.end <= len(text)
        if s.entry is None:
            assert text[s.start : s.end] == s.name
    for one, other in pairwise(found):
        assert one.end <= other.start


def test_a_day_spread_over_processes_gives_the_same_rows(
    mini: Release, embedder: MiniLmEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = {
        str(n): f"Java Developer {n}\nResponsibilities\n- Write Java services number {n}.\n"
        f"Requirements\n- {n} years of Java, SQL, Quarkwell and PostgreSQL\n- Bachelor's degree\n"
        for n in range(1, 9)
    }
    batch, _ = batch_of(texts, mini, embedder)
    assert set(batch.extracted_skills["skill_name"]) >= {"Java", "SQL", "PostgreSQL"}
    monkeypatch.setattr(extract_module, "_SPREAD_FROM", 1)
    monkeypatch.setattr(extract_module, "_PIECE", 1)
    assert extract_module.extract(batch.raw_jds, batch.parsed_jds, mini).equals(batch.extracted_skills)
