"""A headline In Title Case -> written as a sentence, by the body's own words.

Translators learn from sentences: "Government to Cut Taxes" is all names to them.
"""

from __future__ import annotations

import re

from newsbrief.word_forms import MIN_STEM, alike

_LONG = 4  # letters; shorter words have small letters in many title cases
_FEWEST = 3  # long words, for a headline to be told from a few names
_MOST_FORMS = 500  # words that begin alike: an article has a few
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SENTENCE_START = re.compile(r"(?:^|[.!?:…\n])[\s\"'“”‘’«(–—-]*$")
_LITTLE = frozenset(
    """a about after against ahead all amid an and are as at be been before but by can despite do
    during for from has have he her his how if in into is it its may more near no not of off on one
    or our out over says she so than that the their they this through to two under until up
    was we were what when where which while who why will with without you""".split()
)


def sentence_case(headline: str, body: str) -> str:
    """The headline with small letters, if every long word has a capital; otherwise as it is.

    A word keeps its capital if it is the first, if the body has it with a capital inside a
    sentence, if it has other capitals (NATO, McAllister), or if the body has no form of it with a
    small letter: then it may be a name. For English.
    """
    words = [match[0] for match in _WORD.finditer(headline)]
    long = [word for word in words if len(word) >= _LONG and word.lower() not in _LITTLE]
    if len(long) < _FEWEST or not all(word[0].isupper() for word in long) or headline.isupper():
        return headline
    known = _Words(body)

    def written(match: re.Match[str]) -> str:
        word = match[0]
        small = word[0].lower() + word[1:]
        if match.start() == 0 or not small.islower():
            return word
        return small if small in _LITTLE or known.is_common(word) else word

    return _WORD.sub(written, headline)


class _Words:
    """The words of a text that have a small letter, and those with a capital inside a sentence."""

    def __init__(self, text: str) -> None:
        self._names: set[str] = set()
        self._small: dict[str, set[str]] = {}
        for match in _WORD.finditer(text):
            word = match[0]
            if word.islower():
                alike_begun = self._small.setdefault(word[:MIN_STEM], set())
                if len(alike_begun) < _MOST_FORMS:
                    alike_begun.add(word)
            elif not _SENTENCE_START.search(text[max(0, match.start() - 8) : match.start()]):
                self._names.add(word)

    def is_common(self, word: str) -> bool:
        if word in self._names:
            return False
        small = word.lower()
        return any(alike(small, other) for other in self._small.get(small[:MIN_STEM], ()))
