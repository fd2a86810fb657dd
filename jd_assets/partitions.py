"""The daily partitions: one for each ingestion day, from the first day in the settings to today."""

from __future__ import annotations

from datetime import date

from dagster import DailyPartitionsDefinition

from jd_assets.settings import settings

# Today's folder can be run before the day ends; the schedule takes yesterday's.
DAYS = DailyPartitionsDefinition(start_date=settings().first_day, timezone=settings().timezone, end_offset=1)


def day_of(partition_key: str) -> date:
    return date.fromisoformat(partition_key)
