"""What every extractor gives: values with the place in the text that they were read from."""

from __future__ import annotations

from dataclasses import dataclass

from jd_assets.stages.parse.header import Part
from jd_assets.stages.parse.segments import Segment
from jd_assets.stages.parse.surfaces import Surfaces
from jd_assets.stages.parse.view import words_of


@dataclass(frozen=True, slots=True)
class Grounded:
    """A value and the characters of the text, `text[start:end]`, that say so."""

    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Label:
    """The value of a line such as "Location: Pune", or of a label that has its value below it."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Posting:
    """One JD as the extractors read it.

    `view` is the clean copy of `text` and `low` its lower case, character by character; both may be
    shorter than a very long text. The hints come from fields of the record that the JD came in.
    """

    text: str
    view: str
    low: str
    segments: tuple[Segment, ...]
    labels: tuple[Label, ...] = ()
    header: tuple[Part, ...] = ()
    title_hint: str | None = None
    company_hint: str | None = None
    location_hint: str | None = None

    def labelled(self, kind: str) -> list[Label]:
        return [label for label in self.labels if label.kind == kind]

    def grounded(self, start: int, end: int, value: str | None = None) -> Grounded:
        """The span as a value; its own words unless a normal form is given."""
        return Grounded(words_of(self.text, start, end) if value is None else value, start, end)

    def hinted(self, hint: str | None) -> tuple[int, int] | None:
        """Where the text holds a field of its record, whatever its case and spacing; None if nowhere."""
        words = (hint or "").strip()
        if not words:
            return None
        at = self.text.find(words, 0, len(self.view))
        if at >= 0:
            return at, at + len(words)
        return Surfaces(self.text).find(words)

    def segment_at(self, offset: int) -> Segment | None:
        """The segment that holds a character, if one does."""
        low, high = 0, len(self.segments)
        while low < high:
            middle = (low + high) // 2
            if self.segments[middle].end <= offset:
                low = middle + 1
            else:
                high = middle
        if low < len(self.segments) and self.segments[low].start <= offset:
            return self.segments[low]
        return None
