"""Finds the skills that a JD names: the library's spellings and new names, each judged by the tagger."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import polars as pl

from jd_assets.library.release import Release
from jd_assets.library.spelling import fold
from jd_assets.models.hybrid import Hybrid, shipped_hybrid
from jd_assets.models.skill_tagger import SkillTagger, shipped_tagger
from jd_assets.stages.processes import spread
from jd_assets.stages.skills.acronyms import join_explained
from jd_assets.stages.skills.attributes import Encoder
from jd_assets.stages.skills.context import Part, has_denials, is_denied, is_perk
from jd_assets.stages.skills.found import Found, add, found_at, via_of
from jd_assets.stages.skills.listed import CONFIDENCE as LISTED
from jd_assets.stages.skills.listed import listed_names
from jd_assets.stages.skills.named import join_named
from jd_assets.stages.skills.reading import Reading, read
from jd_assets.stages.skills.tagging import Judged, confidence, judge, spans
from jd_assets.tables import EXTRACTED_SKILLS

NO_SKILLS = frozenset({"education", "company_name", "locations", "salary"})
"""Fields whose words, where they were read, are no skills: an MBA is a degree, Reading a city."""

LIBRARY, NEW = "library", "new"
"""Kinds of candidates; each has its own signs, curve from them to a confidence, and cut."""

OUT_OF_CONTEXT = "out_of_context"
"""Name of the cut for ordinary words without the words that their library entries ask for."""

_PIECE = 250  # JDs read at a time
_SPREAD_FROM = 1000  # JDs of a day from which on it pays to start processes, which takes them two seconds
_NAME = re.compile(r"(?=.*[^\W\d_]).{2,80}")


@dataclass(frozen=True)
class Posting:
    """A text to find skills in: PARSED_JDS' segments of it, and the places that were read as something else,
    such as a degree; the skills that a model named in it, if one was asked."""

    text: str
    segments: Iterable[Mapping[str, Any]]
    spoken_for: Sequence[tuple[int, int]] = ()
    named: Sequence[Mapping[str, Any]] | None = None


def extract(
    raw: pl.DataFrame, parsed: pl.DataFrame, release: Release, tagger: SkillTagger | None = None
) -> pl.DataFrame:
    """EXTRACTED_SKILLS of the JDs that passed; with the shipped tagger if none is given.

    `raw` has RAW_JDS' rows and `parsed` PARSED_JDS' rows of one day.
    """
    texts = raw.filter(pl.col("status") == "ok").select("jd_id", "text")
    passed = parsed.filter(pl.col("jd_type") == "pass")
    jds = passed.select("ds", "jd_id", "segments", "grounding", "named_skills").join(
        texts, on="jd_id", maintain_order="left"
    )
    workers = None if jds.height >= _SPREAD_FROM else 1
    work = partial(_extract_piece, release=release, tagger=tagger)
    frames = spread(work, jds.iter_slices(_PIECE), workers)
    return pl.concat(frames) if frames else EXTRACTED_SKILLS.frame([])


def _extract_piece(jds: pl.DataFrame, release: Release, tagger: SkillTagger | None) -> pl.DataFrame:
    """Rows of some JDs: a day is read in pieces, so that its words never stand in memory all at once."""
    rows = jds.rows(named=True)
    postings = [posting_of(jd["text"], jd) for jd in rows]
    return EXTRACTED_SKILLS.frame(
        _row(jd["ds"], jd["jd_id"], jd["text"], skill)
        for jd, found in zip(rows, find_skills(postings, release, tagger), strict=True)
        for skill in found
    )


def posting_of(text: str, parsed: Mapping[str, Any]) -> Posting:
    """A text as it was parsed; `parsed` has PARSED_JDS' segments, grounding and named_skills."""
    spoken_for = [(g["start"], g["end"]) for g in parsed["grounding"] if g["field"] in NO_SKILLS]
    return Posting(text, parsed["segments"], spoken_for, parsed["named_skills"])


def find_skills(
    postings: Sequence[Posting],
    release: Release,
    tagger: SkillTagger | None = None,
    how: Hybrid | None = None,
) -> Iterator[list[Found]]:
    """The skills of each posting, by their first mention; each is there once.

    Mentions in sections that speak of the employer, and denied ones ("no Java needed"), don't count, whoever
    found them. Where a model named the skills too, the two are joined, as the shipped numbers say or `how`.
    """
    tagger, how = tagger or shipped_tagger(), how or shipped_hybrid()
    readings = [read(p.text, p.segments, release) for p in postings]
    encoder = Encoder(tagger.vocabularies, tagger.meanings, release.word_uses)
    judged = iter(judge([segment for r in readings for _, segment in r.parts], encoder, tagger))
    for posting, reading in zip(postings, readings, strict=True):
        own = [next(judged) for _ in reading.parts]
        yield _skills_of(reading, own, posting, release, tagger, how)


def _skills_of(
    reading: Reading,
    judged: Sequence[Judged],
    posting: Posting,
    release: Release,
    tagger: SkillTagger,
    how: Hybrid,
) -> list[Found]:
    text, words = reading.text, reading.words
    found: dict[str, Found] = {}

    denials = has_denials(text)

    def counts(part: Part, start: int, end: int) -> bool:
        if (denials and is_denied(text, part, start, end)) or is_perk(text, part, start, end):
            return False
        return not any(a <= start and end <= b for a, b in posting.spoken_for)

    number = 0
    for (part, segment), said in zip(reading.parts, judged, strict=True):
        taken = bytearray(len(segment))  # 1 for words of the library's spellings
        evidence = text[part.start : part.end].strip()
        while number < len(reading.hits) and reading.hits[number].first < segment.first:
            number += 1
        while number < len(reading.hits) and reading.hits[number].first < segment.last:
            hit, fits = reading.hits[number], reading.fits[number]
            number += 1
            first, last = hit.first - segment.first, min(hit.last, segment.last - 1) - segment.first
            taken[first : last + 1] = b"\1" * (last + 1 - first)
            odds = min(said.log_odds[first : last + 1])
            via = via_of(hit, release)
            signs = library_signs(odds, via, fits, float(release.skill_idf[hit.value]))
            sure = confidence(signs, tagger.scales[LIBRARY])
            start, end = words.starts[hit.first], words.ends[hit.last]
            needed = tagger.cuts[LIBRARY if fits else OUT_OF_CONTEXT]
            if sure < needed or not counts(part, start, end):
                continue
            entry = release.skills[hit.value]
            add(found, entry.slug, found_at(part, evidence, start, end, entry, via, signs, sure))
        for span in spans(said, tagger):
            if any(taken[span.first : span.last + 1]):
                continue
            sure = confidence((span.log_odds,), tagger.scales[NEW])
            start, end = words.starts[segment.first + span.first], words.ends[segment.first + span.last]
            name = " ".join(text[start:end].split())
            if sure < tagger.cuts[NEW] or not _NAME.fullmatch(name) or not counts(part, start, end):
                continue
            new = found_at(part, evidence, start, end, None, "tagger", (span.log_odds,), sure)
            new.name, new.kind = name, "soft" if span.is_soft else "hard"
            add(found, fold(name) or name, new)
    _add_listed(found, reading, counts)
    join_explained(found, text)
    if posting.named is not None:
        join_named(found, reading, posting.named, counts, release, how)
    return sorted(found.values(), key=lambda s: s.start)


def _add_listed(found: dict[str, Found], reading: Reading, counts: Callable[[Part, int, int], bool]) -> None:
    """Adds names of lists that the tagger did not take; what it took stays as it is."""
    text, words = reading.text, reading.words
    taken = [(words.starts[h.first], words.ends[h.last]) for h in reading.hits]
    taken += [(s.start, s.end) for s in found.values()]
    parts = [part for part, _ in reading.parts]
    for part, new in listed_names(text, parts, taken):
        if counts(part, new.start, new.end):
            evidence = text[part.start : part.end].strip()
            skill = found_at(part, evidence, new.start, new.end, None, "list", (), LISTED)
            skill.name = text[new.start : new.end]
            add(found, fold(skill.name) or skill.name, skill)


def library_signs(odds: float, via: str, fits: bool, idf: float) -> tuple[float, ...]:
    """What a library candidate's confidence is made of: the tagger's log odds for its least likely word,
    whether its spelling is an ordinary word, whether its context words stand by it then, whether it is the
    skill's name, and the skill's inverse role frequency."""
    ambiguous = via == "context"
    return odds, float(ambiguous), float(ambiguous and fits), float(via == "name"), idf


def _row(ds: Any, jd_id: str, text: str, skill: Found) -> dict[str, Any]:
    return {
        "ds": ds,
        "jd_id": jd_id,
        "skill_name": skill.name,
        "skill_slug": skill.entry.slug if skill.entry else None,
        "is_new": skill.entry is None,
        "kind": skill.kind,
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
        "engine": skill.engine,
    }
