"""Replays a publishing day under candidate autoscaling settings and says which is best.

    python -m loadtests.autoscaling.simulate [--seeds 3]

Reads measured.json, writes results.json and autoscaling.png beside this file. Best is what takes
the fewest pod-hours among those that refuse at most 0.1% and answer 99% within 10 s; each
candidate's figures are the worst of its seeds. (The service level, over a month, is 95% within
10 s; this is a day with a big story.) The winner is then played with other queues and other pods.
"""

from __future__ import annotations

import argparse
import itertools
import json
import multiprocessing
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np

from loadtests.autoscaling.day import (
    ARCHIVE_AT_ONCE,
    ARCHIVE_HOUR,
    ARCHIVE_WORK,
    DAY,
    HOUR,
    arrivals,
    load,
)
from loadtests.autoscaling.fleet import Archive, Cluster, Outcome, Targets, replay
from loadtests.autoscaling.hpa import Behaviour, Direction, Policy
from loadtests.autoscaling.pod import Service, Times

HERE = Path(__file__).parent
LEVEL_SECONDS = 10.0
MOST_SLOW, MOST_REFUSED = 0.01, 0.001
LEAST, MOST = 2, 40
QUEUES = (15, 20, 30, 45, 60)  # seconds
SPEEDS = (0.25, 0.5, 1, 2)  # of a pod, over the measured one


@dataclass(frozen=True)
class Candidate:
    """Settings in the manifest's own terms; `spare` is how many pods' room is kept free."""

    backlog: float | None
    cpu: float | None
    up_percent: int
    up_pods: int
    down_window: int
    least: int
    spare: int

    @property
    def behaviour(self) -> Behaviour:
        """What the HPA's `behavior` says."""
        up = (Policy("Percent", self.up_percent, 30), Policy("Pods", self.up_pods, 30))
        down = (Policy("Percent", 25, 60),)
        return Behaviour(self.least, MOST, Direction(0, up), Direction(self.down_window, down))


@dataclass(frozen=True)
class Figures:
    """A day's figures; waits in seconds from arrival to answer.

    `archived` is the hour of the day when the archive was done, 0 without one.
    """

    p50: float
    p95: float
    p99: float
    slow: float
    refused: float
    most_pods: int
    pod_hours: float
    archived: float

    @property
    def fit(self) -> bool:
        """Whether the day was served as it should be."""
        return self.slow <= MOST_SLOW and self.refused <= MOST_REFUSED


def candidates() -> Iterator[Candidate]:
    """Backlog with CPU behind it; then what else might serve, each changed from one of those."""
    base = Candidate(4.0, 0.4, 100, 4, 300, LEAST, 0)
    for backlog, cpu in itertools.product((1.0, 4.0), (0.3, 0.33, 0.36, 0.4, 0.5, 0.6, 0.8)):
        yield replace(base, backlog=backlog, cpu=cpu)
    for cpu, spare in itertools.product((0.36, 0.4, 0.5), (2, 4)):
        yield replace(base, cpu=cpu, spare=spare)
    for cpu in (0.4, 0.6):
        yield replace(base, cpu=cpu, up_percent=200, up_pods=8)
        yield replace(base, cpu=cpu, least=6)
        yield replace(base, cpu=cpu, backlog=None)
    yield replace(base, cpu=None)


def figures(outcome: Outcome) -> Figures:
    """Percentiles and totals; a refused article counts as refused, not as slow."""
    waits = np.sort(outcome.waits)
    sent = len(waits) + outcome.refused

    def percentile(share: float) -> float:
        return round(float(waits[min(len(waits) - 1, int(share * len(waits)))]), 2)

    return Figures(
        percentile(0.5),
        percentile(0.95),
        percentile(0.99),
        round(int((waits > LEVEL_SECONDS).sum()) / sent, 5),
        round(outcome.refused / sent, 5),
        max(replicas for _, replicas in outcome.replicas),
        round(outcome.pod_hours, 1),
        round((outcome.archived or 0) / HOUR, 2),
    )


def worst(several: Iterable[Figures]) -> Figures:
    """The largest of each figure."""
    columns = zip(*(asdict(each).values() for each in several), strict=True)
    return Figures(*map(max, columns))


def best(rows: Iterable[tuple[Candidate, Figures]]) -> tuple[Candidate, Figures]:
    """The fewest pod-hours among those that are fit, then the shortest p95; raises SystemExit."""
    fit = [row for row in rows if row[1].fit]
    if not fit:
        raise SystemExit("no candidate serves the day as it should")
    return min(fit, key=lambda row: (row[1].pod_hours, row[1].p95))


@cache
def _arrivals(articles_per_second: float, seed: int) -> Times:
    return arrivals(articles_per_second, seed=seed)


def day(candidate: Candidate, service: Service, seed: int) -> Outcome:
    """One day under one candidate."""
    work = ARCHIVE_WORK * HOUR * service.best
    return replay(
        _arrivals(service.best, seed),
        service,
        Cluster(spare=candidate.spare),
        Targets(candidate.backlog, candidate.cpu),
        candidate.behaviour,
        archive=Archive(ARCHIVE_HOUR * HOUR, work, ARCHIVE_AT_ONCE),
        seed=seed,
    )


def play(one: tuple[Candidate, Service, int]) -> Figures:
    """The worst figures of a candidate's days, one a seed."""
    candidate, service, seeds = one
    return worst(figures(day(candidate, service, seed)) for seed in range(seeds))


def faster(service: Service, times: float) -> Service:
    """The same pod so many times as fast."""
    return replace(service, rates={n: rate * times for n, rate in service.rates.items()})


def plot(outcome: Outcome, path: Path) -> None:
    """Load, replicas and waits over the day."""
    mpl.use("Agg")
    figure, (above, below) = plt.subplots(2, 1, sharex=True, figsize=(10, 6))
    minutes = range(0, int(DAY), 60)
    above.plot([m / HOUR for m in minutes], [load(m) for m in minutes], label="load, in full pods")
    hours, replicas = zip(*outcome.replicas, (DAY, outcome.replicas[-1][1]), strict=True)
    above.step([h / HOUR for h in hours], replicas, where="post", label="replicas")
    above.legend()
    some = np.random.default_rng(0).choice(len(outcome.waits), min(len(outcome.waits), 100_000))
    below.plot(outcome.arrived[some] / HOUR, outcome.waits[some], ",", color="tab:red")
    below.axhline(LEVEL_SECONDS, color="grey", linewidth=0.8)
    below.set(xlabel="hour of the day", ylabel="seconds to the answer", xlim=(0, 24))
    figure.tight_layout()
    figure.savefig(path, dpi=100)
    plt.close(figure)


def simulate(service: Service, seeds: int, processes: int) -> dict[str, object]:
    """What the candidates come to, and the winner under other conditions."""
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:

        def played(several: Sequence[tuple[Candidate, Service]]) -> list[Figures]:
            made = []
            for one, each in zip(
                several, pool.map(play, [(*one, seeds) for one in several]), strict=True
            ):
                print(one[0], each, "" if each.fit else "unfit", flush=True)
                made.append(each)
            return made

        every = [*candidates()]
        rows = list(zip(every, played([(each, service) for each in every]), strict=True))
        winner, result = best(rows)
        queues = [replace(service, queue_seconds=seconds) for seconds in QUEUES]
        speeds = [faster(service, times) for times in SPEEDS]
        others = played([(winner, other) for other in (*queues, *speeds)])
    return {
        "seeds": seeds,
        "articles": len(_arrivals(service.best, 0)),
        "work_pod_hours": round(sum(load(second) for second in range(int(DAY))) / HOUR, 1),
        "archive": {"hour": ARCHIVE_HOUR, "pod_hours": ARCHIVE_WORK, "at_once": ARCHIVE_AT_ONCE},
        "winner": asdict(winner),
        "figures": asdict(result),
        "all": [asdict(candidate) | asdict(each) for candidate, each in rows],
        "queues": [
            {"queue_seconds": seconds} | asdict(each)
            for seconds, each in zip(QUEUES, others, strict=False)
        ],
        "speeds": [
            {"speed": times} | asdict(each)
            for times, each in zip(SPEEDS, others[len(QUEUES) :], strict=True)
        ],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    measured = json.loads((HERE / "measured.json").read_text("utf-8"))
    service = Service.measured(measured)
    results = {"measured": measured} | simulate(service, options.seeds, options.processes)
    (HERE / "results.json").write_text(json.dumps(results, indent=1) + "\n")
    winner = Candidate(**results["winner"])
    plot(day(winner, service, 0), HERE / "autoscaling.png")
    print(f"best: {winner}, {results['figures']}")


if __name__ == "__main__":
    main()
