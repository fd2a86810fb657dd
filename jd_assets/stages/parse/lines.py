"""The logical lines of a text: wrapped lines joined, lists on one line taken apart, bullets noted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from jd_assets.stages.parse import sections as S
from jd_assets.stages.parse.header import classified
from jd_assets.stages.parse.label_kinds import label_kind
from jd_assets.stages.parse.verbs import AMBIGUOUS, FORMS
from jd_assets.stages.parse.view import trimmed

_MARKS = (
    "\u2022\u25cf\u25aa\u25ab\u25e6\u25cb\u25a0\u25a1\u25ba\u25b6\u27a2\u27a4\u2713\u2714"
    "\u2726\u30fb\uff65\u2027\u25c9\u25b8\u25b9\u27a8\u2666\u2605\u25c6\u2023\u2043\u2219\u00b7\u2756\u29bf\u2192\u21d2\u2794\u279c\u27a1\u279d\u261b\u2717"
)
_BULLET = re.compile(
    rf"\s*(?:[{_MARKS}]+|\*(?!\*)|-?-> ?|=> ?|[-~>+](?=[\sA-Z(])|\[[ xX]?\](?=\s)|#(?= [a-z])"
    rf"|[\u00d8\u00fc\u00a7voq\u00e0\u00e8](?=\s+[A-Z\"0-9])"
    r"|\d{1,2}(?:\.\d{1,2}){1,2}[.)]?(?=\s{1,4}(?!Years|Yrs|Months|Million|Lakh|GPA|CGPA|FTE)[A-Z][a-z])"
    r"|\(?\d{1,2}[.)](?=\s|[A-Z])(?!\s*\d)|\d{1,2}-(?=\s?[A-Z][a-z])|\(?[a-z]\)\s"
    r"|[ivx]{1,4}[.)]\s)[\s\u2022*]{0,8}(?:\[[ xX]?\]\s{1,3})?"
)
_EMOJI = re.compile(
    "[\u2600-\u2604\u2614-\u261a\u26a0-\u26ff\u2705-\u2712\u2728\u2b50\U0001f000-\U0001faff][\ufe0f\u200d\u2640\u2642\\s]{0,6}"
)
_FIRST_EMOJI = "\u2600"
_INSIDE = re.compile(r"\s?[\u2022\u25cf\u25aa\u25e6\u25ba\u27a2\u2713\u2714\u30fb\u25b8]\s{0,4}(?=\S)")
_MIDDLE_DOT = re.compile(r"\s\u00b7\s{1,6}(?=\S)")
_WIDE_DOT = re.compile(r"\s{0,2}\u00b7\s{2,12}(?=\S)")  # a bullet of a word processor
_TIGHT_DASH = re.compile(r"(?<=[a-z.)!?])-\s{1,3}(?=[A-Z0-9])")  # "Doing- Lead the crew- Mend the nets"
_DASH = re.compile(r"\s-\s{1,3}(?=[A-Z])")
_DASH_AFTER_STOP = re.compile(r"(?<=[.;:])\s{1,3}-\s{1,3}(?=[A-Z])")
_ALNUM = re.compile(r"[^\W_]")
_MARK_INSIDE = re.compile(r"[\u2022\u25cf\u25aa\u25e6\u25ba\u27a2\u2713\u2714\u00b7\u30fb\u25b8]")
_SPLITS = re.compile(r"[->*\d](?:(?<=\s[->*])\s|(?<=\s\d)\d?[.)-])")
_STAR = re.compile(r"(?:(?<=[:.;])|\s)\*\s{1,3}(?=[A-Z])")
_ARROW = re.compile(r"\s>\s{1,3}(?=\S)")
_NUMBER = re.compile(r"(?:^|(?<=\s))(\d{1,2})(?:[.)]\s{1,3}|-\s{0,2})(?=[A-Z])")
_BARE_NUMBER = re.compile(r"\s*(\d{1,2})\s{1,3}(?=[A-Z][a-z])")
_LABEL = re.compile(r"[^:\n.,]{2,24}:(?!//)")
_FIELDS = re.compile(r"(?:\s{3,8}|\s\|\s{1,2})(?=[A-Z][A-Za-z ./]{1,28}\s?:(?!//))")
# A label or heading with a colon or dash behind it, inside a line that may hold several.
_LABELLED = re.compile(
    r"(?:^|(?<=[\s.;|]))([A-Z][A-Za-z/]{1,16}(?: (?:and |& |of "
    r"|/ )?[A-Z][A-Za-z/]{1,16}){0,3})\s?[-:]{1,2}\s{1,3}(?=\S)"
)
_ATTRIBUTES = re.compile(r"\{[:%{][^\n]{0,200}\}")
_NUMBER_CELL = re.compile(r"\d{1,3}\.?\s{0,4}\|\s{0,4}(?=\S)")
_FIRST_WORD = re.compile(r"[a-z]+(?= [a-z])")
# Behind these a sentence goes on, whatever the next line opens with
_GOES_ON = frozenset(
    """and or to the a an of for in on with by at from as that which who will can may must should be also
    help helps not then you they we it your our their its this these into through via per
    while when where if""".split()
)
_HEADS = re.compile(r"#{1,6}\s|\*\*|__")


@dataclass(slots=True)
class Line:
    """Characters of one line or list item; `mark` says that a bullet or number stood before it, `gap`
    that an empty line did."""

    start: int
    end: int
    mark: bool
    gap: bool


LINES_LIMIT = 5_000
"""Lines and items of a text that are read. Postings have under 500; what lies beyond is not looked at."""


def logical_lines(view: str) -> list[Line]:
    """The text's lines in order, empty ones left out."""
    lines: list[Line] = []
    offset, gap, number, last = 0, False, 0, 0
    margin = _margin(view)
    for raw in view.split("\n"):
        words = raw.strip()
        start = offset + len(raw) - len(raw.lstrip())
        end = start + len(words)
        offset += len(raw) + 1
        number_cell = False
        if words.startswith(("|", "{")):
            start, end, number_cell = _cell(view, start, end)
        if not words or start == end:
            gap = True
            continue
        if len(lines) >= LINES_LIMIT:
            break
        content, mark = _after_bullet(view, start, end)
        mark = mark or number_cell
        bare = _BARE_NUMBER.match(view, start, end) if view[start].isdigit() else None
        if bare and not mark and int(bare[1]) == number + 1:
            number += 1
            content, mark = bare.end(), True
        if content >= end:
            gap = True
            continue
        wrapped = bool(margin) and last >= 0.7 * margin and not gap
        last = len(raw)
        if lines and _continues(view, lines[-1], content, end, mark, wrapped=wrapped, margin=margin):
            lines[-1].end = end
        else:
            head = classified(view, content, end) if not lines else None
            if head:
                lines.append(Line(content, head.end(1), False, gap))
                lines.append(Line(head.start(2), head.end(3 if head[3] else 2), False, False))
                content = head.end()
            lines.extend(_taken_apart(view, Line(content, end, mark, gap)))
        gap = False
    return lines


def _after_bullet(view: str, start: int, end: int) -> tuple[int, bool]:
    if "A" <= view[start] <= "Z":  # no mark opens so
        return start, False
    if not _ALNUM.search(view, start, end):
        return end, False
    emoji = _EMOJI.match(view, start, end) if view[start] >= _FIRST_EMOJI else None
    if emoji:
        return emoji.end(), False
    match = _BULLET.match(view, start, end)
    if not match:
        return start, False
    if view[start] == "*" and view[end - 1] == "*" and match.end() == start + 1:
        return start, False  # *a line in bold*
    return match.end(), True


def _margin(view: str) -> int:
    """The width at which a text is wrapped, 0 if it isn't: most of its long lines end within a sentence that
    goes on with a small letter."""
    rows = view.split("\n", 400)[:400]
    widest = max(map(len, rows), default=0)
    if len(rows) < 8 or not 50 <= widest <= 120:
        return 0
    pairs = [
        (row.rstrip(), below.lstrip())
        for row, below in pairwise(rows)
        if len(row) >= 0.7 * widest and below.strip() and not _BULLET.match(below)
    ]
    open_ = [below for row, below in pairs if row and row[-1] not in ".!?:;"]
    small = sum(below[0].islower() for below in open_)
    return widest if len(open_) >= 4 and small >= len(open_) / 2 else 0


def _cell(view: str, start: int, end: int) -> tuple[int, int, bool]:
    """A row of a Markdown table without its edges and number, and whether it had one; attributes of a page
    builder ("{: .wide }") are no text."""
    if view[start] == "{":
        return (end, end, False) if _ATTRIBUTES.fullmatch(view, start, end) else (start, end, False)
    start, end = trimmed(view, start, end, "|")
    number = _NUMBER_CELL.match(view, start, end)
    return (number.end(), end, True) if number else (start, end, False)


def _continues(
    view: str, last: Line, start: int, end: int, mark: bool, *, wrapped: bool, margin: int
) -> bool:
    """Whether a line goes on with the sentence of the line before, as in text wrapped at a margin."""
    first, ending = view[start], view[last.end - 1]
    if mark or ending in ".!?:;" or not (first.islower() or wrapped or ending in ",&/"):
        return False
    if _HEADS.match(view, start, end) or _LABEL.match(view, start, end):
        return False
    if view[last.start].islower() and not last.mark:
        return False
    if first.islower():
        return not view.startswith(("http", "www."), start) and not (
            margin == 0 and _opens_next_item(view, last, start, end)
        )
    if wrapped and view[last.start : start].count("\n") < 12:
        return True
    return ending in ",&/" and last.end - last.start > 60 and view[last.start : start].count("\n") == 1


def _opens_next_item(view: str, last: Line, start: int, end: int) -> bool:
    """Whether a line in a text that is not wrapped is an item below another though it opens with a small
    letter: "manage the stores" below "Prepare the monthly reports for the board"."""
    words = view[last.start : last.end].lower().split()
    here = _FIRST_WORD.match(view, start, end)
    return (
        here is not None
        and not last.mark
        and "\n" in view[last.end : start]
        and words[-1] not in _GOES_ON
        and not words[-1].endswith("ly")
        and FORMS.get(here[0]) == "base"
        and here[0] not in AMBIGUOUS
        and (FORMS.get(words[0]) == "base" or words[0] == "responsible")
    )


def _taken_apart(view: str, line: Line) -> list[Line]:
    """A line that holds a whole list ("• a • b • c", " - A - B - C", "1. A 2. B") as its items."""
    start, end = line.start, line.end
    fields = (
        [(m.start(), m.end()) for m in _FIELDS.finditer(view, start + 1, end)]
        if view.find(":", start + 20, end) > 0
        else []
    )
    if fields:
        ends = [left for left, _ in fields[1:]] + [end]
        pieces = [Line(start, fields[0][0], line.mark, line.gap)]
        pieces += [Line(right, stop, False, False) for (_, right), stop in zip(fields, ends, strict=True)]
        return [part for piece in pieces for part in _taken_apart(view, piece) if part.start < part.end]
    labels = _run_of_fields(view, start, end) if end - start > 90 else []
    if labels:
        found: list[Line] = []
        for left, right in pairwise([start, *labels, end]):
            bounds = trimmed(view, left, right, "|")
            if bounds[0] < bounds[1]:
                found += _list_apart(view, Line(*bounds, line.mark and not found, line.gap and not found))
        return found
    return _list_apart(view, line)


def _list_apart(view: str, line: Line) -> list[Line]:
    """The items of a list on one line, or the line."""
    start, end = line.start, line.end
    starred = view.find("* ", start + 1, end) > 0
    dashed = view.find("- ", start + 1, end) > 0
    if end - start < 20 or not (
        starred or dashed or _MARK_INSIDE.search(view, start + 1, end) or _SPLITS.search(view, start + 2, end)
    ):
        return [line]
    cuts = [(m.start(), m.end()) for m in _INSIDE.finditer(view, start + 1, end)]
    if not cuts:
        cuts = [(m.start(), m.end()) for m in _WIDE_DOT.finditer(view, start + 1, end)]
    if not cuts:
        dots = [(m.start(), m.end()) for m in _MIDDLE_DOT.finditer(view, start + 1, end)]
        if dots and (end - start) / (len(dots) + 1) > 30:
            cuts = dots
    if not cuts and starred:
        stars = [(m.start(), m.end()) for m in _STAR.finditer(view, start + 1, end)]
        cuts = stars if len(stars) >= 3 else []
    if not cuts:
        dashes = [(m.start(), m.end()) for m in _DASH.finditer(view, start + 1, end)]
        if len(dashes) < 3 or (end - start) / (len(dashes) + 1) < 25:
            dashes = [(m.start(), m.end()) for m in _DASH_AFTER_STOP.finditer(view, start + 1, end)]
        cuts = dashes
    if not cuts and dashed:
        tight = [(m.start(), m.end()) for m in _TIGHT_DASH.finditer(view, start + 1, end)]
        cuts = tight if len(tight) >= 3 and (end - start) / (len(tight) + 1) >= 25 else []
    if not cuts and view.count(" > ", start, end) >= 3:
        cuts = [(m.start(), m.end()) for m in _ARROW.finditer(view, start + 1, end)]
    if not cuts:
        cuts = _numbered(view, start, end)
    if not cuts:
        return [line]
    pieces = [Line(start, cuts[0][0], line.mark, line.gap)]
    ends = [left for left, _ in cuts[1:]] + [end]
    pieces += [Line(right, stop, True, False) for (_, right), stop in zip(cuts, ends, strict=True)]
    for piece in pieces:
        piece.start, piece.end = trimmed(view, piece.start, piece.end)
    return [p for p in pieces if p.start < p.end]


def _run_of_fields(view: str, start: int, end: int) -> list[int]:
    """Where the labels of a line start that is a run of them: "Company- Fern Dairy Experience- 2 yrs ..."."""
    if view.find("- ", start, end) < 0 and view.find(": ", start, end) < 0:
        return []
    cuts = [at for m in _LABELLED.finditer(view, start, end) if (at := _field_start(m)) is not None]
    enough = 2 if all(view[cut - 2 : cut] == "; " for cut in cuts[1:]) else 3
    return [cut for cut in cuts if cut > start] if len(cuts) >= enough else []


def _field_start(match: re.Match[str]) -> int | None:
    """Where the longest label that the capitals end in starts: of "Any Working Days" the second word."""
    at, words = match.start(1), match[1]
    while words:
        if label_kind(words) is not None or S.heading_section(words) is not None:
            return at
        first, _, words = words.partition(" ")
        at += len(first) + 1
    return None


def _numbered(view: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where 1., 2., 3. stand in a line, if they count up from 1 or 2."""
    cuts: list[tuple[int, int]] = []
    expected = 0
    for match in _NUMBER.finditer(view, start, end):
        number = int(match[1])
        if (not cuts and number in (1, 2)) or number == expected:
            cuts.append((match.start(), match.end()))
            expected = number + 1
    return cuts if len(cuts) >= 2 else []
