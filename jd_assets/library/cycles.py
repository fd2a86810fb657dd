"""Cycles of links that must not have any."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter


def cycles(links: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    """Cycles of a graph given as targets by node, each from a node back to itself: ["a", "b", "a"].

    A cycle is broken at one link before the next is sought, so there are as many as must be mended.
    """
    left = {node: list(dict.fromkeys(targets)) for node, targets in links.items()}
    while True:
        try:
            TopologicalSorter(left).prepare()
        except CycleError as error:
            backwards: list[str] = error.args[1]
            yield backwards[::-1]
            left[backwards[1]].remove(backwards[0])
        else:
            return
