"""Checks the simulator: the same load on real processes behind nginx, and simulated.

    python -m loadtests.autoscaling.check [--faster 6] [--seed 7]

Up to three services with an engine of a stated pace are started and stopped by the shipped rule,
from the backlog that they report; the simulator gets one pod's measured curve, the arrivals and
the start-up delay. Writes checked.json and checked.png beside this file. Takes about five minutes;
needs nginx.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime
import json
import math
import os
import platform
import statistics
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

import matplotlib as mpl
import matplotlib.pyplot as plt

from loadtests.autoscaling.day import poisson
from loadtests.autoscaling.fleet import Outcome, Service, Targets, replay
from loadtests.autoscaling.hpa import Behaviour
from loadtests.autoscaling.processes import Cluster, curve, send
from loadtests.autoscaling.simulate import Candidate, Figures, figures
from newsbrief.settings import Settings
from newsbrief.threads import usable_cpus

HERE = Path(__file__).parent
LEAST, MOST = 1, 3
SECONDS = 1440.0  # of the cluster
HIGHEST = 4.0  # no load is above it
START_UP = 60.0  # seconds of the cluster from the decision to the first request
REQUEST_SECONDS = 60.0
AT_ONCE = (1, 2, 4, 8)
CURVE_SECONDS = 5.0
SIMULATIONS = 9
TOLERANCE = 0.25  # how far a simulated figure may be from the real one


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


async def run(faster: float, seed: int, candidate: Candidate) -> dict[str, object]:
    """The real run, the simulated ones, and how they compare."""
    targets = Targets(candidate.backlog, candidate.cpu)
    with TemporaryDirectory() as folder:
        async with Cluster(
            "loadtests.autoscaling.paced:make()",
            behaviour(candidate),
            targets,
            faster,
            START_UP,
            REQUEST_SECONDS,
            Path(folder),
        ) as cluster:
            rates = await curve(cluster.url, AT_ONCE, CURVE_SECONDS)
            print({count: round(rate, 2) for count, rate in rates.items()}, flush=True)
            tokens = int(cluster.pods[0].server.wait_for(r"tokens=(\d+)")[1])
            factor = tokens / await cluster.drained() * rates[AT_ONCE[-1]]
            times = list(poisson(load, HIGHEST, SECONDS, max(rates.values()) / faster, seed=seed))
            print(f"{len(times)} articles in {SECONDS / faster:.0f} s", flush=True)
            real, sent = await send(cluster, times)
            late_starts = cluster.late_starts
    service = Service(
        rates={count: rate / faster for count, rate in rates.items()},
        start_up=START_UP,
        most_waiting=Settings(keys_file=None).queue_tokens // tokens,
        request_seconds=REQUEST_SECONDS,
        backlog_factor=factor,
        schedule=0,
        new_node=0,
    )
    simulated = [
        replay(times, service, targets, behaviour(candidate), seed=each)
        for each in range(SIMULATIONS)
    ]
    plot(real, simulated[0], HERE / "checked.png")
    each = [figures(outcome) for outcome in simulated]
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "machine": f"{usable_cpus()}-core {platform.machine()}, {os.getloadavg()[0]:.1f} load",
        "faster": faster,
        "seed": seed,
        "articles": len(times),
        "tokens_per_article": tokens,
        "backlog_factor": round(factor, 2),
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


def _columns(several: list[Figures]) -> list[tuple[float, ...]]:
    return list(zip(*(asdict(each).values() for each in several), strict=True))


def extremes(outcome: Outcome) -> dict[str, float]:
    """The longest wait, and the mean number of replicas."""
    ends = [at for at, _ in outcome.replicas[1:]] + [SECONDS]
    spans = zip(outcome.replicas, ends, strict=True)
    held = sum(count * (end - at) for (at, count), end in spans)
    return {
        "longest": round(max(wait for _, wait in outcome.waits), 2),
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
        at, waits = zip(*sorted(outcome.waits), strict=True)
        below.plot(at, waits, ".", markersize=2, color=colour, label=label)
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
    result = asyncio.run(run(options.faster, options.seed, Candidate(**winner)))
    (HERE / "checked.json").write_text(json.dumps(result, indent=1) + "\n")
    print(f"{'':>14} {'real':>8} {'simulated':>9}  ratio")
    for key, real in result["real"].items():
        simulated = result["simulated"][key]
        ratio = simulated / real if real else (math.nan if simulated else 1.0)
        agrees = abs(ratio - 1) <= TOLERANCE
        print(f"{key:>14} {real:8.3f} {simulated:9.3f} {ratio:6.2f}{'' if agrees else '  differs'}")
    print(f"statuses {result['statuses']}, late starts {result['late_starts']}")
    print(f"one request in a hundred was sent {result['sent_late_p99']} s late or more")


if __name__ == "__main__":
    main()
