"""A JD's text cut into pieces, each with the values that were read from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from jd_assets.web.answers import JdRows


@dataclass(frozen=True)
class Span:
    """`text[start:end]` says `label`; `kind` is field, skill or duty."""

    start: int
    end: int
    kind: str
    label: str


@dataclass(frozen=True)
class Piece:
    """A part of the text under the same spans; `starts` are those whose first piece this is."""

    text: str
    spans: tuple[Span, ...]
    starts: tuple[Span, ...]

    @property
    def kinds(self) -> str:
        return " ".join(dict.fromkeys(s.kind for s in self.spans))

    @property
    def label(self) -> str:
        return "; ".join(dict.fromkeys(s.label for s in self.spans))


def spans_of(jd: JdRows) -> list[Span]:
    """Where the JD's grounded fields, skills and duties stand, in the order of the text."""
    fields = [
        Span(g["start"], g["end"], "field", f"{g['field'].replace('_', ' ')}: {g['value']}")
        for g in jd.parsed_jds["grounding"]
    ]
    skills = [
        Span(s["start"], s["end"], "skill", f"skill: {s['skill_name']}{' (new)' if s['is_new'] else ''}")
        for s in jd.extracted_skills
    ]
    duties = [Span(k["start"], k["end"], "duty", f"duty {k['position']}") for k in jd.jd_kras]
    return sorted((*fields, *skills, *duties), key=lambda s: (s.start, -s.end, s.label))


def pieces(text: str, spans: Sequence[Span]) -> list[Piece]:
    """The whole text, in order and without overlap; spans that lie outside of it or hold nothing are
    left out. Takes time in proportion to the pieces and the spans over each."""
    inside = [s for s in spans if 0 <= s.start < s.end <= len(text)]
    cuts = sorted({0, len(text), *(s.start for s in inside), *(s.end for s in inside)})
    inside.sort(key=lambda s: s.start)
    made: list[Piece] = []
    over: list[Span] = []
    coming = 0
    for start, end in pairwise(cuts):
        over = [s for s in over if s.end > start]
        begin = coming
        while coming < len(inside) and inside[coming].start == start:
            coming += 1
        starts = inside[begin:coming]
        over += starts
        made.append(Piece(text[start:end], tuple(over), tuple(starts)))
    return made


@dataclass(frozen=True)
class Quote:
    """A span's words with what stands around them: `before` and `after` end at whole words, with a sign of
    what is left out. `start` is the span's, under which its mark in the text can be found."""

    kind: str
    label: str
    start: int
    before: str
    words: str
    after: str


def quotes(text: str, spans: Sequence[Span], around: int = 60) -> list[Quote]:
    """Each span's words as they stand in the text, with at most `around` characters on each side; spans
    that lie outside of it or hold nothing are left out."""
    made = []
    for span in spans:
        if not 0 <= span.start < span.end <= len(text):
            continue
        before, after = text[: span.start], text[span.end :]
        if len(before) > around:
            before = "… " + before[-around:].partition(" ")[2]
        if len(after) > around:
            after = after[:around].rpartition(" ")[0] + " …"
        made.append(Quote(span.kind, span.label, span.start, before, text[span.start : span.end], after))
    return made
