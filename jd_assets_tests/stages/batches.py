"""A batch of JDs run through all stages in memory, for tests of the late stages."""

from __future__ import annotations

import json
from datetime import date
from io import BytesIO

from jd_assets.library.release import Release
from jd_assets.models.embedder import Embedder
from jd_assets.pipeline import Batch, run_stages
from jd_assets.settings import Settings
from jd_assets.stages.ingest.readers import read
from jd_assets.stages.ingest.table import ingest
from jd_assets.storage.landing import field_names, limits

DAY = date(2026, 1, 5)


def batch_of(texts: dict[str, str], release: Release, embedder: Embedder) -> tuple[Batch, dict[str, str]]:
    """The tables of these texts, and each one's jd_id by its name."""
    use = Settings(_env_file=None)  # type: ignore[call-arg]
    lines = "\n".join(json.dumps({"id": name, "text": text}) for name, text in texts.items())
    raw = ingest(read(BytesIO(lines.encode()), "jds.jsonl", field_names(use), limits(use)), DAY)
    ids = dict(raw.select("source_id", "jd_id").iter_rows())
    return run_stages(raw, DAY, release, embedder), ids
