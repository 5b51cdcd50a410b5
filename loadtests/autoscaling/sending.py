"""Articles for the pods of `check`: a pod's curve, and a day's arrivals through the balancer."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field

import httpx
import numpy as np

from loadtests.autoscaling.fleet import Outcome
from loadtests.autoscaling.processes import LocalCluster
from tests.servers import PATIENCE
from tests.service import ARTICLE


async def ask(client: httpx.AsyncClient, url: str, number: int) -> int:
    """Sends one article; the status of the answer."""
    article = ARTICLE | {"headline": f"Harbour city opens tram line {number}"}
    return (await client.post(f"{url}/v1/briefs", json=article)).status_code


async def curve(urls: list[str], at_once: tuple[int, ...], seconds: float) -> dict[int, float]:
    """Articles a second of a pod, by how many each has in work: `measure` over HTTP.

    The mean of pods that are measured side by side.
    """
    rates = {}
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
    async with httpx.AsyncClient(timeout=PATIENCE, limits=limits) as client:
        for count in at_once:
            done, began = 0, time.monotonic()

            async def keep_asking(url: str, until: float = began + seconds) -> None:
                nonlocal done
                while time.monotonic() < until:
                    assert await ask(client, url, done) == 200
                    done += 1

            await asyncio.gather(*(keep_asking(url) for url in urls for _ in range(count)))
            rates[count] = done / (time.monotonic() - began) / len(urls)
    return rates


@dataclass
class Sent:
    """What came back, and how late each request was sent, in seconds of the cluster."""

    statuses: Counter[int] = field(default_factory=Counter)
    late: list[float] = field(default_factory=list)


async def send(cluster: LocalCluster, times: list[float]) -> tuple[Outcome, Sent]:
    """Sends an article at each of the given times, whatever becomes of the others."""
    answered: list[tuple[float, float]] = []
    sent = Sent()
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
    async with httpx.AsyncClient(timeout=PATIENCE, limits=limits) as client:
        await cluster.begin()

        async def one(number: int, at: float) -> None:
            await asyncio.sleep(max(0.0, at - cluster.now) / cluster.faster)
            sent.late.append(cluster.now - at)
            status = await ask(client, cluster.url, number)
            sent.statuses[status] += 1
            if status == 200:
                answered.append((at, cluster.now - at))

        controller = asyncio.create_task(cluster.control())
        await asyncio.gather(*(one(number, at) for number, at in enumerate(times)))
        controller.cancel()
        await asyncio.gather(controller, return_exceptions=True)
    running = sum(cluster.now - pod.created for pod in cluster.pods)
    hours = (cluster.pod_seconds + running) / 3600
    refused = sent.statuses.total() - sent.statuses[200]
    arrived, waits = np.array(answered).T
    return Outcome(arrived, waits, refused, hours, list(cluster.history)), sent
