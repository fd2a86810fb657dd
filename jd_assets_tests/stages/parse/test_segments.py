"""Segments: sections by heading and by content, glued and one-line texts, duties."""

from __future__ import annotations

import pytest

from jd_assets.stages.parse import segment
from jd_assets.stages.parse.label_kinds import label_kind
from jd_assets.stages.parse.sections import heading_section


def duties(text: str) -> list[str]:
    return [text[s.start : s.end] for s in segment(text) if s.duty]


@pytest.mark.parametrize(
    ("heading", "section"),
    [
        ("Roles & Responsbilities", "responsibilities"),
        ("What you'll do", "responsibilities"),
        ("WHAT YOU WILL BE DOING:", "responsibilities"),
        ("In this role, you will:", "responsibilities"),
        ("Key Result Areas", "responsibilities"),
        ("## Essential Duties and Responsibilities", "responsibilities"),
        ("Stable Manager Responsibilities", "responsibilities"),
        ("Who You Are", "requirements"),
        ("What we're looking for", "requirements"),
        ("**Minimum Qualifications:**", "requirements"),
        ("Knowledge, Skills & Abilities", "requirements"),
        ("Desired Candidate Profile", "requirements"),
        ("Nice to have", "preferred"),
        ("Preferred Qualifications", "preferred"),
        ("Bonus points if you have", "preferred"),
        ("Technical Skills", "skills"),
        ("Perks & Benefits", "benefits"),
        ("What's in it for you?", "benefits"),
        ("Why join us?", "benefits"),
        ("How to Apply", "apply"),
        ("Equal Opportunity Employer", "legal"),
        ("About Blue Lantern", "company"),
        ("Who we are", "company"),
        ("About the role", "other"),
        ("Job Description", "other"),
        ("Excellent communication skills", None),
        ("Repair pumps and valves", None),
        ("You'd spend your time:", "responsibilities"),
        ("What will I be doing?", "responsibilities"),
        ("The teacher will", "responsibilities"),
        ("What do I need?", "requirements"),
        ("What we ask for", "requirements"),
        ("Also useful:", "preferred"),
        ("What do we offer?", "benefits"),
        ("JOB DISCRIPTION-", "other"),
    ],
)
def test_headings_open_their_section(heading: str, section: str | None) -> None:
    assert heading_section(heading) == section


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Job Location", "location"),
        ("Designation", "title"),
        ("Total Experience Required", "experience"),
        ("CTC", "salary"),
        ("Salary Range", "salary"),
        ("Educational Qualification", "education"),
        ("Work Mode", "work_mode"),
        ("Company Name", "company"),
        ("Industry", "other"),
        ("Weather", None),
    ],
)
def test_labels_announce_their_field(label: str, kind: str | None) -> None:
    assert label_kind(label) == kind


def test_sections_by_heading() -> None:
    text = (
        "Boat Builder\n\nAbout Harbour Works\nWe build small boats.\n\nYour tasks\n- Plane the planks\n"
        "- Seal the hulls\n\nRequirements\n- 2 years with wood\n\nBenefits\n- Free lunch\n\nHow to apply\n"
        "Write to us.\n"
    )
    found = {text[s.start : s.end]: s.section for s in segment(text)}
    assert found["Boat Builder"] == "title"
    assert found["We build small boats."] == "company"
    assert found["Plane the planks"] == "responsibilities"
    assert found["2 years with wood"] == "requirements"
    assert found["Free lunch"] == "benefits"
    assert found["Write to us."] == "apply"
    assert duties(text) == ["Plane the planks", "Seal the hulls"]


def test_glued_sentences_are_taken_apart() -> None:
    text = (
        "Key Duties\nKeep the ledgers in order.Prepare weekly reports for the owner.Check every delivery "
        "against its note.\nRequirements\nMinimum 2 years of experience.Good knowledge of "
        "PYTHONShould have "
        "worked with Node.js and ASP.Net."
    )
    assert duties(text) == [
        "Keep the ledgers in order.",
        "Prepare weekly reports for the owner.",
        "Check every delivery against its note.",
    ]
    sentences = [text[s.start : s.end] for s in segment(text)]
    assert "Good knowledge of PYTHON" in sentences
    assert "Should have worked with Node.js and ASP.Net." in sentences


@pytest.mark.parametrize(
    "line",
    [
        "\u2022 Plan the routes \u2022 Load the vans \u2022 Check the seals",
        "1. Plan the routes 2. Load the vans 3. Check the seals",
        "1) Plan the routes\n2) Load the vans\n3) Check the seals",
        "\uf0b7 Plan the routes\n\uf0b7 Load the vans\n\uf0b7 Check the seals",
        "<ul><li>Plan the routes</li><li>Load the vans</li><li>Check the seals</li></ul>",
        "Plan the routes<br>Load the vans<br/>Check the seals",
        "* Plan the routes\n* Load the vans\n* Check the seals",
        "Plan the routes\nLoad the vans\nCheck the seals",
        "- [x] Plan the routes\n- [ ] Load the vans\n- [x] Check the seals",
        "-> Plan the routes\n-> Load the vans\n-> Check the seals",
        "â€¢Plan the routes\nâ€¢Load the vans\nâ€¢Check the seals",
        "Plan the routes; Load the vans; Check the seals",
    ],
)
def test_lists_of_every_kind(line: str) -> None:
    assert duties(f"Responsibilities:\n{line}\n") == ["Plan the routes", "Load the vans", "Check the seals"]


def test_a_dash_list_on_one_line() -> None:
    text = (
        "Tending the herd from spring to autumn. - Move the cattle to fresh pasture every week - Mend the "
        "fences along the northern ridge - Keep records of births and treatments - Train two "
        "seasonal helpers"
    )
    assert [d.split()[0] for d in duties(text)] == ["Tending", "Move", "Mend", "Keep", "Train"]


def test_a_whole_jd_on_one_line() -> None:
    text = (
        "Job Description: Quarry Foreman for our northern site. Responsibilities: Supervise the "
        "blasting crew. "
        "Inspect machines every morning. Requirements: Minimum 5 years of experience in quarries. Valid "
        "driving licence. Benefits: Lodging and meals are free."
    )
    assert duties(text) == ["Supervise the blasting crew.", "Inspect machines every morning."]
    sections = {text[s.start : s.end]: s.section for s in segment(text)}
    assert sections["Lodging and meals are free."] == "benefits"
    assert sections["Minimum 5 years of experience in quarries."] == "requirements"


def test_prose_says_what_the_person_will_do() -> None:
    text = (
        "About the role\nWe are a friendly team of eleven. As a Night Auditor, you will reconcile "
        "the day's "
        "takings. You will be part of a young team with great opportunities to grow. The incumbent "
        "will report to "
        "the front office manager.\n\nYou will need to be patient."
    )
    assert duties(text) == [
        "As a Night Auditor, you will reconcile the day's takings.",
        "The incumbent will report to the front office manager.",
    ]


def test_requirements_are_no_duties() -> None:
    text = (
        "Responsibilities\n- Answer calls from growers\n- Ability to lift 20 kg\n- Experience in "
        "cold storage\n"
        "- Must hold a forklift licence\n- 5 days working\n- Five day workweek"
        "\n- Six days a week in the office\n\nQualifications\n- Strong written English\n- Bachelor's "
        "degree in "
        "agronomy\n- Prepare monthly stock statements for the auditor\n"
    ).replace("growers\n", "growers\n- Two-day workshops for beekeepers, twice a year\n")
    assert duties(text) == [
        "Answer calls from growers",
        "Two-day workshops for beekeepers, twice a year",
        "Prepare monthly stock statements for the auditor",
    ]


def test_duties_without_any_heading() -> None:
    text = (
        "\u2022 Assist in sorting the archive\n\u2022 Catalogue new photographs\n\u2022 Support "
        "visiting scholars "
        "at the desk\nRequired Skills\n\u2022 Strong foundation in history\n\u2022 Familiarity with "
        "spreadsheets\n"
    )
    assert duties(text) == [
        "Assist in sorting the archive",
        "Catalogue new photographs",
        "Support visiting scholars at the desk",
    ]


def test_subheadings_and_closing_words_are_no_duties() -> None:
    text = (
        "Responsibilities:\n\nStock Control:\n- Count the shelves weekly\n\nTeam\n- Train new packers\n\n"
        "If you are passionate about tea, we want to hear from you. Join us!\n"
    )
    assert duties(text) == ["Count the shelves weekly", "Train new packers"]


def test_lines_wrapped_at_a_margin_are_one_item() -> None:
    text = "Responsibilities\n- Prepare the annual\n  maintenance plan\n- Order the spare parts\n"
    assert [" ".join(d.split()) for d in duties(text)] == [
        "Prepare the annual maintenance plan",
        "Order the spare parts",
    ]


def test_entities_keep_their_place() -> None:
    text = "Responsibilities\n&bull; Lead R&amp;D&nbsp;trials\n&bull; Write the reports\n"
    assert duties(text) == ["Lead R&amp;D&nbsp;trials", "Write the reports"]


def test_a_list_below_the_job_is_one_of_duties() -> None:
    text = (
        "Kiln Hand\n\nThe job:\n- stacking and firing, now and then glazing\n- being polite to visitors\n\n"
        "You need:\n- strong arms\n"
    )
    assert duties(text) == ["stacking and firing, now and then glazing", "being polite to visitors"]


def test_a_list_on_the_line_of_its_heading() -> None:
    text = "Kiln Hand\nYou will: stack the shelves; fire the kiln at night; sweep the floor.\n"
    assert duties(text) == ["stack the shelves", "fire the kiln at night", "sweep the floor."]


def test_work_named_after_job_description_is_a_duty() -> None:
    line = "Installation, firing and repair of kilns at three sites, stock checks and orders."
    assert duties(f"Kiln Hand, Exp: 2-3 yrs | Location: Leeds | Salary: 3 LPA. Job description: {line}") == [
        line
    ]


def test_fields_on_one_line_are_taken_apart() -> None:
    text = "Kiln Hand\nLocation: Leeds | Experience: 2 years    Shift: Night\n"
    found = [text[s.start : s.end] for s in segment(text)]
    assert found == ["Kiln Hand", "Location:", "Leeds", "Experience:", "2 years", "Shift:", "Night"]


def test_a_labels_value_ends_with_its_sentence_in_a_long_line() -> None:
    text = (
        "Company: Orrin & Kolhe. Attend calls and visitors, keep the register, book the meeting room, sort "
        "the post and order tea for the partners. Graduate, 1-2 yrs exp."
    )
    sections = {text[s.start : s.end]: s.section for s in segment(text)}
    assert sections["Orrin & Kolhe."] == "company"
    assert sections["Graduate, 1-2 yrs exp."] == "other"
    assert len(duties(text)) == 1
