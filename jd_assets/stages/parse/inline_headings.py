"""Headings inside a line: of a text whose line breaks are lost."""

from __future__ import annotations

import re

from jd_assets.stages.parse import sections as S
from jd_assets.stages.parse.anchored import Anchored
from jd_assets.stages.parse.label_kinds import label_kind
from jd_assets.stages.parse.lines import Line
from jd_assets.stages.parse.view import trimmed

# Headings strong enough to stand inside a line: in a text whose line breaks are lost.
_INLINE = Anchored(
    r"(?:(?<=[.!?;:)\s])|(?<=[a-z]))"
    r"((?:(?:Key|Main|Primary|Core|Major|Essential|Principal|Job|Required|Preferred|Desired"
    r"|Minimum|Basic|Additional"
    r"|Your|The|Roles?|Duties|Technical|Educational?|Work|Professional|Soft|Mandatory|Good|Nice"
    r"|Must|What|About|Who|Why|How|You|Perks|KEY|JOB|POSITION|ROLE|ROLES|REQUIRED|PREFERRED"
    r"|DESIRED|MINIMUM|PRIMARY|ESSENTIAL)"
    r"[ &/,]{1,3}(?:and |AND |& |to |[Yy]ou'?(?:ll| will)? |[Ww]e(?:'re| are)? |[Oo]ur |the |TO )?)?"
    r"(?:(?:Roles?|Duties|Skills|Education|Experience|Qualifications?|Requirements?|ROLES|DUTIES"
    r"|SKILLS|[Ff]unctions|[Dd]uties|Tasks) ?(?:and|&|/|,|AND) ?)?"
    r"(?:Responsibilit(?:ies|y)|Respons[a-z]{5,9}|RESPONSIBILITIES|Duties|DUTIES|Accountabilities"
    r"|Requirements?|REQUIREMENTS|Qualifications?|QUALIFICATIONS?"
    r"|(?:Essential|Job|Key|Main|Primary|Core|Major) (?:Functions|Tasks|Activities)(?=\s?:)"
    r"|(?:ESSENTIAL|JOB|KEY) FUNCTIONS"
    r"|Skills?(?: [Rr]equired| [Ss]et)?|SKILLS|Experience(?: [Rr]equired)?|EXPERIENCE|Education"
    r"|[Aa]reas of [Rr]esponsibility(?=\s?:)"
    r"|responsibilities(?=\s?:)|description(?=\s?:)|duties(?=\s?:)|requirements(?=\s?:)|skills(?=\s?:)"
    r"|profile(?=\s?:)"
    r"|EDUCATION|Benefits|BENEFITS|Perks|Eligibility|Description|DESCRIPTION|Summary|SUMMARY"
    r"|Overview|OVERVIEW|PURPOSE|Purpose"
    r"|[Hh]aves?|[Oo]ffer|[Dd]o|[Bb]ring|[Hh]ave|[Nn]eed|Us|[Aa]re|[Ll]ooking [Ff]or|Profile"
    r"|Company|Location|Salary|CTC|Apply|Role|Competencies|RESPONSIBILITY))"
    r"(?:\s{0,2}:|\s-(?=\s)|(?=\s{1,12}[A-Z]|\s{0,4}$))",
    """Key Main Primary Core Major Essential Principal Job Require Prefer Desired Minimum Basic Additional
    Your The Role Duties Technical Education Work Professional Soft Mandatory Good Nice Must What About
    Who Why How You Perks KEY JOB POSITION ROLE REQUIRE PREFERRED DESIRED MINIMUM PRIMARY ESSENTIAL
    Skill Experience Qualification DUTIES SKILLS Respons RESPONSIBILIT Accountabilities QUALIFICATION
    EXPERIENCE Areas areas responsibilities description duties requirements skills profile EDUCATION
    Benefits BENEFITS Eligibility Description DESCRIPTION Summary SUMMARY Overview OVERVIEW PURPOSE
    Purpose Have have Offer offer Do do Bring bring Need need Us Are are Looking looking Profile Company
    Location Salary CTC Apply Competencies""".split(),
)
# A heading that lost its line breaks: "... of control.Client DetailsOur client is ..."
_GLUED_HEADING = re.compile(
    r"([A-Z](?:(?<=[.!?:;)a-z][A-Z])|(?<=[.!?] [A-Z]))(?:(?:hat|hings|ho|ow|hy)(?:'s)?(?: [a-z']{1,9}){1,5}"
    r"|[a-z]+(?:'s)?(?: (?:(?:and|&|of|for|the|this|to|in) ){0,2}[A-Z][a-z]+(?:'[a-z]{1,2})?){0,5}))"
    r"(?=[A-Z][a-z]|\d{1,2}\+?[ -]|\s{0,2}$)"
)
# The same at a line's start: "What you'll doMend the nets", "DESCRIPTIONThe crew"
_GLUED_START = re.compile(r"(?:[A-Z][A-Za-z' &/]{4,40}?[a-z]|[A-Z][A-Z &/]{5,40}[A-Z])(?=[A-Z][a-z])")
# One of these, or a colon, stands in a line that may hold a heading.
_SHOUTED = re.compile(r"[A-Z][A-Z]{5}")
_GLUED_CAPITAL = re.compile(r"[A-Z](?<=[a-z.!?][A-Z])")
_AFTER_STOP = re.compile(r"[.!?] ?[A-Z][a-z &/]{2,24}(?:ilities|ments|ations|kills|uties|nefits)")
STRONG = frozenset(
    "responsibilities duties accountabilities requirements requirement qualifications "
    "qualification benefits skills".split()
)


def _may_hold_heading(view: str, start: int, end: int) -> bool:
    return (
        view.find(":", start, end) >= 0
        or _GLUED_CAPITAL.search(view, start + 1, end) is not None
        or _SHOUTED.search(view, start, end) is not None
        or _AFTER_STOP.search(view, start, end) is not None
    )


def at_inline_headings(view: str, line: Line) -> list[Line]:
    """A long line cut before the headings that stand inside it."""
    if line.end - line.start < 40 or not _may_hold_heading(view, line.start + 7, line.end):
        return [line]
    opening = _GLUED_START.match(view, line.start, line.end)
    cuts = [opening.end()] if opening and S.heading_section(opening[0]) is not None else []
    cuts += [
        cut
        for match in _GLUED_HEADING.finditer(view, line.start + 12, line.end)
        if S.heading_section(match[1]) is not None
        for cut in match.span(1)
    ]
    for match in _INLINE.finditer(view, line.start + 12, line.end):
        phrase = match[1]
        colon = view[match.end() - 1] == ":" if match.end() > match.end(1) else False
        opened, label = S.heading_section(phrase), label_kind(phrase)
        if opened is None and label is None:
            continue
        glued = view[match.start() - 1].isalpha()
        if colon:
            if glued and opened is None:
                continue
            cuts.append(match.start())
        elif (phrase.isupper() and len(phrase) > 6 and not view[line.start : line.end].isupper()) or (
            len(phrase.split()) >= 2
            and opened is not None
            and S.normal(phrase).split()[-1] in STRONG
            and view[match.start() - 2] in ".!?"
        ):
            cuts += [match.start(), match.end(1)]
    if not cuts:
        return [line]
    parts = []
    cuts = sorted(set(cuts))
    for index, (left, right) in enumerate(zip([line.start, *cuts], [*cuts, line.end], strict=True)):
        left, right = trimmed(view, left, right)
        if left < right:
            parts.append(Line(left, right, line.mark and index == 0, line.gap and index == 0))
    return parts
