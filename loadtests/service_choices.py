"""The service's settings, each measured beside the default on the same articles.

    python -m loadtests.service_choices [--rounds 5] [--articles 96] [--out FILE]

One service for each setting, all up and idle but the one whose turn it is; each round brings every
one of them the same articles, 8 and 32 at once. Ratios are to the default in the same round: above
1 is faster than the default. Prints a table in Markdown and writes service_choices.json.
"""

from __future__ import annotations

import argparse
import contextlib
import statistics
from collections.abc import Sequence
from pathlib import Path

from loadtests.efficiency import AT_ONCE, fixed
from loadtests.machine import machine
from loadtests.scenarios.__main__ import RESULTS
from loadtests.scenarios.playing import play
from loadtests.scenarios.service import serving, write_json

CHOICES: dict[str, dict[str, str]] = {
    "default": {},
    "batches of 256 tokens": {"NEWSBRIEF_BATCH_TOKENS": "256"},
    "512": {"NEWSBRIEF_BATCH_TOKENS": "512"},
    "2,048": {"NEWSBRIEF_BATCH_TOKENS": "2048"},
}

Cell = dict[str, float]


def compare(rounds: int, articles: int) -> dict[str, list[Cell]]:
    """For each choice a cell a round: seconds, and processor seconds, at each concurrency."""
    found: dict[str, list[Cell]] = {name: [] for name in CHOICES}
    with contextlib.ExitStack() as stack:
        services = {
            name: stack.enter_context(serving(**environment))
            for name, environment in CHOICES.items()
        }
        for number in range(rounds):
            names = list(CHOICES)
            turn = number % len(names)
            for name in [*names[turn:], *names[:turn]]:
                cell: Cell = {}
                for at_once in AT_ONCE:
                    run = play(services[name], fixed(at_once, articles))
                    if run.figures().errors or run.figures().refused:
                        raise RuntimeError(f"{name}: {run.figures().faults}")
                    cell[f"at {at_once}"] = run.seconds
                    cell[f"CPU at {at_once}"] = run.service_cpu * run.seconds
                found[name].append(cell)
                print(f"round {number + 1}, {name}: {cell}", flush=True)
    return found


def markdown(found: dict[str, list[Cell]]) -> str:
    """A row for each choice: median (range) of its ratios to the default."""
    columns = list(found["default"][0])
    lines = [f"| setting | {' | '.join(columns)} |", "|---" * (len(columns) + 1) + "|"]
    for name, cells in found.items():
        row = [_times(found["default"], cells, column) for column in columns]
        lines.append(f"| {name} | {' | '.join(row)} |")
    return "\n".join(lines)


def _times(base: Sequence[Cell], cells: Sequence[Cell], column: str) -> str:
    ratios = [a[column] / b[column] for a, b in zip(base, cells, strict=True)]
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--articles", type=int, default=96)
    parser.add_argument("--out", type=Path, default=RESULTS / "service_choices.json")
    options = parser.parse_args()
    about = machine()
    found = compare(options.rounds, options.articles)
    print(f"\n{markdown(found)}")
    write_json(options.out, {**about, "articles": options.articles, "rounds": found})


if __name__ == "__main__":
    main()
