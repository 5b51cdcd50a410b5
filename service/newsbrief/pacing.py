"""How many requests a client keeps under way: one more a round of answers, half after a refusal.

Additive increase, multiplicative decrease, as TCP does (Chiu and Jain 1989).
"""

from __future__ import annotations

import asyncio
import time


class Pace:
    """How many requests may be out at once, and when the next may go; for one event loop."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.allowed = 1.0
        self._out = 0
        self._resume = 0.0  # a time of `time.monotonic`
        self._changed = asyncio.Condition()

    async def __aenter__(self) -> None:
        """Waits for a place, and until no pause that the service asked for is left."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._out < int(self.allowed))
            self._out += 1
        while (left := self._resume - time.monotonic()) > 0:
            await asyncio.sleep(left)

    async def __aexit__(self, *_: object) -> None:
        async with self._changed:
            self._out -= 1
            self._changed.notify_all()

    def answered(self) -> None:
        """One more request at once for every round of answers."""
        self.allowed = min(self._most, self.allowed + 1 / self.allowed)

    def refused(self, seconds: float) -> None:
        """Half as many from now on; requests refused during one pause count once."""
        now = time.monotonic()
        if now >= self._resume:
            self.allowed = max(1.0, self.allowed / 2)
        self._resume = max(self._resume, now + seconds)
