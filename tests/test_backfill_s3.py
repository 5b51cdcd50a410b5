"""A backfill from and to an S3 bucket: exactly once, whatever fails and whoever shares it."""

from __future__ import annotations

import gzip
import io
import itertools
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest
from s3fs import S3FileSystem

from newsbrief import local_worker
from newsbrief.cli import main
from newsbrief.errors import ConfigurationError, UnreachableError
from newsbrief.inputs import find_files
from newsbrief.records import read_records
from newsbrief.rows import Answer, Failure, Row
from newsbrief.shards import open_output
from tests.backfilling import article
from tests.object_store import ObjectStore, serving

ROOT = Path(__file__).parents[1]
SOURCE, TARGET = "s3://archive/in/*.jsonl", "s3://archive/out"
MORE = {"id": "late", "body": "The harbour of Lindmouth opened a third quay on Friday."}
NO_ID = {"body": "Nobody gave this text an id."}


class Echo:
    """A worker whose briefs hold the body only."""

    pack = "echo@1"
    side_by_side = 1  # each thread makes a client of its own, which takes half a second

    def brief(self, rows: Sequence[Row]) -> tuple[list[Answer], dict[str, int]]:
        plain = {"findings": [], "highlights": [], "translations": {}}
        return [{"body": row.article.body, **plain} for row in rows], {}

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture(scope="module")
def server() -> Iterator[ObjectStore]:
    with serving() as store:
        yield store


@pytest.fixture
def store(server) -> ObjectStore:
    """An archive of two files in a bucket; nothing is remembered of what the bucket held before."""
    S3FileSystem.clear_instance_cache()
    server.watch()
    server.make_bucket()
    rows = [json.dumps(article(number)) for number in range(7)]
    server.put("in/a.jsonl", "\n".join([*rows[:4], "{", rows[1]]))
    server.put("in/b.jsonl", "\n".join([*rows[4:], json.dumps(NO_ID)]))
    server.watch()
    return server


@pytest.fixture
def hasty(monkeypatch) -> None:
    """The driver gives up at the first refusal."""
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.setattr(S3FileSystem, "retries", 1)


@pytest.fixture
def backfill(monkeypatch, capsys) -> Callable[..., tuple[int, str]]:
    """Calls `newsbrief backfill` with a worker that echoes; exit code and what was said."""
    monkeypatch.setattr(local_worker, "open_local", lambda *_: Echo())

    def call(*options: object, source: str = SOURCE, target: str = TARGET) -> tuple[int, str]:
        given = [source, target, "--shard-rows", 3, *options]
        monkeypatch.setattr(sys, "argv", ["newsbrief", "backfill", *map(str, given)])
        with pytest.raises(SystemExit) as caught:
            main()
        captured = capsys.readouterr()
        return caught.value.code or 0, captured.err + captured.out

    return call


def written(store: ObjectStore) -> dict[str, bytes]:
    return store.contents("out/")


def ids(store: ObjectStore) -> list[str]:
    lines = b"".join(store.contents("out/rows/").values()).splitlines()
    return [json.loads(line)["id"] for line in lines]


def stories(*numbers: int) -> list[str]:
    return [f"story-{number}" for number in numbers]


# What is written


def test_a_bucket_holds_what_a_folder_holds(store, backfill, tmp_path):
    for name, data in store.contents("in/").items():
        (tmp_path / name).write_bytes(data)
    code, said = backfill()
    assert code == 5
    assert "7 of 10 records done" in said
    assert "failed: 3 (duplicate 1, id 1, invalid-json 1)" in said
    assert backfill(source=f"{tmp_path}/*.jsonl", target=f"{tmp_path}/out")[0] == 5
    found = written(store)
    for folder in ("rows", "failed", "commits"):
        files = {
            f"{folder}/{file.name}": file.read_bytes()
            for file in (tmp_path / "out" / folder).iterdir()
        }
        assert {name: data for name, data in found.items() if name.startswith(folder)} == files
    assert sorted(name for name in found if "/" not in name) == ["run.json"]
    assert not any("tmp" in name for name in found)


@pytest.mark.slow
def test_a_second_call_writes_nothing(store, backfill):
    backfill()
    store.watch()
    assert backfill()[0] == 5
    assert {request.method for request in store.requests} <= {"GET", "HEAD"}


@pytest.mark.slow
def test_rows_can_be_tables_and_the_archive_too(store, backfill):
    table = pyarrow.Table.from_pylist([article(number) for number in range(5)])
    file = io.BytesIO()
    pyarrow.parquet.write_table(table, file, row_group_size=2)
    store.put("tables/a.parquet", file.getvalue())
    code, _ = backfill("--format", "parquet", source="s3://archive/tables/a.parquet")
    assert code == 0
    assert backfill("--verify") == (0, "2 shards are whole, 0 are not\n")
    rows = pyarrow.parquet.read_table(io.BytesIO(written(store)["rows/00-000001.parquet"]))
    assert rows.column("id").to_pylist() == stories(3, 4)


def test_documents_and_the_markers_of_folders(store, backfill):
    store.put("texts/", "")
    store.put("texts/may/", "")
    store.put("texts/may/quay.txt", MORE["body"])
    store.put("texts/tram.txt", NO_ID["body"])
    assert backfill(source="s3://archive/texts")[0] == 0
    assert ids(store) == ["may/quay.txt", "tram.txt"]


# Later calls


@pytest.mark.slow
def test_what_was_added_to_the_archive_is_done_by_only_missing(store, backfill):
    backfill()
    store.put("in/c.jsonl", json.dumps(MORE))
    code, said = backfill()
    assert (code, "--only-missing" in said) == (2, True)
    code, said = backfill("--only-missing")
    assert "1 of 3 records done" in said
    assert sorted(ids(store)) == ["late", *stories(*range(7))]


def test_an_object_that_was_replaced_is_told(store, backfill):
    backfill()
    store.put("in/b.jsonl", json.dumps(article(4) | {"headline": "Another"}))
    code, said = backfill()
    assert code == 2
    assert "s3://archive/in/b.jsonl is not what it was when the run was planned" in said


@pytest.mark.slow
def test_dead_letters_are_tried_again_from_the_bucket(store, backfill, monkeypatch):
    def fails(self, rows: Sequence[Row]) -> tuple[list[Answer], dict[str, int]]:
        answers, spent = Echo.brief(self, rows)
        bad = "story-2"
        return [
            Failure(row.id, row.place, "engine", "it failed", row.raw) if row.id == bad else answer
            for row, answer in zip(rows, answers, strict=True)
        ], spent

    worker = type("Fails", (Echo,), {"brief": fails})
    with monkeypatch.context() as patch:
        patch.setattr(local_worker, "open_local", lambda *_: worker())
        assert "engine 1" in backfill()[1]
    assert "story-2" not in ids(store)
    code, said = backfill("--retry-failed")
    assert (code, "1 of 2 records done" in said) == (5, True)  # the other has no id
    assert sorted(ids(store)) == stories(*range(7))


@pytest.mark.slow
def test_verify_names_what_is_damaged_in_the_bucket(store, backfill):
    backfill()
    before = written(store)
    store.put("out/rows/00-000000.jsonl", b"{}\n")
    store.client.delete_object(Bucket="archive", Key="out/failed/00-000001.jsonl")
    code, said = backfill("--verify")
    assert code == 6
    assert "damaged or gone: shard 0 of generation 0" in said
    assert "damaged or gone: shard 1 of generation 0" in said
    backfill()
    assert written(store) == before
    assert backfill("--verify")[0] == 0


# Cut off


def cut_off(store: ObjectStore, backfill: Any, number: int, methods: str) -> bool:
    """A run that reaches no server from its so-manieth request on; whether it came so far."""
    left = number

    def before(method: str, _: str) -> str | None:
        nonlocal left
        left -= method in methods
        return "SlowDown" if left < 0 else None

    store.watch(before)
    code, said = backfill()
    store.watch()
    if code == 5:
        return False
    assert code == 4
    assert "the storage of " in said
    return True


WRITES = "PUT DELETE"


@pytest.mark.parametrize(
    ("methods", "step"),
    [(WRITES, 8), pytest.param(f"{WRITES} GET HEAD", 5, marks=pytest.mark.slow)],
    ids=["writes", "requests"],
)
def test_cut_off_at_a_request_and_resumed_it_is_as_if_never_cut_off(
    store, backfill, hasty, methods, step
):
    backfill()
    expected = written(store)
    for number in itertools.count(0, step):
        store.empty("out/")
        if not cut_off(store, backfill, number, methods):
            break
        assert backfill()[0] == 5
        assert written(store) == expected
    assert number > 12


@pytest.mark.slow
def test_a_store_that_refuses_for_a_while_is_waited_for(store, backfill):
    refused: list[str] = []

    def before(method: str, key: str) -> str | None:
        if method == "PUT" and refused.count(key) < 2:
            refused.append(key)
            return "SlowDown"
        return None

    store.watch(before)
    assert backfill("--limit", 2, "--accept-failures")[0] == 0
    assert len(refused) == 2 * 4
    assert ids(store) == stories(0, 1)


@pytest.mark.slow
def test_a_store_that_only_refuses_ends_the_run_which_goes_on_later(store, backfill, hasty):
    store.watch(lambda _, key: "SlowDown" if key.endswith("rows/00-000001.jsonl") else None)
    code, said = backfill()
    assert code == 4
    assert "stopped before the end; the same call goes on from here" in said
    assert "newsbrief: the storage of s3://archive/out failed: [Errno 16] No." in said
    assert not store.contents("out/commits/00-000001")
    store.watch()
    assert backfill()[0] == 5
    assert ids(store) == stories(*range(7))


# What can't go well


def test_a_bucket_that_is_not_there_is_told(store, backfill):
    code, said = backfill(target="s3://nowhere/out")
    assert (code, said) == (
        2,
        "newsbrief: s3://nowhere/out can't be used: The specified bucket does not exist\n",
    )
    code, said = backfill(source="s3://nowhere/in")
    assert (code, "nothing to read at s3://nowhere/in" in said) == (2, True)


@pytest.mark.parametrize("refusal", ["InvalidAccessKeyId", "AccessDenied"])
def test_a_key_that_opens_nothing_is_told(store, backfill, refusal, tmp_path):
    store.watch(lambda _, key: refusal if key.startswith("archive/out") else None)
    code, said = backfill()
    assert code == 2
    assert said.startswith("newsbrief: s3://archive/out can't be used: ")
    assert len(said.splitlines()) == 1
    store.watch(lambda *_: refusal)
    for source in ("s3://archive/in", "s3://archive/in/*.jsonl", "s3://archive/in/a.jsonl"):
        code, said = backfill(source=source, target=str(tmp_path / "out"))
        assert (code, said.startswith(f"newsbrief: {source} can't be used: ")) == (2, True)


def test_without_keys_it_is_said(store, backfill, monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    code, said = backfill()
    assert (code, said) == (
        2,
        "newsbrief: s3://archive/out can't be used: Unable to locate credentials\n",
    )


def test_where_nothing_listens_it_is_said(store, backfill, hasty, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    code, said = backfill()
    assert code == 4
    assert "the storage of s3://archive/out failed: Could not connect to the endpoint" in said


@pytest.mark.slow
@pytest.mark.parametrize("refusal", ["AccessDenied", "SlowDown"])
def test_a_key_that_expires_amid_a_compressed_file_does_not_make_it_damaged(store, hasty, refusal):
    noise = (json.dumps(article(n) | {"noise": os.urandom(600).hex()}) for n in range(8000))
    store.put("in/z.jsonl.gz", gzip.compress("\n".join(noise).encode(), 1))
    file = find_files("s3://archive/in/z.jsonl.gz")[0]
    records = read_records(file)
    assert next(records).raw["id"] == "story-0"
    store.watch(lambda *_: refusal)
    with pytest.raises((ConfigurationError, UnreachableError), match=r"z\.jsonl\.gz"):
        list(records)


@pytest.mark.slow
def test_an_object_that_is_replaced_while_it_is_read_is_told(store):
    lines = "\n".join(json.dumps(article(n)) for n in range(40_000))
    store.put("in/z.jsonl", lines)
    records = read_records(find_files("s3://archive/in/z.jsonl")[0])
    next(records)
    store.put("in/z.jsonl", lines + "\n{}")
    with pytest.raises(UnreachableError, match="no longer exists"):
        list(records)


# How much is asked


def test_a_shard_of_a_large_file_does_not_fetch_the_file(store):
    store.put("in/z.jsonl", b"\n".join([json.dumps(article(0)).encode()] * 100_000))
    file = find_files("s3://archive/in/z.jsonl")[0]
    assert file.size > 20_000_000
    store.watch()
    assert next(read_records(file, seek=0)).number == 1
    assert sum(request.sent for request in store.requests) < 6_000_000


@pytest.mark.slow
def test_a_table_is_fetched_about_once(store):
    columns = {name: [os.urandom(40).hex() for _ in range(40_000)] for name in ("id", "a", "b")}
    data = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table(columns), data, compression="none")
    store.put("in/z.parquet", data.getvalue())
    file = find_files("s3://archive/in/z.parquet")[0]
    store.watch()
    assert sum(1 for _ in read_records(file)) == 40_000
    assert sum(request.sent for request in store.requests) < 1.2 * file.size


# Several at once


@pytest.mark.slow
def test_two_that_begin_at_once_agree(store, backfill):
    backfill()
    expected = written(store)
    store.empty("out/")
    code = (
        "import sys, threading; from newsbrief.cli import main; from newsbrief import local_worker;"
        "from tests.test_backfill_s3 import Echo; local_worker.open_local = lambda *_: Echo();"
        "sys.exit(main())"
    )
    call = [sys.executable, "-c", code, "backfill", SOURCE, TARGET, "--shard-rows", "3"]
    both = [started(call) for _ in range(2)]
    assert [ended(process) for process in both] == [5, 5]
    assert written(store) == expected


@pytest.mark.slow
def test_what_another_process_did_is_seen_though_the_driver_remembers_a_listing(store, backfill):
    backfill()
    found = written(store)
    store.empty("out/")
    store.put("out/other", "so that the folder can be listed")
    output = open_output(TARGET)
    assert output.plans() == []
    assert output.identity() is None
    for name, data in found.items():
        store.put(f"out/{name}", data)
    assert output.identity() is not None
    (plan,) = output.plans()
    assert output.left(plan) == []
    store.put("out/rows/00-000000.jsonl", b"")
    assert output.verify(0) == [0]
    assert [shard.number for shard in output.left(plan)] == [0]


@pytest.mark.slow
def test_a_store_without_conditional_puts_still_refuses_another_run(store, backfill):
    store.watch(conditional=False)
    assert backfill()[0] == 5
    code, said = backfill("--strict")
    assert (code, "options.strict was false and is now true" in said) == (2, True)
    assert backfill()[0] == 5


# Processes that are killed, with the bundled pack

CALL = [sys.executable, "-m", "newsbrief", "backfill", SOURCE, TARGET]
OPTIONS = ["-n", "1", "-t", "uk", "--shard-rows", "3"]
# What the next run finds before one of these writes is what it finds after the write above it.
WRITTEN = ["plan/00.json", "rows/00-000001.jsonl", "failed/00-000001.jsonl"]
LAST = "commits/00-000001.json"


def started(call: list[str], **environment: str) -> subprocess.Popen:
    path = f"{ROOT / 'service'}{os.pathsep}{ROOT}"
    return subprocess.Popen(
        call,
        env=os.environ | {"PYTHONPATH": path} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def ended(process: subprocess.Popen) -> int:
    said, _ = process.communicate(timeout=120)
    assert process.returncode in (0, 5, -9), said
    return process.returncode


def killed(store: ObjectStore, moment: Callable[[str, str], bool], *, before: bool = True) -> None:
    """A run that is killed before or after the first request that is of the moment."""
    reached = threading.Event()
    gone = threading.Event()

    def strike(method: str, key: str) -> str | None:
        if not reached.is_set() and moment(method, key):
            reached.set()
            gone.wait(60)
            return "SlowDown"
        return None

    def strike_after(method: str, key: str) -> None:
        strike(method, key)

    store.watch(**({"before": strike} if before else {"after": strike_after}))
    process = started(CALL + OPTIONS)
    assert reached.wait(60)
    process.kill()
    process.wait(60)
    gone.set()
    assert ended(process) == -9
    store.watch()


def putting(name: str) -> Callable[[str, str], bool]:
    return lambda method, key: (method, key) == ("PUT", f"archive/out/{name}")


def request(number: int) -> Callable[[str, str], bool]:
    """The so-manieth request of a run, from 1."""
    numbers = itertools.count(1)
    return lambda *_: next(numbers) == number


@pytest.fixture(scope="module")
def uninterrupted() -> dict[str, bytes]:
    """What a run that nobody disturbs leaves, kept from the first test that needs it."""
    return {}


def undisturbed(store: ObjectStore, kept: dict[str, bytes]) -> dict[str, bytes]:
    if not kept:
        assert ended(started(CALL + OPTIONS)) == 5
        kept.update(written(store))
        store.empty("out/")
    return kept


def without_plan(found: dict[str, bytes]) -> dict[str, bytes]:
    """The plan has the times of the objects, which each test puts anew."""
    return {name: data for name, data in found.items() if not name.startswith("plan/")}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "before"), [*((name, True) for name in WRITTEN), (LAST, True), (LAST, False)]
)
def test_killed_before_or_after_any_write_it_ends_with_the_same_bytes(
    store, uninterrupted, name, before
):
    expected = undisturbed(store, uninterrupted)
    killed(store, putting(name), before=before)
    assert ended(started(CALL + OPTIONS)) == 5
    assert without_plan(written(store)) == without_plan(expected)


@pytest.mark.slow
def test_killed_again_and_again_it_ends_with_the_same_bytes(store, uninterrupted):
    expected = undisturbed(store, uninterrupted)
    for number in (24, 22, 20):  # writing shards, each time from what the last one left
        killed(store, request(number))
    assert ended(started(CALL + OPTIONS)) == 5
    assert without_plan(written(store)) == without_plan(expected)


@pytest.mark.slow
def test_the_pods_of_an_indexed_job_share_a_bucket(store, uninterrupted):
    expected = undisturbed(store, uninterrupted)
    call = [*CALL, *OPTIONS, "--parts", "2"]
    pods = [started(call, JOB_COMPLETION_INDEX=str(index)) for index in range(2)]
    assert [ended(pod) for pod in pods] == [0, 5]  # all bad rows are in odd shards
    assert without_plan(written(store)) == without_plan(expected)
    again = [*CALL, *OPTIONS, "--parts", "2", "--accept-failures"]
    verified = started([*again, "--verify"], JOB_COMPLETION_INDEX="1")
    said, _ = verified.communicate(timeout=60)
    assert (verified.returncode, said) == (0, "2 shards are whole, 0 are not\n")
