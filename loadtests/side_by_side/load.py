"""A closed loop of requests: so many at once, so many in all, every body looked at."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import httpx

TIMEOUT = 300.0


@dataclass(frozen=True)
class Ask:
    """How a system is asked for one text, and where its answer holds the output.

    `body` makes the JSON of a request from a text and a target; `output` raises `KeyError`,
    `TypeError` or `IndexError` for an answer of another shape.
    """

    path: str
    body: Callable[[str, str], Mapping[str, Any]]
    output: Callable[[Any, str], Any]


@dataclass
class Cell:
    """What one run of requests gave. `outputs` are by request number; faults are kept apart."""

    seconds: float = 0.0
    cpu_seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    outputs: dict[int, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Right answers a second."""
        return len(self.outputs) / self.seconds

    @property
    def characters(self) -> float:
        """Characters written a second."""
        return sum(map(len, self.outputs.values())) / self.seconds


def ask_once(client: httpx.Client, ask: Ask, text: str, target: str) -> str:
    """The output for one text. Raises `ValueError` for any answer that is not right."""
    answer = client.post(ask.path, json=ask.body(text, target))
    if answer.status_code != 200:
        raise ValueError(f"status {answer.status_code}: {answer.text[:200]}")
    try:
        output = ask.output(answer.json(), target)
    except (KeyError, TypeError, IndexError) as error:
        raise ValueError(f"an answer of another shape: {answer.text[:200]}") from error
    if not isinstance(output, str) or not output.strip():
        raise ValueError(f"an empty output: {answer.text[:200]}")
    return output


def run(address: str, ask: Ask, requests: Sequence[tuple[str, str]], *, concurrent: int) -> Cell:
    """Sends each request once, `concurrent` at a time."""
    cell, numbers, lock = Cell(), itertools.count(), threading.Lock()

    def work() -> None:
        with httpx.Client(base_url=address, timeout=TIMEOUT) as client:
            while (number := next(numbers)) < len(requests):
                began = time.perf_counter()
                try:
                    output = ask_once(client, ask, *requests[number])
                except (ValueError, httpx.HTTPError) as error:
                    with lock:
                        cell.faults.append(f"{type(error).__name__}: {error}")
                    continue
                taken = time.perf_counter() - began
                with lock:
                    cell.latencies.append(taken)
                    cell.outputs[number] = output

    began = time.perf_counter()
    with ThreadPoolExecutor(concurrent) as pool:
        for future in [pool.submit(work) for _ in range(concurrent)]:
            future.result()
    cell.seconds = time.perf_counter() - began
    return cell
