"""A service's processes: started, asked until the first right answer, weighed, stopped."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 180.0  # seconds until a service that gives no right answer is given up
TICKS = os.sysconf("SC_CLK_TCK")


class Service:
    """One running service and everything it has forked."""

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], folder: Path, log: Path
    ) -> None:
        self.began = time.perf_counter()
        self.log = log
        with log.open("wb") as out:
            self._process = subprocess.Popen(
                command,
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def alive(self) -> bool:
        """Whether its first process still runs."""
        return self._process.poll() is None

    def processes(self) -> list[int]:
        """The numbers of all its processes."""
        found = [self._process.pid]
        for pid in found:
            for file in Path(f"/proc/{pid}/task").glob("*/children"):
                found += map(int, _read(file).split())
        return found

    def memory(self) -> tuple[float, float]:
        """MiB now, of all processes: proportional share (PSS), and resident (RSS)."""
        pss = rss = 0
        for pid in self.processes():
            rollup = _read(Path(f"/proc/{pid}/smaps_rollup"))
            pss += sum(map(int, re.findall(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)))
            rss += sum(map(int, re.findall(r"^Rss:\s+(\d+)", rollup, re.MULTILINE)))
        return pss / 1024, rss / 1024

    def cpu_seconds(self) -> float:
        """Processor time of all processes so far."""
        total = 0
        for pid in self.processes():
            fields = _read(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
            total += sum(map(int, fields[11:15])) if fields else 0
        return total / TICKS

    def stop(self) -> None:
        """Ends all its processes."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self._process.pid, number)
            except ProcessLookupError:
                return
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                continue


class Peak:
    """The most memory that a service was seen to hold, looked at twice a second."""

    def __init__(self, service: Service) -> None:
        self.pss = self.rss = 0.0
        self._service = service

    def look(self) -> None:
        """Weighs the service once."""
        pss, rss = self._service.memory()
        self.pss, self.rss = max(self.pss, pss), max(self.rss, rss)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Weighs it all the while."""
        ended = threading.Event()

        def watch() -> None:
            while not ended.wait(0.5):
                self.look()

        thread = threading.Thread(target=watch)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()
            self.look()


def free_port() -> int:
    """A port that nothing listened on a moment ago."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except (OSError, ProcessLookupError):
        return ""  # it has just ended
