"""A JD cut into headings, items and sentences, each with its section, and with the duties marked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from jd_assets.stages.parse import sections as S
from jd_assets.stages.parse.announcing import announces
from jd_assets.stages.parse.by_content import settle_by_content
from jd_assets.stages.parse.duties import asks
from jd_assets.stages.parse.inline_headings import STRONG, at_inline_headings
from jd_assets.stages.parse.label_kinds import label_kind
from jd_assets.stages.parse.lines import Line, logical_lines
from jd_assets.stages.parse.openings import starts_with_verb
from jd_assets.stages.parse.sentences import split
from jd_assets.stages.parse.settle import HEADING, ITEM, SENTENCE, Draft, mark_duties
from jd_assets.stages.parse.unmarked import among_items, by_semicolons, run_on, verb_clauses
from jd_assets.stages.parse.view import clean, lowered, trimmed

__all__ = ["HEADING", "ITEM", "SENTENCE", "Segment", "segment", "segment_view"]


@dataclass(frozen=True, slots=True)
class Segment:
    """Characters `start` to `end` of the text: a heading, a list item or a sentence of a section."""

    start: int
    end: int
    section: str
    kind: str
    duty: bool = False


_LABEL_SECTION = {
    "title": S.TITLE,
    "company": S.COMPANY,
    "experience": S.REQUIREMENTS,
    "education": S.REQUIREMENTS,
    "certification": S.REQUIREMENTS,
    "salary": S.BENEFITS,
}
_WITH_VALUE = frozenset(("location", "experience", "salary"))  # labels whose value may stand in parentheses
_LONG_HEADING = 160
# "Each day differs, but here are some of the things you will work on"
_YOU_WILL = re.compile(
    r"\b(?:(?:things|tasks|work|projects|areas|what) you(?:'ll| will)(?: be)? (?:do|doing|work(?:ing)? on"
    r"|own|tackle)"
    r"|\byou(?:'ll| will)(?: be)?:)[:.]?$"
)
_CAPITALS = 9  # a rank below that of any "#"
_CLOSED = frozenset((S.COMPANY, S.BENEFITS, S.APPLY, S.LEGAL))
_VALUE = 110  # characters of a line that a label has to itself; more is a text that goes on
_OPENING = 80  # characters of a line in which the mark behind its heading stands
_COLON = re.compile(r"[^:\n]{2,70}?\s{0,3}:(?!//)\s{0,8}")
_DASHED = re.compile(r"[A-Za-z][A-Za-z /()]{2,35}?\s{0,2}[-\u2022]+\s{1,8}(?=\S)")
_BARRED = re.compile(r"([A-Za-z][A-Za-z /()]{2,35}?)\s{0,2}[|=]\s{1,8}(?=\S)")
_CAPITALS_FIRST = re.compile(
    r"([A-Z][A-Z &/]{5,40}[A-Z])\s{1,3}(?=[A-Z][a-z])"
)  # "JOB DUTIES The clerk files ..."
# The text that goes on behind a list's last item, its line break lost: "Mend the netsOur port is ..."
_GLUED_SENTENCE = re.compile(
    r"(?<=[a-z]{3})(?:Our|We|You|The|This|All|If|Please|What|Who|Why|Applicants?|Candidates?)(?= [a-z])"
)
_GLUED = re.compile(r"([A-Za-z][A-Za-z /]{1,30}[A-Za-z])\s?-(?=[A-Z0-9])")
_CLOSING = ".!?,;"


def segment(text: str) -> list[Segment]:
    """The text's segments in order, without overlap; offsets count characters of the text as given."""
    view = clean(text)
    return segment_view(view, lowered(view))


def segment_view(view: str, low: str) -> list[Segment]:
    """`segment` for a text that is cleaned already."""
    drafts = _drafts(view, low)
    settle_by_content(drafts, low)
    mark_duties(drafts, view, low)
    return [Segment(d.start, d.end, d.section, d.kind, d.duty) for d in drafts]


# -- lines to drafts ----------------------------------------------------------------------------------


def _drafts(view: str, low: str) -> list[Draft]:
    lines = [part for line in logical_lines(view) for part in at_inline_headings(view, line)]
    drafts: list[Draft] = []
    section, block, rank, brief = S.OTHER, 0, 0, False
    for index, line in enumerate(lines):
        following = lines[index + 1] if index + 1 < len(lines) else None
        heading_end, opened, label = _heading(view, low, line, following, first=index == 0)
        if label == "title" and not line.mark and _tells_work(low, heading_end, line.end):
            opened, label = S.DUTIES, None  # "Job Role: Supervise the site. Check the steel."
        if heading_end > line.start:
            if opened or label or section in (S.COMPANY, S.BENEFITS, S.APPLY, S.LEGAL):
                block += 1
            rest, end = trimmed(view, heading_end, line.end)
            here = opened or section
            if label and (opened is None or rest < end):
                here = _LABEL_SECTION.get(label, opened or S.OTHER)
            if opened:
                rank = _rank(view, line.start, heading_end)
            elif label is None and rank and _rank(view, line.start, heading_end) == rank:
                section = here = S.OTHER if rank < _CAPITALS or section in _CLOSED else section
            heading = trimmed(view, line.start, heading_end)
            drafts.append(Draft(*heading, here, HEADING, line.mark, block))
            introduces = opened is not None and view[end - 1] == ":"
            if label is None or introduces or (rest == end and opened is not None):
                section, brief = here, rest < end
            elif (
                rest == end
                or brief
                or (not line.mark and section not in (S.REQUIREMENTS, S.PREFERRED, S.SKILLS, S.OTHER))
            ):
                section = S.OTHER
            if rest < end:
                value_end = _value_end(view, rest, end) if label else end
                content = list(_content(view, rest, value_end, here, line.mark, block))
                for draft in content:
                    draft.value = label is not None
                drafts.extend(content)
                rest, end = trimmed(view, value_end, end)
                if rest < end and opened == S.REQUIREMENTS:  # "Qualifications: A degree. Two years at sea."
                    section = here
                if rest < end:
                    drafts.extend(_content(view, rest, end, section, False, block))
            continue
        here = S.TITLE if index == 0 and _is_title_line(view, line) else section
        if here == S.DUTIES and among_items(view, low, lines, index):
            drafts.append(Draft(line.start, line.end, here, ITEM, False, block, listed=True))
            continue
        drafts.extend(_content(view, line.start, line.end, here, line.mark, block))
    return drafts


def _rank(view: str, start: int, end: int) -> int:
    """How a heading is set apart: the count of its "#", `_CAPITALS`, or 0 if it shows neither."""
    if view[start] == "#":
        return len(view[start:end]) - len(view[start:end].lstrip("#"))
    return _CAPITALS if view[start:end].isupper() and end - start > 6 else 0


def _tells_work(low: str, start: int, end: int) -> bool:
    """Whether what follows a label is an account of the work, not a title."""
    start, end = trimmed(low, start, end)
    said = low[start:end]
    return end - start > 60 and "." in said and (starts_with_verb(said) or announces(said))


def _value_end(view: str, start: int, end: int) -> int:
    """Where the value of a label ends in a line that goes on: with its first sentence."""
    if end - start <= _VALUE:
        return end
    return split(view, start, end)[0][1]


def _content(view: str, start: int, end: int, section: str, mark: bool, block: int) -> Iterator[Draft]:
    if mark:
        glued = _GLUED_SENTENCE.search(view, start + 12, end)
        stop = glued.start() if glued else end
        yield Draft(start, stop, section, ITEM, True, block)
        if glued:
            yield from (Draft(*span, S.OTHER, SENTENCE, False, block) for span in split(view, stop, end))
        return
    spans = split(view, start, end)
    if section == S.DUTIES:
        spans = [part for span in spans for part in run_on(view, *span)]
    if section == S.OTHER and view.find(";", start, end) > 0:
        listed = [clause for span in spans for clause in verb_clauses(view, *span)]
        if len(listed) > len(spans):
            for left, right, item in listed:
                yield Draft(
                    left, right, S.DUTIES if item else section, ITEM if item else SENTENCE, item, block
                )
            return
    if section == S.DUTIES and len(spans) <= 2:
        clauses = [clause for span in spans for clause in by_semicolons(view, *span)]
        if len(clauses) > len(spans):
            for left, right in clauses:
                yield Draft(left, right, section, ITEM, True, block)
            return
    for left, right in spans:
        alone = len(spans) == 1
        yield Draft(left, right, section, SENTENCE, False, block, listed=alone)


def _is_title_line(view: str, line: Line) -> bool:
    return not line.mark and line.end - line.start <= 120 and view[line.end - 1] not in _CLOSING


def _heading(
    view: str, low: str, line: Line, following: Line | None, *, first: bool
) -> tuple[int, str | None, str | None]:
    """Where the heading at a line's start ends (the line's start if there is none), the section that it
    opens, and the field that it labels."""
    start, end = line.start, line.end
    none = (start, None, None)
    if end - start <= 110:
        whole = view[start:end]
        opened = S.heading_section(whole) if not (line.mark and view[end - 1] in ".;,") else None
        label = label_kind(whole)
        if opened is not None and (not line.mark or _heads_from_bullet(whole, opened)):
            if first and opened in (S.OTHER, S.REQUIREMENTS) and label == "title":
                return none
            return end, opened, label
        inside = view.find("(", start + 3, end)
        if label in _WITH_VALUE and inside > 0:
            return inside, None, label
        if (
            label is not None
            and not line.mark
            and not first
            and (view[end - 1] == ":" or _has_value_below(view, line, following))
        ):
            return end, None, label
    opening = view[start : min(end, start + _OPENING)]
    colon = _COLON.match(view, start, end) if ":" in opening else None
    if colon:
        head = colon[0].rstrip().rstrip(":")
        opened, label = S.heading_section(head), label_kind(head)
        if opened is not None or label is not None:
            if (
                line.mark
                and label is None
                and opened not in (S.DUTIES, S.REQUIREMENTS, S.PREFERRED, S.SKILLS, S.BENEFITS)
            ):
                return none
            if line.mark and opened == S.BENEFITS and colon.end() < end and label is None:
                return none  # "Compensation and benefits: evaluate the posts" among duties
            return colon.end(), opened, label
    bar = _BARRED.match(view, start, end) if "|" in opening or "=" in opening else None
    bar = bar or (_GLUED.match(view, start, end) if "-" in opening else None)
    if bar:
        label, barred = label_kind(bar[1]), bar[0].rstrip().endswith(("|", "="))
        if label and (label != "other" or barred):
            return bar.end(), None, label
        opened = S.heading_section(bar[1]) if barred and not first else None
        if opened:
            return bar.end(), opened, None
    caps = None if line.mark else _CAPITALS_FIRST.match(view, start, end)
    if caps:
        opened = S.heading_section(caps[1])
        if opened is not None:
            return caps.end(), opened, label_kind(caps[1])
    dash = _DASHED.match(view, start, end) if "-" in opening or "\u2022" in opening else None
    if dash:
        head = dash[0].rstrip(" -\u2022")
        label, opened = label_kind(head), S.heading_section(head)
        glued = dash[0].rstrip().endswith("-") and head == dash[0].rstrip()[:-1]  # "Working Days- 6"
        if (label and (label != "other" or glued)) or (
            opened in (S.DUTIES, S.REQUIREMENTS)
            and not line.mark
            and S.normal(head).split()[-1] in STRONG
            and not starts_with_verb(head.lower(), strict=True)
        ):
            return dash.end(), opened, label
    if (
        not first
        and not line.mark
        and following is not None
        and end - start <= _LONG_HEADING
        and _YOU_WILL.search(low, max(start, end - 60), end)
    ):
        return end, S.DUTIES, None
    if not first and _unknown_heading(view, low, line, following):
        text = low[start:end].lstrip("*#_ ")
        wants = asks(text) and view[end - 1] == ":"
        return (
            end,
            (S.PREFERRED if text.startswith(("prefer", "nice", "good to", "desir")) else S.REQUIREMENTS)
            if wants
            else None,
            None,
        )
    return none


def _heads_from_bullet(whole: str, opened: str) -> bool:
    return (
        opened in (S.DUTIES, S.REQUIREMENTS, S.PREFERRED, S.BENEFITS)
        and (
            whole.rstrip().endswith(":") or (len(whole.split()) <= 3 and not whole.startswith(("A ", "An ")))
        )
        and label_kind(whole) is None
    )


def _has_value_below(view: str, line: Line, following: Line | None) -> bool:
    if following is None or following.mark:
        return False
    return following.end - following.start <= 160 and view[line.start : line.end].lstrip("# ")[:1].isupper()


def _unknown_heading(view: str, low: str, line: Line, following: Line | None) -> bool:
    """A short line that stands over others in words that the vocabulary lacks."""
    text = view[line.start : line.end].strip("*#_ ")
    if not text or (text[-1] in ".!?,;" and not (following and following.mark and not line.mark)):
        return False
    words = text.split()
    if not words or len(words) > 15:
        return False
    if text[-1] == "." and starts_with_verb(text.lower()):
        return False
    if text[-1] == ":":
        return len(words) <= (7 if line.mark else 12)
    if line.mark or following is None or "\n" not in view[line.end : following.start]:
        return False
    if following.mark:
        return not (low.startswith(("must", "should"), line.start) and len(words) > 8) and (
            line.gap or len(words) <= 8
        )
    if len(words) > 6 or asks(low[line.start : line.end]):
        return False
    if text.isupper() and len(text) > 3:
        return True
    longer = following.end - following.start > max(70, 2 * len(text))
    capital = sum(w[0].isupper() for w in words if len(w) > 3) >= sum(len(w) > 3 for w in words)
    return longer and capital and line.gap
