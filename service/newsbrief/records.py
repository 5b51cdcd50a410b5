"""Input files -> records, in order, from any place on; a bad row is a record with a problem."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from newsbrief.csv_table import read_csv
from newsbrief.errors import InputError
from newsbrief.inputs import Document, InputFile, list_documents
from newsbrief.lines import LONGEST, Line, read_lines
from newsbrief.parquet import DamagedError, read_table
from newsbrief.parsing import ProblemError, decode, parse_object, too_large
from newsbrief.storage import read_whole
from newsbrief.streams import is_damage, opened

Problem = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Record:
    """One row of an input file.

    `place` names it for people (`name.jsonl#17`, of a document its name alone). `number` counts
    from 1: lines of JSONL (blank ones too, though they are no records), else records. `seek` is
    where `read_records` can begin again: an offset in bytes, after decompression, of lines; the
    number of records before it otherwise. `raw` is None where it can't be read; then `problem`
    says why: a stable reason and a message without any of the text. The reasons are
    `invalid-json`, `invalid-utf8`, `not-an-object`, `too-large`, `ragged` and `invalid-csv` of
    tables, and `damaged` for all that follows in a file that can't be read on.
    """

    place: str
    number: int
    seek: int
    raw: Mapping[str, Any] | None
    problem: Problem | None = None


def read_records(
    file: InputFile, *, seek: int = 0, first: int = 1, only: Collection[str] | None = None
) -> Iterator[Record]:
    """The records of a file, from the place and number that a former `Record` gave.

    `only` names the fields (at the top) that are needed, where leaving others out saves reading.
    A damaged file (cut off, or with bytes that can't be decompressed) ends in a record with the
    problem `damaged`. Raises `InputError` when the file is gone, and what `storage.telling` raises.
    """
    try:
        if file.kind == "parquet":
            yield from _read_parquet(file, seek, only)
        elif file.kind == "documents":
            yield from _read_documents(file, seek, only)
        elif file.kind == "csv":
            yield from _read_csv(file, seek, first)
        else:
            yield from _read_jsonl(file, seek, first)
    except FileNotFoundError as error:
        raise InputError("input", f"{file.path} is gone") from error


def _read_jsonl(file: InputFile, seek: int, first: int) -> Iterator[Record]:
    number = first
    try:
        with opened(file, seek) as stream:
            for line in read_lines(stream, seek):
                data = line.data
                if data is None or (data and not data.isspace()):
                    yield _from_line(file, number, line)
                number, seek = number + 1, line.end
    except Exception as error:
        if not is_damage(file, error):
            raise
        yield _damaged(file, number, seek)


def _from_line(file: InputFile, number: int, line: Line) -> Record:
    place = f"{file.name}#{number}"
    try:
        if line.data is None:
            raise too_large("a line", line.end - line.start)
        raw = parse_object(line.data)
    except ProblemError as error:
        return Record(place, number, line.start, None, error.problem)
    if file.kind == "failed":
        problem = None if raw["row"] else (raw["reason"], raw["message"])
        return Record(raw["place"], number, line.start, raw["row"], problem)
    return Record(place, number, line.start, raw)


def _read_csv(file: InputFile, seek: int, first: int) -> Iterator[Record]:
    number = first
    try:
        for row in read_csv(file, seek):
            yield Record(f"{file.name}#{number}", number, row.start, row.raw, row.problem)
            number, seek = number + 1, row.end
    except Exception as error:
        if not is_damage(file, error):
            raise
        yield _damaged(file, number, seek)


def _read_documents(file: InputFile, seek: int, only: Collection[str] | None) -> Iterator[Record]:
    documents = list_documents(file)
    for index in range(seek, len(documents)):
        document = documents[index]
        raw, problem = None, None
        try:
            raw = _read_document(document, only)
        except ProblemError as error:
            problem = error.problem
        yield Record(document.name, index + 1, index, raw, problem)


def _read_document(document: Document, only: Collection[str] | None) -> Mapping[str, Any]:
    if document.size > LONGEST:
        raise too_large("a document", document.size)
    named: dict[str, Any] = {"id": document.name}
    field = {".txt": "body", ".json": ""}.get(document.ending, "body_html")
    if field and only is not None and field not in only:
        return named
    data = read_whole(document.path)
    return named | ({field: decode(data)} if field else parse_object(data))


def _read_parquet(file: InputFile, seek: int, only: Collection[str] | None) -> Iterator[Record]:
    number = seek + 1
    try:
        for raw in read_table(file.path, seek, only):
            yield Record(f"{file.name}#{number}", number, number - 1, raw)
            number += 1
    except DamagedError:
        yield _damaged(file, number, number - 1)


def _damaged(file: InputFile, number: int, seek: int) -> Record:
    message = "from here on the file can't be read: it is cut off or damaged"
    return Record(f"{file.name}#{number}", number, seek, None, ("damaged", message))
