"""Compares the names of people in two texts: which became others, were lost or were added.

Of an English text and its Russian, Ukrainian or Korean translation. Names in Hangul can't be told
from other words, so in Korean only what was lost is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from newsbrief.article import Finding, Severity
from newsbrief.institutions import is_common, is_common_cyrillic
from newsbrief.persons import RANKS, TITLES, gender_of
from newsbrief.places import hinted, places
from newsbrief.transcription import (
    ENDING,
    Sounds,
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

_LEAST_WEIGHT = 1.0
_CAPITALS = 0.6  # share of words with a capital, above which a text is a title and shows no names
_LETTERS = r"[^\W\d_]"
_CAPITAL = rf"[A-ZÀ-ÖØ-ÞĀ-Ž]{_LETTERS}+(?:['’-]{_LETTERS}+)*"
_PARTICLE = "(?:(?:van|von|de|da|der|den|bin|ibn|al|el|dos|di|du|le|la|ten) )*"
_RUN = re.compile(rf"(?<![\w'’-]){_CAPITAL}(?:(?<!['’]s) {_PARTICLE}{_CAPITAL})*(?!\w)")
_AFTER = re.compile(r",? (?:said|says|told|added|adds|warned|wrote)\b|, \d\d(?:,|$| and )")
_SAID = frozenset("said says told adds added by".split())
_WORD = re.compile(rf"{_LETTERS}+(?:['’ʼ-]{_LETTERS}+)*")
_JOINED = re.compile("[-‑'’ʼ ]")
_POSSESSIVE = re.compile("['’]s?$")
_NO_NAME = re.compile(r"(?:^|[.!?:…—–-]|[\"“”«„(])\s*$")  # before a sentence, or a title
_CYRILLIC_NAME = re.compile(rf"(?<![\w'’ʼ-])[А-ЯЁІЇЄҐ]{_LETTERS}{{2,}}(?:['’ʼ-]{_LETTERS}+)*")
_SIDE_BY_SIDE = re.compile(rf"[А-ЯЁІЇЄҐ]{_LETTERS}+[ \u00a0][А-ЯЁІЇЄҐ]")
_HANGUL = re.compile("[가-힣]+")
_PARTICLES = 6  # sounds that may follow a name in Korean: 으로부터는
_KOREAN_GIVEN = re.compile("[A-Z][a-z]+-[a-z]+")  # of Park Min-jae: an English park has none
_SUFFIXES = frozenset("Jr Sr II III IV".split())


class Person(NamedTuple):
    """A name in a text from `start` to `end`, most likely of a person, surely if `sure`.

    One of `sounds` must be heard in a translation: those of the last word, or of any word where a
    place or a firm may be meant. `given` are those of the word before the last, if there is one.
    """

    text: str
    start: int
    end: int
    sounds: tuple[Sounds, ...]
    given: Sounds
    sure: bool


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

        What is missing has no place in it.
        """
        if language not in LIMITS:
            return []
        lost = [name for name in self.people if not _is_in(name, target, language)]
        runs: list[_Run] = []
        if language != "ko" and (lost or _SIDE_BY_SIDE.search(target)):
            for words in _capitals(target, language):
                strange = [word for word in words if not self._knows(target[slice(*word)])]
                runs.append(_Run(words, strange))
        wholly = [run for run in runs if run.words == run.strange]
        partly = [run for run in runs if run.words != run.strange]
        added = [run.span for run in wholly if len(run.words) > 1]
        if any(name.sure for name in lost):  # then one strange word is what it became
            added += [run.span for run in wholly if len(run.words) == 1]
            added += [word for run in partly for word in run.strange]
        changed = [*zip(lost, added, strict=False)]
        for name in self.people:
            if name.given and name not in lost and not _hears(name.given, _heard(target)):
                changed += [
                    (name, run.span)
                    for run in partly
                    if run.strange and _hears(name.sounds[0], _words_of(run, target))
                ]
        both = min(len(lost), len(added))
        return [
            *(_finding("name-changed", target, *pair) for pair in changed),
            *(_finding("name-missing", target, name, None) for name in lost[both:]),
            *(_finding("name-added", target, None, word) for word in added[both:]),
        ]

    @cached_property
    def people(self) -> tuple[Person, ...]:
        """The names that a translation must have."""
        return tuple(_people(self._text))

    @cached_property
    def _known(self) -> tuple[Sounds, ...]:
        """The sounds of all words with a capital, which a name of the translation may render."""
        words = [word for word in _words(self._text) if word[0].isupper()]
        parts = [part for word in words for part in {_JOINED.sub("", word), *_JOINED.split(word)}]
        return tuple({latin(part) for part in parts})

    def _knows(self, word: str) -> bool:
        parts = [_JOINED.sub("", word), *_JOINED.split(word)]
        return any(
            name and distance(name, cyrillic(part)) <= LIMITS["ru"]
            for part in parts
            for name in self._known
        )


def _people(text: str) -> Iterator[Person]:
    """Names of people, as far as they can be told from those of institutions, works and places."""
    taken: list[range] | None = None
    for match in _RUN.finditer(text):
        parts = list(_WORD.finditer(match[0]))
        before = text[max(0, match.start() - 30) : match.start()].rstrip(" .").rpartition(" ")[2]
        title = _is_rank(before) if before else False
        while parts and _is_rank(parts[0][0]):
            title = True
            del parts[0]
        while parts and parts[-1][0] in _SUFFIXES:
            del parts[-1]
        if len(parts) < 2 - title:
            continue
        said = before in _SAID or _AFTER.match(text, match.end()) is not None
        korean = len(parts) == 2 and _KOREAN_GIVEN.fullmatch(parts[1][0]) is not None
        if not korean and any(is_common(part[0]) for part in parts):
            continue
        names = [_POSSESSIVE.sub("", part[0]) for part in parts]
        # A person may be called by the last name alone; of what else it is, any part will do.
        sure = title or said or korean
        last = names[-1:] if sure else [*names, "".join(names)]
        sounds = tuple(latin(_JOINED.sub("", name)) for name in last)
        if any(weight(each) < _LEAST_WEIGHT for each in sounds):
            continue
        if taken is None:
            if _is_title(text):
                return
            known = (*places(text, "en"), *hinted(text, "en"))
            taken = [range(place.start, place.end) for place in known]
        start = match.start() + parts[0].start()
        end = match.start() + parts[-1].start() + len(names[-1])
        if not any(start <= at < end for place in taken for at in (place.start, place.stop - 1)):
            given = latin(_JOINED.sub("", names[-2])) if sure and len(names) > 1 else ()
            given = given if weight(given) >= _LEAST_WEIGHT else ()
            yield Person(text[start:end], start, end, sounds, given, sure)


def _is_title(text: str) -> bool:
    """Whether it has capitals throughout, so that names can't be told."""
    words = _words(text)
    return sum(word[0].isupper() for word in words) > _CAPITALS * len(words)


def _is_rank(word: str) -> bool:
    """Whether a person's name may follow; Goldman is no man."""
    if word in RANKS or word in TITLES:
        return True
    return gender_of(word) is not None and not (word[0].isupper() and word.endswith("man"))


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


def _is_in(name: Person, target: str, language: str) -> bool:
    if name.text.rpartition(" ")[2] in target:  # left in Latin letters
        return True
    heard = _heard_in_korean(target) if language == "ko" else _heard(target)
    ending = _PARTICLES if language == "ko" else ENDING
    return any(
        distance(each, word, ending) <= LIMITS[language] for word in heard for each in name.sounds
    )


def _hears(name: Sounds, heard: Iterable[Sounds]) -> bool:
    return any(distance(name, word) <= LIMITS["ru"] for word in heard)


def _words_of(run: _Run, target: str) -> Iterator[Sounds]:
    return (cyrillic(_JOINED.sub("", target[slice(*word)])) for word in run.words)


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
    words = [match[0] if match[0][0].isupper() else "" for match in _WORD.finditer(target)]
    for word in filter(None, words):
        yield cyrillic(_JOINED.sub("", word))
        if len(parts := _JOINED.split(word)) > 1:
            yield from map(cyrillic, parts)
    for size in (2, 3):
        for at in range(len(words) - size + 1):
            if all(together := words[at : at + size]):
                yield cyrillic(_JOINED.sub("", "".join(together)))


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
    was, now = name and name.text, span and target[slice(*span)]
    if now is None:
        message = f"'{was}' is missing"
    else:
        message = f"'{was}' became '{now}'" if was else f"'{now}' is not in the source"
    return Finding(
        code,
        Severity.ERROR if now else Severity.WARNING,
        message,
        expected=was,
        found=now,
        start=span[0] if span else None,
        end=span[1] if span else None,
    )
