"""Skills that a model named beside those that the embedded engine found."""

from __future__ import annotations

from typing import Any

import pytest

from jd_assets.library.release import Release
from jd_assets.models.hybrid import Hybrid, shipped_hybrid
from jd_assets.stages.skills import extract
from jd_assets.stages.skills.extract import Posting, find_skills
from jd_assets.stages.skills.found import Found


def named(
    text: str, *surfaces: str, kind: str = "hard", is_primary: bool | None = True
) -> list[dict[str, Any]]:
    return [
        {"surface": s, "start": text.index(s), "end": text.index(s) + len(s), "kind": kind,
         "is_primary": is_primary}
        for s in surfaces
    ]  # fmt: skip


def found(
    text: str, release: Release, skills: list[dict[str, Any]] | None, section: str = "requirements"
) -> dict[str, Found]:
    segments, at = [], 0
    for line in text.split("\n"):
        end = at + len(line)
        segments.append({"start": at, "end": end, "section": section, "kind": "item", "duty": False})
        at = end + 1
    [all_found] = find_skills([Posting(text, segments, named=skills)], release)
    return {s.name: s for s in all_found}


def test_what_both_found_is_surer_than_what_one_did(mini: Release) -> None:
    text = "Good knowledge of Java and PostgreSQL"
    alone = found(text, mini, None)
    both = found(text, mini, named(text, "Java", "PostgreSQL"))
    assert set(both) == set(alone) == {"Java", "PostgreSQL"}
    assert {s.engine for s in alone.values()} == {"embedded"}
    assert {s.engine for s in both.values()} == {"hybrid"}
    precision = shipped_hybrid().precision
    for name, skill in both.items():
        one = alone[name].confidence
        assert skill.confidence == pytest.approx(1 - (1 - one) * (1 - precision), abs=1e-3)


def test_words_that_the_library_spells_are_its_skills_ordinary_words_too(mini: Release) -> None:
    text = "You know your way around Go & Spring"
    assert not {"Go", "Spring"} & set(found(text, mini, None))
    both = found(text, mini, named(text, "Go & Spring"))
    for name in ("Go", "Spring"):
        assert both[name].entry is not None
        assert (both[name].engine, both[name].matched_via) == ("openai", "context")
        assert both[name].confidence == shipped_hybrid().precision


def test_other_words_are_new_with_the_models_kind(mini: Release) -> None:
    text = "You have done tide tables and keep calm"
    both = found(
        text, mini, named(text, "tide tables") + named(text, "keep calm", kind="soft", is_primary=None)
    )
    assert (both["tide tables"].entry, both["tide tables"].kind) == (None, "hard")
    assert both["tide tables"].matched_via == "model"
    assert both["keep calm"].kind == "soft"
    assert text[both["tide tables"].start : both["tide tables"].end] == "tide tables"


def test_words_around_a_skill_that_was_found_speak_for_it(mini: Release) -> None:
    text = "Strong in PostgreSQL tuning"
    both = found(text, mini, named(text, "PostgreSQL tuning"))
    assert {name: s.engine for name, s in both.items()} == {"PostgreSQL": "hybrid"}


def test_the_model_says_whether_a_skill_is_a_plus(mini: Release) -> None:
    text = "Good knowledge of Java"
    assert found(text, mini, None)["Java"].is_primary
    assert not found(text, mini, named(text, "Java", is_primary=False))["Java"].is_primary


@pytest.mark.parametrize(
    ("text", "section"), [("No Java needed", "requirements"), ("We write Java all day", "company")]
)
def test_a_skill_that_no_job_asks_for_is_not_taken(text: str, section: str, mini: Release) -> None:
    assert found(text, mini, named(text, "Java"), section) == {}


def test_a_later_mention_counts_where_the_first_does_not(mini: Release) -> None:
    text = "No Java needed\nWe moved on to java"
    skill = found(text, mini, named(text, "Java"))["Java"]
    assert text[skill.start : skill.end] == "java"


def test_what_the_model_left_out_stays_only_where_the_engine_is_sure(
    mini: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "Good knowledge of Java\nReports in Excel"
    sure = {name: s.confidence for name, s in found(text, mini, None).items()}
    assert sure["Java"] > 0.95 > sure["Microsoft Excel"]
    monkeypatch.setattr(extract, "shipped_hybrid", lambda: Hybrid((), {}, 0.8, keeps_from=0.95))
    assert {name: s.engine for name, s in found(text, mini, []).items()} == {"Java": "embedded"}
    assert set(found(text, mini, named(text, "Excel"))) == {"Java", "Microsoft Excel"}
