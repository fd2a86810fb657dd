"""Notices of public bodies, museums and hospitals: one-paragraph advertisements, classes of posts, prose."""

from __future__ import annotations

import pytest

from jd_assets.stages.parse import ParsedJd, parse_text
from jd_assets.stages.parse.grounding import Grounded


def value(found: Grounded | None) -> str | None:
    return found.value if found else None


def duties(jd: ParsedJd) -> list[str]:
    return [" ".join(jd.text[d.start : d.end].split()) for d in jd.duties]


CLASSIFIED = (
    "Harbour Clerk, Fenwick County, Kansas- The office of the harbour master keeps the register of all "
    "moorings. "
    "As part of this service, the Harbour Clerk will: Administer berth permits to visiting vessels. "
    "Coordinate with "
    "other offices regarding the rules, to apply them to new cases. May inspect moorings after storms. "
    "Duties: Keeps the tide tables; Files the fee receipts; Answers calls from skippers. Salary: $21.10 "
    "- $28.40 "
    "Hourly. Deadline: June 3. Application: For the complete listing and to apply, click here."
)


def test_an_advertisement_in_one_paragraph() -> None:
    jd = parse_text(CLASSIFIED)
    assert value(jd.title) == "Harbour Clerk"
    assert value(jd.company) == "Fenwick County"
    assert [(place.city, place.state) for place in jd.locations] == [(None, "Kansas")]
    assert duties(jd) == [
        "Administer berth permits to visiting vessels.",
        "Coordinate with other offices regarding the rules, to apply them to new cases.",
        "May inspect moorings after storms.",
        "Keeps the tide tables",
        "Files the fee receipts",
        "Answers calls from skippers.",
    ]
    assert jd.pay is not None
    assert (jd.pay.least, jd.pay.period) == (21.1, "hour")


def test_a_hyphen_in_a_name_ends_no_head() -> None:
    text = CLASSIFIED.replace("Fenwick County, Kansas-", "Stoke-Barrow Council, Kansas -")
    jd = parse_text(text)
    assert value(jd.company) == "Stoke-Barrow Council"


CITY = """City of Wexcombe
Parks Department
114 Orchard Lane, Wexcombe, OH

TREE SURGEON

Annual Starting Salary: 48,200

Deadline: Open until filled

The purpose of this classification is to keep the trees of the city's parks sound and safe.

High school diploma or GED; must hold a valid Ohio driver's license and a current Arborist Certificate. EOE.
"""


def test_a_label_with_its_value_opens_no_section() -> None:
    jd = parse_text(CITY)
    assert value(jd.company) == "City of Wexcombe"
    assert jd.cities == ["Wexcombe"]
    assert duties(jd) == [
        "The purpose of this classification is to keep the trees of the city's parks sound and safe."
    ]
    assert jd.education_levels == ["high_school"]
    assert [c.value for c in jd.certifications] == ["Ohio driver's license", "Arborist Certificate"]


STATE = """Bridge Inspector (Structures Group II)

  • Oregon Department of Crossings
  • Eugene, Oregon
  • Full Time

Nature of Work: This position serves as an inspector of timber bridges. The inspector also maintains the log
of defects. It may also include the survey of culverts.

The functions listed below are illustrative of the work performed.
Incumbents in this class examine piers by boat. Employees may be assigned other tasks.
"""


def test_facts_in_bullets_are_no_duties() -> None:
    jd = parse_text(STATE)
    assert value(jd.company) == "Oregon Department of Crossings"
    assert jd.cities == ["Eugene"]
    assert duties(jd) == [
        "This position serves as an inspector of timber bridges.",
        "The inspector also maintains the log of defects.",
        "It may also include the survey of culverts.",
        "Incumbents in this class examine piers by boat.",
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "As a Ward Sister you coordinate the care of twenty patients on the unit.",
        "As Deputy Keeper, supports the Keeper in the care of the costume collection.",
        "He/she prepares the loan agreements for travelling exhibitions.",
        "Working with the head gardener, the apprentice maintains the glasshouses.",
        "The goal of this position is to bring local history to schools.",
        "The post-holder may also write labels for the permanent displays.",
        "In addition to tours, the Educator is responsible for workshops, with opportunities to plan more.",
        "While mostly working at the desk, this position also supports the evening programme.",
    ],
)
def test_prose_that_tells_the_work(sentence: str) -> None:
    jd = parse_text(f"Museum Assistant\nLarkhill Museum, Leeds\n\nJob Summary\n\n{sentence}\n")
    assert duties(jd) == [sentence]


@pytest.mark.parametrize(
    "sentence",
    [
        "The following duties are typical for this class.",
        "Management may assign additional functions to the class.",
        "Closes - 4/28/2027",
    ],
)
def test_words_about_the_list_are_no_duties(sentence: str) -> None:
    jd = parse_text(f"Yard Worker\n\nEssential Duties\n\n{sentence}\nSweeps the yard and mends the fences.\n")
    assert duties(jd) == ["Sweeps the yard and mends the fences."]


def test_a_list_in_stars_on_one_line() -> None:
    jd = parse_text(
        "Paper Conservator\nThe workshop restores maps and letters for the county record office at its "
        "own site. "
        "Duties and Responsibilities * Cleaning maps on the suction table * Work closely with the "
        "archivists on "
        "loans * Day to day care of the paper store\n"
    )
    assert duties(jd)[-3:] == [
        "Cleaning maps on the suction table",
        "Work closely with the archivists on loans",
        "Day to day care of the paper store",
    ]


@pytest.mark.parametrize(
    ("line", "cities"),
    [
        ("US, FL, Miami", ["Miami"]),
        ("United States, Maryland, Annapolis", ["Annapolis"]),
        ("Rochester, New York", ["Rochester"]),
        ("US, CA, San Mateo", ["San Mateo"]),
    ],
)
def test_places_from_the_country_down(line: str, cities: list[str]) -> None:
    jd = parse_text(
        f"Records Clerk\n{line}\n\nThe clerk files deeds and will answer calls from the public.\n"
    )
    assert jd.cities == cities


def test_years_behind_a_lost_line_break() -> None:
    jd = parse_text(
        "Brand Manager\n\nRequirements:\nMust be able to plan and execute independently.4-9 years "
        "working as brand "
        "manager, including 2+ years as a lead of a large team.\n"
    )
    assert jd.experience is not None
    assert (jd.experience.least, jd.experience.most) == (4, 9)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "How to Be a Lock Keeper - Job Description, Skills and Interview Questions\n\nLock keepers "
            "are responsible "
            "for the gates of a canal. They often work outdoors.\n\nSteps to Become One\n\n1. Finish "
            "school. Most lock "
            "keepers have a diploma.\n2. Gain experience. Many employers prefer two years on boats.\n",
            "article",
        ),
        (
            "Applications for employment with the borough are accepted only for posts that are open. "
            "Please send a "
            "separate application for each position you are interested in.\n\nSelection Process\n\nSome "
            "positions "
            "require a test. Your application will be assessed against the requirements of the position. "
            "Shortlisted "
            "candidates are invited to an interview.\n",
            "application_guide",
        ),
    ],
)
def test_texts_about_jobs_are_no_jd(text: str, reason: str) -> None:
    jd = parse_text(text)
    assert jd.rejection is not None
    assert jd.rejection.reason == reason


def test_a_certificates_name_is_said_once() -> None:
    jd = parse_text(
        "Fire Officer\n\nRequirements\n- Marlow Certified Fire Warden certification\n- Good knowledge of "
        "alarms\n"
    )
    assert [c.value for c in jd.certifications] == ["Marlow Certified Fire Warden"]
