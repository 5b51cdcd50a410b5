"""What a backfill reaches of the engine's own offline throughput, and how much memory it takes.

    python loadtests/backfill.py [--rounds 3] [--articles 240] [--batch-tokens 512 1024]
    python loadtests/backfill.py --memory 1000 20000

The first is interleaved: each round backfills an archive from file to committed shards, once with
every size of batches, and before and after that decodes the very same texts (those of first and
second tries, as the backfill sent them, each with its own limits) with nothing of ours around the
engine: all of them sorted by length, cut into
batches of the size that served best in a trial, on as many threads. The share is the engine's time
over the backfill's: by the clock, which a machine with other work to do falsifies, and in seconds
of CPU, which leave out what the backfill idles. With fewer than six shards or so, the clock counts
the first and the last more than an archive would. The second gives the highest resident memory of
a process that backfills so many short articles (one language, headline translated, one highlight).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from newsbrief.article import Part
from newsbrief.backfill import run
from newsbrief.dividing import make_plan
from newsbrief.engine import Generated, Source
from newsbrief.inputs import find_files
from newsbrief.local_worker import LocalWorker
from newsbrief.metrics import Metrics
from newsbrief.opening import Models, open_models
from newsbrief.planning import Options
from newsbrief.rows import Fields
from newsbrief.settings import Settings, read_settings
from newsbrief.shards import open_output
from newsbrief.translating import ModelCall
from newsbrief.waves import BATCH_TOKENS, cut

BUDGETS = (512, 1024, 2048)
SHORT = Options(targets=("ru",), max_highlights=1, translate=(Part.HEADLINE,))

TOWNS = (
    "Lindmere Norhaven Ketterby Osterby Marl Fenwick Harrowgate Tarnside Wexcombe Dunmore".split()
)
NAMES = "Ada Brook,Jonas Vale,Mira Okafor,Peter Lindqvist,Hana Sato,Tomas Reyes,Lena Winter".split(
    ","
)
WORKS = (
    "a new bridge,two primary schools,a tram line,higher flood walls,a concert hall,a heat network"
)
BODIES = (
    "The city council,The regional court,The port authority,The water company,The health service"
)
DAYS = "Monday Tuesday Wednesday Thursday Friday".split()
OPENINGS = (
    "{body} of {town} said on {day} that it would spend {n} million euros on {work}.",
    "{town} will get {work} by {year}, {body_} announced on {day}, at a cost of {n} million euros.",
    "After {m} months of debate {body_} in {town} voted on {day} to pay for {work}.",
)
SENTENCES = (
    "About {k} people live within a kilometre of the site, and {m}% of them are over 65.",
    "{name}, who leads the project, said that the first stage would be finished in {year}.",
    "The plan had been opposed by shop owners, who fear that trade will fall by {m}%.",
    "A similar project in {town} was finished {m} weeks late and cost {n} million euros.",
    '"We have waited {m} years for this," said {name}, a teacher who lives nearby.',
    "Engineers found cracks in {m} of {n} pillars, and the road is closed to lorries until {day}.",
    "The money comes from a loan of {n} million euros, which is to be paid back by {year}.",
    "Opponents say that the figures are out of date, and want another report before work begins.",
    "In {year}, {k} passengers a day are expected, twice as many as now.",
    "{name} told reporters that no homes would have to be pulled down.",
    "The contract went to a firm from {town}, which employs {k} people.",
    "Residents can look at the drawings in the town hall until {day}.",
)


def article(rng: random.Random, sentences: int) -> tuple[str, str]:
    """Headline and body of an invented article."""

    def fill(template: str) -> str:
        body = rng.choice(BODIES.split(","))
        return template.format(
            body=body,
            body_=body[0].lower() + body[1:],
            town=rng.choice(TOWNS),
            name=rng.choice(NAMES),
            work=rng.choice(WORKS.split(",")),
            day=rng.choice(DAYS),
            year=rng.randint(2025, 2039),
            n=rng.randint(2, 400),
            m=rng.randint(2, 60),
            k=rng.randint(200, 90_000),
        )

    picked = [fill(rng.choice(OPENINGS)), *map(fill, rng.sample(SENTENCES * 2, sentences - 1))]
    paragraphs = [" ".join(picked[at : at + 2]) for at in range(0, len(picked), 2)]
    return fill("{town} to spend {n} million euros on {work}"), "\n\n".join(paragraphs)


def write_archive(file: Path, count: int, longest: int) -> Path:
    """So many articles of 2 to `longest` sentences as JSONL."""
    rng = random.Random(7)
    with file.open("w", encoding="utf-8") as lines:
        for number in range(count):
            headline, body = article(rng, rng.randint(2, longest))
            row = {"id": str(number), "headline": headline, "body": body}
            lines.write(json.dumps(row) + "\n")
    return file


class Timed(NamedTuple):
    """Seconds by the clock, and of CPU in all threads."""

    clock: float
    cpu: float


def timing(work: Callable[[], object]) -> Timed:
    clock, cpu = time.perf_counter(), time.process_time()
    work()
    return Timed(time.perf_counter() - clock, time.process_time() - cpu)


class Kept(Models):
    """Models that stay open when a worker is closed."""

    def close(self) -> None:
        """They are used again."""


@dataclass(frozen=True)
class Recorder(Kept):
    """Keeps what was asked."""

    asked: list[tuple[ModelCall, Source]] = field(default_factory=list)

    def run(self, call: ModelCall, sources: Sequence[Source]) -> list[Generated]:
        """Decodes one batch, and notes its texts."""
        self.asked.extend((call, source) for source in sources)
        return super().run(call, sources)


def backfill(
    models: Models,
    settings: Settings,
    options: Options,
    source: Path,
    *,
    shard_rows: int,
    batch_tokens: int = BATCH_TOKENS,
) -> Timed:
    """Times a whole backfill, with the models loaded and the plan made."""
    worker = LocalWorker(
        models, options, highlight_chars=settings.highlight_chars, batch_tokens=batch_tokens
    )
    with tempfile.TemporaryDirectory() as folder:
        output = open_output(folder)
        plan = make_plan(find_files(str(source)), Fields(), shard_rows=shard_rows)
        output.save_plan(plan)
        timed = timing(lambda: run(plan, output, worker, Fields(), stop=threading.Event()))
        failed = sum(commit.failed for commit in output.commits(0))
        assert not failed, f"{failed} of our own articles failed"
    worker.close()
    return timed


def offline(models: Models, asked: list[tuple[ModelCall, Source]], budget: int) -> Timed:
    """Times the engine alone for the same texts, sorted, on as many threads."""
    by_call: dict[ModelCall, list[Source]] = {}
    for call, source in asked:
        by_call.setdefault(call, []).append(source)
    batches = [(call, batch) for call, some in by_call.items() for batch in cut(some, budget)]
    batches.sort(key=lambda pair: pair[1][0].length * len(pair[1]), reverse=True)

    def decode() -> None:
        with ThreadPoolExecutor(models.runners) as threads:
            for _ in threads.map(lambda pair: models.run(*pair), batches):
                pass

    return timing(decode)


def efficiency(arguments: argparse.Namespace) -> None:
    """Prints the share of the engine's throughput, round by round and its median."""
    settings = read_settings(runners=arguments.runners or None)
    opened = open_models(settings, Metrics())
    parts = opened.pack, opened.engines, opened.runners
    models, recorder = Kept(*parts), Recorder(*parts)
    rows, sizes = arguments.shard_rows, arguments.batch_tokens
    with tempfile.TemporaryDirectory() as folder:
        source = write_archive(Path(folder) / "in.jsonl", arguments.articles, 24)
        words = len(source.read_text("utf-8").split()) / arguments.articles
        backfill(recorder, settings, Options(), source, shard_rows=rows, batch_tokens=sizes[0])
        asked = recorder.asked
        tokens = sum(source.length for _, source in asked)
        print(
            f"{arguments.articles} articles of {words:.0f} words, {len(asked)} texts, {tokens} "
            f"source tokens; {models.pack.name}, {models.runners} runners; "
            f"{platform.machine()}, {os.cpu_count()} cores"
        )
        trial = {budget: offline(models, asked, budget) for budget in BUDGETS}
        best = min(trial, key=lambda budget: trial[budget].cpu)
        print("engine alone, CPU seconds by tokens a batch:", end=" ")
        print(", ".join(f"{each}: {timed.cpu:.1f}" for each, timed in trial.items()))
        print(f"backfill: shards of {rows}; engine alone: {best} tokens a batch")
        print(
            "round  batch  backfill s  engine s  share  backfill CPU s  engine CPU s  share  rows/s"
        )
        rounds: dict[int, list[Timed]] = {size: [] for size in sizes}
        for number in range(arguments.rounds):
            before = offline(models, asked, best)
            whole = {
                size: backfill(
                    models, settings, Options(), source, shard_rows=rows, batch_tokens=size
                )
                for size in (sizes if number % 2 == 0 else sizes[::-1])
            }
            after = offline(models, asked, best)
            alone = Timed((before.clock + after.clock) / 2, (before.cpu + after.cpu) / 2)
            for size in sizes:
                timed = whole[size]
                shares = Timed(alone.clock / timed.clock, alone.cpu / timed.cpu)
                rounds[size].append(shares)
                print(
                    f"{number + 1:5}  {size:5}  {timed.clock:10.2f}  {alone.clock:8.2f}  "
                    f"{shares.clock:.3f}  {timed.cpu:14.2f}  {alone.cpu:12.2f}  {shares.cpu:.3f}  "
                    f"{arguments.articles / timed.clock:6.2f}",
                    flush=True,
                )
    for size, found in rounds.items():
        for name, values in zip(("the clock", "CPU time"), zip(*found, strict=True), strict=True):
            print(
                f"share of the engine's own throughput, {size} tokens a batch, by {name}: median "
                f"{statistics.median(values):.3f} (from {min(values):.3f} to {max(values):.3f})"
            )


def backfill_short(count: int, shard_rows: int) -> None:
    """Backfills so many short articles and prints this process's highest resident memory."""
    settings = read_settings()
    models = open_models(settings, Metrics())
    with tempfile.TemporaryDirectory() as folder:
        source = write_archive(Path(folder) / "in.jsonl", count, 3)
        seconds = backfill(models, settings, SHORT, source, shard_rows=shard_rows).clock
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{count:8}  {peak:8.0f}  {seconds:7.0f}  {count / seconds:6.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--articles", type=int, default=240)
    parser.add_argument("--shard-rows", type=int, default=40)
    parser.add_argument("--runners", type=int, default=0, help="0 takes the CPUs there are")
    parser.add_argument("--batch-tokens", type=int, nargs="+", default=[BATCH_TOKENS])
    parser.add_argument("--memory", type=int, nargs="+", metavar="ARTICLES")
    parser.add_argument("--short", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.short:
        backfill_short(arguments.short, arguments.shard_rows)
    elif arguments.memory:
        print("articles  peak MiB  seconds  rows/s", flush=True)
        for count in arguments.memory:
            subprocess.run([sys.executable, __file__, "--short", str(count)], check=True)
    else:
        efficiency(arguments)


if __name__ == "__main__":
    main()
