"""A closed loop of requests: so many at once, so many in all, every body looked at.

The client runs on the cores that it measures, and what it takes there narrows every ratio: hence
the standard library's own, at about a tenth of what a richer one takes for each request.
"""

from __future__ import annotations

import contextlib
import http.client
import itertools
import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

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
    cpu_seconds: float = 0.0  # of the service
    client_cpu_seconds: float = 0.0
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


class Client:
    """One connection that is kept, or opened again after a failure."""

    def __init__(self, port: int, timeout: float = TIMEOUT) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)

    def ask(self, ask: Ask, text: str, target: str) -> str:
        """The output for one text. Raises `ValueError` if the answer is not right, `OSError`."""
        body = json.dumps(ask.body(text, target)).encode()
        try:
            self._connection.request("POST", ask.path, body, {"Content-Type": "application/json"})
            answer = self._connection.getresponse()
            return judged(ask, target, answer.status, answer.read())
        except http.client.HTTPException as error:
            self.close()
            raise ConnectionError(repr(error)) from error
        except OSError:
            self.close()
            raise

    def close(self) -> None:
        """Closes the connection; another question opens it again."""
        self._connection.close()


def judged(ask: Ask, target: str, status: int, body: bytes) -> str:
    """The output in an answer. Raises `ValueError` for any answer that is not right."""
    shown = body[:200].decode(errors="replace")
    if status != 200:
        raise ValueError(f"status {status}: {shown}")
    try:
        output = ask.output(json.loads(body), target)
    except (KeyError, TypeError, IndexError) as error:
        raise ValueError(f"an answer of another shape: {shown}") from error
    if not isinstance(output, str) or not output.strip():
        raise ValueError(f"an empty output: {shown}")
    return output


def run(port: int, ask: Ask, requests: Sequence[tuple[str, str]], *, concurrent: int) -> Cell:
    """Sends each request once, `concurrent` at a time."""
    cell, numbers, lock = Cell(), itertools.count(), threading.Lock()

    def work() -> None:
        with contextlib.closing(Client(port)) as client:
            while (number := next(numbers)) < len(requests):
                began = time.perf_counter()
                try:
                    output = client.ask(ask, *requests[number])
                except (ValueError, OSError) as error:
                    with lock:
                        cell.faults.append(f"{type(error).__name__}: {error}")
                    continue
                taken = time.perf_counter() - began
                with lock:
                    cell.latencies.append(taken)
                    cell.outputs[number] = output

    began, cpu = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(concurrent) as pool:
        for future in [pool.submit(work) for _ in range(concurrent)]:
            future.result()
    cell.seconds = time.perf_counter() - began
    cell.client_cpu_seconds = time.process_time() - cpu
    return cell
