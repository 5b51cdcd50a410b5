"""Input files as streams of bytes: decompressed, from any place on."""

from __future__ import annotations

import lzma
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

from fsspec.compression import compr

from newsbrief.inputs import InputFile
from newsbrief.lines import BLOCK
from newsbrief.storage import open_file


@contextmanager
def opened(file: InputFile, seek: int) -> Iterator[BinaryIO]:
    """The file, decompressed, at offset `seek`; what lies before is passed over or read past."""
    with open_file(file.path) as stored:
        if file.compression is None:
            stored.seek(seek)
            yield cast("BinaryIO", stored)
            return
        with compr[file.compression](stored, mode="r") as stream:
            while seek > 0 and (passed := stream.read(min(seek, BLOCK))):
                seek -= len(passed)
            yield stream


def is_damage(file: InputFile, error: Exception) -> bool:
    """Whether it was the decompression that failed, not the storage."""
    if file.compression is None or isinstance(error, FileNotFoundError):
        return False
    return isinstance(error, OSError | EOFError | zlib.error | lzma.LZMAError)
