"""Where the time of a brief goes, by stage, and of the HTTP layer around it; flame graphs beside.

    python -m loadtests.profile_request [--seconds 15] [--out FOLDER]

Samples the Python stacks with py-spy (`pip install py-spy`) while articles are briefed four at a
time: once with the bundled pack, in one process without HTTP, and once over HTTP with an engine
that only replaces words, so that what is left is ours. A sample counts for the innermost of our
modules on its stack. What the engine computes in its own threads is the processor time that no
sample explains. Prints tables in Markdown; writes profile.json, brief.svg and http.svg.
"""

from __future__ import annotations

import argparse
import asyncio
import collections
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import httpx

from loadtests.machine import machine
from newsbrief.briefing import Briefer
from newsbrief.cleaning import clean_text
from newsbrief.metrics import Metrics
from newsbrief.opening import open_briefer
from newsbrief.settings import read_settings
from tests.service import ARTICLE

RATE = 200  # samples a second
AT_ONCE = 4
STAGES = {
    "engine, from Python": "engine",
    "pieces of text": "tokenisation",
    "checks": "checks checks_article checks_numbers checks_text numerals numerals_ko "
    "numerals_words language_id lexicon lexicon_en lexicon_ko lexicon_ru lexicon_uk figures units",
    "highlights": "highlighting extraction summarising compression clauses salience antecedents "
    "asides attribution verbs marks",
    "sentences": "sentences",
    "cleaning": "cleaning boilerplate markup",
    "queue and batches": "batcher queueing metrics",
    "translations assembled": "translating pipeline briefing assembling planning article",
    "HTTP and JSON": "app api intake wire rendering problems observing worker lifecycle keys form",
}
OF_MODULE = {module: stage for stage, modules in STAGES.items() for module in modules.split()}
ENGINE, REST = "engine, in its own threads", "event loop, threads, libraries"
FRAME = re.compile(r"newsbrief/(\w+)\.py[:)]")
WAITING = (  # what py-spy can take for work on a busy machine
    "_worker (concurrent/futures/thread.py",
    "Condition.wait (threading.py",
    "select (selectors.py",
    "_do_waitpid (asyncio/unix_events.py",
    "CTranslate2Engine.generate (newsbrief/engine.py",  # its own threads work meanwhile
)
STARTING = ("_find_and_load", "open_briefer", "warm_up")


def stage(stack: str) -> str:
    """The stage of one sample; `stack` is py-spy's, outermost frame first."""
    for frame in reversed(stack.split(";")):
        if found := FRAME.search(frame):
            return OF_MODULE.get(found[1], found[1])
        if "uvicorn/" in frame or "starlette/" in frame or "h11/" in frame or "fastapi/" in frame:
            return "HTTP and JSON"
    return REST


def shares(samples: Iterable[str], cpu_seconds: float, rate: int) -> dict[str, float]:
    """Each stage's share of processor time, the greatest first; `samples` are py-spy's lines."""
    seconds: collections.Counter[str] = collections.Counter()
    for line in samples:
        stack, _, count = line.rpartition(" ")
        innermost = stack.rpartition(";")[2]
        if any(function in stack for function in STARTING) or any(
            function in innermost for function in WAITING
        ):
            continue
        seconds[stage(stack)] += int(count) / rate
    seconds[ENGINE] = max(0.0, cpu_seconds - sum(seconds.values()))
    return {name: spent / sum(seconds.values()) for name, spent in seconds.most_common()}


async def brief(briefer: Briefer, seconds: float) -> int:
    """Briefs articles, four at a time; how many were done."""
    done, ends = 0, time.monotonic() + seconds

    async def keep_asking(number: int) -> None:
        nonlocal done
        while time.monotonic() < ends:
            article = clean_text(
                ARTICLE["body"],
                headline=f"Harbour city opens line {AT_ONCE * done + number}",
                source_language="en",
                max_chars=100_000,
            )
            await briefer.brief(article)
            done += 1

    await asyncio.gather(*(keep_asking(number) for number in range(AT_ONCE)))
    briefer.close()
    return done


def serve(seconds: float) -> int:
    """Serves HTTP with the engine of tests/faulty.py in this process, asked from another."""
    import uvicorn

    from newsbrief.worker import BoundedProtocol
    from tests.faulty import make

    command = [sys.executable, "-m", "loadtests.profile_request", "--inside", "client"]
    config = uvicorn.Config(
        make(), port=0, http=BoundedProtocol, log_level="warning", access_log=False
    )
    server = uvicorn.Server(config)
    done = 0

    async def both() -> None:
        nonlocal done
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.05)
        port = server.servers[0].sockets[0].getsockname()[1]
        client = await asyncio.create_subprocess_exec(
            *command, "--seconds", str(seconds), "--port", str(port), stdout=subprocess.PIPE
        )
        answer, _ = await client.communicate()
        done = int(answer)
        server.should_exit = True
        await serving

    asyncio.run(both())
    return done


async def ask(port: int, seconds: float) -> int:
    """Asks for briefs, four at a time; every answer is looked at."""
    done, ends = 0, time.monotonic() + seconds
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:

        async def keep_asking() -> None:
            nonlocal done
            while time.monotonic() < ends:
                body = ARTICLE | {"headline": f"Harbour city opens line {done}"}
                answer = await client.post("/v1/briefs", json=body)
                assert list(answer.json()["translations"]) == ["ko", "ru", "uk"], answer.text
                done += 1

        await asyncio.gather(*(keep_asking() for _ in range(AT_ONCE)))
    return done


def py_spy() -> str:
    """The program: of this environment, or on the path. Ends the process where it is missing."""
    beside = Path(sys.executable).with_name("py-spy")
    found = str(beside) if beside.exists() else shutil.which("py-spy")
    return found or sys.exit("this needs py-spy: pip install py-spy")


def profile(what: str, seconds: float, form: str, out: Path) -> tuple[int, float]:
    """Runs one scene under py-spy; how many briefs were done, and their processor time."""
    report = out.with_suffix(".report")
    inside = ["--inside", what, "--seconds", str(seconds), "--report", str(report)]
    command = [
        *(py_spy(), "record", "--rate", str(RATE), "--function", "--threads"),
        *("--format", form, "--output", str(out), "--"),
        *(sys.executable, "-m", "loadtests.profile_request", *inside),
    ]
    subprocess.run(command, check=True, capture_output=True)
    done, cpu_seconds = json.loads(report.read_text())
    report.unlink()
    return done, cpu_seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results")
    parser.add_argument("--inside", choices=["brief", "http", "client"], help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--report", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside == "client":
        print(asyncio.run(ask(options.port, options.seconds)))
    elif options.inside:
        briefer = open_briefer(read_settings(), Metrics()) if options.inside == "brief" else None
        if briefer:
            asyncio.run(briefer.warm_up())
        began = time.process_time()
        done = asyncio.run(brief(briefer, options.seconds)) if briefer else serve(options.seconds)
        options.report.write_text(json.dumps([done, time.process_time() - began]))
    else:
        options.out.mkdir(exist_ok=True)
        measure(options.seconds, options.out)


def measure(seconds: float, out: Path) -> None:
    """Both scenes, twice each: for the table, and for the graph."""
    data = {
        **machine(),
        "seconds": seconds,
    }
    for what in ("brief", "http"):
        with tempfile.TemporaryDirectory() as scratch:
            raw = Path(scratch) / "raw"
            done, cpu_seconds = profile(what, seconds, "raw", raw)
            found = shares(raw.read_text(encoding="utf-8").splitlines(), cpu_seconds, RATE)
        profile(what, seconds / 2, "flamegraph", out / f"{what}.svg")
        each = 1000 * cpu_seconds / done
        print(f"\n### {what}: {done} briefs, {each:.1f} ms of processor time each\n")
        print("| stage | share | ms a brief |\n|---|---|---|")
        for name, share in found.items():
            print(f"| {name} | {share:.1%} | {share * each:.2f} |")
        data[what] = {
            "briefs": done,
            "cpu_milliseconds_each": round(each, 2),
            "shares": {name: round(share, 4) for name, share in found.items()},
        }
    (out / "profile.json").write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
