"""Tables of text (CSV, TSV): rows with the names of the first line, from any place on."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from newsbrief.errors import InputError
from newsbrief.inputs import InputFile
from newsbrief.lines import LONGEST, Line, read_lines
from newsbrief.parsing import BOM, ProblemError, decode, too_large
from newsbrief.streams import opened


@dataclass(frozen=True, slots=True)
class CsvRow:
    """Bytes `start` to `end` of the file: the values by column, or the problem."""

    start: int
    end: int
    raw: dict[str, str] | None
    problem: tuple[str, str] | None


class _Lines:
    """The physical lines of a table of text, as `csv.reader` wants them, and beyond an error.

    `end` is the offset up to which lines were taken: where the next row begins.
    """

    def __init__(self, lines: Iterator[Line], end: int) -> None:
        self._lines = lines
        self.end = end

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.end = line.end
        if line.data is None:
            raise too_large("a line", line.end - line.start)
        data = line.data.removeprefix(BOM) if line.start == 0 else line.data
        return data.decode("utf-8", "surrogateescape") + "\n"


def read_csv(file: InputFile, seek: int) -> Iterator[CsvRow]:
    """The rows from offset `seek` on. Of a `.csv`, the first line tells comma, semicolon or tab.

    Raises `InputError` when that line does not name the columns.
    """
    csv.field_size_limit(LONGEST)  # of this process: Python has it nowhere else
    with opened(file, 0) as stream:
        delimiter, header, start = _read_header(file, stream)
    start = max(seek, start)
    with opened(file, start) as stream:
        lines = _Lines(read_lines(stream, start), start)
        table = csv.reader(lines, delimiter=delimiter, strict=True)
        while True:
            start, raw, problem = lines.end, None, None
            try:
                values = next(table)
                if not values:
                    continue
                raw = _cells(header, values)
            except StopIteration:
                return
            except csv.Error as error:
                problem = ("invalid-csv", f"is not CSV: {error}")
            except ProblemError as error:
                problem = error.problem
            yield CsvRow(start, lines.end, raw, problem)


def _read_header(file: InputFile, stream: BinaryIO) -> tuple[str, list[str], int]:
    """The delimiter, the names of the columns and where the first row begins."""
    lines = _Lines(read_lines(stream), 0)
    try:
        line = next(lines)
        delimiter = "\t" if file.ending == ".tsv" else max(",;\t", key=line.count)
        header = next(csv.reader([line], delimiter=delimiter, strict=True), [])
        decode(line.encode("utf-8", "surrogateescape"))
    except StopIteration:
        return ",", [], 0
    except (csv.Error, ProblemError) as error:
        raise InputError(
            "input", f"{file.path}: the first line names no columns: {error}"
        ) from error
    if not header or not all(header) or len({*header}) < len(header):
        raise InputError("input", f"{file.path}: the first line must name every column, each once")
    return delimiter, header, lines.end


def _cells(header: list[str], values: list[str]) -> dict[str, str]:
    if len(values) != len(header):
        raise ProblemError(
            "ragged", f"has {len(values)} columns, where the first line names {len(header)}"
        )
    try:
        "".join(values).encode()
    except UnicodeEncodeError:
        raise ProblemError("invalid-utf8", "is not UTF-8 text") from None
    return dict(zip(header, values, strict=True))
