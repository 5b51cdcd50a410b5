"""Compares the names of people in two texts: which became others, were lost or were added.

Of an English text and its Russian, Ukrainian or Korean translation. Names in Hangul can't be told
from other words, so in Korean only what was lost is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from newsbrief.article import Finding, Severity
from newsbrief.changed import changed
from newsbrief.institutions import FUNCTION_WORDS, is_common_cyrillic
from newsbrief.people import JOINED, LEAST_WEIGHT, WORD, Person, find_people
from newsbrief.places import hinted, places
from newsbrief.transcription import (
    ENDING,
    Sounds,
    blurred,
    cyrillic,
    distance,
    hangul,
    latin,
    weight,
)

LIMITS = {"ko": 0.26, "ru": 0.3, "uk": 0.3}
"""By language, the distance up to which a word may be a name's (`transcription.distance`).

Of 547 and 1,098 names of people in right Korean and Russian translations 99% and 93% are within,
of as many that were changed 40% and 13% (2026-11-23, pairs of `models.evaluation.names`). In Korean
any word may be the name, and is more easily taken for it.
"""

_LETTERS = r"[^\W\d_]"
_NO_NAME = re.compile(r"(?:^|[.!?:…—–-]|[\"“”«„(])\s*$")  # before a sentence, or a title
_CYRILLIC_NAME = re.compile(
    rf"(?<![\w'’ʼ-])(?:[а-яіїє]{{2,3}}-)?[А-ЯЁІЇЄҐ]{_LETTERS}{{2,}}(?:['’ʼ-]{_LETTERS}+)*"
)
_SIDE_BY_SIDE = re.compile(rf"(?<!\w)[А-ЯЁІЇЄҐ]{_LETTERS}+[ \u00a0][А-ЯЁІЇЄҐ]")
_HANGUL = re.compile("[가-힣]+")
_MOST, _LONGEST = 100, 2000  # names in the source, characters: comparing takes their product
PARTICLES = 6  # sounds that may follow a name in Korean: 으로부터는


class _Run(NamedTuple):
    """Words with a capital in a row, in a translation; no name sounds like the `strange` ones."""

    words: list[tuple[int, int]]
    strange: list[tuple[int, int]]

    @property
    def span(self) -> tuple[int, int]:
        return self.words[0][0], self.words[-1][1]


class SourceNames:
    """The people named in an English text, read once for all the translations of it."""

    def __init__(self, text: str) -> None:
        self._text = text

    def compare(self, target: str, language: str) -> list[Finding]:
        """Findings on a translation; none in a language that LIMITS has not.

        What is missing has no place in it. A long text full of names is not compared.
        """
        if language not in LIMITS or len(target) > _LONGEST:
            return []
        side_by_side = language != "ko" and _SIDE_BY_SIDE.search(target) is not None
        if not (side_by_side or self.people) or len(self._known) > _MOST:
            return []
        heard = _heard_in_korean(target) if language == "ko" else _heard(target)
        known = tuple(dict.fromkeys(heard)) if self.people else ()
        lost = [name for name in self.people if not _is_in(name, target, known, language)]
        runs: list[_Run] = []
        if side_by_side or (lost and language != "ko"):
            for words in _capitals(target, language):
                strange = [word for word in words if not self._knows(target[slice(*word)])]
                runs.append(_Run(words, strange))
        wholly = [run for run in runs if run.words == run.strange]
        partly = [run for run in runs if run.words != run.strange]
        added = [
            run.span
            for run in wholly
            if len(run.words) > 1 and not self._knows("".join(_texts_of(run, target)))
        ]
        if any(name.sure for name in lost):  # then one strange word is what it became
            added += [run.span for run in wholly if len(run.words) == 1]
            added += [word for run in partly for word in run.strange]
        became = [*zip(lost, added, strict=False)]
        for name in self.people:
            if name.given and name not in lost and not _hears([blurred(name.given)], known):
                became += [
                    (name, run.span)
                    for run in partly
                    if run.strange
                    and _hears(name.sounds[:1], map(cyrillic, _texts_of(run, target)))
                ]
        both = min(len(lost), len(added))
        return [
            *(_finding("name-changed", target, *pair) for pair in became),
            *(_finding("name-missing", target, name, None) for name in lost[both:]),
            *(_finding("name-added", target, None, word) for word in added[both:]),
        ]

    @cached_property
    def people(self) -> tuple[Person, ...]:
        """The names that a translation must have."""
        return tuple(find_people(self._text))

    @cached_property
    def _known(self) -> tuple[Sounds, ...]:
        """The sounds of all words with a capital, which a name of the translation may render."""
        heard = {
            latin(part)
            for word in WORD.findall(self._text)
            if not word.islower() and word not in FUNCTION_WORDS
            for part in _forms(word)
        }
        return tuple(sounds for sounds in heard if weight(sounds) >= LEAST_WEIGHT)

    def _knows(self, word: str) -> bool:
        return _hears(self._known, map(cyrillic, _forms(word)))


def _is_in(name: Person, target: str, heard: Iterable[Sounds], language: str) -> bool:
    if name.text.rpartition(" ")[2] in target:  # left in Latin letters
        return True
    return _hears(name.sounds, heard, language)


def _hears(names: Sequence[Sounds], heard: Iterable[Sounds], language: str = "ru") -> bool:
    """Whether any of the names is among what is heard; Ukrainian is heard as Russian is."""
    limit, ending = LIMITS[language], PARTICLES if language == "ko" else ENDING
    return any(distance(name, word, ending) <= limit for word in heard for name in names)


def _forms(word: str) -> list[str]:
    """The word as one, and its parts if it has a hyphen or an apostrophe."""
    parts: list[str] = JOINED.split(word)
    return ["".join(parts), *parts] if len(parts) > 1 else parts


def _texts_of(run: _Run, target: str) -> Iterator[str]:
    return (JOINED.sub("", target[slice(*word)]) for word in run.words)


def _heard_in_korean(target: str) -> Iterator[Sounds]:
    """Every word, the same without its first syllable (a surname), and two words as one."""
    words = _HANGUL.findall(target)
    for word in words:
        yield hangul(word)
        yield hangul(word[1:])
    for pair in pairwise(words):
        yield hangul("".join(pair))


def _heard(target: str) -> Iterator[Sounds]:
    """Words with a capital, their parts, and neighbours as one: Хон Гюн for Hong-gyun."""
    words = [word if not word.islower() else "" for word in WORD.findall(target)]
    for word in filter(None, words):
        yield from map(cyrillic, _forms(word))
    for size in (2, 3):
        for at in range(len(words) - size + 1):
            if all(together := words[at : at + size]):
                yield cyrillic(JOINED.sub("", "".join(together)))


def _capitals(target: str, language: str) -> Iterator[list[tuple[int, int]]]:
    """Runs of words that have a capital as names have; places and institutions are left out."""
    taken: list[range] | None = None
    run: list[tuple[int, int]] = []
    for match in _CYRILLIC_NAME.finditer(target):
        word, (start, end) = match[0], match.span()
        named = (
            not word.isupper()
            and bool(cyrillic(word))
            and not is_common_cyrillic(word)
            and not _NO_NAME.search(target, max(0, start - 8), start)
        )
        if named:
            if taken is None:
                known = (*places(target, language), *hinted(target, language))
                taken = [range(place.start, place.end) for place in known]
            named = not any(start in place or end - 1 in place for place in taken)
        if run and (not named or target[run[-1][1] : start] not in (" ", "\u00a0")):
            yield run
            run = []
        if named:
            run.append((start, end))
    if run:
        yield run


def _finding(code: str, target: str, name: Person | None, span: tuple[int, int] | None) -> Finding:
    severity = Severity.ERROR if span else Severity.WARNING
    return changed(code, severity, name.text if name else None, target, span)
