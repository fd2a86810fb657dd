"""The lines above a posting's text: "Firm - City, ST | Hybrid | $80k-$95k", taken apart and named."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from jd_assets.stages.parse import gazetteer
from jd_assets.stages.parse import sections as S
from jd_assets.stages.parse.label_kinds import label_kind
from jd_assets.stages.parse.roles import has_job_noun
from jd_assets.stages.parse.view import trimmed

Kind = Literal["title", "place", "name", "fact", "words"]

_LINES = 6  # lines that are looked at; a header has seldom more than four
_LONGEST = 200  # characters of a header line; a longer one is prose
_MOST = 6  # parts of a line; more is a list
_SEPARATOR = re.compile(r"\s{0,3}[|\u2022\u00b7]{1,2}\s{0,3}|\s{1,3}-{1,2}\s{1,3}|\s{2,8}(?=[A-Z])")
_COMMA = re.compile(r",\s{0,2}")
_FACT = re.compile(
    r"\d|[$\u00a3\u20ac\u20b9]|\b(?:remote|hybrid|on-?site|full[ -]?time|part[ -]?time|permanent|contract"
    r"|temporary|internship|freelance|immediate|urgent|shift|weekdays?|monday|hours|lpa|salary|posted)\b"
)
_NO_HEADER = re.compile(r"(?:we|our|you|your|this|these|are|it|if|i|there|here)\b", re.IGNORECASE)
_BRACKETS = re.compile(r"\([^()\n]{0,80}(?:\)|$)")
# A postal code behind a place: American, British or Indian
_POSTCODE = re.compile(r"(?<=[\w,.]) (?:\d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}|\d{3} ?\d{3})$")
_NEAR = re.compile(r"(?:near|in|at|based in|our)\s+(?=[A-Z])")
_LEGAL_WORD = re.compile(
    r"(?:pvt|private|ltd|limited|llp|llc|inc|incorporated|corp|gmbh|plc|pty|pte|co|s\.?a|b\.?v|fz[ce]"
    r"|ag)\b\.?",
    re.IGNORECASE,
)


FIRM_WORD = re.compile(
    r"\b(?:ltd|limited|llp|llc|inc|gmbh|plc|pvt|pte|wll|corp|corporation|group|labs?|technologies|technology"
    r"|solutions|systems|services|consulting|foods|hospital|clinic|school|academy|university|college|bank"
    r"|museum"
    r"|foundation|trust|society|industries|enterprises|associates|partners|studios?|company|council|ministry"
    r"|department|institute|infotech|softwares?|logistics|networks|airlines|motors|pharma|textiles|hotels?"
    r"|resorts?"
    r"|ventures|holdings|international|works|mission|authority|board|agency|commission|cooperative"
    r"|institution|gallery|library|archives?|county|borough|zoo|aquarium"
    r"|gardens?|nations|cent(?:er|re)|church|orchestra|theat(?:er|re)|bureau)\b",
    re.IGNORECASE,
)
"""Words that firms' and public bodies' names have, and titles of jobs seldom do."""


# "City of Marlow", "University of Kent", "Kansas Department of Waterways"
PUBLIC_BODY = re.compile(
    r"(?:the )?(?:[A-Z][\w.]+ ){0,3}?(?i:city|county|town|township|village|borough|state|commonwealth"
    r"|district|port|university|college|school|institute|museum|department|dept\.?|ministry|office|board"
    r"|bank|bureau|division|government|church|diocese|archdiocese"
    r"|metropolitan council) (?:and [\w]+ )?(?i:of) "
    r"(?:the )?[A-Z]|(?:[A-Z][\w.]+ ){1,4}(?i:county|city|state|county government|city council"
    r"|borough council"
    r"|county council|district council|shire council|school district|public schools|public library"
    r"|police department|fire department|sheriff's office|health district|water district|transit authority"
    r"|housing authority|port authority)(?: government| council)?$"
)
LOCAL_GOVERNMENT = re.compile(
    r"(?:The )?(?:City|Town|Township|Village|Borough|County|Commonwealth|State) of (?:[A-Z][\w.'-]+ ?){1,4}"
    r"|(?:[A-Z][\w.'-]+ ){1,3}County"
)
_CLASSIFIED = re.compile(
    r"([A-Z][\w/&'. -]{2,80}?), "
    r"((?:[A-Z][\w&'.]*(?:-[A-Z]\w*)?)(?: (?:of|the|and|&|for|[A-Z][\w&'.]*)){0,7}?)"
    r"(?:, ([A-Z][a-z]+(?: [A-Z][a-z]+)?))?(?:\s{1,2}-{1,2}|-{1,2}(?=\s)|-)\s{0,2}(?=[A-Za-z])"
)
_RUNS_ON = 200  # characters of a line that is a whole advertisement


def classified(view: str, start: int, end: int) -> re.Match[str] | None:
    """The head of an advertisement that runs on in one paragraph: "Deed Clerk, Marlow County, Kansas - The
    clerk files ...": job, employer, perhaps state, then a dash."""
    if end - start < _RUNS_ON:
        return None
    head = _CLASSIFIED.match(view, start, min(end, start + _RUNS_ON))
    if head is None or not has_job_noun(head[1]):
        return None
    place = head[3] is not None and gazetteer.state(head[3]) is not None
    spaced = view[head.end() - 1].isspace() or view[head.end() - 2].isspace()
    return head if place or (spaced and head[3] is None) else None


@dataclass(frozen=True, slots=True)
class Part:
    """Characters of one part of a header line; `line` counts the lines, `company` says that the other
    parts of its line (a place, a fact) make a name there the employer's, and `address` that the only
    such part is the place behind its comma."""

    kind: Kind
    start: int
    end: int
    line: int
    company: bool = False
    address: bool = False


# Those that no field of work ends in, as "Logistics" may
_FIRM_END = re.compile(
    r"ltd|limited|llp|llc|inc|gmbh|plc|pvt|corp|corporation|group|labs|foods|hospital|clinic|academy"
    r"|university"
    r"|college|bank|museum|foundation|trust|society|industries|enterprises|council|institute|infotech"
    r"|airlines"
    r"|motors|hotels?|resorts?|ventures|holdings|authority|commission|cooperative|gallery|library"
    r"|archives|county"
    r"|borough|zoo|aquarium|gardens?|nations|church|orchestra|theat(?:er|re)|association|alliance|coalition"
    r"|federation|consortium|conservancy|observatory|seminary|hospice|symphony|opera|ballet|diocese"
    r"|archdiocese|studios?|bureau|brewery|bakery|collective|charit(?:y|ies)|ministries|schools",
    re.IGNORECASE,
)


_OTHER_LABELS = ("other", "experience", "education", "salary", "certification", "work_mode")


# A level of schooling or a kind of ward before "School" or "Hospital" names no house of its own
_HOUSE = re.compile(
    r"\b(?:school|hospital|college|academy|nursery|library|museum|gallery|infirmary|center|centre|universit(?:y|ies)"
    r"|librarie|institute)s?\b",
    re.IGNORECASE,
)
_KIND_OF_HOUSE = frozenset(
    "high middle elementary primary secondary junior senior public private local community day night general "
    "medical acute law business medical nursing graduate summer sunday infant nursery school hospital the a "
    "an our and of in for & special state charter call contact data "
    "service support mail distribution care shared delivery fulfillment early learning child "
    "design game games gaming recording photo photography art film animation yoga dance fitness blood food "
    "retail private investment commercial corporate boutique luxury senior leading reputed multinational "
    "housing trade professional farmers student alumni city county town water".split()
)


def is_firm(words: str) -> bool:
    """Whether a phrase of at most eight words ends as a firm's or public body's name does, or opens as a
    local government's."""
    last = words.split()[-1:] or [""]
    return (
        1 < len(words.split()) <= 8
        and words.strip()[:1].isupper()
        and not all(word in _KIND_OF_HOUSE for word in words.lower().split()[:-1])
        and (_FIRM_END.fullmatch(last[0].strip(".,\"'")) or LOCAL_GOVERNMENT.fullmatch(words.strip()))
        is not None
        and not has_job_noun(words)
    )


# "Center for Tidal History", "University of Kent", "The Fricke Collection"; a field of work has no article
_BODY_FOR = re.compile(
    r"(?:The )?(?:Cent(?:er|re)|Institute|Academy|Society|Foundation|Council|Association|Alliance"
    r"|Friends|Estate|School"
    r"|University|College|Museum|City|Town|County|Village) (?:for|of) (?:the )?[A-Z]"
    r"|The (?!(?:Role|Job|Position|Opportunity|Team|Company)\b)[A-Z]"
)
_SHORT_FORM = re.compile(r"([A-Z][^()]{6,100}?) ?\(([A-Z]{2,8})\)")


def is_workplace(words: str) -> bool:
    """Whether a phrase names a firm, a public body or a house: "Harrow Girls' High School", "Tern Valley
    Library System (TVLS)"."""
    if is_firm(words):
        return True
    if has_job_noun(words) or not words[:1].isupper():
        return False
    short = _SHORT_FORM.fullmatch(words)
    if short:
        capitals = "".join(w[0] for w in re.split(r"[ -]", short[1]) if w[:1].isupper())
        return capitals == short[2]
    if _BODY_FOR.match(words):
        return True
    house = _HOUSE.search(words)
    return (
        house is not None
        and len(words.split()) <= 8
        and any(w[0].isupper() and w.lower() not in _KIND_OF_HOUSE for w in words[: house.start()].split())
    )


def header_parts(view: str) -> tuple[Part, ...]:
    """The parts of a text's first lines, down to its first heading or paragraph."""
    found: list[Part] = []
    offset = count = 0
    of_label = False  # the line before asks for something else: "Reports to"
    while count < _LINES and offset < len(view):
        stop = view.find("\n", offset)
        stop = len(view) if stop < 0 else stop
        start, end = trimmed(view, offset, stop, "#*>_= ")
        if view[start : start + 2] in ("\u2022 ", "- ") and states_fact(view[start + 2 : end].strip()):
            start, _ = trimmed(view, start + 2, end)
        offset = stop + 1
        if start == end:
            continue
        if count and (end - start > _LONGEST or _opens_text(view[start:end])):
            break
        head = classified(view, start, end) if not count else None
        if head:
            found.append(Part("title", *head.span(1), 0))
            found.append(Part("name", *head.span(2), 1, True))
            town = gazetteer.city_in_state(head[2], head[3]) if head[3] else None
            if town or (head[3] and gazetteer.city(head[3]) is None):
                found.append(Part("place", head.start(2 if town else 3), head.end(3), 1))
            break
        if end - start > _LONGEST:  # a text on one line: its first sentence
            dot = view.find(". ", start, start + _LONGEST)
            if dot < 0:
                break
            end, stop = dot, len(view)
            offset = len(view)
        line = view[start:end]
        if line.startswith("{") or not any(map(str.isalnum, line)):
            continue
        if not _NO_HEADER.match(view, start, end) and not of_label:
            found.extend(_parts_of(view, start, end, count))
        of_label = line.rstrip(":") != "" and label_kind(line) in _OTHER_LABELS
        count += 1
    return tuple(found)


def _opens_text(line: str) -> bool:
    if S.heading_section(line) is not None and label_kind(line) is None:
        return True
    words = line.split()
    if line.startswith(("- ", "\u2022")):
        return not states_fact(line.lstrip("-\u2022 "))
    return line[-1] in ".!?" and len(words) > 12


def states_fact(item: str) -> bool:
    """Whether a list item is no more than a place, a public body, a firm or a form of employment."""
    return len(item.split()) <= 7 and (
        is_area(item)
        or is_firm(item)
        or PUBLIC_BODY.match(item) is not None
        or _EMPLOYMENT.fullmatch(item.lower()) is not None
    )


_EMPLOYMENT = re.compile(
    r"(?:full|part)[ -]time|contract|permanent|temporary|remote|hybrid|on-?site|internship|casual|seasonal"
)


def _parts_of(view: str, start: int, end: int, line: int) -> list[Part]:
    spans = _split(view, start, end)
    if len(spans) > _MOST:
        return []
    kinds = [_kind(view, *span) for span in spans]
    told = any(kind in ("place", "fact") for kind in kinds)
    named = [
        i for i, kind in enumerate(kinds) if kind == "words" and not _without_address(view, *spans[i])[1]
    ]
    if named and not told:  # "Tern Foundry - Loughside, Cumbria": the second names a town
        for i, span in enumerate(spans):
            name, places = _without_address(view, *span)
            if places and kinds[i] == "words" and len(view[slice(*name)].split()) <= 2:
                kinds[i], told = "place", True
    parts: list[Part] = []
    for span, kind in zip(spans, kinds, strict=True):
        if kind == "fact" and "," in view[slice(*span)]:
            name, places = _without_address(view, *span)
            kind = "words" if places and _kind(view, *name) == "words" else kind
        if kind not in ("words", "title"):
            bracket = _BRACKETS.search(view, *span) if kind == "place" else None
            end_ = bracket.start() if bracket and bracket.start() > span[0] else span[1]
            parts.append(Part(kind, *trimmed(view, span[0], end_), line))
            continue
        name, places = _without_address(view, *span)
        parts += [Part("place", *place, line) for place in places]
        kind = _kind(view, *name)
        near = told or bool(places)
        firm = kind == "title" and near and line > 0 and _plural_end(view[slice(*name)])
        if kind == "words" or firm:
            parts.append(Part("name", *name, line, near, not told))
        else:
            parts.append(Part(kind, *name, line))
    return parts


def _split(view: str, start: int, end: int) -> list[tuple[int, int]]:
    """The spans between separators, outside brackets."""
    closed = [m.span() for m in _BRACKETS.finditer(view, start, end)]
    spans, left = [], start
    for match in _SEPARATOR.finditer(view, start, end):
        if any(a < match.start() < b for a, b in closed):
            continue
        spans.append((left, match.start()))
        left = match.end()
    spans.append((left, end))
    spans = [trimmed(view, *span, "|\u2022\u00b7,;*_") for span in spans]
    return [(a, b) for a, b in spans if a < b]


_OFFICE_OF = re.compile(
    r"'s? (?:Office|Department|Association)$", re.IGNORECASE
)  # "Marlow County Sheriff's Office"


def _kind(view: str, start: int, end: int) -> Kind:
    words = _POSTCODE.sub(" ", _BRACKETS.sub(" ", view[start:end])).strip(" .,")
    if not words:
        return "fact"
    if is_area(words):
        return "place"
    if _FACT.search(words.lower()):
        return "fact"
    return "title" if has_job_noun(words) and not _OFFICE_OF.search(words) else "words"


# A town that no gazetteer need have: "Marlow-on-Tarn, Tarn District, Norway"
_IN_REGION = re.compile(
    r"[A-Z][^,]{2,40}, [A-Z][^,]{2,40} (?:District|Region|Province|State|County|Governorate|Area"
    r"|Oblast|Prefecture)"
    r", [A-Z][^,]{2,30}"
)


def is_area(words: str) -> bool:
    """Whether a phrase names places and nothing else, brackets and "near" not counted."""
    near = _NEAR.match(words)
    bare = words[near.end() :] if near else words
    if not bare[:1].isupper():
        return False
    if gazetteer.is_place(bare) or gazetteer.coded_country(bare):
        return True
    region, inner, rest = bare.partition(",")
    if inner and (gazetteer.country(region) or gazetteer.state(region)) and "," in rest:
        return all(1 <= len(piece.split()) <= 3 for piece in rest.split(","))  # "US, FL, Miami"
    if _IN_REGION.fullmatch(bare) and gazetteer.country(bare.rsplit(",", 1)[-1].strip()):
        return True
    town, comma, state = bare.rpartition(",")
    small = bool(comma) and len(town.split()) <= 2 and gazetteer.city_in_state(town, state.strip())
    return bool(small) and gazetteer.state(state.strip()) is not None and not has_job_noun(town)


def _plural_end(words: str) -> bool:
    """Whether a phrase ends as firms' names do: "Salter Brook Consultants"."""
    last = words.split()[-1] if words.split() else ""
    return last.endswith("s") and last[:1].isupper() and len(words.split()) > 1


def _without_address(view: str, start: int, end: int) -> tuple[tuple[int, int], list[tuple[int, int]]]:
    """A name without the address that follows its commas, and the places that the address names.

    "Tern Foods, Dock Road, Kochi" is Tern Foods and Kochi; without a known place nothing is cut.
    """
    if view.find(",", start, end) < 0:
        return (start, end), []
    closed = [m.span() for m in _BRACKETS.finditer(view, start, end)]
    commas = [
        m.span()
        for m in _COMMA.finditer(view, start, end)
        if not any(a < m.start() < b for a, b in closed) and not _LEGAL_WORD.match(view, m.end(), end)
    ]
    if not commas:
        return (start, end), []
    bounds = [start, *(x for comma in commas for x in comma), end]
    pieces = [(bounds[i], bounds[i + 1]) for i in range(0, len(bounds), 2)]
    if is_area(view[slice(*pieces[0])]):  # "Leeds, Holbeck"
        return pieces[0], []
    places = [p for p in pieces[1:] if is_area(_BRACKETS.sub(" ", view[slice(*p)]).strip(" ."))]
    if places and places[0] != pieces[1] and gazetteer.state(view[slice(*places[0])].strip()):
        town = pieces[pieces.index(places[0]) - 1]  # "Department of Roads, Bastrop, TX"
        if len(view[slice(*town)].split()) <= 2 and not _ADDRESS.search(view, *town):
            places.insert(0, town)
    if not places or places[-1] != pieces[-1]:
        return (start, end), []
    if len(pieces) == 2:  # "Acme Los Angeles, CA"
        words = view[slice(*pieces[0])].split(" ")
        for count in (3, 2, 1):
            known = gazetteer.city_in_state(" ".join(words[-count:]), view[slice(*pieces[1])].strip(" ."))
            if len(words) > count and known is not None and known.residents > 0:
                cut = pieces[0][1] - len(" ".join(words[-count:]))
                return trimmed(view, start, cut), [(cut, end)]
    return trimmed(view, *pieces[0]), [(places[0][0], end)]


def without_address(view: str, start: int, end: int) -> tuple[int, int]:
    """A company's span without the address behind it: a known place, or words such as street and sector."""
    name, places = _without_address(view, start, end)
    if places:
        return name
    for comma in _COMMA.finditer(view, start, end):
        if _ADDRESS.search(view, comma.end(), end) and not _LEGAL_WORD.match(view, comma.end(), end):
            return trimmed(view, start, comma.start())
    return start, end


_ADDRESS = re.compile(
    r"\b(?:\d{1,4}[A-Za-z]?,|road|rd\.|street|st\.|sector|sec-?\s?\d+|nagar|marg|lane|colony|layout|phase"
    r"|floor|tower|plot|block|estate|bazaar|chowk|cross|highway|avenue|park|industrial area|midc|gidc|east"
    r"|west|north|south)\b",
    re.IGNORECASE,
)
