"""The queue of texts: which runs next, and which others go with it in one batch."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

BACKFILL_TURN = 16  # of so many batches while people are served, backfill gets one


class Lane(StrEnum):
    """Who waits: people (the CMS, editors) go before the archive's backfill."""

    INTERACTIVE = "interactive"
    BACKFILL = "backfill"


class Call(Hashable, Protocol):
    """What texts must share to run in one batch: the model and how it decodes."""

    @property
    def stage(self) -> str:
        """`highlights` or `translation`: the label of metrics and of the measured rate."""
        ...


class Sized(Protocol):
    """A text as the engine reads it."""

    @property
    def length(self) -> int:
        """In source tokens."""
        ...


C = TypeVar("C", bound=Call)
S = TypeVar("S", bound=Sized)
R = TypeVar("R")


class Ticket:
    """One article's place: its lane, its deadline and its turn.

    `tokens` is what it still has reserved. `turn` is a time: the lower goes first. `deadline` is a
    time of the same clock, or None. `waited` is the longest that a text of it queued, in seconds.
    """

    def __init__(self, tokens: int, lane: Lane, deadline: float | None, turn: float) -> None:
        self.tokens = tokens
        self.lane = lane
        self.deadline = deadline
        self.turn = turn
        self.waited = 0.0


@dataclass(slots=True, eq=False)
class Job(Generic[C, S, R]):
    """One text that waits; `submitted` is a time of the batcher's clock."""

    call: C
    source: S
    future: Future[R]
    ticket: Ticket
    submitted: float


class Queue(Generic[C, S, R]):
    """Texts that wait, in two lanes. Not thread-safe: the batcher's lock guards it."""

    def __init__(self) -> None:
        self._lanes: dict[Lane, list[Job[C, S, R]]] = {lane: [] for lane in Lane}
        self._passed_over = 0

    def __bool__(self) -> bool:
        return any(self._lanes.values())

    def __iter__(self) -> Iterator[Job[C, S, R]]:
        for jobs in self._lanes.values():
            yield from jobs

    def add(self, jobs: list[Job[C, S, R]]) -> None:
        """Lets texts wait in their tickets' lanes."""
        for job in jobs:
            self._lanes[job.ticket.lane].append(job)

    def remove(self, ticket: Ticket) -> list[Job[C, S, R]]:
        """Takes out all that waits under one ticket."""
        jobs = self._lanes[ticket.lane]
        gone = [job for job in jobs if job.ticket is ticket]
        jobs[:] = [job for job in jobs if job.ticket is not ticket]
        return gone

    def take(
        self,
        batch_tokens: int,
        idle: int,
        *,
        soon: int = 0,
        archive_share: float = 1.0,
        archive_waits: bool = False,
    ) -> list[Job[C, S, R]]:
        """The next batch, off the queue; empty when nothing waits that may run.

        People go first; the archive gets one batch of `BACKFILL_TURN` while people's texts wait
        too, or while it is told to wait (`archive_waits`). The most urgent text of the lane leads;
        texts of the same call and nearly its length join it while the padded cost (longest × count)
        stays within `batch_tokens` (of it `archive_share`, where the archive leads), and within one
        runner's share of all that waits: two half batches side by side are done before a whole one.
        The archive's are cut for the `idle` runners, people's for those that are idle `soon` too.
        People's texts may join the archive's batch, never the other way round: they would wait for
        it. A single text longer than the budget runs alone.
        """
        lane = self._choose_lane(archive_waits)
        if lane is None:
            return []
        head = min(self._lanes[lane], key=lambda job: job.ticket.turn)
        joining = self._lanes[lane] if lane is Lane.INTERACTIVE else self
        alike = [job for job in joining if job.call == head.call]
        share = archive_share if lane is Lane.BACKFILL else 1.0
        runners = max(1, idle, soon if lane is Lane.INTERACTIVE else 0)
        budget = min(math.ceil(batch_tokens * share), math.ceil(_padded(joining) / runners))
        batch, longest = [head], head.source.length
        for job in sorted(
            (job for job in alike if job is not head),
            key=lambda job: (
                job.ticket.lane is Lane.BACKFILL,  # people's first, in the archive's turn too
                abs(job.source.length - head.source.length),
                job.ticket.turn,
            ),
        ):
            longest_with = max(longest, job.source.length)
            if longest_with * (len(batch) + 1) <= budget:
                batch.append(job)
                longest = longest_with
        taken = set(batch)
        for jobs in self._lanes.values():
            jobs[:] = [job for job in jobs if job not in taken]
        return batch

    def _choose_lane(self, archive_waits: bool) -> Lane | None:
        people, archive = self._lanes[Lane.INTERACTIVE], self._lanes[Lane.BACKFILL]
        if not archive:
            self._passed_over = 0
            return Lane.INTERACTIVE if people else None
        if self._passed_over == BACKFILL_TURN - 1 or not (people or archive_waits):
            self._passed_over = 0
            return Lane.BACKFILL
        if not people:
            return None
        self._passed_over += 1
        return Lane.INTERACTIVE


def _padded(jobs: Iterable[Job[C, S, R]]) -> int:
    """Tokens of the texts in as few batches as there are calls: the longest × count of each."""
    lengths: dict[C, list[int]] = {}
    for job in jobs:
        lengths.setdefault(job.call, []).append(job.source.length)
    return sum(max(each) * len(each) for each in lengths.values())
