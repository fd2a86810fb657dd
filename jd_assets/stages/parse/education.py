"""Degrees asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from jd_assets.stages.parse import sections as S
from jd_assets.stages.parse.anchored import Anchored, stand_between
from jd_assets.stages.parse.grounding import Posting

Requirement = Literal["required", "preferred"]
LEVELS = ("high_school", "diploma", "bachelor", "master", "doctorate")
"""Lowest first."""

# Each alternative starts a word; the last group counts only where a sentence names no other level.
_WORDS: tuple[tuple[str, str], ...] = (
    ("doctorate",
        r"ph\.? ?d\b\.?|doctorate|doctoral\b|d\.phil|pharm\.?d\b|juris doctor|doctor of [a-z]+|j\.d\."
        r"|dnp\b|ed\.d\b|dphil\b|psy\.?d\b"),
    (
        "master",

            r"masters?(?:'s?)?(?![\w'-])(?! data| gardener| list| plan| skills| of ceremon| the | class"
            r"| schedule"
            r"| record"
            r"| service| agreement| budget| file| trainer| chef| program schedul| control)"

            r"|post[ -]?graduat\w*|post[ -]?grad\b|pg\b(?= degree| in | diploma|/)|m\.? ?tech\b"
            r"|m\.?b\.?a\b|m\.?c\.?a\b|m\.?sc\b|m\.?com\b|pgd[bmca]{1,3}\b|pgp\b|m\.?phil\b|msw\b"
            r"|m\.?pharm\w*"

            r"|m\.?ed\b(?=[ ,/.])|m\.arch\b|ll\.m|mhrm?\b|mpa\b|mph\b|mls\b|mlis\b|m\.l\.(?:i\.)?s\b"
            r"|mfa\b|ms?lis\b|msls\b|msis\b|m\.[pf]\.[ah]\b|meng\b|m\.eng\b|mpp\b|mha\b|msn\b|m\.s\.[wn]\b"
            r"|mphil\b|advanced degrees?|ala[ -]accredited (?:degree|librar|program|institution|school|m\.?l)"
            r"|graduate(?:[ -]level)? degree|graduate (?:programs?|school|study|studies)\b",
    ),
    (
        "bachelor",

            r"bachelors?(?:'s?)?(?![\w'-])|baccalaureate|b\.? ?tech\b|b\.?sc\b|b\.?com\b|b\.?c\.?a\b"
            r"|b\.?b\.?a\b|bbm\b|bms\b(?= |/|,)|b\.?pharm\w*|b\.?ed\b(?=[ ,/.])|b\.?arch\b|ll\.?b\b|mbbs\b"
            r"|bds\b"

            r"|bhm\b|bfa\b|b\.f\.a\b|bsn\b|b\.s\.[nw]\b|bsw\b|beng\b|b\.eng\b|degree[ -](?:educated|level)"
            r"|(?:four|4)[ -]years?'? (?:of )?(?:college|university)(?! degree)|b\.des\b|b\.?voc\b"
            r"|under ?-?graduate(?: degree|s?\b)|ug\b(?= degree|/"
            r"| in )|(?:four|4)[ -]year (?:college |university )?degree"

            r"|(?<!new )(?<!school )graduates?\b(?! engineer| trainee| program| apprentice| level"
            r"| student| school"
            r"| of |d)"
            r"|(?<!new )grads?\b|(?<!school )(?<!academy )graduation\b(?! ceremony| day"
            r"| from (?:an? )?(?:\w+ )?high[ -]school)|educated to degree",
    ),
    ("diploma",
        r"(?:two|2)(?: ?\(2\))?[ -]years?'? (?:of )?(?:full-time )?(?:college|university|post-?secondary"
        r"|junior"
        r"|community|technical college|associate)"
        r"|(?:aas|a\.a\.s\.|aa|a\.a\.|a\.s\.)(?:(?:,? or |/)(?:aas|as|a\.s\.|a\.a\.s\.))?(?= degree"
        r"|,? or (?:b|a)"
        r"|/b| in )"
        r"|associates?(?:'s)? (?:of|in) (?:arts|science|applied)|hn[cd]\b|higher national|foundation degree"
        r"|diploma\b(?! or ged)|associates?(?:'?s)? degree|associate'?s?(?= or bachelor)|polytechnic"
        r"|iti\b"),
    (
        "high_school",

            r"high[ -]school|h\.?s\.? diploma|g\.?e\.?d\b|grade (?:10|12)\b|year 12\b|(?:school|leaving"
            r"|senior) certificate"
            r"|(?<!post-)(?<!post )secondary education|o levels?\b|o-levels?\b|secondary school"
            r"|higher secondary|senior secondary"
            r"|12th\b(?! floor| cross| main| street| largest| anniversary| edition| of)|10th\b(?! floor"
            r"| cross| main| street| largest| anniversary| edition| of)|10\s?\+\s?2\b"
            r"|hsc\b|ssc\b|sslc\b|gcses?\b|a-levels?\b|a levels\b|a level(?= or\b| standard| education)"
            r"|(?:twelfth|tenth) grade|school[ -]leaving"
        r"|matric(?!ulat(?:ion|ed) (?:at|in))\w*|intermediate (?:pass|education)|(?:xii|12)(?:th)? pass",
    ),
    ("degree",
        r"(?:university|college|engineering|tertiary|related|relevant|honou?rs|first|professional|accredited)"
        r" (?:degree|qualification)|(?:four|4)[ -]year degree"
        r"|degree (?:in |required|preferred|holder|from"
        r"|or equivalent|is |with|level|qualification)"),
)  # fmt: skip
_LEVEL = Anchored(
    "(?<![a-z0-9])(?:" + "|".join(f"(?P<{level}>{words})" for level, words in _WORDS) + ")",
    (
        "phd|ph.d|doctor|d.phil|pharm|juris|j.d.|dnp|master|postgrad|post-grad|mba|m.ba|mb.a|m.b.a|mtech"
        "|m.tech|mca|m.ca|mc.a|m.c.a|msc|m.sc|mcom|m.com|pgd|pgp|mphil|m.phil|msw|mpharm|m.pharm|m.ed"
        "|m.arch|ll.m|mhr|mpa|mph|mls|mlis|m.l.s|m.l.i.s|mfa|bachelor|baccalaureate|btech|b.tech|bsc|b.sc|bcom|b.com"
        "|bca|b.ca|bc.a|b.c.a|bba|b.ba|bb.a|b.b.a|bbm|bms|bpharm|b.pharm|b.ed|barch|b.arch|llb|ll.b|mbbs"
        "|bds|bhm|bfa|bsn|b.des|bvoc|b.voc|under-grad|undergrad|grad|diploma|associate|polytechnic|iti"
        "|ged|12th|10th|10+|hsc|ssc|sslc|gcse|a-level|matric|xii|degree|high-school|school-leaving|ph d"
        "|ph. d|post grad|pg |pg/|m tech|m. tech|med |med,|med/|med.|advanced degree|b tech|b. tech|bed "
        "|bed,|bed/|bed.|under grad|under -grad|ug |ug/|four year|four-year|4 year|4-year|educated to"
        "|high school|hs diploma|h.s diploma|hs. diploma|h.s. diploma|secondary school|higher secondary"
        "|senior secondary|10 +|10\n+|a level|twelfth grade|tenth grade|school leaving|intermediate pass"
        "|ed.d|dphil|psy.d|psyd|mslis|msls|msis|m.p.|m.f.|meng|m.eng|mpp|mha|msn|m.s.|ala-acc|ala acc"
        "|graduate |graduate-|masters-|master-|b.f.a|b.s.|bsw|beng|b.eng|two (|two years|two-years|2 years"
        "|2-years|two year"
        "|two-year"
        "|2 year|2-year|2 (2|2(2|two(2|4 year|four year|aas|a.a.|aa |aa,|aa/|a.s.|associate|hnc|hnd"
        "|higher national"
        "|foundation degree|g.e.d|ge.d|g.ed|grade 1|year 12|school cert|leaving cert|senior cert"
        "|secondary edu|o level"
        "|o-level|related |relevant |honours |honors |first |professional |accredited "
        "|intermediate education|12 pass|university degree|university qualification|college degree"
        "|college qualification|engineering degree|engineering qualification|tertiary degree"
        "|tertiary qualification"
    ).split("|"),
)
_OTHER_DIPLOMA = re.compile(
    r"(?:(?<!technical )(?<!trade )(?<!cal )(?<!ade )school|hs|graduate|pg|(?<!post-)(?<!post )secondary"
    r"|equivalent) $"
)
# Two-letter degrees are words in lower case, so these are looked for in capitals only.
_LETTERS = re.compile(
    r"(?P<bachelor>(?<![\w.])(?:B\.\s?E\b\.?(?! careful)|BE(?=\s?(?:/|\(|,| or | in | -|\s?&|$|\n"
    r"| Mech| Civil| Comp| Elect| degree|\.| B))"
    r"|B\.?S\.?(?=\s?(?:/|,? degree| in | or | required| preferred| from| with \d| and (?:MS|M\.S)|\())"
    r"|(?<![\w.])BS(?=, (?:MS|M\.S|MBA|Ph))|B\.S\.|B\.A\."
    r"|BA(?=\s?(?:/|,? degree|,? in | or (?:BS|B\.S|MA|M\.A)|, MA\b|\(| required| preferred|,? and | from))"
    r"|AB/))"
    r"|(?P<master>(?<![\w.])(?:M\.\s?E\b\.?|ME(?=\s?/)|(?<=/)ME\b|MS(?=\s?(?:/|,? degree| in [A-Z]"
    r"| or (?:PhD|Ph\.D|higher)| with \d| and (?:PhD|\d)))(?!/(?:Office|SQL|Excel))|M\.S\.(?!\w)|M\.A\."
    r"|(?<!, )MA(?=\s?(?:/| degree| in [A-Za-z]| or (?:MS|PhD|Ph\.D)))|(?<=BA or )MA\b|(?<=BS, )MS\b"
    r"|(?<=BS/)MS\b|(?<=BA/)MA\b))"
)
# A school that employs or teaches, not one that the candidate has left.
_A_SCHOOL = re.compile(
    r"(?:\ban?|\bthe|\bour|\bin|\bat|affiliated|higher|senior|board|public|private|local|vocational"
    r"|technical|trade|girls.?|boys.?) $"
)
_SCHOOLING = re.compile(
    r"(?: or higher)?[ ,/-]{0,2}(?:diploma|certificate|pass|education|level|leaving|graduat\w*|degree"
    r"|completion|or\b|equivalent|qualification|required|is required|ged\b)"
)
_ANY_LETTERS = re.compile(r"[ABM](?:(?<=[BM])[.ESA]|(?<=A)B/)")
_DEGREE_ALONE = re.compile(r"\bdegrees?\b")
_NOT_DEGREE = re.compile(
    r"(?:high(?:er)?|some|great|certain|large|any|fair|considerable|significant|reasonable|varying|360|\d"
    r"|the|lesser|greater) degree|degrees? of (?!science|arts|engineering|bachelor|master"
    r"|education)|\d+[ -]degree|degrees? (?:celsius|fahrenheit|c\b|f\b)|master (?:of ceremon|data)"
    r"|degree to which|(?:no|without a?) degree|degrees? feedback"
)
_YEARS_WITH = re.compile(
    r"years? of experience with an? (?:advanced )?$"
)  # "or 1 year of experience with an advanced degree"
_PREFERRED = re.compile(
    r"\b(?:prefer\w*|plus|advantage|desir\w+|nice to have|bonus|good to have|ideal(?:ly)?|added"
    r"|not mandatory|optional|asset)\b"
)
_REQUIRED = re.compile(r"\b(?:required|must|mandatory|minimum|essential)\b")
_NAMES = {
    "high_school": "High school",
    "diploma": "Diploma",
    "bachelor": "Bachelor's",
    "master": "Master's",
    "doctorate": "Doctorate",
}
_FIELD = re.compile(r"[^.;\n\u2022]{0,120}")
_FIELD_END = re.compile(
    r"\b(?:is|are|with|from|required|preferred|who|and (?:at least|a minimum|\d)|or equivalent"
    r"|will be|would be|plus|preferably)\b|[,;(]|\d\+? ?years"
)


_FIRST_WORDS = 30  # characters of a line before the degree that it asks for
_IN_SUBJECT = re.compile(
    r".{0,16}\b(?:in|from) (?:an? |the )?[a-z]{4}"
    r"|[^\n]*?\b(?:degree|diploma|required|preferred|equivalent|related|discipline|graduate|with \d)\b"
)


@dataclass(frozen=True, slots=True)
class Degree:
    """A level of education with its wording: `start` to `end` is the degree and its field, `raw_start` to
    `raw_end` the sentence that asks for it."""

    level: str
    requirement: Requirement
    start: int
    end: int
    raw_start: int
    raw_end: int


def level_name(level: str) -> str:
    """A level as the API words it: "Bachelor's"."""
    return _NAMES[level]


def find_education(posting: Posting) -> list[Degree]:
    """The degrees asked for, one for each level and requirement, lowest level first."""
    labelled = [(label.start, label.end) for label in posting.labelled("education")]
    low = posting.low
    levels, letters = _LEVEL.words.places(low), [m.start() for m in _ANY_LETTERS.finditer(posting.view)]
    found: dict[str, Degree] = {}
    for segment in posting.segments:
        if not (
            stand_between(levels, segment.start, segment.end)
            or stand_between(letters, segment.start, segment.end)
        ):
            continue
        if segment.section in (S.LEGAL, S.TITLE):
            continue
        in_label = any(s <= segment.start < e for s, e in labelled)
        degrees = list(_levels(posting, segment.start, segment.end))
        elsewhere = segment.section in (S.COMPANY, S.BENEFITS, S.APPLY) or segment.duty
        if (elsewhere or (segment.kind == "heading" and not in_label)) and not (
            degrees and _opens_with_degree(low, segment.start, segment.end, degrees[0][1])
        ):
            continue
        if not degrees and not in_label and segment.section not in (S.REQUIREMENTS, S.PREFERRED):
            continue
        if not degrees:
            for match in _DEGREE_ALONE.finditer(low, segment.start, segment.end):
                if _YEARS_WITH.search(low, max(segment.start, match.start() - 48), match.start()):
                    continue
                if not _NOT_DEGREE.search(
                    low, max(segment.start, match.start() - 14), min(segment.end, match.end() + 14)
                ):
                    degrees = [("bachelor", *match.span())]
                    break
        for level, start, end in degrees:
            degree = Degree(
                level,
                _requirement(low, segment.start, segment.end, start, end, segment.section),
                start,
                _field_end(low, end, segment.end),
                segment.start,
                segment.end,
            )
            known = found.get(level)
            if known is None or (known.requirement == "preferred" and degree.requirement == "required"):
                found[level] = degree
    return [found[level] for level in LEVELS if level in found]


def _opens_with_degree(low: str, start: int, end: int, degree: int) -> bool:
    """Whether a line asks for a degree in its first words, wherever it stands: "B.Tech or M.Tech in marine
    engineering" below what the employer does."""
    return degree - start <= _FIRST_WORDS and _IN_SUBJECT.match(low, degree, end) is not None


def _levels(posting: Posting, start: int, end: int) -> list[tuple[str, int, int]]:
    found = []
    matches = _LEVEL.finditer(posting.low, start, end)
    if _ANY_LETTERS.search(posting.view, start, end):
        matches = chain(matches, _LETTERS.finditer(posting.view, start, end))
    for match in matches:
        around = posting.low[max(start, match.start() - 12) : min(end, match.end() + 14)]
        level = str(match.lastgroup)
        before = posting.low[max(start, match.start() - 16) : match.start()]
        if level == "high_school" and match[0].endswith(("school", "secondary")):
            after = match.end() + 7 * posting.low.startswith(" school", match.end())
            school = _A_SCHOOL.search(before) or _named_school(posting.view, start, match.start())
            if school and not _SCHOOLING.match(posting.low, after, end):
                continue
        if (
            _NOT_DEGREE.search(around)
            or _YEARS_WITH.search(posting.low, max(start, match.start() - 40), match.start())
            or before.endswith("scrum ")
            or (level == "diploma" and _OTHER_DIPLOMA.search(before))
        ):
            continue
        found.append((level, *match.span()))
    named = [f for f in found if f[0] != "degree"]
    alone = [
        ("bachelor", left, right)
        for level, left, right in found
        if level == "degree" and not any(left - 3 <= n[2] <= left for n in named)
    ]
    return sorted(named + alone, key=lambda f: f[1])


def _named_school(view: str, start: int, at: int) -> bool:
    """Whether "High School" behind these words is part of a school's name: "at Upper Fallow High School"."""
    words = view[max(start, at - 24) : at].split()
    return view[at].isupper() and len(words) > 1 and words[-1][0].isupper() and words[-1][-1].isalpha()


def _requirement(low: str, start: int, end: int, left: int, right: int, section: str) -> Requirement:
    """Preferred if the clause of the degree says so, or its section does."""
    clause_start = max(low.rfind(";", start, left), low.rfind(". ", start, left), start)
    stops = [x for x in (low.find(";", right, end), low.find(". ", right, end)) if x >= 0]
    clause = low[clause_start : min(stops, default=end)]
    if _PREFERRED.search(clause) and not _REQUIRED.search(clause):
        return "preferred"
    if section == S.PREFERRED:
        return "preferred"
    return "required"


def _field_end(low: str, end: int, stop: int) -> int:
    field = _FIELD.match(low, end, stop)
    if not field:
        return end
    cut = _FIELD_END.search(low, end, field.end())
    last = cut.start() if cut else field.end()
    while last > end and not (low[last - 1].isalnum() or low[last - 1] == ")"):
        last -= 1
    return max(last, end)
