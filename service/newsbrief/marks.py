"""Brackets and quotation marks: which a text has, and whether each has its partner."""

from __future__ import annotations

import re

_PAIRED = re.compile(r"[()\[\]“”«»\"]")
_SINGLE = re.compile(r"['‘’]")
# What stands before a mark is looked at last: a search for one of few characters is quick.
_OPENED = re.compile(r"['‘](?=\w)(?<![^\s(\[“\"—–-].)")
_CLOSED = re.compile(r"['’](?!\w)(?<=\w.)")
_ENDED = re.compile(r"['’](?<=[.,!?].)")  # never an apostrophe


def marks_of(text: str) -> str:
    """The marks of a text as a string of its own; empty for most.

    Texts set one behind the other, with a blank between them, have the marks of the one followed by
    the marks of the other. Of single marks "o" opens, "c" may close or be an apostrophe, and "e"
    closes; apostrophes inside a word are none.
    """
    found = "".join(_PAIRED.findall(text))
    if _SINGLE.search(text):
        found += "o" * len(_OPENED.findall(text))
        found += "c" * len(_CLOSED.findall(text))
        found += "e" * len(_ENDED.findall(text))
    return found


def is_quoted(text: str, place: int) -> bool:
    """Whether a place lies within double quotation marks."""
    if text.count('"', 0, place) % 2:
        return True
    return text.count("“", 0, place) > text.count("”", 0, place)


def are_paired(marks: str) -> bool:
    """Whether each has its partner, which for some may be an apostrophe."""
    if not marks:
        return True
    if any(marks.count(a) != marks.count(b) for a, b in ("()", "[]", "“”", "«»")):
        return False
    if marks.count('"') % 2:
        return False
    opened, ended = marks.count("o"), marks.count("e")
    return ended <= opened <= ended + marks.count("c")


def is_balanced(text: str) -> bool:
    """Whether every quotation mark and bracket has its partner; apostrophes are let pass."""
    return are_paired(marks_of(text))
