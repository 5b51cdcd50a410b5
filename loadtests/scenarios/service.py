"""The real service, `newsbrief serve`, on a free port: started, warmed, weighed, stopped."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil

from loadtests.articles import typical

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0  # seconds until a service that is not ready is given up
WARM = 4  # articles before anything is measured


class Service:
    """A running service; `pack` is its pack's name and version, `targets` the languages of it."""

    def __init__(self, url: str, process: subprocess.Popen[bytes], log: Path) -> None:
        self.url = url
        self._process = psutil.Process(process.pid)
        self._popen = process
        self._log = log
        self._client = httpx.Client(base_url=url, timeout=PATIENCE)
        self.pack: dict[str, str] = {}
        self.targets: list[str] = []

    def wait_ready(self) -> None:
        """Waits until it is ready, and warms it with a few articles."""
        end = time.monotonic() + PATIENCE
        while not self._ready():
            if self._popen.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"the service did not get ready:\n{self._log.read_text()}")
            time.sleep(0.05)
        details = self._client.get("/v1/pack").raise_for_status().json()
        self.pack = {name: details[name] for name in ("name", "version")}
        self.targets = [each["target"] for each in details["directions"]]
        for number in range(WARM):
            self.brief(typical(number).headline, typical(number).body)

    def brief(self, headline: str, body: str, **options: Any) -> dict[str, Any]:
        """One article's answer. Raises `httpx.HTTPStatusError`, whose response says why."""
        asked = {"headline": headline, "body": body, **options}
        answer = self._client.post("/v1/briefs", json=asked)
        answer.raise_for_status()
        return answer.json()

    def metrics(self) -> dict[str, float]:
        """All of `/metrics`, by name with labels."""
        text = self._client.get("/metrics").text
        return {
            name: float(value)
            for name, value in re.findall(r"^([^#\s].*) (\S+)$", text, re.MULTILINE)
        }

    def cpu_seconds(self) -> float:
        """Processor time of all its processes so far."""
        return sum(
            times.user + times.system for times in (each.cpu_times() for each in self._all())
        )

    def memory(self) -> float:
        """MiB that its processes hold (RSS)."""
        return sum(each.memory_info().rss for each in self._all()) / 2**20

    def stop(self) -> None:
        """Ends it without the pause that it would make for a load balancer."""
        self._client.close()
        self._popen.terminate()
        try:
            self._popen.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            for each in self._all():
                each.kill()
            self._popen.wait(PATIENCE)

    def _ready(self) -> bool:
        try:
            return self._client.get("/readyz").status_code == 200
        except httpx.TransportError:
            return False

    def _all(self) -> list[psutil.Process]:
        return [self._process, *self._process.children(recursive=True)]


@contextmanager
def serving(pack: str | None = None, **environment: str) -> Iterator[Service]:
    """A service that is ready, with settings from `environment` and defaults for the rest."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("NEWSBRIEF_")}
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "log")
        with log.open("wb") as out:
            process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "newsbrief", "serve", "--port", str(port)),
                    *(("--pack", pack) if pack else ()),
                ],
                cwd=ROOT / "service",
                env={**inherited, "NEWSBRIEF_DRAIN_DELAY_SECONDS": "0", **environment},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        service = Service(f"http://127.0.0.1:{port}", process, log)
        try:
            service.wait_ready()
            yield service
        finally:
            service.stop()


def write_json(path: Path, data: Any) -> None:
    """Results, readable and with stable order."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
