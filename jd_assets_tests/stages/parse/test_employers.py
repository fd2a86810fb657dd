"""Titles, employers and towns as firms of several countries, councils, schools and museums write them."""

from __future__ import annotations

import pytest

from jd_assets.stages.parse.header import is_workplace
from jd_assets_tests.stages.parse.reading import company, read, title


@pytest.mark.parametrize(
    ("line", "job", "firm"),
    [
        ("Teacher of Pottery - Orrin Girls' High School", "Teacher of Pottery", "Orrin Girls' High School"),
        ("Orrin Valley University - Kiln Technician", "Kiln Technician", "Orrin Valley University"),
        ("Kiln Clerk - Orrin Valley Archive Network (OVAN)", "Kiln Clerk", "Orrin Valley Archive Network"),
        (
            "The University of Orrinland - Lecturer in Glaze",
            "Lecturer in Glaze",
            "The University of Orrinland",
        ),
        ("Orrin Foods - Area Manager\n\nOrrin Foods Pvt Ltd bakes.", "Area Manager", "Orrin Foods Pvt Ltd"),
        ("Dept. of Kilns, Orrin Museum - Kiln Clerk", "Kiln Clerk", "Orrin Museum"),
        ("Orrin Museum, Vale University - Kiln Clerk", "Kiln Clerk", "Orrin Museum"),
        ("School Nurse - Middle School", "School Nurse - Middle School", None),
    ],
)
def test_the_employer_on_the_titles_line(line: str, job: str, firm: str | None) -> None:
    jd = read(line)
    assert (title(jd), company(jd)) == (job, firm)


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("Supervisory Glaze Chemist, XY-1320-4 (AB/CD)", "Supervisory Glaze Chemist"),
        (
            "Ternwick is looking for a Loom Tutor.\nBeing the lead tutor\nMending looms",
            "Loom Tutor",
        ),
        ("Loom Support Officer - Internal", "Loom Support Officer"),
        ("Loom Access Officer 3 Jobs", "Loom Access Officer"),
        ("Loom Educator for School Program Position Description", "Loom Educator for School Program"),
        ("Loom Nurse Full Time Nights - Orrin Hospital Lower Town", "Loom Nurse"),
        (
            "Loom Technician - Jacquard\n\nThe Loom Technician sets looms. A Loom Technician reports faults.",
            "Loom Technician",
        ),
        ("Loom Technician - Jacquard\n\nThe Loom Technician sets looms.", "Loom Technician - Jacquard"),
        (
            "Harbour Partnerships\nTernwick\nPartnerships\nDubai - United Arab Emirates",
            "Harbour Partnerships",
        ),
    ],
)
def test_titles_end_before_codes_shifts_and_fields(line: str, value: str) -> None:
    assert title(read(line)) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Kiln Analyst\nTernwick\nGlaze & Fuel\nOslo, Norway", "Ternwick"),
        ("Kiln Manager\n\nTillers' is growing across the county. At Tillers' we bake for all.", "Tillers"),
        ("Kiln Nurse\n\nFrom a known institution. Benefits Orrin Care offers full cover.", "Orrin Care"),
        ("Kiln Hand\n\nTernwick Marine Corporation has a place for you. The Ternwick plan pays all.",
         "Ternwick Marine Corporation"),
        ("Kiln Officer\n\nOrrin Vale Council are ambitious for our potteries.", "Orrin Vale Council"),
        ("Kiln Intern\n\nThe Fuels Group at TRNW is seeking help. TRNW's internship program is old.", "TRNW"),
        ("Kiln Hand\n\nThe mission of the Kiln Rules Office (KRO) is to be safe.", "Kiln Rules Office (KRO)"),
        ("Kiln Hand\n\nThe old works stood here.Ternwick is a maker of kilns.", "Ternwick"),
        ("Kiln Hand\n\nThe Kilnmakers is a club of potters. You work at The Kilnmakers.", "The Kilnmakers"),
        ("Kiln Hand\n\nThe Kilnmakers is a club of potters. You work at the Kilnmakers.", "Kilnmakers"),
        ("Kiln Hand\n\nWe at Ternwick bake for all.", "Ternwick"),
        ("Kiln Hand\n\nOur loans come from the Orrin Vale Museum.", "Orrin Vale Museum"),
        ("Kiln Hand\n\nOur loans come from the Orrin Museum and the Tern Museum.", None),
        ("Kiln Hand\n\nThis job was posted by Ada Quill from Ternwick.", "Ternwick"),
        ("Kiln Hand\n\nAs a Kiln Hand at Ternwick you will be hard to miss.", "Ternwick"),
        ("Recruiter\n\nTernwick is a kiln maker.\n- Experience in the staffing agency industry", "Ternwick"),
        ("Kiln Hand\n\nYou care for Zornex products and Zornex customers, in Zornex's ways.", "Zornex"),
        ("Kiln Hand\n\nDevelops the Archive's lists. Develops the Archive's rules.", None),
        ("Kiln Hand\n\nHotel staff and Hotel customers come first; our hotel is old.", None),
        ("Kiln Hand\n\nQuill Partners is a family-run staffing agency.", None),
    ],
)  # fmt: skip
def test_the_employer_in_the_text(text: str, value: str | None) -> None:
    assert company(read(text)) == value


@pytest.mark.parametrize(
    ("text", "cities"),
    [
        ("Kiln Hand\nGB, LND, Little Orrin", ["Little Orrin"]),
        ("Kiln Hand\nUS, OR, Portland", ["Portland"]),
        ("Kiln Hand\nUS, OR", []),
        ("Kiln Hand\n\nWe bake.\nPrimary Location: OR-Salem-Orrin Mill\nUnit: Kilns", ["Salem"]),
        ("Kiln Hand\n\nBased in Seattle, we are a maker of kilns.", ["Seattle"]),
        ("Kiln Hand\n\nOur opening for a Kiln Hand on the river team in Denver, Colorado.", ["Denver"]),
        ("Kiln Hand\n\nSend a letter to 9 Mill Road, Salem, OR 97301.", ["Salem"]),
        ("Library Clerk - Denver Public Library", ["Denver"]),
        ("Kiln Hand\n\nYou meet guests in our Kennedy hall; the post is based in Kennedy Center.", []),
        ("Kiln Hand\n\nResearch area: kilns. Contact: J. Paris", []),
    ],
)  # fmt: skip
def test_towns(text: str, cities: list[str]) -> None:
    assert read(text).cities == cities


@pytest.mark.parametrize(
    "told",
    [
        "Working out of the HQ by the river, you join a team of nine.",
        "Work will be performed at the Orrin office, with visits to clients.",
        "You work 40 hours per week out of the Orrin office.",
    ],
)
def test_working_from_the_headquarters_is_on_site(told: str) -> None:
    mode = read(f"Kiln Hand\n\n{told}").work_mode
    assert mode is not None
    assert mode.value == "onsite"


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("Orrin Hospital Lower Town", True),
        ("Middle School", False),
        ("Orrin School Nurse", False),
        ("Orrin Valley Archive Network (OVAN)", True),
        ("Glaze and Fuel (IT)", False),
    ],
)
def test_a_workplace_has_a_name_of_its_own(words: str, named: bool) -> None:
    assert is_workplace(words) is named


@pytest.mark.parametrize(
    ("text", "firm"),
    [
        ("10Looms is the global leader in looms.", "10Looms"),
        ("As the Loom Manager for Wellness Looms in Ambala, you will lead.", "Wellness Looms"),
        ("We are hiring a Loom Tutor for Tern Global Services - a leading weaver.", "Tern Global Services"),
        ("Requirements\n- Patience\n\nThis job was posted by Ann Lee from Furrow.", "Furrow"),
        (
            "Candidates for Terry's Corporation may be asked. Terry's Corporation is proud.",
            "Terry's Corporation",
        ),
    ],
)
def test_names_with_figures_titles_and_possessives(text: str, firm: str) -> None:
    assert company(read(f"Loom Tutor\n\n{text}")) == firm
