"""One workload through all systems: started, warmed up, loaded in turns, weighed."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from loadtests.side_by_side.load import Cell, Client, run
from loadtests.side_by_side.processes import PATIENCE, Peak, Service, free_port
from loadtests.side_by_side.systems import System, asked, variables
from loadtests.side_by_side.workloads import Workload


@dataclass
class Measured:
    """What one system gave: cells by concurrency, one for each round, in order."""

    starts: list[float] = field(default_factory=list)
    cells: dict[int, list[Cell]] = field(default_factory=dict)
    idle: tuple[float, float] = (0.0, 0.0)
    peak: tuple[float, float] = (0.0, 0.0)


@dataclass
class Comparison:
    """One workload, and what each system made of it."""

    workload: Workload
    systems: list[System]
    measured: dict[str, Measured]


def compare(
    workload: Workload,
    systems: Sequence[System],
    environments: Mapping[str, Path],
    scratch: Path,
) -> Comparison:
    """All cells of one workload; every service is up while any is loaded, but idle.

    Raises `RuntimeError` with the end of its log when a service gives no right answer.
    """
    models = workload.models
    taking_part = [system for system in systems if asked(system, models)]
    measured = {system.name: Measured() for system in taking_part}
    with contextlib.ExitStack() as stack:
        services, ports = {}, {}
        for turn in range(workload.starts):
            for system in _in_turn(taking_part, turn):
                last = turn == workload.starts - 1
                home = scratch / f"home-{system.name}"
                home.mkdir(exist_ok=True)
                service, port = _start(workload, system, environments, home)
                if last:
                    stack.callback(service.stop)
                measured[system.name].starts.append(_first_answer(workload, system, service, port))
                if last:
                    services[system.name], ports[system.name] = service, port
                else:
                    service.stop()
        peaks = {name: Peak(service) for name, service in services.items()}
        for system in taking_part:  # warm up every worker and every thread
            _cell(workload, system, ports[system.name], max(workload.requests), turn=-1)
            measured[system.name].idle = services[system.name].memory()
        for turn in range(workload.rounds):
            for concurrent in workload.requests:
                for system in _in_turn(taking_part, turn):
                    service = services[system.name]
                    with peaks[system.name].watching():
                        before = service.cpu_seconds()
                        cell = _cell(workload, system, ports[system.name], concurrent, turn=turn)
                        cell.cpu_seconds = service.cpu_seconds() - before
                    measured[system.name].cells.setdefault(concurrent, []).append(cell)
                    print(
                        f"{models.name}, round {turn + 1}, {concurrent} at once, {system.name}: "
                        f"{cell.rate:.2f}/s, {len(cell.faults)} faults",
                        flush=True,
                    )
        for name, peak in peaks.items():
            measured[name].peak = (peak.pss, peak.rss)
    return Comparison(workload, taking_part, measured)


def _in_turn(systems: Sequence[System], turn: int) -> list[System]:
    """Each round begins with another system."""
    first = turn % len(systems)
    return [*systems[first:], *systems[:first]]


def _start(
    workload: Workload, system: System, environments: Mapping[str, Path], home: Path
) -> tuple[Service, int]:
    port = free_port()
    service = Service(
        system.start(workload.models, environments[system.environment], port),
        variables(system, workload.models, home),
        home,
        home / "log",
    )
    return service, port


def _first_answer(workload: Workload, system: System, service: Service, port: int) -> float:
    """Seconds from the start of the process to the first right answer, asked for all the time."""
    problem: Exception | None = None
    ask = asked(system, workload.models)
    with contextlib.closing(Client(port, PATIENCE)) as client:
        while time.perf_counter() - service.began < PATIENCE and service.alive():
            try:
                client.ask(ask, *workload.texts[0])
            except (ValueError, OSError) as error:
                problem = error
                time.sleep(0.02)
            else:
                return time.perf_counter() - service.began
    service.stop()
    end = service.log.read_text(encoding="utf-8", errors="replace")[-3000:]
    raise RuntimeError(f"{system.name} gave no right answer: {problem}\n{end}")


def _cell(workload: Workload, system: System, port: int, concurrent: int, *, turn: int) -> Cell:
    requests = workload.batch(system.name, concurrent, turn)
    if turn < 0:  # to warm up, a few are enough
        requests = requests[: max(6, len(requests) // 6)]
    return run(port, asked(system, workload.models), requests, concurrent=concurrent)
