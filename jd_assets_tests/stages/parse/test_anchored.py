"""Patterns that are tried only where their words stand find what they find everywhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jd_assets.stages.parse import segments, title
from jd_assets.stages.parse.anchored import Anchored

PATTERNS = (title._PROSE, title._LOWER_PROSE, segments._INLINE)
PIECES = (
    "looking for", "seeking", "We need", "Hiring", "hire a", "role of", "position", "the lookout for",
    "join us as", "As the", "as an", "As a", "The", "the", ", the", "A", "An", "you", "will", "is", "with",
    "who", "at", ".", "\n", "* ", "\u2022 ", "Senior", "Lens Grinder", "clerk", "Key", "Responsibilities",
    "responsibilities", "Your", "Duties", "What", "do", "offer", "SKILLS", "REQUIREMENTS", "Required",
    "Experience", "Areas of responsibility", "Essential Functions", "About", "Us", ":", " -", "CTC",
    "Benefits",
)  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=30), st.sampled_from(["", " "]))
def test_finds_what_the_pattern_alone_finds(pattern: Anchored, pieces: list[str], between: str) -> None:
    text = between.join(pieces)
    alone = [m.span() for m in pattern.pattern.finditer(text, 1, 200)]
    assert [m.span() for m in pattern.finditer(text, 1, 200)] == alone


def test_matches_do_not_overlap_and_keep_their_groups() -> None:
    pattern = Anchored(r"(?<!\w)(ab|abc) ?(ab)?", ("ab", "abc"))
    found = [(m.span(), m[2]) for m in pattern.finditer("ab ab abc cab", 0, 100)]
    assert found == [((0, 5), "ab"), ((6, 8), None)]
