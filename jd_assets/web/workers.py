"""Threads that compute texts, so that pages are served meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from fastapi import HTTPException

WORKERS = 2
"""Texts that are computed at the same time; the models' own threads use the other cores."""

WAITING = 64
"""Requests that may wait for a worker; the next is told to come again."""

T = TypeVar("T")


class Workers:
    """A request that is given up before its turn is not computed."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(WORKERS, thread_name_prefix="jd-answer")
        self._taken = 0

    async def run(self, work: Callable[[], T]) -> T:
        """What `work` returns.

        Raises:
            HTTPException: 503, too many wait.
        """
        if self._taken >= WORKERS + WAITING:
            raise HTTPException(503, "too many texts wait to be computed", {"Retry-After": "5"})
        self._taken += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._taken -= 1

    def close(self) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)
