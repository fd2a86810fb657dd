"""Work on pieces of a day spread over processes of their own, one for each further core.

The processes are started afresh (nothing is forked, the caller's main module isn't run again) and end with
the call. The caller works on pieces too, so a short list is done before the first process has started.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from threading import Lock, Thread
from typing import TypeVar

Piece = TypeVar("Piece")
Result = TypeVar("Result")

_MAIN = "import sys; sys.path[:] = {path!r}; from jd_assets.stages.processes import serve; serve()"


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0))


def spread(
    work: Callable[[Piece], Result],
    pieces: Iterable[Piece],
    workers: int | None = None,
    on_result: Callable[[Result], None] | None = None,
) -> list[Result]:
    """`work` of each piece, in the order of the pieces, by the caller and `workers` - 1 processes.

    Args:
        work: a function of a module, or a partial of one: it is pickled by name, as pieces and results are.
        pieces: read one at a time, when somebody is free for the next.
        workers: all cores if left out.
        on_result: is called with each result as it comes, in any order and from several threads.

    A process that ends before it has answered costs nothing but time: the caller does its piece.

    Raises:
        Exception: whatever `work` raises on a piece; the first one stops the rest.
    """
    queue = _Queue(pieces)
    results: dict[int, Result] = {}

    def keep(number: int, result: Result) -> None:
        results[number] = result
        if on_result:
            on_result(result)

    threads = [
        Thread(target=_feed, args=(work, queue, keep), daemon=True)
        for _ in range((cores() if workers is None else workers) - 1)
    ]
    for thread in threads:
        thread.start()
    try:
        for number, piece in queue:
            keep(number, work(piece))
    except BaseException:
        queue.close()
        raise
    finally:
        for thread in threads:
            thread.join()
    for number, piece in queue.lent.items():  # their processes are gone
        keep(number, work(piece))
    return [results[number] for number in sorted(results)]


def serve() -> None:
    """What a process does: reads (work, piece) from standard input, writes its result, until it closes."""
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # whatever prints must not end up among the results
    while True:
        try:
            work, piece = pickle.load(source)
        except EOFError:
            return
        pickle.dump(work(piece), sink)
        sink.flush()


class _Queue(Iterable[tuple[int, Piece]]):
    """The numbered pieces, for several threads; `lent` holds those that a process has not answered yet."""

    def __init__(self, pieces: Iterable[Piece]) -> None:
        self._pieces = enumerate(pieces)
        self._lock = Lock()
        self._open = True
        self.lent: dict[int, Piece] = {}

    def __iter__(self) -> _Queue[Piece]:
        return self

    def __next__(self) -> tuple[int, Piece]:
        with self._lock:
            if not self._open:
                raise StopIteration
            return next(self._pieces)

    def close(self) -> None:
        self._open = False


def _feed(work: Callable[[Piece], Result], queue: _Queue[Piece], keep: Callable[[int, Result], None]) -> None:
    """Hands pieces to a process of its own until none is left or the process ends."""
    command = [sys.executable, "-c", _MAIN.format(path=sys.path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        try:
            for number, piece in queue:
                queue.lent[number] = piece
                pickle.dump((work, piece), process.stdin)
                process.stdin.flush()
                keep(number, pickle.load(process.stdout))
                del queue.lent[number]
        except (EOFError, OSError, pickle.UnpicklingError):
            return  # the process ended
        finally:
            with suppress(OSError):
                process.stdin.close()
