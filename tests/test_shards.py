"""The output folder: exactly once, whatever fails; damage found; what is open can be retried."""

import hashlib
import io
import json
import os
import sys
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import fsspec
import pyarrow.parquet
import pytest
from fsspec.implementations.memory import MemoryFileSystem
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsbrief import storage
from newsbrief.deadletters import live_failures
from newsbrief.dividing import make_plan
from newsbrief.errors import ConfigurationError, InputError, UnreachableError
from newsbrief.inputs import find_files
from newsbrief.planned import Plan, read_shard
from newsbrief.rows import Failure, Fields, Row
from newsbrief.shards import Commit, Output, open_output
from tests.archives import BODY, archive, article

IDENTITY = {"pack": "coast@1.2", "options": {"targets": ["ko", "ru"], "strict": False}}


MIXED = [
    article("a"),
    "{",
    article("b"),
    article("a", headline="A second one"),
    {"id": "c", "body": "\ud800 lone"},
    article("й-7"),
    article("d"),
    article("e"),
    article("f"),
]


def committed(output: Output, generation: int) -> dict[int, Commit]:
    return {commit.shard: commit for commit in output.commits(generation)}


def planned(source: Path, generation: int = 0, **more) -> Plan:
    return make_plan(find_files(str(source)), Fields(), shard_rows=3, generation=generation, **more)


def brief(row: Row) -> dict:
    """What a worker would write for a row: the same every time."""
    digest = hashlib.sha256(row.id.encode()).hexdigest()
    finding = {"code": "number-changed", "severity": "error", "target": "ko", "part": "body"}
    return {
        "id": row.id,
        "pack": "coast@1.2",
        "findings": [{**finding, "index": 0}],
        "brief": {"id": digest, "headline": "두 번째 부두", "body": row.article.body},
    }


def work(output: Output, plan: Plan, fails: frozenset[str] = frozenset()) -> None:
    """Does all shards that are not committed; rows of some ids fail."""
    for shard in output.left(plan):
        rows, failures = [], []
        for each in read_shard(plan, shard, Fields()):
            if isinstance(each, Failure):
                failures.append(each)
            elif each.id in fails:
                failures.append(Failure(each.id, each.place, "engine", "it failed", each.raw))
            else:
                rows.append(brief(each))
        output.commit(plan.generation, shard, rows, failures, {"tokens": len(rows)})


def run(output: Output, source: Path) -> None:
    """A whole run, or what is left of one."""
    output.begin(IDENTITY)
    plans = output.plans()
    if not plans:
        output.save_plan(planned(source))
        plans = output.plans()
    work(output, plans[0])


def results(url: str) -> dict[str, list[bytes]]:
    """Of each folder the sorted lines of all its files (of a table its bytes)."""
    files, root = fsspec.core.url_to_fs(url)
    found: dict[str, list[bytes]] = {}
    for path in files.find(root):
        folder, name = path[len(root) :].lstrip("/").rpartition("/")[::2]
        data = files.cat_file(path)
        lines = [data] if name.endswith(".parquet") else data.splitlines()
        found.setdefault(folder, []).extend(lines)
    found.pop("tmp", None)
    return {folder: sorted(lines) for folder, lines in found.items()}


@pytest.fixture
def memory() -> Iterator[str]:
    url = f"memory://run-{uuid.uuid4().hex}"
    yield url
    files = fsspec.filesystem("memory")
    if files.exists(url):
        files.rm(url, recursive=True)


# What is written


def test_rows_failures_and_commits_lie_in_shards_by_generation_and_number(tmp_path):
    output = open_output(str(tmp_path / "out"))
    run(output, archive(tmp_path, *MIXED))
    names = sorted(
        str(file.relative_to(tmp_path / "out")) for file in (tmp_path / "out").rglob("*.json*")
    )
    assert names == [
        "commits/00-000000.json",
        "commits/00-000001.json",
        "commits/00-000002.json",
        "failed/00-000000.jsonl",
        "failed/00-000001.jsonl",
        "plan/00.json",
        "rows/00-000000.jsonl",
        "rows/00-000001.jsonl",
        "rows/00-000002.jsonl",
        "run.json",
    ]
    rows = (tmp_path / "out/rows/00-000001.jsonl").read_text("utf-8")
    assert rows.startswith('{"id":"й-7","pack":"coast@1.2","findings":[{"code":"number-changed"')
    assert rows.count("\n") == 1
    failed = (tmp_path / "out/failed/00-000001.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line) for line in failed] == [
        {
            "id": "a",
            "place": "a.jsonl#4",
            "reason": "duplicate",
            "message": "id: the same id came before in the input",
            "row": article("a", headline="A second one"),
        },
        {
            "id": "c",
            "place": "a.jsonl#5",
            "reason": "body",
            "message": "body: holds a lone surrogate at position 0",
            "row": {"id": "c", "body": "\ud800 lone"},
        },
    ]
    assert not list((tmp_path / "out/tmp").iterdir())


def test_a_commit_says_how_many_and_what_the_files_are(tmp_path):
    output = open_output(str(tmp_path / "out"))
    run(output, archive(tmp_path, *MIXED))
    commits = committed(output, 0)
    assert {number: (commit.rows, commit.failed) for number, commit in commits.items()} == {
        0: (2, 1),
        1: (1, 2),
        2: (3, 0),
    }
    rows = (tmp_path / "out/rows/00-000000.jsonl").read_bytes()
    assert commits[0].rows_sha256 == hashlib.sha256(rows).hexdigest()
    assert commits[2].failed_sha256 is None
    assert commits[0].tally == {"tokens": 2}


def test_rows_can_be_a_table(tmp_path):
    output = open_output(str(tmp_path / "out"), "parquet")
    run(output, archive(tmp_path, *MIXED))
    table = pyarrow.parquet.read_table(tmp_path / "out/rows/00-000001.parquet")
    assert [field.name for field in table.schema] == ["id", "pack", "findings", "brief"]
    (row,) = table.to_pylist()
    assert row["findings"] == [
        {"code": "number-changed", "severity": "error", "target": "ko", "part": "body", "index": 0}
    ]
    assert json.loads(row["brief"])["headline"] == "두 번째 부두"
    assert sorted(output.done_ids()) == ["a", "b", "d", "e", "f", "й-7"]


def test_a_table_without_pyarrow_is_refused_at_once(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ConfigurationError, match="the extra 'parquet' of Newsbrief"):
        open_output(str(tmp_path), "parquet")


def test_object_storage_holds_the_same_as_a_disk(tmp_path, memory):
    source = archive(tmp_path, *MIXED)
    run(open_output(str(tmp_path / "out")), source)
    output = open_output(memory)
    run(output, source)
    run(output, source)
    assert results(memory) == results(str(tmp_path / "out"))
    assert output.verify(0) == []
    assert sorted(output.done_ids()) == ["a", "b", "d", "e", "f", "й-7"]


def test_a_shard_must_account_for_every_record(tmp_path):
    output = open_output(str(tmp_path / "out"))
    plan = planned(archive(tmp_path, *MIXED))
    with pytest.raises(ValueError, match="shard 0 has 3 records; 1 rows and 0 failures"):
        output.commit(0, plan.shards[0], [{"id": "a"}], [], {})
    assert committed(output, 0) == {}


def test_what_json_cannot_hold_becomes_text_or_null_in_a_dead_letter(tmp_path):
    import datetime

    output = open_output(str(tmp_path / "out"))
    shard = planned(archive(tmp_path, article(1))).shards[0]
    raw = {"day": datetime.date(2024, 5, 1), "rate": float("nan"), "blob": b"x"}
    output.commit(0, shard, [], [Failure("1", "a#1", "body", "is empty", raw)], {})
    (letter,) = output.letters(committed(output, 0)[0])
    assert letter["row"] == {"day": "2024-05-01", "rate": None, "blob": "b'x'"}


# The same run, or another


def test_the_same_run_goes_on_and_another_is_refused_by_what_differs(tmp_path):
    output = open_output(str(tmp_path / "out"))
    output.begin(IDENTITY)
    output.begin({"pack": "coast@1.2", "options": {"targets": ("ko", "ru"), "strict": False}})
    for changed, said in (
        ({"pack": "coast@1.3"}, 'pack was "coast@1.2" and is now "coast@1.3"'),
        (
            {"options": {"targets": ["ko"], "strict": False}},
            r"options.targets was \[.* now \[\"ko\"\]",
        ),
        ({"fields": {"id": "uid"}}, 'fields was null and is now {"id": "uid"}'),
    ):
        with pytest.raises(ConfigurationError, match=f"{said}; .*give another OUTPUT"):
            output.begin({**IDENTITY, **changed})
    assert output.identity() == IDENTITY


def test_an_equal_plan_may_be_saved_twice_and_no_other(tmp_path):
    output = open_output(str(tmp_path / "out"))
    plan = planned(archive(tmp_path, *MIXED))
    output.save_plan(plan)
    output.save_plan(plan)
    with pytest.raises(ConfigurationError, match=r"another plan already: plan/00\.json"):
        output.save_plan(planned(archive(tmp_path, article("x"))))
    assert output.plans() == [plan]


def test_many_processes_that_begin_at_once_agree(tmp_path):
    source = archive(tmp_path, *(article(n) for n in range(60)))
    url = str(tmp_path / "out")
    failed: list[BaseException] = []

    def begin() -> None:
        try:
            run(open_output(url), source)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=begin) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    run(open_output(str(tmp_path / "alone")), source)
    assert results(url) == results(str(tmp_path / "alone"))


@pytest.mark.parametrize(("mine", "others"), [("", "b"), ("b", ""), ("b", "c"), ("abc", "")])
def test_of_two_that_do_a_shard_otherwise_at_once_one_is_right_and_no_row_is_lost(
    tmp_path, memory, monkeypatch, mine, others
):
    plan = planned(archive(tmp_path, *map(article, "abc")))
    calls, moment = 0, 0

    def slipping_in(real):
        def call(*given, **named):
            nonlocal calls
            calls += 1
            if calls == moment:
                work(open_output(url), plan, frozenset(others))
            return real(*given, **named)

        return call

    for name in ("pipe_file", "cat_file", "rm_file", "ls"):
        monkeypatch.setattr(MemoryFileSystem, name, slipping_in(getattr(MemoryFileSystem, name)))
    while calls >= moment:
        calls, moment, url = 0, moment + 1, f"{memory}/{moment}"
        output = open_output(url)
        work(output, plan, frozenset(mine))
        (commit,) = output.commits(0)
        failed = [letter["id"] for letter in output.letters(commit)]
        assert sorted([*output.row_ids(commit), *failed]) == ["a", "b", "c"]
        assert "".join(failed) in (mine, others)
        assert output.verify(0) == []
    assert moment > 5


# Failures at every step


class KilledError(BaseException):
    """The process is dead from here on: nothing that it would still do takes place."""


class Steps:
    """Counts the steps of a run against the storage, and dies at one of them."""

    def __init__(self) -> None:
        self.taken = 0
        self.last: int | None = None
        self.after = False  # whether the last step is still carried out

    def step(self, do, half=None):
        if self.last is not None and self.taken >= self.last:
            if self.taken == self.last:
                self.taken += 1
                done = (do if self.after else half or (lambda: None))()
                if isinstance(done, io.IOBase):
                    done.close()
            raise KilledError
        self.taken += 1
        return do()

    def start(self, last: int | None = None, *, after: bool = False) -> None:
        self.taken, self.last, self.after = 0, last, after


class HalfWriting:
    """A file whose writing is a step, which may end halfway."""

    def __init__(self, steps: Steps, stream) -> None:
        self._steps, self._stream = steps, stream
        self.flush, self.fileno = stream.flush, stream.fileno

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._stream.close()

    def write(self, data: bytes) -> None:
        half = data[: len(data) // 2]
        self._steps.step(lambda: self._stream.write(data), lambda: self._stream.write(half))


@pytest.fixture
def disk(monkeypatch) -> Steps:
    """Every step of writing to a disk is counted."""
    steps = Steps()

    def counted(real):
        return lambda *given, **named: steps.step(lambda: real(*given, **named))

    class Counted(type(Path())):
        unlink, mkdir = counted(Path.unlink), counted(Path.mkdir)

        def open(self, *given):
            return HalfWriting(steps, steps.step(lambda: Path.open(self, *given)))

    calls = {name: counted(getattr(os, name)) for name in ("fsync", "replace", "link", "open")}
    monkeypatch.setattr(
        storage, "os", SimpleNamespace(close=os.close, O_RDONLY=os.O_RDONLY, **calls)
    )
    monkeypatch.setattr(storage, "Path", Counted)
    remove = storage.LocalFileSystem.rm_file
    monkeypatch.setattr(storage.LocalFileSystem, "rm_file", counted(remove))
    return steps


@pytest.fixture
def objects(monkeypatch) -> Steps:
    """Every request to an object store is counted."""
    steps = Steps()

    def counted(real):
        return lambda *given, **named: steps.step(lambda: real(*given, **named))

    for name in ("pipe_file", "cat_file", "rm_file", "ls"):
        monkeypatch.setattr(MemoryFileSystem, name, counted(getattr(MemoryFileSystem, name)))
    return steps


def interrupted(steps: Steps, url: str, source: Path, form: str, last: int, after: bool) -> bool:
    """A run that dies at a step; whether it did."""
    steps.start(last, after=after)
    try:
        run(open_output(url, form), source)
    except KilledError:
        return True
    finally:
        steps.start()
    return False


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_killed_at_any_step_on_a_disk_and_resumed_it_is_as_if_never_killed(tmp_path, disk, after):
    source = archive(tmp_path, *MIXED)
    run(open_output(str(tmp_path / "whole")), source)
    steps = disk.taken
    expected = results(str(tmp_path / "whole"))
    assert steps > 60
    for last in range(steps):
        url = str(tmp_path / f"{last}")
        assert interrupted(disk, url, source, "jsonl", last, after)
        run(open_output(url), source)
        assert results(url) == expected
        assert open_output(url).verify(0) == []


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_killed_at_any_request_to_an_object_store_and_resumed_it_is_as_if_never_killed(
    tmp_path, memory, objects, form, after
):
    source = archive(tmp_path, *MIXED)
    run(open_output(f"{memory}/whole", form), source)
    steps = objects.taken
    expected = results(f"{memory}/whole")
    assert steps >= 15
    for last in range(steps):
        url = f"{memory}/{last}"
        assert interrupted(objects, url, source, form, last, after)
        run(open_output(url, form), source)
        assert results(url) == expected


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(0, 90), st.booleans()), max_size=6),
    st.lists(st.sampled_from(["a", "b", "c", "{", "", "42"]), max_size=12),
)
def test_killed_again_and_again_it_is_as_if_never_killed(tmp_path_factory, disk, kills, names):
    folder = tmp_path_factory.mktemp("kills")
    rows = [name if name in ("{", "") else article(name) for name in names]
    source = archive(folder, *rows)
    run(open_output(str(folder / "whole")), source)
    url = str(folder / "killed")
    for last, after in kills:
        interrupted(disk, url, source, "jsonl", last, after)
    run(open_output(url), source)
    assert results(url) == results(str(folder / "whole"))


def test_half_a_file_is_never_among_the_results(tmp_path, disk):
    source = archive(tmp_path, *MIXED)
    url = str(tmp_path / "out")
    last = 0
    while interrupted(disk, url, source, "jsonl", last, False):
        for file in Path(url).rglob("*.jsonl"):
            for line in file.read_text("utf-8").splitlines():
                json.loads(line)
        last += 1
        assert last < 200
    assert len(committed(open_output(url), 0)) == 3


def test_what_a_dead_process_left_unfinished_is_removed_after_a_day(tmp_path):
    output = open_output(str(tmp_path / "out"))
    output.begin(IDENTITY)
    old, new = tmp_path / "out/tmp/old", tmp_path / "out/tmp/new"
    for file in (old, new):
        file.write_bytes(b"half")
    os.utime(old, (1, 1))
    output.begin(IDENTITY)
    assert not old.exists()
    assert new.exists()


def test_a_full_disk_leaves_nothing_unfinished(tmp_path, monkeypatch):
    output = open_output(str(tmp_path / "out"))

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage.os, "fsync", full)
    with pytest.raises(UnreachableError, match=r"out failed: .*No space left"):
        output.begin(IDENTITY)
    assert [file for file in (tmp_path / "out").rglob("*") if file.is_file()] == []


# Damage


@pytest.mark.parametrize(
    "damage",
    [
        lambda out: (out / "rows/00-000001.jsonl").unlink(),
        lambda out: (out / "rows/00-000001.jsonl").write_bytes(b""),
        lambda out: (out / "failed/00-000001.jsonl").unlink(),
        lambda out: (out / "failed/00-000001.jsonl").write_bytes(b"{}\n"),
        lambda out: (out / "commits/00-000001.json").write_bytes(b'{"generation":0,"sh'),
        lambda out: (out / "commits/00-000001.json").write_bytes(b"{}"),
    ],
)
def test_damage_is_found_and_that_shard_done_again(tmp_path, damage):
    source = archive(tmp_path, *MIXED)
    out = tmp_path / "out"
    output = open_output(str(out))
    run(output, source)
    expected = results(str(out))
    damage(out)
    assert output.verify(0) in ([1], [])
    assert sorted(committed(output, 0)) == [0, 2]
    run(output, source)
    assert results(str(out)) == expected
    assert output.verify(0) == []


def test_failures_of_a_try_that_was_not_committed_do_not_stay(tmp_path):
    output = open_output(str(tmp_path / "out"))
    plan = planned(archive(tmp_path, article("a")))
    work(output, plan, frozenset("a"))
    (tmp_path / "out/commits/00-000000.json").unlink()
    work(output, plan)
    assert not (tmp_path / "out/failed/00-000000.jsonl").exists()
    assert output.verify(0) == []


def test_rows_that_are_gone_are_named_rather_than_taken_for_none(tmp_path):
    output = open_output(str(tmp_path / "out"))
    run(output, archive(tmp_path, *MIXED))
    (tmp_path / "out/rows/00-000001.jsonl").unlink()
    with pytest.raises(InputError, match=r"rows/00-000001\.jsonl is gone, though it was committed"):
        list(output.done_ids())


def test_an_identity_that_is_damaged_is_named(tmp_path):
    output = open_output(str(tmp_path))
    (tmp_path / "run.json").write_text("{", "utf-8")
    with pytest.raises(ConfigurationError, match=r"run\.json in the output is damaged"):
        output.begin(IDENTITY)


# What is open, and retried


def open_places(output: Output) -> list[tuple[str, str]]:
    return [(letter["place"], letter["reason"]) for letter in live_failures(output)]


def retry(output: Output, generation: int, fails: frozenset[str] = frozenset()) -> Plan:
    kept = output.keep_letters(generation, live_failures(output))
    plan = make_plan(
        [kept],
        Fields(),
        shard_rows=3,
        generation=generation,
        kind="failed",
        done_ids=output.done_ids(),
    )
    output.save_plan(plan)
    work(output, plan, fails)
    return plan


@pytest.mark.parametrize("kind", ["disk", "memory"])
def test_failed_rows_are_retried_alone_until_they_are_done(tmp_path, memory, kind):
    output = open_output(str(tmp_path / "out") if kind == "disk" else memory)
    plan = planned(archive(tmp_path, *MIXED))
    output.save_plan(plan)
    work(output, plan, frozenset({"a", "e"}))
    assert open_places(output) == [
        ("a.jsonl#1", "engine"),
        ("a.jsonl#2", "invalid-json"),
        ("a.jsonl#4", "duplicate"),
        ("a.jsonl#5", "body"),
        ("a.jsonl#8", "engine"),
    ]
    first = retry(output, 1, frozenset({"e"}))
    assert first.records == 5
    assert sorted(output.done_ids()) == ["a", "b", "d", "f", "й-7"]
    for_good = [("a.jsonl#2", "invalid-json"), ("a.jsonl#4", "duplicate"), ("a.jsonl#5", "body")]
    assert sorted(open_places(output)) == [*for_good, ("a.jsonl#8", "engine")]
    second = retry(output, 2)
    assert sorted(output.done_ids()) == ["a", "b", "d", "e", "f", "й-7"]
    assert second.records == 3
    assert sorted(open_places(output)) == for_good
    messages = {letter["place"]: letter["message"] for letter in live_failures(output)}
    assert messages["a.jsonl#2"].startswith("is not JSON: Expecting property name")


def test_a_duplicate_is_not_retried_while_its_id_has_a_row(tmp_path):
    output = open_output(str(tmp_path / "out"))
    run(output, archive(tmp_path, article("a"), article("a", headline="Another")))
    assert retry(output, 1).shards == ()
    assert open_places(output) == [("a.jsonl#2", "duplicate")]


def test_only_what_is_missing_is_added_when_the_input_grew_or_was_mended(tmp_path):
    output = open_output(str(tmp_path / "out"))
    run(output, archive(tmp_path, *MIXED))
    mended = [*MIXED, article("g")]
    mended[1], mended[4] = article("new"), article("c")
    source = archive(tmp_path, *mended)
    plan = planned(source, 1, kind="missing", done_ids=output.done_ids())
    output.save_plan(plan)
    work(output, plan)
    assert plan.records == 3
    assert sorted(output.done_ids()) == ["a", "b", "c", "d", "e", "f", "g", "new", "й-7"]
    assert open_places(output) == [("a.jsonl#4", "duplicate")]


def test_failures_of_shards_that_are_not_committed_are_not_open(tmp_path):
    output = open_output(str(tmp_path / "out"))
    run(output, archive(tmp_path, *MIXED))
    (tmp_path / "out/commits/00-000001.json").unlink()
    assert open_places(output) == [("a.jsonl#2", "invalid-json")]


def documents(folder: Path, **texts: bytes) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.txt").write_bytes(text)
    return folder


GOOD, BAD = BODY.encode(), b"caf\xe9"


@pytest.mark.parametrize("mend", ["by another text", "by removing it"])
def test_the_letter_of_a_document_is_settled_when_all_was_planned_anew(tmp_path, mend):
    source = documents(tmp_path / "in", a=GOOD, b=BAD, c=BAD)
    output = open_output(str(tmp_path / "out"))
    run(output, source)
    assert open_places(output) == [("b.txt", "invalid-utf8"), ("c.txt", "invalid-utf8")]
    retry(output, 1)
    if mend == "by another text":
        documents(source, b=GOOD)
    else:
        (source / "b.txt").unlink()
    plan = planned(source, 2, kind="missing", done_ids=output.done_ids())
    output.save_plan(plan)
    assert open_places(output)[0] == ("b.txt", "invalid-utf8")
    work(output, plan)
    assert open_places(output) == [("c.txt", "invalid-utf8")]


def test_the_letters_of_another_folder_of_documents_stay_open(tmp_path):
    output = open_output(str(tmp_path / "out"))
    run(output, documents(tmp_path / "in", a=GOOD, b=BAD))
    other = documents(tmp_path / "other", d=GOOD)
    plan = planned(other, 1, kind="missing", done_ids=output.done_ids())
    output.save_plan(plan)
    work(output, plan)
    assert open_places(output) == [("b.txt", "invalid-utf8")]


def test_a_file_name_that_is_no_utf_8_has_its_letter(tmp_path):
    source = documents(tmp_path / "in", a=GOOD)
    (source / "caf\udce9.txt").write_bytes(GOOD)
    output = open_output(str(tmp_path / "out"))
    run(output, source)
    assert open_places(output) == [("caf\udce9.txt", "id")]


@pytest.mark.parametrize("name", ["out [1]", "what?", "*"])
def test_an_output_whose_name_looks_like_a_pattern_is_read_again(tmp_path, name):
    output = open_output(str(tmp_path / name))
    run(output, archive(tmp_path, article("a"), "{"))
    assert sorted(committed(output, 0)) == [0]
    assert open_places(output) == [("a.jsonl#2", "invalid-json")]
    retry(output, 1)
    assert [plan.kind for plan in output.plans()] == ["all", "failed"]
