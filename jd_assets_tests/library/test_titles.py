"""Titles reduced to what names the role."""

from __future__ import annotations

import pytest

from jd_assets.library.titles import title_key, title_variants


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("Senior Java Developer", "java developer"),
        ("Sr. Java Developer - II", "java developer"),
        ("Java Developer (Remote)", "java developer"),
        ("URGENT HIRING: Java Developer", "java developer"),
        ("C++ Developer", "c++ developer"),
        (".NET Developer", ".net developer"),
        ("Technical Lead", "technical lead"),
        ("", ""),
        ("M&A Analyst", "mergers and acquisitions analyst"),
    ],
)
def test_key(title: str, key: str) -> None:
    assert title_key(title) == key


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("Lead Java Developer", "java developer"),
        ("Java Developer - Payments Team", "java developer"),
        ("Web Developer / Graphic Designer", "graphic designer"),
        ("Sales Executive (Field, Two Wheeler)", "sales executive"),
        ("Associate Software Engineer", "software engineer"),
        ("Mechanical Engineer (Leeds) £40,000/year GBP", "mechanical engineer"),
    ],
)
def test_one_of_the_variants_is_the_plain_title(title: str, wanted: str) -> None:
    assert wanted in title_variants(title)


def test_the_literal_title_comes_before_what_is_cut_from_it() -> None:
    variants = title_variants("Lead Data Engineer - Retail")
    assert variants.index("lead data engineer retail") < variants.index("lead data engineer")
    assert variants.index("lead data engineer") < variants.index("data engineer")


@pytest.mark.parametrize("title", ["(" * 5000, "a / " * 3000, "at " * 3000, "-" * 10000])
def test_hostile_titles_take_no_time(title: str) -> None:
    assert isinstance(title_variants(title), list)
