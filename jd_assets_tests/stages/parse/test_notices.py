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


def test_an_advertisement_that_names_no_state() -> None:
    text = CLASSIFIED.replace("Fenwick County, Kansas-", "Tideway Harbour Trust-")
    jd = parse_text(text)
    assert (value(jd.title), value(jd.company)) == ("Harbour Clerk", "Tideway Harbour Trust")


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
        "The Keeper, Prints and Drawings, plans the displays of works on paper.",
        "You manage the stores and plan the moves of objects.",
        "It's your job to coordinate the couriers of incoming loans.",
        "The position must also contribute to the upkeep of the catalogue.",
        "The museum's aide will greet visitors at the desk.",
        "Mows the lawns and prunes the roses of the courtyard.",
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
        "If selected, the candidate will manage a relocation at own cost.",
        "Note: the yard is closed on Mondays.",
        "Working in a safe yard is our first concern.",
        "To perform this job successfully, one must be able to perform each duty.",
    ],
)
def test_words_about_the_list_are_no_duties(sentence: str) -> None:
    jd = parse_text(f"Yard Worker\n\nEssential Duties\n\n{sentence}\nSweeps the yard and mends the fences.\n")
    assert duties(jd) == ["Sweeps the yard and mends the fences."]


@pytest.mark.parametrize(
    "line",
    [
        "Sign-on bonus: $7,500",
        "Signing bonus (taxable): $2,000 after 90 days",
        "Shift differential: $3 an hour for nights",
        "Weekend premium - 10 % of the base rate",
        "Relocation assistance: up to $5,000",
        "Annual performance bonus: 8 %",
        "Tuition reimbursement: $4,000 a year",
    ],
)
def test_a_benefit_behind_its_label_is_no_duty(line: str) -> None:
    listed = "- Takes the readings of patients on the ward\n- {}\n- Keeps the medicine records\n"
    jd = parse_text("Ward Nurse\n\nResponsibilities:\n" + listed.format(line))
    assert duties(jd) == ["Takes the readings of patients on the ward", "Keeps the medicine records"]


@pytest.mark.parametrize(
    "line",
    [
        "Canvassing in any form shall disqualify the candidate",
        "Canvassing, direct or indirect, will lead to disqualification.",
        "Bringing outside influence will disqualify applicants",
        "Failure to disclose a relative may result in disqualification",
        "Incomplete applications will be rejected",
        "Applications received after 5 pm will not be considered",
    ],
)
def test_rules_of_applying_are_no_duties(line: str) -> None:
    jd = parse_text(f"Junior Clerk\n\nDuties\n\n- Keeps the registers\n- {line}\n- Files the receipts\n")
    assert duties(jd) == ["Keeps the registers", "Files the receipts"]


@pytest.mark.parametrize(
    "line",
    [
        "Canvassing neighbourhoods for donations to the lifeboat",
        "Qualify and disqualify leads with the sales team",
        "Process applications that will be considered by the board",
        "Shift rotas: check the hours of each ward",
        "Coordinate relocation assistance: book the vans and the flats",
    ],
)
def test_work_in_such_words_is_a_duty(line: str) -> None:
    jd = parse_text(f"Junior Clerk\n\nDuties\n\n- Keeps the registers\n- {line}\n- Files the receipts\n")
    assert line in duties(jd)


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


@pytest.mark.parametrize(
    ("line", "city"),
    [("Location: PUNE", "Pune"), ("Location: BANGALORE", "Bangalore"), ("Location: NYC", "NYC")],
)
def test_shouted_cities_are_shown_in_usual_capitals(line: str, city: str) -> None:
    text = f"Harbour Clerk\n{line}\n\nThe clerk will keep the register and answer calls.\n"
    jd = parse_text(text)
    assert jd.cities == [city]
    assert text[jd.locations[0].surface.start : jd.locations[0].surface.end] == line.split()[-1]


def test_a_heading_that_is_also_a_city_is_no_place() -> None:
    jd = parse_text(
        "Harbour Clerk\n\nMission\n\nKeep the register of moorings.\nAnswer calls from skippers.\n"
    )
    assert jd.cities == []


def test_a_slogan_is_no_title() -> None:
    jd = parse_text(
        "Fernway, the Leader in Night Ferries\n\nWe are looking for a Harbour Clerk to keep the register.\n"
    )
    assert value(jd.title) == "Harbour Clerk"


def test_a_citys_force_works_in_the_city() -> None:
    jd = parse_text(
        "Police Officer Recruitment\n\nThe Salinas Police Department is seeking officers. Officers "
        "patrol the streets "
        "and will answer calls.\n"
    )
    assert (value(jd.title), value(jd.company)) == ("Police Officer", "Salinas Police Department")
    assert jd.cities == ["Salinas"]


def test_a_title_below_an_account_of_the_employer() -> None:
    jd = parse_text(
        "Current Openings\n\nAre you looking for a new start? We value care and skill. Read our pages "
        "first.\n\n"
        "Harbour Clerk (HC) or Deputy Clerk: Part-Time\n\nKeeps the register of all moorings.\n"
    )
    assert value(jd.title) == "Harbour Clerk (HC) or Deputy Clerk"


def test_service_that_stands_in_for_schooling_is_not_asked_for() -> None:
    jd = parse_text(
        "Police Recruit\n\nRequirements\n- Two years of office experience.\n- Four (4) years of U.S. "
        "Military Service "
        "can be substituted for the college units.\n"
    )
    assert jd.experience is not None
    assert jd.experience.least == 2


@pytest.mark.parametrize(
    ("line", "names"),
    [
        (
            "Must be a Licensed Clinical Social Worker (LCSW); LCSW cards are checked.",
            ["Licensed Clinical Social Worker (LCSW)"],
        ),
        ("Possession of a valid State of Ohio driver's license.", ["State of Ohio driver's license"]),
        ("Accredited by the Council on Care (CC) Ohio State licensure office.", []),
        ("Will learn first aid and traffic law.", []),
        ("First Aid and CPR required.", ["First Aid", "CPR"]),
    ],
)
def test_licences_of_notices(line: str, names: list[str]) -> None:
    jd = parse_text(f"Care Worker\n\nThe worker will visit clients.\n\nRequirements\n- {line}\n")
    assert [c.value for c in jd.certifications] == names


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
            "occupation",
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
        (
            "# Tips for finding a job on the canals\n\nA lock keeper needs patience. Apply early.\n\n"
            "Requirements\n- 2 years of experience on boats\n- Knowledge of locks\n",
            "article",
        ),
        (
            "How to Apply\n\nApplications are accepted at the town hall. Resumes are not read in place of "
            "one. Applicants for full-time posts sit a test.\n",
            "application_guide",
        ),
    ],
)
def test_texts_about_jobs_are_no_jd(text: str, reason: str) -> None:
    jd = parse_text(text)
    assert jd.rejection is not None
    assert jd.rejection.reason == reason


@pytest.mark.parametrize(
    "text",
    [
        "Lock keepers are responsible for the gates of a canal, a job of skills and experience. Most "
        "lock keepers have a diploma. A lock keeper may "
        "also sell "
        "permits. Lock keepers often work outdoors and must help boaters.\n\nDuties\n- Opening the gates\n",
        "What Does a Ferry Pilot Do?\n\nA ferry pilot steers ferries between ports. Income ranges "
        "between $60,000 and "
        "$90,000 depending on experience and location. The job outlook is good.\n\nDuties\n- Steering "
        "the ferry\n",
    ],
)
def test_an_account_of_a_trade_is_no_jd(text: str) -> None:
    jd = parse_text(text)
    assert jd.rejection is not None
    assert jd.rejection.reason == "occupation"


def test_what_experience_must_include_is_no_duty() -> None:
    jd = parse_text(
        "Survey Specialist\n\nDuties\n- Map the river banks.\n\nWho may apply: all citizens\nOne year of "
        "specialized "
        "experience which includes: 1) Analyzing water samples; 2) Implementing survey plans; 3) Testing "
        "sensors.\n"
    )
    assert duties(jd) == ["Map the river banks."]


def test_beside_a_duty_a_noun_may_be_a_verb() -> None:
    jd = parse_text(
        "Town Clerk\nSalt Quay, Maine\n\nKeeps the minutes of the council. Process data requests from "
        "residents. "
        "Report fees to the treasurer every month. Prepares the ballots for town elections.\n"
    )
    assert [duty.split()[0] for duty in duties(jd)] == ["Keeps", "Process", "Report", "Prepares"]


@pytest.mark.parametrize(
    ("text", "company"),
    [
        (
            "LARKHILL RIVER MUSEUM\nSalt Quay, ME\n\nBOAT MECHANIC\nStarting salary: $41,200\n",
            "LARKHILL RIVER MUSEUM",
        ),
        (
            "Boat Mechanic | Salt Quay, ME\n\nThe keeper will maintain the Larkhill-Dunn Museum fleet. "
            "Tours start at the "
            "Larkhill-Dunn Museum pier.\n",
            "Larkhill-Dunn Museum",
        ),
        (
            "Boat Mechanic\n\nRiverside, a museum of working boats, seeks a careful keeper. Riverside "
            "opens in May.\n",
            "Riverside",
        ),
        (
            "Boat Mechanic\n\nDepartment: Office of the State Waterways\n\nThe mechanic will mend the "
            "boats and keep the log of each repair.\n",
            "Office of the State Waterways",
        ),
        (
            "Listing for:\nTidewater Ferries\n\nJob title: Boat Mechanic\n\nThe mechanic will mend the "
            "boats and keep the log of each repair.\n",
            "Tidewater Ferries",
        ),
        (
            "Boat Mechanic\n\nThose new to Salt Quay Borough Council serve six months on trial. The "
            "mechanic will "
            "mend the boats and keep the log of repairs.\n",
            "Salt Quay Borough Council",
        ),
        (
            "Boat Mechanic\nSanta Odila County\nThe mechanic will mend the boats and keep the log.\n",
            "Santa Odila County",
        ),
        (
            "Boat Mechanic\nCounty of San Oberto\nThe mechanic will mend the boats and keep the log.\n",
            "County of San Oberto",
        ),
    ],
    ids=["headline", "institution", "apposed", "department", "listing", "council", "county", "county of"],
)
def test_employers_of_notices(text: str, company: str) -> None:
    assert value(parse_text(text).company) == company


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("1843 Harbour Clerk", "Harbour Clerk"),
        ("Temporary Harbour Clerks x 2", "Harbour Clerks"),
        ("Harbour Clerk Ref: 48-25", "Harbour Clerk"),
        ("Ward Nurse - Band 5", "Ward Nurse"),
        ("Bridge Engineer II: Eastern Area Office", "Bridge Engineer II"),
        ("Job Listing: Harbour Clerk", "Harbour Clerk"),
        ("TITLE Harbour Clerk", "Harbour Clerk"),
    ],
)
def test_what_stands_around_a_title(line: str, title: str) -> None:
    assert value(parse_text(f"{line}\n\nThe clerk will keep the register and answer calls.\n").title) == title


@pytest.mark.parametrize(
    ("line", "mode"),
    [
        ("This is a remote, part-time position.", "remote"),
        ("This hybrid position blends desk and field work.", "hybrid"),
        ("Telework eligible: No", None),
        ("This is an in-office role.", "onsite"),
    ],
)
def test_modes_of_notices(line: str, mode: str | None) -> None:
    jd = parse_text(f"Harbour Clerk\n\n{line}\n\nThe clerk will keep the register and answer calls.\n")
    assert value(jd.work_mode) == mode


def test_who_hires_is_no_title() -> None:
    text = (
        "A friendly crew works here.\nThe Hiring Manager leads the interviews in May.\n\n"
        "The Harbour Clerk keeps the register and provides answers to callers.\n"
    )
    assert value(parse_text(text).title) != "Hiring Manager"


def test_a_certificates_name_is_said_once() -> None:
    jd = parse_text(
        "Fire Officer\n\nRequirements\n- Marlow Certified Fire Warden certification\n- Good knowledge of "
        "alarms\n"
    )
    assert [c.value for c in jd.certifications] == ["Marlow Certified Fire Warden"]


def test_a_posting_may_begin_with_how_to_apply() -> None:
    jd = parse_text(
        "How to Apply\n\nWrite to the harbour office.\n\nLock Keeper\n\nDuties\n- Open the gates for boats\n"
        "- Maintain the winding gear\n- Record the water level\n"
    )
    assert jd.rejection is None
    assert len(jd.duties) == 3


@pytest.mark.parametrize(
    "line", ["A valid ; license is needed", ", license", "Holds :. , licence or certificate"]
)
def test_punctuation_before_a_licence_names_none(line: str) -> None:
    jd = parse_text(f"Lock Keeper\n\nDuties\n- Open the gates for boats\n\nRequirements\n- {line}\n")
    assert jd.rejection is None
    assert jd.certifications == ()
