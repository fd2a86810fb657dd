"""Lists whose items have no bullets: a line each, parted by semicolons, or run together."""

from __future__ import annotations

import re
from itertools import pairwise

from jd_assets.stages.parse.lines import Line
from jd_assets.stages.parse.openings import opens_after_label, starts_with_verb
from jd_assets.stages.parse.verbs import FORMS
from jd_assets.stages.parse.view import trimmed

_ITEM = 400  # characters of an item without a bullet
_RUN = 120  # characters of the shortest list that is run together
_OPENER = re.compile(r"[A-Z][a-z]+")
_RUN_ON = re.compile(r"(?<=[a-z)] )[A-Z][a-z]{2,}(?= [a-z(])")
_SEMICOLON = re.compile(r";(?=\s)")


def among_items(view: str, low: str, lines: list[Line], index: int) -> bool:
    """Whether a line of some sentences is an item of a list without bullets, as the line before or behind is:
    "Mend the nets. Log each repair." below "Count the catch." """
    line = lines[index]
    if line.mark or line.end - line.start > _ITEM or not _opens(low[line.start : line.end]):
        return False
    for left, right in ((index - 1, index), (index, index + 1)):
        if (
            left < 0
            or right >= len(lines)
            or lines[right].gap
            or "\n" not in view[lines[left].end : lines[right].start]
        ):
            continue
        other = lines[left + right - index]
        if not other.mark and _opens(low[other.start : other.end]):
            return True
    return False


def _opens(low: str) -> bool:
    """Whether an item opens with work, behind its caption too: "Nets - mends and dries them." """
    return starts_with_verb(low) or opens_after_label(low, strict=True)


def run_on(view: str, start: int, end: int) -> list[tuple[int, int]]:
    """The parts of a list that lost its line breaks and has no full stops: "Mend nets Count fish"."""
    first = _OPENER.match(view, start, end)
    form = FORMS.get(first[0].lower()) if first else None
    if form is None or end - start < _RUN:
        return [(start, end)]
    cuts = [m.start() for m in _RUN_ON.finditer(view, start + 12, end) if FORMS.get(m[0].lower()) == form]
    cuts = [cut for before, cut in zip([start, *cuts], cuts, strict=False) if cut - before > 16]
    if len(cuts) < 3:
        return [(start, end)]
    return [trimmed(view, left, right) for left, right in pairwise([start, *cuts, end])]


def by_semicolons(view: str, start: int, end: int) -> list[tuple[int, int]]:
    """The parts of a list on one line ("sort the post; log the parcels; ..."), or the whole."""
    stops = [m.start() for m in _SEMICOLON.finditer(view, start, end)]
    bounds = [start, *(x for stop in stops for x in (stop, stop + 1)), end]
    parts = [trimmed(view, bounds[i], bounds[i + 1]) for i in range(0, len(bounds), 2)]
    parts = [(left + 4 if view.startswith(("and ", "And "), left) else left, right) for left, right in parts]
    parts = [(left, right) for left, right in parts if left < right]
    return parts if len(parts) >= 3 and all(" " in view[a:b] for a, b in parts) else [(start, end)]


def verb_clauses(view: str, start: int, end: int) -> list[tuple[int, int, bool]]:
    """The parts of a list of work behind a colon, each marked as an item, or the whole, not marked."""
    if not view[max(0, start - 4) : start].rstrip().endswith(":"):
        return [(start, end, False)]
    parts = by_semicolons(view, start, end)
    verbs = sum(starts_with_verb(view[left:right].lower(), strict=True) for left, right in parts)
    if len(parts) < 3 or verbs < 0.75 * len(parts):
        return [(start, end, False)]
    return [(left, right, True) for left, right in parts]
