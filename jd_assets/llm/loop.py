"""The event loop that models are asked in."""

from __future__ import annotations

import asyncio


def new_loop() -> asyncio.AbstractEventLoop:
    """uvloop's where there is one (it has none for Windows), else Python's own, with which a call costs 4 to
    10 % more CPU."""
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()
