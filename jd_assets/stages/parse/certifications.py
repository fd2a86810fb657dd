"""Certifications and licences asked for."""

from __future__ import annotations

import re

from jd_assets.stages.parse import sections as S
from jd_assets.stages.parse.grounding import Grounded, Posting

# Names that stand for a certificate wherever they are asked for.
_SURE = (
    "PMP", "CAPM", "PRINCE2", "PgMP", "PMI-ACP", "CSM", "CSPO", "PSM I", "PSM II", "PSM", "SAFe Agilist",
    "CFA", "FRM", "CQF", "CPA", "ACCA", "CIMA",
    "CISSP", "CISM", "CISA", "CRISC", "CGEIT", "CEH", "OSCP", "OSCE", "GIAC", "GCIH", "GSEC", "CCSP",
    "CCSK", "SSCP", "Security+", "Network+", "CySA+",
    "CompTIA A+", "CCNA", "CCNP", "CCIE", "CCDA", "CCENT", "MCSE", "MCSA", "MCP", "RHCE", "RHCSA", "CKA",
    "CKAD", "CKS", "OCP", "OCA", "OCJP", "SCJP", "TOGAF",
    "PHR", "SPHR", "SHRM-CP", "SHRM-SCP", "GPHR", "CIPD", "CPIM", "CSCP", "CPSM", "ASQ", "CSSBB", "CSSGB",
    "CBAP", "CCBA", "ISTQB", "LEED AP", "LEED",
    "NEBOSH", "IOSH", "OSHA 10", "OSHA 30", "ACLS", "BLS", "PALS", "NRP", "TNCC", "CPR", "CNA", "LPN",
    "LVN", "LCSW", "LMSW", "LPC", "BCBA", "CCRN", "CRNA",
    "CDL", "CAMS", "CFE", "CIA", "CFP", "ChFC", "CLU", "CPCU", "CEBS", "FINRA", "Series 6", "Series 7",
    "Series 63", "Series 65", "Series 66", "EIT", "CMA",
    "CRCM", "CIPP", "CCRP", "CRA certification", "ASE", "AWS CWI", "API 510", "API 570", "CMI",
    "ServSafe", "TESOL", "TEFL", "CELTA",
)  # fmt: skip
# Names that are also a body of knowledge, a school or a word: they count only beside certificate words, or
# in slashes with another.
_UNSURE = tuple(
    "ITIL CIA CMA OCP OCA ASE MCP PE RN CA CS ICWA CNA ASQ LEED GIAC OSHA PSM EIT CRA FINRA IFRS".split()
)
_SURE_ONLY = sorted(set(_SURE) - set(_UNSURE), key=len, reverse=True)
_ACRONYM = re.compile(
    r"(?<![\w+./-])(?:"
    + "|".join(re.escape(n) for n in _SURE_ONLY)
    + r")(?![\w+-])|(?<=/)(?:"
    + "|".join(re.escape(n) for n in _SURE_ONLY)
    + r")(?![\w+-])"
)
_WITH_WORD = re.compile(
    r"(?<![\w.])("
    + "|".join(_UNSURE)
    + r")(?=[ -](?:certifi\w+|licen[sc]e\w*|credential|foundation|qualified|final|inter\b"
    r"|intermediate)|\s?/\s?(?:CPA|CMA|MBA|CFA|ICWA|CS\b|CA\b|ICWAI)|\s?,\s?(?:CPA|CFA|ICWA)"
    r"| \((?:certifi|chartered))|(?:\b[Cc]ertified|\b[Qq]ualified|\b[Qq]ualification:?"
    r"|\b[Ll]icensed|[Cc]ertifications?:?|/) ?(" + "|".join(_UNSURE) + r")(?![\w.&-])"
)
_CERTIFIED = re.compile(
    r"\b((?:(?:AWS|Microsoft|Azure|Google(?: Cloud)?|Oracle|Cisco|Salesforce|SAP|Red Hat|VMware"
    r"|Adobe|HubSpot|Scrum|Tableau|Kubernetes|ServiceNow|Databricks|Snowflake|UiPath|ITIL|Board"
    r"|Lean|PMI|SAFe|IIA|GCP|Six Sigma|National|State|NCCER|AWS/Azure)(?: [A-Z][\w+-]*){0,3} )?"
    r"Certified(?: (?:in|of|for|and|-))?(?: [A-Z][\w+/&-]*){1,5})"
)
_CERTIFICATION = re.compile(
    r"\b((?:[A-Z][\w+.&/-]* ){1,5}(?:[Cc]ertifications?|[Cc]ertificates?|[Cc]redential"
    r"|[Ll]icen[cs]e|[Ll]icen[cs]ure|[Rr]egistration)\b(?! (?:process|program|management|department"
    r"|agreement|server|key|compliance|fees?|body|authority|bodies|and testing|\()))"
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
    r"|electrician'?s?|electrical|motor vehicle) )*"
    r"(?:driv(?:er'?s?|ers'?|ing)|registered nurse|rn|lpn|teaching|nursing|medical|pharmacist"
    r"|pharmacy|real estate|insurance|pilot|cosmetology|forklift|professional engineer(?:'s|ing)?"
    r"|pe|law|security guard|electrician'?s?|plumbing|cdl|operator'?s?|veterinary|practice"
    r"|contractor'?s?) (?:licen[cs]e|licen[cs]ure))\b"
)
_NAMED = re.compile(
    r"\b(?:[Cc]hartered [Aa]ccountant|[Cc]ost [Aa]ccountant|[Cc]ompany [Ss]ecretary(?= qualif)"
    r"|[Cc]ertified [Pp]ublic [Aa]ccountant|[Cc]hartered [Ff]inancial [Aa]nalyst"
    r"|[Pp]roject [Mm]anagement [Pp]rofessional|[Cc]ertified [Ss]crum ?[Mm]aster"
    r"|[Cc]ertified [Ss]crum [Pp]roduct [Oo]wner|[Ff]irst [Aa]id(?: [Cc]ertificat\w+)?"
    r"|[Tt]eaching [Cc](?:ertificat(?:e|ion)|redential)|[Nn]otary [Pp]ublic"
    r"|[Bb]asic [Ll]ife [Ss]upport|[Rr]egistered [Nn]urse(?= licen)|Scrum Master [Cc]ertification"
    r"|[Bb]oard [Cc]ertifi(?:ed|cation)(?: in [A-Z][\w ]{3,40})?)\b"
)
_WORDED = re.compile(
    r"certif|licen[sc]|belt|chartered|accountant|first aid|credential|notary|life support|scrum"
    r"|management professional|secretary"
)
_GENERIC = frozenset(
    "the a an any relevant required preferred professional other additional all industry our "
    "your this hr technical it valid state and or certifications certification".split()
)
_SKIPPED_SECTIONS = (S.COMPANY, S.BENEFITS, S.LEGAL, S.APPLY)
_KNOWLEDGE_OF = re.compile(r"(?:\bknowledge\b|\bconcepts?\b|\bprinciples?\b|\bprocess(?:es)?\b)")


def find_certifications(posting: Posting) -> list[Grounded]:
    """Each certificate once, as written, in the order of the text."""
    found: list[tuple[int, int]] = []
    worded = bool(_WORDED.search(posting.low))
    if not worded and not _ACRONYM.search(posting.view) and not _WITH_WORD.search(posting.view):
        return []
    for segment in posting.segments:
        if segment.section in _SKIPPED_SECTIONS or segment.kind == "heading":
            continue
        found.extend(_in_segment(posting, segment.start, segment.end, duty=segment.duty, worded=worded))
    found.sort(key=lambda span: (span[0], -span[1]))
    names: dict[str, Grounded] = {}
    last = -1
    for start, end in found:
        if start < last:
            continue
        value = posting.grounded(start, end)
        names.setdefault(value.value.lower().rstrip("s"), value)
        last = end
    return list(names.values())


def _in_segment(posting: Posting, start: int, end: int, *, duty: bool, worded: bool) -> list[tuple[int, int]]:
    view, low = posting.view, posting.low
    spans = [m.span() for m in _NAMED.finditer(view, start, end)] if worded else []
    has_word = "certif" in low[start:end] or "licen" in low[start:end]
    if not duty:
        for match in _ACRONYM.finditer(view, start, end):
            if not _KNOWLEDGE_OF.match(low, min(match.end() + 1, end)) and not _KNOWLEDGE_OF.search(
                low, match.end(), min(end, match.end() + 15)
            ):
                spans.append(match.span())
        for match in _WITH_WORD.finditer(view, start, end):
            spans.append(match.span(1) if match[1] else match.span(2))
    if has_word:
        if not duty:
            spans += [m.span(1) for m in _LICENCE.finditer(low, start, end)]
        spans += [m.span(1) for m in _CERTIFIED.finditer(view, start, end)]
        for match in _CERTIFICATION.finditer(view, start, end):
            words = match[1].split()
            if (
                any(w.lower() not in _GENERIC for w in words[:-1])
                and not duty
                and not _ACRONYM.search(match[1])
            ):
                first = next(i for i, w in enumerate(words) if w.lower() not in _GENERIC)
                left = match.start(1) + len(" ".join(words[:first])) + (1 if first else 0)
                spans.append((left, match.end(1)))
    if not duty:
        spans += [
            m.span(1)
            for m in _SIX_SIGMA.finditer(view, start, end)
            if _BELT.search(view, m.start(), min(end, m.end() + 30))
        ]
    return spans
