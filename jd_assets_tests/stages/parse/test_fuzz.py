"""Texts made to be hard to read: whatever they are, parsing is quick, ordered and grounded.

The bound is process time, which other work on the machine doesn't count in: 2 s for each million
characters, and at least 2 s. A regular expression that backtracks takes minutes on one of these.
"""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jd_assets.stages.parse import ParsedJd, parse_text
from jd_assets.stages.parse.frame import groundings
from jd_assets.stages.parse.nano import nano_parsed
from jd_assets.stages.parse.view import READ_LIMIT

MILLION = 1_000_000
SECONDS_PER_MILLION = 2.0

_UNITS = {
    "one letter": "a",
    "one capital": "A",
    "one digit": "7",
    "nulls": "\0",
    "spaces": " ",
    "hard spaces": "\u00a0",
    "empty lines": "\n",
    "carriage returns": "\r\n",
    "letters on lines": "A\n",
    "bullets": "\u2022 ",
    "bullets with words": "\u2022 Plan\n",
    "bullets on one line": "Plan it \u2022 ",
    "dashes": "-",
    "ranges without end": "1-",
    "open brackets": "(",
    "close brackets": ")",
    "nested brackets": "([{",
    "at signs": "a@",
    "half addresses": "a@a.",
    "dots": ".",
    "dotted letters": "a.",
    "schemes": "http://",
    "hosts": "www.a-",
    "tags that never end": "<a ",
    "tags": "<b>",
    "nested lists": "<ul><li>",
    "comments": "<!--",
    "entities": "&amp;",
    "entities without end": "&#123",
    "right to left": "\u202e\u0645\u0631\u062d\u0628\u0627 ",
    "emoji": "\U0001f680",
    "joined emoji": "\U0001f468\u200d\U0001f469\u200d",
    "combining marks": "e\u0301\u0302\u0303",
    "marks alone": "\u0301",
    "letters drawn bold": "\U0001d412",
    "letters that grow in lower case": "\u0130",
    "private symbols": "\uf0b7",
    "surrogate halves": "\ud800",
    "line separators": "\u2028",
    "colons": "a: ",
    "bars": "a | ",
    "hashes": "#",
    "stars": "**",
    "underscores": "_",
    "quotes": "\"'",
    "commas": "a, ",
    "semicolons": "sort it; ",
    "slashes": "a/",
    "glued words": "partsInsure",
    "glued capitals": "ABCDef",
    "glued headings": "Client DetailsOur ",
    "capitals and small words": "Bank of the ",
    "capitalised words": "Acme ",
    "names with commas": "Acme, Leeds, ",
    "firms": "Acme Ltd. ",
    "possessives": "Acme's ",
    "cities": "Pune, ",
    "cities in states": "Salem, OR ",
    "years": "5 years ",
    "ranges of years": "3-5 years to ",
    "years in words": "five (5) years or ",
    "half experience": "at least ",
    "amounts": "$1 ",
    "ranges of amounts": "$1,000 - ",
    "amounts with codes": "Rs. 10 lakhs per ",
    "degrees": "master's ",
    "degrees and ors": "degree or ",
    "certificates": "Certified in Acme ",
    "licences": "driver's license or ",
    "long names of certificates": "Acme Bridge ",
    "labels": "Location: ",
    "labels with dashes": "Company- Acme Experience- ",
    "headings": "Responsibilities\n",
    "headings in capitals": "JOB DUTIES The ",
    "duties": "Manage the ",
    "promises": "you will ",
    "as a": "as a ",
    "roles for": "role in Acme for a ",
    "managers": "Sales Manager - ",
    "remote": "remote or hybrid, ",
    "remote work": "work from home, not ",
    "numbered": "1. ",
    "letters as numbers": "a) ",
    "dates": "2019 - present ",
    "markdown headings": "# A\n",
    "tables": "| a | b |\n",
}


def took(text: str) -> tuple[ParsedJd, float]:
    start = time.process_time()
    jd = parse_text(text)
    nano_parsed(jd)
    return jd, time.process_time() - start


def holds(jd: ParsedJd) -> None:
    """Segments in order, without overlap; values at their places, inside what was read."""
    last = 0
    for segment in jd.segments:
        assert last <= segment.start < segment.end <= len(jd.text)
        last = segment.end
    for _, start, end in groundings(jd):
        assert 0 <= start < end <= len(jd.text)
        assert jd.text[start:end].strip()


@pytest.mark.parametrize("unit", _UNITS.values(), ids=list(_UNITS))
def test_a_million_characters_of_one_thing(unit: str) -> None:
    jd, seconds = took((unit * (MILLION // len(unit) + 1))[:MILLION])
    holds(jd)
    assert seconds < SECONDS_PER_MILLION


@pytest.mark.parametrize(
    "text",
    [
        "<div>" * 20_000 + "Sales Manager" + "</div>" * 20_000,
        "(" * 30_000 + "a" + ")" * 30_000,
        "Responsibilities: " + "-".join("1" for _ in range(40_000)),
        "Salary: " + "9" * 90_000 + " per month",
        "Experience: " + "1" * 90_000 + " years",
        "Location: " + "Pune / " * 15_000,
        "Certifications: " + "PMP, " * 20_000,
        "Title: " + "Senior " * 15_000 + "Manager",
        "About " + "Acme " * 20_000 + "\nAcme is a firm.",
        "mail: " + "a." * 45_000 + "@acme.com",
        "x" * 99_990 + " 5 years of experience",
    ],
    ids=lambda t: ascii(t[:14]),
)
def test_one_long_thing(text: str) -> None:
    jd, seconds = took(text)
    holds(jd)
    assert seconds < SECONDS_PER_MILLION


def test_what_lies_beyond_the_limit_is_not_read() -> None:
    jd = parse_text(
        "Lens Grinder\n\nDuties\n- Grind the lenses of the day\n" + "\n" * READ_LIMIT + "Mail a@b.co"
    )
    assert not jd.emails
    assert jd.segments[-1].end <= READ_LIMIT


_PIECES = st.sampled_from([*_UNITS.values(), "\n", " ", "; ", ": ", ". ", "Duties:\n", "Requirements\n"])


@given(st.lists(_PIECES, min_size=1, max_size=5), st.integers(1, 400))
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_mixtures_that_repeat(pieces: list[str], times: int) -> None:
    text = "".join(pieces) * times
    jd, seconds = took(text)
    holds(jd)
    assert seconds < SECONDS_PER_MILLION


@given(st.lists(st.one_of(_PIECES, st.text(max_size=12)), max_size=80).map("".join))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_mixtures_that_dont(text: str) -> None:
    jd, _ = took(text)
    holds(jd)
