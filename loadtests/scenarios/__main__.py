"""Runs scenarios against the real service and prints one table.

    python -m loadtests.scenarios [NAME...] [--quick] [--seconds S] [--out FOLDER] [--pack NAME]

Starts `newsbrief serve` with its default settings, but for `--queue-seconds`; measures its capacity
first (32 requests at once); then plays each scenario at rates that are multiples of that capacity.
Last, in interleaved rounds, a CMS alone and beside a backfill that takes all it gets: the ratios of
the CMS's medians and 95th percentiles. Generator and service share the machine; both shares are
printed.
Fails if any answer was wrong.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path

from loadtests.machine import machine
from loadtests.scenarios.plans import OVERLOADS, SCENARIOS, overload_seconds, peak, people, scenario
from loadtests.scenarios.playing import Run, peak_rate, play, sum_up
from loadtests.scenarios.report import plot, processes, table
from loadtests.scenarios.service import ROOT, Service, serving, write_json

RESULTS = ROOT / "loadtests" / "results"
LANES = "lanes"
QUEUE_SECONDS = 8.0  # so that an overload fills the queue in seconds, not in half a minute


def lanes(service: Service, capacity: float, seconds: float, rounds: int) -> list[Run]:
    """A CMS alone and beside a backfill, in turn, with the same arrivals in both."""
    return [
        play(service, people(capacity, seconds, archive=archive, seed=turn))
        for turn in range(rounds)
        for archive in ((False, True) if turn % 2 == 0 else (True, False))
    ]


def lane_ratios(runs: Sequence[Run], percentile: str) -> list[float]:
    """For each round: the CMS's `p50` or `p95` with the backfill over that without."""
    rounds: dict[int, dict[str, float]] = {}
    for run in runs:
        value = getattr(run.figures("cms"), percentile)
        if value is not None:
            rounds.setdefault(run.plan.seed, {})[run.plan.name] = value
    return [each["people and backfill"] / each["people alone"] for each in rounds.values()]


def pooled_ratio(runs: Sequence[Run], percentile: str) -> float:
    """The same ratio over the answers of all rounds together, which are more than a round has."""
    figures = {}
    for name in {run.plan.name for run in runs}:
        answers = [
            each
            for run in runs
            if run.plan.name == name
            for each in run.answers
            if each["stream"] == "cms"
        ]
        figures[name] = getattr(sum_up(answers, name, "cms", 1.0), percentile)
    return figures["people and backfill"] / figures["people alone"]


def spread(values: Sequence[float]) -> str:
    """A median and its range."""
    return f"{statistics.median(values):.2f} (from {min(values):.2f} to {max(values):.2f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join([*SCENARIOS, LANES]))
    parser.add_argument("--quick", action="store_true", help="a minute or so; writes no files")
    parser.add_argument("--seconds", type=float, help="of arrivals, each scenario")
    parser.add_argument("--rounds", type=int, help="of the comparison of lanes")
    parser.add_argument("--queue-seconds", type=float, default=QUEUE_SECONDS)
    parser.add_argument("--pack")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    names = options.names or [*SCENARIOS, LANES]
    for name in names:
        if name not in {*SCENARIOS, LANES}:
            parser.error(f"no scenario {name}; there are {', '.join([*SCENARIOS, LANES])}")
    seconds = options.seconds or (3.0 if options.quick else 15.0)
    rounds = options.rounds or (1 if options.quick else 3)
    out = options.out or (None if options.quick else RESULTS)
    about = machine()
    with serving(options.pack, NEWSBRIEF_QUEUE_SECONDS=str(options.queue_seconds)) as service:
        runs = [play(service, peak(seconds))]
        capacity = peak_rate(runs[0])
        print(f"capacity: {capacity:.2f} articles/s, 32 at once", flush=True)
        for name in names:
            if name != LANES:
                arriving = 2 * seconds if name == "soak" else seconds
                if name in OVERLOADS:
                    arriving = overload_seconds(name, options.queue_seconds, seconds)
                runs.append(play(service, scenario(name, capacity, arriving)))
                print("\n".join(table(runs[-1:]).splitlines()[2:]), flush=True)
        beside = lanes(service, capacity, seconds, rounds) if LANES in names else []
    runs += beside
    print("\n" + table(runs) + "\n\n" + processes(runs))
    data = {
        **about,
        "pack": service.pack,
        "queue_seconds": options.queue_seconds,
        "capacity_articles_per_second": round(capacity, 3),
        "runs": [run.as_data() for run in runs],
    }
    for run in runs:
        if run.plan.name == "soak":
            print(f"\nsoak: memory {run.memory[0]:.1f} -> {run.memory[1]:.1f} MiB")
        if run.plan.name in OVERLOADS:
            ratio = run.figures().goodput / capacity
            print(f"{run.plan.name}: goodput over peak {ratio:.2f}")
    if beside:
        for percentile in ("p50", "p95"):
            ratios = lane_ratios(beside, percentile)
            data[f"lane_{percentile}_ratios"] = [round(each, 3) for each in ratios]
            data[f"lane_{percentile}_ratio"] = round(pooled_ratio(beside, percentile), 3)
            what = f"{percentile} of the CMS with the backfill over without"
            print(f"{what}: {pooled_ratio(beside, percentile):.2f}, by rounds {spread(ratios)}")
        archive = [
            run.figures("backfill").goodput / capacity
            for run in beside
            if run.plan.name == "people and backfill"
        ]
        print(f"the backfill beside the CMS, of the capacity: {spread(archive)}")
    if out:
        write_json(out / "scenarios.json", data)
        plot(runs, capacity, out / "scenarios.png")
    faults = [f"{run.plan.name}: {fault}" for run in runs for fault in run.figures().faults]
    if faults:
        sys.exit("wrong answers:\n" + "\n".join(faults))


if __name__ == "__main__":
    main()
