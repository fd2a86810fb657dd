"""Places of work: cities, states and countries of the job, never of the company's story or its markets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from jd_assets.stages.parse import gazetteer
from jd_assets.stages.parse import sections as S
from jd_assets.stages.parse.grounding import Grounded, Posting
from jd_assets.stages.parse.header import FIRM_WORD
from jd_assets.stages.parse.roles import has_job_noun
from jd_assets.stages.parse.segments import HEADING, Segment


@dataclass(frozen=True, slots=True)
class Location:
    """A place of work; `city` has the JD's name for it, in usual capitals, the rest as the gazetteer has
    it."""

    city: Grounded | None
    state: str | None
    country: str | None
    aliases: tuple[str, ...]
    surface: Grounded


@dataclass(frozen=True, slots=True)
class _Mention:
    start: int
    end: int
    place: gazetteer.Place


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
_COUNTIES = re.compile(r"(?:,? (?:and |or )?[A-Z][a-z]+){0,3},? Count(?:y|ies)\b")
_ADDRESS_END = re.compile(
    r"\d[^,]*, (?:[^,]+, )?[A-Z]{2}(?: \d{5}(?:-\d{4})?)?$"
)  # "12 Mill Road, Forest Park, GA"
_LOCATION_LINE = re.compile(r"(?:job |work |base )?locations?\b")
_TOKEN = re.compile(r"[A-Za-z\u00c0-\u024f][\w.'\u2019]*(?:-[A-Za-z]\w*)?|[,/&|()\n;:+\u2022-]|\d+")
_CAPITAL = re.compile(r"[A-Z\u00c0-\u00de][a-z\u00df-\u00ff][\w']*(?:-[A-Z][a-z]+)?")
_BETWEEN = re.compile(r"[\s,/&|()-]{0,4}(?:(?:and|or)\s)?|, [A-Z][a-z]+(?: [A-Z][a-z]+)?(?:,|\sor|\sand)\s")
_STATE_CODE = re.compile(r", ([A-Z]{2}\b|[A-Z][a-z]+(?: [A-Z][a-z]+)?)")
# "Based in Salem, we are ...", where nothing else tells
_BASED = ("Based in ", "e are based in ", "e're based in ", "Based out of ")
_BASE = re.compile(
    r"((?:downtown |central )?[A-Z][\w'. -]{2,40}(?:, [A-Z][\w. ]{1,30})?),? "
    r"(?:we|our|you|this|the (?:role|position|company)|and)\b"
)
_CODES = re.compile(
    r"(?:(?:USA?|United States|North America|Americas)-)*([A-Z]{2})-([A-Z][\w.']*"
    r"(?: [A-Z][\w.']*){0,2})"
)
# "Salem, OR 97301"
_POSTAL = re.compile(r"\b([A-Z][a-z.]+(?: [A-Z][a-z]+){0,2}),? ([A-Z]{2}),? \d{5}\b")
_FILLERS = frozenset("city region area metro suburb district office dist near ncr greater sector".split())
_CITY_OF = re.compile(r"(?:the )?(?:city|town|village|borough) of ", re.IGNORECASE)
_CITYS_FORCE = re.compile(
    r" (?:(?:Police|Fire) Department|Public (?:Library|Schools)|City (?:Council|Schools)|Housing Authority)$",
    re.IGNORECASE,
)
_PART_END = re.compile(
    r" - |[|)(\n]|,(?! [A-Z]{2}\b)| (?:[a-z]+ ){0,2}(?:depot|office|branch|area|plant|store)\b"
)
_TITLE_MARK = re.compile(r"(?: -|,|\||@|\(| in| at|- |/) ?(?=[A-Z])")


def find_locations(posting: Posting, company: Grounded | None = None) -> list[Location]:
    """Each place of work once, in the order of the text; labels and the title line before prose, and where
    nothing else tells, the city of a company that is one: "City of Leeds"."""
    found = list(_coded(posting))
    for start, end, sure in _spans(posting):
        found.extend(_places(posting, start, end, sure=sure))
    told = posting.labelled("location") or any(part.kind == "place" for part in posting.header)
    if not told or not any(place.city for place in found):
        found.extend(_in_prose(posting))
    if not any(place.city for place in found):
        for lead in _BASED:
            at = posting.view.find(lead)
            base = _BASE.match(posting.view, at + len(lead)) if at >= 0 else None
            found.extend(_places(posting, *base.span(1), sure=False) if base else ())
    if not any(place.city for place in found):
        found.extend(_by_post(posting))
    if company and not any(place.city for place in found):
        body, force = _CITY_OF.match(company.value), _CITYS_FORCE.search(company.value)
        start = company.start + (body.end() if body else 0)
        end = company.start + force.start() if force else company.end
        if (body or force) and gazetteer.city(posting.view[start:end], sure=True) is not None:
            found.extend(_places(posting, start, end, sure=True))
    unique: dict[tuple[str | None, str | None, str | None], Location] = {}
    for location in found:
        if location.city is None:
            unique.setdefault((None, location.state, location.country), location)
            continue
        place = gazetteer.city(location.city.value, sure=True)
        name = gazetteer.name_key(place.name if place else location.city.value)
        unique.setdefault((name, None, None), location)
    with_city = [x for x in unique.values() if x.city]
    return with_city or list(unique.values())[:3]


def _coded(posting: Posting) -> Iterator[Location]:
    """The towns of the forms that give codes before them: the header's "GB, LND, Shoreditch" and "Primary
    Location: US-OR-Salem-Mill Lane"."""
    for part in posting.header:
        if part.kind != "place" or part.line > 2:
            continue
        coded = gazetteer.CODED.fullmatch(posting.view, part.start, part.end)
        country = gazetteer.coded_country(coded[0]) if coded and coded[3] else None
        if coded and country:
            place = gazetteer.city(coded[3], sure=True) or gazetteer.Place(coded[3], None, *country, 0)
            yield _location(posting, _Mention(*coded.span(3), place), (None, country[0]), alone=True)
    for label in posting.labelled("location"):
        form = _CODES.match(posting.view, label.start, label.end)
        if form is None:
            continue
        words = form[2].split(" ")
        named = (" ".join(words[:count]) for count in range(len(words), 0, -1))
        town = next(
            (n for n in named if (p := gazetteer.city_in_state(n, form[1])) and p.residents), words[0]
        )
        place_ = gazetteer.city_in_state(town, form[1])
        if place_ and not _is_no_town(town, form[1]):
            start = form.start(2)
            yield _location(posting, _Mention(start, start + len(town), place_), None, alone=True)


def _by_post(posting: Posting) -> Iterator[Location]:
    """The city of the American address to which the text has letters sent, where nothing else tells."""
    for post in _POSTAL.finditer(posting.view):
        words = post[1].split(" ")
        for count in range(len(words)):
            place = gazetteer.city_in_state(" ".join(words[count:]), post[2])
            if place and place.residents:
                start = post.end(1) - len(" ".join(words[count:]))
                yield _location(posting, _Mention(start, post.end(1), place), None, alone=True)
                return


def _spans(posting: Posting) -> Iterator[tuple[int, int, bool]]:
    """Where places of work are named by themselves, and whether the place is sure to be one."""
    view, labels = posting.view, posting.labelled("location")
    hinted = posting.hinted(posting.location_hint)
    if hinted:
        yield *hinted, True
    for label in labels:
        yield label.start, label.end, True
    for label in posting.labelled("company"):
        comma = view.find(", ", label.start, label.end)
        if comma > 0:
            yield comma + 1, label.end, False
    for part in posting.header:
        if part.kind == "place" or (part.kind == "fact" and _ADDRESS_END.search(view[part.start : part.end])):
            yield part.start, part.end, True
    first = posting.segments[0] if posting.segments else None
    if first and first.end - first.start <= 140:
        for mark in _TITLE_MARK.finditer(view, first.start, first.end):
            stop = _PART_END.search(view, mark.end(), first.end)
            end = stop.start() if stop else first.end
            named = view[mark.end() : end]
            before, _, city = named.rpartition(", ")  # "Cashier @ Mill Corner, Pune"
            if before.endswith("County") and gazetteer.state(city):
                continue
            if gazetteer.is_place(named):
                yield mark.end(), first.end, False
            elif (
                len(named.split()) <= 5
                and city != named
                and gazetteer.is_place(city)
                and not has_job_noun(named)
            ):
                yield end - len(city), end, False
    short = [s for s in posting.segments if s.end - s.start <= 80]
    for segment in dict.fromkeys([*short[:8], *short[-3:]]):
        if segment is first or segment.duty or not view[segment.start].isupper():
            continue
        if view[max(0, segment.start - 4) : segment.start].rstrip(" ")[-1:] in (
            ".",
            ",",
        ):  # "Contact: J. Kim"
            continue
        words = view[segment.start : segment.end].strip(" .*")
        if S.heading_section(words) is not None:  # "Mission" heads a section, and is a city
            continue
        if gazetteer.is_place(words) or gazetteer.is_place(words.replace(" ", ", ")):
            yield segment.start, segment.end, True
    for segment in posting.segments:
        if segment.kind != HEADING and posting.low.startswith(
            ("loca", "job l", "work l", "base l"), segment.start
        ):
            line = _LOCATION_LINE.match(posting.low, segment.start, segment.end)
            if line:
                yield line.end(), min(segment.end, line.end() + 120), True


def _in_prose(posting: Posting) -> Iterator[Location]:
    """Cities of sentences that say that the work is there."""
    for segment, group in _groups(posting):
        if segment.section == S.LEGAL or segment.kind == HEADING or len(group) > 6:
            continue
        start, end = group[0].start, group[-1].end
        if _COUNTIES.match(posting.view, end):
            continue
        before = posting.low[max(segment.start, start - 90) : start]
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
            yield _location(posting, mention, None, alone=len(group) == 1)


def _groups(posting: Posting) -> Iterator[tuple[Segment, list[_Mention]]]:
    """City mentions of the text, those of one list ("Pune, Noida or Chennai") together."""
    group: list[_Mention] = []
    holder: Segment | None = None
    for mention in _mentions(posting.view):
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


def _mentions(view: str) -> Iterator[_Mention]:
    words = [m.span() for m in _CAPITAL.finditer(view)]
    index = 0
    while index < len(words):
        start = words[index][0]
        for length in (3, 2, 1):
            last = index + length - 1
            if (
                last >= len(words)
                or words[last][1] - start > 40
                or (length > 1 and words[last][0] - words[last - 1][1] != 1)
            ):
                continue
            name = view[start : words[last][1]]
            state = _STATE_CODE.match(view, words[last][1]) if view.startswith(",", words[last][1]) else None
            american = gazetteer.city_in_state(name, state[1]) if state and length < 3 else None
            if american and american.residents == 0 and _is_no_town(name, state[1] if state else ""):
                american = None
            place = american or gazetteer.city(name)
            if place:
                yield _Mention(start, words[last][1], place)
                index = last
                break
        index += 1


def _location(
    posting: Posting, mention: _Mention, region: tuple[str | None, str | None] | None, *, alone: bool
) -> Location:
    place = mention.place
    words = " ".join(posting.view[mention.start : mention.end].split())
    span = posting.grounded(mention.start, mention.end, _cased(words, place))
    names = [place.name, *place.aliases]
    written = gazetteer.name_key(span.value)
    return Location(
        span,
        place.state or (region[0] if region and alone else None),
        place.country or (region[1] if region else None),
        tuple(name for name in names if gazetteer.name_key(name) != written),
        span,
    )


def _cased(name: str, place: gazetteer.Place) -> str:
    """A city's name in usual capitals where the text shouts or whispers it: "PUNE"."""
    if not (name.isupper() and len(name) > 3) and not name.islower():
        return name
    names = (place.name, *place.aliases)
    known = next((n for n in names if gazetteer.name_key(n) == gazetteer.name_key(name)), None)
    return known or name.title()


def _places(posting: Posting, start: int, end: int, *, sure: bool) -> list[Location]:
    """The places that a span names: cities, or else its state or country."""
    view = posting.view
    tokens = [(m[0], m.start(), m.end()) for m in _TOKEN.finditer(view, start, end)][:80]
    mentions: list[_Mention] = []
    state = country = None
    states = [name for name, *_ in tokens[2:] if len(name) > 1 and gazetteer.state(name)]
    region: tuple[int, int] | None = None
    index, before = 0, -1  # `before`: where the last state or country named ends
    while index < len(tokens):
        taken = 0
        for length in (4, 3, 2, 1) if tokens[index][0][0].isalpha() else ():
            part = tokens[index : index + length]
            if len(part) < length or not all(t[0][0].isalpha() for t in part):
                continue
            left, right = part[0][1], part[-1][2]
            name = view[left:right].rstrip(".")
            opens = index == 0 or not tokens[index - 1][0][0].isalpha()
            comma = index > 1 and tokens[index - 1][0] == ","
            if comma and mentions and _is_state_of(mentions[-1], name, left):
                taken = length
                break
            place = _city(name, tokens[index + length : index + length + 2], sure=sure, opens=opens)
            if place is None and sure and index == 0 and states:  # "College Park, Prince County, Maryland"
                place = gazetteer.city_in_state(name, states[0])
                place = place if place and place.residents else None
            if place is None and comma and before == tokens[index - 2][2]:  # "Maryland, Annapolis"
                place = gazetteer.city_in_state(name, view[region[0] : before]) if region else None
                place = place if place and place.residents else None
            if place:
                mentions.append(_Mention(left, left + len(name), place))
                taken = length
                break
            named_state, named_country = gazetteer.state(name), gazetteer.country(name)
            if named_state or named_country:
                state = named_state[0] if named_state else state
                country = gazetteer.country_name((named_state or named_country or ("", ""))[1])
                region, before = (left if named_state else (region[0] if region else left), right), right
                taken = length
                break
        index += taken or 1
    mentions = _without_localities(view[start:end], mentions)
    alone = len(mentions) == 1
    found = [_location(posting, m, (state, country), alone=alone) for m in mentions]
    if found or not sure or region is None:
        return found
    return [Location(None, state, country, (), posting.grounded(*region))]


def _is_state_of(mention: _Mention, name: str, start: int) -> bool:
    """Whether a name right behind a city is its state, though a city has it too: "Rochester, New York"."""
    state = gazetteer.state(name)
    return state is not None and state[0] == mention.place.state and 0 < start - mention.end <= 2


def _city(name: str, after: list[tuple[str, int, int]], *, sure: bool, opens: bool) -> gazetteer.Place | None:
    """The city of a name, given the two tokens after it: ", ST" makes even a small one sure, if the name
    `opens` its part of the line."""
    if gazetteer.name_key(name) in _FILLERS or not name[0].isalpha():
        return None
    if not name[0].isupper():
        return gazetteer.city(name) if sure else None
    in_state = len(after) == 2 and after[0][0] == "," and gazetteer.state(after[1][0]) is not None
    if in_state and name[0].isupper():
        american = gazetteer.city_in_state(name, after[1][0])
        if (
            american
            and not (american.residents == 0 and not opens)
            and not (american.residents == 0 and _is_no_town(name, after[1][0]))
        ):
            return american
    return gazetteer.city(name, sure=sure or in_state)


def _is_no_town(name: str, state: str) -> bool:
    """Whether a name that no city has can't be a small town's: it ends in a city's name ("Acme Los
    Angeles"), is long, or is a state's or a firm's."""
    words = name.split()
    if (
        gazetteer.state(name)
        or gazetteer.country(name)
        or len(words) > 2
        or has_job_noun(name)
        or FIRM_WORD.search(name)
    ):
        return True
    ends = (gazetteer.city_in_state(" ".join(words[i:]), state) for i in range(1, len(words)))
    return any(place is not None and place.residents > 0 for place in ends)


def _without_localities(span: str, mentions: list[_Mention]) -> list[_Mention]:
    """Of an address, the city alone: the last one named; quarters and streets may bear city names."""
    if len(mentions) > 1 and any(c.isdigit() for c in span) and span.count(",") >= 2:
        return mentions[-1:]
    return mentions
