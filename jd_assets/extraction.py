"""`jd-assets extract`: all stages on a file of {id, text} lines, one prediction a line."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl

from jd_assets.library.compile import ensure_release
from jd_assets.library.release import Release
from jd_assets.models.embedder import Embedder, shipped_embedder
from jd_assets.pipeline import Batch, run_stages
from jd_assets.settings import Settings
from jd_assets.stages.ingest.readers import read
from jd_assets.stages.ingest.records import FieldNames, Quarantined, Record
from jd_assets.stages.ingest.table import ingest
from jd_assets.storage.landing import limits

_CHUNK = 256
_FIELDS = FieldNames(text=("text",), id=("id",))
"""Nothing but these two is read of a line: a file of labelled JDs must not give its labels away."""

_DAY = date(2000, 1, 1)
"""Predictions have no day; any will do for the tables on the way."""


@dataclass(frozen=True)
class ExtractReport:
    """`lines` read, of which `jds` passed as JDs, in `seconds` with the library already loaded."""

    lines: int
    jds: int
    seconds: float


def extract_file(
    settings: Settings, source: Path, target: Path, on_progress: Callable[[int, int], None] | None = None
) -> ExtractReport:
    """Writes one prediction for each line of `source` to `target`, in the same order.

    A line that can't be read gives a prediction with `is_jd` false and the reason.

    Raises:
        LibraryError: the library can't be compiled.
        OSError: a file can't be read or written.
    """
    embedder = shipped_embedder()
    release = ensure_release(settings.library_sources, settings.releases_dir, embedder)
    with source.open("rb") as handle:
        total = sum(chunk.count(b"\n") for chunk in iter(lambda: handle.read(1 << 20), b""))
    started = time.perf_counter()
    lines = jds = 0
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        with source.open("rb") as stream, temporary.open("w", encoding="utf-8") as out:
            records = read(stream, source.with_suffix(".jsonl").name, _FIELDS, limits(settings))
            while chunk := list(islice(records, _CHUNK)):
                for prediction in predict(chunk, release, embedder):
                    out.write(json.dumps(prediction, ensure_ascii=False) + "\n")
                    lines += 1
                    jds += prediction["is_jd"]
                if on_progress:
                    on_progress(lines, max(total, lines))
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)
    return ExtractReport(lines, jds, time.perf_counter() - started)


def predict(
    records: list[Record | Quarantined], release: Release, embedder: Embedder
) -> Iterator[dict[str, Any]]:
    """A prediction for each record, in order; records with equal texts have equal ones."""
    raw = ingest(records, _DAY)
    by_jd = {p["jd_id"]: p for p in predictions(run_stages(raw, _DAY, release, embedder))}
    places = dict(raw.select("source_row", "jd_id").iter_rows())
    reasons = dict(raw.select("source_row", "reason").iter_rows())
    for record in records:
        known = by_jd.get(places[record.row]) or {"is_jd": False, "reject_reason": reasons[record.row]}
        yield {"id": record.source_id} | {k: v for k, v in known.items() if k != "jd_id"}


def predictions(batch: Batch) -> Iterator[dict[str, Any]]:
    """One dictionary for each of the batch's PARSED_JDS, with its `jd_id`."""
    skills = _grouped(batch.extracted_skills)
    duties = _grouped(batch.jd_kras)
    roles = {row["jd_id"]: row for row in batch.role_assignments.iter_rows(named=True)}
    for jd in batch.parsed_jds.iter_rows(named=True):
        jd_id = jd["jd_id"]
        role = roles.get(jd_id)
        slug = role["role_slug"] if role else None
        others = [a["role_slug"] for a in role["alternatives"]] if role else []
        yield {
            "jd_id": jd_id,
            "is_jd": jd["jd_type"] == "pass",
            "reject_reason": jd["reject_reason"],
            "role_slug": slug,
            "top_roles": [slug, *others] if slug else others,
            "role_case": role["case"] if role else "REJECTED",
            "role_confidence": role["confidence"] if role else None,
            "role_reasoning": role["reasoning"] if role else None,
            "job_title": jd["title"],
            "company_name": jd["company_name"],
            "experience_min": jd["experience_min"],
            "experience_max": jd["experience_max"],
            "education_levels": jd["education_levels"],
            "certifications": jd["certifications"],
            "cities": jd["cities"],
            "work_mode": jd["work_mode"],
            "salary": jd["salary_raw"],
            "skills": [
                {
                    "name": s["skill_name"],
                    "surface": s["surface"],
                    "kind": s["kind"],
                    "primary": s["is_primary"],
                    "confidence": s["confidence"],
                    "new": s["is_new"],
                }
                for s in skills.get(jd_id, [])
            ],
            "responsibilities": [d["sentence"] for d in duties.get(jd_id, [])],
        }


def _grouped(frame: pl.DataFrame) -> dict[str, list[dict[str, Any]]]:
    grouped: dict[str, list[dict[str, Any]]] = {}
    for row in frame.iter_rows(named=True):
        grouped.setdefault(row["jd_id"], []).append(row)
    return grouped
