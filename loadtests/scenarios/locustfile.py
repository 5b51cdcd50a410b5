"""Plays one plan against a service, in Locust; the environment names the plan and the results.

Each arrival gets a greenlet of its own at its planned time, and its latency counts from then: a
slow answer delays no later request, and a late one is not forgiven (no coordinated omission).
"""

from __future__ import annotations

import itertools
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gevent
from gevent.pool import Group
from geventhttpclient import HTTPClient
from locust import User, events, task
from locust.exception import StopUser

from loadtests.articles import typical
from loadtests.scenarios.answers import ERROR, REFUSED, RIGHT, judge
from loadtests.scenarios.plans import Stream, load_plan

PLAN = load_plan(Path(os.environ["LOAD_PLAN"]))
RESULTS = Path(os.environ["LOAD_RESULTS"])
PACK = json.loads(os.environ["LOAD_PACK"])
ARTICLES = 128  # different ones in a stream
PATIENCE = 90.0  # seconds for one answer
HEAD_START = 0.5  # seconds until the first arrival, for all streams to get ready


class Play:
    """What all streams of the run share: the clock, the connections, the answers."""

    def __init__(self) -> None:
        self.began = 0.0
        self.answers: list[dict[str, Any]] = []
        self.streams: Iterator[Stream] = iter(PLAN.streams)
        self.left = len(PLAN.streams)
        self.cpu = 0.0


PLAY = Play()


@events.test_start.add_listener
def _start(**_: object) -> None:
    PLAY.began = time.perf_counter() + HEAD_START
    PLAY.cpu = time.process_time()


class Newsroom(User):
    """One user a stream; when all have played theirs, the run is over."""

    fixed_count = len(PLAN.streams)

    def on_start(self) -> None:
        """Writes the requests beforehand."""
        self.stream = next(PLAY.streams)
        self.client = HTTPClient.from_url(
            self.host,
            concurrency=4096,  # never a queue on this side
            connection_timeout=PATIENCE,
            network_timeout=PATIENCE,
        )
        first = PLAN.seed * 10_000 + 1000 * PLAN.streams.index(self.stream)
        written = [typical(first + number) for number in range(ARTICLES)]
        self.articles = [{"headline": each.headline, "body": each.body} for each in written]

    @task
    def play(self) -> None:
        """All of the stream."""
        group = Group()
        if self.stream.at_once:
            numbers = itertools.count()
            for _ in range(self.stream.at_once):
                group.spawn(self._keep_asking, numbers)
        else:
            for number, planned in enumerate(self.stream.arrivals):
                _until(planned)
                group.spawn(self._session, number, planned)
        group.join()
        PLAY.left -= 1
        if not PLAY.left:
            _save()
            gevent.spawn(self.environment.runner.quit)
        raise StopUser

    def _keep_asking(self, numbers: Iterator[int]) -> None:
        _until(0.0)
        while (now := _now()) < PLAN.seconds:
            number = next(numbers)
            if 0 < self.stream.count <= number:
                return
            self._article(number, now)

    def _session(self, number: int, planned: float) -> None:
        answer = self._article(number, planned)
        for edit in range(self.stream.edits if answer else 0):
            planned = _now() + self.stream.think
            _until(planned)
            bullets = [each["text"] for each in answer["highlights"]]
            changed = bullets[edit % len(bullets)].replace(" the ", " this ", 1)
            body = {"texts": [changed], "targets": PACK["targets"]}
            self._ask("edit", "/v1/translations", body, planned)

    def _article(self, number: int, planned: float) -> dict[str, Any] | None:
        body = self.articles[number % len(self.articles)]
        return self._ask("article", "/v1/briefs", body, planned)

    def _ask(
        self, kind: str, path: str, body: dict[str, Any], planned: float
    ) -> dict[str, Any] | None:
        """The right answer, or None. Every try is recorded, with its own planned time."""
        data = json.dumps(body).encode()
        headers = {"Content-Type": "application/json", "X-Lane": self.stream.lane}
        while True:
            sent = _now()
            try:
                response = self.client.post(path, body=data, headers=headers)
                content = response.read()
            except (OSError, ValueError) as error:
                outcome, found = ERROR, f"no answer: {type(error).__name__}: {error}"
                done, size = _now(), 0
            else:
                done, size = _now(), len(content)
                outcome, found = judge(
                    body,
                    response.status_code,
                    {name.lower(): value for name, value in response.headers},
                    content,
                    pack=PACK["pack"],
                    targets=PACK["targets"],
                )
            self._record(kind, planned, sent, done, outcome, found, size)
            if outcome == RIGHT:
                return found
            if outcome == ERROR or not self.stream.patient or done >= PLAN.seconds:
                return None
            planned = done + found
            _until(planned)

    def _record(
        self,
        kind: str,
        planned: float,
        sent: float,
        done: float,
        outcome: str,
        found: Any,
        size: int,
    ) -> None:
        PLAY.answers.append(
            {
                "stream": self.stream.name,
                "kind": kind,
                "planned": round(planned, 5),
                "sent": round(sent, 5),
                "done": round(done, 5),
                "outcome": outcome,
                "detail": None if outcome == RIGHT else found,
            }
        )
        self.environment.events.request.fire(
            request_type=self.stream.name,
            name=f"{kind} {outcome}" if outcome == REFUSED else kind,
            response_time=1000 * (done - planned),
            response_length=size,
            exception=AssertionError(found) if outcome == ERROR else None,
            context={},
        )


def _now() -> float:
    return time.perf_counter() - PLAY.began


def _until(planned: float) -> None:
    gevent.sleep(max(0.0, planned - _now()))


def _save() -> None:
    cpu = time.process_time() - PLAY.cpu
    played = {"seconds": _now(), "generator_cpu_seconds": cpu, "answers": PLAY.answers}
    RESULTS.write_text(json.dumps(played), encoding="utf-8")
