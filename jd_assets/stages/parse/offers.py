"""Lines and sentences that say outright who offers the job: "Tern Foods is hiring a Baker"."""

from __future__ import annotations

import re

from jd_assets.stages.parse.anchored import Anchored
from jd_assets.stages.parse.company_names import heads, passes
from jd_assets.stages.parse.grounding import Grounded, Posting
from jd_assets.stages.parse.roles import has_job_noun
from jd_assets.stages.parse.view import trimmed

_LOOK_BACK = 240  # characters in which a sentence has its subject
_HEADLINE = 140  # characters of a line that may announce a job
# "Tern Foods is hiring a", "Tern Foods seeks:", in front of a title
ANNOUNCES = re.compile(
    r"[#*> ]{0,6}(?!(?:We|WE|Our|I|You|They|It|This|Who|Someone)\b)"
    r"(?P<firm>[A-Z\d][^\n|:!?]{1,60}?),? (?:(?:is|are) (?:now |currently |actively "
    r"|urgently )?(?:hiring|recruiting|looking for|looking to hire"
    r"|seeking|searching for|in search of)|seeks|needs|wants|hires|recruits)\b(?: for)?:?"
    r"(?: an?| the| our| new| \d{1,2})? (?=[A-Z\d])"
)
_JOIN = re.compile(
    r"[#*> ]{0,6}(?:Come )?[Jj]oin (?:the )?(?P<firm>[A-Z][^\n|:!?]{1,60}?)(?:'s)?(?: team)? "
    r"as (?:an? |our |the )?(?:new )?(?=[A-Z])"
)
# What a sentence says of who hires, behind the name
_SEEKS = Anchored(
    r"[ \[](?:(?:is|are) (?:now |currently |actively |presently |also )?(?:seeking|looking (?:for|to)|hiring"
    r"|recruiting|searching for|accepting applications|in search of"
    r"|offering an? (?=[^.\n]{0,60}\b(?:position|post|internship|fellowship|role)\b))"
    r"|seeks (?!to\b|out\b)|seeks to (?:hire|appoint|recruit an?|fill)"
    r"|invites? (?:applications?|applicants|qualified|nominations)|wish(?:es)? to (?:appoint|recruit|hire)"
    r"|has (?:an? |one |two )?(?:immediate |exciting |new |current |full-time |part-time |postdoc\w* )?"
    r"(?:opening|vacancy|position)|(?P<equal>(?:is|are) an? (?:EEO|EOE|AA|[Ee]qual|[Aa]ffirmative)))\b",
    (
        *(f"{space}{verb}" for space in " [" for verb in ("is ", "are ", "seeks")),
        " invite",
        " wish",
        " has ",
    ),
)
_SENTENCE = re.compile(
    r"\n\s{0,3}|(?<!Dr)(?<!Prof)(?<!Mr)(?<!Ms)(?<!Mrs)(?<!St)(?<!U\.S)[.!?] {1,2}(?=[\"'A-Z\d\[])|: (?=[A-Z])"
    r"|\u2022 ?"
)
_LINK = re.compile(r"\[([^\]\n]{2,80})\]\([^)\n]{0,200}\)?")
_LEAD_IN = re.compile(
    r"(?:[Aa]s|[Ii]n|[Dd]ue|[Ff]or|[Ff]ollowing|[Ff]ounded|[Ww]ith|[Bb]ased) [^,\n]{3,80}, "
)
_BEHIND = re.compile(r",? (?:based|located|founded|in|who|which|part of) [^\n]*$|, [^\n]{2,120}$")
_SHORT = re.compile(r" ?\([^()\n]{2,40}\)?$")
_UNIT = re.compile(
    r"(?:[\w'&-]+ ){0,4}(?:[Dd]epartment|[Ss]chool|[Dd]ivision|[Oo]ffice|[Ff]aculty|[Ss]ection"
    r"|[Pp]rogram(?:me)?"
    r"|[Ll]ab(?:oratory)?|[Gg]roup|[Cc]ent(?:er|re)|[Cc]entro|[Ii]nstitut\w+|[Cc]ollege|[Ll]ibrar(?:y|ies)"
    r"|[Tt]eam|[Uu]nit|[Cc]hair)\b"
)
_OF_HOUSE = re.compile(
    r"(?: (at|of|within)|,) (?:the )?([A-Z][\w.'-]*(?:,? (?:of |and |& |for |the )*[A-Z][\w.'-]*){0,7})"
)
_HOUSE = re.compile(
    r"\b(?:Universit|College|Institut|Hospital|Polytechnic|Museum|School|Academy|Librar|Foundation)"
)
_TOWN = re.compile(
    r"(?i:city|county|town|township|village|borough|parish|diocese|state) of "
    r"(?:[A-Z][\w.'-]+ ){0,2}?[A-Z][\w'-]+(?=,| (?:Department|Division|Office|Board|Police|Fire)\b|$)"
)
_LABS = (" lab", " laboratory", " group")
_OUTRIGHT, _OF_LAB = 6.0, 3.5
_NOBODY = frozenset(
    "we our i you they it this that these those who he she there someone client clients team company "
    "dr dr. prof "
    "prof. professor mr mr. mrs ms position role job".split()
)


def announced(posting: Posting) -> tuple[int, int] | None:
    """The employer that the first lines name before the job: "# Tern Foods is hiring a Baker"."""
    for segment in posting.segments[:2]:
        line_end = min(segment.end, segment.start + _HEADLINE)
        for pattern in (ANNOUNCES, _JOIN):
            found = pattern.match(posting.view, segment.start, line_end)
            if found is None or not has_job_noun(posting.view[found.end() : line_end]):
                continue
            comma = posting.view.find(", ", *found.span("firm"))
            end = comma if comma > 0 else found.end("firm")
            span = trimmed(posting.view, found.start("firm"), end, "*_,\"' ")
            name = posting.view[slice(*span)]
            if heads(name) and passes(name, None) and not has_job_noun(name):
                return span
    return None


def seekers(posting: Posting, title: Grounded | None) -> list[tuple[int, int, float]]:
    """Those of whom a sentence says that they hire, each with the weight of that: "The Sorrel Institute at
    Tern University (TU) invites applications" is Tern University. That they treat all alike tells of local
    governments only, as of others firms' parents say it."""
    found = []
    for match in _SEEKS.finditer(posting.view):
        begin = max(0, match.start() - _LOOK_BACK)
        breaks = [m.end() for m in _SENTENCE.finditer(posting.view, begin, match.start())]
        start = breaks[-1] if breaks else begin
        if begin and not breaks:
            continue
        span = _subject(posting, start, match.start())
        if span is None:
            continue
        name = posting.view[slice(*span)]
        if match["equal"] and not _TOWN.match(name):
            continue
        core = name.removeprefix("Our ").removeprefix("A ")
        if passes(core, None if " " in name else title, firms=None):
            found.append((*span, _OF_LAB if name.lower().endswith(_LABS) else _OUTRIGHT))
    return found


def _subject(posting: Posting, start: int, end: int) -> tuple[int, int] | None:
    """The name in a sentence's subject, as `seekers` gives it."""
    view = posting.view
    start, end = trimmed(view, start, end, '*#_"> ')
    if view[start:end].rsplit(" ", 1)[-1].lower() in _NOBODY:
        return None
    lead = _LEAD_IN.match(view, start, end)
    start = lead.end() if lead else start
    start += 4 if view.startswith(("The ", "the "), start) else 0
    link = _LINK.match(view, start, end)
    if link and link.end() == end:
        return _named(view, *link.span(1))
    town = _TOWN.match(view, start, end)
    if town:
        return _with_capitals(posting, start, town.end())
    unit = _UNIT.match(view, start, end) or (link and _UNIT.match(view, *link.span(1)))
    if unit:
        for house in _OF_HOUSE.finditer(view, link.end() if link else unit.end(), end):
            if house[1] == "at" or _HOUSE.search(house[2]):
                return _named(view, *house.span(2))
    return _named(view, start, end)


def _with_capitals(posting: Posting, start: int, end: int) -> tuple[int, int]:
    """Where the text writes a local government with a capital; else its own place."""
    name = posting.low[start:end]
    at = posting.low.find(name)
    while at >= 0 and not posting.view[at].isupper():
        at = posting.low.find(name, at + 1)
    return (at, at + len(name)) if at >= 0 else (start, end)


def _named(view: str, start: int, end: int) -> tuple[int, int] | None:
    for tail in (_SHORT, _BEHIND, _SHORT):
        behind = tail.search(view, start, end)
        if behind and behind.start() > start:
            end = behind.start()
    start, end = trimmed(view, start, end, '*_,"[] ')
    words = view[start:end].split()
    lab = view.endswith(_LABS, start, end)
    if not words or len(words) > 9 or words[0].lower() in _NOBODY - {"our"}:
        return None
    if words[0] in ("Our", "A", "An") and (len(words) < 2 or not all(w[0].isupper() for w in words)):
        return None
    plain = [w for w in words if w not in ("-", "and", "&")]
    return (start, end) if heads(" ".join(plain[: -1 if lab else None])) else None
