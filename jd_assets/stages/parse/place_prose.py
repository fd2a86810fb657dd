"""Cities of the sentences that say that the work is there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jd_assets.stages.parse import sections as S
from jd_assets.stages.parse.grounding import Posting
from jd_assets.stages.parse.place_names import Location, Mention, city_mentions, location_at
from jd_assets.stages.parse.segments import HEADING, Segment

_SITE = (
    r"(?:offices?|hubs?|campus(?:es)?|studios?|locations?|headquarters|hq|centres?|centers?"
    r"|facilit(?:y|ies)|stores?|plants?"
    r"|branch(?:es)?|schools?|museum|clinic|hospital|warehouse|showrooms?|site|premises|factory|yard|depot"
    r"|godown|workshop|shop|salon|hotel|restaurant)"
)
_JOB = (
    r"(?:role|position|job|opportunity|vacancy|opening|internship|candidate|you|post|incumbent"
    r"|hire|employee)s?"
)
# What stands before a place where the work is done, and what stands after one. Each is searched in at most
# 90 characters.
_BEFORE = re.compile(
    rf"(?:\b{_JOB}\b[^.\n]{{0,50}}\b(?:based|located|stationed|posted|sits?|situated|work(?:ing)?"
    rf"|on-?site|remotely) (?:in|at|out of|from|near|on)"
    rf"|\b(?:opportunity|opening|position|vacancy) for an? [^.\n]{{3,70}} (?:in|at)"
    rf"|\bheart of|\b{_SITE}(?: is| are|,)?(?: located| based| situated)?(?: in| at| of)?\s?[:(-]?"
    r"|\b(?:work(?:ing)? from (?:the |our )?office|wfo|on-?site|hybrid|in-office"
    r"|in-person)(?: role| position| job| work)?(?: in| at| from)?\s?[,(-]?"
    r"|\b(?:relocat\w+ to|commut\w+ (?:to|distance of)|local to|resid\w+ in|living in"
    r"|walk-?in (?:at|in)|posted (?:at|in)|posting at)"
    r"|\b(?:contract|placement|assignment|internship|apprenticeship|job|role|position|post|vacancy) (?:in|at)"
    r"|\b(?:join|for|grow|expand\w*|strengthen)(?: our| the)?(?: [\w-]+){0,3} (?:team|office"
    r"|division|department|unit|practice) (?:in|at|based in)"
    r"|\b(?:hiring|seeking|looking for|recruiting|vacancy|openings?|required?|wanted"
    r"|need(?:ed)?)\b[^.\n]{3,70} (?:in|at|for our|for|based in)|\blocations?\s?[(:-]?"
    r")\s?(?:our |the |either |either of |one of )?\s?\(?$"
)
_AFTER = re.compile(
    rf"(?:, [A-Z]{{2}})?[ -]based\b|(?:,? [A-Z][a-z]+){{0,2}}(?: \w+)?[)]? (?!(?-i:Museum|School|Hospital"
    rf"|Clinic|Hotel"
    rf"|Restaurant)\b){_SITE}\b|\s?\((?:hybrid|on-?site|work from office"
    rf"|wfo|remote|in-office)|\)? (?:research |development |global )?(?:division|team|unit)\b",
    re.IGNORECASE,
)
_OF_WORK = re.compile(rf"\b(?:{_JOB}|on-?site|hybrid|in-person|wfo)\b")
_OUR = re.compile(r"(?:\b(?:our|the|from|in|at|a) |[(])$")
_MARKET = re.compile(
    r"\b(?:head ?quarter(?:ed|s)|founded|born|clients?|customers?|market|serving|serves|presence"
    r"|across|cover\w*|territor(?:y|ies)|graduat\w*|alumni|raised|university|institute"
    r"|universities|manufactur\w+|registered (?:office|in)|regd)\b"
)
_COUNTIES = re.compile(r"(?:,? (?:and |or )?[A-Z][a-z]+){0,8},? [Cc]ount(?:y|ies)\b")
# "at the Alexandra Hospital": a house's name, not a town
_HOUSE = re.compile(
    r" (?:[A-Z][\w']+ ){0,2}(?:Hospital|School|College|Academy|Hotel|House|Clinic|Centre|Center)\b"
)
_BETWEEN = re.compile(r"[\s,/&|()-]{0,4}(?:(?:and|or)\s)?|, [A-Z][a-z]+(?: [A-Z][a-z]+)?(?:,|\sor|\sand)\s")


def told_in_prose(posting: Posting) -> Iterator[Location]:
    """Cities of sentences that say that the work is there."""
    for segment, group in _groups(posting):
        if segment.section == S.LEGAL or segment.kind == HEADING or len(group) > 6:
            continue
        start, end = group[0].start, group[-1].end
        if _COUNTIES.match(posting.view, end):
            continue
        before = posting.low[max(segment.start, start - 90) : start]
        if before.endswith("the ") and _HOUSE.match(posting.view, end):
            continue
        here = _BEFORE.search(before)
        after = _AFTER.match(posting.view, end, min(segment.end, end + 40))
        if not here and not (after and _OUR.search(before)):
            continue
        story = _MARKET.search(posting.low, max(segment.start, start - 60), min(segment.end, end + 40))
        if story or (
            segment.section == S.COMPANY and not _OF_WORK.search(posting.low, segment.start, segment.end)
        ):
            continue
        for mention in group:
            yield location_at(posting, mention, None, alone=len(group) == 1)


def _groups(posting: Posting) -> Iterator[tuple[Segment, list[Mention]]]:
    """City mentions of the text, those of one list ("Pune, Noida or Chennai") together."""
    group: list[Mention] = []
    holder: Segment | None = None
    for mention in city_mentions(posting.view):
        segment = posting.segment_at(mention.start)
        if segment is None:
            continue
        if group and segment is holder and _BETWEEN.fullmatch(posting.view, group[-1].end, mention.start):
            group.append(mention)
            continue
        if group and holder:
            yield holder, group
        group, holder = [mention], segment
    if group and holder:
        yield holder, group
