"""The places that a stretch of a posting names: cities, or else their state or country."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from jd_assets.stages.parse import gazetteer
from jd_assets.stages.parse.grounding import Grounded, Posting
from jd_assets.stages.parse.header import FIRM_WORD
from jd_assets.stages.parse.roles import has_job_noun


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
class Mention:
    start: int
    end: int
    place: gazetteer.Place


_TOKEN = re.compile(r"[A-Za-z\u00c0-\u024f][\w.'\u2019]*(?:-[A-Za-z]\w*)?|[,/&|()\n;:+\u2022-]|\d+")
_CAPITAL = re.compile(r"[A-Z\u00c0-\u00de][a-z\u00df-\u00ff][\w']*(?:-[A-Z][a-z]+)?")
_STATE_CODE = re.compile(r", ([A-Z]{2}\b|[A-Z][a-z]+(?: [A-Z][a-z]+)?)")
_NOWHERE = re.compile(
    r"\s*(?:remote|various|multiple|any|all|across|anywhere|flexible|hybrid|on-?site|home|nation|virtual|field"
    r"|head|corporate|see|tb[cd]|to be|not|n/a|world|global|several|statewide|work|office|in the|we |our )",
    re.IGNORECASE,
)
_FILLERS = frozenset("city region area metro suburb district office dist near ncr greater sector".split())


@dataclass(frozen=True, slots=True)
class _Region:
    """The last state and country that a span names, and the characters that name them."""

    state: str | None = None
    country: str | None = None
    start: int = -1
    end: int = -1


_Token = tuple[str, int, int]  # the word or mark, and where it stands


def places_in(posting: Posting, start: int, end: int, *, sure: bool, towns: bool = False) -> list[Location]:
    """The places that a span names: cities, or else its state or country. `sure`: the span names a place
    and nothing else; `towns`: small towns count too, as they do in a sure span that names no city."""
    view = posting.view
    tokens = [(m[0], m.start(), m.end()) for m in _TOKEN.finditer(view, start, end)][:80]
    found, region = _named(view, tokens, sure=sure, towns=towns)
    if sure and not towns and not found and not _NOWHERE.match(view, start, end):
        found, region = _named(view, tokens, sure=True, towns=True)
    found = _without_localities(view[start:end], found)
    alone = len(found) == 1
    cities = [location_at(posting, m, (region.state, region.country), alone=alone) for m in found]
    if cities or not sure or region.end < 0:
        return cities
    return [Location(None, region.state, region.country, (), posting.grounded(region.start, region.end))]


def _named(view: str, tokens: list[_Token], *, sure: bool, towns: bool) -> tuple[list[Mention], _Region]:
    """The cities that tokens name, and their region."""
    found: list[Mention] = []
    region = _Region()
    states = [name for name, *_ in tokens[2:] if len(name) > 1 and gazetteer.state(name)]
    codes = {country[1] for name, *_ in tokens if (country := gazetteer.country(name))}
    index = 0
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
            if comma and found and _is_state_of(found[-1], name, left):
                taken = length
                break
            after = tokens[index + length : index + length + 4]
            state = gazetteer.state(name)
            place = _city(name, after, sure=sure, opens=opens)
            if place and state and place.code != state[1] and state[1] in codes:  # "Ontario, Canada"
                place = None
            if place is None and towns and opens and state is None:
                place = _town(name, after)
            if place is None and sure and index == 0 and states:  # "College Park, Prince County, Maryland"
                place = gazetteer.city_in_state(name, states[0])
                place = place if place and place.residents else None
            if place is None and comma and region.end == tokens[index - 2][2]:  # "Maryland, Annapolis"
                place = gazetteer.city_in_state(name, view[region.start : region.end])
                place = place if place and place.residents else None
            if place:
                found.append(Mention(left, left + len(name), place))
                taken = length
                break
            country = gazetteer.country(name)
            if state or country:
                region = _Region(
                    state[0] if state else region.state,
                    gazetteer.country_name((state or country or ("", ""))[1]),
                    left if state or region.start < 0 else region.start,
                    right,
                )
                taken = length
                break
        index += taken or 1
    return found, region


def _is_state_of(mention: Mention, name: str, start: int) -> bool:
    """Whether a name right behind a city is its state, though a city has it too: "Rochester, New York"."""
    state = gazetteer.state(name)
    return state is not None and state[0] == mention.place.state and 0 < start - mention.end <= 2


def _city(name: str, after: list[_Token], *, sure: bool, opens: bool) -> gazetteer.Place | None:
    """The city of a name, given the tokens after it: ", ST" makes even a small one sure, if the name
    `opens` its part of the line."""
    if gazetteer.name_key(name) in _FILLERS or not name[0].isalpha():
        return None
    if not name[0].isupper():
        return gazetteer.city(name) if sure else None
    in_state = len(after) > 1 and after[0][0] == "," and gazetteer.state(after[1][0]) is not None
    if in_state:
        american = gazetteer.city_in_state(name, after[1][0])
        if american and (american.residents or (opens and not is_no_town(name, after[1][0]))):
            return american
    return gazetteer.city(name, sure=sure or in_state)


def _town(name: str, after: list[_Token]) -> gazetteer.Place | None:
    """The town of a name that is a part of its line: one of 15,000 residents or more, or any before its
    state or county: "Hebden Bridge, West Yorkshire"."""
    words = name.split()
    if not name[0].isupper() or gazetteer.name_key(name) in _FILLERS or gazetteer.country(name):
        return None
    if after and after[0][0] in (",", "(", "-") and len(words) <= 3 and name[-1].islower():
        for length in (3, 2, 1):
            named = " ".join(t[0] for t in after[1 : 1 + length])
            region = gazetteer.state(named) if len(after) > length else None
            if region and region[1] != "IN" and not is_no_town(name, named):
                known = gazetteer.city_in_state(name, named) if region[1] == "US" else None
                return known or gazetteer.Place(
                    name, region[0], gazetteer.country_name(region[1]), region[1], 0
                )
    return gazetteer.town(name) if len(after) == 0 or not after[0][0][0].isalpha() else None


def is_no_town(name: str, state: str) -> bool:
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


def _without_localities(span: str, mentions: list[Mention]) -> list[Mention]:
    """Of an address, the city alone: the last one named; quarters and streets may bear city names."""
    if len(mentions) > 1 and any(c.isdigit() for c in span) and span.count(",") >= 2:
        return mentions[-1:]
    return mentions


def city_mentions(view: str) -> Iterator[Mention]:
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
            if american and american.residents == 0 and is_no_town(name, state[1] if state else ""):
                american = None
            place = american or gazetteer.city(name)
            if place:
                yield Mention(start, words[last][1], place)
                index = last
                break
        index += 1


def location_at(
    posting: Posting, mention: Mention, region: tuple[str | None, str | None] | None, *, alone: bool
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
