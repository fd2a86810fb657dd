"""Who offers the job, from a line that names both, and what no employer is called."""

from __future__ import annotations

import pytest

from jd_assets_tests.stages.parse.reading import company, read, title

FILLER = "Lists of ledgers are made and readers are cared for."


@pytest.mark.parametrize(
    ("text", "job", "firm"),
    [
        (
            "# Glasswort.org is hiring a Fundraising Manager\n\nDear all,",
            "Fundraising Manager",
            "Glasswort.org",
        ),
        ("# Ferrydale is looking for a Tide Analyst", "Tide Analyst", "Ferrydale"),
        ("Ferrydale is hiring: Tide Analyst", "Tide Analyst", "Ferrydale"),
        ("Ferrydale seeks a Tide Analyst", "Tide Analyst", "Ferrydale"),
        ("Ferrydale, Leeds is hiring a Tide Analyst", "Tide Analyst", "Ferrydale"),
        ("Join Ferrydale as a Tide Analyst", "Tide Analyst", "Ferrydale"),
        ("Call for Applications: Tide Officer", "Tide Officer", None),
        ("Wanted: Tide Officer", "Tide Officer", None),
        ("Ledger Archivist - Pell Studio", "Ledger Archivist", "Pell Studio"),
        (
            f"Ledger Archivist - Quarrels Barn\n\n{FILLER}\nWrite to jobs@quarrelsbarn.org",
            "Ledger Archivist",
            "Quarrels Barn",
        ),
        ("Senior Tide Engineer (Norvane)\n\nNorvane is a maker of buoys.", "Senior Tide Engineer", "Norvane"),
        ("Norvane: Senior Tide Engineer\n\nNorvane is a maker of buoys.", "Senior Tide Engineer", "Norvane"),
        ("Loom Technician - Wool Weaving", "Loom Technician - Wool Weaving", None),
        ("Kiln Analyst I - School District", "Kiln Analyst I", None),
        ("Wardens - Clare House and Castle Grange", "Wardens", None),
        ("Curator\n\nat Museum of Tides and Wind\nLocation Orrin, FL", "Curator", "Museum of Tides and Wind"),
    ],
)
def test_the_employer_on_the_line_that_announces_the_job(text: str, job: str, firm: str | None) -> None:
    jd = read(text)
    assert (title(jd), company(jd)) == (job, firm)


@pytest.mark.parametrize(
    ("line", "job", "firm"),
    [
        ("# Orrin History Museum Glass Plate Curator", "Glass Plate Curator", "Orrin History Museum"),
        ("University Librarian", "University Librarian", None),
        ("Public Library Director", "Public Library Director", None),
        ("Blood Bank Technician", "Blood Bank Technician", None),
    ],
)
def test_the_institution_that_a_title_opens_with(line: str, job: str, firm: str | None) -> None:
    jd = read(f"{line}\n\n{FILLER}")
    assert (title(jd), company(jd)) == (job, firm)


@pytest.mark.parametrize(
    ("text", "firm"),
    [
        ("The town of Ackle is seeking a careful Assistant Planner to join the division.", "town of Ackle"),
        (
            "ROAD CLERK\n\nThe town of Westmere Department of Public Works is seeking a clerk.\n\n"
            "Send letters to:\nTown of Westmere\n\nPam Hollis\n\n55 Mill Street",
            "Town of Westmere",
        ),
        ("Road Clerk\n\nThe city of Marlow, Kansas is accepting applications.", "city of Marlow"),
        ("Lab post\n\nThe Sorrel lab is looking to hire a postdoctoral associate.", "Sorrel lab"),
        (
            "Technician\n\nThe Sorrel Laboratory at the University of Tarnside is seeking a technician.",
            "University of Tarnside",
        ),
        (
            "Lecturer in Tides\n\n  Department of Tides and Weather University of Sarnton\n\nWe "
            "appoint soon.",
            "University of Sarnton",
        ),
        (
            "Deputy Recruit\n\nPellham County Sheriff's Office | SANFORD, FL\n\nPosted Date 4/28/2025",
            "Pellham County Sheriff's Office",
        ),
    ],
)
def test_towns_laboratories_and_offices(text: str, firm: str) -> None:
    assert company(read(text)) == firm


@pytest.mark.parametrize(
    ("text", "firm"),
    [
        ("Tarn Care - Southeast (TC-Southeast) seeks a warden of records.", "Tarn Care - Southeast"),
        ("TARN Funders League is seeking a warden. It serves TARN's programs.", "TARN Funders League"),
        ("Miller\u2019s Voices for the Loch (MVL) is seeking a warden.", "Miller\u2019s Voices for the Loch"),
        ("300 Loch Wardens is seeking a warden to lead us.", "300 Loch Wardens"),
        ("A Better Loch seeks a warden.", "A Better Loch"),
        ("The [Institute of Tides](http://t.example) at the University of Orrin invites applicants.",
         "University of Orrin"),
        ("The tides group of Ann Pell at Orrin Polytechnic has a postdoc position.", "Orrin Polytechnic"),
        ("Dr. Ann Pell is seeking a warden in the Department of Tides at ORN-Tarnside. Come.",
         "ORN-Tarnside"),
        ("The post keeps the buoys of the Museum of the Loch.", "Museum of the Loch"),
        ("Lowell\u2019s is an equal opportunity employer.", "Lowell\u2019s"),
        ("O.P. Buoys is the leader in buoys. Learn more about O.P. Buoys.", "O.P. Buoys"),
        ("Posted Today by TARNCO\nCompetitive salary", "TARNCO"),
        ("Department/Agency: Tides and Wind Norway (TWN)", "Tides and Wind Norway (TWN)"),
        ("We are a firm of divers. Of Real\nEstate, we are seeking a warden.", None),
        ("Benefits\nDiscounts - we have rates from shops.", None),
    ],
)  # fmt: skip
def test_those_of_whom_a_sentence_says_that_they_hire(text: str, firm: str | None) -> None:
    assert company(read(f"Loch Warden\n\n{text}")) == firm


@pytest.mark.parametrize(
    ("line", "told", "firm"),
    [
        ("Ledger Archivist - ORU Libraries", FILLER, "ORU Libraries"),
        ("Ledger Archivist - The New Lyceum", FILLER, "The New Lyceum"),
        ("Ledger Archivist - Center for Tidal History", FILLER, "Center for Tidal History"),
        ("Ledger Archivist - Orrin Institute of Technology", FILLER, "Orrin Institute of Technology"),
        ("Ledger Archivist - Estate of Ann Pell", FILLER, "Estate of Ann Pell"),
        ("Ledger Archivist (12 month, part-time) - Orrin Tide Museum", FILLER, "Orrin Tide Museum"),
        ("Ledger Archivist \u2013 Pell & Sons", "Pell & Sons is a maker of ledgers.", "Pell & Sons"),
        ("Ledger Archivist - Carnaby Hall", "You will meet actors at Carnaby Hall.", "Carnaby Hall"),
        ("Carnaby Radio - Ledger Archivist", "Carnaby Radio's archives are large.", "Carnaby Radio"),
        ("Ledger Archivist at the Orrin Institute for Tides", FILLER, "Orrin Institute for Tides"),
        ("Ledger Archivist with Orrin Tides", "Orrin Tides is a non-profit.", "Orrin Tides"),
        ("Ledger Archivist for Orrin Tides", "Orrin Tides is a non-profit.", "Orrin Tides"),
    ],
)
def test_employers_without_a_telling_word_beside_the_job(line: str, told: str, firm: str) -> None:
    jd = read(f"{line}\n\n{told}")
    assert (title(jd), company(jd)) == ("Ledger Archivist", firm)


@pytest.mark.parametrize(
    "line",
    [
        "Staff Lawyer - Tides, Wind & Loch Program",
        "Welding Instructor - Marine Ecology",
        "Laboratory Technician - Genomics Core",
    ],
)
def test_fields_behind_a_dash_stay_in_the_title(line: str) -> None:
    jd = read(f"{line}\n\nThe work is in marine ecology and genomics.")
    assert (title(jd), company(jd)) == (line, None)


@pytest.mark.parametrize(
    ("text", "firm"),
    [
        ("Tidal Sciences Department\nMarlow State University\nOpen until filled", "Marlow State University"),
        ("Institute of Tides, Orrin University, Leeds\n\nThe post is new.", "Orrin University"),
        ("Send letters to: Town Manager, Town of Marlow, 12 Town Hall Drive.", "Town of Marlow"),
        ("The Marlow County Sheriff's Office employs 300 deputies.", "Marlow County Sheriff's Office"),
        ("We are Marlow Council. We look after tides.", "Marlow Council"),
        ("We are Clivio, a maker of buoys.", "Clivio"),
        ("This position is part of the Loch Keepers Agency. It is new.", "Loch Keepers Agency"),
        ("As an employee of Marlow Tides you will keep buoys.", "Marlow Tides"),
        ("About us\n\nFounded in 1950, Marlow Tides works to keep buoys.", "Marlow Tides"),
        ("A post is free in the Pell lab at Orrin University, Leeds.", "Orrin University"),
        ("Apply for a post in the School of Tides, University of Orrin.", "University of Orrin"),
    ],
)
def test_public_bodies_where_a_text_names_them(text: str, firm: str) -> None:
    assert company(read(f"Loch Warden\n\n{text}")) == firm


@pytest.mark.parametrize(
    ("text", "firm"),
    [
        ("The Orrin Society is hiring. Wardens of the Orrin Society dive.", "Orrin Society"),
        ("The Orrin Society is hiring a warden.", "The Orrin Society"),
        ("The city of Orrin is hiring a warden.", "city of Orrin"),
    ],
)
def test_the_article_of_a_name(text: str, firm: str) -> None:
    assert company(read(f"Loch Warden\n\n{text}")) == firm


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("Loch Warden - Grade 12", "Loch Warden"),
        ("Loch Warden, Grade 12, $54,000", "Loch Warden"),
        ("LOCH WARDEN - 40 hours per week", "LOCH WARDEN"),
        ("Loch Warden - #2023-045", "Loch Warden"),
        ("Loch Warden (37 hours)", "Loch Warden"),
        ("Loch Warden - Term Time Only", "Loch Warden"),
        ("Loch Warden - 12 month fixed term contract", "Loch Warden"),
        ("Loch Warden (Re-advertisement)", "Loch Warden"),
        ("Loch Warden - Casual", "Loch Warden"),
        ("Loch Warden \u00a324,000 - \u00a326,000", "Loch Warden"),
        ("Loch Warden Position Available", "Loch Warden"),
        ("Open Position: Loch Warden", "Loch Warden"),
        ("POSTING #123: LOCH WARDEN", "LOCH WARDEN"),
        ("2 x Loch Wardens", "Loch Wardens"),
        ("Two Loch Wardens", "Loch Wardens"),
        ("Loch Warden, Town of Ackle, MA", "Loch Warden"),
        ("Loch Warden, Orrin Tide Museum", "Loch Warden"),
        ("Orrin Tide Museum, Loch Warden", "Loch Warden"),
        ("Loch Warden: Orrin Trust, Leeds", "Loch Warden"),
        ("PhD Student in Loch Studies", "PhD Student in Loch Studies"),
        ("Loch Fellowship", "Loch Fellowship"),
        ("The incumbent serves as Deputy Loch Warden and dives.", "Deputy Loch Warden"),
        ("Under general supervision, the Loch Clerk performs clerical work.", "Loch Clerk"),
        ("We are seeking to hire a **loch warden**.", "loch warden"),
    ],
)
def test_titles_of_public_bodies_and_museums(line: str, value: str) -> None:
    assert title(read(f"{line}\n\n{FILLER}")) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (
            "# We are hiring!\n\nThe Sorrel lab has an opening for a research technician.",
            "research technician",
        ),
        ("Applications are invited for a Research Associate to work on tides.", "Research Associate"),
        ("Orrin Museum is accepting applications for a part-time Loch Educator.", "Loch Educator"),
        ("Could you be our new Loch Educator?", "Loch Educator"),
        ("Are you an experienced Loch Educator? Write to us.", "Loch Educator"),
        ("Ferrydale is hiring our first tide engineer to build buoys.", "tide engineer"),
        ("Reporting to the Director, the Loch Educator leads tours.", "Loch Educator"),
        ("In this position, the Loch Educator gives tours.", "Loch Educator"),
        ("As Loch Educator, you will give tours.", "Loch Educator"),
        ("The primary function of the Loch Educator is to give tours.", "Loch Educator"),
        ("Home / Careers / Loch Educator", "Loch Educator"),
        ("Position available: Loch Educator", "Loch Educator"),
        ("Title of Position: Loch Educator", "Loch Educator"),
        ("Functional Title: Loch Educator", "Loch Educator"),
        ("loch educator\n\nThe museum is open.", "loch educator"),
        ("# [Loch Educator](https://loch.example)", "Loch Educator"),
        ("~~~ Loch Educator ~~~", "Loch Educator"),
        ("The role of the team is to support the Loch Sales.", None),
    ],
)
def test_titles_in_sentences_and_in_what_a_site_adds(text: str, value: str | None) -> None:
    assert title(read(text)) == value


def test_the_full_name_rather_than_its_short_form() -> None:
    about = "About Marrow:\nMarrow is a large, ambitious council. Apply to Marrow Council today."
    assert company(read(f"Road Clerk\n\n{about}")) == "Marrow Council"


@pytest.mark.parametrize(
    "line",
    [
        "Permanent\n1234",
        "Temporary",
        "Internal",
        "Resumes will be accepted until the post is filled.",
        "Jobtalks will take place on 14th April.",
        "The recruit must pass by Police Academy graduation.",
        "Letters go to Mill Hall Drive.",
        "The Glazologist will plan studies.",
    ],
)
def test_what_no_employer_is_called(line: str) -> None:
    assert company(read(f"Kiln Clerk\n\n{line}")) is None


@pytest.mark.parametrize(
    "line",
    [
        "Gallery Warden\n{: .heading--black }",
        "**Gallery Warden**{: .title}",
        "## Gallery Warden {#warden}",
        "Gallery Warden\n==============",
        "Gallery Warden, 78802",
    ],
)
def test_what_mark_up_leaves_behind_is_no_part_of_a_title(line: str) -> None:
    assert title(read(f"{line}\n\n{FILLER}")) == "Gallery Warden"


def test_jobs_of_sciences_and_grades() -> None:
    assert title(read(f"Bioinformatician II\n\n{FILLER}")) == "Bioinformatician II"
