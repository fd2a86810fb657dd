"""What the embedded engine is not sure of, and what is asked of a reader then."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl
import pytest

from jd_assets import contracts as C
from jd_assets.library.release import Release
from jd_assets.models.hybrid import Hybrid, shipped_hybrid
from jd_assets.stages.parse.frame import parse, parse_record
from jd_assets.stages.parse.reader import BOTH
from jd_assets.stages.unsure import Unsure, field_signs, fields_confidence
from jd_assets_tests.days import jd_text

DAY = date(2026, 1, 5)
CLEAR = jd_text("v1", 0)
BLURRED = " ".join((CLEAR + "- Review the code of others and keep the services fast. " * 15).split())
RECIPE = "Melt the butter, stir in the flour and whisk the milk into it. " * 4


class Reader:
    """Notes what it is asked, and reads nothing."""

    engine = "hybrid"

    def __init__(self) -> None:
        self.asked: dict[str, frozenset[C.Part]] = {}

    def read(
        self, texts: Mapping[str, str], ds: date, parts: frozenset[C.Part] = BOTH
    ) -> Mapping[str, C.Reading]:
        assert not self.asked.keys() & texts.keys(), "one request for each JD"
        self.asked |= dict.fromkeys(texts, parts)
        return {}


def asking(below: float) -> Hybrid:
    how = shipped_hybrid()
    return Hybrid(how.field_weights, {"fields": below, "skills": below}, how.precision, how.keeps_from)


def raw(*texts: str) -> pl.DataFrame:
    rows = [
        {"status": "ok", "jd_id": f"jd-{n}", "text": text, "title": None, "company": None, "location": None}
        for n, text in enumerate(texts)
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(rows[0], pl.String))


def test_a_text_that_lost_its_lines_is_less_sure() -> None:
    clear, blurred = (parse_record({"text": text}) for text in (CLEAR, BLURRED))
    how = shipped_hybrid()
    assert len(field_signs(clear)) + 1 == len(how.field_weights)
    assert fields_confidence(blurred, how) < how.asks_below["fields"] < fields_confidence(clear, how)


@pytest.mark.parametrize(("below", "wanted"), [(0.0, {}), (1.01, {"jd-0": BOTH, "jd-1": BOTH})])
def test_all_or_nothing_is_asked_at_the_ends(below: float, wanted: dict[str, object], mini: Release) -> None:
    reader = Reader()
    parse(raw(CLEAR, BLURRED, RECIPE), DAY, reader, Unsure(mini, asking(below)))
    assert reader.asked == wanted


def test_each_part_is_asked_where_it_is_unsure(mini: Release) -> None:
    how = shipped_hybrid()
    fields_only = Hybrid(how.field_weights, {"fields": how.asks_below["fields"], "skills": 0.0}, 0.85, 0.7)
    reader = Reader()
    frame = parse(raw(CLEAR, BLURRED), DAY, reader, Unsure(mini, fields_only))
    assert reader.asked == {"jd-1": frozenset(["fields"])}
    assert frame.equals(parse(raw(CLEAR, BLURRED), DAY))
