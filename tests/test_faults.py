"""Everything that goes wrong around a real gunicorn process: nothing admitted is ever lost."""

import json
import os
import re
import select
import signal
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.servers import PATIENCE, Server, running
from tests.service import ARTICLE

pytestmark = pytest.mark.slow

ONE = {"texts": ["The tram opens at 7."], "targets": ["uk"]}
WAITING = 'newsbrief_queue_tokens{lane="interactive"}'


class Gate:
    """Two pipes: one tells that a batch is in the engine, one lets it out."""

    def __init__(self, folder: Path) -> None:
        self.environment = {"ENTERED": str(folder / "entered"), "GATE": str(folder / "gate")}
        for path in self.environment.values():
            os.mkfifo(path)
        # Open for both reading and writing, so that neither side ever waits for the other to open.
        self._entered, self._gate = (os.open(path, os.O_RDWR) for path in self.environment.values())

    def wait_entered(self) -> None:
        ready, _, _ = select.select([self._entered], [], [], PATIENCE)
        assert ready, "no batch reached the engine"
        os.read(self._entered, 1)

    def let_out(self) -> None:
        os.write(self._gate, b".")

    def close(self) -> None:
        os.close(self._entered)
        os.close(self._gate)


@pytest.fixture(scope="module")
def impatient() -> Iterator[Server]:
    """One server for the tests that leave it as they found it; it waits a second for clients."""
    with running(NEWSBRIEF_READ_SECONDS="1") as server:
        yield server


@contextmanager
def gated(tmp_path: Path, **environment: str) -> Iterator[tuple[Server, Gate]]:
    gate = Gate(tmp_path)
    with running(**gate.environment, **environment) as server:
        yield server, gate
    gate.close()


def in_background(call, *arguments, **options):
    pool = ThreadPoolExecutor(1)
    future = pool.submit(call, *arguments, **options)
    pool.shutdown(wait=False)
    return future


def ask(server: Server, **headers: str) -> httpx.Response:
    with server.client() as client:
        return client.post("/v1/translations", json=ONE, headers=headers)


def translated(response: httpx.Response) -> bool:
    return (
        response.status_code == 200
        and "7." in (response.json()["translations"]["uk"]["texts"][0]["text"])
    )


def raw(server: Server) -> socket.socket:
    host, port = server.url.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=PATIENCE)


def test_sigterm_finishes_what_was_admitted_and_takes_work_through_the_delay(tmp_path):
    with gated(tmp_path, NEWSBRIEF_DRAIN_DELAY_SECONDS="3") as (server, gate):
        admitted = in_background(ask, server)
        gate.wait_entered()
        server.process.send_signal(signal.SIGTERM)
        server.wait_for("draining")
        with server.client() as client:
            assert client.get("/livez").status_code == 200
            refused = client.get("/readyz")
            assert (refused.status_code, refused.json()["reason"][:8]) == (503, "draining")
            assert refused.headers["connection"] == "close"
        late = in_background(ask, server)
        gate.let_out()
        gate.wait_entered()
        gate.let_out()
        assert translated(admitted.result(PATIENCE))
        assert translated(late.result(PATIENCE))
        assert server.process.wait(PATIENCE) == 0


def test_sigterm_while_idle_ends_cleanly():
    with running(NEWSBRIEF_DRAIN_DELAY_SECONDS="0") as server:
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(PATIENCE) == 0


def test_sigterm_while_loading_ends_cleanly():
    with running(wait=False) as server:
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(PATIENCE) == 0


def test_a_killed_worker_is_replaced():
    with running() as server:
        (worker,) = {int(m[1]) for line in server.log if (m := re.search(r"pid: (\d+)", line))}
        os.kill(worker, signal.SIGKILL)
        server.wait_for("ready: pack", times=2)
        assert translated(ask(server))


def test_a_client_that_leaves_takes_its_work_out_of_the_queue(tmp_path):
    with gated(tmp_path) as (server, gate):
        first = in_background(ask, server)
        gate.wait_entered()
        body = json.dumps(ONE).encode()
        with raw(server) as leaving:
            leaving.sendall(
                b"POST /v1/translations HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + f"Content-Length: {len(body)}\r\n\r\n".encode()
                + body
            )
            server.metric(WAITING)
        server.wait_for("status=499")
        assert not any("ERROR" in line or "Traceback" in line for line in server.log)
        gate.let_out()
        assert translated(first.result(PATIENCE))
        assert server.metric(WAITING) == 0
        assert server.metric('newsbrief_batch_size_count{stage="translation"}') == 4  # 3 warm-ups


def test_a_client_that_leaves_a_stream_takes_its_work_out_and_is_counted_as_gone(tmp_path):
    with gated(tmp_path) as (server, gate):
        body = json.dumps(ARTICLE).encode()
        with raw(server) as leaving:
            leaving.sendall(
                b"POST /v1/briefs HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                b"Accept: text/event-stream\r\n"
                + f"Content-Length: {len(body)}\r\n\r\n".encode()
                + body
            )
            answer = b""
            while b"event: highlights" not in answer:
                answer += leaving.recv(4000)
            gate.wait_entered()
        server.wait_for("status=499")
        assert server.metric('newsbrief_requests_total{route="/v1/briefs",status="499"}') == 1
        assert server.metric(WAITING) == 0
        gate.let_out()
        assert translated_after(server, gate)
        assert not any("ERROR" in line or "Traceback" in line for line in server.log)


def test_an_engine_failure_fails_one_request_and_not_its_neighbours(impatient):
    bad = {"texts": ["A POISON text."], "targets": ["uk"]}
    server = impatient
    with ThreadPoolExecutor(8) as pool, server.client() as client:
        bodies = [ONE, bad] * 4
        answers = list(pool.map(lambda body: client.post("/v1/translations", json=body), bodies))
        assert [answer.status_code for answer in answers] == [200, 500] * 4
        assert all(translated(answer) for answer in answers[::2])
        for answer in answers[1::2]:
            assert answer.json()["type"] == "urn:newsbrief:problem:engine"
        assert server.metric('newsbrief_engine_faults_total{stage="translation"}') >= 4
        assert not any("POISON" in line for line in server.log)


def test_an_engine_that_hangs_times_out_its_callers_and_turns_readiness_off(tmp_path):
    with gated(tmp_path, NEWSBRIEF_STALL_SECONDS="0.5") as (server, gate):
        hanging = in_background(ask, server, **{"X-Request-Timeout": "1"})
        gate.wait_entered()
        answer = hanging.result(PATIENCE)
        assert answer.status_code == 504
        assert answer.json()["type"] == "urn:newsbrief:problem:deadline"
        with server.client() as client:
            refused = client.get("/readyz")
            assert refused.status_code == 503
            assert "engine stalled" in refused.json()["reason"]
            assert client.get("/livez").status_code == 200
        gate.let_out()
        assert translated_after(server, gate)


def translated_after(server: Server, gate: Gate) -> bool:
    again = in_background(ask, server)
    gate.wait_entered()
    gate.let_out()
    return translated(again.result(PATIENCE))


def test_a_full_queue_refuses_at_once_and_takes_work_again_later(tmp_path):
    with gated(tmp_path, NEWSBRIEF_QUEUE_SECONDS="0.000001") as (server, gate):
        long = {"texts": ["The tram opens at 7. " * 25], "targets": ["uk"]}
        with server.client() as client:
            first = in_background(client.post, "/v1/translations", json=long)
            gate.wait_entered()
            refused = client.post("/v1/translations", json=long)
            assert refused.status_code == 429
            assert refused.json()["type"] == "urn:newsbrief:problem:overloaded"
            assert int(refused.headers["retry-after"]) == refused.json()["retry_after"] >= 1
            gate.let_out()
            assert first.result(PATIENCE).status_code == 200
        assert server.metric('newsbrief_refusals_total{reason="overloaded"}') == 1
        assert translated_after(server, gate)


def test_a_client_that_is_slow_with_its_headers_is_let_go(impatient):
    with raw(impatient) as slow:
        slow.sendall(b"POST /v1/briefs HTTP/1.1\r\nHost:")
        assert slow.recv(1000) == b""
        assert translated(ask(impatient))


def test_a_client_that_is_slow_with_its_body_gets_a_timeout(impatient):
    with raw(impatient) as slow:
        slow.sendall(
            b"POST /v1/briefs HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b"Content-Length: 1000\r\n\r\n{"
        )
        answer = slow.recv(4000)
        assert answer.startswith(b"HTTP/1.1 408")
        assert b"application/problem+json" in answer
        assert translated(ask(impatient))


def test_a_client_that_does_not_read_its_answer_holds_nobody_up(impatient):
    with raw(impatient) as deaf:
        body = json.dumps(ARTICLE | {"translate": ["headline", "highlights", "body"]}).encode()
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        deaf.sendall(
            b"POST /v1/briefs HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            + f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        assert all(translated(ask(impatient)) for _ in range(5))


@pytest.mark.parametrize(
    "garbage",
    [b"\x16\x03\x01\x02\x00\x01\x00", b"GET\r\n\r\n", b"GET / HTTP/1.1\r\nX: " + b"a" * 100_000],
    ids=["tls", "no-target", "long-header"],
)
def test_what_is_not_http_gets_a_problem_and_the_door(impatient, garbage):
    with raw(impatient) as strange:
        strange.sendall(garbage + b"\r\n\r\n")
        answer = b""
        while part := strange.recv(4000):
            answer += part
        assert answer.startswith(b"HTTP/1.1 400")
        assert b"urn:newsbrief:problem:bad-request" in answer
        assert translated(ask(impatient))


def test_nothing_is_lost_or_mixed_up_when_a_busy_server_is_told_to_stop():
    with running(NEWSBRIEF_DRAIN_DELAY_SECONDS="1") as server:
        answered, turned_away = [], []

        def keep_asking(number: int) -> None:
            body = {"texts": [f"The tram number {number} opens at 7."], "targets": ["uk"]}
            while True:
                try:
                    answer = httpx.post(
                        f"{server.url}/v1/translations", json=body, timeout=PATIENCE
                    )
                except httpx.TransportError:  # the listener is closed
                    turned_away.append(number)
                    return
                answered.append((number, answer))

        with ThreadPoolExecutor(8) as pool:
            asking = [pool.submit(keep_asking, number) for number in range(8)]
            server.wait_for("status=200", times=20)
            server.process.send_signal(signal.SIGTERM)
            assert server.process.wait(PATIENCE) == 0
            for future in asking:
                future.result(PATIENCE)
        assert len(turned_away) == 8
        for number, answer in answered:
            assert answer.status_code == 200
            assert str(number) in answer.json()["translations"]["uk"]["texts"][0]["text"]
        # Whatever the server began to answer has reached its client.
        assert len(answered) == sum("route=/v1/translations" in line for line in server.log)


def test_a_misconfigured_service_says_what_is_wrong_and_does_not_start():
    with running(wait=False, NEWSBRIEF_KEYS_FILE="nowhere.toml") as server:
        assert server.process.wait(PATIENCE) != 0
        server.wait_for("nowhere.toml")
