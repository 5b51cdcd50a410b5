"""When articles arrive on a publishing day: editors, three breaking stories, the morning's wire.

Rates are in articles a second for a load of 1, which stands for one pod kept full; so a day keeps
its shape whatever the pack and the machine. Invented, after no newsroom in particular.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator

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


def load(second: float) -> float:
    """Pods' worth of work that arrives at a second of the day."""
    middle, swing = (BUSY + QUIET) / 2, (BUSY - QUIET) / 2
    total = middle - swing * math.cos(2 * math.pi * (second / HOUR - 3) / 24)
    for hour, rise, lasts, height in BURSTS:
        since = (second - hour * HOUR) / 60
        if 0 <= since < lasts:
            total += height * min(1.0, since / rise) * (1 - since / lasts)
    return total


def arrivals(articles_per_second: float, *, seed: int = 7) -> Iterator[float]:
    """Seconds of the day at which articles arrive.

    `articles_per_second` is what one full pod does.
    """
    highest = BUSY + sum(height for *_, height in BURSTS)
    return poisson(load, highest, DAY, articles_per_second, seed=seed)


def poisson(
    load: Callable[[float], float],
    highest: float,
    end: float,
    articles_per_second: float,
    *,
    seed: int,
) -> Iterator[float]:
    """A Poisson process whose rate follows a load of at most `highest`, by thinning (Lewis, 1979).

    `articles_per_second` is the rate at a load of 1.
    """
    drawn = random.Random(seed)
    second = 0.0
    while True:
        second += drawn.expovariate(highest * articles_per_second)
        if second >= end:
            return
        if drawn.random() * highest < load(second):
            yield second
