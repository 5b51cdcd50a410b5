"""The plan of a run: which records of which files each shard holds; made in one pass, then kept."""

from __future__ import annotations

import datetime
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from newsbrief.cleaning import MAX_CHARS
from newsbrief.errors import InputError
from newsbrief.inputs import InputFile, is_as_found
from newsbrief.records import Record, read_records
from newsbrief.rows import Failure, Fields, Filters, Row, passes, read_row, row_id

Selection = Literal["all", "missing", "failed"]

EVERYTHING = Filters()


@dataclass(frozen=True, slots=True)
class Shard:
    """Records of one file that are done together: from number `first` to `last`, all or some.

    `file` is an index into `Plan.files`, `seek` and `first` are where `read_records` begins.
    `records` says how many there are to do. Of the sets of numbers, bit i (of byte i // 8, lowest
    first) stands for `first` + i: `wanted` is None where all are wanted, `duplicates` holds those
    whose id came before in the plan.
    """

    number: int
    file: int
    seek: int
    first: int
    last: int
    records: int
    duplicates: bytes = b""
    wanted: bytes | None = None

    def takes(self, number: int) -> bool:
        """Whether the record of this number is part of the shard's work."""
        if not self.first <= number <= self.last:
            return False
        return self.wanted is None or _holds(self.wanted, number - self.first)


@dataclass(frozen=True, slots=True)
class Plan:
    """What one generation of a run does: every process reads the same one, and none changes it.

    `kind` "missing" takes the records whose id has no row yet, "failed" the dead letters that are
    still open. `left_out` counts the records that filters or a row already there kept away.
    """

    generation: int
    kind: Selection
    files: tuple[InputFile, ...]
    shards: tuple[Shard, ...]
    filters: Filters = EVERYTHING
    limit: int | None = None
    left_out: int = 0

    @property
    def records(self) -> int:
        """How many records there are to do."""
        return sum(shard.records for shard in self.shards)

    def part(self, part: int, parts: int) -> Iterator[Shard]:
        """The shards of one of so many parts, from 0."""
        return (shard for shard in self.shards if shard.number % parts == part)


def read_shard(
    plan: Plan, shard: Shard, fields: Fields, *, max_chars: int = MAX_CHARS
) -> Iterator[Row | Failure]:
    """What a worker does for one shard: each record once, in order, ready or failed.

    Raises `InputError` when the input does not have the records that were planned.
    """
    file = plan.files[shard.file]
    done = 0
    for record in _read_to_the_end(file, shard):
        if record.number > shard.last:
            break
        if not shard.takes(record.number):
            continue
        done += 1
        passed = passes(record, fields, plan.filters)
        if isinstance(passed, Failure):
            yield passed
        elif _holds(shard.duplicates, record.number - shard.first):
            yield Failure(
                row_id(record, fields),
                record.place,
                "duplicate",
                f"{fields.id}: the same id came before in the input",
                record.raw,
            )
        else:
            yield read_row(record, fields, max_chars=max_chars)
    if done != shard.records or not is_as_found(file):
        raise _changed(file)


def _read_to_the_end(file: InputFile, shard: Shard) -> Iterator[Record]:
    """The records from the shard's first on, damaged ones too.

    Planning reads few columns of a table: a row that it counted can be damaged in another.
    """
    for record in read_records(file, seek=shard.seek, first=shard.first):
        yield record
        if record.problem and record.problem[0] == "damaged":
            for number in range(record.number + 1, shard.last + 1):
                yield replace(record, place=f"{file.name}#{number}", number=number)


def check_unchanged(plan: Plan, files: Sequence[InputFile]) -> None:
    """Raises `InputError` naming the first file that is not as it was planned."""
    now = {file.name: file for file in files}
    then = {file.name: file for file in plan.files}
    for name in sorted({*now, *then}):
        if now.get(name) != then.get(name):
            raise _changed(then.get(name) or now[name])


def plan_data(plan: Plan) -> dict[str, Any]:
    """The plan as plain data for JSON."""
    return {
        "generation": plan.generation,
        "kind": plan.kind,
        "filters": {
            "since": plan.filters.since and plan.filters.since.isoformat(),
            "where": [list(pair) for pair in plan.filters.where],
        },
        "limit": plan.limit,
        "left_out": plan.left_out,
        "files": [asdict(file) for file in plan.files],
        "shards": [
            [
                shard.number,
                shard.file,
                shard.seek,
                shard.first,
                shard.last,
                shard.records,
                b64encode(shard.duplicates).decode(),
                None if shard.wanted is None else b64encode(shard.wanted).decode(),
            ]
            for shard in plan.shards
        ],
    }


def read_plan(data: Mapping[str, Any]) -> Plan:
    """The plan that `plan_data` gave."""
    since = data["filters"]["since"]
    return Plan(
        generation=data["generation"],
        kind=data["kind"],
        files=tuple(InputFile(**file) for file in data["files"]),
        shards=tuple(
            Shard(
                number,
                file,
                seek,
                first,
                last,
                records,
                b64decode(duplicates),
                None if wanted is None else b64decode(wanted),
            )
            for number, file, seek, first, last, records, duplicates, wanted in data["shards"]
        ),
        filters=Filters(
            since and datetime.date.fromisoformat(since),
            tuple((field, value) for field, value in data["filters"]["where"]),
        ),
        limit=data["limit"],
        left_out=data["left_out"],
    )


def number_set(numbers: Sequence[int], first: int) -> bytes:
    """The set of some numbers, ascending and from `first` on, as `Shard` holds it."""
    found = bytearray((numbers[-1] - first) // 8 + 1)
    for number in numbers:
        index = number - first
        found[index // 8] |= 1 << index % 8
    return bytes(found)


def _holds(bits: bytes, index: int) -> bool:
    return index // 8 < len(bits) and bool(bits[index // 8] >> index % 8 & 1)


def _changed(file: InputFile) -> InputError:
    return InputError(
        "input",
        f"{file.path} is not what it was when the run was planned; --only-missing plans anew for "
        "what has no row yet",
    )
