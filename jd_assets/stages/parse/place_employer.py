"""Where the employer is: the place of work of a posting that tells no other."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jd_assets.stages.parse import gazetteer
from jd_assets.stages.parse import sections as S
from jd_assets.stages.parse.anchored import Words
from jd_assets.stages.parse.grounding import Grounded, Posting
from jd_assets.stages.parse.place_addresses import postal_town, town_in_state
from jd_assets.stages.parse.place_names import Location, Mention, location_at, places_in

_WORD = r"[A-Z\u00c0-\u00de][\w.'\u00c0-\u024f]*(?:-[\w\u00c0-\u024f]+)*"
_NAME = rf"{_WORD}(?:[ -](?:(?:upon|on|under|le|by|in|the) )?{_WORD}){{0,3}}"
# What may stand between "in" and the name of a town
_TOWARDS = (
    r"(?: (?:the|a|its|our|heart|middle|centre|center|outskirts|edge|city|town|village|borough|suburb|campus"
    r"|community|of|in|downtown|central|historic|beautiful|vibrant|sunny|scenic|lovely|small|market"
    r"|coastal))*"
)
_NAMES = rf"{_NAME}(?:(?:, and |, or |, | and | or | & | of | in ){_NAME}){{0,4}}"
# "We are based in Salem, OR", "a museum located in the heart of Leeds"
_SEAT = re.compile(
    r"[A-Za-z]+(?<=ed)(?: \w+ly)?"
    r"(?: (?:\d{1,3} \w+ |just )?(?:north|south|east|west)\w* of [A-Z][\w. ]{2,25})?"
    r",? (?:in|at|near|on|out of|within|just outside(?: of)?)"
    rf"{_TOWARDS} ({_NAMES})"
)
_SEATED = "based Based located Located situated Situated nestled Nestled".split()
# "our law firm in Derby"
_HOUSE = re.compile(rf"[a-z-]+,? in{_TOWARDS} ({_NAMES})")
_HOUSES = """museum library university college school hospital clinic firm charity affiliate station
    laboratory lab company agency startup start-up studio practice nursery home church theatre theater gallery
    newspaper organisation organization institution institute centre center restaurant hotel farm office plant
    facility bureau newsroom department client""".split()
# "the mill in Leeds is looking for"
_SEEKING = re.compile(
    rf"\bin{_TOWARDS} ({_NAMES})(?: (?:area|region))?,? "
    r"(?:(?:is|are) (?:now |currently |actively )?(?:seeking|looking|hiring|recruiting|searching|inviting)"
    r"|seeks?|invites?|requires?|needs?|has an? (?:opening|vacancy|opportunity))\b"
)
# "our busy Leeds client"
_OURS = re.compile(rf"[Oo]ur (?:[a-z-]+ ){{0,3}}({_NAME})(?: based)? client\b")
# "the town of Westford"
_TOWN_OF = re.compile(rf"[A-Za-z]+ (?:of|OF) ({_NAME})")
_LAW = re.compile(r"fair chance|ordinance|\blaws?\b|minimum wage|residents?\b|tax")
_BODIES = "city City CITY town Town TOWN township Township village Village VILLAGE borough Borough".split()
# The words that each of these opens with, by which they are found
_OPENINGS = (
    (_SEAT, tuple(_SEATED)),
    (_HOUSE, tuple(f"{house}{end} in " for house in _HOUSES for end in ("", ","))),
    (_SEEKING, ("in ",)),
    (_OURS, ("our ", "Our ")),
    (_TOWN_OF, tuple(f"{body} {'OF' if body.isupper() else 'of'} " for body in _BODIES)),
)
_WORDS = Words(word for _, words in _OPENINGS for word in words)
_LINE_END = re.compile(rf"(?: - |, | \| | in | \(|@ ?)({_NAME})\)?$")
_ENGLISH = frozenset(("GB", "IE", "US", "CA", "AU", "NZ"))
_ASKED = frozenset((S.LEGAL, S.REQUIREMENTS, S.PREFERRED, S.SKILLS))
# What stands elsewhere than the work: markets, other houses, seats of groups
_OTHERS = re.compile(
    r"\b(?:clients|customers?|suppliers?|partners|vendors?|communities|companies|brands|stakeholders|colleagues"
    r"|hospitals|schools|projects|properties|firms|factories|offices|teams|sites)\b[^.\n]{0,25}$"
    r"|\b(?:manufactur|head ?quarter|regd|registered|largest|biggest|stores?\b|born)[^.\n]{0,60}$"
)
# Bodies whose name holds their town's, however small: "Village of Orrin Falls", "Orrin Parish Council"
_BODY_OF = re.compile(
    rf"(?:[Tt]he )?(?i:city|town|township|village|borough) of ({_NAME})$"
    rf"|({_NAME}) (?:Town|Parish|Village) Council$"
)
# Public houses that bear the name of their town: "Leeds Teaching Hospitals", "Salem Public Library"
_OF_TOWN = re.compile(
    r" (?:(?:[A-Z][\w']+ ){0,2}(?:University|Council"
    r"|Schools|School District|College|(?:Police|Fire) Department"
    r"|Zoo|Aquarium|Symphony|Philharmonic|Opera|Ballet|Airport|Housing Authority|Port Authority|Cathedral"
    r"|Botanical Gardens?|Museums?|Museum of .{3,40}|(?:Public|Free|Central|City) Library|Libraries)"
    r"|(?:[A-Z][\w']+ ){1,2}(?:Hospitals?|Medical Cent(?:er|re)|Hospitals? NHS (?:Foundation )?Trust))"
    r"(?: Orchestra| Authority)?$"
)
_TOWN_LAST = re.compile(
    r"(?:(?:University|College|Institute|Museum|Diocese|Archdiocese|Port|Zoo|Opera|School)(?: .{2,60}?)?"
    r"(?: of| at|,|-) ?|(?:Hospitals?|Hotels?|Clinics?|Airport|Institute of \w+|IIT|IIM|NIT|AIIMS) )"
    rf"({_NAME})$"
)
# Cities that universities elsewhere are named like, and small towns that theirs is named after
_NAMESAKES = frozenset(
    """arcadia columbia concordia fordham franklin georgetown lafayette miami pomona
    valparaiso warwick washington""".split()
)
_UNIVERSITY_TOWNS = frozenset("clemson falmouth ithaca loughborough princeton radford stirling".split())


def places_of_employer(posting: Posting, company: Grounded | None) -> list[Location]:
    """The towns of the first of these that names one: the end of its title, where it says that it is,
    which town it is, its address, its name."""
    openings = _WORDS.places(posting.view)
    found = list(_of_title(posting))
    for pattern, words in _OPENINGS if not found else ():
        at = [place for place in openings if posting.view.startswith(words, place)]
        found = [place for place in _said(posting, pattern, at) if place.city]
        if found:
            break
    if found:
        return found
    town = postal_town(posting) or town_in_state(posting)
    if town is None and company:
        town = _of_name(posting, company)
    return [town] if town else []


def _of_title(posting: Posting) -> Iterator[Location]:
    """The small town that ends the first line: "Chef de partie - Chorley"."""
    first = posting.segments[0] if posting.segments else None
    end = _LINE_END.search(posting.view, first.start, first.end) if first else None
    town = gazetteer.town(end[1]) if end else None
    if end and town and town.code in _ENGLISH and not gazetteer.is_common_word(end[1]):
        yield location_at(posting, Mention(*end.span(1), town), None, alone=True)


def _said(posting: Posting, pattern: re.Pattern[str], openings: list[int]) -> Iterator[Location]:
    """The towns that sentences tell by one of the patterns."""
    for opening in openings:
        told = pattern.match(posting.view, opening)
        segment = posting.segment_at(opening) if told else None
        if told is None or segment is None or segment.section == S.LEGAL:
            continue
        if pattern is _TOWN_OF:
            if _LAW.search(posting.low, told.end(), told.end() + 50):
                continue
            town = _leading(posting.view, *told.span(1))
            if town:
                yield location_at(posting, town, None, alone=True)
                return
        elif segment.section not in _ASKED and not _OTHERS.search(
            posting.low, max(segment.start, opening - 70), opening
        ):
            yield from places_in(posting, *told.span(1), sure=False, towns=True)


def _of_name(posting: Posting, company: Grounded) -> Location | None:
    view, start, end = posting.view, company.start, company.end
    last = _TOWN_LAST.search(view, start, end)
    if last:
        place = gazetteer.city(last[1])
        if place and not gazetteer.state(last[1]):
            return location_at(posting, Mention(*last.span(1), place), None, alone=True)
    body = _BODY_OF.match(view, start, end)
    if body:
        span, name = body.span(body.lastindex or 0), body[body.lastindex or 0]
        if not (gazetteer.state(name) or gazetteer.country(name) or gazetteer.is_common_word(name)):
            place = gazetteer.town(name) or gazetteer.Place(name, None, None, None, 0)
            return location_at(posting, Mention(*span, place), None, alone=True)
    start += 4 if view.startswith(("The ", "the "), start) else 0
    town = _leading(view, start, end)
    if town and _OF_TOWN.match(view, town.end, end):
        name = gazetteer.name_key(view[start : town.end])
        small = gazetteer.city(name) is None and name not in _UNIVERSITY_TOWNS
        if small and not view.endswith("Council", start, end):
            return None
        if name not in _NAMESAKES and not gazetteer.state(name):
            return location_at(posting, town, None, alone=True)
    return None


def _leading(view: str, start: int, end: int) -> Mention | None:
    """The town that a span opens with."""
    words = list(re.finditer(r"\S+", view[start:end]))[:4]
    for word in reversed(words):
        name = view[start : start + word.end()].rstrip(".,'")
        place = gazetteer.town(name)
        if place:
            return Mention(start, start + len(name), place)
    return None
