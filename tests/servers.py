"""A real server process for tests: gunicorn on a free port, its log read line by line."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[1]
PATIENCE = 30  # seconds until a test gives up; no test waits so long when all is well


class Server:
    """A gunicorn master, its workers, and what they log."""

    def __init__(self, application: str, environment: Mapping[str, str]) -> None:
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("NEWSBRIEF_")}
        self.process = subprocess.Popen(
            [
                sys.executable,
                *("-m", "gunicorn", "-c", str(ROOT / "service" / "gunicorn.conf.py")),
                *("--bind", "127.0.0.1:0", application),
            ],
            cwd=ROOT,
            env={
                **inherited,
                "PYTHONPATH": f"{ROOT / 'service'}{os.pathsep}{ROOT}",
                "NEWSBRIEF_PORT": "0",
                **environment,
            },
            stderr=subprocess.PIPE,
            text=True,
        )
        self.log: list[str] = []
        self._grown = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.url = self.wait_for(r"Listening at: (http://\S+)")[1].rstrip(")")

    def wait_for(self, pattern: str, times: int = 1) -> re.Match[str]:
        """The last match once `pattern` stands in so many lines of the log."""
        with self._grown:
            found: list[re.Match[str]] = []

            def enough() -> bool:
                found[:] = [match for line in self.log if (match := re.search(pattern, line))]
                return len(found) >= times

            assert self._grown.wait_for(enough, PATIENCE), "\n".join(self.log)
            return found[times - 1]

    def client(self, **options) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=PATIENCE, **options)

    def metric(self, name: str) -> float:
        with self.client() as client:
            text = client.get("/metrics").text
        found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
        assert found, text
        return float(found[1])

    def _read(self) -> None:
        for line in self.process.stderr:
            with self._grown:
                self.log.append(line.rstrip())
                self._grown.notify_all()


@contextmanager
def running(
    application: str = "tests.faulty:make()", *, wait: bool = True, **environment: str
) -> Iterator[Server]:
    """A server that is ready; killed at the end if it has not stopped by itself."""
    server = Server(application, environment)
    try:
        if wait:
            server.wait_for("ready: pack")
        yield server
    finally:
        if server.process.poll() is None:
            server.process.terminate()
            try:
                server.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                server.process.kill()
        server.process.wait(PATIENCE)
        server._reader.join(PATIENCE)
        server.process.stderr.close()
