"""Finds the skills that a JD names: the library's spellings and new names, each judged by the tagger."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import polars as pl

from jd_assets.library.garbage import no_collection
from jd_assets.library.release import Release
from jd_assets.library.spelling import fold
from jd_assets.library.spotting import Spotter
from jd_assets.models.hybrid import Hybrid, shipped_hybrid
from jd_assets.models.skill_tagger import SkillTagger, shipped_tagger
from jd_assets.stages.processes import spread
from jd_assets.stages.skills.acronyms import join_explained
from jd_assets.stages.skills.attributes import Encoder
from jd_assets.stages.skills.candidates import Candidate, candidates
from jd_assets.stages.skills.context import Part, has_denials, is_denied, is_perk
from jd_assets.stages.skills.found import Found, add, found_at
from jd_assets.stages.skills.listed import CONFIDENCE as LISTED
from jd_assets.stages.skills.listed import listed_names
from jd_assets.stages.skills.named import join_named
from jd_assets.stages.skills.reading import Reading, read
from jd_assets.stages.skills.tagging import judge
from jd_assets.tables import EXTRACTED_SKILLS

NO_SKILLS = frozenset({"education", "company_name", "locations", "salary"})
"""Fields whose words, where they were read, are no skills: an MBA is a degree, Reading a city."""

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
    with no_collection():
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
    spotter = Spotter(release.spellings)
    readings = [read(p.text, p.segments, release, spotter) for p in postings]
    encoder = Encoder(tagger.vocabularies, tagger.meanings, release.word_uses)
    judged = judge([segment for r in readings for _, segment in r.parts], encoder, tagger)
    likely = iter(candidates(readings, judged, release, tagger))
    for posting, reading in zip(postings, readings, strict=True):
        own = [next(likely) for _ in reading.parts]
        yield _skills_of(reading, own, posting, release, how)


def _skills_of(
    reading: Reading,
    likely: Sequence[Sequence[Candidate]],
    posting: Posting,
    release: Release,
    how: Hybrid,
) -> list[Found]:
    """The skills among the candidates of each part of a posting that was read."""
    text, words = reading.text, reading.words
    found: dict[str, Found] = {}

    denials = has_denials(text)

    def counts(part: Part, start: int, end: int) -> bool:
        if (denials and is_denied(text, part, start, end)) or is_perk(text, part, start, end):
            return False
        return not any(a <= start and end <= b for a, b in posting.spoken_for)

    for (part, _), own in zip(reading.parts, likely, strict=True):
        evidence = text[part.start : part.end].strip() if own else ""
        for one in own:
            start, end = words.starts[one.first], words.ends[one.last]
            entry = release.skills[one.hit.value] if one.hit else None
            name = "" if entry else " ".join(text[start:end].split())
            if not (entry or _NAME.fullmatch(name)) or not counts(part, start, end):
                continue
            skill = found_at(part, evidence, start, end, entry, one.via, one.signs, one.confidence)
            if entry is None:
                skill.name, skill.kind = name, "soft" if one.is_soft else "hard"
            add(found, entry.slug if entry else fold(name) or name, skill)
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
