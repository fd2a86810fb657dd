"""What a title says of the role: its family, and other names that it goes by."""

from __future__ import annotations

import re
from functools import lru_cache

# Family of a role by the noun that its title ends in; also the list of nouns that make a line a title.
_FAMILIES: tuple[tuple[str, str], ...] = (
    ("Engineering",
        "engineer developer programmer architect sdet devops technologist coder sre tester webmaster "
        "administrator dba"),
    ("Data",
        "scientist statistician biologist chemist physicist microbiologist biochemist botanist ecologist "
        "geologist epidemiologist biostatistician mathematician meteorologist toxicologist hydrologist "
        "bioinformatician informatician bioinformaticist geneticist immunologist virologist zoologist "
        "entomologist agronomist astronomer physiologist neuroscientist geoscientist oceanographer "
        "geographer "
        "geophysicist seismologist anthropologist archaeologist archeologist sociologist criminologist "
        "criminalist taxonomist ontologist metallurgist horticulturist psychometrician"),
    ("Analysis", "analyst researcher economist actuary investigator examiner appraiser underwriter surveyor"),
    ("Design",
        "designer artist illustrator animator draftsman drafter stylist photographer videographer "
        "editor draughtsman planner sculptor cartoonist retoucher cinematographer jeweller goldsmith tailor"),
    ("Sales",
        "salesperson salesman seller telecaller realtor agent broker telemarketer merchandiser "
        "cashier sales canvasser trader ambassador estimator"),
    ("Marketing",
        "marketer promoter copywriter strategist writer blogger influencer journalist reporter publicist "
        "producer presenter correspondent columnist fundraiser translator interpreter proofreader musician "
        "actor singer"),
    ("Finance",
        "accountant auditor bookkeeper controller comptroller treasurer banker cashier payroll assessor "
        "adjuster teller bursar biller"),
    ("People", "recruiter hrbp"),
    ("Healthcare",
        "nurse physician surgeon doctor pharmacist therapist dentist caregiver radiographer "
        "phlebotomist dietitian nutritionist psychologist psychiatrist veterinarian paramedic "
        "optometrist midwife hygienist practitioner rn lpn physiotherapist sonographer podiatrist "
        "chiropractor osteopath audiologist radiologist pathologist cardiologist anaesthetist anesthetist "
        "dermatologist paediatrician pediatrician gynaecologist matron orderly counsellor counselor masseur "
        "masseuse embryologist perfusionist veterinary navigator clinician hospitalist oncologist "
        "neurologist "
        "anesthesiologist anaesthesiologist gynecologist obstetrician urologist orthodontist "
        "optician orthotist "
        "prosthetist kinesiologist hematologist haematologist cytologist carer doula dietician careworker"),
    ("Education",
        "teacher tutor lecturer pgt tgt prt headteacher headmaster explainer chaplain proctor invigilator "
        "professor instructor trainer educator faculty principal dean "
        "teaching librarian coach curator archivist registrar conservator docent preparator naturalist "
        "historian caseworker cartographer demographer organist pastor "
        "paraprofessional paraeducator facilitator provost chancellor cataloger cataloguer bibliographer "
        "informationist fellowship studentship traineeship apprenticeship professorship lectureship "
        "museologist choreographer playworker childminder houseparent rector verger "
        "rabbi vicar"),
    ("Legal",
        "lawyer attorney counsel paralegal solicitor advocate magistrate judge barrister notary bailiff "
        "ombudsman prosecutor"),
    ("Service",
        "chef cook waiter waitress aquarist barista bartender housekeeper steward concierge receptionist "
        "server host hostess cleaner janitor custodian guard gardener nanny beautician hairdresser "
        "attendant captain baker butcher brewer florist barber lifeguard doorman watchman valet usher "
        "dishwasher maid babysitter ranger keeper zookeeper groomer seamstress cosmetologist esthetician"
        " stocker caterer sommelier bellhop mixologist"),
    ("Trades",
        "technician mechanic electrician plumber welder carpenter machinist fitter operator driver "
        "foreman mason painter installer labourer laborer packer picker loader assembler craftsman "
        "lineman groundskeeper inspector operative arborist tuner turner grinder fabricator rigger "
        "scaffolder roofer plasterer bricklayer glazier tiler upholsterer blacksmith locksmith forester "
        "deckhand "
        "sailor warehouseman storeman handler stacker sorter courier rider porter caretaker chargehand "
        "landscaper farmer ironworker millwright pipefitter lineworker stevedore rancher miner driller "
        "boilermaker steamfitter cabinetmaker woodworker metalworker bookbinder engraver beekeeper handyman "
        "handyperson groundsman groundsperson repairer"),
    ("Operations", "coordinator dispatcher buyer storekeeper scheduler expeditor supervisor"),
    ("Support", "assistant clerk secretary representative typist helper aide agent"),
    ("Product", "owner"),
    ("Consulting", "consultant advisor adviser"),
    ("Management",
        "manager director head president chief lead leader superintendent ceo cto cfo coo ciso vp "
        "avp svp executive officer commissioner"),
    ("Specialist",
        "specialist associate expert professional intern trainee apprentice fellow fresher "
        "practitioner evangelist scholar generalist partner master guru staff technologist volunteer "
        "member worker firefighter trooper coroner telecommunicator constable detective warden "
        "internship agm "
        "dgm gm postdoc sheriff deputy marshal liaison organizer organiser monitor"),
)  # fmt: skip
JOB_NOUNS: dict[str, str] = {noun: family for family, nouns in reversed(_FAMILIES) for noun in nouns.split()}
"""Nouns that name a job, each with its family."""
# Words of a title that say more of the family than "manager" or "executive" does.
_FIELDS: tuple[tuple[str, str], ...] = (
    ("Sales", "sales|business development|account (?:manager|executive)|pre ?sales|inside sales"),
    ("Marketing", "marketing|seo|social media|brand|content|communications?|public relations"),
    ("People", "human resources?|hr|talent|recruit\\w*|people|employee relations|payroll"),
    ("Product", "product"),
    ("Project", "project|program(?:me)?|scrum|delivery"),
    ("Data", "data|machine learning|ml|ai|analytics|bi"),
    ("Quality", "qa|quality|test(?:er|ing)?"),
    ("Security", "security|cyber\\w*"),
    ("Design", "design|ux|ui|creative|graphic"),
    ("Finance", "financ\\w+|account(?:s|ing)|tax|audit|treasury|credit|equity|investment"),
    ("Legal", "legal|compliance|contracts?"),
    ("Healthcare", "nurs\\w+|clinical|medical|patient|health ?care|pharma\\w*"),
    ("Education", "teach\\w+|education|academic|curriculum|school|museum|library|exhibitions?"),
    ("Operations", "operations?|supply chain|logistics|procurement|warehouse|store|purchase|inventory"),
    ("Support", "customer (?:support|service|care|success)|help ?desk|technical support|admin\\w*|office"),
    ("Engineering", "engineering|software|it|technical|mechanical|civil|electrical"),
)  # fmt: skip
_FIELD_RULES = tuple((family, re.compile(rf"\b(?:{words})\b")) for family, words in _FIELDS)
_OPEN_NOUNS = frozenset(
    "manager director head president chief lead leader executive officer specialist associate "
    "intern trainee partner owner generalist vp avp svp member assistant coordinator "
    "representative consultant expert professional apprentice fellow master staff worker "
    "architect administrator analyst scientist".split()
)

_NOUN = re.compile(r"[A-Za-z]+")
_SINGULAR_AND_PLURAL = frozenset(JOB_NOUNS) | {f"{noun}s" for noun in JOB_NOUNS}


def has_job_noun(words: str) -> bool:
    """Whether a phrase holds a noun that names a job."""
    return not _SINGULAR_AND_PLURAL.isdisjoint(map(str.lower, _NOUN.findall(words)))


def names_one_job(word: str) -> bool:
    """Whether a noun by itself says what the job is: "copywriter" does, "manager" doesn't."""
    return word.lower() in JOB_NOUNS and word.lower() not in _OPEN_NOUNS


_BRACKETS = re.compile(r"\s?\([^()]*\)")
_SWAPS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(rf"\b{a}\b", re.IGNORECASE), b)
    for a, b in (
        ("Engineer", "Developer"), ("Developer", "Engineer"), ("Programmer", "Developer"),
        ("Human Resources?", "HR"), ("HR", "Human Resources"),
        ("Sr\\.?", "Senior"), ("Front[ -]?end", "Frontend"), ("Back[ -]?end", "Backend"),
        ("Business Development", "BD"), ("Quality Assurance", "QA"),
        ("QA", "Quality Assurance"), ("ML", "Machine Learning"), ("Machine Learning", "ML"), ("AI",
        "Artificial Intelligence"), ("Associate", "Executive"),
        ("User Experience", "UX"), ("Site Reliability Engineer", "SRE"), ("Executive", "Specialist"),
        ("Specialist", "Executive"), ("Representative", "Executive"),
        ("Account Manager", "Client Manager"), ("Customer Support", "Customer Service"),
        ("Customer Service", "Customer Support"), ("Recruiter", "Talent Acquisition Specialist"),
        ("Registered Nurse", "RN"), ("RN", "Registered Nurse"),
    )
)  # fmt: skip
_HARD_ENGINEER = re.compile(
    r"\b(?:mechanical|civil|electrical|chemical|design|sales|process|production|quality|site|field"
    r"|network|support|hardware|structural|industrial|automotive|maintenance|project|service"
    r"|safety|aerospace|environmental|biomedical|reliability|manufacturing|business)\b",
    re.IGNORECASE,
)
_SENIORITY = re.compile(
    r"^(?:senior|junior|sr\.?|jr\.?|lead|principal|staff)\s+",
    re.IGNORECASE,
)


def aliases_of(title: str | None) -> list[str]:
    """Other names that the same job goes by: "Software Engineer" gives "Software Developer" and "SWE"."""
    if not title:
        return []
    found: list[str] = []
    title = _BRACKETS.sub("", title).strip()
    low = title.lower()
    for pattern, other in _SWAPS:
        if not pattern.search(title) or re.search(rf"\b{re.escape(other)}\b", title, re.IGNORECASE):
            continue
        if other == "Developer" and "develop" in low:
            continue
        if other in ("Developer", "Engineer") and _HARD_ENGINEER.search(title):
            continue
        swapped = pattern.sub(other, title, count=1)
        if swapped.lower() != title.lower() and swapped not in found:
            found.append(swapped)
    if re.fullmatch(r"software (?:engineer|developer)", title, re.IGNORECASE):
        found.append("SWE")
    bare = _SENIORITY.sub("", title)
    if bare != title and has_job_noun(bare) and len(bare.split()) > 1:
        found.append(bare)
    return found[:6]


@lru_cache(maxsize=4096)
def archetype_of(title: str | None) -> str | None:
    """The family of a job, such as Engineering or Sales, by the words of its title."""
    if not title:
        return None
    low = title.lower()
    nouns = [w for w in (m[0].lower() for m in _NOUN.finditer(title)) if w in JOB_NOUNS]
    closed = [n for n in nouns if n not in _OPEN_NOUNS]
    if closed:
        return JOB_NOUNS[closed[-1]]
    for family, rule in _FIELD_RULES:
        if rule.search(low):
            return family
    return JOB_NOUNS[nouns[-1]] if nouns else None
