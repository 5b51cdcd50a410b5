"""Replays a publishing day under candidate autoscaling settings and says which is best.

    python -m loadtests.autoscaling.simulate [--seeds 1]

Reads measured.json, writes results.json and autoscaling.png beside this file. Best is what takes
the fewest pod-hours among those that refuse at most 0.1% and answer 98% within 10 s; each
candidate's figures are the worst of its seeds. (The service level, over a month, is 95% within
10 s; this is a day with a big story.)
"""

from __future__ import annotations

import argparse
import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt

from loadtests.autoscaling.day import DAY, HOUR, arrivals, load
from loadtests.autoscaling.fleet import Outcome, Service, Targets, replay
from loadtests.autoscaling.hpa import Behaviour, Direction, Policy

HERE = Path(__file__).parent
LEVEL_SECONDS = 10.0
MOST_SLOW, MOST_REFUSED = 0.02, 0.001
LEAST, MOST = 2, 40


@dataclass(frozen=True)
class Candidate:
    """Settings in the manifest's own terms."""

    backlog: float | None
    cpu: float | None
    up_percent: int
    up_pods: int
    down_window: int
    least: int = LEAST

    @property
    def behaviour(self) -> Behaviour:
        """What the HPA's `behavior` says."""
        up = (Policy("Percent", self.up_percent, 30), Policy("Pods", self.up_pods, 30))
        down = (Policy("Percent", 25, 60),)
        return Behaviour(self.least, MOST, Direction(0, up), Direction(self.down_window, down))


@dataclass(frozen=True)
class Figures:
    """A day's figures; waits in seconds from arrival to answer."""

    p50: float
    p95: float
    p99: float
    slow: float
    refused: float
    most_pods: int
    pod_hours: float

    @property
    def fit(self) -> bool:
        """Whether the day was served as it should be."""
        return self.slow <= MOST_SLOW and self.refused <= MOST_REFUSED


def candidates() -> Iterator[Candidate]:
    """Backlog with CPU behind it, in all combinations; then CPU alone, to compare with."""
    for backlog, cpu, (percent, pods) in itertools.product(
        (0.5, 1.0, 2.0, 4.0), (0.6, 0.8), ((100, 4), (200, 8))
    ):
        yield Candidate(backlog, cpu, percent, pods, 300)
    yield Candidate(1.0, 0.8, 100, 4, 600)
    for cpu in (0.5, 0.6, 0.8):
        yield Candidate(None, cpu, 100, 4, 300)
    yield Candidate(2.0, None, 100, 4, 300)


def figures(outcome: Outcome) -> Figures:
    """Percentiles and totals; a refused article counts as refused, not as slow."""
    waits = sorted(wait for _, wait in outcome.waits)
    sent = len(waits) + outcome.refused

    def percentile(share: float) -> float:
        return round(waits[min(len(waits) - 1, int(share * len(waits)))], 2)

    return Figures(
        percentile(0.5),
        percentile(0.95),
        percentile(0.99),
        round(sum(wait > LEVEL_SECONDS for wait in waits) / sent, 5),
        round(outcome.refused / sent, 5),
        max(replicas for _, replicas in outcome.replicas),
        round(outcome.pod_hours, 1),
    )


def worst(several: Sequence[Figures]) -> Figures:
    """The largest of each figure."""
    return Figures(*(max(values) for values in zip(*map(_values, several), strict=True)))


def _values(one: Figures) -> list[float]:
    return list(asdict(one).values())


def day(candidate: Candidate, service: Service, seed: int) -> Outcome:
    """One day under one candidate."""
    targets = Targets(candidate.backlog, candidate.cpu)
    times = arrivals(service.best, seed=seed)
    return replay(times, service, targets, candidate.behaviour, seed=seed)


def plot(outcome: Outcome, path: Path) -> None:
    """Load, replicas and waits over the day."""
    mpl.use("Agg")
    figure, (above, below) = plt.subplots(2, 1, sharex=True, figsize=(10, 6))
    minutes = range(0, int(DAY), 60)
    above.plot([m / HOUR for m in minutes], [load(m) for m in minutes], label="load, in full pods")
    hours, replicas = zip(*outcome.replicas, (DAY, outcome.replicas[-1][1]), strict=True)
    above.step([h / HOUR for h in hours], replicas, where="post", label="replicas")
    above.legend()
    at, waits = zip(*sorted(outcome.waits), strict=True)
    below.plot([second / HOUR for second in at], waits, ",", color="tab:red")
    below.axhline(LEVEL_SECONDS, color="grey", linewidth=0.8)
    below.set(xlabel="hour of the day", ylabel="seconds to the answer", xlim=(0, 24))
    figure.tight_layout()
    figure.savefig(path, dpi=100)
    plt.close(figure)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=1)
    options = parser.parse_args()
    measured = json.loads((HERE / "measured.json").read_text("utf-8"))
    service = Service.measured(measured)
    rows = []
    print("backlog cpu  up       down |  p50   p95   p99   slow    refused pods pod-hours")
    for candidate in candidates():
        days = [day(candidate, service, seed) for seed in range(options.seeds)]
        result = worst([figures(each) for each in days])
        rows.append((candidate, result))
        print(
            f"{candidate.backlog or '-':>5}  {candidate.cpu or '-':>4} "
            f"{candidate.up_percent}%/{candidate.up_pods}  {candidate.down_window:>4} | "
            f"{result.p50:5.2f} {result.p95:5.2f} {result.p99:6.2f} {result.slow:7.3%} "
            f"{result.refused:7.3%} {result.most_pods:3d} {result.pod_hours:7.1f}"
            f"{'' if result.fit else '  unfit'}",
            flush=True,
        )
    fit = [row for row in rows if row[1].fit]
    if not fit:
        raise SystemExit("no candidate serves the day as it should")
    winner, result = min(fit, key=lambda row: (row[1].pod_hours, row[1].p95))
    plot(day(winner, service, 0), HERE / "autoscaling.png")
    report = {
        "measured": measured,
        "seeds": options.seeds,
        "winner": asdict(winner),
        "figures": asdict(result),
        "all": [asdict(candidate) | asdict(each) for candidate, each in rows],
    }
    (HERE / "results.json").write_text(json.dumps(report, indent=1) + "\n")
    print(f"best: {winner}")


if __name__ == "__main__":
    main()
