"""Degrees, years, certificates, pay and mode as public bodies, museums and small firms word them."""

from __future__ import annotations

import pytest

from jd_assets.stages.parse.parsed import ParsedJd, parse_text


def posting(demand: str = "Good Welsh", fact: str = "Full time") -> ParsedJd:
    return parse_text(
        f"Harbour Worker - Port of Errol\n{fact}\nThe port is hiring a harbour worker for its crew. You will "
        "help keep the quay in order and report to the harbour master.\n\nDuties\n- Mend the nets "
        "on the quay "
        f"each morning\n- Keep the quay clean and safe\n\nQualifications\n- Good English\n- "
        f"{demand}\n- Tact\n"
    )


@pytest.mark.parametrize(
    ("demand", "levels"),
    [
        ("Completion of two years' college level course work in boat building.", ["diploma"]),
        ("Two-year college degree in commerce", ["diploma"]),
        ("A two-year junior college program in navigation", ["diploma"]),
        ("An AA or AS degree from an accredited college", ["diploma"]),
        ("Graduation from a college of recognized standing", ["bachelor"]),
        ("BS, MS or PhD in oceanography", ["bachelor", "master", "doctorate"]),
        ("A relevant degree", ["bachelor"]),
        ("Must be 21 at the time of Academy graduation", []),
        ("Enrolled in an ALA accredited library and information science graduate program", ["master"]),
        ("G.E.D. or completion of grade 12", ["high_school"]),
        ("Currently enrolled in post-secondary education", []),
        ("Post-secondary diploma in sailing", ["diploma"]),
        ("Experience with EDD reviews", []),
    ],
)
def test_degrees(demand: str, levels: list[str]) -> None:
    assert posting(demand).education_levels == levels


def test_a_degree_is_read_where_the_headings_mislead() -> None:
    jd = parse_text(
        "Net Mender\nAbout Errol Nets\nWe make nets and ropes for small ports.\n- B.Tech or M.Tech "
        "in textile "
        "engineering or equivalent\n- Master nets in use on all coasts\n\nDuties\n- Mend the nets each day\n"
        "- Dry the ropes\n- Engineering graduate with a love of knots\n"
    )
    assert jd.education_levels == ["bachelor", "master"]
    assert [jd.text[s.start : s.end] for s in jd.duties] == ["Mend the nets each day", "Dry the ropes"]


@pytest.mark.parametrize(
    ("demand", "years"),
    [
        ("Position requires 2-3 years programming experience using Forth", (2, 3)),
        ("Eighteen months of experience at sea", (1.5, None)),
        ("Three or more (3+) years of experience at sea", (3, None)),
        ("Seven-plus years of experience", (7, None)),
        ("3+ years of sailing experience (additional experience may substitute for education)", (3, None)),
        ("Bachelor's degree and four years of experience; or master's degree and two years of experience",
         (2, None)),
        ("Two years of experience may be substituted for the degree", None),
        ("Candidates remain on the list for at least one year", None),
        ("Must be 21 years or older", None),
        ("Must be 18 years of ageAbility to lift nets", None),
        ("Two years of college", None),
        ("This is a two-year project.", None),
        ("One year at sea; or two further years, for a total of three years of such experience", (1, None)),
    ],
)  # fmt: skip
def test_years(demand: str, years: tuple[float, float | None] | None) -> None:
    found = posting(demand).experience
    assert (found and (found.least, found.most)) == years


@pytest.mark.parametrize(
    ("demand", "names"),
    [
        ("Possession of a valid Water Distribution Operator Grade 5 (D5) certificate",
         ["Water Distribution Operator Grade 5 (D5) certificate"]),
        ("Pesticide applicator's license", ["Pesticide applicator's license"]),
        ("Pool operator certification (CPO) within six months", ["Pool operator certification (CPO)"]),
        ("A valid Texas Class \"A\" commercial driver's license",
         ["Texas Class \"A\" commercial driver's license"]),
        ("SIA door supervisor licence", ["SIA door supervisor licence"]),
        ("Must be registered with the HCPC", ["HCPC"]),
        ("MRTPI or working towards it", ["MRTPI"]),
        ("Member of the California State Bar",
         ["Member of the California State Bar"]),
        ("Certificate IV in Training and Assessment", ["Certificate IV in Training and Assessment"]),
        ("Child Development Associate (CDA) credential", ["Child Development Associate (CDA) credential"]),
        ("Ability to comply with CDL regulations", []),
        ("A valid medical certificate", []),
        ("Keys of Boxes and Chests, Certificates", []),
        ("Any relevant certifications", []),
        ("Knowledge of our CRM", []),
    ],
)  # fmt: skip
def test_certificates(demand: str, names: list[str]) -> None:
    assert [c.value for c in posting(demand).certifications] == names


@pytest.mark.parametrize(
    ("fact", "pay"),
    [
        ("Experienced (non-manager)\n61000\n72500\nAnnual", (61000, 72500, "year")),
        ("$58,000.00\n$71,250.00\nAnnually", (58000, 71250, "year")),
        ("21.50\nHourly", (21.5, None, "hour")),
        ("2021\nAnnual", None),
        ("Weekly hours\n37.5\nWeekly", None),
    ],
)
def test_pay_on_lines_of_its_own(fact: str, pay: tuple[float, float | None, str] | None) -> None:
    found = posting(fact=fact).pay
    assert (found and (found.least, found.most, found.period)) == pay


@pytest.mark.parametrize(
    ("fact", "mode"),
    [
        ("Hybrid working - our roles are not fully remote", "hybrid"),
        ("3+ month contract, 2-3 days/week remote", "hybrid"),
        ("We offer a mix of home and office working.", "hybrid"),
        ("You can split your time between the office and home.", "hybrid"),
        ("Everyone here works remotely.", "remote"),
        ("This position is not eligible for remote work.", "onsite"),
        ("Remote work is not available.", "onsite"),
    ],
)
def test_modes(fact: str, mode: str) -> None:
    found = posting(fact=fact).work_mode
    assert found is not None
    assert found.value == mode


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "Ida Quill - Net Mender\nErrol Nets Ltd., Errol\nMay 2019 - June 2023\n- Mended trawl "
            "nets for the "
            "spring fleet.\n- Prepared the stores for winter.\n- Completed monthly checks of the ropes.\n"
            "- Maintained the drying racks.\n- Trained two apprentices.\nEducation:\nDiploma in Ropework",
            "cv",
        ),
        (
            "Questions for applicants\n- Where did you hear of the port?\n- What draws you to "
            "nets?\n- How do "
            "you mend a tear?\n- What would you do in a storm?\n- Do you have experience with "
            "ropes?\n- Are you "
            "comfortable at night?\n- What are your skills?\n- Do you have questions for us?",
            "article",
        ),
        (
            "What happens after your interview\nWe will contact you by phone. We can give you "
            "feedback. If you "
            "are successful, we will send you a conditional offer. We confirm it after the pre-employment "
            "checks. Your recruiting manager will agree the day with you.",
            "application_guide",
        ),
    ],
)
def test_what_is_no_posting(text: str, reason: str) -> None:
    rejection = parse_text(text).rejection
    assert rejection is not None
    assert rejection.reason == reason
