"""Pods as local processes behind nginx, and a controller that scales them by the HPA's rule.

Time is compressed: one second here stands for `faster` seconds of the cluster. Whatever leaves this
module (waits, times, replicas) is in the cluster's seconds.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import signal
import socket
import subprocess
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from loadtests.autoscaling.fleet import SCRAPE_SECONDS, Outcome, Targets, current_desire
from loadtests.autoscaling.hpa import SYNC_SECONDS, Autoscaler, Behaviour
from tests.servers import PATIENCE, Server
from tests.service import ARTICLE

NGINX = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_processes 1;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  keepalive_timeout 0;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  upstream pods {{
    random;
    {servers}
  }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://pods;
      proxy_next_upstream off;
      proxy_read_timeout 120;
    }}
  }}
}}
"""


class Balancer:
    """nginx, choosing blindly among the pods that it is told of, as a Service does."""

    def __init__(self, folder: Path) -> None:
        program = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
        if program is None:
            raise SystemExit("this needs nginx; Debian's package `nginx-light` has it")
        self._folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"
        self._program = program
        self._process: subprocess.Popen[bytes] | None = None

    def route(self, urls: list[str]) -> None:
        """From now on new requests go to these."""
        servers = " ".join(f"server {url.removeprefix('http://')} max_fails=0;" for url in urls)
        config = self._folder / "nginx.conf"
        config.write_text(NGINX.format(folder=self._folder, servers=servers, port=self._port))
        if self._process is None:
            self._process = subprocess.Popen([self._program, "-c", str(config)])
        else:
            self._process.send_signal(signal.SIGHUP)

    def close(self) -> None:
        """Stops it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(PATIENCE)


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
class Cluster:
    """The pods, and what the controller does with them. Used as `async with`."""

    application: str
    behaviour: Behaviour
    targets: Targets
    faster: float
    start_up: float  # seconds of the cluster from the decision to the first request
    request_seconds: float  # of the cluster
    folder: Path
    pods: list[LocalPod] = field(default_factory=list)
    history: list[tuple[float, int]] = field(default_factory=list)
    pod_seconds: float = 0.0
    late_starts: int = 0

    async def __aenter__(self) -> Cluster:
        """Starts the first pods and the balancer."""
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

    async def begin(self) -> None:
        """The clock starts here; what the pods did before doesn't count."""
        async with httpx.AsyncClient(timeout=PATIENCE) as client:
            for pod in self.pods:
                await self._scrape(client, pod)
                pod.created, pod.busy_share_seen = 0.0, 0.0
        self._began = time.monotonic()
        self.history = [(0.0, len(self.pods))]

    async def drained(self) -> float:
        """Tokens a second at which the first pod says that it works."""
        async with httpx.AsyncClient(timeout=PATIENCE) as client:
            text = (await client.get(f"{self.pods[0].server.url}/metrics")).text
        return total("newsbrief_drain_tokens_per_second", text)

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
        environment = {
            "NEWSBRIEF_REQUEST_SECONDS": str(self.request_seconds / self.faster),
            "NEWSBRIEF_DRAIN_DELAY_SECONDS": "1",
            "NEWSBRIEF_RUNNERS": "1",
        }
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
        pod.busy_share_seen = (busy - pod.busy_before) / SCRAPE_SECONDS
        pod.busy_before = busy


def total(name: str, text: str) -> float:
    """A metric's sum over all its labels, from what /metrics answers."""
    found = re.findall(rf"^{name}(?:\{{[^}}]*\}})? (\S+)$", text, re.MULTILINE)
    return sum(map(float, found))


async def ask(client: httpx.AsyncClient, number: int) -> int:
    """Sends one article; the status of the answer."""
    article = ARTICLE | {"headline": f"Harbour city opens tram line {number}"}
    return (await client.post("/v1/briefs", json=article)).status_code


async def curve(url: str, at_once: tuple[int, ...], seconds: float) -> dict[int, float]:
    """Articles a second of one pod, by how many are kept in work: `measure` over HTTP."""
    rates = {}
    limits = httpx.Limits(max_keepalive_connections=0)
    async with httpx.AsyncClient(base_url=url, timeout=PATIENCE, limits=limits) as client:
        for count in at_once:
            done, began = 0, time.monotonic()

            async def keep_asking(until: float = began + seconds) -> None:
                nonlocal done
                while time.monotonic() < until:
                    assert await ask(client, done) == 200
                    done += 1

            await asyncio.gather(*(keep_asking() for _ in range(count)))
            rates[count] = done / (time.monotonic() - began)
    return rates


@dataclass
class Sent:
    """What came back, and how late each request was sent, in seconds of the cluster."""

    statuses: Counter[int] = field(default_factory=Counter)
    late: list[float] = field(default_factory=list)


async def send(cluster: Cluster, times: list[float]) -> tuple[Outcome, Sent]:
    """Sends an article at each of the given times, whatever becomes of the others."""
    waits: list[tuple[float, float]] = []
    sent = Sent()
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
    async with httpx.AsyncClient(base_url=cluster.url, timeout=PATIENCE, limits=limits) as client:
        await cluster.begin()

        async def one(number: int, at: float) -> None:
            await asyncio.sleep(max(0.0, at - cluster.now) / cluster.faster)
            sent.late.append(cluster.now - at)
            status = await ask(client, number)
            sent.statuses[status] += 1
            if status == 200:
                waits.append((at, cluster.now - at))

        controller = asyncio.create_task(cluster.control())
        await asyncio.gather(*(one(number, at) for number, at in enumerate(times)))
        controller.cancel()
        await asyncio.gather(controller, return_exceptions=True)
    running = sum(cluster.now - pod.created for pod in cluster.pods)
    hours = (cluster.pod_seconds + running) / 3600
    refused = sent.statuses.total() - sent.statuses[200]
    return Outcome(waits, refused, hours, list(cluster.history)), sent
