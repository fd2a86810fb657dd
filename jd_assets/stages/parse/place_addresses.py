"""Towns of the postal addresses in a posting: American, British, Canadian, Australian, Indian, European."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jd_assets.stages.parse import gazetteer
from jd_assets.stages.parse.grounding import Posting
from jd_assets.stages.parse.place_names import Location, Mention, is_no_town, location_at

_POSTCODE = re.compile(
    r"\b(?:(?P<us>\d{5}(?:-\d{4})?)|(?P<gb>[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2})|(?P<ca>[A-Z]\d[A-Z] ?\d[A-Z]\d)"
    r"|(?:NSW|VIC|QLD|WA|SA|TAS|ACT|NT),? (?P<au>\d{4})|(?P<in>[1-9]\d\d ?\d{3}))\b"
)
# What ends a postal code or is all of one, by which it is found
_FIGURES = re.compile(r"\d(?:[A-Z]{2}\b|[A-Z] ?\d|\d{2,4} ?\d)")
_BEFORE = 70  # characters before a postal code in which its town stands
# "69120 Heidelberg", "CH-8001 Zurich", "1098 XG Amsterdam"
_BEHIND = re.compile(r"\d{4,5}(?: [A-Z]{2})? ([A-Z][a-z\u00df-\u00ff]+(?: [a-z]{2,3} [A-Z][a-z]+)?)\b")
_PARTS = re.compile(r"[,\n|;:\u2022()]|\s-\s|\d+[a-z]?\b")
_STREET = re.compile(
    r"\b(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|way|place|square|boulevard|blvd|court|floor|suite"
    r"|building|house|park|box|row|close|terrace|parkway|pkwy|highway|hwy|plaza|circle|hall|room|mail|salary"
    r"|zip|code)\b",
    re.IGNORECASE,
)
_STATE_END = re.compile(r"(?:^|[\s,|.])([A-Z]{2}|[A-Z][a-z]+(?: [A-Z][a-z]+)?)[\s,.|-]*$")
_IN_STATE = re.compile(r", ([A-Z]{2}|(?:(?:New|North|South|West|Rhode) )?[A-Z][a-z]{3,12})\b(?! ?\d)")
_NUMBERED = re.compile(r"\d{1,5} [A-Z][^,\n]{2,40},(?: [^,\n]{2,20},)? $")  # "12 Mill Road, "
_ELSEWHERE = re.compile(r"\b(?:headquarter|founded|born|client|customer|licen[cs]e|serving|graduat|presence)")


def postal_town(posting: Posting) -> Location | None:
    """The town of the first address with a postal code."""
    view = posting.view
    figures = [figure.start() for figure in _FIGURES.finditer(view)]
    codes = (_POSTCODE.search(view, max(0, figure - 5), figure + 10) for figure in figures)
    for code in codes:
        if code is None:
            continue
        start = max(0, code.start() - _BEFORE)
        country = (code.lastgroup or "").upper()
        mention = (
            _american(view, start, code.start())
            if country == "US"
            else _near(view, start, code.start(), country)
        )
        if mention:
            return location_at(posting, mention, None, alone=True)
    for figure in figures:
        code = _BEHIND.match(view, figure)
        place = gazetteer.city(code[1]) if code and not view[figure - 1].isdigit() else None
        if code and place and place.code not in ("US", "IN", "GB"):
            return location_at(posting, Mention(*code.span(1), place), None, alone=True)
    return None


def town_in_state(posting: Posting) -> Location | None:
    """The first "Salem, OR" of the text; a town without data must stand behind its street."""
    view = posting.view
    for code in _IN_STATE.finditer(view):
        state = gazetteer.state(code[1])
        if code[1] != "Georgia" and (state is None or state[1] != "US"):
            continue
        start = max(0, code.start() - _BEFORE)
        line = view.rfind("\n", start, code.start())
        if _ELSEWHERE.search(posting.low, max(start, line), code.start()):
            continue
        mention = _last(view, start, code.start(), code[1])
        if mention and (mention.place.residents or _NUMBERED.search(view, start, mention.start)):
            return location_at(posting, mention, None, alone=True)
    return None


def _american(view: str, start: int, end: int) -> Mention | None:
    """The town before "OR 97301" or "Oregon 97301"."""
    named = _STATE_END.search(view, start, end)
    if named is None:
        return None
    words = named[1].split(" ")
    for count in range(len(words), 0, -1):
        state = gazetteer.state(" ".join(words[-count:]))
        if state and state[1] == "US":
            left = named.end(1) - len(" ".join(words[-count:]))
            return _last(view, start, left, " ".join(words[-count:]))
    return None


def _last(view: str, start: int, end: int, state: str) -> Mention | None:
    """The town that ends there: the city that its words end in, or else all of them."""
    for left, right in reversed(list(_pieces(view, start, end))):
        words = list(re.finditer(r"\S+", view[left:right]))
        for word in words[-3:]:
            name = view[left + word.start() : right]
            place = gazetteer.city_in_state(name, state) if name[0].isupper() else None
            if place and place.residents:
                return Mention(left + word.start(), right, place)
        name = view[left:right]
        if not re.fullmatch(r"[A-Z][\w'.-]+(?: [A-Z][\w'.-]+){0,2}", name) or _STREET.search(name):
            return None
        found = gazetteer.state(state)
        if found is None or is_no_town(name, state):
            return None
        return Mention(left, right, gazetteer.Place(name, found[0], "United States", "US", 0))
    return None


def _near(view: str, start: int, end: int, country: str) -> Mention | None:
    """The town nearest before a postal code of a country: the last part that names one."""
    pieces = list(_pieces(view, start, end))
    for left, right in reversed(pieces[-4:]):
        words = list(re.finditer(r"\S+", view[left:right]))
        for word in words[-3:]:
            name = view[left + word.start() : right]
            place = gazetteer.town(name) if name[0].isupper() else None
            if place and place.code == country and not _STREET.search(name):
                return Mention(left + word.start(), right, place)
    return None


def _pieces(view: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    left = start
    bounds = [m.span() for m in _PARTS.finditer(view, start, end)] + [(end, end)]
    for stop, following in bounds:
        a, b = left, stop
        while a < b and view[a] in " .,-\t":
            a += 1
        while b > a and view[b - 1] in " .,-\t":
            b -= 1
        if a < b:
            yield a, b
        left = following
