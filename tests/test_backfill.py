"""A backfill from records to committed rows: nothing lost or done twice, however it is stopped."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsbrief.backfill import Answer, do_shard, row_data, run
from newsbrief.dividing import make_plan
from newsbrief.errors import ConfigurationError, EngineError, InputError
from newsbrief.inputs import find_files
from newsbrief.planned import Plan
from newsbrief.rows import Failure, Fields, Row
from newsbrief.shards import Output, open_output
from tests.backfilling import article, contents, write_archive

FIELDS = Fields()
ROOT = Path(__file__).parents[1]


class Echo:
    """A worker whose briefs hold the body only; what it was given stands in `shards`."""

    pack = "echo@1"
    side_by_side = 2

    def __init__(self, *, bad: str = "BAD", broken: bool = False) -> None:
        self.shards: list[list[str]] = []
        self.closed = False
        self._bad, self._broken = bad, broken

    def brief(self, rows: Sequence[Row]) -> tuple[list[Answer], dict[str, int]]:
        self.shards.append([row.id for row in rows])
        return [self._answer(row) for row in rows], {"tokens_in": 10 * len(rows)}

    def close(self) -> None:
        self.closed = True

    def _answer(self, row: Row) -> Answer:
        if self._broken or self._bad in row.article.body:
            return Failure(row.id, row.place, "engine", "the engine failed", row.raw)
        finding = {"code": "few-highlights", "severity": "warning", "message": "..."}
        return {
            "body": row.article.body,
            "findings": [finding],
            "highlights": [],
            "translations": {},
        }


class Planned:
    """An archive in a folder of its own, its plan, and an output that knows the plan."""

    def __init__(self, folder: Path, articles: list[dict[str, Any]], shard_rows: int) -> None:
        self.file = folder / "in.jsonl"
        self.file.write_text("".join(json.dumps(each) + "\n" for each in articles), "utf-8")
        self.plan: Plan = make_plan(find_files(str(self.file)), FIELDS, shard_rows=shard_rows)
        self.target = folder / "out"
        self.output: Output = open_output(str(self.target))
        self.output.save_plan(self.plan)

    def run(self, worker: Any, **options: Any) -> None:
        stop = options.pop("stop", threading.Event())
        run(self.plan, self.output, worker, FIELDS, stop=stop, **options)

    def rows(self) -> list[dict[str, Any]]:
        files = sorted((self.target / "rows").glob("*"))
        return [json.loads(line) for file in files for line in file.read_text().splitlines()]

    def failed(self) -> list[tuple[str, str]]:
        files = sorted((self.target / "failed").glob("*"))
        letters = [json.loads(line) for file in files for line in file.read_text().splitlines()]
        return [(letter["place"], letter["reason"]) for letter in letters]


@pytest.fixture
def ten(tmp_path) -> Planned:
    return Planned(tmp_path, [article(number) for number in range(10)], shard_rows=3)


def test_every_record_becomes_a_row_in_the_order_of_the_input(ten):
    ten.run(Echo())
    assert [row["id"] for row in ten.rows()] == [f"story-{number}" for number in range(10)]
    assert {row["pack"] for row in ten.rows()} == {"echo@1"}
    assert [row["brief"]["body"] for row in ten.rows()] == [article(n)["body"] for n in range(10)]


def test_bad_rows_become_dead_letters_and_their_neighbours_rows(tmp_path):
    archive = [article(0), {"id": "x"}, article(2), article(0), article(4) | {"body": "It is BAD."}]
    planned = Planned(tmp_path, archive, shard_rows=2)
    planned.run(Echo())
    assert [row["id"] for row in planned.rows()] == ["story-0", "story-2"]
    assert planned.failed() == [
        ("in.jsonl#2", "body"),
        ("in.jsonl#4", "duplicate"),
        ("in.jsonl#5", "engine"),
    ]


def test_each_commit_is_told_and_says_what_was_counted(ten):
    told = []
    ten.run(Echo(), committed=told.append)
    assert sorted(commit.shard for commit in told) == [0, 1, 2, 3]
    assert {commit.shard: commit.tally for commit in told}[3] == {
        "done": 1,
        "failed": {},
        "findings": {"few-highlights": {"": 1}},
        "tokens_in": 10,
    }


def test_a_second_run_does_only_what_is_not_committed(ten):
    for shard in ten.plan.shards[1:3]:
        do_shard(ten.plan, shard, ten.output, Echo(), FIELDS)
    worker = Echo()
    ten.run(worker)
    assert sorted(worker.shards) == [["story-0", "story-1", "story-2"], ["story-9"]]


def test_parts_do_each_shard_once(ten):
    workers = [Echo(), Echo(), Echo()]
    for part, worker in enumerate(workers):
        ten.run(worker, part=part, parts=3)
    assert [len(worker.shards) for worker in workers] == [2, 1, 1]
    assert len(ten.rows()) == 10


def test_a_stopped_run_closes_the_worker_and_the_next_one_ends_it(ten):
    stop = threading.Event()

    class Slow(Echo):
        side_by_side = 1

    worker = Slow()
    ten.run(worker, stop=stop, committed=lambda _: stop.set())
    assert worker.closed
    assert len(ten.rows()) < 10
    ten.run(Echo())
    assert [row["id"] for row in ten.rows()] == [f"story-{number}" for number in range(10)]


def test_a_broken_engine_ends_the_run_with_nothing_committed(ten):
    worker = Echo(broken=True)
    with pytest.raises(EngineError, match="the engine is broken: it failed on all"):
        ten.run(worker)
    assert worker.closed
    assert not contents(ten.target)


def test_a_shard_of_bad_rows_alone_does_not_count_as_a_broken_engine(tmp_path):
    archive = [article(number) | {"body": "All of it is BAD."} for number in range(4)]
    planned = Planned(tmp_path, archive, shard_rows=2)
    planned.run(Echo())
    assert [reason for _, reason in planned.failed()] == ["engine"] * 4


def test_an_error_of_the_worker_ends_the_run(ten):
    class Refusing(Echo):
        def brief(self, rows: Sequence[Row]) -> tuple[list[Answer], dict[str, int]]:
            raise ConfigurationError("another pack")

    worker = Refusing()
    with pytest.raises(ConfigurationError, match="another pack"):
        ten.run(worker)
    assert worker.closed
    assert not contents(ten.target)


def test_an_input_that_lost_records_ends_the_run(ten):
    ten.file.write_text(json.dumps(article(0)) + "\n", "utf-8")
    with pytest.raises(InputError, match=r"in\.jsonl"):
        ten.run(Echo())


class Death(BaseException):
    """Not an error that anything handles."""


def test_a_death_at_any_step_of_a_commit_changes_nothing_in_the_end(tmp_path, monkeypatch):
    archive = [article(number) for number in range(4)] + [{"id": "without a body"}]
    (tmp_path / "once").mkdir()
    once = Planned(tmp_path / "once", archive, shard_rows=2)
    once.run(Echo())
    really, steps = os.fsync, 0
    died = True
    while died:
        steps, died = steps + 1, False
        (tmp_path / str(steps)).mkdir()
        planned, calls = Planned(tmp_path / str(steps), archive, shard_rows=2), iter(range(steps))

        def sync(file: int, calls=calls) -> None:
            if next(calls, None) is None:
                raise Death
            really(file)

        monkeypatch.setattr(os, "fsync", sync)
        try:
            planned.run(Echo())
        except Death:
            died = True
        monkeypatch.setattr(os, "fsync", really)
        planned.run(Echo())
        assert contents(planned.target) == contents(once.target)
    assert steps > 3 * 2 * 2  # three commits of at least two files, each with its folder


def test_a_row_lists_the_findings_of_every_part_with_their_language():
    few = {"code": "few-highlights", "severity": "warning", "message": "m", "part": "highlights"}
    long = {"code": "too-long", "severity": "warning", "message": "m", "index": 1}
    number = {"code": "number-missing", "severity": "error", "message": "m", "part": "headline"}
    brief = {
        "findings": [few],
        "highlights": [{"text": "a", "findings": []}, {"text": "b", "findings": [long]}],
        "translations": {"ru": {"findings": [number]}, "uk": {"findings": []}},
    }
    row = Row("7", "x#1", None, {})
    found = row_data(row, brief, "p@1")["findings"]
    assert [(each["code"], each["target"]) for each in found] == [
        ("few-highlights", None),
        ("too-long", None),
        ("number-missing", "ru"),
    ]
    assert found[1] == {
        "code": "too-long",
        "severity": "warning",
        "target": None,
        "part": None,
        "index": 1,
    }


def backfill(source: Path, target: Path, *arguments: str, **environment: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.backfilling", source, target, *arguments],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT / "service")} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def ended(process: subprocess.Popen) -> int:
    told, _ = process.communicate(timeout=120)
    assert process.returncode in (0, -9), told.decode()
    return process.returncode


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory) -> tuple[Path, dict[str, str]]:
    """An archive, and what a run that nobody disturbs makes of it."""
    folder = tmp_path_factory.mktemp("uninterrupted")
    source = write_archive(folder / "in.jsonl", 40)
    assert ended(backfill(source, folder / "out")) == 0
    return source, contents(folder / "out")


AT_A_SYNC = st.integers(1, 30)  # in a commit: six to ten are one shard's
AT_A_TIME = st.floats(0.2, 3.0)  # seconds from the start of the process, most of a second loading


@pytest.mark.slow
@settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kills=st.lists(st.one_of(AT_A_SYNC, AT_A_TIME), min_size=3, max_size=5))
def test_killed_again_and_again_it_ends_with_the_same_bytes(kills, uninterrupted, tmp_path_factory):
    source, expected = uninterrupted
    target = tmp_path_factory.mktemp("killed") / "out"
    for kill in kills:
        if isinstance(kill, int):
            ended(backfill(source, target, KILL_AT=str(kill)))
        else:
            process = backfill(source, target)
            try:
                process.wait(kill)
            except subprocess.TimeoutExpired:
                process.kill()
            ended(process)
    assert ended(backfill(source, target)) == 0
    assert contents(target) == expected
