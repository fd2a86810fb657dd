"""Employers' names above a posting's text: in the lines around the title, and as labels give them."""

from __future__ import annotations

import re

from jd_assets.stages.parse import sections as S
from jd_assets.stages.parse.company_names import SUFFIX, heads, passes
from jd_assets.stages.parse.grounding import Grounded, Posting
from jd_assets.stages.parse.header import FIRM_WORD, PUBLIC_BODY, is_firm, without_address
from jd_assets.stages.parse.segments import HEADING, Segment
from jd_assets.stages.parse.verbs import FORMS
from jd_assets.stages.parse.view import trimmed

_BAR = re.compile(r" [|\u2022\u00b7-] ")
_VIA = re.compile(r"\s?\(?\b(?:via|through|c/o|on behalf of|represented by) ", re.IGNORECASE)
_MESSRS = re.compile(r"M/[sS]\.?\s")
_NO_FIRM = frozenset(
    "east west north south layout nagar road street lane park city town village phase sector colony area "
    "district junction cross bazaar market knowledge skills experience".split()
)
_FIRM_ENDS = frozenset(
    "consultants architects engineers advisors advisers partners associates designers builders developers "
    "planners surveyors contractors solicitors accountants auditors brokers bakers brewers".split()
)
_POSTED_BY = re.compile(
    r"(?:posted|advertised|listed)(?: [\w ]{1,20})? by ([A-Z\d][^\n|]*[^\s|])", re.IGNORECASE
)
_WITHIN_BODY = re.compile(
    r"(?:The )?(?:Department|Dept\.?|School|Faculty|Division|Section|Institute|Cent(?:er|re)) (?:of"
    r"|for) [^\n.]{3,70}?"
    r"(?:,? (?:- )?(?=University of [A-Z])"
    r"|(?:,| -) (?=(?:[A-Z][\w'-]+ ){1,4}(?:University|College|Institute|Hospital)(?:$|[\n,|])))"
)
_COMMA = re.compile(",")
# A part of the employer, on the line above it
_UNIT = re.compile(
    r"(?:[A-Z][\w&'-]+ (?:(?:and|of|for|&) )?){1,5}(?:Department|Division|Office|Section|Unit)"
)


def in_header(posting: Posting, title: Grounded | None) -> tuple[int, int] | None:
    """The name in the lines around the title, if their other parts show that it is the employer's.

    A district before its city ("Lower Town, Leeds") looks the same, so a name with nothing but a place
    behind it must be long, have a legal form, or come again in the text.
    """
    titled = {part.line for part in posting.header if part.kind == "title"}
    if title is None or not (titled or any(p.start <= title.start < p.end for p in posting.header)):
        return None
    titled |= {p.line for p in posting.header if p.start <= title.start < p.end}
    for part in posting.header:
        by = _POSTED_BY.match(posting.view, part.start, part.end)
        if by and passes(posting.view[slice(*by.span(1))], title):
            return by.span(1)
        if part.kind != "name":
            continue
        span = labelled(posting.view, part.start, part.end)
        name = posting.view[slice(*span)]
        body = PUBLIC_BODY.match(name) is not None
        if not body and any(p.line == part.line and p is not part for p in posting.header) > part.company:
            continue
        heads_all = body or (part.line == 0 and is_firm(name))
        if not part.company and not (
            (part.line - 1 in titled and FIRM_WORD.search(name.split()[-1])) or (heads_all and titled)
        ):
            continue
        if (
            posting.view.find(":", part.start, part.end) >= 0
            or not heads(name)
            or not passes(name, title, firms=_FIRM_ENDS)
        ):
            continue
        words = name.split()
        if words[0].lower() in FORMS or (S.normal(name).split()[-1] in _NO_FIRM and not body):
            continue
        again = len(words[0]) > 3 and words[0].lower() != "the" and posting.view.count(words[0]) > 1
        legal = SUFFIX.search(name) is not None
        if part.line in titled and not (legal or posting.view.count(name) > (1 if " " in name else 2)):
            continue
        if part.address and not (legal or again or body or len(words) > 2):
            continue
        return span
    return None


def labelled(view: str, start: int, end: int) -> tuple[int, int]:
    """A label's value without the rest of its line, an address behind the name, and "(via an agency)"."""
    line_end = view.find("\n", start, end)
    end = line_end if line_end > 0 else end
    lead = _MESSRS.match(view, start, end)
    start = lead.end() if lead else start
    via = _VIA.search(view, start, end)
    end = via.start() if via else end
    bar = _BAR.search(view, start, end)
    end = bar.start() if bar else end
    return trimmed(view, *without_address(view, *trimmed(view, start, end)), '.,;:*"|-')


def _span(segment: Segment) -> tuple[int, int]:
    return segment.start, segment.end


def below_title(posting: Posting, title: Grounded | None) -> tuple[int, int] | None:
    """A name that stands alone on the line below the title: "Tidewater Works | Kochi | Full-time"."""
    if title is None or len(posting.segments) < 2 or posting.segments[0].end < title.start:
        return None
    view = posting.view
    unit = len(posting.segments) > 2 and _UNIT.fullmatch(view, *_span(posting.segments[1])) is not None
    segment = posting.segments[2 if unit else 1]
    if segment.kind == HEADING or segment.duty:
        return None
    start = segment.start
    part = _WITHIN_BODY.match(view, start, segment.end)
    if part:  # "Department of Tides, University of Sarnton, Leeds"
        start = part.end()
    bar = _BAR.search(view, start, segment.end) or (part and _COMMA.search(view, start, segment.end))
    start, end = trimmed(view, start, bar.start() if bar else segment.end, " ,")
    name = view[start:end]
    words = name.split()
    capitals = all(w[0].isupper() or w in ("of", "and", "&", "the", "for", "de") for w in words)
    if not 1 <= len(words) <= 6 or not capitals or name[-1] in ".:;!?" or not passes(name, title):
        return None
    return start, end


def above_place(posting: Posting, span: tuple[int, int]) -> bool:
    """Whether the header's next line names a place, or the one below a department's."""
    line = next((part.line for part in posting.header if part.start <= span[0] < part.end), None)
    if line is None:
        return False
    places = {part.line for part in posting.header if part.kind == "place"}
    return line + 1 in places or (line + 2 in places and any(p.line == line + 1 for p in posting.header))
