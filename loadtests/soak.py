"""Memory of a serving process over many requests: it must stay flat.

    python loadtests/soak.py [--requests 10000] [--connections 8]

Starts the service with the bundled pack, sends translations of varied texts, a whole brief now and
then, and bad requests, asserts every answer, and prints the worker's resident memory. Fails if
memory grew by more than 5% from the fifth part of the run to its end.
"""

from __future__ import annotations

import argparse
import itertools
import random
import re
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from loadtests.machine import in_words
from tests.servers import Server, running
from tests.service import ARTICLE

GROWTH = 0.05
PLACES = "harbour market valley bridge station museum school river stadium clinic".split()


def resident(pid: int) -> float:
    """MiB of memory that a process holds."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024


def request(number: int) -> tuple[str, dict, int]:
    """The path, body and expected status of one request: the same for the same number."""
    drawn = random.Random(number)
    if number % 50 == 0:
        return "/v1/briefs", ARTICLE | {"headline": f"Line {number} opens"}, 200
    if number % 20 == 0:
        return "/v1/translations", {"texts": [], "targets": ["ru"]}, 422
    places = ", the ".join(drawn.sample(PLACES, drawn.randint(1, 6)))
    text = f"The {places} reopened after {number} days."
    return "/v1/translations", {"texts": [text], "targets": [drawn.choice(["ko", "ru", "uk"])]}, 200


def ask(client: httpx.Client, number: int) -> None:
    """Sends one request and asserts its answer, body included."""
    path, body, expected = request(number)
    answer = client.post(path, json=body)
    assert answer.status_code == expected, (number, answer.text)
    data = answer.json()
    if expected != 200:
        assert data["field"] == "texts", data
    elif path == "/v1/briefs":
        assert list(data["translations"]) == ["ko", "ru", "uk"], data
    else:
        (translation,) = data["translations"].values()
        assert translation["texts"][0]["text"], data


def soak(server: Server, requests: int, connections: int) -> list[tuple[int, float]]:
    """Requests done and MiB held then, twenty times over the run."""
    pid = int(server.wait_for(r"worker with pid: (\d+)")[1])
    numbers, done, samples = itertools.count(1), itertools.count(1), []
    lock = threading.Lock()

    def work() -> None:
        with server.client() as client:
            while (number := next(numbers)) <= requests:
                ask(client, number)
                with lock:
                    if (finished := next(done)) % (requests // 20) == 0:
                        samples.append((finished, resident(pid)))
                        print(f"{finished:6d} requests  {samples[-1][1]:7.1f} MiB", flush=True)

    with ThreadPoolExecutor(connections) as pool:
        for future in [pool.submit(work) for _ in range(connections)]:
            future.result()
    return samples


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--connections", type=int, default=8)
    options = parser.parse_args()
    print(in_words())
    began = time.monotonic()
    with running("newsbrief.app:create_app()") as server:
        samples = soak(server, options.requests, options.connections)
    (_, early), (_, late) = samples[len(samples) // 5 - 1], samples[-1]
    print(
        f"{options.requests} requests in {time.monotonic() - began:.0f} s, every answer asserted; "
        f"memory {early:.1f} -> {late:.1f} MiB ({late / early - 1:+.1%})"
    )
    if late > early * (1 + GROWTH):
        sys.exit("memory grew")


if __name__ == "__main__":
    main()
