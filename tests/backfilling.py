"""A small archive, and a process that backfills it: `python -m tests.backfilling INPUT OUTPUT`.

With a third argument `ray` the process uses a local Ray cluster of two workers. Where `KILL_AT`
is set, the process kills itself instead of telling the disk to keep its so-manieth file or folder.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sys
import threading
from itertools import count
from pathlib import Path

from newsbrief.backfill import run
from newsbrief.dividing import make_plan
from newsbrief.inputs import find_files
from newsbrief.local_worker import open_local
from newsbrief.planning import Options
from newsbrief.ray_engine import Task, run_on_ray
from newsbrief.rows import Fields
from newsbrief.settings import read_settings
from newsbrief.shards import open_output

OPTIONS = Options(targets=("ru",), max_highlights=1)
TOWNS = "Lindmere Norhaven Ketterby Osterby Marl Fenwick".split()
WORKS = ("a new bridge", "two schools", "a tram line", "flood walls", "a concert hall")
DAYS = "Monday Tuesday Wednesday Thursday Friday".split()


def article(number: int) -> dict[str, str]:
    """A short invented article, a different one for each number."""
    town, work = TOWNS[number % len(TOWNS)], WORKS[number // 2 % len(WORKS)]
    return {
        "id": f"story-{number}",
        "headline": f"{town} will pay for {work}",
        "body": f"The town of {town} will spend {number + 3} million euros on {work}, the council "
        f"said on {DAYS[number % len(DAYS)]}. About {40 * number + 900} people live near the site.",
    }


def write_archive(file: Path, size: int) -> Path:
    """So many articles, and among them some rows that are bad in all the ways there are."""
    lines = [json.dumps(article(number)) for number in range(size)]
    lines[3:3] = ["{not json", json.dumps({"id": "empty", "body": "  "}), "[]"]
    lines[9:9] = [json.dumps(article(1)), json.dumps({"body": "A text that has no id at all."})]
    german = "Die Stadt hat am Montag eine neue Brücke über den Fluss eröffnet, sagte der Rat."
    lines.append(json.dumps({"id": "german", "body": german}))
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return file


def contents(output: Path) -> dict[str, str]:
    """The digest of each file that the run left for good, by its name."""
    return {
        str(file.relative_to(output)): hashlib.sha256(file.read_bytes()).hexdigest()
        for folder in ("rows", "failed", "commits")
        for file in sorted((output / folder).glob("*"))
    }


def die_at(number: int) -> None:
    """Kills this process at the given call of `os.fsync`, counted from 1."""
    really, calls = os.fsync, count(1)

    def sync(file: int) -> None:
        if next(calls) == number:
            os.kill(os.getpid(), signal.SIGKILL)
        really(file)

    os.fsync = sync


def main(source: str, target: str, engine: str = "local", shard_rows: str = "4") -> None:
    if "KILL_AT" in os.environ:
        die_at(int(os.environ["KILL_AT"]))
    settings = read_settings()
    output = open_output(target)
    plans = output.plans()
    if not plans:
        plans = [make_plan(find_files(source), Fields(), shard_rows=int(shard_rows))]
        output.save_plan(plans[0])
    stop = threading.Event()
    if engine == "ray":
        task = Task(target, "jsonl", 0, settings, OPTIONS, Fields())
        run_on_ray(plans[0], task, workers=(2, 2), stop=stop)
    else:
        worker = open_local(settings, OPTIONS)
        run(plans[0], output, worker, Fields(), stop=stop)
        worker.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
