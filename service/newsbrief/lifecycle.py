"""The life of a serving process: loading, ready, draining; and why it is not ready."""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
from collections.abc import Callable
from functools import partial
from types import FrameType

from newsbrief.briefing import Briefer

log = logging.getLogger("newsbrief")


class Lifecycle:
    """What the probes ask. `stall_seconds`: a batch longer in the engine means it hangs."""

    def __init__(self, *, drain_delay: float, stall_seconds: float) -> None:
        self._drain_delay = drain_delay
        self._stall_seconds = stall_seconds
        self.briefer: Briefer | None = None
        self.draining = False

    def not_ready(self) -> str | None:
        """Why no traffic should come, or None. Asks no model."""
        if self.draining:
            return "draining: the process is about to stop"
        if self.briefer is None:
            return "loading: the pack is not loaded yet"
        if fault := self.briefer.batcher.fault():
            return f"engine fault: {fault}"
        stalled = self.briefer.batcher.running_seconds()
        if stalled > self._stall_seconds:
            return f"engine stalled: a batch has been running for {stalled:.0f} s"
        return None

    def drain_on_sigterm(self) -> None:
        """Puts a delay before the server's own SIGTERM handler.

        Load balancers go on sending for some seconds after a pod is told to stop. In that time
        readiness already says no, and work is still taken; then the server closes its listener
        and finishes what it has. A second SIGTERM doesn't wait.
        """
        if threading.current_thread() is not threading.main_thread():
            return
        server = signal.getsignal(signal.SIGTERM)
        if not callable(server):
            return
        loop = asyncio.get_running_loop()

        def begin(number: int, frame: FrameType | None) -> None:
            signal.signal(signal.SIGTERM, server)
            self.draining = True
            loop.call_soon_threadsafe(self._drain, loop, partial(server, number, frame))

        signal.signal(signal.SIGTERM, begin)

    def _drain(self, loop: asyncio.AbstractEventLoop, stop: Callable[[], object]) -> None:
        log.info("draining: work is still taken for %g s", self._drain_delay)
        loop.call_later(self._drain_delay, stop)
