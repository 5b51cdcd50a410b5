"""Work that was admitted and is not finished: in tokens, and in seconds at the measured rate."""

from __future__ import annotations

import time
from collections.abc import Callable

from newsbrief.errors import DeadlineError, OverloadedError
from newsbrief.metrics import Metrics
from newsbrief.queueing import Lane

FIRST_RATE = 300.0  # tokens a second and runner, assumed until a batch has been measured
RATE_MEMORY = 0.9  # what a measured second weighs one batch later


class Backlog:
    """What each lane holds, and whether it holds too much for one more article.

    A lane is full while its unfinished work would take more than `queue_seconds`; an article of
    any size may be the first. Not thread-safe: the batcher's lock guards it.
    """

    def __init__(
        self,
        *,
        runners: int,
        queue_seconds: float,
        metrics: Metrics,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._runners = runners
        self._queue_seconds = queue_seconds
        self._metrics = metrics
        self._clock = clock
        self._tokens = dict.fromkeys(Lane, 0)
        self._worked = (0.0, 0.0)  # decayed tokens, and seconds in the engine
        self._served = (0.0, 0.0)  # decayed tokens of the archive, and seconds by the clock
        self._served_last = 0.0  # when the archive last got something, or began to wait

    def seconds(self, tokens: int | None = None) -> float:
        """How long so many tokens take on all runners; None means all that is held."""
        if tokens is None:
            tokens = sum(self._tokens.values())
        return tokens / (_rate(self._worked, FIRST_RATE) * self._runners)

    def held_seconds(self, lane: Lane) -> float:
        """How long one more article would wait for those of its lane.

        The archive gets what people leave, which is measured too.
        """
        tokens = self._tokens[lane]
        worked = self.seconds(tokens)
        if lane is Lane.INTERACTIVE:
            return worked
        return max(worked, tokens / _rate(self._served, float("inf")))

    def check(self, tokens: int, lane: Lane, left: float | None) -> None:
        """Refuses what the lane has no room for, and what takes longer than `left` seconds.

        Raises `OverloadedError` or `DeadlineError`.
        """
        held, own = self.held_seconds(lane), self.seconds(tokens)
        if held > self._queue_seconds:
            raise OverloadedError(
                f"the {lane} queue is full: it holds {held:.1f} s of work",
                retry_after=max(1.0, held - self._queue_seconds),
            )
        if left is None or held + own <= left:
            return
        if own > left:
            raise DeadlineError(
                f"this alone would take about {own:.1f} s, and {max(0.0, left):.1f} s are left: "
                "send less text or ask for fewer target languages"
            )
        raise DeadlineError(f"it would take about {held + own:.1f} s, and {left:.1f} s are left")

    def add(self, lane: Lane, tokens: int) -> None:
        """Takes tokens into a lane, or (fewer than none) out of it."""
        if lane is Lane.BACKFILL and not self._tokens[lane]:
            self._served_last = self._clock()
        self._tokens[lane] += tokens
        self._metrics.queue_tokens.labels(lane.value).set(self._tokens[lane])
        self._metrics.backlog_seconds.set(self.seconds())

    def measured(self, tokens: int, seconds: float, archive: int = 0) -> None:
        """A runner has worked off so many tokens in so many seconds, `archive` of them its."""
        self._worked = _decayed(self._worked, tokens, seconds)
        self._metrics.drain_rate.set(1 / max(1e-9, self.seconds(1)))
        if archive:
            now = self._clock()
            self._served = _decayed(self._served, archive, now - self._served_last)
            self._served_last = now


def _decayed(sums: tuple[float, float], tokens: int, seconds: float) -> tuple[float, float]:
    return sums[0] * RATE_MEMORY + tokens, sums[1] * RATE_MEMORY + seconds


def _rate(sums: tuple[float, float], unknown: float) -> float:
    tokens, seconds = sums
    return tokens / seconds if seconds > 0 else unknown
