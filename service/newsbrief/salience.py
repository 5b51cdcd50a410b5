"""What an article is about, told by which words its sentences keep coming back to.

A word is worth the logarithm of the number of sentences that use it (Luhn 1958; SumBasic, Nenkova
and Vanderwende 2005), a text the sum over its words, divided by the square root of their number so
that length alone wins nothing. Any language: a stem is a word's first letters.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

_STEM_CHARS = 6
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_STOPWORDS = frozenset(
    "about above after again against all also and any are because been before being below between"
    " both but can could did does doing down during each few for from further had has have having"
    " her here hers him his how into its itself just more most new not now off once one only other"
    " our ours out over own same said say says she should some such than that the their theirs them"
    " then there these they this those through too two under until very was were what when where"
    " which while who whom why will with would year years you your mr mrs ms first last people told"
    " according".split()
)


def stems(text: str) -> frozenset[str]:
    """The stems of the content words: no English function words, nothing under three letters."""
    words = (word.casefold().replace("’", "'").removesuffix("'s") for word in _WORD.findall(text))
    return frozenset(
        word[:_STEM_CHARS]
        for word in words
        if word not in _STOPWORDS and (len(word) > 2 or not word.isascii() or word.isdigit())
    )


def overlap(a: frozenset[str], b: frozenset[str]) -> float:
    """The share of the smaller set that the larger one holds, 0 to 1."""
    return len(a & b) / (min(len(a), len(b)) or 1)


class Salience:
    """Worth of words within one article."""

    def __init__(self, sentences: Sequence[str], headline: str | None = None) -> None:
        used_by = Counter(stem for sentence in sentences for stem in stems(sentence))
        self._worth = {stem: math.log(count) for stem, count in used_by.items() if count > 1}
        for stem in stems(headline or ""):  # a headline's word weighs as much as e sentences more
            self._worth[stem] = self._worth.get(stem, 0.0) + 1.0

    def worth(self, found: frozenset[str]) -> float:
        """What stems say of what the article is about; about 0 to 5."""
        return sum(self._worth.get(stem, 0.0) for stem in found) / math.sqrt(len(found) or 1)
