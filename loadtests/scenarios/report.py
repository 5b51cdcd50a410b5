"""The table and the plot of a set of runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from loadtests.scenarios.playing import Figures, Run

HEAD = (
    "scenario: stream",
    "offered/s",
    "goodput/s",
    "refused",
    "p50 s",
    "p95 s",
    "p99 s",
    "refusal p50",
    "p99",
    "errors",
)


def table(runs: Sequence[Run]) -> str:
    """Markdown, one line a stream; refusals in milliseconds."""
    rows = [HEAD, ("---",) * len(HEAD)]
    for run in runs:
        rows += [_row(run.figures(stream.name)) for stream in run.plan.streams]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def processes(runs: Sequence[Run]) -> str:
    """What generator and service took of the machine, which they share."""
    rows = ["| scenario | service, cores | generator, cores | late p99, ms |", "|---|---|---|---|"]
    rows += [
        f"| {run.plan.name} | {run.service_cpu:.2f} | {run.generator_cpu:.2f} "
        f"| {1000 * run.late:.0f} |"
        for run in runs
    ]
    return "\n".join(rows)


def plot(runs: Sequence[Run], capacity: float, path: Path) -> None:
    """Rates and latencies of each stream, side by side."""
    from matplotlib.figure import Figure

    figures = [run.figures(stream.name) for run in runs for stream in run.plan.streams]
    names = [f"{each.scenario}\n{each.stream}" for each in figures]
    picture = Figure(figsize=(max(8, 1.1 * len(figures)), 7), layout="constrained")
    rates, times = picture.subplots(2, 1, sharex=True)
    at = range(len(figures))
    rates.bar([x - 0.2 for x in at], [each.offered for each in figures], 0.4, label="offered")
    rates.bar([x + 0.2 for x in at], [each.goodput for each in figures], 0.4, label="right answers")
    rates.axhline(capacity, color="grey", linestyle="--", label="peak, 32 at once")
    rates.set_ylabel("requests a second")
    for name, marker in (("p50", "o"), ("p95", "^"), ("p99", "x"), ("refusal_p99", "v")):
        points = [(x, getattr(each, name)) for x, each in enumerate(figures)]
        points = [(x, y) for x, y in points if y is not None]
        times.plot(
            *zip(*points, strict=True), marker, label=name.replace("_", " ")
        ) if points else None
    times.set_yscale("log")
    times.set_ylabel("seconds from the planned time")
    times.set_xticks(list(at), names, rotation=60, ha="right", fontsize=8)
    rates.legend()
    times.legend()
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.savefig(path, dpi=110)


def _row(each: Figures) -> tuple[str, ...]:
    return (
        f"{each.scenario}: {each.stream}",
        f"{each.offered:.2f}",
        f"{each.goodput:.2f}",
        f"{each.refused:.1%}",
        *(_number(value, 2) for value in (each.p50, each.p95, each.p99)),
        *(
            _number(None if value is None else 1000 * value, 0)
            for value in (each.refusal_p50, each.refusal_p99)
        ),
        str(each.errors),
    )


def _number(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:.{digits}f}"
