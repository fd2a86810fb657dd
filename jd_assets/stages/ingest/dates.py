"""The day that a row's date field names. Strict: what can be read in two ways is not read."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, tzinfo
from email.utils import parsedate_to_datetime
from enum import StrEnum

EARLIEST, LATEST = date(1990, 1, 1), date(2100, 12, 31)
"""A day outside is a mistake or a placeholder (1970-01-01, 9999-12-31), not a day of posting."""

_SECONDS = range(600_000_000, 10_000_000_000)
_NUMBER = re.compile(r"\d{8,13}(?:\.\d{1,9})?")
_TIME = r"(?:[T ,]{1,3}\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?: ?[AaPp]\.?[Mm]\.?)?)?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})([/.])(\d{{1,2}})\2(\d{{1,2}}){_TIME}")
_YEAR_LAST = re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}}){_TIME}")
_DAY_MONTH = re.compile(
    rf"(\d{{1,2}})(?:st|nd|rd|th)?[- /.]([a-z]{{3,9}})\.?,?[- /](\d{{4}}|\d{{2}}){_TIME}", re.I
)
_MONTH_DAY = re.compile(rf"([a-z]{{3,9}})\.? (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}}){_TIME}", re.I)
_RFC_2822 = re.compile(
    r"(?:[a-z]{3}, )?\d{1,2} [a-z]{3} \d{4} \d{2}:\d{2}(?::\d{2})? (?:[+-]\d{4}|[a-z]{1,4})", re.I
)
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip


class Order(StrEnum):
    """How 03/04/2024 is meant."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


class OrderEvidence:
    """What a column's own values say of its order: 25/12/2024 can be read in one way only."""

    def __init__(self) -> None:
        self._seen: set[Order] = set()

    def observe(self, value: object) -> None:
        found = _YEAR_LAST.fullmatch(value.strip()) if isinstance(value, str) else None
        if found is not None:
            first, second = int(found[1]), int(found[3])
            if first > 12 >= second:
                self._seen.add(Order.DAY_FIRST)
            elif second > 12 >= first:
                self._seen.add(Order.MONTH_FIRST)

    @property
    def order(self) -> Order | None:
        """The order that the values agree on; None where they show none, or both."""
        return next(iter(self._seen)) if len(self._seen) == 1 else None


def posting_day(value: object, order: Order | None, zone: tzinfo) -> date | None:
    """The day, None where the value names none without doubt.

    Read are ISO dates and date-times, seconds and milliseconds since 1970 (as number or text),
    2024/01/09, 09-Jan-2024, Jan 9, 2024, 9 January 2024, RFC 2822, and 03/04/2024 where `order` says
    how or where only one way gives a day. A moment with a time zone, and a count of seconds, is of
    the day that it falls on in `zone`.
    """
    try:
        day = _read(value, order, zone)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    return day if day is not None and EARLIEST <= day <= LATEST else None


def _read(value: object, order: Order | None, zone: tzinfo) -> date | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = (value if isinstance(value, str) else repr(value)).strip()
    if not 6 <= len(text) <= 40:
        return None
    if _NUMBER.fullmatch(text):
        return _from_number(text, zone)
    if found := _YEAR_FIRST.fullmatch(text):
        return date(int(found[1]), int(found[3]), int(found[4]))
    if found := _YEAR_LAST.fullmatch(text):
        return _from_parts(int(found[1]), int(found[3]), int(found[4]), order)
    if found := _DAY_MONTH.fullmatch(text):
        year = int(found[3])
        return date(year if year > 99 else 2000 + year, _month(found[2]), int(found[1]))
    if found := _MONTH_DAY.fullmatch(text):
        return date(int(found[3]), _month(found[1]), int(found[2]))
    if text[:4].isdecimal():
        return _of_moment(datetime.fromisoformat(text.removesuffix(" UTC")), text, zone)
    if _RFC_2822.fullmatch(text):
        return _of_moment(parsedate_to_datetime(text), text, zone)
    return None


def _from_number(text: str, zone: tzinfo) -> date | None:
    if len(text) == 8:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    number = float(text)
    for seconds in (number, number / 1000):
        if int(seconds) in _SECONDS:
            return datetime.fromtimestamp(seconds, zone).date()
    return None


def _from_parts(first: int, second: int, year: int, order: Order | None) -> date | None:
    if first > 12 or order is Order.DAY_FIRST:
        return date(year, second, first)
    if second > 12 or order is Order.MONTH_FIRST:
        return date(year, first, second)
    return date(year, first, second) if first == second else None


def _month(name: str) -> int:
    """The month's number.

    Raises:
        ValueError: no month has this name or short form.
    """
    folded = name.lower()
    for number, month in enumerate(_MONTHS, start=1):
        if folded in (month, month[:3]) or (folded, month) == ("sept", "september"):
            return number
    raise ValueError(f"{name} is no month")


def _of_moment(moment: datetime, text: str, zone: tzinfo) -> date:
    if text.endswith(" UTC"):
        moment = moment.replace(tzinfo=UTC)
    return (moment.astimezone(zone) if moment.tzinfo else moment).date()
