"""Finds words that have opposites, and which side of which scale they are on: rose, up."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from newsbrief.opposites_deeds import DEEDS
from newsbrief.opposites_states import STATES

# How the tables are written. Sides are parted by "//". Before a "|" stand the words that are sure
# to be on the side, behind it those that may be: they only keep a contradiction from being seen.
# Words behind a "~" are on no side, though they begin as one that is: 상승률 is a rate, not a rise.
# English words are whole ("+" stands for the regular endings of a verb), Korean ones are parts of
# words, Russian and Ukrainian ones how words begin ("$" is the word's end); "_" is a blank, and
# before a Korean one a word's beginning. Inside a longer word a Korean one is not sure: 받아들
# (accept) holds 아들 (son), and what is often met there stands in the table: 재정적자.
_SIDE, _DOUBTFUL, _NEITHER, _END, _BLANK, _REGULAR = "//", "|", "~", "$", "_", "+"
_NO_SIDE = -1


class Sided(NamedTuple):
    """A word that is on one side of a scale; one that is not `sure` may be."""

    scale: str
    side: int
    sure: bool


class Found(NamedTuple):
    """Such a word in a text, at `start` to `end` (code points)."""

    side: int
    sure: bool
    start: int
    end: int


class _Reader:
    """Finds one language's words of one scale in time linear in the text."""

    def __init__(self, words: Mapping[str, Sequence[Sided]], korean: bool) -> None:
        self._whole = {word[:-1]: sided for word, sided in words.items() if word.endswith(_END)}
        self._begun = {word.lstrip(): sided for word, sided in words.items() if word[-1] != _END}
        longest_first = sorted(words, key=lambda word: (-len(word.strip(f" {_END}")), -len(word)))
        alternatives = "|".join(map(_pattern, longest_first))
        self._pattern = re.compile(alternatives if korean else rf"\b(?:{alternatives})")

    def find(self, text: str) -> list[Found]:
        found = []
        for match in self._pattern.finditer(text):
            start, end = match.span()
            goes_on = text[end : end + 1].isalnum()
            sided = None if goes_on else self._whole.get(match[0])
            inside = start > 0 and "가" <= text[start - 1] <= "힣"
            found += [
                Found(side, sure and not inside, start, end)
                for _, side, sure in sided or self._begun[match[0]]
                if side != _NO_SIDE
            ]
        return found


def _pattern(word: str) -> str:
    pattern = re.escape(word.lstrip()).replace(r"\$", r"\b")
    # A search that begins with letters is quicker than one that begins with what may not stand.
    return rf"{pattern}(?<![가-힣]{pattern})" if word.startswith(" ") else pattern


def _forms(word: str) -> Sequence[str]:
    if not word.endswith(_REGULAR):
        return (word,)
    stem = word[:-1]
    if stem.endswith("e"):
        return stem, f"{stem}s", f"{stem}d", f"{stem[:-1]}ing"
    if stem.endswith("y") and stem[-2] not in "aeiou":
        return stem, f"{stem[:-1]}ies", f"{stem[:-1]}ied", f"{stem}ing"
    plural = "es" if stem.endswith(("s", "sh", "ch", "x")) else "s"
    return stem, stem + plural, f"{stem}ed", f"{stem}ing"


def _parse(scale: str, table: str) -> dict[str, dict[str, list[Sided]]]:
    """Language -> its words; one word may be on both sides."""
    languages: dict[str, dict[str, list[Sided]]] = {}
    words: dict[str, list[Sided]] = {}
    side, sure = 0, True
    for token in table.split():
        if token.endswith(":"):
            words = languages[token[:-1]] = {}
            side, sure = 0, True
        elif token == _SIDE:
            side, sure = side + 1, True
        elif token == _DOUBTFUL:
            sure = False
        elif token == _NEITHER:
            side, sure = _NO_SIDE, False
        else:
            for form in _forms(token):
                words.setdefault(form.replace(_BLANK, " "), []).append(Sided(scale, side, sure))
    return languages


TABLES: Mapping[str, Mapping[str, Mapping[str, Sequence[Sided]]]] = {
    scale: _parse(scale, table) for scale, table in {**DEEDS, **STATES}.items()
}
"""Name of a scale -> language -> its words, as they are written in the tables."""


@cache
def _reader(scale: str, language: str) -> _Reader:
    return _Reader(TABLES[scale][language], language == "ko")


def _collected() -> dict[str, list[Sided]]:
    collected: dict[str, list[Sided]] = {}
    for languages in TABLES.values():
        for word, sided in languages["en"].items():
            collected.setdefault(word, []).extend(sided)
    return collected


ENGLISH: Mapping[str, Sequence[Sided]] = _collected()
"""English words, in small letters -> what they may say."""

SIDES: Mapping[str, int] = {
    scale: 1 + max(side for sided in languages["en"].values() for _, side, _ in sided)
    for scale, languages in TABLES.items()
}
"""Name of a scale -> how many sides it has."""


def find_sides(text: str, scale: str, language: str) -> list[Found]:
    """The words of a Korean, Russian or Ukrainian text, in small letters, on either side."""
    return _reader(scale, language).find(text)
