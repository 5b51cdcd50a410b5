"""Checks the simulator: the same load on real processes behind nginx, and simulated.

    python -m loadtests.autoscaling.check [--faster 6] [--seed 7]

Up to three services with an engine of a stated pace are started and stopped by the shipped rule,
from the backlog that they report; the simulator gets a pod's measured curve (the mean of three
that are measured at the same time, as they run later), the arrivals and the start-up delay. Writes
checked.json and checked.png beside this file, unless the machine was too busy to send in time.
Takes about five minutes; needs nginx.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import statistics
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt

from loadtests.autoscaling.day import poisson
from loadtests.autoscaling.exposed import together, total
from loadtests.autoscaling.fleet import Cluster, Outcome, Targets, replay
from loadtests.autoscaling.hpa import Behaviour
from loadtests.autoscaling.pod import Service
from loadtests.autoscaling.processes import LocalCluster
from loadtests.autoscaling.sending import curve, send
from loadtests.autoscaling.simulate import Candidate, Figures, figures
from loadtests.machine import machine
from newsbrief.settings import Settings

HERE = Path(__file__).parent
LEAST, MOST = 1, 3
SECONDS = 1440.0  # of the cluster
START_UP = 60.0  # seconds of the cluster from the decision to the first request
REQUEST_SECONDS = 60.0
AT_ONCE = (1, 2, 4, 8, 16)
CURVE_SECONDS = 5.0
SIMULATIONS = 9
TOLERANCE = 0.25  # how far a simulated figure may be from the real one
MOST_LATE = (
    1.0  # seconds of the cluster; when one request in a hundred is later, nothing is written
)


def load(second: float) -> float:
    """Pods' worth of work: a quiet hum, a story of eight minutes that breaks after two, quiet."""
    since = second - 120
    burst = 3.5 * min(1.0, since / 60) * (1 - since / 480) if 0 <= since < 480 else 0.0
    return 0.45 + burst


def behaviour(candidate: Candidate) -> Behaviour:
    """As shipped, between one pod and three."""
    shipped = candidate.behaviour
    return Behaviour(LEAST, MOST, shipped.up, shipped.down)


def median(several: list[Figures]) -> Figures:
    """The median of each figure."""
    columns = zip(*(asdict(each).values() for each in several), strict=True)
    return Figures(*(statistics.median(column) for column in columns))


async def run(
    faster: float, seed: int, candidate: Candidate
) -> tuple[dict[str, Any], Outcome, Outcome]:
    """How the real run and the simulated ones compare, the real one, and a simulated one."""
    targets = Targets(candidate.backlog, candidate.cpu)
    settings = Settings(keys_file=None)
    bounds = {
        "QUEUE_SECONDS": settings.queue_seconds / faster,
        "REQUEST_SECONDS": settings.request_seconds / faster,
    }
    shipped = behaviour(candidate)
    with TemporaryDirectory() as folder:

        def cluster(behaviour: Behaviour, bounds: Mapping[str, float]) -> LocalCluster:
            pods = "loadtests.autoscaling.paced:make()"
            return LocalCluster(pods, behaviour, targets, faster, START_UP, bounds, Path(folder))

        # Measured where nothing is refused.
        async with cluster(replace(shipped, least=MOST), {"QUEUE_SECONDS": 1e6}) as pods:
            rates = await curve(pods.urls, AT_ONCE, CURVE_SECONDS)
            print({count: round(rate, 2) for count, rate in rates.items()}, flush=True)
            tokens = int(pods.pods[0].server.wait_for(r"tokens=(\d+)")[1])
            exposed = await pods.exposed()
        times = poisson(load, SECONDS, max(rates.values()) / faster, seed=seed)
        print(f"{len(times)} articles in {SECONDS / faster:.0f} s", flush=True)
        async with cluster(shipped, bounds) as pods:
            real, sent = await send(pods, times.tolist())
            late_starts = pods.late_starts
    drained = total("newsbrief_drain_tokens_per_second", exposed)
    service = Service(
        rates={count: rate / faster for count, rate in rates.items()},
        start_up=START_UP,
        queue_seconds=settings.queue_seconds,
        request_seconds=settings.request_seconds,
        backlog_factor=tokens / drained * rates[AT_ONCE[-1]],
        together=together(settings.batch_tokens, exposed),
    )
    at_once = Cluster(schedule=0, new_node=0)
    simulated = [
        replay(times, service, at_once, targets, shipped, seed=each) for each in range(SIMULATIONS)
    ]
    each = [figures(outcome) for outcome in simulated]
    result = {
        **machine(),
        "faster": faster,
        "seed": seed,
        "articles": len(times),
        "tokens_per_article": tokens,
        "backlog_factor": round(service.backlog_factor, 2),
        "articles_together": service.together,
        "articles_per_second": {count: round(rate, 3) for count, rate in rates.items()},
        "statuses": {str(status): count for status, count in sorted(sent.statuses.items())},
        "sent_late_p99": round(statistics.quantiles(sent.late, n=100)[-1], 2),
        "late_starts": late_starts,
        "real": asdict(figures(real)) | extremes(real),
        "simulated": asdict(median(each))
        | {
            key: statistics.median(extremes(outcome)[key] for outcome in simulated)
            for key in extremes(real)
        },
        "simulated_least": [min(column) for column in _columns(each)],
        "simulated_most": [max(column) for column in _columns(each)],
        "replicas_real": [(round(at), count) for at, count in real.replicas],
        "replicas_simulated": [(round(at), count) for at, count in simulated[0].replicas],
    }
    return result, real, simulated[0]


def _columns(several: list[Figures]) -> list[tuple[float, ...]]:
    return list(zip(*(asdict(each).values() for each in several), strict=True))


def extremes(outcome: Outcome) -> dict[str, float]:
    """The longest wait, and the mean number of replicas."""
    ends = [at for at, _ in outcome.replicas[1:]] + [SECONDS]
    spans = zip(outcome.replicas, ends, strict=True)
    held = sum(count * (end - at) for (at, count), end in spans)
    return {
        "longest": round(float(max(outcome.waits)), 2),
        "mean_replicas": round(held / SECONDS, 3),
    }


def plot(real: Outcome, simulated: Outcome, path: Path) -> None:
    """Replicas and waits, one over the other."""
    mpl.use("Agg")
    figure, (above, below) = plt.subplots(2, 1, sharex=True, figsize=(10, 6))
    seconds = range(0, int(SECONDS), 5)
    above.plot(seconds, [load(s) for s in seconds], color="grey", label="load, in full pods")
    for outcome, label, colour, line in (
        (real, "real", "tab:blue", "-"),
        (simulated, "simulated", "tab:orange", "--"),
    ):
        at, count = zip(*outcome.replicas, (SECONDS, outcome.replicas[-1][1]), strict=True)
        above.step(at, count, line, where="post", color=colour, label=f"replicas, {label}")
        below.plot(outcome.arrived, outcome.waits, ".", markersize=2, color=colour, label=label)
    above.legend()
    below.legend()
    below.set(xlabel="seconds", ylabel="seconds to the answer", xlim=(0, SECONDS))
    figure.tight_layout()
    figure.savefig(path, dpi=100)
    plt.close(figure)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--faster", type=float, default=6)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    winner = json.loads((HERE / "results.json").read_text("utf-8"))["winner"]
    result, real, simulated = asyncio.run(run(options.faster, options.seed, Candidate(**winner)))
    print(f"{'':>14} {'real':>8} {'simulated':>9}  ratio")
    for key, found in result["real"].items():
        expected = result["simulated"][key]
        ratio = expected / found if found else (math.nan if expected else 1.0)
        agrees = abs(ratio - 1) <= TOLERANCE
        print(f"{key:>14} {found:8.3f} {expected:9.3f} {ratio:6.2f}{'' if agrees else '  differs'}")
    late, starts = result["sent_late_p99"], result["late_starts"]
    print(f"statuses {result['statuses']}, late starts {starts}")
    print(f"one request in a hundred was sent {late} s late or more")
    if late > MOST_LATE or starts:
        raise SystemExit("this machine was too busy for the check; nothing is written")
    (HERE / "checked.json").write_text(json.dumps(result, indent=1) + "\n")
    plot(real, simulated, HERE / "checked.png")


if __name__ == "__main__":
    main()
