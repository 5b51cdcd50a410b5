"""Plays a plan in a Locust process of its own, and sums up what came of it."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from loadtests.scenarios.answers import ERROR, REFUSED, RIGHT
from loadtests.scenarios.plans import Plan
from loadtests.scenarios.service import ROOT, Service


@dataclass(frozen=True)
class Figures:
    """One stream of one run, or all of them. Times in seconds, None where there are none.

    `offered` are the requests a second, articles and edits, while they arrived; `goodput` the right
    answers a second up to the last answer. Latency counts from the planned time.
    """

    scenario: str
    stream: str
    offered: float
    goodput: float
    answers: int
    refused: float
    errors: int
    p50: float | None
    p95: float | None
    p99: float | None
    refusal_p50: float | None
    refusal_p99: float | None
    faults: tuple[str, ...]


@dataclass(frozen=True)
class Run:
    """A plan that was played.

    CPU is in cores, on average over the run; `late` is the generator's own delay of a request, its
    99th percentile in seconds; memory in MiB, before and after.
    """

    plan: Plan
    answers: Sequence[Mapping[str, Any]]
    seconds: float
    generator_cpu: float
    service_cpu: float
    late: float
    memory: tuple[float, float]
    before: Mapping[str, float]
    after: Mapping[str, float]

    def figures(self, stream: str | None = None) -> Figures:
        """Of one stream by name, or of all."""
        chosen = [each for each in self.answers if stream in (None, each["stream"])]
        return sum_up(chosen, self.plan.name, stream or "all", self.plan.seconds)

    def grown(self, metric: str) -> float:
        """By how much a counter of the service grew."""
        return self.after.get(metric, 0.0) - self.before.get(metric, 0.0)

    def as_data(self) -> dict[str, Any]:
        """For a file of results: figures, not the single answers."""
        names = [stream.name for stream in self.plan.streams]
        return {
            "scenario": self.plan.name,
            "seconds_of_arrivals": self.plan.seconds,
            "seconds": round(self.seconds, 2),
            "generator_cores": round(self.generator_cpu, 3),
            "service_cores": round(self.service_cpu, 3),
            "generator_late_p99": round(self.late, 4),
            "memory_mib": [round(each, 1) for each in self.memory],
            "streams": [asdict(self.figures(name)) for name in names],
            "all": asdict(self.figures()),
        }


def play(service: Service, plan: Plan) -> Run:
    """Plays a plan to its last answer. Raises `RuntimeError` if Locust could not."""
    with tempfile.TemporaryDirectory() as folder:
        path, results = Path(folder, "plan.json"), Path(folder, "results.json")
        plan.save(path)
        before, cpu, held = service.metrics(), service.cpu_seconds(), service.memory()
        locust = subprocess.run(
            [
                *(sys.executable, "-m", "locust", "--headless", "--only-summary"),
                *("-f", str(Path(__file__).with_name("locustfile.py")), "--host", service.url),
                *("--users", str(len(plan.streams)), "--spawn-rate", "100"),
            ],
            cwd=ROOT,
            env={
                **os.environ,
                "LOAD_PLAN": str(path),
                "LOAD_RESULTS": str(results),
                "LOAD_PACK": json.dumps({"pack": service.pack, "targets": service.targets}),
                "PYTHONPATH": f"{ROOT / 'service'}{os.pathsep}{ROOT}",
            },
            capture_output=True,
            text=True,
        )
        spent = service.cpu_seconds() - cpu
        if not results.exists():
            raise RuntimeError(f"Locust gave no results:\n{locust.stderr[-3000:]}")
        played = json.loads(results.read_text(encoding="utf-8"))
    delays = [each["sent"] - each["planned"] for each in played["answers"]]
    return Run(
        plan,
        played["answers"],
        played["seconds"],
        played["generator_cpu_seconds"] / played["seconds"],
        spent / played["seconds"],
        percentile(delays, 99) or 0.0,
        (held, service.memory()),
        before,
        service.metrics(),
    )


def sum_up(
    answers: Iterable[Mapping[str, Any]], scenario: str, stream: str, seconds: float
) -> Figures:
    """Figures of answers to requests that arrived over so many seconds."""
    answers = list(answers)
    right = [each for each in answers if each["outcome"] == RIGHT]
    latencies = [each["done"] - each["planned"] for each in right]
    refusals = [each["done"] - each["planned"] for each in answers if each["outcome"] == REFUSED]
    ended = max((each["done"] for each in answers), default=seconds)
    faults = Counter(str(each["detail"])[:300] for each in answers if each["outcome"] == ERROR)
    return Figures(
        scenario,
        stream,
        offered=len(answers) / seconds,
        goodput=len(right) / max(seconds, ended),
        answers=len(right),
        refused=len(refusals) / max(1, len(answers)),
        errors=sum(faults.values()),
        p50=percentile(latencies, 50),
        p95=percentile(latencies, 95),
        p99=percentile(latencies, 99),
        refusal_p50=percentile(refusals, 50),
        refusal_p99=percentile(refusals, 99),
        faults=tuple(f"{count} x {fault}" for fault, count in faults.most_common(5)),
    )


def percentile(values: Sequence[float], percent: int) -> float | None:
    """Between the nearest two values; None of nothing."""
    if len(values) < 2:
        return values[0] if values else None
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def peak_rate(run: Run) -> float:
    """Articles a second of a saturated run."""
    figures = run.figures()
    if figures.errors:
        raise RuntimeError(f"errors while the capacity was measured: {figures.faults}")
    return figures.goodput
