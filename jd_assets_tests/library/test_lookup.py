"""A mapping that makes what it lacks makes each value once."""

from __future__ import annotations

from jd_assets.library.lookup import Lookup


def test_each_key_is_made_once_and_values_are_in_the_order_of_the_keys() -> None:
    made: list[str] = []

    def upper(word: str) -> str:
        made.append(word)
        return word.upper()

    lookup = Lookup(upper)
    assert lookup.all(["a", "b", "a"]) == ["A", "B", "A"]
    assert lookup.all([]) == []
    assert lookup["b"] == "B"
    assert made == ["a", "b"]
