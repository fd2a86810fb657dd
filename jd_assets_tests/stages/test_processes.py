"""Work spread over processes: same results in the same order, whatever happens to a process."""

from __future__ import annotations

import os
import threading
from functools import partial

import pytest

from jd_assets.stages.processes import spread


def who(number: int) -> tuple[int, int]:
    return number * number, os.getpid()


def slow_here(number: int, caller: int) -> tuple[int, int]:
    """Leaves the other process time to start."""
    if os.getpid() == caller:
        threading.Event().wait(0.05)
    return who(number)


def ends_elsewhere(number: int, caller: int) -> tuple[int, int]:
    if os.getpid() != caller:
        os._exit(3)
    return slow_here(number, caller)


def prints(number: int, caller: int) -> tuple[int, int]:
    print("words among the results")
    return slow_here(number, caller)


def fails_at_seven(number: int) -> int:
    if number == 7:
        raise ZeroDivisionError("seven")
    return number


@pytest.mark.parametrize("work", [slow_here, prints])
def test_results_come_in_order_from_both_processes(work: object) -> None:
    results = spread(partial(work, caller=os.getpid()), range(60), workers=2)  # type: ignore[operator]
    assert [square for square, _ in results] == [n * n for n in range(60)]
    assert len({process for _, process in results}) == 2


def test_one_worker_is_the_caller() -> None:
    assert spread(who, range(3), workers=1) == [(n * n, os.getpid()) for n in range(3)]
    assert spread(who, [], workers=1) == []


def test_pieces_of_a_process_that_ends_are_done_by_the_caller() -> None:
    results = spread(partial(ends_elsewhere, caller=os.getpid()), range(40), workers=3)
    assert [square for square, _ in results] == [n * n for n in range(40)]
    assert {process for _, process in results} == {os.getpid()}


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_reaches_the_caller(workers: int) -> None:
    with pytest.raises(ZeroDivisionError, match="seven"):
        spread(fails_at_seven, range(20), workers=workers)


def test_pieces_are_read_when_somebody_is_free() -> None:
    taken: list[int] = []
    pieces = (taken.append(n) or n for n in range(20))  # type: ignore[func-returns-value]
    with pytest.raises(ZeroDivisionError):
        spread(fails_at_seven, pieces, workers=1)
    assert taken == list(range(8))


def test_results_are_told_as_they_come() -> None:
    told: list[tuple[int, int]] = []
    results = spread(who, range(20), workers=2, on_result=told.append)
    assert sorted(told) == sorted(results)
    assert [square for square, _ in results] == [n * n for n in range(20)]
