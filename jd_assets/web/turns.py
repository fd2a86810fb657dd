"""Pages are made in turn, a few at a time.

To make one uses the processor, so more at once makes none sooner. With a thread for each page of a burst,
Python shares its time between all of them, and the text of a POST, which needs more of it, is never done.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from jd_assets.web.context import context_of

PAGES = 2 * len(os.sched_getaffinity(0))
"""Pages that are made at the same time: two a core, as some of them wait for the disk."""


class PageRoute(APIRoute):
    """A route whose answer is made in its turn, first come, first served. To send it takes no turn: a client
    that reads slowly keeps nobody waiting."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        make = super().get_route_handler()

        async def in_turn(request: Request) -> Response:
            async with context_of(request).pages:
                return await make(request)

        return in_turn
