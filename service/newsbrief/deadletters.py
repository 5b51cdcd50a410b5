"""Dead letters that are still open: failures that no later generation of the run has settled."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from newsbrief.planned import Plan, Shard
from newsbrief.shards import Output


def live_failures(output: Output) -> Iterator[dict[str, Any]]:
    """The open dead letters, in the order of their places in the output.

    One is settled by a row of its id, a newer letter of its place, or a shard that took the place
    anew from the input; each in a later generation. Memory does not grow with their number.
    """
    with closing(sqlite3.connect("", isolation_level=None)) as base:
        base.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; CREATE TABLE live ("
            " place TEXT UNIQUE ON CONFLICT REPLACE, file TEXT, number INT, id TEXT, letter TEXT);"
            "CREATE INDEX by_id ON live (id); CREATE INDEX by_number ON live (file, number);"
        )
        for plan in output.plans():
            _settle(base, output, plan)
            for commit in output.commits(plan.generation):
                for letter in output.letters(commit):
                    _add(base, letter)
        for (letter,) in base.execute("SELECT letter FROM live ORDER BY rowid"):
            yield json.loads(letter)


def _add(base: sqlite3.Connection, letter: dict[str, Any]) -> None:
    file, _, number = letter["place"].rpartition("#")
    base.execute(
        "INSERT INTO live VALUES (?, ?, ?, ?, ?)",
        (letter["place"], file, number, letter["id"], json.dumps(letter)),
    )


def _settle(base: sqlite3.Connection, output: Output, plan: Plan) -> None:
    """Takes out the letters of former generations that this one has settled."""
    for commit in output.commits(plan.generation):
        if base.execute("SELECT 1 FROM live").fetchone() is None:
            return
        ids = ((each,) for each in output.row_ids(commit))
        base.executemany("DELETE FROM live WHERE id = ?", ids)
        if plan.kind != "failed":
            _take(base, plan, plan.shards[commit.shard])


def _take(base: sqlite3.Connection, plan: Plan, shard: Shard) -> None:
    """Takes out the letters of the records that a shard read from the input again."""
    name = plan.files[shard.file].name
    found = base.execute(
        "SELECT number FROM live WHERE file = ? AND number BETWEEN ? AND ?",
        (name, shard.first, shard.last),
    ).fetchall()
    taken = [(name, number) for (number,) in found if shard.takes(number)]
    base.executemany("DELETE FROM live WHERE file = ? AND number = ?", taken)
