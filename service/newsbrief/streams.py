"""Input files as streams of bytes: decompressed, from any place on."""

from __future__ import annotations

import lzma
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

from newsbrief.inputs import InputFile
from newsbrief.lines import BLOCK
from newsbrief.storage import open_url


@contextmanager
def opened(file: InputFile, seek: int) -> Iterator[BinaryIO]:
    """The file, decompressed, at offset `seek`; what lies before is passed over or read past."""
    files, path = open_url(file.path)
    with files.open(path, "rb", compression=file.compression) as found:
        stream = cast("BinaryIO", found)
        if file.compression is None:
            stream.seek(seek)
        else:
            while seek > 0 and (passed := stream.read(min(seek, BLOCK))):
                seek -= len(passed)
        yield stream


def is_damage(file: InputFile, error: Exception) -> bool:
    """Whether it was the decompression that failed, not the storage."""
    if file.compression is None:
        return False
    if isinstance(error, OSError):
        return error.errno is None and not isinstance(error, TimeoutError | ConnectionError)
    return isinstance(error, EOFError | zlib.error | lzma.LZMAError)
