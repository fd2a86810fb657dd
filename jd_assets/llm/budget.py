"""Money: reserved before a call is sent, settled when its price is known."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from jd_assets.llm.errors import BudgetExhausted


@dataclass
class Purse:
    """An amount in nano-dollars and what is left of it; `name` is told where it runs out."""

    name: str
    limit: int
    spent: int = 0
    held: int = 0

    def has_room(self, nano_usd: int) -> bool:
        return self.spent + self.held + nano_usd <= self.limit


class Budget:
    """Amounts that all calls of one client spend at once, such as the run's and the stage's.

    What is spent never passes any of them, as long as a reservation is no less than what its call turns out
    to cost. For the tasks of one event loop.
    """

    def __init__(self, *purses: Purse) -> None:
        self.purses = purses
        self._changed = asyncio.Event()

    async def reserve(self, nano_usd: int) -> None:
        """Sets an amount aside. Waits where it would fit once the calls in flight are settled.

        Raises:
            BudgetExhausted: it doesn't fit into what is left.
        """
        while short := next((p for p in self.purses if not p.has_room(nano_usd)), None):
            if not short.held:
                raise exhausted(short.name, short.limit, short.limit - short.spent, nano_usd)
            self._changed.clear()
            await self._changed.wait()
        for purse in self.purses:
            purse.held += nano_usd

    def settle(self, reserved: int, counted: int) -> None:
        """Puts what a call counts at in place of what was set aside for it."""
        for purse in self.purses:
            purse.held -= reserved
            purse.spent += counted
        self._changed.set()


def exhausted(name: str, limit: int, left: int, wanted: int) -> BudgetExhausted:
    """The error of an amount, in nano-dollars, that has no room for a call."""
    return BudgetExhausted(
        f"the {name}'s budget of ${limit / 1e9:.6f} has ${max(0, left) / 1e9:.6f} left, "
        f"and the next call may cost ${wanted / 1e9:.6f}"
    )
