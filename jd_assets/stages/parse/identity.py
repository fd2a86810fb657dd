"""Names of runs that come out the same each time."""

from __future__ import annotations

from datetime import date
from uuid import NAMESPACE_URL, uuid5

_NAMESPACE = uuid5(NAMESPACE_URL, "jd-assets/run")


def run_id(jd_id: str, ds: date) -> str:
    """UUIDv5 of a JD and a day: the same however often the day runs."""
    return str(uuid5(_NAMESPACE, f"{jd_id}/{ds.isoformat()}"))
