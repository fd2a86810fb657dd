"""What decisions add to the library, and roles proposed from postings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jd_assets.library.format import Additions, NewRole
from jd_assets.library.release import Release
from jd_assets.stages.capture.captures import item_id
from jd_assets.stages.capture.decisions import Decided, additions, that_stand
from jd_assets.stages.capture.proposals import kra_phrase, propose_role, role_id
from jd_assets.stages.capture.standing import last_words, standing, status_of
from jd_assets.storage.state import DecisionRecord


def skill(name: str = "Quarkwell", **more: Any) -> dict[str, Any]:
    return {
        "kind": "new_skill", "name": name, "spellings": [name, "Quark-Well 2"], "primary_share": 0.8,
        "role_slug": "java-backend-developer",
    } | more  # fmt: skip


def of(release: Release, *decided: tuple[str, str | None, dict[str, Any] | None]) -> Additions:
    made, left = additions([Decided(f"i{n}", *d) for n, d in enumerate(decided)], release)
    assert not left
    return made


def test_an_approved_skill_joins_its_role_and_the_category_of_the_role(mini: Release) -> None:
    made = of(mini, ("approved", None, skill()))
    [new] = made.skills
    assert (new.name, new.category, new.aliases) == ("Quarkwell", "Software", ["Quark-Well 2"])
    assert made.roles["java-backend-developer"].primary == ["Quarkwell"]


def test_what_the_reviewer_changed_goes_before_what_was_captured(mini: Release) -> None:
    changed = skill(role_slug="registered-nurse", primary=False, category="People")
    made = of(mini, ("approved", None, changed))
    assert made.skills[0].category == "People"
    assert made.roles["registered-nurse"].secondary == ["Quarkwell"]


def test_a_merged_skill_is_another_spelling(mini: Release) -> None:
    made = of(mini, ("merged", "PostgreSQL", skill("Postgre SQL", spellings=["Postgre SQL", "PG"])))
    assert made == Additions(skill_aliases={"PostgreSQL": ["Postgre SQL", "PG"]})


def test_an_approved_duty_joins_the_role_with_a_phrase(mini: Release) -> None:
    says = "Groom the backlog with product owners, every second week."
    duty = {"kind": "new_kra", "name": says, "evidence": says, "role_slug": "business-analyst"}
    [kra] = of(mini, ("approved", None, duty)).roles["business-analyst"].kras
    assert (kra.kra, kra.says) == ("groom the backlog with product owners", [says])
    named = duty | {"kra": "backlog refinement with owners"}
    [kra] = of(mini, ("approved", None, named)).roles["business-analyst"].kras
    assert kra.kra == "backlog refinement with owners"


def test_a_title_merged_into_a_role_and_a_known_collision(mini: Release) -> None:
    title = {"kind": "new_role", "name": "JVM Coder", "spellings": ["JVM Coder"]}
    both = {"kind": "alias_collision", "name": "analyst", "roles": ["business-analyst", "data-analyst"]}
    made = of(mini, ("merged", "java-backend-developer", title), ("approved", None, both))
    assert made.roles["java-backend-developer"].aliases == ["JVM Coder"]
    assert made.collisions == {"analyst": ["business-analyst", "data-analyst"]}


def test_rejected_things_add_nothing(mini: Release) -> None:
    assert of(mini, ("rejected", None, skill())) == Additions()


@pytest.mark.parametrize(
    ("decision", "into", "subject", "why"),
    [
        ("approved", None, None, "it was decided before decisions kept what they were about"),
        ("merged", "Nothing", skill(), "'Nothing' is no skill of the library"),
        ("merged", "nobody", {"kind": "new_role", "name": "X"}, "'nobody' is no role of the library"),
        ("approved", None, {"kind": "new_role"}, "no role was proposed with it: approve it again"),
        (
            "approved", None,
            {"kind": "new_kra", "name": "x", "evidence": "x", "role_slug": "gone"},
            "its role 'gone' is no role of the library",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_carried_out_is_said_and_the_rest_is(
    mini: Release, decision: str, into: str | None, subject: dict[str, Any] | None, why: str
) -> None:
    made, left = additions(
        [Decided("bad", decision, into, subject), Decided("good", "approved", None, skill("Good"))], mini
    )
    assert [(item.item_id, item.why) for item in left] == [("bad", why)]
    assert [s.name for s in made.skills] == ["Good"]


def test_the_order_of_decisions_does_not_matter(mini: Release) -> None:
    decided = [Decided(f"i{n}", "approved", None, skill(f"Skill {n}")) for n in range(5)]
    assert additions(decided, mini) == additions(decided[::-1], mini)


CRAFTS = ("Kiln firing", "Glaze mixing", "Loom weaving", "Rope splicing", "Cask making")
ROWS = st.lists(st.sampled_from(CRAFTS), min_size=1, unique=True)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(ROWS, st.sampled_from(["approved", "rejected", "reopened"])), max_size=8), ROWS)
def test_each_thing_follows_the_last_word_on_it_however_it_was_folded(
    mini: Release, said: list[tuple[list[str], str]], row: list[str]
) -> None:
    def ids(names: list[str]) -> list[str]:
        return [item_id("new_skill", name, None) for name in names]

    records = [
        DecisionRecord(
            ids(names)[0], word, "asha", datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=number),
            subject={"kind": "new_skill", "name": names[0], "spellings": names, "members": ids(names)},
        )
        for number, (names, word) in enumerate(said)
    ]  # fmt: skip
    words = last_words(records)
    last = {name: word for names, word in said for name in names}
    made, left = additions(that_stand(words), mini)
    assert not left
    added = [name for new in made.skills for name in (new.name, *new.aliases)]
    assert sorted(added) == sorted(name for name, word in last.items() if word == "approved")
    # A row of any later fold stands as the last of the words on what is in it.
    on_row = [word for names, word in said if set(names) & set(row)]
    still = [r.decision for r in records if any(words[m] is r for m in set(r.members) & set(ids(row)))]
    assert bool(still) == bool(on_row)
    status = still[-1] if still else "reopened"
    assert status_of(standing(ids(row), words)) == {"reopened": "pending"}.get(status, status)


def found(jd: str, slug: str | None, primary: bool) -> dict[str, Any]:
    return {"jd_id": jd, "skill_slug": slug, "is_primary": primary}


def test_a_role_is_proposed_from_its_postings(mini: Release) -> None:
    skills = pl.DataFrame(
        [found("a", "sql", True), found("b", "sql", True), found("a", "java", False), found("b", None, True)],
        schema={"jd_id": pl.String, "skill_slug": pl.String, "is_primary": pl.Boolean},
    )
    duties = ["Tune the tables of the harp, daily.", "Teach pupils to play the harp.", "Teach pupils to play"]
    role = propose_role("Harp Teacher", "harp-teacher", None, skills, duties, mini)
    assert NewRole.model_validate(role.model_dump()) == role
    assert (role.id, role.slug, role.domain) == (role_id("harp-teacher"), "harp-teacher", "Everything")
    assert (role.skills.primary, role.skills.secondary) == (["SQL"], ["Java"])
    assert [k.kra for k in role.kras] == [
        "tune the tables of the harp", "teach pupils to play the harp", "teach pupils to play",
    ]  # fmt: skip
    assert role.dimensions == {"Databases": ["SQL"], "Backend Development": ["Java"]}
    assert role_id("harp-teacher") != role_id("lute-teacher")
    assert role_id("x") >= 100_000


def test_a_role_without_skills_and_duties_borrows_from_the_nearest(mini: Release) -> None:
    none = pl.DataFrame(schema={"jd_id": pl.String, "skill_slug": pl.String, "is_primary": pl.Boolean})
    role = propose_role("Night Nurse", "night-nurse", "registered-nurse", none, [], mini)
    assert role.skills.primary == ["Wound care", "Patient assessment", "Medication administration"]
    assert role.baseline.nature_of_work.label == "Bedside care"
    assert len(role.kras) == 1


@pytest.mark.parametrize(
    ("sentence", "phrase"),
    [
        ("Design and build the REST APIs that web and mobile clients call", "design and build the rest apis"),
        ("Own it: plan the yearly audit of vendors and of their", "plan the yearly audit of vendors"),
        ("Sell.", "sell"),
        ("•", "•"),
    ],
)
def test_a_phrase_is_short_and_has_no_loose_end(sentence: str, phrase: str) -> None:
    assert kra_phrase(sentence) == phrase
