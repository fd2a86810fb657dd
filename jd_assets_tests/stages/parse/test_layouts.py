"""Whole postings in the layouts of different employers: public bodies, hospitals, museums, big companies,
one-line advertisements."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from jd_assets.stages.parse import ParsedJd, parse_text
from jd_assets.stages.parse import sections as S


@dataclass(frozen=True)
class Case:
    text: str
    title: str | None
    company: str | None
    cities: tuple[str, ...]
    duties: tuple[str, ...]  # how each starts
    experience: tuple[float | None, float | None] = (None, None)
    education: tuple[str, ...] = ()
    certifications: tuple[str, ...] = ()
    pay: tuple[float | None, float | None, str | None, str | None] | None = None


COUNTY = Case(
    text="""SENIOR ACCOUNTANT
Class Code: 1423
COUNTY OF MARLOW

SALARY RANGE
$31.84 - $40.62 Hourly

DEFINITION:
Under general supervision, performs professional accounting work; and performs related duties.

SUPERVISION RECEIVED AND EXERCISED:
Receives general supervision from the Accounting Manager.

DISTINGUISHING CHARACTERISTICS:
This is the advanced journey-level class in the series.

EXAMPLES OF ESSENTIAL FUNCTIONS (Illustrative Only):
Duties may include, but are not limited to, the following:
Prepares complex financial statements and schedules.
Reconciles bank accounts to the general ledger.

MINIMUM QUALIFICATIONS:
Knowledge of:
Principles of budget preparation and control.
Ability to:
Prepare clear and concise financial reports.
Establish and maintain effective working relationships.
Education: Equivalent to a Bachelor's degree with major course work in accounting.
Experience: Three years of increasingly responsible professional accounting experience.

License or Certificate:
Possession of, or ability to obtain, a valid Driver's License.

PHYSICAL DEMANDS AND WORKING CONDITIONS:
Lift boxes of up to 25 pounds. Work at a desk for long periods.
""",
    title="SENIOR ACCOUNTANT",
    company="COUNTY OF MARLOW",
    cities=(),
    duties=("Under general supervision", "Prepares complex", "Reconciles bank"),
    experience=(3, None),
    education=("bachelor",),
    certifications=("Driver's License",),
    pay=(31.84, 40.62, "USD", "hour"),
)
CITY = Case(
    text="""Recreation Coordinator II
City of Fallbrook, TX
Job Type: Full-Time
Salary: $52,000.00 - $68,000.00 Annually
Location: Fallbrook, TX
Closing: 5/31/2024 11:59 PM Central

Description
The Recreation Coordinator II plans, organizes and oversees programs at the community center.

Examples of Duties
1. Plans and implements year-round youth programs.
2. Monitors program budgets.

Typical Qualifications
High school diploma or GED required; Bachelor's degree in a related field preferred. Two (2) years of
progressively responsible experience in recreation programming.
Must possess a valid Class C driver's license. CPR certification within six months of hire.
""",
    title="Recreation Coordinator II",
    company="City of Fallbrook",
    cities=("Fallbrook",),
    duties=("The Recreation Coordinator II plans", "Plans and implements", "Monitors program"),
    experience=(2, None),
    education=("high_school", "bachelor"),
    certifications=("Class C driver's license", "CPR"),
    pay=(52_000, 68_000, "USD", "year"),
)
HOSPITAL = Case(
    text="""Registered Nurse - Day Surgery
Cedar Valley Hospital
Boise, ID

Pay: $34.10 to $51.75 per hour based on experience

ESSENTIAL JOB FUNCTIONS
Assesses patients and develops plans of care.
Administers medications as ordered.

EDUCATION
Associate Degree in Nursing required. BSN preferred.

EXPERIENCE
One year of acute care experience preferred. New graduates welcome.

LICENSURE/CERTIFICATION
Current RN license required. BLS required upon hire; ACLS within 6 months.

PHYSICAL REQUIREMENTS
Lifting up to 50 lbs. Standing and walking for long periods.
""",
    title="Registered Nurse - Day Surgery",
    company="Cedar Valley Hospital",
    cities=("Boise",),
    duties=("Assesses patients", "Administers medications"),
    experience=(1, None),
    education=("diploma", "bachelor"),
    certifications=("RN license", "BLS", "ACLS"),
    pay=(34.10, 51.75, "USD", "hour"),
)
MUSEUM = Case(
    text="""Assistant Registrar, Loans and Exhibitions

The Harrow Museum of Art, Portland, Oregon

Position Summary
The Assistant Registrar is responsible for coordinating outgoing loans.

Key Responsibilities

Loans
Manage all aspects of outgoing loans, including insurance and packing
Maintain records in the collections database

Exhibitions
Coordinate incoming shipments with Exhibitions staff

Qualifications
Bachelor's degree in art history or related field; Master's preferred
Minimum of three years' experience in a registrar's office

Compensation
The hourly rate for this role is $25.50-$28.00.
""",
    title="Assistant Registrar, Loans and Exhibitions",
    company="The Harrow Museum of Art",
    cities=("Portland",),
    duties=("The Assistant Registrar", "Manage all", "Maintain records", "Coordinate incoming"),
    experience=(3, None),
    education=("bachelor", "master"),
    pay=(25.5, 28.0, "USD", "hour"),
)
BIG_COMPANY = Case(
    text="""Minimum qualifications:
Bachelor's degree in Computer Science, or equivalent practical experience.
5 years of experience with software development.

Preferred qualifications:
Ability to communicate with cross-functional teams.

About the job
In this role, you will manage project priorities, deadlines, and deliverables.

The US base salary range for this full-time position is $161,000-$239,000 + bonus + equity.

Responsibilities
Write product or system development code.
Participate in, or lead design reviews with peers.
""",
    title=None,
    company=None,
    cities=(),
    duties=("In this role, you will", "Write product", "Participate in"),
    experience=(5, None),
    education=("bachelor",),
    pay=(161_000, 239_000, "USD", "year"),
)
HEALTH_TRUST = Case(
    text="""Job summary
An exciting opportunity has arisen for a Band 6 Senior Physiotherapist to join our community team at
Westmoor NHS Foundation Trust.

Main duties of the job
You will manage a caseload of patients with complex needs. You will supervise Band 5 staff.

About us
Westmoor NHS Foundation Trust provides services to a population of 900,000 people.

Salary
\u00a335,392 to \u00a342,618 a year

Person Specification
Qualifications
Essential
HCPC registration
Diploma or Degree in Physiotherapy
Experience
Essential
Minimum of 2 years post-registration experience
Desirable
Experience of supervising staff
""",
    title="Senior Physiotherapist",
    company="Westmoor NHS Foundation Trust",
    cities=(),
    duties=("You will manage", "You will supervise"),
    experience=(2, None),
    education=("diploma", "bachelor"),
    certifications=("HCPC registration",),
    pay=(35_392, 42_618, "GBP", "year"),
)
SCHOOL = Case(
    text="""TEACHER OF MATHEMATICS
Full time, permanent, required for September
Closing date: 9am, Monday 13th May

The successful candidate will:
\u2022 be a qualified teacher
\u2022 have a good honours degree in Mathematics or a related subject
\u2022 be an excellent classroom practitioner

We can offer:
\u2022 well-motivated students
\u2022 a supportive department
""",
    title="TEACHER OF MATHEMATICS",
    company=None,
    cities=(),
    duties=(),
    education=("bachelor",),
)
ONE_LINE = Case(
    text="Accounts Executive @ Vashi, Navi Mumbai\n"
    "Company- Sunrise Polymers Pvt. Ltd. Experience- 2 to 4 yrs Salary- Upto 25k per month Qualification- "
    "B.Com "
    "Gender- Any Working Days- 6 days Roles and Responsibilities- \u2022 Day to day accounting \u2022 Bank "
    "reconciliation Skills Required: Tally, Advanced Excel.",
    title="Accounts Executive",
    company="Sunrise Polymers Pvt. Ltd",
    cities=("Navi Mumbai",),
    duties=("Day to day", "Bank reconciliation"),
    experience=(2, 4),
    education=("bachelor",),
    pay=(25_000, None, None, "month"),
)
TABLE = Case(
    text="""Job Title | Site Supervisor
Company | Kavya Infra Projects
Location | Nagpur, Maharashtra
Experience | 3-5 yrs
Salary | \u20b93.5 - 5 LPA
Job Role | Supervise site labour and contractors. Check quality of concrete and steel.
Skills | AutoCAD, MS Office, site measurement
""",
    title="Site Supervisor",
    company="Kavya Infra Projects",
    cities=("Nagpur",),
    duties=("Supervise site", "Check quality"),
    experience=(3, 5),
    pay=(350_000, 500_000, "INR", "year"),
)
PROSE = Case(
    text="We are a family-run bakery in the heart of Bristol and we're on the hunt for a pastry chef. "
    "You'd be "
    "starting at 4am and keeping our counter stocked. Ideally you've spent at least two years in a "
    "production "
    "kitchen. Pay is \u00a313.20 an hour, 40 hours a week, no evenings ever.",
    title="pastry chef",
    company=None,
    cities=("Bristol",),
    duties=("You'd be starting",),
    experience=(2, None),
    pay=(13.2, None, "GBP", "hour"),
)
HTML = Case(
    text="<div><h2>Warehouse Operative</h2><p>Location:&nbsp;Leicester, UK<br/>Pay: &pound;11.44 per "
    "hour</p><ul>"
    "<li>Pick &amp; pack customer orders</li><li>Load and unload vehicles</li></ul><p><strong>Requirements"
    "</strong></p><ul><li>Forklift licence (counterbalance)</li><li>No experience needed</li></ul></div>",
    title="Warehouse Operative",
    company=None,
    cities=("Leicester",),
    duties=("Pick", "Load and unload"),
    experience=(0, None),
    certifications=("Forklift licence",),
    pay=(11.44, None, "GBP", "hour"),
)
CASES = {
    "county": COUNTY,
    "city": CITY,
    "hospital": HOSPITAL,
    "museum": MUSEUM,
    "big company": BIG_COMPANY,
    "health trust": HEALTH_TRUST,
    "school": SCHOOL,
    "one line": ONE_LINE,
    "table": TABLE,
    "prose": PROSE,
    "html": HTML,
}


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_layout(case: Case) -> None:
    jd = parse_text(case.text)
    assert jd.rejection is None
    assert (jd.title.value if jd.title else None) == case.title
    assert (jd.company.value if jd.company else None) == case.company
    assert tuple(jd.cities) == case.cities
    assert starts(jd, case.duties)
    found = jd.experience
    assert (found.least if found else None, found.most if found else None) == case.experience
    assert tuple(jd.education_levels) == case.education
    assert tuple(c.value for c in jd.certifications) == case.certifications
    pay = jd.pay
    assert ((pay.least, pay.most, pay.currency, pay.period) if pay else None) == case.pay


def starts(jd: ParsedJd, wanted: tuple[str, ...]) -> bool:
    """Whether the duties are as many as wanted, and each starts as wanted."""
    said = [" ".join(jd.text[d.start : d.end].split()) for d in jd.duties]
    assert len(said) == len(wanted), said
    return all(text.startswith(start) for text, start in zip(said, wanted, strict=True))


def test_a_list_of_wishes_is_no_list_of_duties() -> None:
    jd = parse_text(SCHOOL.text)
    wishes = [s for s in jd.segments if SCHOOL.text[s.start : s.end].startswith(("be ", "have "))]
    assert {s.section for s in wishes} == {S.REQUIREMENTS}


def test_capitals_end_the_section_that_capitals_opened() -> None:
    text = (
        "SALARY RANGE\n$20 - $25 Hourly\n\nWORK UNIT OF THE POST\nThe post belongs to the harbour office.\n"
    )
    jd = parse_text(f"Harbour Clerk\n{text}\nDUTIES\nFiles letters.\nAnswers calls.\n")
    last = next(s for s in jd.segments if jd.text[s.start : s.end].startswith("The post belongs"))
    assert last.section == S.OTHER


@pytest.mark.parametrize(
    ("text", "duties"),
    [
        # words and headings that lost their line breaks
        (
            "Boat Builder\nJob Summary:To keep our boats whole. Job Responsibilities:Provide all documents "
            "for built "
            "partsWork with the crew to follow the proceduresInsure that the yard is cleanKnow and enforce "
            "the rules "
            "RequirementsEducation and Experience:Bachelor's Degree2-5 years' experience in a yard",
            (
                "To keep our boats",
                "Provide all documents",
                "Work with the crew",
                "Insure that",
                "Know and enforce",
            ),
        ),
        # a Markdown table
        (
            "# Net Mender\n\n## Duties/Tasks\n\n| Task # | Description |\n| :--- | :--- |\n"
            "| 1 | Mends the nets of the fleet. |\n| 2 | Writes the log of the nets. |\n",
            ("Mends the nets", "Writes the log"),
        ),
        # bullets of a text read as Latin-1, and those of Japanese keyboards
        (
            "Net Mender\n\nDuties\n\u00e2\u0080\u00a2 Mend the nets every day \u00e2\u0080\u00a2 Keep the "
            "log of the nets\n",
            ("Mend the nets", "Keep the log"),
        ),
        (
            "Net Mender\n\nDuties:\u30fbMend the nets every day\u30fbKeep the log of the nets\n",
            ("Mend", "Keep"),
        ),
        # what is asked for under a heading that goes on, and the odd wish with a verb
        ("Net Mender\n\nDuties\n- Mend the nets\n\nAbility to:\n- Read clear charts of the sea\n", ("Mend",)),
        (
            "Net Mender\n\nDuties\n- Mend the nets\n\nRequirements\n- Strong hands\n- Good eyes\n- "
            "Knowledge of knots\n"
            "- Taking the initiative and driving it\n- Fluent English\n- Ability to climb\n",
            ("Mend",),
        ),
        # captions with an account below each
        (
            "Net Mender\n\nDuties\n- Net Care\n- Mend the nets of the whole fleet before each of its "
            "journeys\n- Log Work\n"
            "- Write the log of the nets for the office and its auditors\n- Crew Help\n- Support the crew "
            "on board when "
            "the nets are hauled in at night\n",
            ("Mend the nets", "Write the log", "Support the crew"),
        ),
        # prose around duties
        (
            "Net Mender\n\nAbout the role\nUsing our own boats, we help small ports. They will mend the "
            "nets of the "
            "fleet. Reporting: prepare the weekly figures of the nets. We hope you will like it here.\n",
            ("They will mend", "Reporting: prepare"),
        ),
    ],
    ids=["glued", "table", "latin-1", "katakana", "ability", "odd wish", "captions", "prose"],
)
def test_duties_of_odd_layouts(text: str, duties: tuple[str, ...]) -> None:
    jd = parse_text(text)
    assert jd.rejection is None
    assert starts(jd, duties)


def test_text_wrapped_at_a_margin_is_joined() -> None:
    text = (
        "Net Mender\n\nThe person mends the nets of the fleet every day and keeps the log\n"
        "of the nets, as agreed with the Harbour Office of the town and with the\n"
        "Crew Council. In winter the work moves to the hall, where the long nets\n"
        "are dried, counted and stored until the boats go out again in the early\n"
        "Spring, weather permitting, when each crew fetches its own from the hall\n"
        "and signs for it in the log of the harbour, which the person keeps.\n\n"
        "Duties\n\n-   Mend the nets of the fleet with the tools that the yard keeps for\n"
        "    Harbour Office staff\n-   Keep the log\n"
    )
    jd = parse_text(text)
    said = [" ".join(text[d.start : d.end].split()) for d in jd.duties]
    assert "Mend the nets of the fleet with the tools that the yard keeps for Harbour Office staff" in said
    assert said[-1] == "Keep the log"
