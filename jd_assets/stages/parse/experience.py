"""Years of experience asked for."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace

from jd_assets.stages.parse import sections as S
from jd_assets.stages.parse.grounding import Posting
from jd_assets.stages.parse.segments import Segment

_NUMBERS = {
    w: float(i)
    for i, w in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen".split()
    )
} | {"twenty": 20.0, "a": 1.0, "an": 1.0}
_NUMBER = (
    r"(?:\d{1,2}(?:\.\d{1,2})?|zero|one|two|three|four|five|six|seven|eight(?!een)|nine|ten|eleven|twelve"
    r"|fifteen|eighteen|twenty|(?<=at least )an?|(?<=minimum )an?|(?<=minimum of )an?|(?<=around )a"
    r"|(?<=about )a)"
)
_UNIT = r"(?:years?|yrs?|yr|year\(s\)|months?|mos)\b"
_YEARS = re.compile(
    rf"(?:(?<![\w.$\u20b9/-])|(?<=exp-)|(?<=ence-)"
    rf"|(?<=exp\.-)|(?<=[a-z])(?=[a-z]{{3,5}} \(\d)|(?:(?<=[a-z])|(?<=[a-z)][.;:]))(?=\d{{1,2}}(?:\s?(?:-"
    rf"|to)\s?\d{{1,2}}"
    rf"|\+)\s?\+?\s{{0,2}}y))(?P<low>{_NUMBER})\s?(?:\(\d{{1,2}}\+?\)\s?|\)\s?)?(?P<plus>\+|-?plus\b|or more"
    rf"|and above|& above)?\s{{0,2}}(?:\(\d{{1,2}}\+?\)\s)?(?:{_UNIT}\s?)?"
    rf"(?:(?P<to>-|to\b|till\b|and\b|~"
    rf"|/)\s?(?P<high>{_NUMBER})\s?(?:\(\d{{1,2}}\)\s?)?(?P<plus2>\+)?\s?)?(?:full |of "
    rf"|-)?(?P<unit>{_UNIT}|y\b|(?<=\d)y\b)\s?(?P<after>\+|\(s\)|or more|and above|& above|plus\b"
    rf"|minimum\b|min\b)?"
)
# What every span of years has, cheap to look for: all of it starts with one of two letters.
_TIME = re.compile(r"[ym](?:(?<=y)(?:ear|r)|(?<=m)o(?:nth|s\b)|(?<=\dy)\b|(?<=\d y)\b)")
_BARE_RANGE = re.compile(
    r"(?P<low>\d{1,2}(?:\.\d)?)\s?(?P<plus>\+)?(?:\s?(?:-"
    r"|to)\s?(?P<high>\d{1,2}(?:\.\d)?)\s?)?(?P<plus2>\+)?(?!\s?(?:%|lpa|lac|lakh|k\b|,\d|\d))"
)
_FRESHER = re.compile(
    r"\bno (?:prior |previous |work )?experience (?:is )?(?:needed|required|necessary)\b"
    r"|\bfreshers?\b(?! (?:do not|need not|please|should not))"
)
_UP_TO = re.compile(r"(?:up ?to|upto|maximum(?: of)?|max\.?|less than|under|not more than|below)\s{0,2}$")
_EXTRA = re.compile(r"\b(?:preferred|a plus|desirable|nice to have|advantage)\b")
_EXPERIENCE = re.compile(
    r"\b(?:experience|experienced|exp|expertise|experince|experiance|background|track record)\b"
)
_CONTRACT = re.compile(
    r"\b(?:fixed[ -]term|contract|maternity cover|paternity cover|cover|internship|temporary|temp|secondment"
    r"|engagement|renewable|ftc|tenure|duration|initially(?: for)?)\b[^.\n;|]{0,16}$"
)
# "a degree or four years of experience": they stand in for the degree
_INSTEAD = re.compile(r"\b(?:degree|diploma|bachelor\w*|master\w*|ged)\b[^.;]{0,20}\bor\b[^.;]{0,30}$")
# "four years of service may be substituted for the degree"
_SUBSTITUTE = re.compile(r"[^;\n(]{0,220}?\b(?:can|may|will) (?:be )?substitut")
# "4 years with a bachelor's degree, 2 years with a master's": who has the higher degree needs fewer
_WITH_DEGREE = re.compile(
    r"[^.;\n]{0,70}?\b(?:with|and|plus) (?:an? )?(?:bachelor|master|ph\.? ?d|doctor|advanced|graduate"
    r"|associate"
    r"|b\.?s\b|m\.?s\b|b\.?a\b|mba\b)"
)
# "a bachelor's degree and four years, or a master's degree and two": the degree stands before
_AFTER_DEGREE = re.compile(
    r"\b(?:degree|diploma|bachelor|master|baccalaureate|graduation|doctorate|ged)\b[^.;]{0,90}\b(?:and|with|plus)"
    r"(?: (?:at least|a minimum of|minimum of|an additional))?\s{0,2}$"
)
_ASKING = (S.REQUIREMENTS, S.PREFERRED, S.SKILLS)
# Years that the employer boasts of
_OURS = re.compile(r"\s?(?:of )?(?:combined|collective|industry-leading|serving|in business)\b")
_OUR_YEARS = re.compile(
    r"\b(?:our|we (?:have|bring|boast)|boast(?:s|ing)?|for (?:over"
    r"|more than))\b[^.;:]{0,40}$"
)
_WITH_TOOL = re.compile(r"[\s+]{0,2}(?:of )?(?:[a-z-]+ ){0,3}experience (?:with|in|using|on) [A-Z]")
_BY_ITSELF = re.compile(r"(?:^|[,;|(:\n\u2022\u00b7.]|- )\s{0,3}$")
_ENDS_ITSELF = re.compile(r"\s{0,3}(?:$|[,;|)\n\u2022\u00b7.]| - )")
_AFTER_OTHER = re.compile(
    r"\s?(?:(?:or|and) (?:older|over)\b|of (?:college|university|stud(?:y|ies)|graduate|schooling"
    r"|post-?secondary)\b"
    r"|(?:project|position|appointment|post|role|assignment|grant)\b(?:\W*$| (?:with|funded|until|renew|to"
    r"|based)\b)"
    r"|old\b|ago\b|of age|contract\b|bond\b|program(?:me)?s?\b|course|degree\b|college|university"
    r"|of formal|of education|of school|term\b|warranty|agreement|commitment\b|history|in business"
    r"|in a row|plan\b|later\b|roadmap|strategy|period|fixed|full[ -]time (?:degree|course"
    r"|education)|diploma|probation|of continuous growth|of excellence|of innovation|of heritage"
    r"|tenure)"
)
_BEFORE_OTHER = re.compile(
    r"(?:last|past|next|first|within|for over|for more than|in just|celebrating|spanning|every"
    r"|after|over the|age|aged|(?<!more )than|duration|bond(?: of)?|contract(?: of)?|period(?: of)?"
    r"|completed|internship|for the|hundred(?: and)?) ?(?:of |the |:|-)? ?$"
    # "remain on the list for at least one year"
    r"|\b(?:list|remain|valid|eligible|appointed|appointment|stay"
    r"|residen\w+)\b[^.;]{0,40}\bfor (?:a )?(?:period of )?"
    r"(?:at least |a minimum of |up to )?$"
)

_TOTAL = re.compile(r"\boverall\b|\btotal\b(?! of\b)")
_LONGEST = 40  # years that nobody is asked for more of
_BROKEN = 8  # characters of a line break and "years"
_SENTENCE = 200  # characters of a sentence that is quoted whole


@dataclass(frozen=True, slots=True)
class Experience:
    """Years asked for, and the words that say so."""

    least: float | None
    most: float | None
    start: int
    end: int


def find_experience(posting: Posting) -> Experience | None:
    """A label's value first; else the total asked for in the requirements, not that of one tool."""
    for label in posting.labelled("experience"):
        found = _labelled(posting, label.start, label.end)
        if found:
            return _in_sentence(posting, found)
    candidates = _mentioned(posting)
    if candidates:
        best = max(candidates, key=lambda c: (c[0], -c[1].start))[1]
        return _in_sentence(posting, _least_with_degree(posting, best, [c[1] for c in candidates]))
    for segment in posting.segments[:40]:
        match = _FRESHER.search(posting.low, segment.start, segment.end)
        if match and segment.section not in (S.COMPANY, S.LEGAL):
            return Experience(0.0, None, *match.span())
    return None


def _least_with_degree(posting: Posting, best: Experience, others: list[Experience]) -> Experience:
    """The fewest of the years that are asked for beside a degree, if the best candidate is one of these."""
    low = posting.low
    if best.least is None or best.most is not None:
        return best
    if not _WITH_DEGREE.match(low, best.end):
        return _least_behind_degree(posting, best, others)
    rivals = [
        x
        for x in others
        if x.least is not None
        and x.most is None
        and abs(x.start - best.start) < _SENTENCE
        and _WITH_DEGREE.match(low, x.end)
    ]
    return min([best, *rivals], key=lambda x: (x.least or 0, x.start))


def _least_behind_degree(posting: Posting, best: Experience, others: list[Experience]) -> Experience:
    """The same where the degrees stand before the years, as alternatives of one sentence or of items."""
    low = posting.low
    paired = [
        x
        for x in others
        if x.least is not None
        and x.most is None
        and abs(x.start - best.start) < 2 * _SENTENCE
        and _AFTER_DEGREE.search(low, max(0, x.start - 120), x.start)
    ]
    first, last = (paired[0], paired[-1]) if paired else (best, best)
    if best not in paired or not re.search(r"\bor\b", low[first.end : last.start]):
        return best
    return min(paired, key=lambda x: (x.least or 0, x.start))


def _in_sentence(posting: Posting, found: Experience) -> Experience:
    """The same years, shown by the whole sentence or line that asks for them unless that is long."""
    segment = posting.segment_at(found.start)
    if segment is None or segment.end < found.end or segment.end - segment.start > _SENTENCE:
        end = found.start + len(posting.view[found.start : found.end].rstrip())
        return replace(found, end=end)
    return replace(found, start=segment.start, end=segment.end)


def _labelled(posting: Posting, start: int, end: int) -> Experience | None:
    low = posting.low
    for match in _YEARS.finditer(low, start, end):
        if not _AFTER_OTHER.match(low, match.end()):
            return _read(match, low)
    bare = _BARE_RANGE.match(low, start, end)
    if bare and end - start < 40:
        return _read(bare, low)
    fresher = _FRESHER.search(low, start, end)
    if fresher:
        return Experience(0.0, None, *fresher.span())
    return None


def _spans_of_years(posting: Posting) -> Iterator[tuple[Segment, re.Match[str]]]:
    """The spans of years with their segments; a line break may part a number from its unit."""
    times = [match.start() for match in _TIME.finditer(posting.low)]
    for segment in posting.segments:
        end = segment.end + _BROKEN
        if bisect_left(times, segment.start) < bisect_left(times, end):
            for match in _YEARS.finditer(posting.low, segment.start, end):
                if match.start() < segment.end:
                    yield segment, match


def _mentioned(posting: Posting) -> list[tuple[int, Experience]]:
    """Spans of years in the text with a score of how likely they are the experience asked for."""
    low, found = posting.low, []
    for segment, match in _spans_of_years(posting):
        before, after = (
            low[max(segment.start, match.start() - 60) : match.start()],
            low[match.end() : min(segment.end, match.end() + 90)],
        )
        if (
            _SUBSTITUTE.match(low, match.end(), segment.end)
            or _AFTER_OTHER.match(after)
            or _BEFORE_OTHER.search(before)
            or _CONTRACT.search(before)
        ):
            continue
        near = bool(_EXPERIENCE.search(after) or _EXPERIENCE.search(before))
        months = (match["unit"] or "").startswith("mo")
        if months and not near:
            continue
        # "Hybrid | 3-5 yrs | Pune": a range of years between separators is nothing else
        fact = (
            match["to"] in ("-", "to") and bool(_BY_ITSELF.search(before)) and bool(_ENDS_ITSELF.match(after))
        )
        near = near or (fact and segment.section != S.COMPANY)
        asked = segment.section in (S.REQUIREMENTS, S.PREFERRED, S.SKILLS)
        title = segment is posting.segments[0]
        if (
            segment.section in (S.COMPANY, S.BENEFITS, S.LEGAL, S.APPLY)
            and not fact
            and not (near and re.match(r"\s?(?:\+ )?(?:of )?(?:\w+ ){0,3}experience", after))
        ):
            continue
        if segment.section not in _ASKING and (_OURS.match(after) or _OUR_YEARS.search(before)):
            continue
        if segment.section in (S.COMPANY, S.BENEFITS) and re.search(
            r"\b(?:we|our|team|founded|company)\b", low[segment.start : match.start()]
        ):
            continue
        if not (
            near or asked or title or re.match(r"\s?(?:\+ )?(?:of|in|as|working|with|hands)\b", after)
        ) or (segment.duty and not near):
            continue
        experience = _read(match, low)
        if experience is None or (experience.least or 0) > 40:
            continue
        score = -10 if _INSTEAD.search(before) else 0
        score += 30 if title else 0
        score -= 4 if _WITH_TOOL.match(posting.view, match.end()) else 0
        score += 20 if _TOTAL.search(before[-40:] + " " + after[:40]) else 0
        score += 12 if near else 0
        score += 6 if segment.section in (S.REQUIREMENTS, S.SKILLS) else 0
        clause = after.split(";")[0].split(". ")[0]
        score -= 15 if segment.section == S.PREFERRED or _EXTRA.search(clause) else 0
        score += 4 if experience.most is not None else 0
        found.append((score, experience))
    return found


def _read(match: re.Match[str], low: str) -> Experience | None:
    groups = match.groupdict()
    if groups.get("to") == "and" and not low.endswith("between ", 0, match.start()):
        groups["high"] = None
    least, most = _value(groups["low"]), _value(groups.get("high"))
    if least is None:
        return None
    if (groups.get("unit") or "").startswith("mo"):
        least, most = round(least / 12, 2), None if most is None else round(most / 12, 2)
    if groups.get("plus2") or (most is not None and groups.get("plus")):
        most = most if groups.get("to") and not groups.get("plus2") else None
    if most is not None and (most < least or most > _LONGEST):
        return None
    start = match.start()
    if _UP_TO.search(low[max(0, start - 16) : start]) and most is None:
        return Experience(None, least, start, match.end())
    return Experience(least, most, start, match.end())


def _value(number: str | None) -> float | None:
    if not number:
        return None
    try:
        return _NUMBERS[number] if number in _NUMBERS else float(number)
    except ValueError:
        return None
