"""Certifications and licences asked for."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache

import ahocorasick

from jd_assets.stages.parse import gazetteer
from jd_assets.stages.parse import sections as S
from jd_assets.stages.parse.certificate_names import SURE, UNSURE
from jd_assets.stages.parse.grounding import Grounded, Posting
from jd_assets.stages.parse.licences import licences
from jd_assets.stages.parse.segments import Segment
from jd_assets.stages.parse.view import trimmed

_SURE_ONLY = sorted(set(SURE) - set(UNSURE), key=len, reverse=True)
_ACRONYM = re.compile(
    r"(?<![\w+./-])(?:"
    + "|".join(re.escape(n) for n in _SURE_ONLY)
    + r")(?![\w+-])|(?<=/)(?:"
    + "|".join(re.escape(n) for n in _SURE_ONLY)
    + r")(?![\w+-])"
)
_WITH_WORD = re.compile(
    r"(?<![\w.])("
    + "|".join(UNSURE)
    + r")(?=[ -](?:certifi\w+|licen[sc]e\w*|registered|registration|membership"
    r"|chartered|credential|foundation|qualified|final|inter\b"
    r"|intermediate)|\s?/\s?(?:CPA|CMA|MBA|CFA|ICWA|CS\b|CA\b|ICWAI)|\s?,\s?(?:CPA|CFA|ICWA)"
    r"| \((?:certifi|chartered))|(?:\b[Cc]ertified|\b[Qq]ualified|\b[Qq]ualification:?"
    r"|\b[Ll]icensed|\b[Rr]egistered with the|\b[Rr]egistered with|\b[Mm]ember(?:ship)? of(?: the)?"
    r"|[Cc]ertifications?:?|(?<=[A-Z]{2})/) ?(" + "|".join(UNSURE) + r")(?![\w.&-])"
)
# A list that goes on after a name: "certified in PE, ASQ or ITIL"
_NEXT_NAME = re.compile(
    r"(?:,? (?:or|and|&) |,\s|\s?/\s?)("
    + ""
    r"|".join((*UNSURE, *map(re.escape, _SURE_ONLY)))
    + r")(?![\w.-])"
)
_CERTIFIED = re.compile(
    r"\b((?:(?:AWS|ISA|Microsoft|Azure|Google(?: Cloud)?|Oracle|Cisco|Salesforce|SAP|Red Hat|VMware"
    r"|Adobe|HubSpot|Scrum|Tableau|Kubernetes|ServiceNow|Databricks|Snowflake|UiPath|ITIL|Board"
    r"|HPE?|IBM|Dell|Citrix|NetApp|Juniper|Fortinet|Apple|Novell"
    r"|Lean|PMI|SAFe|IIA|GCP|Six Sigma|National|State|NCCER|AWS/Azure)(?: [A-Z][\w+-]*){0,3} )?"
    r"Certified(?: (?:in|of|for|and|-))?(?! (?:Position|Salary|Schedule|Staff|Personnel|Mail|Copy|Copies"
    r"|Payroll|List|Non))(?: [A-Z][\w+/&-]*){1,5})"
)
_CERTIFICATION = re.compile(
    r"\b([A-Z][\w+.&/-]* (?:(?:[A-Z\d][\w+.&/-]*|\([A-Z]{2,6}\)) ){0,4}(?:[Cc]ertifications?"
    r"|[Cc]ertificates?|[Cc]redential"
    r"|[Ll]icen[cs]e|[Ll]icen[cs]ure|[Rr]egistration)(?![a-z])(?! (?:process|program|management|department"
    r"|agreement|server|key|compliance|fees?|body|authority|bodies|and testing|details|numbers?|is not|desk"
    r"|office))(?!(?<=ns) \())"
)
_SIX_SIGMA = re.compile(
    r"\b((?:[Ll]ean )?[Ss]ix [Ss]igma(?: \(?(?:[Gg]reen|[Bb]lack"
    r"|[Yy]ellow) [Bb]elt\)?)?)(?=[^.\n]{0,30}(?:[Cc]ertif|[Bb]elt)|\b)"
)
_BELT = re.compile(r"[Bb]elt|[Cc]ertif")
_LICENCE = re.compile(
    r"\b((?:(?:valid|current|active|clean|unrestricted|full|state|class [a-c]|commercial"
    r"|professional|registered nurse|registered nursing|rn|lpn|cdl|cosmetology|teaching"
    r"|teacher'?s?|nursing|medical|pharmacist|pharmacy|real estate|insurance|pilot|"
    r"heavy vehicle|light motor vehicle|lmv|hmv|forklift|security guard|contractor'?s?|plumbing"
    r"|electrician'?s?|electrical|motor vehicle|hgv|lgv|fork ?lift|sia|provisional|uk) )*"
    r"(?:driv(?:er'?s?|ers'?|ing)|registered nurse|rn|lpn|teaching|nursing|medical|pharmacist"
    r"|pharmacy|real estate|insurance|pilot|cosmetology|fork ?lift|sia|hgv|lgv|personal|architect(?:ure"
    r"|ural|'s)?|social work(?:er)?|counsel(?:or|ing)"
    r"|broker'?s?|adjuster'?s?|producer|fishing|gaming|professional engineer(?:'s|ing)?"
    r"|pe|law|security guard|electrician'?s?|plumbing|cdl|operator'?s?|veterinary|practice"
    r"|contractor'?s?) (?:licen[cs]e|licen[cs]ure))\b"
)
_NAMED = re.compile(
    r"\b(?:[Cc]hartered [Aa]ccountant|[Cc]ost [Aa]ccountant|[Cc]ompany [Ss]ecretary(?= qualif)"
    r"|[Cc]ertified [Pp]ublic [Aa]ccountant|[Cc]hartered [Ff]inancial [Aa]nalyst"
    r"|[Pp]roject [Mm]anagement [Pp]rofessional|[Cc]ertified [Ss]crum ?[Mm]aster"
    r"|[Cc]ertified [Ss]crum [Pp]roduct [Oo]wner|[Ff]irst [Aa]id (?:[Cc]ertificat\w+|[Tt]raining)"
    r"|[Ff]irst [Aa]id(?=[^.\n]{0,20}(?:CPR|certif))"
    r"|[Ll]icensed (?:[A-Z][a-z]+ ){1,4}(?:Worker|Counselor|Therapist|Psychologist|Practitioner|Nurse"
    r"|Engineer|Architect|Electrician|Plumber|Surveyor|Pharmacist|Technician|Agent|Adjuster)"
    r"|(?<=[Mm]ember of the )(?:[A-Z]\w+ )?State Bar(?: of [A-Z]\w+)?|City (?:&"
    r"|and) Guilds(?: (?:Level )?\d{1,4})?"
    r"|18th [Ee]dition(?: [Ww]iring [Rr]egulations)?"
    r"|Gas Safe(?= [Rr]egist)|Wilderness First (?:Responder|Aid)|PADI [A-Z][a-z]+(?: [A-Z][a-z]+)?"
    r"|[Cc]ertificate (?:III|IV|3|4) in [A-Z]\w+(?: (?:and |& )?[A-Z]\w+){0,4}"
    r"|ITIL (?:[vV]?\d )?[Ff]oundation(?: [Cc]ertif\w+)?|Firefighter I{1,2}\b(?: and II\b)?"
    r"|[Qq]ualified [Tt]eacher [Ss]tatus|[Cc]hartered (?:[Ee]ngineer|[Ss]urveyor|[Mm]arketer|[Ll]ibrarian"
    r"|[Pp]hysicist|[Cc]hemist|[Aa]rchitect|[Pp]sychologist|[Bb]uilder|[Ss]ecretary|[Ee]nvironmentalist)"
    r"|[Rr]egistered (?:[Aa]rchitect|[Dd]ietitian|[Ss]anitarian|[Ll]and [Ss]urveyor)"
    r"|(?:NVQ|SVQ|QCF|BTEC) (?:[Ll]evel )?[1-7](?: in [A-Z]?[a-z]+(?: (?:and |& )?[A-Z][a-z]+){0,3})?"
    r"|(?:[Ff]ood|[Aa]lcohol) [Hh]andler'?s?'? (?:[Cc]ard|[Pp]ermit|[Cc]ertificat(?:e|ion))"
    r"|[Tt]eaching [Cc](?:ertificat(?:e|ion)|redential)|[Nn]otary [Pp]ublic"
    r"|[Bb]asic [Ll]ife [Ss]upport|[Rr]egistered [Nn]urse(?=[^.\n]{0,30} licen)|Scrum Master [Cc]ertification"
    r"|[Bb]oard [Cc]ertifi(?:ed|cation)(?: in [A-Z][\w ]{3,40})?"
    r"|Professional Engineer(?= \(P\.?E|[^.\n]{0,20} (?:licen|registr|certif))"
    r"|(?<=[Rr]egistered as a )Professional Engineer"
    r"|[Cc]ertificat(?:e|ion) in [A-Z]\w+(?: (?:and |& )?[A-Z]\w+){0,4}|[Bb]ar [Aa]dmission|[Aa]dmi(?:ssion"
    r"|tted) to the"
    r" (?:[A-Z]\w+ ){0,2}(?:State )?[Bb]ar|[Mm]ember of the (?:[A-Z]\w+ )?(?:State )?[Bb]ar)\b"
)
# Trades that are certified, in small letters: "certified pharmacy technician", "forklift certification"
_TRADE = re.compile(
    r"\b(?:certified (?:[a-z]+ ){0,2}(?:technician|nurse aide|nursing assistant|medical assistant|teacher"
    r"|welder"
    r"|lifeguard|arborist|appraiser|interpreter|phlebotomist|electrician|trainer|instructor|coder|mechanic)"
    r"|(?:fork ?lift|lifeguard|first aid|food safety|crane operator|welding|nursing assistant"
    r"|medical assistant"
    r"|pharmacy technician|phlebotomy|personal trainer|teacher|teaching|crane|pesticide applicator"
    r"|water safety|child care|medical coding) (?:certificat(?:ion|e)|card|permit))\b"
)
# A state before what it grants: "Minnesota special education license"; "Class C" belongs to it
_BY_STATE = re.compile(
    r"\b(?:Class [A-Z] )?(?!(?:Current|Valid|Active|Must)\b)"
    r"((?:New |North |South |West |Rhode )?[A-Z][a-z]{3,}) "
    r"(?:(?!(?:and|or|with|hold|have|an?|any|to|is|in|valid|current)\b)[A-Za-z'’-]+ ){1,4}"
    r"(?:[Ll]icen[cs]e|[Ll]icensure|[Cc]ertificate|[Cc]ertification|[Cc]redential)"
    r"(?![a-z])"
)
# What is asked stands behind: "license as a Practical Nurse", "state certification in Special Education"
_AS_A = re.compile(
    r"\b(?:[Ll]icen[cs]e|[Ll]icensure|[Rr]egistration) as an? "
    r"(?:((?:Licensed|Registered|Certified) )?[A-Z][\w-]+(?: [A-Z][\w-]+){0,4}(?: \([A-Z-]+\))?)"
)
_STATE_GRANTS = re.compile(
    r"\b[Ss]tate (?:[Cc]ertification|[Cc]ertificate|[Ll]icen[cs]e|[Ll]icensure) (?:in|for) "
    r"(?:[A-Z][\w-]+(?: [A-Z][\w-]+){0,4}|(?!(?:good|the|an?|this|that|which|all|any|your|our)\b)[a-z]+)"
)
_NURSES = re.compile(r"\b(?:RN|LPN|LVN|CNA)(?: ?(?:or|and|/|,) ?(?:RN|LPN|LVN|CNA))+ [Ll]icen[cs](?:e|ure)\b")
# "AWS Solutions Architect - Professional", "Azure Data Engineer Associate (DP-203)", or the code alone.
_VENDOR = re.compile(
    r"\b(?:AWS|Amazon Web Services|Microsoft|Azure|Google(?: Cloud)?|GCP|Oracle|Cisco|Salesforce|Snowflake"
    r"|Databricks|Red Hat|VMware|Tableau|ServiceNow|SAP|HashiCorp|Terraform|Power BI|Fortinet|Juniper"
    r"|CompTIA)"
    r"(?: [A-Z][\w&+-]*){1,5}(?: ?- ?| )(?:Associate|Professional|Expert|Specialty|Practitioner|Fundamentals"
    r"|Foundation)\b(?: \([A-Z]{2,4}-?[A-Z]?\d{2,4}\))?"
)
_EXAM = re.compile(
    r"(?<![\w-])(?:(?:AZ|DP|AI|SC|PL|MS|MB|MD)-\d{3}|(?:SAA|SAP|DVA|SOA|CLF|DOP|MLS|SCS|ANS|DEA|DBS)-C0\d"
    r"|1Z0-\d{3,4}|NSE ?[1-8]|PCNSE|PCNSA|CSWP|CSWA|CSWE|JNCIA|JNCIS|JNCIP|CPACC|ASNT Level I{1,3}"
    r"|NDT Level I{1,3})(?![\w-])"
)
_EXAM_WORDS = (
    *(f"{code}-" for code in "AZ DP AI SC PL MS MB MD".split()), "-C0", "1Z0-", "NSE", "PCNS", "CSW", "JNCI",
    "CPACC", "Level I",
)  # fmt: skip
_GRADES = ("Associate", "Professional", "Expert", "Specialty", "Practitioner", "Fundamentals", "Foundation")
_WANTED = re.compile(
    r"(?<![\w./-])(?<!in )(?<!of )("
    + "|".join(n for n in UNSURE if n not in ("CS", "RN", "PE"))
    + r")(?= (?:(?:is|will be|would be) )?(?:an? |the )?(?:preferred|prefered|desirable|mandatory|must|added"
    r"|advantage|plus\b|required)\b)"
)
_DENIED = re.compile(
    r"\b(?:not (?:applicable|required|needed|necessary|mandatory)|no (?:licen[cs]e|certificat\w+)"
    r"|may (?:also )?be required)\b"
)
_SENTENCE_END = re.compile(r"[;\n]|[.!]\s")
_VALUE_END = re.compile(
    r"\s?(?:[-,(:]\s?)?\b(?:is |are |will be )?(?:an? )?(?:preferred|prefered|mandatory|required|must"
    r"|desirable"
    r"|desired|optional|plus|added advantage|advantage|essential|needed)\b[^\n]{0,200}$",
    re.IGNORECASE,
)
_WORDED = (
    "certif", "licen", "registr", "nvq", "teacher status", "handler",
    "belt", "chartered", "accountant", "first aid", "credential", "notary",
    "life support", "scrum", "management professional", "secretary", "bar admission", "to the bar",
    "state bar", "city & guilds", "city and guilds", "18th edition", "gas safe", "wilderness first", "padi "
    "", "itil ",
    "firefighter i",
)  # fmt: skip
_LIST = re.compile(r"[,;\n/]|\b(?:and|or)\b")
_NONE = frozenset("none no nil na n/a not any if as must valid certification certificate".split())
_GENERIC = frozenset(
    "the a an any relevant required preferred professional other additional all industry our "
    "your this hr technical it specific work valid state and or certifications certification".split()
)
_SKIPPED_SECTIONS = (S.COMPANY, S.BENEFITS, S.LEGAL, S.APPLY)
_KNOWLEDGE_OF = re.compile(
    r"(?:\bregulations\b|\bcompliance\b|\bknowledge\b|\bconcepts?\b|\bprinciples?\b|\bprocess(?:es)?\b)"
)


def find_certifications(posting: Posting) -> list[Grounded]:
    """Each certificate once, as written, in the order of the text."""
    found: list[tuple[int, int]] = []
    view = posting.view
    worded = any(word in posting.low for word in _WORDED)
    hits = sorted((end, kind) for end, kind in _name_automaton().iter(view))
    if not worded and not hits:
        return []
    ends = [end for end, _ in hits]
    for segment in posting.segments:
        if segment.section in _SKIPPED_SECTIONS or (
            segment.kind == "heading" and S.heading_section(view[segment.start : segment.end]) is not None
        ):
            continue
        here = hits[bisect_left(ends, segment.start) : bisect_left(ends, segment.end)]
        kinds = {kind for _, kind in here}
        if kinds or worded:
            found.extend(_in_segment(posting, segment, kinds, worded=worded))
    for label in posting.labelled("certification"):
        beside = view.rfind("\n", 0, label.start) < view.rfind(":", 0, label.start)
        if beside and not any(label.start <= start < label.end for start, _ in found):
            found.extend(_listed(view, label.start, label.end))
    found.sort(key=lambda span: (span[0], -span[1]))
    names: dict[str, Grounded] = {}
    short_forms: set[str] = set()
    last = -1
    for start, end in found:
        if start < last:
            continue
        lead = _STILL_GOOD.match(view, start, end)
        start = lead.end() if lead else start
        if view[start:end] in short_forms:
            continue
        short = _SHORT_FORM.match(view, end)
        if short:
            short_forms.add(short[0].strip(" ()"))
        end = short.end() if short else end
        start, end = _of_state(view, start), _bare_end(view, start, end)
        value = posting.grounded(start, end)
        state = _OF_STATE.sub("", value.value)
        if _NO_CERTIFICATE.search(value.value) or (state != value.value and gazetteer.state(state)):
            continue
        names.setdefault(value.value.lower().rstrip("s"), value)
        last = end
    return list(names.values())


# Words before a name that say that it holds, not what it is
_STILL_GOOD = re.compile(
    r"(?:(?:an?|the|valid|current|currently|active|clean|unrestricted|full)\s"
    r"|state[ -](?:approved|issued|recogni[sz]ed)\s|state\s(?=rn\b|lpn\b|nurs|driv|teach)"
    r"|certified in\s)+(?=\w)",
    re.IGNORECASE,
)


_OF_STATE = re.compile(r"(?: State)? (?:[Ll]icen[cs](?:e|ure)|[Rr]egistration|[Cc]ertifi\w+)$")
# What citizens and firms register
_NO_CERTIFICATE = re.compile(
    r"\b(?:Service|Voter|Vehicle|Business|Company|Domain) [Rr]egistration$|^Great Place"
    r"|^(?:[Mm]edical|[Hh]ealth|[Bb]irth|[Dd]eath|[Mm]arriage|[Gg]ift|[Vv]accination|[Tt]raining|[A-Z]) "
    r"(?:[Cc]ertificat\w+|[Ll]icen[cs]e|[Rr]egistration)s?$"
)
_SHORT_FORM = re.compile(r" \([A-Z][A-Z-]{1,6}\)")  # "Certified Public Accountant (CPA)"


# Behind a certificate's own name the word "certification" says nothing more
_SAID_TWICE = re.compile(
    r"(?:.{1,40} )?(?:Certified|Chartered|Registered)\b.{3,60}?( [Cc]ertifications?| [Cc]redentials?)$"
)


def _bare_end(view: str, start: int, end: int) -> int:
    """The end of a name without a word that repeats it: "Certified Fire Warden certification"."""
    twice = _SAID_TWICE.match(view, start, end)
    return twice.start(1) if twice else end


def _of_state(view: str, start: int) -> int:
    """The start of a driving licence's name with the state before it: "Ohio driver's license"."""
    if not view.startswith(("driv", "Driv", "DRIV"), start):
        return start
    words = view[max(0, start - 24) : start].rstrip(" ").rsplit(" ", 2)
    for count in (2, 1):
        name = " ".join(words[-count:])
        if name[:1].isupper() and len(words) > count - 1 and _is_state(name):
            state = start - len(name) - 1
            return state - len("State of ") if view.endswith("State of ", 0, state) else state
    return start


def _is_state(name: str) -> bool:
    return name == "Georgia" or gazetteer.state(name) is not None  # Georgia is a country, too


def _listed(view: str, start: int, end: int) -> list[tuple[int, int]]:
    """The names in a label's value ("Certification: Fleet Safety Level 2 preferred") that no rule knows."""
    spans = []
    left = start
    for stop in (*(m.start() for m in _LIST.finditer(view, start, end)), end):
        close = _VALUE_END.search(view, left, stop)
        span = trimmed(view, left, close.start() if close else stop, " .,;:/-*&")
        words = view[slice(*span)].split()
        if 3 <= len(words) <= 8 and words[0][0].isupper() and words[0].lower() not in _NONE:
            spans.append(span)
        left = stop + 1
    return spans


@lru_cache(maxsize=1)
def _name_automaton() -> ahocorasick.Automaton:
    """Finds the words without which a rule for certificates' own names need not be tried."""
    automaton = ahocorasick.Automaton()
    for kind, words in (
        ("unsure", UNSURE),
        ("exam", _EXAM_WORDS),
        ("vendor", _GRADES),
        ("sure", _SURE_ONLY),
    ):
        for word in words:
            if word not in automaton:
                automaton.add_word(word, kind)
    automaton.make_automaton()
    return automaton


def _in_segment(
    posting: Posting, segment: Segment, kinds: set[str], *, worded: bool
) -> list[tuple[int, int]]:
    """The names in a segment; `kinds` says of which rules' names it holds parts."""
    view, low, start, end, duty = posting.view, posting.low, segment.start, segment.end, segment.duty
    spans = [m.span() for m in _NAMED.finditer(view, start, end)] if worded else []
    part = low[start:end]
    has_word = "certif" in part or "licen" in part or "registr" in part or "credential" in part
    if "vendor" in kinds:
        spans += [m.span() for m in _VENDOR.finditer(view, start, end)]
    if not duty and "sure" in kinds:
        for match in _ACRONYM.finditer(view, start, end):
            if not _KNOWLEDGE_OF.match(low, min(match.end() + 1, end)) and not _KNOWLEDGE_OF.search(
                low, match.end(), min(end, match.end() + 15)
            ):
                spans.append(match.span())
    if not duty and "exam" in kinds and "accredit" not in part:  # CSWE accredits schools of social work
        spans += [m.span() for m in _EXAM.finditer(view, start, end)]
    if not duty and "unsure" in kinds:
        spans += [m.span(1) for m in _WANTED.finditer(view, start, end)]
        for match in _WITH_WORD.finditer(view, start, end):
            spans.append(match.span(1) if match[1] else match.span(2))
    if has_word:
        if not duty:
            spans += [m.span(1) for m in _LICENCE.finditer(low, start, end)]
            spans += [span for span in licences(view, low, start, end) if not _ACRONYM.search(view, *span)]
            spans += [m.span() for m in _TRADE.finditer(low, start, end)]
            spans += [m.span() for m in _NURSES.finditer(view, start, end)]
            spans += [m.span() for m in _BY_STATE.finditer(view, start, end) if _is_state(m[1])]
            spans += [m.span() for m in _STATE_GRANTS.finditer(view, start, end)]
            spans += [(m.start(1) if m[1] else m.start(), m.end()) for m in _AS_A.finditer(view, start, end)]
        spans += [m.span(1) for m in _CERTIFIED.finditer(view, start, end)]
        for match in _CERTIFICATION.finditer(view, start, end):
            words = match[1].split()
            inside = next((i for i, w in enumerate(words[:-1]) if w.endswith(")")), -1)
            if inside >= 0 and not words[-2].endswith(")"):  # "... Education (CSWE) State licensure"
                continue
            if (
                any(w.lower() not in _GENERIC for w in words[:-1])
                and not duty
                and not _ACRONYM.search(match[1])
            ):
                first = next(i for i, w in enumerate(words) if w.lower() not in _GENERIC)
                left = match.start(1) + len(" ".join(words[:first])) + (1 if first else 0)
                spans.append((left, match.end(1)))
    if not duty and "unsure" in kinds:
        for _, stop in list(spans):
            more = _NEXT_NAME.match(view, stop, end)
            while more:
                spans.append(more.span(1))
                more = _NEXT_NAME.match(view, more.end(), end)
    if not duty:
        spans += [
            m.span(1)
            for m in _SIX_SIGMA.finditer(view, start, end)
            if _BELT.search(view, m.start(), min(end, m.end() + 30))
        ]
    return _asked_for(low, start, end, spans) if has_word else spans


def _asked_for(low: str, start: int, end: int, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans but those in a sentence of the segment that says that none is asked for."""
    denied = []
    for denial in _DENIED.finditer(low, start, end):
        ends = [start, *(m.end() for m in _SENTENCE_END.finditer(low, start, end)), end]
        after = bisect_left(ends, denial.end())
        denied.append((ends[after - 1], ends[after]))
    return [s for s in spans if not any(a <= s[0] < b for a, b in denied)]
