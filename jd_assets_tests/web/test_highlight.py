"""The text in pieces: nothing is lost, and each piece has the spans over it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jd_assets.web.highlight import Span, pieces, quotes

spans = st.builds(
    Span, start=st.integers(-5, 60), end=st.integers(-5, 60), kind=st.just("skill"), label=st.text(max_size=3)
)


@given(st.text(max_size=50), st.lists(spans, max_size=12))
def test_pieces_are_the_text_and_know_their_spans(text: str, found: list[Span]) -> None:
    made = pieces(text, found)
    assert "".join(p.text for p in made) == text
    at = 0
    for piece in made:
        inside = [s for s in found if 0 <= s.start < s.end <= len(text)]
        over = [s for s in inside if s.start <= at and at + len(piece.text) <= s.end]
        assert sorted(piece.spans, key=repr) == sorted(over, key=repr)
        at += len(piece.text)


def test_overlapping_values_share_a_piece() -> None:
    made = pieces("Senior Java Developer", [Span(0, 21, "field", "title"), Span(7, 11, "skill", "Java")])
    assert [(p.text, p.kinds) for p in made] == [
        ("Senior ", "field"),
        ("Java", "field skill"),
        (" Developer", "field"),
    ]
    assert made[1].label == "title; Java"


@given(st.text("ab \n", max_size=200), st.lists(spans, max_size=12), st.integers(1, 60))
def test_a_quote_is_the_text_around_a_span(text: str, found: list[Span], around: int) -> None:
    made = quotes(text, found, around)
    assert len(made) == sum(0 <= s.start < s.end <= len(text) for s in found)
    for quote in made:
        before, after = quote.before.removeprefix("… "), quote.after.removesuffix(" …")
        assert text[: quote.start].endswith(before)
        assert text[quote.start :].startswith(quote.words + after)
        assert max(len(before), len(after)) <= around


def test_a_quote_ends_at_whole_words() -> None:
    text = "We look for a senior Java developer who knows Spring well"
    (quote,) = quotes(text, [Span(21, 25, "skill", "Java")], around=12)
    assert (quote.before, quote.words, quote.after) == ("… a senior ", "Java", " developer …")
