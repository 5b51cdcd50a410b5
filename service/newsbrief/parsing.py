"""Bytes -> an object with named fields, or the problem that its record has."""

from __future__ import annotations

import json
from typing import Any

from newsbrief.lines import LONGEST

DEEPEST = 50  # objects and lists within each other

BOM = b"\xef\xbb\xbf"


class ProblemError(Exception):
    """A record that can't be read: `problem` is a stable reason and a message."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.problem = (reason, message)


def decode(data: bytes) -> str:
    """UTF-8 as text, less a byte order mark. Raises `ProblemError`."""
    try:
        return data.removeprefix(BOM).decode()
    except UnicodeDecodeError as error:
        byte = error.object[error.start]
        raise ProblemError(
            "invalid-utf8", f"is not UTF-8 text: byte {byte:#04x} at offset {error.start}"
        ) from None


def parse_object(data: bytes) -> dict[str, Any]:
    """A JSON object, as RFC 8259 has it. Raises `ProblemError`."""
    text = decode(data)
    try:
        raw = _JSON.decode(text)
    except json.JSONDecodeError as error:
        raise ProblemError(
            "invalid-json", f"is not JSON: {error.msg} at character {error.pos + 1}"
        ) from None
    except ValueError:
        raise ProblemError(
            "invalid-json", "is not JSON: a number that is none, or too big"
        ) from None
    except RecursionError:
        raise _too_deep() from None
    if not isinstance(raw, dict):
        raise ProblemError("not-an-object", "is JSON, but not an object with named fields")
    if text.count("{") + text.count("[") > DEEPEST and _is_deep(raw):
        raise _too_deep()
    return raw


def _is_deep(raw: Any) -> bool:
    """Whether writing the value could exhaust the stack, as reading it may have nearly done."""
    level = [raw]
    for _ in range(DEEPEST):
        level = [
            inner
            for value in level
            for inner in (value.values() if isinstance(value, dict) else value)
            if isinstance(inner, dict | list)
        ]
    return bool(level)


def _too_deep() -> ProblemError:
    return ProblemError("invalid-json", f"is JSON nested more than {DEEPEST} levels deep")


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError
    return number


def _no_constant(_: str) -> float:
    raise ValueError  # NaN and Infinity are not JSON, though Python writes and reads them


_JSON = json.JSONDecoder(parse_float=_finite, parse_constant=_no_constant)


def too_large(what: str, size: int) -> ProblemError:
    """The problem of what has more than `LONGEST` bytes."""
    return ProblemError("too-large", f"{what} of {size} bytes; at most {LONGEST}")
