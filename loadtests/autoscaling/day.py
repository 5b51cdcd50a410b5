"""A publishing day: editors, three breaking stories, the morning's wire, an archive by night.

Rates are in articles a second for a load of 1, which stands for one pod kept full; so a day keeps
its shape whatever the pack and the machine. Invented, after no newsroom in particular.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

HOUR = 3600.0
DAY = 24 * HOUR
QUIET, BUSY = 0.3, 4.0  # load at 3 o'clock and at 15 o'clock

# (begins at hour, minutes to its height, minutes that it lasts, load on top at its height)
BURSTS = (
    (6.0, 1, 20, 6.0),  # the wire's morning file
    (10.25, 2, 15, 8.0),
    (14.5, 1, 30, 14.0),  # the story of the day
    (20.0, 3, 20, 5.0),
)

# An archive is sent through the service: from that hour on so many pod-hours of work, so many
# articles at once (`--concurrency` of components/backfill-through).
ARCHIVE_HOUR, ARCHIVE_WORK, ARCHIVE_AT_ONCE = 1.0, 12.0, 64


def load(second: float) -> float:
    """Pods' worth of work that arrives at a second of the day."""
    middle, swing = (BUSY + QUIET) / 2, (BUSY - QUIET) / 2
    total = middle - swing * math.cos(2 * math.pi * (second / HOUR - 3) / 24)
    for hour, rise, lasts, height in BURSTS:
        since = (second - hour * HOUR) / 60
        if 0 <= since < lasts:
            total += height * min(1.0, since / rise) * (1 - since / lasts)
    return total


def arrivals(articles_per_second: float, *, seed: int) -> NDArray[np.float64]:
    """Seconds of the day at which articles arrive, ascending.

    `articles_per_second` is what one full pod does.
    """
    return poisson(load, DAY, articles_per_second, seed=seed)


def poisson(
    load: Callable[[float], float], end: float, articles_per_second: float, *, seed: int
) -> NDArray[np.float64]:
    """A Poisson process from 0 to `end` whose rate is that of the load, constant for a second.

    `articles_per_second` is the rate at a load of 1.
    """
    drawn = np.random.default_rng(seed)
    seconds = np.arange(end)
    counts = drawn.poisson([articles_per_second * load(second + 0.5) for second in seconds])
    times = np.repeat(seconds, counts)
    return np.sort(times + drawn.random(len(times)))
