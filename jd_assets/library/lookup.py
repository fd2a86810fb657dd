"""A mapping that makes what it lacks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Lookup(Generic[Key, Value]):
    """Calls a function once for each distinct key and keeps what it said.

    The words of some postings are few by their spelling and many by their place: 136,000 words of 250
    postings are 10,000 different ones.
    """

    def __init__(self, make: Callable[[Key], Value]) -> None:
        self._kept = _Kept(make)

    def all(self, keys: Iterable[Key]) -> list[Value]:
        """The value of each key, in their order."""
        return list(map(self._kept.__getitem__, keys))

    def __getitem__(self, key: Key) -> Value:
        return self._kept[key]


class _Kept(dict[Key, Value]):
    def __init__(self, make: Callable[[Key], Value]) -> None:
        self._make = make

    def __missing__(self, key: Key) -> Value:
        value = self[key] = self._make(key)
        return value
