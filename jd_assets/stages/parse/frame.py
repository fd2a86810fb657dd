"""The parse stage: rows of raw_jds in, rows of parsed_jds out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any

import polars as pl

from jd_assets.contracts import Reading
from jd_assets.stages.parse.identity import run_id
from jd_assets.stages.parse.jd_type import Rejection
from jd_assets.stages.parse.llm_merge import merge, readable
from jd_assets.stages.parse.nano import nano_parsed
from jd_assets.stages.parse.parsed import ParsedJd, parse_text
from jd_assets.stages.parse.reader import BOTH, Doubt, Reader
from jd_assets.stages.parse.view import words_of
from jd_assets.stages.processes import spread
from jd_assets.tables import PARSED_JDS

ENGINE = "embedded"
_PIECE = 200  # JDs read at a time
_SPREAD_FROM = 800  # JDs of a day from which on it pays to start processes, which takes them a second


def parse(
    raw: pl.DataFrame, ds: date, reader: Reader | None = None, doubt: Doubt | None = None
) -> pl.DataFrame:
    """Reads the day's JDs: one row of parsed_jds for each row of raw_jds whose status is ok.

    A text on which a rule fails unexpectedly is rejected with the reason parser_error and the exception's
    name; the others are read all the same. With a `reader`, JDs that the rules pass are read by it too; one
    that it could not read keeps the rules' row. With a `doubt` it reads only what that says.

    Raises:
        SchemaError: the rows don't fit parsed_jds, which is a fault of this stage.
    """
    wanted = raw.filter(pl.col("status") == "ok").select("jd_id", "text", "title", "company", "location")
    if reader is None:
        pieces = wanted.iter_slices(_PIECE)
        workers = None if wanted.height >= _SPREAD_FROM else 1
        frames = spread(partial(_parse_piece, ds=ds), pieces, workers)
        return pl.concat(frames) if frames else PARSED_JDS.frame([])
    by_rules = {r["jd_id"]: parse_record(r) for r in wanted.iter_rows(named=True)}
    texts = {i: readable(jd) for i, jd in by_rules.items() if not jd.rejection}
    parts = dict.fromkeys(texts, BOTH) if doubt is None else doubt.parts(by_rules)
    answers: dict[str, Reading] = {}
    for asked in sorted({p for p in parts.values() if p}, key=sorted):
        answers |= reader.read({i: text for i, text in texts.items() if parts[i] == asked}, ds, asked)
    return PARSED_JDS.frame(
        _row(i, ds, merge(jd, answers[i]), reader.engine if answers[i].fields else ENGINE)
        if i in answers
        else _row(i, ds, jd, ENGINE)
        for i, jd in by_rules.items()
    )


def _parse_piece(wanted: pl.DataFrame, ds: date) -> pl.DataFrame:
    """Rows of some JDs: a day is read in pieces, so that its rows never stand in Python all at once."""
    records = wanted.iter_rows(named=True)
    return PARSED_JDS.frame(_row(r["jd_id"], ds, parse_record(r), ENGINE) for r in records)


def parse_record(record: dict[str, Any]) -> ParsedJd:
    """One record's JD, read with its title, company and location as hints; never raises."""
    text = record.get("text") or ""
    try:
        return parse_text(
            text, title=record.get("title"), company=record.get("company"), location=record.get("location")
        )
    except Exception as error:  # whatever a hostile text brings about must cost that text only
        detail = f"{type(error).__name__}: the rules failed on this text"
        return ParsedJd(text, Rejection("parser_error", detail))


def misplaced(raw: pl.DataFrame, parsed: pl.DataFrame) -> int:
    """How many values of a day's parsed_jds, whatever engine read them, are not the words at their places.

    `raw` has jd_id, status and text of raw_jds, `parsed` jd_id, grounding and named_skills of parsed_jds.
    """
    texts = dict(raw.filter(pl.col("status") == "ok").select("jd_id", "text").iter_rows())
    wrong = 0
    for jd_id, places, skills in parsed.select("jd_id", "grounding", "named_skills").iter_rows():
        said = [(p["value"], p) for p in places] + [(s["surface"], s) for s in skills or ()]
        wrong += sum(not words or texts[jd_id][p["start"] : p["end"]] != words for words, p in said)
    return wrong


def groundings(jd: ParsedJd) -> Iterator[tuple[str, int, int]]:
    """Field, start and end of each value that was read."""
    for name, value in (
        ("title", jd.title),
        ("company_name", jd.company),
        ("about_company", jd.about_company),
    ):
        if value:
            yield name, value.start, value.end
    if jd.experience:
        yield "experience", jd.experience.start, jd.experience.end
    if jd.pay:
        yield "salary", jd.pay.start, jd.pay.end
    if jd.work_mode:
        yield "work_mode", jd.work_mode.start, jd.work_mode.end
    for place in jd.locations:
        yield "locations", place.surface.start, place.surface.end
    for degree in jd.education:
        yield "education", degree.start, degree.end
    for name, values in (("certifications", jd.certifications), ("urls", jd.urls), ("emails", jd.emails)):
        for value in values:
            yield name, value.start, value.end


def _row(jd_id: str, ds: date, jd: ParsedJd, engine: str) -> dict[str, Any]:
    return {"ds": ds, "jd_id": jd_id, "run_id": run_id(jd_id, ds), "engine": engine} | parsed_row(jd)


def parsed_row(jd: ParsedJd) -> dict[str, Any]:
    """What PARSED_JDS holds of a JD but its names."""
    grounded = [
        {"field": name, "value": jd.text[start:end], "start": start, "end": end}
        for name, start, end in groundings(jd)
    ]
    nano = nano_parsed(jd)
    pay, experience = jd.pay, jd.experience
    return {
        "jd_type": jd.jd_type,
        "reject_reason": jd.rejection.reason if jd.rejection else None,
        "reject_detail": jd.rejection.detail if jd.rejection else None,
        "language": jd.language,
        "title": nano.role,
        "role_aliases": nano.role_aliases,
        "role_archetype": nano.role_archetype,
        "company_name": nano.company_name,
        "about_company": nano.about_company,
        "domain_primary": jd.domain_primary,
        "domain_secondary": jd.domain_secondary,
        "experience_min": experience.least if experience else None,
        "experience_max": experience.most if experience else None,
        "experience_raw": nano.experience.raw,
        "salary_min": pay.least if pay else None,
        "salary_max": pay.most if pay else None,
        "salary_currency": pay.currency if pay else None,
        "salary_period": pay.period if pay else None,
        "salary_raw": nano.ctc.raw if nano.ctc else None,
        "work_mode": jd.work_mode.value if jd.work_mode else None,
        "locations": [
            place.model_dump() for place in nano.job_locations if place.city or place.state or place.country
        ],
        "cities": jd.cities,
        "education": [
            {
                "level": degree.level,
                "qualification": words_of(jd.text, degree.start, degree.end),
                "requirement": degree.requirement,
                "raw": words_of(jd.text, degree.raw_start, degree.raw_end),
            }
            for degree in jd.education
        ],
        "education_levels": jd.education_levels,
        "certifications": nano.certifications,
        "urls": nano.urls,
        "emails": [e.value for e in jd.emails],
        "words": jd.words,
        "segments": [
            {"start": s.start, "end": s.end, "section": s.section, "kind": s.kind, "duty": s.duty}
            for s in jd.segments
        ],
        "grounding": grounded,
        "named_skills": None
        if jd.named_skills is None
        else [
            {
                "surface": jd.text[s.start : s.end],
                "start": s.start,
                "end": s.end,
                "kind": s.kind,
                "is_primary": s.is_primary,
            }
            for s in jd.named_skills
        ],
        "values_found": len(grounded),
        "values_grounded": len(grounded),
        "values_dropped": jd.dropped,
        "nano_parsed": nano.model_dump_json(by_alias=True),
    }
