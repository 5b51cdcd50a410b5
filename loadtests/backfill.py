"""What a backfill reaches of the engine's own offline throughput, and how much memory it takes.

    python -m loadtests.backfill [--rounds 3] [--articles 240] [--shard-rows 40] [--pack PACK]
    python -m loadtests.backfill --memory 1000 20000

Each round backfills an archive from file to committed shards, and before and after that decodes the
very same texts (of first and second tries, as the backfill sent them) with nothing of ours around
the engine: sorted, in the batches that served best, on as many threads. The share is the engine's
time over the backfill's: by the clock, which a busy machine falsifies, and in seconds of CPU, which
leave out what the backfill idles. With fewer than six shards or so, the clock counts the first and
the last more than an archive would. --memory gives the highest resident memory of a process that
backfills so many short articles (one language, headline translated, one highlight).
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from loadtests.articles import Written, article, typical
from loadtests.bare_engine import (
    Batch,
    Recorder,
    best_batches,
    best_budget,
    padding,
    run_batches,
    tokens,
)
from loadtests.machine import in_words
from newsbrief.article import Part
from newsbrief.backfill import run
from newsbrief.dividing import make_plan
from newsbrief.inputs import find_files
from newsbrief.local_worker import LocalWorker
from newsbrief.metrics import Metrics
from newsbrief.opening import Models, open_models
from newsbrief.planning import Options
from newsbrief.rows import Fields
from newsbrief.settings import read_settings
from newsbrief.shards import open_output

SHORT = Options(targets=("ru",), max_highlights=1, translate=(Part.HEADLINE,))
SHORT_WORDS = (20, 50)


class Timed(NamedTuple):
    """Seconds by the clock, and of CPU in all threads."""

    clock: float
    cpu: float


def timing(work: Callable[[], object]) -> Timed:
    clock, cpu = time.perf_counter(), time.process_time()
    work()
    return Timed(time.perf_counter() - clock, time.process_time() - cpu)


def write_archive(file: Path, articles: Iterable[Written]) -> Path:
    """The articles as JSONL."""
    with file.open("w", encoding="utf-8") as lines:
        for number, each in enumerate(articles):
            row = {"id": str(number), "headline": each.headline, "body": each.body}
            lines.write(json.dumps(row) + "\n")
    return file


def backfill(models: Models, options: Options, source: Path, shard_rows: int) -> Timed:
    """Times a whole backfill, with the models loaded and the plan made."""
    # Never closed: that would free the models, which are used again.
    worker = LocalWorker(models, options, highlight_chars=read_settings().highlight_chars)
    with tempfile.TemporaryDirectory() as folder:
        output = open_output(folder)
        plan = make_plan(find_files(str(source)), Fields(), shard_rows=shard_rows)
        output.save_plan(plan)
        timed = timing(lambda: run(plan, output, worker, Fields(), stop=threading.Event()))
        failed = sum(commit.failed for commit in output.commits(0))
        assert not failed, f"{failed} of our own articles failed"
    return timed


def throughput(count: int, shard_rows: int, rounds: int, pack: str | None) -> None:
    """Prints the share of the engine's throughput, round by round and its median."""
    models = open_models(read_settings(pack=pack), Metrics())
    recorder = Recorder(models.pack, models.engines, models.runners)
    articles = [typical(number) for number in range(count)]
    with tempfile.TemporaryDirectory() as folder:
        source = write_archive(Path(folder) / "in.jsonl", articles)
        backfill(recorder, Options(), source, shard_rows)
        budget = best_budget(models, recorder.batches)
        alone = best_batches(recorder.batches, budget)
        words = statistics.fmean(each.words for each in articles)
        print(
            f"{in_words()}; {models.pack.name}, {models.runners} runners\n"
            f"{count} articles of {words:.0f} words, {tokens(alone)} source tokens\n"
            f"backfill, shards of {shard_rows}: {_shape(recorder.batches)}\n"
            f"engine alone, {budget} tokens a batch: {_shape(alone)}\n"
            "round  backfill s  engine s  share  backfill CPU s  engine CPU s  share  articles/s"
        )
        shares: list[Timed] = []
        for number in range(rounds):
            before = timing(lambda: run_batches(models, alone))
            whole = backfill(models, Options(), source, shard_rows)
            after = timing(lambda: run_batches(models, alone))
            bare = Timed((before.clock + after.clock) / 2, (before.cpu + after.cpu) / 2)
            shares.append(Timed(bare.clock / whole.clock, bare.cpu / whole.cpu))
            print(
                f"{number + 1:5}  {whole.clock:10.2f}  {bare.clock:8.2f}  {shares[-1].clock:.3f}  "
                f"{whole.cpu:14.2f}  {bare.cpu:12.2f}  {shares[-1].cpu:.3f}  "
                f"{count / whole.clock:10.2f}",
                flush=True,
            )
    for name, values in zip(("the clock", "CPU time"), zip(*shares, strict=True), strict=True):
        print(
            f"share of the engine's own throughput by {name}: median "
            f"{statistics.median(values):.3f} (from {min(values):.3f} to {max(values):.3f})"
        )


def _shape(batches: Sequence[Batch]) -> str:
    texts = sum(len(sources) for _, sources in batches)
    return f"{len(batches)} batches of {texts} texts, {padding(batches):.1%} padding"


def peak_memory(count: int, shard_rows: int) -> None:
    """Backfills so many short articles and prints this process's highest resident memory."""
    least, most = SHORT_WORDS
    articles = (article(number, least + number % (most - least)) for number in range(count))
    models = open_models(read_settings(), Metrics())
    with tempfile.TemporaryDirectory() as folder:
        source = write_archive(Path(folder) / "in.jsonl", articles)
        seconds = backfill(models, SHORT, source, shard_rows).clock
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{count:8}  {peak:8.0f}  {seconds:7.0f}  {count / seconds:10.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--articles", type=int, default=240)
    parser.add_argument("--shard-rows", type=int, default=40)
    parser.add_argument("--pack", help="instead of the bundled one; see loadtests.widened")
    parser.add_argument("--memory", type=int, nargs="+", metavar="ARTICLES")
    parser.add_argument("--short", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.short:
        peak_memory(asked.short, asked.shard_rows)
    elif asked.memory:
        print("articles  peak MiB  seconds  articles/s", flush=True)
        itself = [sys.executable, "-m", "loadtests.backfill", "--shard-rows", str(asked.shard_rows)]
        for count in asked.memory:
            subprocess.run([*itself, "--short", str(count)], check=True)
    else:
        throughput(asked.articles, asked.shard_rows, asked.rounds, asked.pack)


if __name__ == "__main__":
    main()
