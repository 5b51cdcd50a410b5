"""What a thousand articles a second would take, by arithmetic from one pod's figures."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from loadtests.autoscaling.simulate import Candidate

WANTED = 1000  # articles a second
NODE_CORES = 16
CORE_HOUR = 0.04  # dollars, assumed
POD_CHANGE = 30  # seconds until another pod has come for one that went, assumed

Figures = Mapping[str, Any]


@dataclass(frozen=True)
class Sums:
    """What so many articles a second take, by arithmetic."""

    full_pods: int
    pods: int
    cores: int
    nodes: int
    dollars_an_hour: float
    dollars_a_million: float
    steps: int
    surge: int


def full_rate(measured: Figures) -> float:
    """Articles a second of a pod that has as many in work as were measured."""
    return list(measured["articles_per_second"].values())[-1]


def sums(measured: Figures, won: Candidate, wanted: float = WANTED) -> Sums:
    """For so many articles a second, at the CPU target."""
    full = wanted / full_rate(measured)
    pods = math.ceil(full / (won.cpu or 1))
    cores = pods * measured["cores"]
    hourly = cores * CORE_HOUR
    return Sums(
        math.ceil(full),
        pods,
        cores,
        math.ceil(cores / NODE_CORES),
        hourly,
        hourly / (wanted * 3600) * 1e6,
        math.ceil(math.log(pods / won.least, 1 + won.up_percent / 100)),
        math.ceil(pods / 4),
    )


def thousand(measured: Figures, won: Candidate) -> str:
    """What a thousand articles a second take, and what breaks first."""
    n = sums(measured, won)
    at_once = math.ceil(n.pods / 10)
    minutes = math.ceil(n.pods / at_once) * POD_CHANGE / 60
    says = paragraph(
        f"""At {full_rate(measured):.2f} articles a second of a full pod of {measured["cores"]}
        cores, {WANTED:,} a second keep {n.full_pods} pods ({n.full_pods * measured["cores"]} cores)
        full; at the CPU target of {won.cpu or 1:.0%} they are {n.pods} pods and {n.cores:,} cores,
        {n.nodes} nodes of {NODE_CORES} cores. At an assumed {CORE_HOUR:.2f} $ for a core and hour
        that is {n.dollars_an_hour:.0f} $ an hour, or {n.dollars_a_million:.1f} $ for a million
        articles, with the bundled pack. What breaks first:"""
    )
    points = (
        f"""1. **The climb.** From {won.least} pods to {n.pods} are {n.steps} steps of
        {won.up_percent}% in 30 s, {n.steps / 2:g} minutes, if nodes were there; they are not. Such
        a fleet needs a floor near its usual load.""",
        """2. **Random balancing.** A Service chooses pods blindly; the more pods, the longer the
        longest queue. Use an ingress that counts open requests, and cells of about 100 pods, each
        with a Service and an autoscaler of its own.""",
        f"""3. **Node upgrades.** The disruption budget lets a tenth of the pods go at a time, here
        {at_once}: at an assumed {POD_CHANGE} s until others have come, {minutes:g} minutes for all.
        A rollout adds a quarter, {n.surge} pods, and needs nodes for them.""",
        """4. **The rest is small.** At an assumed 10 KB in and 10 KB out for an article, 20 MB a
        second; keys, admission and metrics are each pod's own, and no pod asks another.""",
    )
    return f"{says}\n\n" + "\n".join(paragraph(point, "   ") for point in points)


def paragraph(text: str, indent: str = "") -> str:
    """Wrapped as the rest of the page is; `indent` stands before all lines but the first."""
    return textwrap.fill(
        " ".join(text.split()), 100, break_on_hyphens=False, subsequent_indent=indent
    )
