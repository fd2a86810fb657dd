"""New names by where they stand: in a list, among skills that the library knows."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jd_assets.stages.skills.context import Part

ASKING_SECTIONS = frozenset({"requirements", "preferred", "skills", "responsibilities", "other"})
CONFIDENCE = 0.43
"""The share of such names that were skills on 57 labelled postings, of 30."""

_ITEM = re.compile(r"[^,;/|•·\n()]+")
_NAME = re.compile(r"(?:[A-Z][\w.+#-]*|[a-z]+[A-Z][\w.+#-]*)(?:\s(?:[A-Z][\w.+#-]*|[0-9][\w.]*)){0,2}")
_LEAD = re.compile(
    r"^\s*(?:(?:and|or|&|like|such as|including|etc\.?|e\.?g\.?|any|other|using|with|in|of|knowledge"
    r"|experience|working|strong|good|basic|hands-on|proficiency|familiarity|exposure|to)\b[:\s]*){0,6}",
    re.IGNORECASE,
)
_PLAIN = frozenset(
    """we you our the this that a an it its as at by for from if in is job jobs role work team company
    experience years year skills skill knowledge ability must should will strong good excellent etc and or
    bachelor bachelors master masters degree diploma graduate engineering science university india usa uk
    monday friday saturday sunday january february march april may june july august september october
    november december location salary benefits responsibilities requirements qualifications senior junior
    manager lead preferred required minimum plus hr it b e m tech be btech mba mca bca phd ctc lpa us
    about apply equal opportunity employer please note what why how who when where your their full part time
    """.split()
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A name that looks like a skill; offsets in characters."""

    start: int
    end: int


def listed_names(
    text: str, parts: Iterable[Part], known: Sequence[tuple[int, int]]
) -> list[tuple[Part, Listed]]:
    """Capitalised names of one to three words that are items of a list at least two of whose other items
    are known skills.

    `known` are the (start, end) of the skills found; one may be there twice, but none overlaps another.
    """
    found = []
    known = sorted(known)
    starts = [k[0] for k in known]
    for part in parts:
        if part.section not in ASKING_SECTIONS:
            continue
        first, behind = bisect_left(starts, part.start), bisect_left(starts, part.end)
        if behind - first < 2:
            continue
        items = [m.span() for m in _ITEM.finditer(text, part.start, part.end)]
        held = [_holds(known, starts, a, b, first, behind) for a, b in items]
        if all(held):
            continue
        for number, (a, b) in enumerate(items):
            if held[number] or sum(held[max(number - 2, 0) : number + 3]) < 2:
                continue
            lead = _LEAD.match(text[a:b])
            at = a + (lead.end() if lead else 0)
            name = _NAME.match(text, at, b)
            if name is None or text[name.end() : b].strip(" .:"):
                continue
            words = name.group().lower().split()
            if all(w.strip(".") in _PLAIN for w in words) or len(name.group()) < 2:
                continue
            stop = name.end() - (len(name.group()) - len(name.group().rstrip(".-")))
            found.append((part, Listed(name.start(), stop)))
    return found


def _holds(
    known: Sequence[tuple[int, int]], starts: Sequence[int], a: int, b: int, first: int, behind: int
) -> bool:
    """Whether a skill, of those from `first` to before `behind`, has a character between `a` and `b`."""
    last = bisect_left(starts, b, first, behind) - 1
    return last >= first and known[last][1] > a
