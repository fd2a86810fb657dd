"""Each field's forms, one table a field."""

from __future__ import annotations

import pytest

from jd_assets.stages.parse import ParsedJd, parse_text

BODY = (
    "\n\nResponsibilities\n- Plan the weekly rota\n- Answer questions from clients\n- Maintain "
    "the equipment\n\n"
    "Requirements\n- Strong communication skills\n"
)


def read(text: str, **hints: str) -> ParsedJd:
    jd = parse_text(text + BODY, **hints)
    assert jd.rejection is None
    return jd


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Senior Irrigation Engineer", "Senior Irrigation Engineer"),
        ("Job Title: Payroll Officer\nLocation: Pune", "Payroll Officer"),
        ("Role -  Tea Taster and Buyer", "Tea Taster and Buyer"),
        ("Designation : Assistant Manager - Stores", "Assistant Manager - Stores"),
        ("Position\n\nLead Botanist Trainee", "Lead Botanist Trainee"),
        ("Software Engineer ( Intern )", "Software Engineer Intern"),
        ("Site Engineer (4-6 years)", "Site Engineer"),
        ("Warehouse Supervisor - Nagpur, India", "Warehouse Supervisor"),
        ("Data Analyst | Remote", "Data Analyst"),
        ("Quillmark - Regional Sales Manager", "Regional Sales Manager"),
        ("Museum Registrar - Harrow Botanical Garden", "Museum Registrar"),
        ("Treasury Manager Job in Leeds", "Treasury Manager"),
        ("Policy Officer (VPS5)", "Policy Officer"),
        ("Software Engineer 2", "Software Engineer 2"),
        ("Web Developer Responsibilities", "Web Developer"),
        ("Job Title: Junior FP&A", "Junior FP&A"),
        ("It takes the brightest minds to be a leader.", None),
        ("This is a full-time on-site role in Pune for a Lens Grinder.", "Lens Grinder"),
        ("A Lens Grinder is responsible for lenses.", "Lens Grinder"),
        ("We are looking to hire a dedicated content writer to write with us.", "content writer"),
        ("**Curatorial Assistant**", "Curatorial Assistant"),
        ("Urgent hiring: Front Office Executive", "Front Office Executive"),
        (
            "The Tidewater Museum seeks a part-time Collections Registrar to care for its boats.",
            "Collections Registrar",
        ),
        (
            "We are looking for an experienced Harbour Pilot Instructor to join our crew.",
            "Harbour Pilot Instructor",
        ),
        ("We are looking for a highly motivated graphic designer to join us.", "graphic designer"),
        (
            "The Manager, Harbour Programs \u2013 Pilots & Tugs, leads a crew of five.",
            "Manager, Harbour Programs \u2013 Pilots & Tugs",
        ),
        ("PURPOSE: The Harbour Signals Teacher provides lessons to pilots.", "Harbour Signals Teacher"),
    ],
)
def test_title(text: str, title: str | None) -> None:
    jd = read(text)
    assert (jd.title.value if jd.title else None) == title


@pytest.mark.parametrize(
    ("text", "title", "company"),
    [
        ("Harbour Clerk at Ternwell", "Harbour Clerk", "Ternwell"),
        ("Harbour Clerk - Ternwell Museum", "Harbour Clerk", "Ternwell Museum"),
        ("Harbour Clerk\nTernwell\nLeeds, UK", "Harbour Clerk", "Ternwell"),
        ("Ternwell Ltd is recruiting a Harbour Clerk.", "Harbour Clerk", "Ternwell Ltd"),
        ("Harbour Clerk\nTernwell-Mossley County\nCounts boats.", "Harbour Clerk", "Ternwell-Mossley County"),
        ("Harbour Clerk, Santa Odila County\nCounts boats.", "Harbour Clerk", "Santa Odila County"),
        ("Harbour Clerk - County of San Oberto\nCounts boats.", "Harbour Clerk", "County of San Oberto"),
    ],
)
def test_title_and_company_together(text: str, title: str, company: str) -> None:
    jd = read(text)
    assert jd.title is not None
    assert jd.company is not None
    assert (jd.title.value, jd.company.value) == (title, company)


def test_a_text_without_a_title_gets_none() -> None:
    assert read("What you bring").title is None


def test_hints_count_only_if_the_text_holds_them() -> None:
    text = "Lamp Designer\nOrsola Lights\nWe make lamps."
    jd = read(text, title="Lamp Designer", company="Orsola Lights", location="Turin")
    assert jd.title is not None
    assert jd.company is not None
    assert (jd.title.value, jd.company.value, jd.cities, jd.dropped) == (
        "Lamp Designer",
        "Orsola Lights",
        [],
        1,
    )


@pytest.mark.parametrize(
    ("text", "company"),
    [
        ("Company Name: Fernhill Dairy Pvt Ltd", "Fernhill Dairy Pvt Ltd"),
        ("About Brightwater\nBrightwater is a maker of filters.", "Brightwater"),
        ("Kestrel Optics is a leading maker of lenses in the region.", "Kestrel Optics"),
        ("At Mosswood, we care for forests. You will love it.", "Mosswood"),
        ("Join Calder & Pike as our next buyer.", "Calder & Pike"),
        ("The Ashgrove Museum is seeking a guide.", "The Ashgrove Museum"),
        ("Sundial Labs is an Equal Opportunity Employer.", "Sundial Labs"),
        (
            "We need people who care. Tarn Foods Private Limited bakes bread for the whole county.",
            "Tarn Foods Private Limited",
        ),
        ("We do good work for our clients. At EML, you will grow. EML is a maker of bells.", "EML"),
        ("Hiring a cook for our client in the city. Kestrel Optics is a leading brand.", None),
        ("Company Description\nTernwell unlocks the power of tides.", "Ternwell"),
        ("The City of Marlow is hiring.", "City of Marlow"),
        ("Sustainability is a core part of our work.", None),
        ("Organization: Ternwell Trust", "Ternwell Trust"),
        ("Organization: Engineering", None),
        ("Hiring Agency: Bureau of Ships", "Bureau of Ships"),
        ("It is the policy of Ternwell to hire without regard to race.", "Ternwell"),
        ("This position is with Ternwell Logistics in their Leeds depot.", "Ternwell Logistics"),
        (
            "Ternwell Energy Systems (TES) is a maker of bells. TES is proud of it.",
            "Ternwell Energy Systems (TES)",
        ),
        ("Job Description Kestrel Optics is a leading maker of lenses.", "Kestrel Optics"),
        ("Mail jobs@ternwell.com. You will like Ternwell, and people there.", "Ternwell"),
        ("Our client is a fast growing maker of lenses. Kestrel Optics is a leading brand.", None),
        ("We are a growing start-up.", None),
        ("You will work with Excel and Python.", None),
    ],
)
def test_company(text: str, company: str | None) -> None:
    jd = read(f"Stock Clerk\n\n{text}")
    assert (jd.company.value if jd.company else None) == company


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("Experience: 4-7 yrs", 4, 7),
        ("Exp : 3+ years", 3, None),
        ("Experience\n\n2-3y", 2, 3),
        ("Experience - 0 to 2", 0, 2),
        ("Total Experience Required: 5 to 10 Years", 5, 10),
        ("Experience: Freshers", 0, None),
        ("Experience: 6 months", 0.5, None),
        ("- Minimum one year of experience in retail", 1, None),
        ("- At least 6 years of experience, of which 2 years of experience with SAP", 6, None),
        ("- 3 to 5 years' experience in kitchens", 3, 5),
        ("- 8+ yrs of relevant work experience", 8, None),
        ("- Two (2) years of experience in archives", 2, None),
        ("- a minimum 1-year experience", 1, None),
        ("- Up to 3 years of experience", None, 3),
        ("Experience: 4-7 years\n- 2 years of experience in Tally", 4, 7),
        ("Freshers can apply", 0, None),
        ("No prior experience needed", 0, None),
        ("- experience between 2 and 4 years", 2, 4),
        ("- More than 6 years of experience", 6, None),
        ("- Bachelor's Degree2-5 years' experience", 2, 5),
        ("- A degree or a minimum of four years of experience\n- Two years of experience in a port", 2, None),
        ("With one hundred twenty years of industry-leading experience, we like bells.", None, None),
        ("Freshers welcome, 0-2 yrs.", 0, 2),
        ("EXP-3-5YRS", 3, 5),
        ("Hybrid | 4\u20138 years | Pune", 4, 8),
        ("- at least a year in a busy kitchen", 1, None),
        ("- A degree is preferred.2+  years' experience in an office", 2, None),
        ("- a minimum of (2) years of kitchen experience", 2, None),
        ("- Trained in CookeryOne (1+) years of kitchen experience", 1, None),
        ("- 5 years of experience with a bachelor's degree\n- 3 years of experience with an MBA", 3, None),
        ("- BS with 3+ years or MS with 1+ years in optics", 3, None),
        ("Graduate, 1-2 yrs exp, good English.", 1, 2),
        ("Fixed term, 18 months", None, None),
        ("Contract, 11 months", None, None),
        ("We have served the county for over 25 years.", None, None),
        ("Applicants must be 18 years old. It is a 2 year contract.", None, None),
    ],
)
def test_experience(text: str, least: float | None, most: float | None) -> None:
    jd = parse_text(
        f"Store Supervisor\n\nRequirements\n{text}\n- Strong communication skills\n- Must be punctual "
        f"and polite with all our guests\n"
    )
    assert jd.rejection is None
    found = jd.experience
    assert (found.least if found else None, found.most if found else None) == (least, most)


@pytest.mark.parametrize(
    ("text", "least", "most", "currency", "period"),
    [
        ("Salary: \u20b925,000 - \u20b940,000 per month", 25_000, 40_000, "INR", "month"),
        ("CTC: 6-9 LPA", 600_000, 900_000, "INR", "year"),
        ("CTC - 4.5 Lacs PA", 450_000, None, "INR", "year"),
        ("Salary : Rs. 3,00,000 p.a.", 300_000, None, "INR", "year"),
        ("Stipend: 10k per month", 10_000, None, None, "month"),
        ("Pay: $18.50 - $22.75 per hour", 18.5, 22.75, "USD", "hour"),
        ("The salary range for this role is $85,000 to $110,000 annually.", 85_000, 110_000, "USD", "year"),
        ("Salary: \u00a332,500 per annum", 32_500, None, "GBP", "year"),
        ("Compensation: \u20ac45k-\u20ac55k", 45_000, 55_000, "EUR", "year"),
        ("Salary: Upto 10-12 lpa", 1_000_000, 1_200_000, "INR", "year"),
        (
            "Lens House \u00b7 Leeds \u00b7 \u00a341,000\u2013\u00a347,500 + options",
            41_000,
            47_500,
            "GBP",
            "year",
        ),
        ("Salary 12k-14k + incentive.", 12_000, 14_000, None, None),
        ("Salary 16-19k. Mon-Sat.", 16_000, 19_000, None, None),
        ("SAR 9,000 \u2013 11,500 monthly, family cover, school allowance.", 9_000, 11_500, "SAR", "month"),
        ("AED 1,900 + accommodation + overtime.", 1_900, None, "AED", None),
        ("Salary: OMR 310 - 360 per month", 310, 360, "OMR", "month"),
        ("We give S$6,100\u2013S$7,250 monthly, variable bonus.", 6_100, 7_250, "SGD", "month"),
        ("Contract of 12 months\nPay: \u00a338k to \u00a341k", 38_000, 41_000, "GBP", "year"),
        ("80,000.00 - 90,000.00 $ /year", 80_000, 90_000, "USD", "year"),
        ("$21.30 - $35.59 HOUR", 21.3, 35.59, "USD", "hour"),
        (
            "The base pay ranges from $60,000/year in our lowest market up to $75,000/year in the highest.",
            60_000,
            75_000,
            "USD",
            "year",
        ),
        ("Location: Toronto, Canada\nPay: $60,000 per year", 60_000, None, "CAD", "year"),
        ("Pay: 21,400 pounds rising to 24,000 after a year.", 21_400, None, "GBP", "year"),
        ("\u00a324k + bonus, 40 hours. Benefits: \u00a3300 training budget.", 24_000, None, "GBP", "year"),
    ],
)
def test_salary(
    text: str, least: float, most: float | None, currency: str | None, period: str | None
) -> None:
    pay = read(f"Lens Grinder\n\n{text}").pay
    assert pay is not None
    assert (pay.least, pay.most, pay.currency, pay.period) == (least, most, currency, period)


@pytest.mark.parametrize(
    "text",
    [
        "Salary: competitive, as per market standards",
        "We raised $40 million from investors.",
        "You will manage a budget of $250,000.",
        "Benefits: \u00a3400 training budget, $900 gear stipend and a learning budget of Rs 50,000 a year.",
        "Move deals of $10-40K ACV from first call to signature.",
        "We serve 3,000 customers in 12 cities.",
    ],
)
def test_no_salary(text: str) -> None:
    assert read(f"Lens Grinder\n\n{text}").pay is None


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("Bachelor's degree in botany; Master's degree is a plus", ["bachelor", "master"]),
        ("B.E./B.Tech in Mechanical", ["bachelor"]),
        ("BE or M.Tech in Civil", ["bachelor", "master"]),
        ("BS/MS in Computer Science or PhD", ["bachelor", "master", "doctorate"]),
        ("MBA or PGDM from a reputed institute", ["master"]),
        ("Graduate or Post-graduate in any stream", ["bachelor", "master"]),
        ("High school diploma or GED required", ["high_school"]),
        ("12th pass or Diploma in Electrical", ["high_school", "diploma"]),
        ("Associate's degree preferred", ["diploma"]),
        ("ITI / Diploma holders", ["diploma"]),
        ("Degree in Finance or a related field", ["bachelor"]),
        ("A high degree of independence", []),
        ("Certified Scrum Master", []),
        ("Advanced MS Excel and MS Office", []),
        ("BS with 2+ years or MS with a portfolio in optics", ["bachelor"]),
        ("Ready to teach in a senior secondary school of 900 pupils", []),
        ("Senior secondary school certificate", ["high_school"]),
        ("Graduation from high school or GED", ["high_school"]),
        ("Educated to A level or equivalent", ["high_school"]),
        ("Trained at Upper Fallow High School, Fallow", []),
        ("Some coursework, or a BA, in English", ["bachelor"]),
        ("An M.L.S. from an accredited school", ["master"]),
        ("A graduate level degree in optics", ["master"]),
        ("You will master skills of the trade", []),
        ("Attend to master data and be careful", []),
        ("High school graduation or equivalent", ["high_school"]),
        ("New graduates are welcome", []),
        ("Diploma or Degree in Physiotherapy", ["diploma", "bachelor"]),
        ("2 years of experience, or 1 year of experience with an advanced degree", []),
    ],
)
def test_education_levels(text: str, levels: list[str]) -> None:
    jd = parse_text(
        f"Lens Grinder\n\nRequirements\n- {text}\n- Strong communication skills\n- Must be able to "
        f"lift heavy boxes at work every day\n"
    )
    assert jd.education_levels == levels


def test_education_preferred_and_required() -> None:
    jd = parse_text(
        "Herbarium Technician\n\nRequirements\n- Bachelor's degree in botany required\n- Master's "
        "degree preferred\n"
        "- Strong handwriting and a good memory for names\n- Ability to climb ladders\n"
    )
    assert [(d.level, d.requirement) for d in jd.education] == [
        ("bachelor", "required"),
        ("master", "preferred"),
    ]


@pytest.mark.parametrize(
    ("text", "cities"),
    [
        ("Location: Gurgaon", ["Gurgaon"]),
        ("Job Location - Bangalore / Pune / Noida", ["Bangalore", "Pune", "Noida"]),
        ("Location\n\nCoimbatore", ["Coimbatore"]),
        ("Location: Salem, OR", ["Salem"]),
        ("Location: 12 Mill Road, Wakad, Pune, Maharashtra 411057", ["Pune"]),
        ("City: Pune City", ["Pune"]),
        ("Location: Bengaluru (Bangalore)", ["Bengaluru"]),
        ("The role is based in Leeds.", ["Leeds"]),
        ("You will work from our Lisbon office.", ["Lisbon"]),
        ("Work from office (Hyderabad)", ["Hyderabad"]),
        ("We are headquartered in Chicago with customers in Berlin and Tokyo.", []),
        ("Reading and sales skills help. Mobile phones are provided.", []),
        ("Location: Remote", []),
        ("Location: Acme Los Angeles, CA", ["Los Angeles"]),
        ("The post is based at our Garner, North Carolina depot.", ["Garner"]),
        ("New York, NY 10013", ["New York"]),
        ("The Harrow Museum of Art holds tea sets.", []),
    ],
)
def test_cities(text: str, cities: list[str]) -> None:
    assert read(f"Lens Grinder\n\n{text}").cities == cities


def test_a_location_in_full() -> None:
    place = read("Lens Grinder\n\nLocation: Bombay").locations[0]
    assert place.city is not None
    assert (place.city.value, place.state, place.country, place.aliases) == (
        "Bombay",
        "Maharashtra",
        "India",
        ("Mumbai",),
    )


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("This is a full-time remote role.", "remote"),
        ("Work Mode: Hybrid (3 days from office)", "hybrid"),
        ("Location: On-site", "onsite"),
        ("Work from office only.", "onsite"),
        ("This position is remote within the UK.", "remote"),
        ("Lens Grinder (Hybrid)", "hybrid"),
        ("Lens House \u00b7 Leeds \u00b7 On-site \u00b7 \u00a330k", "onsite"),
        ("On-site, Sunday to Thursday.", "onsite"),
        ("Location: Austin, TX (onsite; rotating shifts)", "onsite"),
        ("Lens House - Leeds - Hybrid (Tues/Thurs)", "hybrid"),
        ("You may telework two days a week.", "hybrid"),
        ("Where: Leeds, two days from home", "hybrid"),
        ("Home-based with Leeds as base.", "remote"),
        ("Experience with hybrid cloud and remote sensing.", None),
        ("You will support remote teams.", None),
        ("This is not a remote position.", "onsite"),
        ("Remote job\nNo\nTelework eligible\nYes", "hybrid"),
        ("Remote job No", "onsite"),
        ("You'll work from our Leeds office three days per week.", "hybrid"),
        ("This is an in-person position.", "onsite"),
        ("Remote working from abroad will not be considered.", None),
        ("This job is not remote eligible at this time.", "onsite"),
    ],
)
def test_work_mode(text: str, mode: str | None) -> None:
    found = read(f"Lens Grinder\n\n{text}").work_mode
    assert (found.value if found else None) == mode


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("PMP or PRINCE2 certification preferred", ["PMP", "PRINCE2"]),
        ("AWS Certified Solutions Architect", ["AWS Certified Solutions Architect"]),
        ("Valid driver's license required", ["driver's license"]),
        ("CFA/FRM will be a plus", ["CFA", "FRM"]),
        ("Qualified CA with 3 years in audit", ["CA"]),
        ("Current RN license", ["RN license"]),
        ("Six Sigma Green Belt", ["Six Sigma Green Belt"]),
        ("Based in Sacramento, CA", []),
        ("Knowledge of ITIL processes", []),
        (
            "AWS Solutions Architect \u2013 Professional or AZ-104",
            ["AWS Solutions Architect \u2013 Professional", "AZ-104"],
        ),
        ("OCP preferred", ["OCP"]),
        ("GOC registration", ["GOC registration"]),
        ("BA licence details not applicable here", []),
        ("Certification: Optical Fleet Safety Level 2 preferred", ["Optical Fleet Safety Level 2"]),
        ("We will pay for your certification", []),
        ("Certified Public Accountant (CPA) preferred", ["Certified Public Accountant (CPA)"]),
        ("Professional Engineer (PE) license required", ["Professional Engineer (PE)"]),
        ("Certified in PE, ASQ or ITIL", ["PE", "ASQ", "ITIL"]),
        ("HGV Class 2 licence", ["HGV Class 2 licence"]),
        ("OSHA 10-hour certification", ["OSHA 10-hour"]),
        ("Current state LPN license", ["LPN license"]),
        ("State-approved Fire Warden Certification", ["Fire Warden Certification"]),
        ("You have completed your AAT, or equal exams", ["AAT"]),
        ("Certified pharmacy technician", ["Certified pharmacy technician"]),
        ("Forklift certification", ["Forklift certification"]),
        ("A full HGV licence", ["HGV licence"]),
        ("NVQ Level 3 in Joinery", ["NVQ Level 3 in Joinery"]),
        ("Admission to the New York State Bar", ["Admission to the New York State Bar"]),
        ("The Nurse/RN Candidate has good communication skills", []),
        ("Valid Georgia driver's license", ["Georgia driver's license"]),
        ("Oregon optometry license", ["Oregon optometry license"]),
        ("State certification in Welding", ["State certification in Welding"]),
        ("Licensure as a Registered Dietitian (RD)", ["Registered Dietitian (RD)"]),
        ("License as a Dental Hygienist", ["License as a Dental Hygienist"]),
        ("LPN or LVN license", ["LPN or LVN license"]),
        ("IBM Certified Administrator", ["IBM Certified Administrator"]),
        ("Certified Salary Schedule applies", []),
        ("EMT certification and EPA Section 608", ["EMT certification", "EPA Section 608"]),
        ("Works with the CRT monitors of the harbour", []),
        ("A driver's license may be required", []),
        ("Current RN license. Overtime may be required.", ["RN license"]),
        ("First aid certificate not required; valid driver's license", ["driver's license"]),
    ],
)
def test_certifications(text: str, names: list[str]) -> None:
    jd = parse_text(
        f"Lens Grinder\n\nRequirements\n- {text}\n- Strong communication skills\n- Must be able to "
        f"lift heavy boxes at work every day\n"
    )
    assert [c.value for c in jd.certifications] == names


def test_addresses() -> None:
    jd = read(
        "Lens Grinder\n\nSee https://kestrel.example.com/jobs?id=4. or kestrel.com/team, mail "
        "jobs@kestrel.com"
    )
    assert [u.value for u in jd.urls] == ["https://kestrel.example.com/jobs?id=4", "kestrel.com/team"]
    assert [e.value for e in jd.emails] == ["jobs@kestrel.com"]


@pytest.mark.parametrize(
    ("text", "domain", "archetype"),
    [
        ("Software Engineer", "Software Engineering", "Engineering"),
        ("Regional Sales Manager", "Sales", "Sales"),
        ("Registered Nurse", "Healthcare & Life Sciences", "Healthcare"),
        ("Chartered Accountant", "Finance & Accounting", "Finance"),
        ("Human Resources Manager", "Human Resources", "People"),
        ("Museum Curator", "Education & Public Service", "Education"),
        ("UX Designer", "Product & Design", "Design"),
        ("Sous Chef", "Hospitality & Services", "Service"),
        ("Cloud Platform Architect", "Cloud & Infrastructure", "Engineering"),
        ("HSE Officer", "Engineering & Manufacturing", "Management"),
        ("SOC Analyst", "Security", "Analysis"),
        ("Security Operations Analyst", "Security", "Security"),
        ("Physiotherapist", "Healthcare & Life Sciences", "Healthcare"),
        ("Marketing Manager - Construction", "Marketing & Communications", "Marketing"),
    ],
)
def test_domain_and_archetype(text: str, domain: str, archetype: str) -> None:
    jd = read(text)
    assert (jd.domain_primary, jd.role_archetype) == (domain, archetype)


def test_aliases() -> None:
    assert read("Software Engineer").role_aliases == ("Software Developer", "SWE")
    assert "Mechanical Developer" not in read("Mechanical Engineer").role_aliases
