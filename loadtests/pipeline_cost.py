"""What Newsbrief costs beside its model, and how long the first brief takes.

    python loadtests/pipeline_cost.py [--rounds 7] [ARTICLE]

For one article: seconds of the whole brief with one engine, seconds inside the engine, and the
share of everything else (cleaning, sentences, highlights, checks, queue). Then, interleaved, whole
processes: `newsbrief --help`, and `newsbrief brief ARTICLE` from start to exit.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import subprocess
import sys
import time
from pathlib import Path

from loadtests.machine import in_words
from newsbrief.cleaning import read_document
from newsbrief.metrics import Metrics
from newsbrief.opening import open_briefer
from newsbrief.settings import read_settings

SAMPLE = Path(__file__).parents[1] / "tests" / "samples" / "harbour.txt"


async def shares(article: Path, rounds: int) -> list[tuple[float, float]]:
    """Seconds of a whole brief and of the engine in it, per round, with a single runner."""
    metrics = Metrics()
    briefer = open_briefer(read_settings(runners=1), metrics)
    await briefer.warm_up()

    def busy() -> float:
        labels = {"stage": "translation"}
        return metrics.registry.get_sample_value("newsbrief_engine_busy_seconds_total", labels) or 0

    measured = []
    for _ in range(rounds):
        before, began = busy(), time.perf_counter()
        await briefer.brief(read_document(article.read_bytes(), kind="txt"))
        measured.append((time.perf_counter() - began, busy() - before))
    briefer.close()
    return measured


def process_seconds(*arguments: str) -> float:
    """Wall time of one `newsbrief` process from start to exit."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "newsbrief", *arguments], check=True, capture_output=True)
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("article", nargs="?", type=Path, default=SAMPLE)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    words = len(options.article.read_text("utf-8").split())
    print(f"{options.article.name}, {words} words; {in_words()}")
    measured = asyncio.run(shares(options.article, options.rounds))
    own = [1 - engine / whole for whole, engine in measured]
    print(
        f"brief: median {statistics.median(whole for whole, _ in measured):.3f} s, "
        f"of it not the engine's: median {statistics.median(own):.1%} "
        f"(from {min(own):.1%} to {max(own):.1%})"
    )
    timed: dict[str, list[float]] = {"--help": [], "brief": []}
    for _ in range(options.rounds):
        timed["--help"].append(process_seconds("--help"))
        timed["brief"].append(process_seconds("brief", str(options.article)))
    for name, seconds in timed.items():
        print(
            f"newsbrief {name}: median {statistics.median(seconds):.2f} s "
            f"(from {min(seconds):.2f} to {max(seconds):.2f})"
        )


if __name__ == "__main__":
    main()
