"""Forms of one word: what two words that begin alike end in."""

from __future__ import annotations

from itertools import takewhile

MIN_STEM = 4  # letters that forms of a word share, at least
LOOSE_ENDING = 3  # letters; any ending so short may be another form's


def endings(word: str, other: str) -> tuple[str, str]:
    """What either word has after their common beginning."""
    stem = sum(1 for _ in takewhile(_equal, zip(word, other, strict=False)))
    return word[stem:], other[stem:]


def alike(word: str, other: str) -> bool:
    """Whether two words that share `MIN_STEM` letters may be forms of one, in any language."""
    return max(map(len, endings(word, other))) <= LOOSE_ENDING


def _equal(letters: tuple[str, str]) -> bool:
    return letters[0] == letters[1]
