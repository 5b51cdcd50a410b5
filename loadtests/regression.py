"""Is Newsbrief grossly slower than it was? By ratios to a base measured in the same run.

    python -m loadtests.regression [--record | --prove]

Four ratios, each the smaller the better, none of them a time: the pipeline's and the bare engine's
time for the same articles, with eight at once and one at a time; and the processor time that Python
takes for an article over HTTP's door and in the pipeline, against a fixed loop of the same
kind of work (regular expressions, dictionaries, JSON). Rounds are interleaved and the shortest time
of each counts, so that a stall of the machine in one round does no harm. Fails if a ratio is more
than `SLACK` times that of regression.json, which `--record` writes. `--prove` checks each text
twenty times over, and fails unless that is found to be slower.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from unittest import mock

from starlette.testclient import TestClient

from loadtests.articles import Written, article
from loadtests.bare_engine import as_article, best_batches, record, recording, run_batches
from loadtests.machine import machine
from loadtests.scenarios.service import write_json
from newsbrief.app import create_app
from newsbrief.briefing import Briefer
from newsbrief.checks import SourceText
from newsbrief.metrics import Metrics
from newsbrief.settings import Settings, read_settings
from tests.service import WordEngine, word_briefer

BASE = Path(__file__).with_name("regression.json")
SLACK = 2.0  # gross: machines differ in what Python costs beside the engine
ROUNDS = 5
ARTICLES = 8
BUDGET = 1024  # padded tokens of a batch, the service's default


def shortest(
    rounds: int,
    measured: Mapping[str, Callable[[], object]],
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, float]:
    """The least seconds that each took, all of them once a round."""
    best = dict.fromkeys(measured, float("inf"))
    for _ in range(rounds):
        for name, act in measured.items():
            began = clock()
            act()
            best[name] = min(best[name], clock() - began)
    return best


def against_engine(rounds: int = ROUNDS) -> dict[str, float]:
    """The pipeline's time over the bare engine's, eight articles at once and one at a time."""
    written = [article(number, 400) for number in range(ARTICLES)]
    briefer, recorder = recording(read_settings(), Metrics())
    try:
        recorded = record(briefer, recorder, written)
        everything = best_batches([batch for each in recorded for batch in each], BUDGET)
        alone = recorded[0]
        with asyncio.Runner() as runner:
            times = shortest(
                rounds,
                {
                    "engine, all": lambda: run_batches(recorder.models, everything),
                    "pipeline, all": lambda: runner.run(_together(briefer, written)),
                    "engine, one": lambda: run_batches(recorder.models, alone),
                    "pipeline, one": lambda: runner.run(_together(briefer, written[:1])),
                },
            )
    finally:
        briefer.close()
    return {
        "pipeline over engine, 8 at once": times["pipeline, all"] / times["engine, all"],
        "pipeline over engine, 1 at once": times["pipeline, one"] / times["engine, one"],
    }


def against_loop(rounds: int = ROUNDS) -> dict[str, float]:
    """Processor time of Python's part, with an engine that only replaces words, over a loop's."""
    written = [article(number, 400) for number in range(ARTICLES)]
    settings, metrics = read_settings(), Metrics()
    briefer = word_briefer(settings, metrics, WordEngine())

    def opener(settings: Settings, metrics: Metrics) -> Briefer:
        return word_briefer(settings, metrics, WordEngine())

    bodies = [{"headline": each.headline, "body": each.body} for each in written]
    try:
        with (
            TestClient(create_app(settings, opener=opener)) as client,
            asyncio.Runner() as runner,
        ):

            def ask() -> None:
                for body in bodies:
                    client.post("/v1/briefs", json=body).raise_for_status()

            runner.run(_together(briefer, written))
            ask()
            times = shortest(
                rounds,
                {
                    "loop": lambda: calibration(bodies[0]["body"]),
                    "pipeline": lambda: runner.run(_together(briefer, written)),
                    "service": ask,
                },
                time.process_time,
            )
    finally:
        briefer.close()
    return {
        "pipeline over loop": times["pipeline"] / times["loop"],
        "service over loop": times["service"] / times["loop"],
    }


def calibration(text: str) -> int:
    """A fixed amount of work like the pipeline's, for the speed of this machine's Python."""
    counts: dict[str, int] = {}
    for _ in range(40):
        for word in re.findall(r"[\w'-]+", text):
            counts[word.lower()] = counts.get(word.lower(), 0) + 1
        for _ in re.finditer(r"(\d+(?:,\d{3})*)\s+(\w+)", text):
            counts["figures"] = counts.get("figures", 0) + 1
        json.loads(json.dumps({"words": counts, "text": text}))
    return len(counts)


async def _together(briefer: Briefer, written: list[Written]) -> None:
    await asyncio.gather(*(briefer.brief(as_article(each)) for each in written))


def slower(found: Mapping[str, float], base: Mapping[str, float]) -> list[str]:
    """What got slower than the base allows, in words. A ratio that either lacks counts too."""
    complaints = [f"{name}: not in both" for name in sorted(found.keys() ^ base.keys())]
    return complaints + [
        f"{name}: {found[name]:.2f}, more than {SLACK} times the base's {base[name]:.2f}"
        for name in sorted(found.keys() & base.keys())
        if found[name] > SLACK * base[name]
    ]


def checked_twenty_times() -> dict[str, float]:
    """What `against_loop` finds of a pipeline with a gross fault."""
    once = SourceText.check

    def twenty_times(*arguments: Any, **options: Any) -> Any:
        for _ in range(19):
            once(*arguments, **options)
        return once(*arguments, **options)

    with mock.patch.object(SourceText, "check", twenty_times):
        return against_loop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--record", action="store_true", help="take this run as the base")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--prove", action="store_true", help="slow the pipeline down on purpose")
    options = parser.parse_args()
    about = machine()
    if options.prove:
        base = json.loads(BASE.read_text(encoding="utf-8"))["ratios"]
        slowed = checked_twenty_times()
        complaints = slower(slowed, {name: base[name] for name in slowed})
        print("\n".join(complaints))
        sys.exit(0 if len(complaints) == len(slowed) else "a slowed pipeline was not found out")
    found = {**against_engine(options.rounds), **against_loop(options.rounds)}
    if options.record:
        ratios = {name: round(value, 3) for name, value in found.items()}
        write_json(BASE, {**about, "ratios": ratios})
    base = json.loads(BASE.read_text(encoding="utf-8"))["ratios"]
    for name, value in found.items():
        print(f"{name}: {value:.2f} (base {base.get(name, float('nan')):.2f})")
    if complaints := slower(found, base):
        sys.exit("slower than the base allows:\n" + "\n".join(complaints))


if __name__ == "__main__":
    main()
