"""Lines and sentences that say outright who offers the job: "Tern Foods is hiring a Baker"."""

from __future__ import annotations

import re

from jd_assets.stages.parse.company_names import heads, passes
from jd_assets.stages.parse.grounding import Grounded, Posting
from jd_assets.stages.parse.header import PUBLIC_BODY
from jd_assets.stages.parse.roles import has_job_noun
from jd_assets.stages.parse.view import trimmed

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
_ORGANS = ("ty of ", "town of ", "ship of ", "lage of ", "ough of ", "rish of ", "ounty of ", "ese of ")
_TOWN = re.compile(
    r"\b(?:city|county|town|township|village|borough|parish|university|diocese) of "
    r"(?:[A-Z][\w.'-]+ ){0,2}?[A-Z][\w'-]+(?=,? (?:[A-Z]\w+,? )?"
    r"(?:(?:Department|Division|Office|Board) of [A-Z]\w+(?:,? (?:and |& )?[A-Z]\w+){0,3} )?"
    r"(?:(?:is|are) (?:now |currently |actively )?(?:seeking|accepting|hiring|recruiting|looking|searching)"
    r"|seeks|invites|has an? (?:\w+ )?(?:opening|vacancy|opportunity|position)"
    r"|is an? (?:EEO|EOE|AA|[Ee]qual|[Aa]ffirmative)))"
)
_LAB = re.compile(
    r"\b(?:The |the )?((?:[A-Z][\w'-]+ ){1,3}(?:[Ll]ab|[Ll]aboratory|[Rr]esearch [Gg]roup|[Gg]roup))"
    r"(?: \([^()\n]{2,60}\))?,?(?: (?:in|of|within) the [^.\n]{3,80}?)?"
    r"(?:,? (?:at|of) (?:the )?((?:[A-Z][\w.'-]+|of|and|&)(?: (?:[A-Z][\w.'-]+|of|and|&|for|the)){1,6}))?"
    r"(?: \([A-Z]{2,8}\))?,? (?:is|are|has|seeks|invites|focuses|studies|uses|develops|works|aims)\b"
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


def town_that_hires(posting: Posting) -> tuple[int, int] | None:
    """A local government in lower case that a sentence says to hire: "The town of Marlow seeks"; as it is
    written elsewhere, where the text gives it capitals."""
    if not any(words in posting.low for words in _ORGANS):
        return None
    found = _TOWN.search(posting.view)
    if found is None:
        return None
    low = found[0].lower()
    at = posting.low.find(low)
    while at >= 0:
        if posting.view[at].isupper():
            return at, at + len(low)
        at = posting.low.find(low, at + 1)
    return found.span()


def lab_that_hires(posting: Posting, title: Grounded | None) -> tuple[int, int] | None:
    """The university or institute of a laboratory that a sentence tells of, else the laboratory."""
    if "lab" not in posting.low and " group" not in posting.low:
        return None
    for found in _LAB.finditer(posting.view):
        house = posting.view[slice(*found.span(2))] if found[2] else ""
        if house and (PUBLIC_BODY.match(house) or len(house.split()) > 1) and passes(house, title):
            return found.span(2)
        if passes(found[1], title) and not has_job_noun(found[1]):
            return found.span(1)
    return None
