"""Lists that lost their bullets, line breaks or headings, and duties told in prose."""

from __future__ import annotations

import pytest

from jd_assets.stages.parse import parse_text, segment


def duties(text: str) -> list[str]:
    return [text[s.start : s.end] for s in segment(text) if s.duty]


LINES = """Harbour Warden

Responsibilities
Apply the harbour rules with care.
Mend the mooring lines. Make sure that every line is logged.
Demonstrate ability to handle small boats in all weathers

Requirements
Experience of small boats
"""


def test_a_line_among_lines_is_one_item() -> None:
    assert duties(LINES) == [
        "Apply the harbour rules with care.",
        "Mend the mooring lines. Make sure that every line is logged.",
        "Demonstrate ability to handle small boats in all weathers",
    ]


def test_paragraphs_stay_sentences() -> None:
    text = LINES.replace("with care.\nMend", "with care.\n\nMend").replace("logged.\nD", "logged.\n\nD")
    assert "Mend the mooring lines." in duties(text)


def test_a_list_without_stops_is_taken_apart() -> None:
    text = (
        "Harbour Warden\n\nDuties: Mend the mooring lines of the inner basin Count the boats that pass the "
        "lock each day Paint the buoys in spring with the Engineering crew Keep the log of the tides up to "
        "date\n\nRequirements:\nExperience of small boats"
    )
    assert [d.split()[0] for d in duties(text)] == ["Mend", "Count", "Paint", "Keep"]


def test_bullets_without_a_space_before_them() -> None:
    dots = (
        "Our wardens share these tasks:\u00b7         Mend the mooring lines of the basin\u00b7         "
        "Count the boats that pass the lock\u00b7         Paint the buoys in spring"
    )
    dashes = (
        "Harbour Warden\nA small port in the north wants a hand for its two basins this summer.What You "
        "Will Be Doing- Mend the mooring lines of the basin- Count the boats that pass the lock- Paint the "
        "buoys in springWhat You Need for this Position- 3+ years of experience on boats- A head for heights"
    )
    for text in (dots, dashes):
        assert [d.split()[0] for d in duties(text)] == ["Mend", "Count", "Paint"]


@pytest.mark.parametrize(
    "heading",
    ["What you'll do", "Key Duties", "DESCRIPTION OF DUTIES", "Things you'll do"],
)
def test_a_heading_glued_to_its_first_item(heading: str) -> None:
    text = (
        f"Harbour Warden\nA port in the north.\n{heading}Mend the mooring lines of the basin.\nCount boats."
    )
    assert "Mend the mooring lines of the basin." in duties(text)


@pytest.mark.parametrize(
    "sentence",
    [
        "You'll need to work out how the boats can share two small basins.",
        "The Quay Trust wishes to appoint a warden to guard its two basins.",
        "The port seeks a warden to serve the boats of two small basins.",
        "Responsibilities will include mending the mooring lines of the basins.",
        "The main objective for the Harbour Warden is to keep the basins clear.",
        "They are responsible for mending the lines and counting the boats.",
        "You'll need to be able to mend ropes in the dark of both basins.",
        "Particular emphasis will be on mending the lines of the inner basin.",
    ],
)
def test_prose_that_tells_of_the_work(sentence: str) -> None:
    assert duties(f"Harbour Warden\n\nThe port has two basins.\n\n{sentence}") == [sentence]


@pytest.mark.parametrize(
    "sentence",
    [
        "Interviews will be held in the week of 8 March at the quay.",
        "To discuss the role with the harbour master, call the quay office.",
        "You will work 37 hours per week between 6am and 11pm on the quay.",
        "Do you mend nets before breakfast and count boats after it?",
        "You'll need to provide two references before the first day on the quay.",
        "It is not meant to include each task of the wardens on the quay.",
        "The port is looking for someone to join the crew of the quay.",
        "You will also be asked to undertake checks before the first day.",
        "The role will require travel between the two basins of the port.",
        "To perform the job successfully, a warden must know both basins.",
    ],
)
def test_prose_that_tells_of_other_things(sentence: str) -> None:
    assert duties(f"Harbour Warden\n\nThe port has two basins.\n\n{sentence}") == []


def test_a_degree_that_starts_like_work_is_asked_for() -> None:
    jd = parse_text(
        "Harbour Warden\n\nResponsibilities\n- Mend the lines\n- Count the boats\n- Paint the buoys\n\n"
        "Requirements\n- Engineering degree with 3+ years of experience on quays\n- Strong swimmer"
    )
    assert [jd.text[s.start : s.end] for s in jd.duties] == [
        "Mend the lines",
        "Count the boats",
        "Paint the buoys",
    ]
    assert jd.education_levels == ["bachelor"]


def test_work_behind_a_colon_is_parted_by_semicolons() -> None:
    text = (
        "Harbour Warden\n\nTwo basins. Responsibilities will include: Mend the mooring lines; count "
        "the boats that pass; paint the buoys in spring."
    )
    assert [d.split()[0] for d in duties(text)] == ["Mend", "count", "paint"]


def test_what_experience_must_include_is_no_duty() -> None:
    text = (
        "Harbour Warden\n\nRequirements\n\nOne year of boating. Specialized experience MUST include all of "
        "the following: Mend the mooring lines of a basin. Count the boats that pass a lock."
    )
    assert duties(text) == []


def test_a_short_verb_opens_a_glued_sentence() -> None:
    text = (
        "Harbour Warden\n\nTasks\n\nCount the boats that pass the lock at all times.Use the log of the port."
    )
    assert duties(text) == ["Count the boats that pass the lock at all times.", "Use the log of the port."]
