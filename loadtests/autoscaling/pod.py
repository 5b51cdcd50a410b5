"""A pod that works off articles, as measured; its inner loop is compiled.

With n articles in work a pod finishes `rate(n)` a second. It makes batches of texts that are alike,
whosever they are, so articles advance side by side: the first `together` of them evenly, the
others wait in order. It prices an article in tokens before it works on it, by the article's length,
and that price is `backlog_factor` times what the article turns out to take; what is done comes off
the price, the rest when the article is finished. While it believes that it holds more than
`queue_seconds` of work it refuses (429), and what it believes it could not finish within
`request_seconds` too (504). Nothing here is random.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

Times = NDArray[np.float64]


@dataclass(frozen=True)
class Service:
    """One pod, as measured. Times are in seconds."""

    rates: Mapping[int, float]  # articles in work -> articles finished a second
    start_up: float
    queue_seconds: float
    request_seconds: float
    backlog_factor: float  # what a pod takes its backlog for, over what it is
    together: int  # articles that advance side by side

    @classmethod
    def measured(cls, figures: Mapping, *, queue_seconds: float | None = None) -> Service:
        """From what `measure` wrote; `queue_seconds` in place of what was set then."""
        return cls(
            rates={int(n): rate for n, rate in figures["articles_per_second"].items()},
            start_up=figures["start_up_seconds"],
            queue_seconds=queue_seconds or figures["queue_seconds"],
            request_seconds=figures["request_seconds"],
            backlog_factor=figures["backlog_factor"],
            together=figures["articles_together"],
        )

    @property
    def best(self) -> float:
        """Articles a second of a pod that is kept full."""
        return max(self.rates.values())

    def rate(self, in_work: ArrayLike) -> Times:
        """Between two measurements a straight line; beyond the last, as the last."""
        return np.interp(in_work, *zip(*sorted(self.rates.items()), strict=True))

    @cached_property
    def curve(self) -> Times:
        """`rate` of every number of articles that a pod may hold."""
        longest = min(self.queue_seconds, self.request_seconds)
        most = (longest * self.best + self.together) / self.backlog_factor
        return self.rate(np.arange(int(most) + 3))


@dataclass
class Pod:
    """`serve` brings it to a time; whatever asks for its state must have done so first."""

    service: Service
    created: float
    ready: float
    now: float = 0.0
    gone: float | None = None
    stopping: bool = False
    busy: float = 0.0  # seconds with an article of people's in work
    worked: float = 0.0  # articles' worth
    archived: float = 0.0  # articles of an archive that it holds
    refused: int = 0
    held: int = 0  # articles waiting and in work
    backlog_seen: float | None = None
    busy_share_seen: float | None = None
    answered: list[tuple[Times, Times]] = field(default_factory=list)  # (arrivals, waits)
    _worked_before: float = 0.0
    _first: int = 0  # where in the ring the oldest article is
    _progress: float = 0.0  # what an article in work from the beginning would have done by now

    def __post_init__(self) -> None:
        size = len(self.service.curve)
        self._arrived, self._entered = np.zeros(size), np.zeros(size)

    def serve(self, offered: Times, until: float) -> None:
        """Works until `until`, and takes or refuses what arrives on the way (ascending)."""
        service = self.service
        begun, waits = np.empty((2, self.held + len(offered)))
        self._progress, self._first, self.held, busy, worked, finished, refused, self.now = _work(
            self.now,
            self._progress,
            self._first,
            self.held,
            self._arrived,
            self._entered,
            offered,
            until,
            service.curve,
            service.together,
            service.backlog_factor,
            service.queue_seconds,
            service.request_seconds,
            begun,
            waits,
        )
        self.busy += busy
        self.worked += worked
        self.refused += refused
        if finished:
            self.answered.append((begun[:finished], waits[:finished]))
        if self.stopping and not self.held and self.gone is None:
            self.gone = until

    def fill(self, seconds: float, held: float, left: float) -> float:
        """Works for idle seconds on an archive's articles, of which it holds so many.

        `left` is what the archive has in all; returns how many are done.
        """
        done = min(left, seconds * float(self.service.rate(held)))
        self.worked += done
        self.archived = held if done < left else 0.0
        return done

    @property
    def backlog(self) -> float:
        """Seconds that it believes it needs for what people sent it."""
        service = self.service
        if not self.held:
            return 0.0
        return _price(
            self._progress,
            self._first,
            self.held,
            self._entered,
            service.together,
            service.backlog_factor,
        ) / float(service.curve[self.held])

    def scrape(self, at: float, every: float) -> None:
        """What Prometheus and the metrics server see of it from now on; nothing until it serves."""
        if at < self.ready:
            return
        archive = self.service.backlog_factor * self.archived
        self.backlog_seen = self.backlog + archive / float(self.service.rate(self.archived))
        # The CPU goes with the work that is done: an article alone does not fill every core.
        self.busy_share_seen = (self.worked - self._worked_before) / (self.service.best * every)
        self._worked_before = self.worked


@njit(cache=True)
def _price(progress, first, held, entered, together, factor):
    """What is left of the price of what a pod holds, in articles' true work."""
    done = 0.0
    for place in range(min(held, together)):
        done += progress - entered[(first + place) % len(entered)]
    return factor * held - min(1.0, factor) * done


@njit(cache=True)
def _work(
    now,
    progress,
    first,
    held,
    arrived,
    entered,
    offered,
    until,
    curve,
    together,
    factor,
    queue_seconds,
    request_seconds,
    begun,
    waits,
):
    """The pod's state at `until`; `arrived` and `entered` are rings, changed in place.

    An article that entered work at a progress of p is finished at p + 1, so that articles finish in
    the order in which they came, and one step leads from each event to the next.
    """
    busy, worked, finished, refused = 0.0, 0.0, 0, 0
    size = len(arrived)
    for number in range(len(offered) + 1):
        goal = offered[number] if number < len(offered) else until
        while held:
            speed = curve[held] / min(held, together)
            finish = now + (entered[first] + 1 - progress) / speed
            if finish > goal:
                progress += (goal - now) * speed
                busy += goal - now
                worked += (goal - now) * curve[held]
                break
            busy += finish - now
            worked += (finish - now) * curve[held]
            now, progress = finish, entered[first] + 1
            begun[finished], waits[finished] = arrived[first], finish - arrived[first]
            finished += 1
            first, held = (first + 1) % size, held - 1
            if held >= together:
                entered[(first + together - 1) % size] = progress
        now = goal
        if number < len(offered):
            before = _price(progress, first, held, entered, together, factor)
            with_it = (before + factor) / curve[held + 1]
            if before > queue_seconds * curve[held] or with_it > request_seconds:
                refused += 1
            else:
                place = (first + held) % size
                arrived[place], entered[place] = goal, progress
                held += 1
    return progress, first, held, busy, worked, finished, refused, now
