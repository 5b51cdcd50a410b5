"""Divides the input into the shards of a plan, in one pass and in little memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from operator import itemgetter

from newsbrief.identities import Identities, scratch_database
from newsbrief.inputs import InputFile
from newsbrief.planned import EVERYTHING, Plan, Selection, Shard, number_set
from newsbrief.records import read_records
from newsbrief.rows import PLACE, Fields, Filters, passes, row_id

PROGRESS = 10_000  # records between two calls of `progress`


def make_plan(
    files: Sequence[InputFile],
    fields: Fields,
    *,
    shard_rows: int,
    filters: Filters = EVERYTHING,
    limit: int | None = None,
    generation: int = 0,
    kind: Selection = "all",
    done_ids: Iterable[str] | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Plan:
    """Reads all the input once, in little memory, and cuts it into shards.

    A shard has at most `shard_rows` records to do. `limit` counts records to do, over all files,
    bad ones too. Records whose id is in `done_ids` are left out. `progress` is told now and then
    how many records were read. Raises what `read_records` raises.
    """
    only = _needed(fields, filters)
    cutter = _Cutter(shard_rows)
    read = 0
    with scratch_database() as base:
        identities = Identities(base)
        if done_ids is not None:
            identities.leave_out(done_ids)
        for index, file in enumerate(files):
            for record in read_records(file, only=only):
                if limit is not None and cutter.taken == limit:
                    break
                read += 1
                if read % PROGRESS == 0:
                    progress(read)
                if passes(record, fields, filters) is False:
                    continue
                identity = row_id(record, fields)
                if identity is not None and done_ids is not None and identities.is_done(identity):
                    continue
                shard = cutter.take(index, record.seek, record.number)
                if identity is not None:
                    identities.add(identity, shard, record.number)
            cutter.cut()
        shards = tuple(_with_duplicates(cutter.shards, identities.duplicates()))
    progress(read)
    return Plan(
        generation, kind, tuple(files), shards, filters, limit, left_out=read - cutter.taken
    )


class _Cutter:
    """Gathers the records to do into shards."""

    def __init__(self, shard_rows: int) -> None:
        self.shards: list[Shard] = []
        self.taken = 0
        self._rows = shard_rows
        self._numbers: list[int] = []  # of the shard begun
        self._file = self._seek = 0

    def take(self, file: int, seek: int, number: int) -> int:
        """Adds a record; the number of its shard."""
        if len(self._numbers) == self._rows:
            self.cut()
        if not self._numbers:
            self._file, self._seek = file, seek
        self._numbers.append(number)
        self.taken += 1
        return len(self.shards)

    def cut(self) -> None:
        """Ends the shard begun, if one is."""
        if not self._numbers:
            return
        first, last, records = self._numbers[0], self._numbers[-1], len(self._numbers)
        wanted = None if last - first + 1 == records else number_set(self._numbers, first)
        self.shards.append(
            Shard(len(self.shards), self._file, self._seek, first, last, records, wanted=wanted)
        )
        self._numbers.clear()


def _with_duplicates(shards: list[Shard], found: Iterator[tuple[int, int]]) -> list[Shard]:
    for shard, entries in groupby(found, key=itemgetter(0)):
        planned = shards[shard]
        numbers = [number for _, number in entries]
        shards[shard] = replace(planned, duplicates=number_set(numbers, planned.first))
    return shards


def _needed(fields: Fields, filters: Filters) -> set[str]:
    """The fields at the top of a record that planning looks at."""
    names = [field for field, _ in filters.where]
    if filters.since is not None:
        names.append(fields.date)
    if fields.id != PLACE:
        names.append(fields.id)
    return {*names, *(name.partition(".")[0] for name in names)}
