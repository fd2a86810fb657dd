"""Places of work: cities, states and countries of the job, never of the company's story or its markets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jd_assets.stages.parse import gazetteer
from jd_assets.stages.parse import sections as S
from jd_assets.stages.parse.grounding import Grounded, Posting
from jd_assets.stages.parse.place_employer import places_of_employer
from jd_assets.stages.parse.place_names import Location, Mention, is_no_town, location_at, places_in
from jd_assets.stages.parse.place_prose import told_in_prose
from jd_assets.stages.parse.roles import has_job_noun
from jd_assets.stages.parse.segments import HEADING

_ADDRESS_END = re.compile(
    r"\d[^,]*, (?:[^,]+, )?[A-Z]{2}(?: \d{5}(?:-\d{4})?)?$"
)  # "12 Mill Road, Forest Park, GA"
_LOCATION_LINE = re.compile(r"(?:job |work |base )?locations?\b")
_CODES = re.compile(
    r"(?:(?:USA?|United States|North America|Americas)-)*([A-Z]{2})-([A-Z][\w.']*"
    r"(?: [A-Z][\w.']*){0,2})"
)
_PART_END = re.compile(
    r" - |[|)(\n]|,(?! [A-Z]{2}\b)| (?:[a-z]+ ){0,2}(?:depot|office|branch|area|plant|store)\b"
)
_TITLE_MARK = re.compile(r"(?: -|,|\||@|\(| in| at|- |/) ?(?=[A-Z])")


def find_locations(
    posting: Posting, company: Grounded | None = None, *, remote: bool = False
) -> list[Location]:
    """Each place of work once, in the order of the text; labels and the title line before prose, and where
    nothing else tells, where the employer is, unless the work is `remote`."""
    found = list(_coded(posting))
    for start, end, sure in _spans(posting):
        found.extend(places_in(posting, start, end, sure=sure))
    told = posting.labelled("location") or any(part.kind == "place" for part in posting.header)
    if not told or not any(place.city for place in found):
        found.extend(told_in_prose(posting))
    if not remote and not any(place.city for place in found):
        found.extend(places_of_employer(posting, company))
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
            yield location_at(posting, Mention(*coded.span(3), place), (None, country[0]), alone=True)
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
        if place_ and not is_no_town(town, form[1]):
            start = form.start(2)
            yield location_at(posting, Mention(start, start + len(town), place_), None, alone=True)


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
