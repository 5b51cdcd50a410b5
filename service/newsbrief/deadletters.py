"""Dead letters that are still open: failures that no later generation of the run has settled."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import Any

from newsbrief.identities import scratch_database
from newsbrief.planned import EVERYTHING, Plan, Shard
from newsbrief.shards import Output


def live_failures(output: Output) -> Iterator[dict[str, Any]]:
    """The open dead letters, in the order of their places in the output.

    One is settled by a row of its id, a newer letter of its place, or a shard that took the place
    anew from the input; each in a later generation. That of a document is also settled by a plan
    that took all documents without a row, once that is done. Memory does not grow with them.
    """
    with scratch_database() as base:
        base.executescript(
            "CREATE TABLE live ("
            " place BLOB UNIQUE ON CONFLICT REPLACE, file BLOB, number INT, id TEXT, letter TEXT);"
            "CREATE INDEX by_id ON live (id); CREATE INDEX by_number ON live (file, number);"
        )
        for plan in output.plans():
            _settle(base, output, plan)
            for commit in output.commits(plan.generation):
                for letter in output.letters(commit):
                    _add(base, plan, letter)
        for (letter,) in base.execute("SELECT letter FROM live ORDER BY rowid"):
            yield json.loads(letter)


def _add(base: sqlite3.Connection, plan: Plan, letter: dict[str, Any]) -> None:
    place, number = letter["place"], None
    before = base.execute("SELECT file, number FROM live WHERE place = ?", (_key(place),))
    if plan.kind == "failed" and (known := before.fetchone()):
        file, number = known
    elif _of_documents(plan):
        file = _key(plan.files[0].path)
    else:
        name, _, number = place.rpartition("#")
        file = _key(name)
    base.execute(
        "INSERT INTO live VALUES (?, ?, ?, ?, ?)",
        (_key(place), file, number, letter["id"], json.dumps(letter)),
    )


def _settle(base: sqlite3.Connection, output: Output, plan: Plan) -> None:
    """Takes out the letters of former generations that this one has settled."""
    anew = _of_documents(plan) and plan.filters == EVERYTHING and plan.limit is None
    if anew and not output.left(plan):
        base.execute(
            "DELETE FROM live WHERE file = ? AND number IS NULL", (_key(plan.files[0].path),)
        )
    for commit in output.commits(plan.generation):
        if base.execute("SELECT 1 FROM live").fetchone() is None:
            return
        ids = ((each,) for each in output.row_ids(commit))
        base.executemany("DELETE FROM live WHERE id = ?", ids)
        if plan.kind != "failed":
            _take(base, plan, plan.shards[commit.shard])


def _take(base: sqlite3.Connection, plan: Plan, shard: Shard) -> None:
    """Takes out the letters of the records that a shard read from the input again."""
    name = _key(plan.files[shard.file].name)
    found = base.execute(
        "SELECT number FROM live WHERE file = ? AND number BETWEEN ? AND ?",
        (name, shard.first, shard.last),
    ).fetchall()
    taken = [(name, number) for (number,) in found if shard.takes(number)]
    base.executemany("DELETE FROM live WHERE file = ? AND number = ?", taken)


def _of_documents(plan: Plan) -> bool:
    return any(file.kind == "documents" for file in plan.files)


def _key(name: str) -> bytes:
    """A name as the database takes it: that of a file need not be UTF-8."""
    return name.encode("utf-8", "surrogateescape")
