from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jd_assets.stages.ingest.dates import EARLIEST, LATEST, Order, OrderEvidence, posting_day

KOLKATA = ZoneInfo("Asia/Kolkata")
DAY = date(2024, 1, 9)


@pytest.mark.parametrize(
    "value",
    ["2024-01-09", " 2024-01-09 ", "20240109", 20240109, "2024-01-09T23:59:59", "2024-01-09 07:30",
     "2024-01-09T10:00:00.123Z", "2024-01-08T18:30:00+00:00", "2024-01-08 18:30:00 UTC", "2024/01/09",
     "2024/1/9 10:30", "2024.01.09", "09-Jan-2024", "9-jan-24", "9 January 2024", "9th Jan, 2024",
     "09-Jan-2024 10:30 AM", "Jan 9, 2024", "January 9th 2024", "Tue, 09 Jan 2024 10:00:00 GMT",
     1704738600, 1704738600.5, "1704738600", 1704738600000, "1704738600000"],
)  # fmt: skip
def test_forms_that_are_read(value: object) -> None:
    assert posting_day(value, None, KOLKATA) == DAY


@pytest.mark.parametrize(
    "value",
    [None, "", "today", "3 days ago", True, ["2024-01-09"], {"d": 1}, float("nan"), float("inf"), 5, 10**400,
     "2024-02-30", "30/02/2024", "13/13/2024", "2024-01", "09-Foo-2024", "01/09/24", "1970-01-01",
     "9999-12-31", "0000-00-00", "2024-01-09T", "2024-01-09 and more", "x" * 10_000, "\x00"],
)  # fmt: skip
def test_what_names_no_day_without_doubt_is_not_read(value: object) -> None:
    assert posting_day(value, Order.DAY_FIRST, KOLKATA) is None


def test_day_and_month_are_not_guessed() -> None:
    assert posting_day("03/04/2024", None, KOLKATA) is None
    assert posting_day("03/04/2024", Order.DAY_FIRST, KOLKATA) == date(2024, 4, 3)
    assert posting_day("03-04-2024", Order.MONTH_FIRST, KOLKATA) == date(2024, 3, 4)
    assert posting_day("25/12/2024", None, KOLKATA) == date(2024, 12, 25)
    assert posting_day("12.25.2024 08:00", None, KOLKATA) == date(2024, 12, 25)
    assert posting_day("05/05/2024", None, KOLKATA) == date(2024, 5, 5)


@pytest.mark.parametrize(
    ("values", "order"),
    [
        (["03/04/2024", "25/04/2024", "2024-01-01", None, 5], Order.DAY_FIRST),
        (["03/04/2024", "04/25/2024"], Order.MONTH_FIRST),
        (["03/04/2024", "05/06/2024"], None),
        (["25/04/2024", "04/25/2024"], None),
        (["99/99/2024"], None),
    ],
)
def test_the_column_as_a_whole_settles_the_order(values: list[object], order: Order | None) -> None:
    evidence = OrderEvidence()
    for value in values:
        evidence.observe(value)
    assert evidence.order is order


def test_a_moment_is_of_the_day_it_falls_on_here() -> None:
    assert posting_day("2024-01-08T20:00:00Z", None, KOLKATA) == DAY
    assert posting_day("2024-01-08T20:00:00Z", None, ZoneInfo("America/Lima")) == date(2024, 1, 8)


@given(st.dates(EARLIEST, LATEST), st.sampled_from(list(Order)))
def test_every_day_is_read_back(day: date, order: Order) -> None:
    slashed = f"{day:%d/%m/%Y}" if order is Order.DAY_FIRST else f"{day:%m/%d/%Y}"
    forms = [
        day.isoformat(),
        f"{day:%Y/%m/%d}",
        f"{day:%d-%b-%Y}",
        f"{day:%B} {day.day}, {day.year}",
        slashed,
    ]
    assert [posting_day(form, order, KOLKATA) for form in forms] == [day] * len(forms)


@given(st.none() | st.text(max_size=45) | st.integers() | st.floats() | st.binary(max_size=5))
def test_nothing_raises(value: object) -> None:
    evidence = OrderEvidence()
    evidence.observe(value)
    found = posting_day(value, evidence.order, KOLKATA)
    assert found is None or EARLIEST <= found <= LATEST
