"""Names of employers that no sentence gives: on the title's line, or again and again in the text."""

from __future__ import annotations

import re

from jd_assets.stages.parse import sections as S
from jd_assets.stages.parse.company_names import SUFFIX_AFTER, heads, name_span, passes
from jd_assets.stages.parse.company_words import hint_of
from jd_assets.stages.parse.grounding import Grounded, Posting
from jd_assets.stages.parse.header import FIRM_WORD, PUBLIC_BODY, is_firm, is_workplace
from jd_assets.stages.parse.roles import has_job_noun
from jd_assets.stages.parse.view import trimmed

LEAST = 3.5
"""Weight that a name needs to be taken for the employer's."""
_ASKED = (S.REQUIREMENTS, S.PREFERRED, S.SKILLS)
# Nouns that open sentences as subjects: "Sustainability is a ..."
ABSTRACT = re.compile(r"[a-z](?:ility|ation|ment|ness|ship|ance|ence|ing|als|ivity)$")
_AT_FIRM = re.compile(
    r"\s{1,4}(?:at|@)\s{1,4}(?:the )?([A-Z][\w&.'-]*(?: (?:of|and|&|the|for|[A-Z\d][\w&.'-]*)){0,5})"
    r"\s{0,3}(?:$|[|,(]| - )"
)
_AT_BELOW = re.compile(
    r"\n\s{0,3}(?:at|@) ([A-Z][\w&.'-]*(?: (?:of|and|&|the|for|[A-Z\d][\w&.'-]*)){0,6})[ ]{0,3}(?:\n|,|\|)"
)
_BESIDE = re.compile(r"[)\]]?\s{0,2}(?:\([^()\n]{0,40}\))?\s{0,2}[-|@,:]\s{0,2}([A-Z][^|\n]{3,80})$")
_BEFORE = re.compile(r"[#*> ]{0,4}([A-Z][^|\n]{3,80}?)(?:\s{1,2}[-|]|[,:])\s{1,2}$")
_TITLE_WORD = re.compile(r"[^\s,|(]+")
_INSTITUTION_END = re.compile(
    r" (?:Museum|University|College|Society|Foundation|Institute|Hospital|Public Library|Council|Trust)$",
    re.IGNORECASE,
)
_PART_OF = re.compile(r"(?:The )?(?:Department|Dept\.?|School|Faculty|Division|Office|Section|College) of ")
_SHORT_NAME = re.compile(r" ?\([A-Z]{2,8}\)$")

# Hosts that are no employer's, and the labels of those that may be
_HOST = re.compile(
    r"(?:@|https?://(?:www\.)?|www\.)(?:(?:careers?|jobs?|hr|apply"
    r"|recruit\w*)\.)?([a-z0-9-]{4,40})\.[a-z]{2}"
)
_COMMON_HOSTS = frozenset(
    """gmail yahoo hotmail outlook linkedin facebook twitter instagram youtube google forms docs glassdoor
    indeed naukri hirist iimjobs monster workday greenhouse lever github medium bitly tinyurl icloud
    rediffmail myworkdayjobs governmentjobs usajobs smartrecruiters""".split()
)


def beside_title(posting: Posting, title: Grounded | None) -> tuple[int, int] | None:
    """The firm behind or before the title on its line: "Registrar - Harrow Museum"."""
    if title is None:
        return None
    stop = posting.view.find("\n", title.end)
    line_end = stop if stop >= 0 else len(posting.view)
    below = _AT_BELOW.match(posting.view, line_end)
    workplace = _AT_FIRM.match(posting.view, title.end, line_end) or below
    if workplace:
        span = trimmed(posting.view, *workplace.span(1), " .,*")
        name = posting.view[slice(*span)]
        return span if passes(name, title) and len(name.split()) <= 6 else None
    before = _BEFORE.match(posting.view, posting.view.rfind("\n", 0, title.start) + 1, title.start)
    for beside in (_BESIDE.match(posting.view, title.end, line_end), before):
        if not beside:
            continue
        span = trimmed(posting.view, *_whole_of(posting.view, *beside.span(1)), " \"'.,")
        name = posting.view[slice(*span)]
        if (is_workplace(name) or PUBLIC_BODY.match(name)) and passes(name, title):
            short = _SHORT_NAME.search(posting.view, *span)
            return (span[0], short.start()) if short else _with_form(posting.view, *span)
    return _before_job(posting, title)


def behind_dash(posting: Posting, title: Grounded | None) -> tuple[int, int] | None:
    """What a dash parts from the job on its line, where the text names it as employers are named and never
    in lower case: "Ledger Archivist - Carnaby Hall", then "at Carnaby Hall"."""
    if title is None:
        return None
    view, low = posting.view, posting.low
    stop = view.find("\n", title.start)
    line = (view.rfind("\n", 0, title.start) + 1, stop if stop >= 0 else len(view))
    first, last = view.find(" - ", *line), view.rfind(" - ", *line)
    for span in ((last + 3, line[1]), (line[0], first)) if first >= 0 else ():
        start, end = trimmed(view, *span, "#*_ ")
        name = view[start:end]
        if start >= end or name.lower() in view or not heads(name) or has_job_noun(name):
            continue
        at = low.find(name.lower(), line[1])
        while at >= 0:
            theirs = low.endswith((" at ", "\nat "), 0, at) or view.startswith("'s ", at + len(name))
            if theirs and passes(name, title):
                return start, end
            at = low.find(name.lower(), at + 1)
    return None


def _before_job(posting: Posting, title: Grounded) -> tuple[int, int] | None:
    """The institution that a title opens with: "Orrin History Museum Curator". Of two words it must come
    again, as "Blood Bank Technician" looks the same."""
    view, start = posting.view, title.start
    words = [m.span() for m in _TITLE_WORD.finditer(view, start, title.end)]
    for _, end in words[1:6]:
        name = view[start:end]
        if not is_firm(name) or not has_job_noun(view[end : title.end]) or not passes(name, title):
            continue
        long = len(name.split()) > 2 and _INSTITUTION_END.search(name)
        if long or view.count(name) > 1:
            return start, end
    return None


def _whole_of(view: str, start: int, end: int) -> tuple[int, int]:
    """Of "Department of Kilns, Orrin Museum" the museum, of "Orrin Museum, Leeds" the museum too."""
    comma = view.find(", ", start, end)
    if comma < 0:
        return start, end
    if _PART_OF.match(view, start, comma):
        return comma + 2, end
    return (start, comma) if is_workplace(view[start:comma]) else (start, end)


def _with_form(view: str, start: int, end: int) -> tuple[int, int]:
    """Where the text gives a firm's name together with its legal form; the name's own place if nowhere."""
    name = view[start:end]
    at = view.find(name + " ", end)
    while at > 0:
        form = SUFFIX_AFTER.match(view, at + len(name))
        if form:
            return at, form.end()
        at = view.find(name + " ", at + 1)
    return start, end


def most_named(posting: Posting, title: Grounded | None, runs: dict[str, list[int]]) -> Grounded | None:
    """The name that comes again and again and mostly where employers do: "at Tern", "Tern's teams"; no
    sentence says whose it is. `runs` has the places of each run of capitals, in lower case."""
    best, most = None, LEAST
    for run, owned in runs.items():
        places = [*owned, *runs.get(f"{run}'s", ())]
        if len(places) < 2 or len(run) < 3:
            continue
        hints = []
        for place in places:
            hint = hint_of(posting.view, posting.low, place, place + len(run))
            segment = posting.segment_at(place) if hint else None
            if segment is not None and segment.section not in _ASKED:
                hints.append((place, hint))
        if len(hints) < 2:
            continue
        start, end, _ = name_span(posting.view, hints[0][0], hints[0][0] + len(run))
        name = posting.view[start:end]
        weight = sum(hint for _, hint in hints) + 0.5 * min(posting.view.count(name), 8)
        if weight <= most or ABSTRACT.search(name) or FIRM_WORD.fullmatch(name) or not passes(name, title):
            continue
        if not re.search(rf"\b{re.escape(name.lower().rstrip('s'))}", posting.view):  # "Hotel", "the hotel"
            best, most = (start, end), weight
    return posting.grounded(*best) if best else None


def hosts_of(low: str) -> set[str]:
    """The names of the hosts of a text's addresses, but those that anybody uses."""
    if "@" not in low and "http" not in low and "www." not in low:
        return set()
    return {m[1].replace("-", "") for m in _HOST.finditer(low)} - _COMMON_HOSTS
