"""Pods that work off articles, a balancer before them, and the autoscaler's view of them.

A pod works as measured: with n articles in work it finishes `rate(n)` a second, first come, first
served. It refuses, as the service does, what its queue does not hold (429) or what it believes it
could not answer in time (504): it prices an article in tokens before it works on it, and that price
may be off, so that the backlog it reports is not the one it has. Nothing here is random but the
balancer's choice.
"""

from __future__ import annotations

import math
import random
from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from loadtests.autoscaling.hpa import SYNC_SECONDS, Autoscaler, Behaviour, wanted

SCRAPE_SECONDS = 15.0


@dataclass(frozen=True)
class Service:
    """One pod, as measured, and the cluster around it. Times are in seconds."""

    rates: Mapping[int, float]  # articles in work -> articles finished a second
    start_up: float
    most_waiting: int
    request_seconds: float
    backlog_factor: float  # what a pod takes its backlog for, over what it is
    schedule: float = 5.0  # to a node that has the image
    new_node: float = 90.0  # to a node that the cluster must add first
    warm_pods: int = 8  # how many fit on the nodes that are always there

    @classmethod
    def measured(cls, figures: Mapping) -> Service:
        """From what `measure` wrote."""
        return cls(
            rates={int(n): rate for n, rate in figures["articles_per_second"].items()},
            start_up=figures["start_up_seconds"],
            most_waiting=figures["queue_tokens"] // figures["tokens_per_article"],
            request_seconds=figures["request_seconds"],
            backlog_factor=figures["backlog_factor"],
        )

    def backlog(self, waiting: int) -> float:
        """Seconds that a pod with so many articles believes it needs for them."""
        return self.backlog_factor * waiting / self.rate(waiting)

    @property
    def best(self) -> float:
        """Articles a second of a pod that is kept full."""
        return max(self.rates.values())

    def rate(self, in_work: int) -> float:
        """Between two measurements a straight line; beyond the last, as the last."""
        points = sorted(self.rates)
        above = bisect_right(points, in_work)
        if above == 0:
            return self.rates[points[0]]
        if above == len(points):
            return self.rates[points[-1]]
        low, high = points[above - 1], points[above]
        share = (in_work - low) / (high - low)
        return self.rates[low] + share * (self.rates[high] - self.rates[low])


class Seen(Protocol):
    """What the controller knows of a pod; None before its first figures."""

    backlog_seen: float | None
    busy_share_seen: float | None


@dataclass
class Pod:
    """`advance` brings it to a time; whatever asks for its state advances it first."""

    service: Service
    created: float
    ready: float
    waits: list[tuple[float, float]]  # (arrival, seconds until the answer) of the whole fleet
    now: float = 0.0
    gone: float | None = None
    stopping: bool = False
    busy: float = 0.0
    backlog_seen: float | None = None
    busy_share_seen: float | None = None
    _busy_before: float = 0.0
    _queue: deque[float] = field(default_factory=deque)
    _done: float = 0.0  # of the first article in the queue

    def advance(self, to: float) -> None:
        """Works until `to`."""
        while self._queue:
            rate = self.service.rate(len(self._queue))
            finish = self.now + (1 - self._done) / rate
            if finish > to:
                self._done += (to - self.now) * rate
                self.busy += to - self.now
                break
            self.busy += finish - self.now
            self.now, self._done = finish, 0.0
            arrived = self._queue.popleft()
            self.waits.append((arrived, finish - arrived))
        self.now = to
        if self.stopping and not self._queue and self.gone is None:
            self.gone = to

    def offer(self, at: float) -> bool:
        """Whether it takes an article that arrives now."""
        self.advance(at)
        waiting = len(self._queue) + 1
        if waiting > self.service.most_waiting:
            return False
        if self.service.backlog(waiting) > self.service.request_seconds:
            return False
        self._queue.append(at)
        return True

    def scrape(self, at: float) -> None:
        """What Prometheus and the metrics server see of it from now on; nothing until it serves."""
        self.advance(at)
        if at < self.ready:
            return
        waiting = len(self._queue)
        self.backlog_seen = self.service.backlog(waiting) if waiting else 0.0
        self.busy_share_seen = (self.busy - self._busy_before) / SCRAPE_SECONDS
        self._busy_before = self.busy


@dataclass(frozen=True)
class Targets:
    """What the HPA aims at; None leaves a metric out."""

    backlog: float | None
    cpu: float | None


@dataclass
class Outcome:
    """What a day came to."""

    waits: list[tuple[float, float]]
    refused: int
    pod_hours: float
    replicas: list[tuple[float, int]]


def replay(
    arrivals: Iterable[float],
    service: Service,
    targets: Targets,
    behaviour: Behaviour,
    *,
    seed: int = 1,
) -> Outcome:
    """Sends articles at the given times (ascending, seconds) through an autoscaled fleet."""
    drawn = random.Random(seed)
    autoscaler = Autoscaler(behaviour)
    waits: list[tuple[float, float]] = []
    pods = [Pod(service, 0.0, 0.0, waits) for _ in range(behaviour.least)]
    every = [*pods]
    history = [(0.0, len(pods))]
    refused, tick = 0, SYNC_SECONDS
    arrival = -math.inf
    for arrival in arrivals:
        while tick <= arrival:
            _sync(tick, pods, every, service, targets, autoscaler, waits, history)
            tick += SYNC_SECONDS
        serving = [pod for pod in pods if pod.ready <= arrival]
        refused += not drawn.choice(serving).offer(arrival)
    end = max(tick, arrival)
    while any(pod.gone is None and pod._queue for pod in every):
        end += SYNC_SECONDS
        for pod in every:
            pod.advance(end)
    hours = sum((pod.gone or end) - pod.created for pod in every) / 3600
    return Outcome(waits, refused, hours, history)


def _sync(
    now: float,
    pods: list[Pod],
    every: list[Pod],
    service: Service,
    targets: Targets,
    autoscaler: Autoscaler,
    waits: list[tuple[float, float]],
    history: list[tuple[float, int]],
) -> None:
    """One turn of the controller, on figures that are one scrape old."""
    current = len(pods)
    desired = [current_desire(pods, current, targets)]
    for pod in every:
        if pod.gone is None:
            pod.scrape(now)
    replicas = autoscaler.decide(now, current, max(desired))
    for _ in range(replicas - current):
        place = service.schedule if len(pods) < service.warm_pods else service.new_node
        pod = Pod(service, now, now + place + service.start_up, waits, now=now)
        pods.append(pod)
        every.append(pod)
    # As a ReplicaSet does: first those that are not ready, then the youngest.
    pods.sort(key=lambda pod: (pod.ready > now, pod.created))
    for pod in pods[replicas:]:
        pod.stopping = True
        pod.advance(now)
    del pods[replicas:]
    if replicas != current:
        history.append((now, replicas))


def current_desire(pods: Sequence[Seen], current: int, targets: Targets) -> int:
    """The largest number of replicas that any metric asks for."""
    desires = []
    for target, seen in (
        (targets.backlog, [pod.backlog_seen for pod in pods]),
        (targets.cpu, [pod.busy_share_seen for pod in pods]),
    ):
        if target is not None:
            values = [value for value in seen if value is not None]
            desires.append(wanted(current, target, values, missing=len(seen) - len(values)))
    return max(desires)
