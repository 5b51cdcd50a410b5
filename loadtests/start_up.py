"""How long `newsbrief serve` takes from the start of its process to its first answer, by phase.

    python -m loadtests.start_up [--rounds 7] [--pack NAME]

Cold and warm starts take turns. Before a cold one the pages of the pack, of the packages and of the
standard library are dropped from memory (posix_fadvise; pages that another process has mapped
stay). Prints tables in Markdown and writes start_up.json beside this file.
"""

from __future__ import annotations

import argparse
import collections
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx

from loadtests.machine import machine
from newsbrief.pack import find_pack
from newsbrief.settings import read_settings

RESULTS = Path(__file__).with_suffix(".json")
SERVICE = Path(__file__).parents[1] / "service"
BODY = {"texts": ["The tram opens at seven."], "targets": ["uk"]}
PHASES = ("listening", "imports", "verify", "load", "warm-up", "ready", "first answer")
MEANING = {
    "listening": "interpreter, gunicorn, settings: until the port is bound",
    "imports": "the worker forked, the application imported and made",
    "verify": "the pack's checksums",
    "load": "the models into the engine",
    "warm-up": "one sentence through every direction",
    "ready": "all of these: from the start of the process until `/readyz` says yes",
    "first answer": "ready, and one translation",
}
IMPORTED = "import newsbrief.cli, newsbrief.serving, newsbrief.app, newsbrief.worker"
LINE = re.compile(r"import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)")


def start(pack: str) -> dict[str, float]:
    """Seconds of each phase of one start; the service is stopped again."""
    command = [sys.executable, "-m", "newsbrief", "serve", "--port", "0", "--pack", pack]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NEWSBRIEF_")}
    began = time.perf_counter()
    with subprocess.Popen(
        command,
        env=kept | {"PYTHONPATH": str(SERVICE)},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            seen: dict[str, tuple[float, str]] = {}
            while "ready: pack" not in seen:
                line = process.stderr.readline()
                assert line, "the service ended before it was ready"
                for mark in ("Listening at", "ready: pack"):
                    if mark in line:
                        seen[mark] = time.perf_counter() - began, line
            address = re.search(r"http://[\d.:]+", seen["Listening at"][1])[0]
            with httpx.Client(base_url=address, timeout=30) as client:
                while client.get("/readyz").status_code != 200:
                    time.sleep(0.002)
                ready = time.perf_counter() - began
                answer = client.post("/v1/translations", json=BODY)
                first = time.perf_counter() - began
                (text,) = answer.json()["translations"]["uk"]["texts"]
                assert text["text"], answer.text
                inside = _phases(client.get("/metrics").text)
        finally:
            os.killpg(process.pid, signal.SIGKILL)  # its worker too
    listening = seen["Listening at"][0]
    own = inside["verify"] + inside["load"]
    return {
        "listening": listening,
        "imports": seen["ready: pack"][0] - listening - inside["total"],
        "verify": inside["verify"],
        "load": inside["load"],
        "warm-up": inside["total"] - own,
        "ready": ready,
        "first answer": first,
    }


def _phases(metrics: str) -> dict[str, float]:
    found = re.findall(r'^newsbrief_startup_seconds\{phase="(\w+)"\} (\S+)$', metrics, re.MULTILINE)
    return {name: float(value) for name, value in found}


def forget(folders: Sequence[Path]) -> int:
    """Drops the pages of all files below from memory, and returns their bytes."""
    total = 0
    for folder in folders:
        for at, _, names in os.walk(folder):
            for name in names:
                try:
                    descriptor = os.open(Path(at, name), os.O_RDONLY)
                except OSError:
                    continue  # a dangling link
                try:
                    os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
                    total += os.fstat(descriptor).st_size
                finally:
                    os.close(descriptor)
    return total


def import_times(rounds: int) -> list[tuple[str, float]]:
    """Milliseconds that each top-level package takes to import, the dearest first; medians."""
    command = [sys.executable, "-X", "importtime", "-c", IMPORTED]
    kept = os.environ | {"PYTHONPATH": str(SERVICE)}
    found = collections.defaultdict(list)
    for _ in range(rounds):
        report = subprocess.run(command, check=True, capture_output=True, text=True, env=kept)
        spent: collections.Counter[str] = collections.Counter()
        for own, module in _imports(report.stderr):
            spent[module.partition(".")[0]] += own
        for package, microseconds in spent.items():
            found[package].append(microseconds / 1000)
    return sorted(
        ((package, statistics.median(each)) for package, each in found.items()),
        key=lambda pair: -pair[1],
    )


def _imports(report: str) -> Iterator[tuple[int, str]]:
    for line in report.splitlines():
        if found := LINE.match(line):
            yield int(found[1]), found[2]


def table(results: dict[str, dict[str, dict[str, float]]]) -> str:
    """The phases in Markdown, in milliseconds."""
    lines = ["| phase | warm | cold | |", "|---|---|---|---|"]
    for phase in PHASES:
        cells = [
            f"{1000 * each['median']:.0f} ({1000 * each['least']:.0f}–{1000 * each['most']:.0f})"
            for each in (results["warm"][phase], results["cold"][phase])
        ]
        lines.append(f"| {phase}, ms | {cells[0]} | {cells[1]} | {MEANING[phase]} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--pack", default="bundled")
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    settings = read_settings(pack=options.pack)
    pack = find_pack(settings.pack, [settings.packs_dir.expanduser()])
    paths = sysconfig.get_paths()
    places = [pack, SERVICE, *(Path(paths[name]) for name in ("stdlib", "platlib", "purelib"))]
    starts: dict[str, list[dict[str, float]]] = {"warm": [], "cold": []}
    start(options.pack)  # compiles what is new
    for turn in range(options.rounds):
        for kind in ("warm", "cold") if turn % 2 else ("cold", "warm"):
            if kind == "cold":
                forget(places)
            else:
                start(options.pack)  # what a cold start has not read again
            starts[kind].append(start(options.pack))
    results = {
        kind: {
            phase: {
                "median": statistics.median(each[phase] for each in made),
                "least": min(each[phase] for each in made),
                "most": max(each[phase] for each in made),
            }
            for phase in PHASES
        }
        for kind, made in starts.items()
    }
    print(table(results))
    imports = import_times(options.rounds)
    whole = sum(each for _, each in imports)
    print(f"\n| package | import, ms of {whole:.0f} |\n|---|---|")
    print("\n".join(f"| {package} | {spent:.1f} |" for package, spent in imports[:15]))
    data = {
        **machine(),
        "rounds": options.rounds,
        "seconds": results,
        "import_milliseconds": {name: round(each, 2) for name, each in imports[:40]},
    }
    options.out.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
