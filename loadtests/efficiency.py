"""How near the service comes to its engine's limit, as ratios of interleaved rounds.

    python -m loadtests.efficiency [--quick] [--rounds N] [--price PER_CPU_HOUR] [--out FOLDER]

The base is the bare engine: the very calls that these articles give (first tries and retries,
recorded once), run again with nothing around them. Each round measures, one after the other:

- throughput: the calls of all articles sorted by length and cut into the best batches, on as many
  threads as the service has runners; against `newsbrief serve` with 8 and with 32 requests at once;
- the same in processor time, which a busy machine disturbs least;
- latency: one article after the other over HTTP, against its calls in the batches it gave alone;
- overload: right answers a second at 3 times the capacity, against those at 32 at once.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from loadtests.articles import typical
from loadtests.bare_engine import (
    Batch,
    best_batches,
    best_budget,
    record,
    recording,
    run_batches,
    tokens,
)
from loadtests.machine import machine
from loadtests.scenarios.__main__ import QUEUE_SECONDS, RESULTS
from loadtests.scenarios.plans import Plan, Stream, overload_seconds, scenario
from loadtests.scenarios.playing import Run, play
from loadtests.scenarios.service import Service, serving, write_json
from newsbrief.metrics import Metrics
from newsbrief.opening import Models
from newsbrief.settings import read_settings

AT_ONCE = (8, 32)
GOALS = {"throughput at 32": 0.85, "latency": 1.15, "goodput at 3x": 0.95}
STAGE = 'stage="translation"'
TRIES = 3  # of one article, of which the shortest counts


def fixed(at_once: int, articles: int) -> Plan:
    """Each article once, so many at once."""
    stream = Stream("saturated", patient=True, at_once=at_once, count=articles)
    return Plan(f"{at_once} at once", 600.0, (stream,))


def latencies(
    service: Service, models: Models, recorded: Sequence[list[Batch]]
) -> tuple[float, float]:
    """Seconds over HTTP and of the bare calls, summed over the first articles, taken in turn."""
    over_http = bare = 0.0
    for number, batches in enumerate(recorded):
        article = typical(number)
        times: dict[str, list[float]] = {"http": [], "bare": []}
        for _ in range(TRIES):
            began = time.perf_counter()
            service.brief(article.headline, article.body)
            times["http"].append(time.perf_counter() - began)
            times["bare"].append(run_batches(models, batches))
        over_http += min(times["http"])
        bare += min(times["bare"])
    return over_http, bare


def one_round(
    service: Service,
    models: Models,
    recorded: Sequence[list[Batch]],
    budget: int,
    *,
    singles: int,
    overload: float,
) -> tuple[dict[str, float], dict[str, Any]]:
    """The ratios of one round, and the figures that they come from."""
    everything = [batch for batches in recorded for batch in batches]
    cpu = time.process_time()
    engine = run_batches(models, best_batches(everything, budget))
    cpu = time.process_time() - cpu
    runs: dict[str, Run] = {}
    ratios, figures = {}, {"engine seconds": engine, "articles": len(recorded)}
    for at_once in AT_ONCE:
        run = runs[f"{at_once}"] = play(service, fixed(at_once, len(recorded)))
        ratios[f"throughput at {at_once}"] = engine / _right(run)
        figures[f"service seconds at {at_once}"] = run.seconds
    spent = runs["32"].service_cpu * runs["32"].seconds
    ratios["CPU time, engine over service"] = cpu / spent
    over_http, bare = latencies(service, models, recorded[:singles])
    ratios["latency"] = over_http / bare
    figures |= {"seconds an article over HTTP": over_http / singles}
    figures |= {"seconds an article, engine alone": bare / singles}
    saturated = runs["32"]
    capacity = len(recorded) / saturated.seconds
    seconds = overload_seconds("overload-3", QUEUE_SECONDS, overload)
    overloaded = play(service, scenario("overload-3", capacity, seconds))
    over = overloaded.figures()
    if over.errors:
        raise RuntimeError(f"wrong answers in the overload: {over.faults}")
    ratios["goodput at 3x"] = over.goodput / capacity
    figures |= {
        "capacity": capacity,
        "service cores at 32": saturated.service_cpu,
        "generator cores at 32": saturated.generator_cpu,
        "service CPU seconds an article": spent / len(recorded),
        "padding": _padding(saturated),
        "source tokens a text of the service, over the base": saturated.grown(
            f'newsbrief_tokens_total{{direction="in",{STAGE}}}'
        )
        / tokens(everything),
        "p50 at 32": saturated.figures().p50,
        "p99 at 32": saturated.figures().p99,
        "refused at 3x": over.refused,
        "refusal p50": over.refusal_p50,
        "refusal p99": over.refusal_p99,
        "p50 at 3x": over.p50,
        "p99 at 3x": over.p99,
    }
    return ratios, figures


def _right(run: Run) -> float:
    """Seconds of a run that had no fault."""
    found = run.figures()
    if found.errors or found.refused:
        raise RuntimeError(f"{run.plan.name}: {found.refused:.0%} refused, errors: {found.faults}")
    return run.seconds


def _padding(run: Run) -> float:
    """Mean share of padding in the batches of a run."""
    summed, counted = (
        run.grown(f"newsbrief_batch_padding_ratio_{what}{{{STAGE}}}") for what in ("sum", "count")
    )
    return summed / counted


def markdown(rounds: Sequence[dict[str, float]], figures: Sequence[dict[str, Any]]) -> str:
    """Two tables: the ratios with their goals, and medians of the figures behind them."""
    lines = ["| ratio | median (range) | goal |", "|---|---|---|"]
    for name in rounds[0]:
        values = [each[name] for each in rounds]
        sign = "at most" if name == "latency" else "at least"
        goal = f"{sign} {GOALS[name]}" if name in GOALS else ""
        lines.append(
            f"| {name} | {statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f}) "
            f"| {goal} |"
        )
    lines += ["", "| figure | median |", "|---|---|"]
    for name in figures[0]:
        values = [each[name] for each in figures if each[name] is not None]
        if values:
            lines.append(f"| {name} | {statistics.median(values):.3g} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a minute or so; writes no files")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--articles", type=int)
    parser.add_argument("--price", type=float, help="of a CPU for an hour, for the cost")
    parser.add_argument("--pack")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    rounds = options.rounds or (1 if options.quick else 3)
    articles = options.articles or (32 if options.quick else 96)
    out = options.out or (None if options.quick else RESULTS)
    about = machine()
    settings = read_settings(pack=options.pack)
    briefer, recorder = recording(settings, Metrics())
    try:
        recorded = record(briefer, recorder, [typical(number) for number in range(articles)])
        everything = [batch for batches in recorded for batch in batches]
        models = recorder.models
        budget = best_budget(models, everything[: len(everything) // 2])
        ratios, figures = [], []
        with serving(options.pack, NEWSBRIEF_QUEUE_SECONDS=str(QUEUE_SECONDS)) as service:
            for number in range(rounds):
                found = one_round(
                    service,
                    models,
                    recorded,
                    budget,
                    singles=min(articles, 4 if options.quick else 12),
                    overload=3.0 if options.quick else 6.0,
                )
                ratios.append(found[0])
                figures.append(found[1])
                shown = ", ".join(f"{name} {value:.2f}" for name, value in found[0].items())
                print(f"round {number + 1}: {shown}", flush=True)
    finally:
        briefer.close()
    text = f"{articles} articles, the base in batches of {budget} tokens\n\n"
    text += markdown(ratios, figures)
    hours = statistics.median(each["service CPU seconds an article"] for each in figures) / 3.6
    text += f"\n\n1,000 articles take {hours:.3f} CPU-hours"
    text += f", {hours * options.price:.4f} at {options.price} each" if options.price else ""
    print(f"\n{text}")
    if out:
        data = {**about, "pack": str(briefer.name), "articles": articles, "budget": budget}
        write_json(out / "efficiency.json", {**data, "rounds": ratios, "figures": figures})
        (out / "efficiency.md").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
