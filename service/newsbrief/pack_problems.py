"""What is wrong with a pack's text files, in words: file, key, what was expected."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

MAX_PROBLEMS = 8
MAX_VALUE_CHARS = 60
# Keys that hold one of several tables; pydantic names the table's kind after them.
UNIONS = {"source"}
TYPES = {
    "string_type": "text in quotes",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
}


def problems(path: Path, error: ValidationError) -> str:
    """One line if there is one problem, else a list of at most eight."""
    found = [line for detail in error.errors() for line in _lines(detail)]
    if len(found) == 1:
        return f"{path}: {found[0]}"
    more = [f"and {len(found) - MAX_PROBLEMS} more"] if len(found) > MAX_PROBLEMS else []
    return "\n  ".join([f"{path} has {len(found)} problems:", *found[:MAX_PROBLEMS], *more])


def _lines(detail: ErrorDetails) -> list[str]:
    key, context = _key(detail["loc"]), detail.get("ctx", {})
    kind, value = detail["type"], detail["input"]
    match kind:
        case "missing":
            return [f"{key}: is missing"]
        case "extra_forbidden":
            return [f"{key}: is not a key that this table has"]
        case "union_tag_not_found":
            return [f"{key}.kind: is missing"]
        case "union_tag_invalid":
            return [f"{key}.kind: must be one of {context['expected_tags']}"]
        case "literal_error":
            expected = f"must be {context['expected']}"
        case "greater_than_equal":
            expected = f"must be at least {context['ge']}"
        case "less_than_equal":
            expected = f"must be at most {context['le']}"
        case "string_too_short" | "too_short":
            return [f"{key}: must not be empty"]
        case "json_invalid":
            return [f"is not valid JSON: {context['error']}"]
        case "value_error":
            said = str(context["error"])
            if not key:
                return said.splitlines()
            expected = said
        case _ if kind in TYPES:
            expected = f"must be {TYPES[kind]}"
        case _:
            expected = detail["msg"][:1].lower() + detail["msg"][1:]
    return [f"{key}: {expected}, not {_shown(value)}"]


def _key(places: Sequence[int | str]) -> str:
    """`models.zle.files[0].sha256`, as it would be written in the file."""
    key = ""
    for index, place in enumerate(places):
        if isinstance(place, int):
            key += f"[{place}]"
        elif place != "[key]" and not (index and places[index - 1] in UNIONS):
            key += f".{place}" if key else place
    return key


def _shown(value: object) -> str:
    text = repr(value) if isinstance(value, (str, int, float, bool)) else type(value).__name__
    return text if len(text) <= MAX_VALUE_CHARS else f"{text[:MAX_VALUE_CHARS]}…"
