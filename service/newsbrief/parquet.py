"""Parquet tables, which need the `parquet` extra: rows read from any place on, rows written."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from importlib.util import find_spec
from typing import Any

from newsbrief.errors import ConfigurationError
from newsbrief.storage import open_file

ROWS_AT_ONCE = 256
READ_AHEAD = 1024 * 1024  # bytes of each column; otherwise pyarrow reads all of a row group


# What pyarrow raises for a value that Python's types have no room for.
_UNFIT = ValueError, OverflowError, LookupError, NotImplementedError


class DamagedError(Exception):
    """The file is no Parquet, or not whole."""


def check_installed() -> None:
    """Raises `ConfigurationError` where the extra is not installed."""
    if find_spec("pyarrow") is None:
        raise ConfigurationError("Parquet needs the extra 'parquet' of Newsbrief")


def read_table(
    url: str, start: int = 0, only: Collection[str] | None = None
) -> Iterator[dict[str, Any]]:
    """The rows from number `start` (from 0) on, with all columns or `only` some.

    Row groups before it are not read; of its own row group the rows before it are. Raises
    `DamagedError` where the file can't be read on, and what `open_file` raises. What Python can't
    hold is bytes (text that is not UTF-8), text (a date past the year 9999) or else None.
    """
    check_installed()
    import pyarrow
    import pyarrow.parquet

    with open_file(url, cache_type="none") as stream:  # pyarrow reads ahead by itself
        try:
            table = pyarrow.parquet.ParquetFile(stream, buffer_size=READ_AHEAD, pre_buffer=False)
            groups: list[int] = []
            for group in range(table.num_row_groups):
                rows = table.metadata.row_group(group).num_rows
                if not groups and start >= rows:
                    start -= rows
                else:
                    groups.append(group)
            if not groups:
                return
            names = None if only is None else [n for n in table.schema_arrow.names if n in only]
            for batch in table.iter_batches(ROWS_AT_ONCE, row_groups=groups, columns=names):
                if start < batch.num_rows:
                    yield from _rows(batch.slice(start))
                start = max(0, start - batch.num_rows)
        except FileNotFoundError:
            raise
        except (pyarrow.ArrowInvalid, OSError) as error:
            raise DamagedError(url) from error


def _rows(batch: Any) -> list[dict[str, Any]]:
    try:
        rows: list[dict[str, Any]] = batch.to_pylist()
        return rows
    except _UNFIT:  # one value spoils them all
        columns = [[_value(scalar) for scalar in column] for column in batch.columns]
        return [
            dict(zip(batch.schema.names, row, strict=True)) for row in zip(*columns, strict=True)
        ]


def _value(scalar: Any) -> Any:
    import pyarrow

    for kind in (None, pyarrow.string(), pyarrow.binary()):
        with suppress(*_UNFIT):
            return (scalar if kind is None else scalar.cast(kind)).as_py()
    return None


def table_bytes(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """A whole Parquet file of output rows: `id`, `pack`, `findings`, and `brief` as JSON."""
    check_installed()
    import pyarrow
    import pyarrow.parquet

    text, number = pyarrow.string(), pyarrow.int32()
    finding = {"code": text, "severity": text, "target": text, "part": text, "index": number}
    schema = pyarrow.schema(
        {
            "id": text,
            "pack": text,
            "findings": pyarrow.list_(pyarrow.struct(finding.items())),
            "brief": text,
        }
    )
    file = io.BytesIO()
    pyarrow.parquet.write_table(
        pyarrow.Table.from_pylist([dict(row) for row in rows], schema), file, compression="zstd"
    )
    return file.getvalue()
