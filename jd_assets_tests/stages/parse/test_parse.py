"""Rejections, the frame, nano_parsed, and what holds for any text at all."""

from __future__ import annotations

import json
from datetime import date
from uuid import UUID

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jd_assets.contracts import NanoParsed
from jd_assets.stages.parse import ParsedJd, frame, parse, parse_text, run_id
from jd_assets.stages.parse.frame import groundings
from jd_assets.stages.parse.nano import nano_parsed
from jd_assets.tables import PARSED_JDS

DAY = date(2026, 3, 2)
JD = (
    "Harbour Engineer\nCompany: Tidewater Works Pvt Ltd\nLocation: Kochi, Kerala\nExperience: "
    "3-5 years\n\n"
    "Responsibilities:\n\u2022 Inspect the quays every month\n\u2022 Plan dredging with contractors\n\n"
    "Qualifications\n\u2022 B.Tech in Civil Engineering\n\u2022 Valid driving licence\n"
)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        (" \n\t ", "empty"),
        ("Hiring a cook, call now", "too_short"),
        (
            "Tax Invoice No. 771\nBill to: Fern Dairy\nQty 4, unit price Rs 200\nSubtotal Rs 800\nGST Rs "
            "144\n"
            "Total payable Rs 944. Payment due in 15 days by bank transfer to our account.",
            "invoice",
        ),
        (
            "Curriculum Vitae\nAnil R.\nCareer objective: to grow with a good firm.\n2019 - present: I "
            "managed "
            "a bakery in Kochi.\n2015 - 2019: I worked as a baker.\nReferences available on request.",
            "cv",
        ),
        (
            "Dear Sir or Madam,\nI am writing to apply for the post of baker. I believe my years in a "
            "hotel "
            "kitchen would help you. I look forward to your reply.\nYours faithfully,\nMeera",
            "cover_letter",
        ),
        (
            "The mayor said on Friday that the old bridge will close for repairs. Residents were told "
            "last week, "
            "officials announced. According to the council the work was approved in March.",
            "news_article",
        ),
        (
            "Wir suchen f\u00fcr unser Werk in Kassel einen erfahrenen Schlosser. Sie sind f\u00fcr die "
            "Wartung der "
            "Anlagen zust\u00e4ndig und arbeiten mit dem Team der Produktion. Wir bieten eine gute "
            "Bezahlung.",
            "wrong_language",
        ),
        (
            "\u041c\u044b \u0438\u0449\u0435\u043c \u0438\u043d\u0436\u0435\u043d\u0435\u0440\u0430 "
            "\u0432 \u043d\u0430\u0448\u0443 "
            "\u043a\u043e\u043c\u0430\u043d\u0434\u0443. " * 4,
            "wrong_language",
        ),
        (
            "# Garden design for beginners\nWhat you'll learn\n- Learn how to plan a border\n- Choose "
            "plants for "
            "each season\nSkills you'll gain\n- Drawing\n- Soil science\nNo experience required. Enrol "
            "today and get "
            "a certificate of completion. This course is self-paced.",
            "course_advert",
        ),
        (
            "How to become a lighthouse keeper\nPosted on 3 May by the author. In this article we look at "
            "the career "
            "path of keepers, their duties and the skills that they need. Step 1: learn about lamps. Step "
            "2: manage "
            "a boat. Read more in our guide, and subscribe.",
            "article",
        ),
        (
            "We have the pleasure to announce that Tern Foundry has acquired Calder Works, which designs "
            "bells. Calder "
            "launched in 2006 and supports clients in many sectors. The CEO of Calder joins the leadership "
            "team as "
            "director of client work.",
            "news_article",
        ),
        (
            "Harbour Lights webinar\nRegister now for our panel discussion on lamps. Speakers from three "
            "ports share "
            "their experience. Agenda: lenses, towers, ships. Tickets are free until Friday.",
            "event",
        ),
        (
            "Boil the potatoes for twenty minutes and let them cool. Slice an onion thinly. Mix oil, "
            "vinegar and "
            "salt, pour it over the warm slices, and serve with parsley on top.",
            "not_a_jd",
        ),
    ],
)
def test_rejections(text: str, reason: str) -> None:
    jd = parse_text(text)
    assert jd.rejection is not None
    assert jd.rejection.reason == reason
    assert jd.rejection.detail.endswith(".")


@pytest.mark.parametrize(
    "text",
    [
        "Strong knowledge of weaving looms.\nFamiliarity with dyeing.\nAbility to lift rolls of "
        "cloth.\nExperience "
        "with quality checks is a plus.",
        "Assist in setting up the stalls.\nSupport the cashier.\nMaintain the stock "
        "list.\nCoordinate with vendors "
        "and report shortages.",
        "We are looking for a Lift Technician to maintain and repair lifts in tall buildings across "
        "the city. Apply "
        "with your CV.",
        "Java developer needed, 3 years experience, Pune, salary 10 LPA. Apply now.",
        "Net mender wanted for our yard in Leeds. Full-time, no experience needed.",
    ],
)
def test_fragments_of_jds_pass(text: str) -> None:
    assert parse_text(text).rejection is None


def test_nano_parsed_has_all_fields_of_the_contract() -> None:
    text = (
        JD.replace("Kochi, Kerala", "Melbourne, Australia").replace("Harbour Eng", "Civil Eng")
        + "\nPreferred\n- Master's degree\n\nPay: $90,000 - $98,000 per year\n\nAbout us\n"
        "Tidewater Works keeps quays in good repair for small towns. See www.tidewater.example.com.\n"
    )
    nano = nano_parsed(parse_text(text)).model_dump()
    assert nano["ctc"] == {
        "min": 90_000.0, "max": 98_000.0, "currency": "AUD", "period": "year",
        "raw": "$90,000 - $98,000 per year",
    }  # fmt: skip
    assert nano["domain"]["primary"] == {
        "domain": "Engineering & Manufacturing", "aliases": ["Engineering", "Manufacturing"],
    }  # fmt: skip
    assert [(e["level"], e["requirement"]) for e in nano["education"]] == [
        ("Bachelor's", "required"),
        ("Master's", "preferred"),
    ]
    assert nano["job_locations"] == [
        {"city": "Melbourne", "state": None, "country": "Australia", "aliases": [], "work_mode": None}
    ]
    assert nano["about_company"].startswith("Tidewater Works keeps quays")
    assert nano["urls"] == ["www.tidewater.example.com"]
    assert nano["certifications"] == ["driving licence"]
    assert nano["role_archetype"] == "Engineering"


def test_nano_parsed_of_a_jd() -> None:
    nano = nano_parsed(parse_text(JD))
    assert (nano.JD_type, nano.role, nano.company_name) == (
        "pass",
        "Harbour Engineer",
        "Tidewater Works Pvt Ltd",
    )
    assert (nano.experience.min, nano.experience.max) == (3, 5)
    assert [(e.level, e.qualification) for e in nano.education] == [
        ("Bachelor's", "B.Tech in Civil Engineering")
    ]
    assert [(p.city, p.state, p.country) for p in nano.job_locations] == [("Kochi", "Kerala", "India")]
    block = nano.roles_and_responsibilities[0]
    assert (block.heading, block.heading_was_present, block.bullet_count) == ("Responsibilities", True, 2)
    assert block.text == "Inspect the quays every month\nPlan dredging with contractors"
    assert block.word_count == 9
    assert block.source_marker.first_5_words == "Inspect the quays every month"
    assert block.source_marker.last_5_words == "month Plan dredging with contractors"


def raw(*texts: str | None, status: str = "ok") -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "jd_id": f"jd-{i}",
                "status": status,
                "text": t,
                "title": None,
                "company": None,
                "location": None,
            }
            for i, t in enumerate(texts)
        ],
        schema_overrides=dict.fromkeys(("title", "company", "location", "text"), pl.String),
    )


def test_the_frame_fits_its_table() -> None:
    frame_ = PARSED_JDS.conform(parse(raw(JD, "", "short text"), DAY))
    assert frame_["jd_type"].to_list() == ["pass", "reject", "reject"]
    assert frame_["reject_reason"].to_list() == [None, "empty", "too_short"]
    row = frame_.row(0, named=True)
    assert row["cities"] == ["Kochi"]
    assert row["certifications"] == ["driving licence"]
    assert row["run_id"] == run_id("jd-0", DAY)
    assert NanoParsed.model_validate(json.loads(row["nano_parsed"])).role == "Harbour Engineer"
    assert row["values_found"] == row["values_grounded"] == len(row["grounding"])
    for value in row["grounding"]:
        assert JD[value["start"] : value["end"]] == value["value"]


def test_values_that_are_not_the_words_at_their_places_are_counted() -> None:
    days = raw(JD, "", JD.replace("Kochi", "Pune"))
    rows = parse(days, DAY)
    assert frame.misplaced(days, rows) == 0
    moved = rows.with_columns(
        pl.col("grounding").list.eval(
            pl.struct(
                pl.element().struct["field"],
                pl.element().struct["value"],
                pl.element().struct["start"] + (pl.element().struct["field"] == "title").cast(pl.Int32),
                pl.element().struct["end"],
            )
        )
    )
    assert frame.misplaced(days, moved) == 2


def test_only_ok_rows_are_read() -> None:
    assert parse(raw(JD, status="duplicate"), DAY).height == 0
    assert parse(raw(JD).clear(), DAY).schema == PARSED_JDS.polars_schema


def test_run_ids_are_stable_and_apart() -> None:
    assert UUID(run_id("a", DAY)).version == 5
    assert run_id("a", DAY) == run_id("a", DAY)
    assert len({run_id("a", DAY), run_id("b", DAY), run_id("a", date(2026, 3, 3))}) == 3


def test_a_failing_rule_costs_its_own_jd_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(text: str, **hints: str | None) -> ParsedJd:
        if "Kochi" in text:
            raise ZeroDivisionError
        return parse_text(text, **hints)

    monkeypatch.setattr(frame, "parse_text", failing)
    rows = parse(raw(JD, JD.replace("Kochi", "Pune")), DAY)
    assert rows["reject_reason"].to_list() == ["parser_error", None]
    assert rows["reject_detail"][0].startswith("ZeroDivisionError")


_PIECES = st.sampled_from(
    [
        "Responsibilities:",
        "\u2022 ",
        "- ",
        "\n",
        "\r\n",
        " ",
        "Develop",
        "you will",
        "5+ years",
        "B.Tech",
        "\u20b925,000",
        "Pune",
        "Location:",
        "<br>",
        "&amp;",
        "<li>",
        "About Acme",
        "CFA",
        "(",
        ")",
        ".",
        "a@b.co",
        "http://x.io",
        "\u0130",
        "\u05d0",
        "\U0001f680",
        "\0",
        "Acme Ltd",
        "Experience",
        "1.",
        "2.",
        "hybrid",
        "Master's degree",
        "- 3",
        "to",
        "/",
        "is a",
        "Engineer",
        ":",
        "\u2028",
        "\uf0b7",
    ]
)
_TEXTS = st.one_of(
    st.text(max_size=300), st.lists(st.one_of(_PIECES, st.text(max_size=8)), max_size=60).map("".join)
)


@given(_TEXTS)
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_gives_ordered_segments_and_grounded_values(text: str) -> None:
    jd = parse_text(text, title=text[:20], company=text[5:15], location="Pune")
    last = 0
    for segment in jd.segments:
        assert last <= segment.start < segment.end <= len(text)
        last = segment.end
    for _, start, end in groundings(jd):
        assert 0 <= start < end <= len(text)
        assert text[start:end].strip()
    nano_parsed(jd)


def test_a_big_day_is_read_by_several_processes_as_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame, "_PIECE", 2)
    texts = [
        JD.replace("Kochi", city) for city in ("Kochi", "Pune", "Delhi", "Jaipur", "Indore", "Surat", "Agra")
    ]
    alone = parse(raw(*texts), DAY)
    monkeypatch.setattr(frame, "_SPREAD_FROM", 1)
    assert parse(raw(*texts), DAY).equals(alone)
    assert [c[0] for c in alone["cities"]] == ["Kochi", "Pune", "Delhi", "Jaipur", "Indore", "Surat", "Agra"]
