"""Terms of a post among its duties, wishes that close a list of duties, and prose of public bodies."""

from __future__ import annotations

import pytest

from jd_assets.stages.parse import segment
from jd_assets.stages.parse.announcing import announces
from jd_assets.stages.parse.terms import states_terms


def duties(text: str) -> list[str]:
    return [" ".join(text[s.start : s.end].split()) for s in segment(text) if s.duty]


@pytest.mark.parametrize(
    "line",
    [
        "Working hours are Tuesday to Saturday, 7am to 3pm.",
        "The hours of work will vary with the tides.",
        "You will work shifts on a rota that includes public holidays.",
        "Officers work 12-hour shifts with every second weekend off.",
        "Includes one evening and a Saturday shift a week.",
        "This position requires some evenings and weekends.",
        "Position will remain open until filled.",
        "*Posting period extended to 3 March.",
        "The vacancy closes on Friday.",
        "Reports to the Harbour Master.",
        "Reports to: Quay Supervisor",
        "Starts on: July 5",
        "Begins as soon as possible.",
        "Recruiting department: Nets and Ropes",
        "Working test period (WTP)",
        "Standard hours: 40",
        "Respond to: Ida Quill, quill@harbour.example",
        "Serves under the direction of the quay master, who sets priorities.",
    ],
)
def test_terms_of_a_post_are_told_from_its_work(line: str) -> None:
    assert states_terms(line.lower())


@pytest.mark.parametrize(
    "line",
    [
        "Reports faults to the workshop and on the log.",
        "Start the engines and check the gauges.",
        "Schedule shifts for the deck crew.",
        "Post notices of closed quays.",
        "End-to-end planning of the regatta.",
        "Work with volunteers on weekend events.",
        "Responds to calls from vessels in distress.",
        "Positions buoys and checks their moorings.",
        "Requires evening programs to be staffed.",
    ],
)
def test_work_is_no_term(line: str) -> None:
    assert not states_terms(line.lower())


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("This is skilled clerical work in keeping the harbour's registers.", True),
        ("This will involve inspecting moorings and writing to their owners.", True),
        ("Harbour deputies patrol the quays and log each berth.", True),
        ("Employees in this class function as members of a dredging crew.", True),
        ("The HMO will receive manifests and cargo documents.", True),
        ("The HMO will receive full training.", False),
        ("Two keepers are sought to maintain the lights.", True),
        ("The port seeks a keeper who will possess a steady hand.", False),
        ("Our keepers look after nine lights.", False),
        ("You will be employed by the port and paid each week.", False),
        ("You will be expected to work flexibly across three quays.", False),
        ("The successful candidate will be required to pass a medical examination.", False),
        ("This position prepares individuals for a life at sea.", False),
        ("This is a true workshop environment where you will wear many hats.", False),
        ("The job will be rotational, between the two quays.", False),
    ],
)
def test_prose_of_public_bodies(sentence: str, told: bool) -> None:
    assert announces(sentence.lower()) is told


def test_what_closes_a_list_of_duties_is_a_demand() -> None:
    text = (
        "Duties\n- Mend the nets\n- Paint the hulls\n- Log the catch\n- Two years at sea\n"
        "- Knowledge of knots\n- Ability to swim\n- Radio and radar\n- Demonstrates good judgment\n"
    )
    assert duties(text) == ["Mend the nets", "Paint the hulls", "Log the catch"]


def test_a_single_word_among_duties_is_one() -> None:
    text = "Main duties\n- Basic boat care\n- Caulking\n- Night watches on the quay\n- Rope work\n"
    assert duties(text) == ["Basic boat care", "Caulking", "Night watches on the quay", "Rope work"]


def test_what_is_glued_to_the_last_item_is_no_duty() -> None:
    text = "Duties\n- Mend the nets\n- Paint the hullsOur port is an equal opportunity employer for all.\n"
    assert duties(text) == ["Mend the nets", "Paint the hulls"]


def test_items_that_open_with_a_small_letter_stand_alone_where_nothing_is_wrapped() -> None:
    text = (
        "Key Responsibilities:\nPrepare the monthly reports on catches and landings\nmanage the berths of the"
        " inner basin\ntrain the new deckhands\nTo keep the lights in order\n"
    )
    assert duties(text) == [
        "Prepare the monthly reports on catches and landings",
        "manage the berths of the inner basin",
        "train the new deckhands",
        "To keep the lights in order",
    ]


def test_what_experience_must_include_is_no_duty() -> None:
    text = (
        "Minimum qualifications: You must show at least one year of experience equal to the next lower "
        "grade of "
        "the port service, to include:\n1) Leading crews of ten or more;\n2) Managing stores and berths;\n"
        "3) Writing reports for the board.\n"
    )
    assert duties(text) == []


def test_a_marked_label_with_its_value_below_ends_the_section() -> None:
    text = (
        "### Duties\n- Mend the nets\n- Paint the hulls\n\n### Location\nPort Errol\n\n### Benefits\nLunch.\n"
    )
    found = {text[s.start : s.end]: s for s in segment(text)}
    assert found["### Location"].kind == "heading"
    assert not found["Port Errol"].duty


def test_short_lines_between_duties_are_duties_but_captions_are_not() -> None:
    text = (
        "What you'll do\nPick, pack and ship the nets\nLoad trucks\nGeneral Stores\nKeep the loft "
        "clean and dry\nAnswer the night bell\nAd hoc work as required\nSweep the quay each night\n"
    )
    assert duties(text) == [
        "Pick, pack and ship the nets",
        "Load trucks",
        "Keep the loft clean and dry",
        "Answer the night bell",
        "Ad hoc work as required",
        "Sweep the quay each night",
    ]


def test_paragraphs_numbered_by_chapter_are_items() -> None:
    text = (
        "Main Duties\n1.1 To inspect the moorings each week.\n1.2 To collect the berth fees.\n"
        "2. To deputise for the master.\n\nRequirements\n1.5 years at sea\n"
    )
    assert duties(text) == [
        "To inspect the moorings each week.",
        "To collect the berth fees.",
        "To deputise for the master.",
    ]


def test_how_somebody_works_is_no_duty() -> None:
    text = (
        "Essential Functions\n- Mends the nets.\n- Dries the ropes.\n\nCompetencies\n- "
        "Communicates clearly and "
        "respectfully.\n- Works well in a crew.\n- Manages time with care.\n"
    )
    assert duties(text) == ["Mends the nets.", "Dries the ropes."]


def test_what_they_do_goes_on_with_what_the_holders_of_the_job_do() -> None:
    text = (
        "Harbour Educator\nEducators lead tours of the port for groups of children. They also "
        "assist with the "
        "summer camps. To apply, write to the warden."
    )
    assert duties(text) == [
        "Educators lead tours of the port for groups of children.",
        "They also assist with the summer camps.",
    ]


def test_a_label_that_asks_opens_its_section() -> None:
    text = (
        "Net Mender\nWe mend nets.\nDuties: Mends the nets. Dries the ropes.\nQualifications: High "
        "school diploma. "
        "Two years of experience with nets. Working Conditions: Exposure to rain."
    )
    found = {text[s.start : s.end]: s for s in segment(text)}
    assert found["Two years of experience with nets."].section == "requirements"
    assert duties(text) == ["Mends the nets.", "Dries the ropes."]


def test_reasons_to_join_are_benefits_and_links_do_not_hide_a_heading() -> None:
    text = (
        "Top 5 [reasons](https://quay.example/why) to work for Errol Nets:\n- Work with kind "
        "people\n- Mend nets "
        "with a view of the sea\n- Keep every Friday free\n\nResponsibilities\n- Mend the nets\n- "
        "Dry the ropes\n"
    )
    assert duties(text) == ["Mend the nets", "Dry the ropes"]
