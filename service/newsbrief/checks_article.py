"""Looks for a highlight's names and quotations in the article that it is about."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cached_property

from newsbrief.word_forms import MIN_STEM, alike, endings

# A word with its dots, apostrophes and hyphens: "U.S.", "O'Neill", "Al-Shifa".
_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:['’-][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’]s?$")
_PARTS = re.compile(r"['’-]")
_SENTENCE_START = re.compile(r"(?:^|[.!?:…]\s+)[\"'“«‘(\s]*$")
_ARTICLES = frozenset({"the", "a", "an"})
_LITTLE = frozenset({"and", "of", "the", "for", "in", "on", "to"})  # inside "Ministry of Defence"

# By these an English word may differ from the form in the article: Russia, Russian, Russians.
_ENDINGS = frozenset(
    ["", *"s es e y n an ian ean ese i ish ic a ns ans ians is ies ed d er ers ing al ern".split()]
)
_RELATED = tuple(  # forms of one name that begin differently
    frozenset(group.split())
    for group in (
        "french france", "dutch netherlands holland", "spanish spain", "polish poland poles pole",
        "danish denmark danes dane", "swiss switzerland", "irish ireland", "welsh wales",
        "scottish scotland scots", "finnish finland finns", "thai thailand", "norwegian norway",
        "filipino philippines philippine", "peruvian peru", "greek greece greeks", "kyiv kiev",
        "uk britain british britons", "us america american americans usa", "icelandic iceland",
        "eu europe european", "argentine argentina argentinian",
    )
)  # fmt: skip

_QUOTED = re.compile(
    r"“([^”“]{2,})”|«([^»«]{2,})»|„([^“”„]{2,})[“”]|\"([^\"]{2,})\""
    r"|(?<!\w)[‘']((?:[^‘’']|(?<=\w)['’](?=\w)){2,})['’](?!\w)"
)
_LEFT_OUT = re.compile(r"\.\.\.|…|\[[^\]]*\]")
_MARKS = re.compile(r"[’'‘ʼ`]")
_PLAIN_WORD = re.compile(r"[^\W_]+")


class Wording:
    """What an article is worded with; it is read once, when a highlight says what is not near."""

    def __init__(self, text: str, language: str) -> None:
        self._text = text
        self._names = _Names(text, language)

    @cached_property
    def _words(self) -> str:
        return _words(self._text)  # most highlights have no quotation

    def missing_names(self, highlight: str, sources: str) -> Iterator[tuple[int, int, bool]]:
        """Places of words with capitals that the article has in no form, and if surely names.

        What stands in `sources`, sentences of it, is not looked for in the rest.

        "NIS" is found in "National Intelligence Service", and the other way round. The first word
        of a sentence may be a name if the next has a capital too, and is one if the article has
        neither. In a highlight that has capitals throughout, names can't be told, and none is found
        missing.
        """
        matches = list(_WORD.finditer(highlight))
        capitalised = [any(map(str.isupper, match[0])) for match in matches]
        if sum(capitalised) > 0.7 * len(matches) and len(matches) > 5:
            return
        known, near = self._names, frozenset(_WORD.findall(sources))
        for index, match in enumerate(matches):
            word = _POSSESSIVE.sub("", match[0])
            if len(word) < 2 or not capitalised[index] or match[0] in near:
                continue
            first = _SENTENCE_START.search(highlight[max(0, match.start() - 8) : match.start()])
            if first:
                label = word.isupper() and highlight[match.end() : match.end() + 1] == ":"
                alone = index + 1 == len(matches) or not capitalised[index + 1]
                if label or (alone and not word.isupper()):
                    continue
            if known.has(match[0]):
                continue
            sure = not first or word.isupper() or not known.has(matches[index + 1][0])
            runs = (run for start, end, run in _runs(highlight) if start <= match.start() < end)
            if not any(map(known.abbreviates, runs)):
                yield match.start(), match.start() + len(word), sure

    def missing_quotes(self, highlight: str, sources: str) -> Iterator[tuple[int, int]]:
        """Places of the quotations that are not in the article word for word.

        Punctuation and capitals are not compared; "..." and "[...]" may stand for words left out.
        What stands in `sources`, sentences of it, is not looked for in the rest.
        """
        quotations = list(_QUOTED.finditer(highlight))
        near = _words(sources) if quotations else ""
        for match in quotations:
            pieces = map(_words, _LEFT_OUT.split(match[match.lastindex or 0]))
            if not all(p.isspace() or p in near or p in self._words for p in pieces):
                yield match.span()


class _Names:
    """Which words a text has, by their beginnings, and the initials of its names.

    Most names are found as they are written; what is needed for the others is read then.
    """

    def __init__(self, text: str, language: str) -> None:
        self._text = text
        self._loose = language != "en"

    @cached_property
    def _written(self) -> frozenset[str]:
        return frozenset(_WORD.findall(self._text))

    @cached_property
    def _by_stem(self) -> dict[str, set[str]]:
        by_stem: dict[str, set[str]] = {}
        for written in self._written:
            word = _plain(_POSSESSIVE.sub("", written))
            for part in {word, *_PARTS.split(word)}:
                by_stem.setdefault(part[:MIN_STEM], set()).add(part)
        return by_stem

    @cached_property
    def _abbreviations(self) -> frozenset[str]:
        return frozenset(
            _plain(_POSSESSIVE.sub("", written)).upper()
            for written in self._written
            if written[:2].isupper() or written[1:2] == "."
        )

    @cached_property
    def _initials(self) -> frozenset[str]:
        return frozenset(initials for _, _, initials in _runs(self._text))

    def has(self, written: str) -> bool:
        """Whether the text has a word of a highlight, in any form."""
        if written in self._written:
            return True
        name = _POSSESSIVE.sub("", written)
        word = _plain(name)
        if self._has_form(word) or any(
            word in group and any(map(self._has_word, group)) for group in _RELATED
        ):
            return True
        if name.isupper() or "." in name:
            return any(word.upper() in initials for initials in self._initials)
        parts = _PARTS.split(word)
        return len(parts) > 1 and all(map(self._has_form, parts))

    def abbreviates(self, initials: str) -> bool:
        """Whether the text has some of a longer name's initials, in a row, as an abbreviation."""
        return any(
            initials[start:end] in self._abbreviations
            for start in range(len(initials) - 1)
            for end in range(start + 2, len(initials) + 1)
        )

    def _has_word(self, word: str) -> bool:
        return word in self._by_stem.get(word[:MIN_STEM], ())

    def _has_form(self, word: str) -> bool:
        if self._has_word(word):
            return True
        if len(word) < MIN_STEM:
            return False
        return any(self._same(word, other) for other in self._by_stem.get(word[:MIN_STEM], ()))

    def _same(self, word: str, other: str) -> bool:
        if self._loose:
            return alike(word, other)
        return all(ending in _ENDINGS for ending in endings(word, other))


def _runs(text: str) -> Iterator[tuple[int, int, str]]:
    """Names of several words: start, end, initials; "of" and the like may stand inside."""
    start, end, initials = 0, 0, ""
    for match in _WORD.finditer(text):
        word = match[0]
        if not initials and word.lower() in _ARTICLES:
            continue
        gap = text[end : match.start()]
        if initials and gap.strip() == "" and word in _LITTLE:
            end = match.end()
            continue
        if not initials or gap.strip() != "" or not word[0].isupper():
            if len(initials) > 1:
                yield start, end, initials
            start, initials = match.start(), ""
        if word[0].isupper():
            initials += "".join(part[0] for part in word.split("-") if part)
        end = match.end()
    if len(initials) > 1:
        yield start, end, initials


def _plain(word: str) -> str:
    """Small letters without accents and dots."""
    if not word.isascii():
        letters = unicodedata.normalize("NFKD", word)
        word = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return word.lower().replace(".", "")


def _words(text: str) -> str:
    """The words alone, each between spaces."""
    return f" {' '.join(_PLAIN_WORD.findall(_MARKS.sub('', text).lower()))} "
