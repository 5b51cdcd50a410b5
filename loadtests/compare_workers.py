"""Compare gunicorn's own `asgi` worker against `uvicorn-worker`: throughput, drain, limits.

    python loadtests/compare_workers.py [--rounds 5] [--seconds 5]

The service runs with an engine that only replaces words (tests/faulty.py), so that the server is
what is measured. Rounds are interleaved; the ratio of each pair is what counts. Needs `wrk`.
"""

from __future__ import annotations

import argparse
import json
import re
import signal
import socket
import statistics
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor

import httpx

from tests.servers import PATIENCE, Server, running

WORKERS = {"uvicorn": "newsbrief.worker.Worker", "asgi": "asgi"}
BODY = {"texts": ["The tram opens at 7."], "targets": ["uk"]}
SCRIPT = """
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = [==[{body}]==]
"""


def start(worker: str):
    return running(GUNICORN_CMD_ARGS=f"--worker-class {WORKERS[worker]}")


def throughput(server: Server, path: str, seconds: int) -> float:
    """Requests a second from 16 connections; fails if any answer was not a 2xx."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(SCRIPT.format(body=json.dumps(BODY)) if path.startswith("/v1") else "")
        script.flush()
        command = ["wrk", "-t1", "-c16", f"-d{seconds}s", "-s", script.name, server.url + path]
        report = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert "Non-2xx" not in report, report
    assert "Socket errors" not in report, report
    return float(re.search(r"Requests/sec:\s+(\S+)", report)[1])


def lost_in_drain(worker: str) -> tuple[int, int]:
    """Answers, and requests that got none after their connection was accepted."""
    answered, lost = [], []
    with start(worker) as server:

        def ask(number: int) -> None:
            while True:
                try:
                    httpx.post(f"{server.url}/v1/translations", json=BODY, timeout=PATIENCE)
                    answered.append(number)
                except httpx.ConnectError:
                    return
                except httpx.TransportError:
                    lost.append(number)

        with ThreadPoolExecutor(8) as pool:
            tasks = [pool.submit(ask, number) for number in range(8)]
            server.wait_for("status=200", times=50)
            server.process.send_signal(signal.SIGTERM)
            server.process.wait(PATIENCE)
            for task in tasks:
                task.result(PATIENCE)
    return len(answered), len(lost)


def slow_headers(worker: str) -> str:
    """What happens to a connection that sends half a header and then nothing."""
    with start(worker) as server:
        host, port = server.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=15) as client:
            client.sendall(b"GET / HTTP/1.1\r\nHost:")
            try:
                return "closed" if client.recv(1) == b"" else "answered"
            except TimeoutError:
                return "still open after 15 s"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=5)
    options = parser.parse_args()
    for path in ("/livez", "/v1/translations"):
        figures: dict[str, list[float]] = {worker: [] for worker in WORKERS}
        with start("uvicorn") as one, start("asgi") as two:
            for _ in range(options.rounds):
                figures["uvicorn"].append(throughput(one, path, options.seconds))
                figures["asgi"].append(throughput(two, path, options.seconds))
        ratios = [a / b for a, b in zip(figures["asgi"], figures["uvicorn"], strict=True)]
        print(
            f"{path}: requests a second, asgi over uvicorn: median {statistics.median(ratios):.2f}"
            f" (from {min(ratios):.2f} to {max(ratios):.2f})"
        )
    for worker in WORKERS:
        answered, lost = lost_in_drain(worker)
        print(f"{worker}: SIGTERM under load: {answered} answered, {lost} lost")
        print(f"{worker}: half a header: {slow_headers(worker)}")


if __name__ == "__main__":
    main()
