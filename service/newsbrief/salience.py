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
from itertools import accumulate

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
    return _StemOf().all_in(text)


def overlap(a: frozenset[str], b: frozenset[str]) -> float:
    """The share of the smaller set that the larger one holds, 0 to 1."""
    return len(a & b) / (min(len(a), len(b)) or 1)


class Salience:
    """Worth of words within one article."""

    def __init__(self, sentences: Sequence[str], headline: str | None = None) -> None:
        self._stem_of = _StemOf()
        self._stems: dict[str, frozenset[str]] = {}
        used_by = Counter(stem for sentence in sentences for stem in self.stems(sentence))
        self._worth = {stem: math.log(count) for stem, count in used_by.items() if count > 1}
        for stem in self.stems(headline or ""):  # it weighs as much as e sentences more
            self._worth[stem] = self._worth.get(stem, 0.0) + 1.0

    def stems(self, text: str) -> frozenset[str]:
        """As the function `stems`, but quicker with the sentences and words of the article."""
        if text not in self._stems:
            self._stems[text] = self._stem_of.all_in(text)
        return self._stems[text]

    def worth(self, found: frozenset[str]) -> float:
        """What stems say of what the article is about; about 0 to 5."""
        return math.fsum(self._worths(found)) / math.sqrt(len(found) or 1)

    def most(self, found: frozenset[str]) -> float:
        """What they may be worth where any of them may go: `worth` of the best of their subsets."""
        best_first = accumulate(sorted(self._worths(found), reverse=True))
        return max((sum_ / math.sqrt(n) for n, sum_ in enumerate(best_first, 1)), default=0.0)

    def _worths(self, found: frozenset[str]) -> list[float]:
        return [self._worth[stem] for stem in found if stem in self._worth]


class _StemOf(dict[str, str]):
    """Words as they are written -> their stems, or nothing; filled as words are asked for."""

    def all_in(self, text: str) -> frozenset[str]:
        return frozenset(filter(None, map(self.__getitem__, _WORD.findall(text))))

    def __missing__(self, written: str) -> str:
        word = written.casefold().replace("’", "'").removesuffix("'s")
        tells = len(word) > 2 or not word.isascii() or word.isdigit()
        self[written] = stem = word[:_STEM_CHARS] if tells and word not in _STOPWORDS else ""
        return stem
