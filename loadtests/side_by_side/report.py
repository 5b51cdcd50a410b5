"""The comparison as JSON, as tables in Markdown, and as a plot."""

from __future__ import annotations

import platform
import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from loadtests.machine import machine
from loadtests.side_by_side.comparing import Comparison, Measured
from loadtests.side_by_side.load import Cell

COLUMNS = (
    "system",
    "at once",
    "texts/s",
    "Newsbrief's rate over it",
    "by characters",
    "p50 s",
    "p95 s",
    "CPU s/text",
    "faults",
    "peak PSS, MiB",
    "first answer, s",
)
COLOURS = ("#0b6e4f", "#6fae96", "#b5541c", "#e0a458", "#4f6d9a", "#8a8a8a")


def quantile(values: Sequence[float], share: float) -> float:
    """The value that this share of all does not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, -(-int(1000 * share) * len(ordered) // 1000) - 1)]


def ratios(cells: Sequence[Cell], base: Sequence[Cell], what: str) -> list[float]:
    """Newsbrief's rate over the other's, round by round; `what` is `rate` or `characters`."""
    pairs = zip(base, cells, strict=True)
    return [getattr(a, what) / getattr(b, what) for a, b in pairs if getattr(b, what)]


def described(measured: Measured, base: Measured) -> dict[str, Any]:
    """All figures of one system, those beside Newsbrief's as Newsbrief's over its own."""
    cells = {}
    for concurrent, runs in measured.cells.items():
        latencies = [each for cell in runs for each in cell.latencies]
        right = sum(len(cell.outputs) for cell in runs)
        faults = [fault for cell in runs for fault in cell.faults]
        own = base.cells[concurrent]
        cells[str(concurrent)] = {
            "requests": right + len(faults),
            "faults": len(faults),
            "first_fault": faults[0] if faults else None,
            "texts_per_second": _spread([cell.rate for cell in runs]),
            "characters_per_second": _spread([cell.characters for cell in runs]),
            "newsbrief_texts_ratio": _spread(ratios(runs, own, "rate")),
            "newsbrief_characters_ratio": _spread(ratios(runs, own, "characters")),
            "cpu_seconds_per_text": round(sum(cell.cpu_seconds for cell in runs) / right, 4)
            if right
            else None,
            "client_cpu_seconds_per_text": round(
                sum(cell.client_cpu_seconds for cell in runs) / right, 4
            )
            if right
            else None,
            "p50_seconds": round(quantile(latencies, 0.5), 4) if latencies else None,
            "p95_seconds": round(quantile(latencies, 0.95), 4) if latencies else None,
        }
    return {
        "first_answer_seconds": _spread(measured.starts),
        "memory_mib": {
            "idle_pss": round(measured.idle[0], 1),
            "peak_pss": round(measured.peak[0], 1),
            "peak_rss": round(measured.peak[1], 1),
        },
        "concurrent": cells,
    }


def agreement(measured: Measured, base: Measured) -> float:
    """The share of outputs, at the highest concurrency, that read as the base's do.

    Case and closing punctuation are left aside: LibreTranslate makes both like the source's.
    """
    same = total = 0
    for cell, own in zip(
        measured.cells[max(measured.cells)], base.cells[max(base.cells)], strict=True
    ):
        for number, output in cell.outputs.items():
            if number in own.outputs:
                total += 1
                same += _bare(output) == _bare(own.outputs[number])
    return same / total if total else 0.0


def _bare(text: str) -> str:
    return text.casefold().rstrip(" .,;!?")


def as_data(
    comparisons: Sequence[Comparison],
    *,
    sizes: Mapping[str, float],
    versions: Mapping[str, Mapping[str, str]],
    quick: bool,
    seconds: float,
) -> dict[str, Any]:
    """Everything measured, and what one must know to judge it."""
    data = {
        **machine(),
        "python": platform.python_version(),
        "quick": quick,
        "seconds": round(seconds),
        "versions": versions,
        "systems": {},
        "models": {},
    }
    for comparison in comparisons:
        models, workload = comparison.workload.models, comparison.workload
        base = comparison.measured["newsbrief"]
        once = comparison.measured.get("newsbrief-once", base)
        data["systems"] |= {
            system.name: {
                "title": system.title,
                "settings": system.settings,
                "installed_mib": round(sizes[system.name], 1),
            }
            for system in comparison.systems
        }
        data["models"][models.name] = {
            "beam": models.beam,
            "max_tokens": models.max_tokens,
            "length": "fixed" if models.fixed else "free",
            "rounds": workload.rounds,
            "mean_words": round(
                statistics.mean(len(text.split()) for text, _ in workload.texts), 1
            ),
            "systems": {
                name: described(measured, base)
                | {"outputs_like_newsbriefs_first": round(agreement(measured, once), 3)}
                for name, measured in comparison.measured.items()
            },
        }
    return data


def table(comparison: Comparison) -> str:
    """One workload in Markdown."""
    base = comparison.measured["newsbrief"]
    lines = [
        f"\n### {comparison.workload.models.name}\n",
        f"| {' | '.join(COLUMNS)} |",
        "|---" * len(COLUMNS) + "|",
    ]
    for system in comparison.systems:
        figures = described(comparison.measured[system.name], base)
        for concurrent, cell in figures["concurrent"].items():
            lines.append(
                f"| {system.title} | {concurrent} | {cell['texts_per_second']['median']:.2f} "
                f"| {_times(cell['newsbrief_texts_ratio'])} "
                f"| {_times(cell['newsbrief_characters_ratio'])} "
                f"| {cell['p50_seconds']} | {cell['p95_seconds']} "
                f"| {cell['cpu_seconds_per_text']} | {cell['faults']} "
                f"| {figures['memory_mib']['peak_pss']:.0f} "
                f"| {figures['first_answer_seconds']['median']:.2f} |"
            )
    return "\n".join(lines)


def sizes_table(results: Mapping[str, Any]) -> str:
    """What is installed, and with which settings each ran."""
    lines = ["\n| system | installed without models, MiB | settings |", "|---|---|---|"]
    lines += [
        f"| {system['title']} | {system['installed_mib']:.0f} | {system['settings']} |"
        for system in results["systems"].values()
    ]
    return "\n".join(lines)


def plot(results: Mapping[str, Any], file: Path) -> None:
    """Throughput by concurrency, and memory, for each model that was run."""
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot

    names = list(results["models"])
    figure, rows = pyplot.subplots(
        len(names), 2, figsize=(11, 3.2 * len(names)), squeeze=False, layout="constrained"
    )
    for (left, right), name in zip(rows, names, strict=True):
        systems = results["models"][name]["systems"]
        groups = list(next(iter(systems.values()))["concurrent"])
        width = 0.8 / len(systems)
        for index, (system, figures) in enumerate(systems.items()):
            title = results["systems"][system]["title"]
            colour = COLOURS[list(results["systems"]).index(system)]
            rates = [figures["concurrent"][group]["texts_per_second"]["median"] for group in groups]
            places = [at + index * width for at in range(len(groups))]
            bars = left.bar(places, rates, width, label=title, color=colour)
            left.bar_label(bars, [f"{rate:.3g}" for rate in rates], fontsize=7, padding=1)
            memory = figures["memory_mib"]["peak_pss"]
            bars = right.barh([title], [memory], color=colour)
            right.bar_label(bars, [f"{memory:,.0f}"], fontsize=8, padding=2)
        left.set_xticks([at + 0.4 - width / 2 for at in range(len(groups))], groups)
        left.set(title=f"{name}: outputs a second", xlabel="requests at once")
        left.margins(y=0.12)
        right.set(title=f"{name}: peak memory, MiB (PSS, all processes)")
        right.margins(x=0.15)
        right.invert_yaxis()
        for axes in (left, right):
            axes.spines[["top", "right"]].set_visible(False)
    handles, labels = rows[0][0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3, fontsize=8, frameon=False)
    figure.suptitle(f"{results['machine']}, {results['date']}", fontsize=9)
    figure.savefig(file, dpi=110)
    pyplot.close(figure)


def _spread(values: Sequence[float]) -> dict[str, float | None]:
    if not values:
        return {"median": None, "least": None, "most": None}
    return {
        "median": round(statistics.median(values), 3),
        "least": round(min(values), 3),
        "most": round(max(values), 3),
    }


def _times(spread: Mapping[str, float | None]) -> str:
    if spread["median"] is None:
        return "–"
    return f"{spread['median']:.2f}× ({spread['least']:.2f}–{spread['most']:.2f})"
