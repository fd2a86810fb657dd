"""Shifts told from chance."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jd_assets.stages.drift.shifts import MOST_PSI, is_comparable, mix_shift, rise

COUNTS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 500), min_size=1)


def test_a_rise_is_the_two_proportion_z_test() -> None:
    found = rise(30, 100, 100, 1000)
    pooled = 130 / 1100
    assert (found.share, found.before) == (0.3, 0.1)
    assert found.z == pytest.approx(0.2 / math.sqrt(pooled * (1 - pooled) * (1 / 100 + 1 / 1000)))
    assert found.is_notable


def test_a_fall_a_small_rise_and_an_unsure_one_are_not_notable() -> None:
    assert not rise(0, 100, 300, 1000).is_notable
    assert not rise(1300, 10_000, 10_000, 100_000).is_notable  # sure, but three points only
    assert not rise(3, 20, 50, 1000).is_notable  # ten points, but of twenty JDs


def test_no_jds_have_no_share_and_no_mix() -> None:
    with pytest.raises(ValueError, match="no JDs"):
        rise(0, 0, 1, 10)
    with pytest.raises(ValueError, match="no JDs"):
        mix_shift({}, {"a": 1})


def test_twenty_jds_can_be_compared_with_a_hundred() -> None:
    assert is_comparable(20, 100)
    assert not is_comparable(19, 1000)
    assert not is_comparable(1000, 99)


def test_the_index_is_the_sum_over_groups() -> None:
    found = mix_shift({"a": 100, "b": 300}, {"a": 3000, "b": 1000})
    p, q = 100.5 / 401, 3000.5 / 4001
    wanted = (p - q) * math.log(p / q) + (q - p) * math.log((1 - p) / (1 - q))
    assert found.psi == pytest.approx(wanted)
    assert found.psi > 1
    assert found.is_notable


def test_the_quantile_is_that_of_the_tables() -> None:
    # 0.999 quantiles of chi-squared: 10.83 with 1, 29.59 with 10 and 149.45 with 100 degrees of freedom.
    for freedom, quantile in ((1, 10.83), (10, 29.59), (100, 149.45)):
        groups = {str(i): 1 for i in range(freedom + 1)}
        by_chance = mix_shift(groups, groups).by_chance
        assert by_chance == pytest.approx(quantile * 2 / len(groups), rel=0.035)


def test_chance_alone_is_seldom_notable() -> None:
    draw = np.random.default_rng(7)
    mix = draw.dirichlet(np.full(60, 0.5))
    names = [str(i) for i in range(60)]
    alarms = sum(
        mix_shift(
            dict(zip(names, map(int, draw.multinomial(80, mix)), strict=True)),
            dict(zip(names, map(int, draw.multinomial(1500, mix)), strict=True)),
        ).is_notable
        for _ in range(300)
    )
    assert alarms <= 6


def test_a_source_that_falls_silent_is_notable() -> None:
    before = {"nurse": 700, "driver": 400, "java": 900}
    assert mix_shift({"nurse": 35, "driver": 20, "java": 0}, before).is_notable
    assert not mix_shift({"nurse": 20, "driver": 11, "java": 24}, before).is_notable


@given(COUNTS, COUNTS)
def test_the_index_is_never_negative_and_the_same_both_ways(one: dict[str, int], two: dict[str, int]) -> None:
    there, back = mix_shift(one, two), mix_shift(two, one)
    assert there.psi >= 0
    assert there.psi == pytest.approx(back.psi)


@given(COUNTS, st.integers(1, 50))
def test_the_same_mix_in_other_numbers_is_not_notable(mix: dict[str, int], times: int) -> None:
    found = mix_shift(mix, {group: n * times for group, n in mix.items()})
    assert found.psi < max(MOST_PSI, found.by_chance)
