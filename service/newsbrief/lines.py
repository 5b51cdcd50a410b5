"""Lines of a stream with their places; one that is longer than a limit is never held whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple

LONGEST = 16 * 1024 * 1024  # bytes of a line; an article of a novel's length has one or two million
BLOCK = 1024 * 1024


class Line(NamedTuple):
    """Bytes `start` to `end` of the stream, newline included; `data` is without it.

    `data` is None for a line longer than `LONGEST`.
    """

    start: int
    end: int
    data: bytes | None


def read_lines(stream: BinaryIO, start: int = 0) -> Iterator[Line]:
    """The lines of a stream that stands at `start`, ended by a newline or the stream's end."""
    read: Callable[[int], bytes] = getattr(stream, "read1", stream.read)
    held = b""  # the beginning of a line that goes on in the next block
    passed = 0  # bytes of the line given up as too long
    while block := read(BLOCK):
        lines = (held + block).split(b"\n")
        held = lines.pop()
        for line in lines:
            end = start + passed + len(line) + 1
            yield Line(start, end, None if passed or len(line) > LONGEST else line)
            start, passed = end, 0
        if passed or len(held) > LONGEST:
            passed, held = passed + len(held), b""
    if held or passed:
        yield Line(start, start + passed + len(held), None if passed else held)
