"""Pods as local processes behind nginx, and a controller that scales them by the HPA's rule.

Time is compressed: one second here stands for `faster` seconds of the cluster. Whatever leaves this
module (waits, times, replicas) is in the cluster's seconds.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from loadtests.autoscaling.balancer import Balancer
from loadtests.autoscaling.exposed import total
from loadtests.autoscaling.fleet import Targets, current_desire
from loadtests.autoscaling.hpa import SYNC_SECONDS, Autoscaler, Behaviour
from tests.servers import PATIENCE, Server


@dataclass
class LocalPod:
    """One `newsbrief serve`; figures as the controller saw them last."""

    created: float
    server: Server | None = None
    ready: bool = False
    backlog_seen: float | None = None
    busy_share_seen: float | None = None
    busy_before: float = 0.0


@dataclass
class LocalCluster:
    """The pods, and what the controller does with them. Used as `async with`."""

    application: str
    behaviour: Behaviour
    targets: Targets
    faster: float
    start_up: float  # seconds of the cluster from the decision to the first request
    settings: Mapping[str, object]  # of the pods, in real seconds
    folder: Path
    pods: list[LocalPod] = field(default_factory=list)
    history: list[tuple[float, int]] = field(default_factory=list)
    pod_seconds: float = 0.0
    late_starts: int = 0

    async def __aenter__(self) -> LocalCluster:
        """Starts the balancer and as few pods as there may be."""
        self._began = time.monotonic()
        self._autoscaler = Autoscaler(self.behaviour)
        self._starting: set[asyncio.Task[None]] = set()
        self._balancer = Balancer(self.folder)
        self.url = self._balancer.url
        for _ in range(self.behaviour.least):
            await self._start(LocalPod(self._began), wait=0)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stops everything that it started."""
        for task in self._starting:
            await task
        for pod in list(self.pods):
            self._stop(pod)
        self._balancer.close()

    @property
    def now(self) -> float:
        """Seconds of the cluster since `begin`."""
        return (time.monotonic() - self._began) * self.faster

    @property
    def urls(self) -> list[str]:
        """Where the pods are."""
        return [pod.server.url for pod in self.pods if pod.server is not None]

    async def begin(self) -> None:
        """The clock starts here; what the pods did before doesn't count."""
        async with httpx.AsyncClient(timeout=PATIENCE) as client:
            for pod in self.pods:
                await self._scrape(client, pod)
                pod.created, pod.busy_share_seen = 0.0, 0.0
        self._began = time.monotonic()
        self.history = [(0.0, len(self.pods))]

    async def exposed(self) -> str:
        """What the first pod says at /metrics."""
        async with httpx.AsyncClient(timeout=PATIENCE) as client:
            return (await client.get(f"{self.pods[0].server.url}/metrics")).text

    async def control(self) -> None:
        """Decides every 15 s of the cluster, on figures that are one scrape old; never returns."""
        tick = SYNC_SECONDS
        async with httpx.AsyncClient(timeout=PATIENCE) as client:
            while True:
                await asyncio.sleep(max(0.0, tick - self.now) / self.faster)
                current = len(self.pods)
                desired = current_desire(self.pods, current, self.targets)
                await asyncio.gather(*(self._scrape(client, pod) for pod in self.pods if pod.ready))
                self._scale(self._autoscaler.decide(tick, current, desired))
                tick += SYNC_SECONDS

    def _scale(self, replicas: int) -> None:
        current = len(self.pods)
        if replicas == current:
            return
        self.history.append((self.now, replicas))
        for _ in range(replicas - current):
            pod = LocalPod(self.now)
            task = asyncio.create_task(self._start(pod, wait=self.start_up / self.faster))
            self._starting.add(task)
            task.add_done_callback(self._starting.discard)
        # As a ReplicaSet does: first those that are not ready, then the youngest.
        self.pods.sort(key=lambda pod: (not pod.ready, pod.created))
        for pod in self.pods[replicas:]:
            self._stop(pod)

    async def _start(self, pod: LocalPod, *, wait: float) -> None:
        self.pods.append(pod)
        ready_at = time.monotonic() + wait
        settings = {"DRAIN_DELAY_SECONDS": 1, "RUNNERS": 1, **self.settings}
        environment = {f"NEWSBRIEF_{name}": str(value) for name, value in settings.items()}
        pod.server = await asyncio.to_thread(Server, self.application, environment)
        await asyncio.to_thread(pod.server.wait_for, "ready: pack")
        left = ready_at - time.monotonic()
        self.late_starts += bool(wait) and left < 0
        await asyncio.sleep(max(0.0, left))
        if pod in self.pods:
            pod.ready = True
            self._route()
        else:
            pod.server.process.terminate()

    def _stop(self, pod: LocalPod) -> None:
        self.pods.remove(pod)
        self.pod_seconds += self.now - pod.created
        if pod.ready and self.pods:
            self._route()
        if pod.ready and pod.server is not None:
            pod.server.process.terminate()

    def _route(self) -> None:
        urls = [pod.server.url for pod in self.pods if pod.ready and pod.server is not None]
        self._balancer.route(urls)

    async def _scrape(self, client: httpx.AsyncClient, pod: LocalPod) -> None:
        text = (await client.get(f"{pod.server.url}/metrics")).text
        pod.backlog_seen = total("newsbrief_backlog_seconds", text) * self.faster
        # The paced engine needs no CPU; that it is busy stands for it.
        busy = total("newsbrief_engine_busy_seconds_total", text) * self.faster
        pod.busy_share_seen = (busy - pod.busy_before) / SYNC_SECONDS
        pod.busy_before = busy
