"""The output folder of a backfill: what the run is, its plans, and shards committed whole."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from newsbrief.encoding import as_json, as_letters, as_lines, as_table, ids_in
from newsbrief.errors import ConfigurationError, InputError
from newsbrief.inputs import InputFile, find_files
from newsbrief.parquet import check_installed, read_table
from newsbrief.planned import Plan, Shard, plan_data, read_plan
from newsbrief.rows import Failure
from newsbrief.storage import Folder

Format = Literal["jsonl", "parquet"]

IDENTITY = "run.json"


@dataclass(frozen=True, slots=True)
class Commit:
    """That a shard is done: how many rows and failures, and the SHA-256 of their files.

    `failed_sha256` is None where nothing failed. `tally` is what the worker counted.
    """

    generation: int
    shard: int
    rows: int
    failed: int
    rows_sha256: str
    failed_sha256: str | None
    tally: Mapping[str, Any] = field(default_factory=dict)


def open_output(url: str, form: Format = "jsonl") -> Output:
    """The output folder at a path or URL; nothing is written yet.

    Raises `ConfigurationError` when a library that it needs is not installed.
    """
    if form == "parquet":
        check_installed()
    return Output(Folder(url), form)


class Output:
    """Identity, plans, and for each shard its rows, its failures and the record of its commit.

    A shard without a commit is not done, whatever files it has; doing it again writes the same
    names. May be used by several threads and processes at once.
    """

    def __init__(self, folder: Folder, form: Format) -> None:
        self._folder = folder
        self._form = form

    def begin(self, identity: Mapping[str, Any]) -> None:
        """Writes what the run is, or compares it with what the folder was begun with.

        Raises `ConfigurationError` naming what differs.
        """
        self._folder.sweep()
        data = as_json(identity, indent=2)
        wanted = json.loads(data)
        found = _parse(self._keep(IDENTITY, data), IDENTITY)
        if found != wanted:
            raise ConfigurationError(
                f"{self._folder.url} was begun otherwise: {_difference(found, wanted)}; rows of "
                "both must not be mixed: give another OUTPUT"
            )

    def identity(self) -> dict[str, Any] | None:
        """What the run is, None where none was begun."""
        data = self._folder.read(IDENTITY)
        return None if data is None else _parse(data, IDENTITY)

    def plans(self) -> list[Plan]:
        """All plans, by generation."""
        names = [name for name in self._folder.names("plan") if name.endswith(".json")]
        return [read_plan(_parse(data, name)) for name, data in self._folder.read_many(names)]

    def save_plan(self, plan: Plan) -> None:
        """Keeps a plan for good. An equal one is no error: several processes may plan at once.

        Raises `ConfigurationError` when that generation was planned otherwise.
        """
        name = f"plan/{plan.generation:02}.json"
        if read_plan(_parse(self._keep(name, as_json(plan_data(plan))), name)) != plan:
            raise ConfigurationError(f"{self._folder.url} has another plan already: {name}")

    def left(self, plan: Plan, part: int = 0, parts: int = 1) -> list[Shard]:
        """The shards of one of so many parts of a plan that are not committed."""
        done = {commit.shard for commit in self.commits(plan.generation)}
        return [shard for shard in plan.part(part, parts) if shard.number not in done]

    def commits(self, generation: int) -> Iterator[Commit]:
        """The commits of a generation, one after the other; what is not whole is none."""
        names = [
            name
            for name in self._folder.names("commits")
            if name.startswith(f"commits/{generation:02}-")
        ]
        for _, data in self._folder.read_many(names):
            if commit := _read_commit(data):
                yield commit

    def commit(
        self,
        generation: int,
        shard: Shard,
        rows: Sequence[Mapping[str, Any]],
        failures: Sequence[Failure],
        tally: Mapping[str, Any],
    ) -> Commit:
        """Writes rows, then failures, then the record that both are there.

        Of two processes that do the same shard, the first to commit is right, or the later one
        where both write at the same moment; rows, failures and commit are always of one. Raises
        ValueError when rows and failures are not as many as the shard has records: none may get
        lost.
        """
        if len(rows) + len(failures) != shard.records:
            raise ValueError(
                f"shard {shard.number} has {shard.records} records; {len(rows)} rows and "
                f"{len(failures)} failures were given"
            )
        label = _label(generation, shard.number)
        done = as_table(rows) if self._form == "parquet" else as_lines(rows)
        failed = as_letters(failures) if failures else None
        commit = Commit(
            generation,
            shard.number,
            len(rows),
            len(failures),
            _sha256(done),
            None if failed is None else _sha256(failed),
            dict(tally),
        )
        data = as_json(asdict(commit))
        if found := self._found(label):
            return found
        self._put(label, done, failed)
        if not self._folder.create(_commit(label), data):
            # Another process committed meanwhile, and writes no more: all files become ours.
            self._put(label, done, failed)
            self._folder.write(_commit(label), data)
        return commit

    def verify(self, generation: int, part: int = 0, parts: int = 1) -> list[int]:
        """The shards whose files are not as they were committed, or gone; they are to do again.

        Reads all the rows and failures of one of so many parts of the generation.
        """
        damaged = []
        for commit in self.commits(generation):
            if commit.shard % parts != part:
                continue
            label = _label(generation, commit.shard)
            rows = self._folder.read(self._rows(label))
            failed = self._folder.read(_failed(label))
            sums = [None if data is None else _sha256(data) for data in (rows, failed)]
            if sums != [commit.rows_sha256, commit.failed_sha256]:
                damaged.append(commit.shard)
                self._folder.remove(_commit(label))
        return damaged

    def done_ids(self) -> Iterator[str]:
        """The ids of all rows committed, of every generation."""
        for plan in self.plans():
            for commit in self.commits(plan.generation):
                yield from self.row_ids(commit)

    def row_ids(self, commit: Commit) -> Iterator[str]:
        """The ids of the rows of one shard. Raises `InputError` when its file is gone."""
        name = self._rows(_label(commit.generation, commit.shard))
        if self._form == "parquet":
            for row in read_table(self._folder.path(name), only={"id"}):
                yield row["id"]
        else:
            yield from ids_in(self._committed(name))

    def letters(self, commit: Commit) -> Iterator[dict[str, Any]]:
        """The failures of one shard, as written. Raises `InputError` when their file is gone."""
        if commit.failed:
            name = _failed(_label(commit.generation, commit.shard))
            yield from map(json.loads, self._committed(name).split("\n")[:-1])

    def keep_letters(self, generation: int, letters: Iterable[Mapping[str, Any]]) -> InputFile:
        """Puts dead letters beside the plan of a generation to come, as the input it reads."""
        name = f"plan/{generation:02}.failed.jsonl"
        self._folder.write_parts(name, (as_json(letter) + b"\n" for letter in letters))
        return replace(find_files(self._folder.path(name))[0], kind="failed")

    def _keep(self, name: str, data: bytes) -> bytes:
        """Puts a file where there is none; what it holds then."""
        # Read first: some object stores know no conditional put, and would replace what is there.
        found = self._folder.read(name)
        if found is None and not self._folder.create(name, data):
            found = self._folder.read(name)
        return data if found is None else found

    def _put(self, label: str, rows: bytes, failures: bytes | None) -> None:
        self._folder.write(self._rows(label), rows)
        if failures is None:
            self._folder.remove(_failed(label))  # of a former try that was not committed
        else:
            self._folder.write(_failed(label), failures)

    def _found(self, label: str) -> Commit | None:
        data = self._folder.read(_commit(label))
        return None if data is None else _read_commit(data)

    def _committed(self, name: str) -> str:
        data = self._folder.read(name)
        if data is None:
            raise InputError("output", f"{name} is gone, though it was committed")
        return data.decode()

    def _rows(self, label: str) -> str:
        return f"rows/{label}.{self._form}"


def _label(generation: int, shard: int) -> str:
    return f"{generation:02}-{shard:06}"


def _failed(label: str) -> str:
    return f"failed/{label}.jsonl"


def _commit(label: str) -> str:
    return f"commits/{label}.json"


def _read_commit(data: bytes) -> Commit | None:
    """The commit; None where it is not whole."""
    try:
        return Commit(**json.loads(data))
    except (ValueError, TypeError):
        return None


def _parse(data: bytes, name: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(data)
    except ValueError as error:
        raise ConfigurationError(f"{name} in the output is damaged: {error}") from error
    return found


def _difference(found: Mapping[str, Any], wanted: Mapping[str, Any], inside: str = "") -> str:
    """The first value that is not the same, by its name, and both values."""
    for key in {**found, **wanted}:
        one, other = found.get(key), wanted.get(key)
        if isinstance(one, dict) and isinstance(other, dict):
            if deeper := _difference(one, other, f"{inside}{key}."):
                return deeper
        elif one != other:
            return f"{inside}{key} was {json.dumps(one)} and is now {json.dumps(other)}"
    return ""


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
