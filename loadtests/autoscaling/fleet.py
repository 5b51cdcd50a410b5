"""Pods behind a balancer that chooses blindly, on nodes that come late, under the autoscaler."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from loadtests.autoscaling.hpa import SYNC_SECONDS, Autoscaler, Behaviour, wanted
from loadtests.autoscaling.pod import Pod, Service, Times

NOTHING = np.empty(0)


@dataclass(frozen=True)
class Cluster:
    """Where pods find room. Times are in seconds.

    `spare` pods' worth of room is kept free beyond the pods that there are: room that is used up or
    asked for is ordered at once, and given back at once.
    """

    schedule: float = 5.0  # to a node that has the image
    new_node: float = 90.0  # until a node is there that the cluster must add first
    always: int = 8  # how many pods fit on the nodes that are always there
    spare: int = 0


@dataclass(frozen=True)
class Archive:
    """A run through the service: from `begins` on (seconds) it keeps `at_once` articles in work.

    Pods work on them in the time that people leave them. That people's wait a little longer beside
    them is not modelled.
    """

    begins: float
    articles: float
    at_once: int


class Seen(Protocol):
    """What the controller knows of a pod; None before its first figures."""

    backlog_seen: float | None
    busy_share_seen: float | None


@dataclass(frozen=True)
class Targets:
    """What the HPA aims at; None leaves a metric out."""

    backlog: float | None
    cpu: float | None


@dataclass
class Outcome:
    """What a day came to: when answered articles had arrived, and how long each took, in seconds.

    `pod_hours` counts the room that is kept free as well.
    """

    arrived: Times
    waits: Times
    refused: int
    pod_hours: float
    replicas: list[tuple[float, int]]
    archived: float | None = None  # when the archive's last article was done


class Fleet:
    """Pods, from the first articles to the last."""

    def __init__(
        self,
        service: Service,
        cluster: Cluster,
        targets: Targets,
        behaviour: Behaviour,
        archive: Archive | None = None,
    ) -> None:
        self._service, self._cluster, self._targets = service, cluster, targets
        self._archive, self._archive_left = archive, archive.articles if archive else 0.0
        self._archived: float | None = None
        self._autoscaler = Autoscaler(behaviour)
        self._pods = [Pod(service, 0.0, 0.0) for _ in range(behaviour.least)]
        self._every = [*self._pods]
        self._room = [0.0] * max(cluster.always, behaviour.least + cluster.spare)  # there since
        self._now = 0.0
        self.replicas = [(0.0, behaviour.least)]

    def serve(self, times: Times, picks: Times, until: float) -> None:
        """Gives each article to a pod that is ready, by a pick from 0 to 1; all work until then."""
        busy_before = [pod.busy for pod in self._pods]
        turns = sorted({max(pod.ready, self._now) for pod in self._pods if pod.ready < until})
        cuts = [*np.searchsorted(times, turns), len(times)]
        for begin, end, turn in zip(cuts, cuts[1:], turns, strict=False):
            serving = [pod for pod in self._pods if pod.ready <= turn]
            chosen = (picks[begin:end] * len(serving)).astype(int)
            order = np.argsort(chosen, kind="stable")
            shares = np.split(
                times[begin:end][order],
                np.searchsorted(chosen[order], range(1, len(serving))),
            )
            for pod, share in zip(serving, shares, strict=True):
                if len(share):
                    pod.serve(share, float(share[-1]))
        for pod in self._every:
            if pod.gone is None:
                pod.serve(NOTHING, until)
        if self._archive and self._archive_left and self._archive.begins <= self._now:
            self._fill(self._archive.at_once, until, busy_before)
        self._now = until

    def _fill(self, at_once: int, until: float, busy_before: Sequence[float]) -> None:
        """Lets the archive have what people left of the time since the last turn."""
        serving = [
            (pod, until - self._now - (pod.busy - before))
            for pod, before in zip(self._pods, busy_before, strict=True)
            if pod.ready <= self._now
        ]
        for pod, idle in serving:
            self._archive_left -= pod.fill(idle, at_once / len(serving), self._archive_left)
        if not self._archive_left:
            self._archived = until
            for pod, _ in serving:
                pod.archived = 0.0

    def control(self, now: float) -> None:
        """One turn of the controller, on figures that are one scrape old."""
        current = len(self._pods)
        desired = current_desire(self._pods, current, self._targets)
        for pod in self._pods:
            pod.scrape(now, SYNC_SECONDS)
        replicas = self._autoscaler.decide(now, current, desired)
        if replicas == current:
            return
        self.replicas.append((now, replicas))
        self._make_room(now, replicas)
        for place in range(current, replicas):
            there = max(now, self._room[place]) + self._cluster.schedule
            pod = Pod(self._service, now, there + self._service.start_up, now=now)
            self._pods.append(pod)
            self._every.append(pod)
        # As a ReplicaSet does: first those that are not ready, then the youngest.
        self._pods.sort(key=lambda pod: (pod.ready > now, pod.created))
        for pod in self._pods[replicas:]:
            pod.stopping = True
            pod.serve(NOTHING, now)
        del self._pods[replicas:]

    def _make_room(self, now: float, replicas: int) -> None:
        wanted = max(self._cluster.always, replicas + self._cluster.spare)
        del self._room[wanted:]
        self._room += [now + self._cluster.new_node] * (wanted - len(self._room))

    @property
    def idle(self) -> bool:
        """Whether nothing is left to do."""
        return not self._archive_left and not any(pod.held for pod in self._every)

    def outcome(self, end: float) -> Outcome:
        """What it came to, at the end."""
        answered = [part for pod in self._every for part in pod.answered]
        arrived, waits = np.concatenate(answered, axis=1) if answered else np.empty((2, 0))
        paid = sum((pod.gone or end) - pod.created for pod in self._every)
        return Outcome(
            arrived,
            waits,
            sum(pod.refused for pod in self._every),
            (paid + self._cluster.spare * end) / 3600,
            self.replicas,
            self._archived,
        )


def replay(
    times: Times,
    service: Service,
    cluster: Cluster,
    targets: Targets,
    behaviour: Behaviour,
    *,
    archive: Archive | None = None,
    seed: int = 1,
) -> Outcome:
    """Sends articles at the given times (ascending, seconds) through an autoscaled fleet."""
    picks = np.random.default_rng(seed).random(len(times))
    fleet = Fleet(service, cluster, targets, behaviour, archive)
    tick, begin = 0.0, 0
    while begin < len(times) or not fleet.idle:
        tick += SYNC_SECONDS
        end = int(np.searchsorted(times, tick))
        fleet.serve(times[begin:end], picks[begin:end], tick)
        fleet.control(tick)
        begin = end
    return fleet.outcome(tick)


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
