"""One process or several: the figures are right either way."""

import os
import re
import signal

import httpx
import pytest

from tests.servers import running
from tests.test_faults import ask, translated

pytestmark = pytest.mark.slow

ANSWERED = 'newsbrief_requests_total{route="/v1/translations",status="200"}'
READY = "ready: pack"


def pids(server) -> set[int]:
    return {int(m[1]) for line in server.log if (m := re.search(r"worker with pid: (\d+)", line))}


def test_one_worker_counts_its_requests():
    with running() as server:
        assert all(translated(ask(server)) for _ in range(5))
        assert server.metric(ANSWERED) == 5
        assert server.metric('newsbrief_pack_info{name="words",version="1.2.3"}') == 1


def test_several_workers_figures_are_added_up_and_outlive_a_worker():
    with running(wait=False, NEWSBRIEF_WORKERS="2") as server:
        server.wait_for(READY, times=2)
        assert all(translated(ask(server)) for _ in range(12))
        assert server.metric(ANSWERED) == 12
        os.kill(min(pids(server)), signal.SIGKILL)
        server.wait_for(READY, times=3)
        assert translated(ask(server))
        assert server.metric(ANSWERED) == 13
        assert server.metric('newsbrief_pack_info{name="words",version="1.2.3"}') == 1


def test_workers_that_are_recycled_under_load_lose_nothing():
    with running(GUNICORN_CMD_ARGS="--max-requests 5", NEWSBRIEF_WORKERS="2") as server:
        server.wait_for(READY, times=2)
        answers, turned_away = [], 0
        while len(answers) < 25:
            try:
                answers.append(ask(server))
            except httpx.TransportError:  # a worker that was just closing its listener
                turned_away += 1
        assert all(map(translated, answers))
        assert turned_away <= 5
        server.wait_for(READY, times=4)
        logged = "route=/v1/translations"
        server.wait_for(logged, times=len(answers))  # a line follows its answer, if only just
        assert sum(logged in line for line in server.log) <= len(answers) + turned_away
