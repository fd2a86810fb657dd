"""Published days for tests of the web app, made by the stages without Dagster."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

import polars as pl

from jd_assets.library.release import Release
from jd_assets.models.embedder import Embedder
from jd_assets.pipeline import run_stages
from jd_assets.schema import Table
from jd_assets.settings import Settings
from jd_assets.stages.capture.queue import review_queue
from jd_assets.stages.centroids.centroids import contributions, role_centroids
from jd_assets.stages.enrich.outputs import pipeline_runs
from jd_assets.stages.ingest.table import ingest
from jd_assets.storage.analyst import publish
from jd_assets.storage.files import Card, Warehouse, content_hash, stored_form
from jd_assets.storage.landing import landing_days, read_day
from jd_assets.tables import BY_NAME, CAPTURES, LIBRARY_RELEASE, LLM_CALLS, REVIEW_QUEUE

SCRIPT = "<script>alert(1)</script>"

NURSE = """Staff Nurse
Company: Example Hospital
Location: Pune

Responsibilities
- Give medication to patients as prescribed and record it.
- Dress wounds and watch them for infection.
- Polish the brass lamps of the reading room every evening.

Requirements
- 2-4 years of experience
- Wound care, Zorbulator, medication administration
- Bachelor's degree in Nursing
"""

ANALYST = """Data Analyst
Company: Example Numbers
Location: Mumbai

Responsibilities
- Build dashboards in Power BI for the sales teams.
- Clean and analyse data with SQL every day.

Requirements
- 1-3 years of experience
- SQL, Zorbulator, Power BI, data analysis
"""

HOSTILE = f"""{SCRIPT} Java Developer "><img src=x onerror=alert(1)>
Company: Example {SCRIPT} Works
Location: Pune

Responsibilities
- Develop microservices in Java and Spring Boot {SCRIPT} for customers.
- Profile and tune the JVM memory of "><svg onload=alert(1)> services.

Requirements
- Java, Spring, {SCRIPT}, SQL
- 3-5 years of experience
"""

NO_JD = "Thank you for the lovely evening. The soup was warm and the music was good."

FIRST, SECOND = date(2026, 1, 5), date(2026, 1, 6)

DAYS: Mapping[date, Sequence[Mapping[str, str]]] = {
    FIRST: (
        {"text": NURSE},
        {"text": ANALYST},
        {"text": NURSE},
        {"text": HOSTILE, "title": SCRIPT, "company": f"Example {SCRIPT} Works"},
    ),
    SECOND: ({"text": ANALYST.replace("Example Numbers", "Sample Figures")}, {"text": NO_JD}),
}


_WARD = {"text": NURSE, "title": "Ward Nurse"}
UPLOADED = (
    b"".join(
        json.dumps(row).encode() + b"\n" for row in (_WARD, {"text": ANALYST}, _WARD, {"note": "no text"})
    )
    + b"{broken"
)
"""A file of an upload: JDs, one that repeats another, and records that can't be read."""

BATCH = f"{SECOND}-{hashlib.sha256(UPLOADED).hexdigest()[:32]}"
"""Its id, where it lands on the second day."""


def land(settings: Settings, ds: date, jds: Sequence[Mapping[str, str]]) -> None:
    """Puts a file of JDs into a day's landing folder."""
    folder = settings.landing_dir / ds.isoformat()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "jds.jsonl").write_text("".join(json.dumps(jd) + "\n" for jd in jds), encoding="utf-8")


def publish_landed(settings: Settings, release: Release, embedder: Embedder) -> None:
    """Every landed day through all stages, and the analyst database."""
    warehouse = Warehouse(settings.warehouse_dir)
    now = datetime(2026, 1, 7, 3, 0, tzinfo=UTC)
    contributed: list[pl.DataFrame] = []
    captured: list[pl.DataFrame] = []
    for ds in landing_days(settings.landing_dir):
        batch = run_stages(ingest(read_day(settings, ds), ds), ds, release, embedder)
        frames = dict(vars(batch))
        contributed.append(contributions(batch.role_assignments, batch.kra_embeddings, ds))
        captured.append(batch.captures)
        frames["centroid_contributions"] = contributed[-1]
        frames["role_centroids"] = role_centroids(release, pl.concat(contributed), [ds])
        frames["llm_calls"] = LLM_CALLS.frame([])
        frames["pipeline_runs"] = pipeline_runs(
            batch.parsed_jds,
            batch.role_assignments,
            frames["llm_calls"],
            seconds_by_api={1: 0.5, 2: 0.01, 3: 0.02},
            dagster_run_id=None,
            created_at=now,
            updated_at=now,
        )
        contents: dict[str, str] = {}
        for name, frame in frames.items():
            contents[name] = _write(warehouse, BY_NAME[name], ds, frame, {})
        for name, frame in frames.items():
            table = BY_NAME[name]
            _write(warehouse, table, ds, frame, {source: contents[source] for source in table.inputs})
    _write(warehouse, LIBRARY_RELEASE, None, LIBRARY_RELEASE.frame([_release_row(release)]), {})
    queue = review_queue(pl.concat(captured) if captured else CAPTURES.frame([]), {}, release, embedder)
    _write(warehouse, REVIEW_QUEUE, None, queue, {})
    report = publish(warehouse, settings.analyst_db)
    assert not report.held_back


def _write(
    warehouse: Warehouse, table: Table, ds: date | None, frame: pl.DataFrame, inputs: Mapping[str, str]
) -> str:
    rows = table.conform(frame)
    content = content_hash(table, rows)
    warehouse.write(
        warehouse.path(table, ds), rows.select(stored_form(table).names), Card(content=content, inputs=inputs)
    )
    return content


def _release_row(release: Release) -> dict[str, object]:
    return {
        "release": release.release,
        "roles": len(release.roles),
        "skills": len(release.skills),
        "spellings": release.spellings.spellings,
        "titles": len(release.titles),
        "kras": sum(len(r.kras) for r in release.roles),
        "dimensions": len(release.dimension_groups),
        "model": release.model,
        "attribution": release.attribution,
        "compiled_at": datetime.fromisoformat(release.compiled_at),
    }
