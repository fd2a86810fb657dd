"""A run's money: reserved before a call is sent, settled when its price is known."""

from __future__ import annotations

from threading import Condition

from jd_assets.llm.errors import BudgetExhausted


class Budget:
    """An amount in nano-dollars that many threads spend. What is spent never passes it, as long as a
    reservation is no less than what its call turns out to cost."""

    def __init__(self, nano_usd: int) -> None:
        self.limit = nano_usd
        self._spent = 0
        self._held = 0
        self._changed = Condition()

    @property
    def spent(self) -> int:
        """Nano-dollars settled so far; calls without an answer count at their upper bound."""
        with self._changed:
            return self._spent

    def reserve(self, nano_usd: int) -> None:
        """Sets an amount aside. Waits where it would fit once the calls in flight are settled.

        Raises:
            BudgetExhausted: it doesn't fit into what is left.
        """
        with self._changed:
            while self._spent + self._held + nano_usd > self.limit:
                if not self._held:
                    left = (self.limit - self._spent) / 1e9
                    raise BudgetExhausted(
                        f"the run's budget of ${self.limit / 1e9:.6f} has ${left:.6f} left, "
                        f"and the next call may cost ${nano_usd / 1e9:.6f}"
                    )
                self._changed.wait()
            self._held += nano_usd

    def settle(self, reserved: int, paid: int) -> None:
        """Puts what a call cost in place of what was set aside for it."""
        with self._changed:
            self._held -= reserved
            self._spent += paid
            self._changed.notify_all()
