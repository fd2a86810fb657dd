"""Certificates and licences named before the word itself: "pool operator's licence", "Class C License"."""

from __future__ import annotations

import re

from jd_assets.stages.parse import gazetteer

_HEAD = re.compile(
    r"\b(?:certifications?|certificates?|credentials?|licen[cs]es?|licensures?|registrations?)\b"
    r"(?! (?:process|program|management|department|agreements?|server|key|compliance|fees?|body|authority"
    r"|bodies"
    r"|and testing|details|numbers?|is not|desk|office|requirements?|officer|plates?|holder))"
)
_TOKEN = re.compile(r"\([^()\n]{1,14}\)|[^\s()]+")
# Trades, posts and subjects that are licensed or certified; written small as often as not.
_TRADES = frozenset(
    """operator operators operator's operators' applicator applicator's water wastewater sewer treatment
    distribution collection pool pesticide herbicide plumber plumber's plumbers plumbing electrician
    electrician's electrical journeyman journeyman's master master's refrigerant refrigeration hvac
    boiler welder welder's welding crane rigger scaffolding forklift fork lift driver driver's drivers
    drivers' driving commercial chauffeur's chauffeur motor vehicle motorcycle motorboat boat boating
    teacher teacher's teaching educator educator's school counselor counselor's counseling counselling
    librarian librarian's library media special education early childhood elementary secondary principal
    principal's administrator's administrator superintendent social work worker worker's nursing nurse
    nurse's practical registered vocational aide medical pharmacy pharmacist pharmacist's technician
    technician's physician dental hygienist veterinary veterinarian therapist therapist's therapy
    psychologist psychology mental health clinical respiratory radiology radiologic massage cosmetology
    barber real estate appraiser appraiser's broker's broker insurance adjuster adjuster's producer law
    engineer engineer's engineering architect architect's architecture architectural landscape land
    surveyor surveyor's surveying contractor contractor's building inspector inspector's code
    enforcement fire firefighter police peace officer officer's corrections correctional security guard
    door supervisor firearms investigator first aid cpr lifeguard food safety handler handler's handling
    alcohol notary pilot pilot's drone aircraft mechanic captain's fishing animal control arborist
    arborist's irrigation backflow asbestos hazmat hazardous materials emergency dispatcher
    telecommunicator paramedic phlebotomy coding accounting wellbeing pest structural personal trainer
    training gaming child care swimming instructor instructor's""".split()
)
# Words that stand before a name and are no part of it
_BEFORE = frozenset(
    """valid current active clean unrestricted full relevant appropriate required preferred professional other
    additional all any industry our your this the a an and or state must have hold holds possess
    possession of in with for to by is are be one license licensed certified certification
    certifications certificate certificates registration obtain maintain provide proof copy if no not
    following such as as: following: necessary specific work valid, current, industry-recognized
    national nationally recognized accredited approved eligible eligibility technical it hr basic
    minimum special ability able either both applicable desired desirable""".split()
)
_MOST = 12  # words of a name
_LEAST = 2  # characters of a word that names something by itself
_GRADE = re.compile(r'"?[A-Z]"?|[IVX]{1,4}|\d{1,3}|[A-Z]-?\d')
_OF_GRADE = frozenset("class level grade tier category type stage part".split())
_CONNECTING = frozenset(("of", "in", "&", "for", "and"))


def licences(view: str, low: str, start: int, end: int) -> list[tuple[int, int]]:
    """The names between two places of a text that end in "licence", "certificate" and their like."""
    spans = []
    for head in _HEAD.finditer(low, start, end):
        left = _name_start(view, start, head.start())
        if left is not None:
            spans.append((left, head.end()))
    return spans


def _name_start(view: str, start: int, stop: int) -> int | None:
    """Where the name before a word such as "licence" starts; None if it has no name."""
    tokens = list(_TOKEN.finditer(view, max(start, stop - 160), stop))[-_MOST:]
    left: int | None = None
    named = False
    for index in range(len(tokens) - 1, -1, -1):
        token = tokens[index][0]
        word = token.strip("\"'").lower()
        if token[-1] in ",;:.!?" and word not in ("u.s.", "st."):
            break
        bare = token.rstrip(",;:.")
        if token[0] == "(":
            if not (len(token) <= 10 and token[1:2].isalnum() and any(c.isupper() for c in token)):
                break
        elif _GRADE.fullmatch(bare):
            if index == 0 or tokens[index - 1][0].lower() not in _OF_GRADE:
                break
        elif word in _CONNECTING:
            if left is None:
                break
            before = tokens[index - 1][0] if index else ""
            after = tokens[index + 1][0]
            if before == "State" and token == "of":  # "State of Ohio driver's license"
                left = tokens[index - 1].start()
                break
            joins = before[:1].isupper() and before[1:2].islower() and after[:1].isupper()
            if not joins or before.lower() in _BEFORE or before[-1] in ",;:.)":
                break
        elif word in _BEFORE:
            break
        elif bare[:1].isupper() or word in _TRADES or word in _OF_GRADE:
            named = named or (len(bare) >= _LEAST and word not in _OF_GRADE)
        else:
            break
        left = tokens[index].start()
    if left is None or not named:
        return None
    name = view[left:stop].strip()
    several = view[stop : stop + 16].split(" ", 1)[0].rstrip(".,;:)(").endswith("s")
    if gazetteer.state(name) or name.lower() == "state of" or (several and " " not in name):
        return None
    return left
