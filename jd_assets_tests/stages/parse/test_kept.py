"""Answers about lines: kept for short ones only."""

from __future__ import annotations

from jd_assets.stages.parse.kept import LONGEST, kept_if_short


def test_short_lines_are_answered_once_and_long_ones_are_not_kept() -> None:
    asked: list[str] = []

    @kept_if_short(2)
    def length(line: str) -> int:
        """Its doc."""
        asked.append(line)
        return len(line)

    long = "x" * (LONGEST + 1)
    assert [length(s) for s in ("a", "a", long, long, "bc", "a")] == [1, 1, len(long), len(long), 2, 1]
    assert asked == ["a", long, long, "bc"]
    assert length.__doc__ == "Its doc."
