"""Finds the skills that a JD names: the library's spellings in the text, and what stands among them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from jd_assets.library.release import Release, SkillEntry
from jd_assets.library.spelling import Hit, Token, fold
from jd_assets.stages.skills.unknown import unknown_skills
from jd_assets.tables import EXTRACTED_SKILLS

SILENT_SECTIONS = frozenset({"company", "benefits", "apply", "legal"})
"""Sections that speak of the employer, not of what the job asks for."""

PROPER_NAMES = frozenset({"LANGUAGE", "FRAMEWORK", "LIBRARY", "TOOL", "PLATFORM", "STANDARD"})
"""Natures of skills whose names are written with a capital: Teams is a product, teams are people."""

_EXTRA = re.compile(
    r"\b(?:nice|good|great) to have\b|\b(?:is|are|as|be|a|an|big|huge|added) (?:plus|bonus|advantage)\b"
    r"|\bpreferred\b|\bpreferably\b|\bdesirable\b|\bdesired\b|\boptional(?:ly)?\b|\bideally\b|\bbonus\b"
    r"|\bnot (?:mandatory|essential|a must)\b|\badvantageous\b|\badded advantage\b",
    re.IGNORECASE,
)
_NEGATION = re.compile(
    r"\b(?:no|without|not)\s+(?:prior\s+|any\s+)?(?:\w+\s+){0,2}$"
    r"|\b(?:don'?t|do not|doesn'?t) need\s+(?:\w+\s+){0,3}$",
    re.IGNORECASE,
)
_NOT_NEEDED = re.compile(
    r"^\s*(?:\w+\s+){0,2}(?:is|are)?\s*not (?:needed|required|necessary)\b", re.IGNORECASE
)
_LIST_GAP = re.compile(r"^[\s,;/|&+()•·–—-]*(?:and|or|&)?[\s,;/|&+()•·–—-]*$", re.IGNORECASE)
_NEAR_TOKENS = 12

BY_NAME, BY_ALIAS, IN_CONTEXT = 0.82, 0.65, 0.55
"""Confidence by the kind of match: the share that was right on 57 labelled postings, of 439, 442 and 116."""

NO_SKILLS = frozenset({"education", "company_name", "locations", "salary"})
"""Fields whose words, where they were read, are no skills: an MBA is a degree, Reading a city."""


@dataclass
class Found:
    """A skill of a JD while its mentions are gathered; `start` and `end` are its first mention's."""

    name: str
    entry: SkillEntry | None
    start: int
    end: int
    section: str
    evidence: str
    is_primary: bool
    confidence: float
    matched_via: str
    mentions: int = 1


@dataclass(frozen=True)
class _Segment:
    start: int
    end: int
    section: str
    kind: str
    extra: bool


def extract(raw: pl.DataFrame, parsed: pl.DataFrame, release: Release) -> pl.DataFrame:
    """EXTRACTED_SKILLS of the JDs that passed.

    `raw` has RAW_JDS' rows and `parsed` PARSED_JDS' rows of one day.
    """
    texts = dict(raw.filter(pl.col("status") == "ok").select("jd_id", "text").iter_rows())
    rows: list[dict[str, Any]] = []
    passed = parsed.filter(pl.col("jd_type") == "pass")
    for ds, jd_id, engine, segments, grounding in passed.select(
        "ds", "jd_id", "engine", "segments", "grounding"
    ).iter_rows():
        text = texts[jd_id]
        spoken_for = [(g["start"], g["end"]) for g in grounding if g["field"] in NO_SKILLS]
        for skill in find_skills(text, segments, release, spoken_for):
            rows.append(
                {
                    "ds": ds,
                    "jd_id": jd_id,
                    "skill_name": skill.name,
                    "skill_slug": skill.entry.slug if skill.entry else None,
                    "is_new": skill.entry is None,
                    "kind": skill.entry.kind if skill.entry else "hard",
                    "category": skill.entry.category if skill.entry else None,
                    "surface": text[skill.start : skill.end],
                    "start": skill.start,
                    "end": skill.end,
                    "section": skill.section,
                    "evidence": skill.evidence,
                    "mentions": skill.mentions,
                    "is_primary": skill.is_primary,
                    "confidence": skill.confidence,
                    "matched_via": skill.matched_via,
                    "engine": engine,
                }
            )
    return EXTRACTED_SKILLS.frame(rows)


def find_skills(
    text: str,
    segments: Iterable[Mapping[str, Any]],
    release: Release,
    spoken_for: Sequence[tuple[int, int]] = (),
) -> list[Found]:
    """The skills of one JD, by their first mention; each is there once.

    `segments` are PARSED_JDS' segments of the text, `spoken_for` places that were read as something else,
    such as a degree. Mentions in sections that speak of the employer, and
    denied ones ("no Java needed"), don't count.
    """
    parts = _segments(text, segments)
    starts = [p.start for p in parts]
    words = release.spellings.tokens(text)
    hits = list(release.spellings.find(words))
    found: dict[str, Found] = {}
    for number, hit in enumerate(hits):
        start, end = words[hit.first].start, words[hit.last].end
        part = parts[max(bisect_right(starts, start) - 1, 0)] if parts else None
        section = part.section if part and start < part.end else "other"
        if section in SILENT_SECTIONS or _denied(text, start, end):
            continue
        if any(a <= start and end <= b for a, b in spoken_for):
            continue
        entry = release.skills[hit.value]
        surface = text[start:end]
        via, confidence = (
            ("name", BY_NAME)
            if _folded(words, hit) == release.folded_names[hit.value]
            else ("alias", BY_ALIAS)
        )
        if _is_ambiguous(words, hit, release):
            if not _in_context(text, words, hits, number, release):
                continue
            confidence = IN_CONTEXT
        extra = section == "preferred" or (part is not None and part.extra)
        evidence = text[part.start : part.end].strip() if part else surface
        _add(found, Found(entry.name, entry, start, end, section, evidence, not extra, confidence, via))
    taken = [(words[h.first].start, words[h.last].end) for h in hits]
    for new in unknown_skills(text, [(p.start, p.end, p.section) for p in parts], taken):
        part = parts[max(bisect_right(starts, new.start) - 1, 0)]
        _add(
            found,
            Found(
                text[new.start : new.end], None, new.start, new.end, part.section,
                text[part.start : part.end].strip(), not (part.extra or part.section == "preferred"),
                new.confidence, "pattern",
            ),
        )  # fmt: skip
    return sorted(found.values(), key=lambda s: s.start)


def _segments(text: str, segments: Iterable[Mapping[str, Any]]) -> list[_Segment]:
    """The segments; what stands under a heading such as "Nice to have" is an extra too."""
    parts, heading_extra = [], False
    for s in segments:
        body = text[s["start"] : s["end"]]
        extra = _EXTRA.search(body) is not None
        if s["kind"] == "heading":
            heading_extra = extra
        parts.append(_Segment(s["start"], s["end"], s["section"], s["kind"], extra or heading_extra))
    return parts


def _add(found: dict[str, Found], new: Found) -> None:
    key = new.entry.slug if new.entry else fold(new.name)
    old = found.get(key)
    if old is None:
        found[key] = new
        return
    old.mentions += 1
    old.is_primary = old.is_primary or new.is_primary
    old.confidence = max(old.confidence, new.confidence)


def _folded(words: Sequence[Token], hit: Hit) -> str:
    return " ".join(w.text for w in words[hit.first : hit.last + 1])


def _is_ambiguous(words: Sequence[Token], hit: Hit, release: Release) -> bool:
    return _folded(words, hit) in release.ambiguous_spellings[hit.value]


def _in_context(
    text: str, words: Sequence[Token], hits: Sequence[Hit], number: int, release: Release
) -> bool:
    """An ordinary word is the skill if it is written like a name and one of its context words stands
    near, or if it stands in a list beside a spelling that is no ordinary word."""
    hit = hits[number]
    entry = release.skills[hit.value]
    beside = [
        _LIST_GAP.match(_between(text, words, hit, hits[other])) is not None
        and not _is_ambiguous(words, hits[other], release)
        for other in (number - 1, number + 1)
        if 0 <= other < len(hits)
    ]
    surface = text[words[hit.first].start : words[hit.last].end]
    spelling = release.ambiguous_spellings[hit.value][_folded(words, hit)]
    if entry.nature in PROPER_NAMES and surface.lower() != spelling.lower():
        return False
    if (surface.islower() and entry.nature in PROPER_NAMES) or (spelling.isupper() and not surface.isupper()):
        # Written as an ordinary word, it counts only well inside a list that is written so throughout.
        return len(beside) == 2 and all(beside)
    if any(beside):
        return True
    near = words[max(hit.first - _NEAR_TOKENS, 0) : hit.first]
    around = {t.text for t in (*near, *words[hit.last + 1 : hit.last + 1 + _NEAR_TOKENS])}
    return any(context <= around for context in release.context_words[hit.value])


def _between(text: str, words: Sequence[Token], one: Hit, other: Hit) -> str:
    first, second = (one, other) if one.first < other.first else (other, one)
    start, end = words[first.last].end, words[second.first].start
    return text[start:end] if end - start <= 12 else "far apart"


def _denied(text: str, start: int, end: int) -> bool:
    return (
        _NEGATION.search(text[max(start - 40, 0) : start]) is not None
        or _NOT_NEEDED.match(text[end : end + 40]) is not None
    )
