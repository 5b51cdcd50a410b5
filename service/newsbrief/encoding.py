"""What a backfill writes, as bytes: JSON, lines of it, and Parquet."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from newsbrief.parquet import table_bytes
from newsbrief.rows import Failure

_ID_FIRST = '{"id":'  # how each row begins, so that ids are read without the rest
_JSON = json.JSONDecoder()


def as_json(data: Any, indent: int | None = None) -> bytes:
    """One value in UTF-8; what JSON does not know becomes text."""
    separators = None if indent else (",", ":")
    text = json.dumps(data, ensure_ascii=False, separators=separators, indent=indent, default=str)
    return text.encode("utf-8", "backslashreplace")  # a lone surrogate becomes its JSON escape


def as_lines(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Rows, one a line, each with its id first."""
    return b"".join(as_json({"id": row["id"], **row}) + b"\n" for row in rows)


def as_letters(failures: Iterable[Failure]) -> bytes:
    """Dead letters, one a line."""
    letters = (
        {
            "id": failure.id,
            "place": failure.place,
            "reason": failure.reason,
            "message": failure.message,
            # What tables hold and JSON does not: dates become text, not-a-number becomes null.
            "row": json.loads(as_json(failure.raw), parse_constant=lambda _: None),
        }
        for failure in failures
    )
    return b"".join(as_json(letter) + b"\n" for letter in letters)


def as_table(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Rows as a Parquet file, each brief as JSON text."""
    return table_bytes([{**row, "brief": as_json(row["brief"]).decode()} for row in rows])


def ids_in(text: str) -> Iterator[str]:
    """The ids of rows that `as_lines` wrote."""
    for line in text.split("\n")[:-1]:
        yield _JSON.raw_decode(line, len(_ID_FIRST))[0]
