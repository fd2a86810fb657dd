"""Skills that a model named, tied to the library as the engine's own are and joined with them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from jd_assets.library.release import Release
from jd_assets.library.spelling import fold
from jd_assets.library.spotting import Hit
from jd_assets.models.hybrid import Hybrid
from jd_assets.stages.skills.context import Part, is_ambiguous
from jd_assets.stages.skills.found import EMBEDDED, Found, found_at, via_of
from jd_assets.stages.skills.reading import Reading

MODEL = "openai"
"""Engine of a skill that the model alone found."""
BOTH = "hybrid"
"""Engine of one that the embedded engine found too."""

_FILLERS = frozenset(("and", "or", "of", "in", "with", "the", "a"))

Counts = Callable[[Part, int, int], bool]


def join_named(
    found: dict[str, Found],
    reading: Reading,
    named: Sequence[Mapping[str, Any]],
    counts: Counts,
    release: Release,
    how: Hybrid,
) -> None:
    """Adds what a model named to what the embedded engine found, and takes out what the model did not name
    and the engine is not sure of.

    `named` are PARSED_JDS' named_skills. One that stands only where no skill counts, such as behind "no ...
    needed", is not taken. Words that are library spellings from end to end are those skills, ordinary words
    too, as the model read them in their context. Other words are a new skill, unless a library skill that
    the engine found stands in them: then they speak for that one.
    """
    confirmed: set[str] = set()
    for skill in named:
        place = _place(reading, skill, counts)
        if place is None:
            continue
        part, first, last = place
        hits = _spellings(reading, first, last)
        met = {} if hits else _met(found, reading, first, last)
        if any(f.entry for f in met.values()):
            confirmed.update(key for key, f in met.items() if f.entry)
            continue
        for key, new in _mentions(reading, skill, part, first, last, hits, release, how):
            if key in found:
                confirmed.add(key)
            elif met:  # the engine found other words of the same mention: the model's stand for them
                for old in met:
                    found.pop(old, None)
                met = {}
                new.engine = BOTH
            old_skill = found.setdefault(key, new)
            if skill["is_primary"] is not None:
                old_skill.is_primary = skill["is_primary"]
    for key, one in list(found.items()):
        if one.engine != EMBEDDED:
            continue
        if key in confirmed:
            # Wrong only where both are, if their errors are independent.
            one.engine, one.confidence = BOTH, round(1 - (1 - one.confidence) * (1 - how.precision), 4)
        elif one.confidence < how.keeps_from:
            del found[key]


def _place(reading: Reading, skill: Mapping[str, Any], counts: Counts) -> tuple[Part, int, int] | None:
    """Part and range of words of the skill's first mention that counts, from where the model's words stand
    first."""
    words = reading.words
    first = bisect_left(words.starts, skill["start"])
    last = bisect_left(words.starts, skill["end"]) - 1
    if first > last:
        return None
    wanted = words.texts[first : last + 1]
    for part, segment in reading.parts:
        for at in range(max(segment.first, first), segment.last - len(wanted) + 1):
            end = at + len(wanted) - 1
            if words.texts[at : end + 1] == wanted and counts(part, words.starts[at], words.ends[end]):
                return part, at, end
    return None


def _spellings(reading: Reading, first: int, last: int) -> list[Hit]:
    """The library's spellings that make up these words from end to end; none if others are left."""
    hits = [h for h in reading.hits if first <= h.first and h.last <= last]
    held = {n for h in hits for n in range(h.first, h.last + 1)}
    rest = {reading.words.texts[n] for n in range(first, last + 1) if n not in held}
    return hits if rest <= _FILLERS else []


def _met(found: Mapping[str, Found], reading: Reading, first: int, last: int) -> dict[str, Found]:
    """What the engine found at these words."""
    start, end = reading.words.starts[first], reading.words.ends[last]
    return {key: f for key, f in found.items() if f.start < end and start < f.end}


def _mentions(
    reading: Reading,
    skill: Mapping[str, Any],
    part: Part,
    first: int,
    last: int,
    hits: Sequence[Hit],
    release: Release,
    how: Hybrid,
) -> Iterator[tuple[str, Found]]:
    text, words = reading.text, reading.words
    evidence = text[part.start : part.end].strip()
    for hit in hits:
        entry = release.skills[hit.value]
        start, end = words.starts[hit.first], words.ends[hit.last]
        via = via_of(hit, is_ambiguous(hit, release), release)
        yield entry.slug, _by_model(found_at(part, evidence, start, end, entry, via, (), how.precision))
    if not hits:
        start, end = words.starts[first], words.ends[last]
        new = _by_model(found_at(part, evidence, start, end, None, "model", (), how.precision))
        new.name, new.kind = " ".join(text[start:end].split()), skill["kind"]
        yield fold(new.name) or new.name, new


def _by_model(skill: Found) -> Found:
    skill.engine = MODEL
    return skill
