"""A real Prometheus for tests, scraping one address twice a second."""

from __future__ import annotations

import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import yaml

from tests.servers import PATIENCE


def program(name: str) -> str:
    found = shutil.which(name)
    assert found, f"these tests need {name}; Debian's package `prometheus` has it"
    return found


class Prometheus:
    """Its query API. `query` gives label sets and values as they are now."""

    def __init__(self, url: str) -> None:
        self._client = httpx.Client(base_url=url, timeout=PATIENCE)

    def query(self, expression: str) -> list[tuple[dict[str, str], float]]:
        answer = self._client.get("/api/v1/query", params={"query": expression})
        assert answer.status_code == 200, f"{expression}: {answer.text}"
        data = answer.json()["data"]
        assert data["resultType"] == "vector", expression
        return [(each["metric"], float(each["value"][1])) for each in data["result"]]

    def value(self, expression: str) -> float | None:
        found = self.query(expression)
        assert len(found) <= 1, f"{expression} has {len(found)} series"
        return found[0][1] if found else None

    def ready(self) -> bool:
        try:
            return self._client.get("/-/ready").status_code == 200
        except httpx.TransportError:
            return False


def wait_until(condition: Callable[[], object], what: str) -> None:
    """Asks again and again, a tenth of a second apart, for as long as a test is patient."""
    deadline = time.monotonic() + PATIENCE
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, what
        pause.wait(0.1)


@contextmanager
def scraping(target: str, rules: Path, folder: Path) -> Iterator[Prometheus]:
    """`target` is HOST:PORT; its series get the labels that the Prometheus operator would add."""
    config = folder / "prometheus.yaml"
    labels = {"namespace": "newsbrief", "pod": "newsbrief-0"}
    config.write_text(
        yaml.safe_dump(
            {
                "global": {"scrape_interval": "500ms", "evaluation_interval": "500ms"},
                "rule_files": [str(rules)],
                "scrape_configs": [
                    {
                        "job_name": "newsbrief",
                        "scrape_timeout": "500ms",
                        "static_configs": [{"targets": [target], "labels": labels}],
                    }
                ],
            }
        )
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    log = (folder / "prometheus.log").open("w")
    process = subprocess.Popen(
        [
            program("prometheus"),
            f"--config.file={config}",
            f"--storage.tsdb.path={folder / 'data'}",
            f"--web.listen-address={address}",
        ],
        stderr=log,
    )
    try:
        prometheus = Prometheus(f"http://{address}")
        wait_until(prometheus.ready, "Prometheus did not start; see prometheus.log")
        yield prometheus
        prometheus._client.close()
    finally:
        process.terminate()
        process.wait(PATIENCE)
        log.close()
