"""What operations.md and autoscaling.md in docs/ say, from what was measured and simulated.

    python -m loadtests.autoscaling.tables

Rewrites the blocks of both pages that stand between `<!-- NAME: ... -->` and `<!-- end -->`. A test
holds that they are what this would write.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from loadtests.autoscaling.check import TOLERANCE
from loadtests.autoscaling.on_paper import Figures, full_rate, paragraph, thousand
from loadtests.autoscaling.simulate import (
    LEVEL_SECONDS,
    MOST_REFUSED,
    MOST_SLOW,
    Candidate,
)

HERE = Path(__file__).parent
PAGES = tuple(HERE.parents[1] / "docs" / name for name in ("operations.md", "autoscaling.md"))
BLOCK = re.compile(r"(<!-- (\w+): [^>]*-->\n)(.*?)(<!-- end -->)", re.DOTALL)


def read(name: str) -> Any:
    """One of the JSON files beside this one."""
    return json.loads((HERE / f"{name}.json").read_text("utf-8"))


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table in Markdown."""
    lines = [head, *rows]
    first, *others = (f"| {' | '.join(map(str, line))} |" for line in lines)
    return "\n".join([first, "|---" * len(head) + "|", *others])


def curve(measured: Figures) -> str:
    """How many articles a pod does, and what follows for its queue."""
    rates, queue = measured["articles_per_second"], measured["queue_seconds"]
    row = [f"articles a second, one pod of {measured['cores']} cores"]
    row += [f"{rate:.1f}" for rate in rates.values()]
    factor, full = measured["backlog_factor"], full_rate(measured)
    how = paragraph(
        f"""Measured on {measured["date"]} ({measured["pack"]}, an article of 90 words, three
        targets, {measured["seconds_each"]:g} s a point; {measured["machine"]},
        `python -m loadtests.autoscaling.measure`):"""
    )
    follows = paragraph(
        f"""From the start of its process a pod took {measured["start_up_seconds"]:g} s to be ready.
        It takes its backlog for {factor:g} times what it is, since an article is priced by its
        length ({measured["tokens_per_article"]} tokens) before it is split: a queue of {queue:g} s
        holds some {queue * full / factor:.0f} such articles, {queue / factor:.0f} s of work."""
    )
    return f"{how}\n\n{table(['articles in work at once', *rates], [row])}\n\n{follows}"


def candidates(results: Figures) -> str:
    """What each candidate came to, the cheapest first; the winner in bold."""
    rows = []
    for row in sorted(results["all"], key=lambda row: row["pod_hours"]):
        settings = [
            _or_dash(row["backlog"], "{:g}"),
            _or_dash(row["cpu"], "{:.0%}"),
            f"{row['up_percent']}% or {row['up_pods']}",
            f"{row['down_window'] / 60:g}",
            row["least"],
            row["spare"],
        ]
        cells = [*settings, *_cells(row)]
        if results["winner"].items() <= row.items():
            cells = [f"**{cell}**" for cell in cells]
        rows.append(cells)
    head = "backlog target, s|CPU target|up in 30 s by|down after, min|least pods|spare room"
    return table([*head.split("|"), *HEAD], rows)


HEAD = ("p50, s", "p95, s", "p99, s", "over 10 s", "refused", "most pods", "pod-hours")


def _cells(row: Figures) -> list[str]:
    return [
        f"{row['p50']:.2f}",
        f"{row['p95']:.2f}",
        f"{row['p99']:.1f}",
        f"{row['slow']:.2%}",
        f"{row['refused']:.3%}",
        str(row["most_pods"]),
        f"{row['pod_hours']:.0f}",
    ]


def _or_dash(value: float | None, form: str) -> str:
    return "–" if value is None else form.format(value)


def winner(results: Figures) -> str:
    """What is shipped, and by which rule."""
    won, figures = Candidate(**results["winner"]), results["figures"]
    archive = results["archive"]
    targets = [
        f"a backlog target of {won.backlog:g} s" if won.backlog else "",
        f"a CPU target of {won.cpu:.0%}" if won.cpu else "",
    ]
    room = f", with room for {won.spare} more pods kept free" if won.spare else ""
    return paragraph(
        f"""Shipped is what takes the fewest pod-hours of {len(results["all"])} candidates while it
        refuses at most {MOST_REFUSED:.1%} and is slower than {LEVEL_SECONDS:g} s for at most
        {MOST_SLOW:.0%}, the worst of {results["seeds"]} days drawn with different seeds:
        {" and ".join(filter(None, targets))},
        up by {won.up_percent}% or {won.up_pods} pods in 30 s{room}. It refuses
        {figures["refused"]:.3%}, answers {1 - figures["slow"] - figures["refused"]:.2%} within
        {LEVEL_SECONDS:g} s, and takes {figures["pod_hours"]:.0f} pod-hours for
        {results["work_pod_hours"] + archive["pod_hours"]:.0f} pod-hours of work: on the first day
        {results["articles"]:,} articles, and {archive["pod_hours"]:g} pod-hours of an archive, sent
        from {archive["hour"]:g} h on, {archive["at_once"]} articles at once, and done at
        {figures["archived"]:.1f} h."""
    )


def conditions(results: Figures) -> str:
    """The winner with other queues, and on slower and faster pods."""
    queues = [[f"{row['queue_seconds']:g} s", *_cells(row)] for row in results["queues"]]
    speeds = [[f"{row['speed']:g}", *_cells(row)] for row in results["speeds"]]
    return (
        f"{table(['`NEWSBRIEF_QUEUE_SECONDS`', *HEAD], queues)}\n\n"
        f"{table(['a pod is so many times as fast', *HEAD], speeds)}"
    )


def checked(checked: Figures) -> str:
    """The simulated run beside the real one, and where they differ."""
    rows, near, far = [], [], []
    for name, key, form in COMPARED:
        real, simulated = checked["real"][key], checked["simulated"][key]
        ratio = simulated / real if real else (math.nan if simulated else 1.0)
        rows.append([name, form.format(real), form.format(simulated), f"{ratio:.2f}"])
        agrees = abs(ratio - 1) <= TOLERANCE
        (near if agrees else far).append(name.removesuffix(", s"))
    head = ["", "real", "simulated (median of 9)", "ratio"]
    answered, sent = checked["statuses"].get("200", 0), checked["articles"]
    says = paragraph(
        f"""Of {sent} articles {answered} were answered ({checked["date"]}, {checked["machine"]},
        {checked["articles_per_second"]["1"]:g} articles a second of a pod with one in work). Within
        {TOLERANCE:.0%} of the real run: {", ".join(near) or "nothing"}; not within it:
        {", ".join(far) or "nothing"}."""
    )
    return f"{table(head, rows)}\n\n{says}"


COMPARED = (
    ("p50, s", "p50", "{:.1f}"),
    ("p95, s", "p95", "{:.1f}"),
    ("p99, s", "p99", "{:.1f}"),
    ("longest, s", "longest", "{:.1f}"),
    ("over 10 s", "slow", "{:.1%}"),
    ("refused", "refused", "{:.1%}"),
    ("mean replicas", "mean_replicas", "{:.2f}"),
)


def blocks() -> dict[str, str]:
    """Every block of the pages, by name, in their order."""
    results = read("results")
    measured = results["measured"]
    return {
        "curve": curve(measured),
        "winner": winner(results),
        "candidates": candidates(results),
        "conditions": conditions(results),
        "checked": checked(read("checked")),
        "thousand": thousand(measured, Candidate(**results["winner"])),
    }


def rewritten(page: str, texts: Mapping[str, str]) -> str:
    """The page with its blocks as given; raises KeyError for a block that nothing writes."""
    return BLOCK.sub(lambda block: f"{block[1]}{texts[block[2]]}\n{block[4]}", page)


def main() -> None:
    texts = blocks()
    for page in PAGES:
        page.write_text(rewritten(page.read_text("utf-8"), texts), "utf-8")


if __name__ == "__main__":
    main()
