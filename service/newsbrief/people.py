"""Finds the names of people in an English text, told from those of all else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from newsbrief.institutions import is_common
from newsbrief.persons import RANKS, TITLES, gender_of
from newsbrief.places import hinted, places
from newsbrief.transcription import Sounds, latin, weight

LEAST_WEIGHT = 1.0
"""Names that weigh less (`transcription.weight`) sound like too many words."""

_CAPITALS = 0.6  # share of words with a capital, above which a text is a title and shows no names
_LETTERS = r"[^\W\d_]"
_ARTICLE = "(?:al|el|ad|as|ash|ar|an|at|ul)[-‑]"
_CAPITAL = rf"(?:{_ARTICLE})?[A-ZÀ-ÖØ-ÞĀ-Ž](?:['’][A-Z])?{_LETTERS}+(?:['’-]{_LETTERS}+)*"
_INITIALS = r"(?:[A-Z]\. ?){0,3}"
_PARTICLE = "(?:(?:van|von|de|da|del|der|den|bin|ibn|al|el|dos|di|du|le|la|ten) )*"
_RUN = re.compile(rf"(?<![\w'’-]){_CAPITAL}(?:(?<!['’]s) {_INITIALS}{_PARTICLE}{_CAPITAL})*(?!\w)")
_AFTER = re.compile(r",? (?:said|says|told|added|adds|warned|wrote)\b|, \d\d(?:,|$| and )")
_SAID = frozenset("said says told adds added by".split())
WORD = re.compile(rf"{_LETTERS}+(?:['’ʼ-]{_LETTERS}+)*")
JOINED = re.compile("[-‑'’ʼ ]")
_PREFIX = re.compile(rf"^{_ARTICLE}")
_POSSESSIVE = re.compile("['’]s?$")
_KOREAN_GIVEN = re.compile("[A-Z][a-z]+-[a-z]+")  # of Park Min-jae: an English park has none
_SUFFIX = re.compile("[IVX]+|Jr|Sr")
_MEN = frozenset(
    "Chairman Chairwoman Spokesman Spokeswoman Congressman Congresswoman Businessman".split()
)
_MORE_RANKS = frozenset("Ayatollah Sheikh Emperor Patriarch Hurricane Storm Typhoon".split())
_NO_RANKS = frozenset("Boy Girl Baby Father Mother Fan Kid Guard".split())  # Boy Scouts
# Monarchs and popes have names of their own in each language: Charles is Карл.
_RULERS = frozenset("King Queen Prince Princess Pope Patriarch Emperor Saint Tsar".split())
_SHORT = frozenset(
    "Bob Bill Dick Jack Jim Joe Mike Tony Pep Ted Tom Chuck Liz Meg Peggy Hank Larry".split()
)


class Person(NamedTuple):
    """A name in a text from `start` to `end`, most likely of a person, surely if `sure`.

    One of `sounds` must be heard in a translation, the last word's being the first: of a person
    that word or one between it and the first, of what may be a place or a firm any word. `given`
    are those of a given name, if there is one.
    """

    text: str
    start: int
    end: int
    sounds: tuple[Sounds, ...]
    given: Sounds
    sure: bool


def find_people(text: str) -> Iterator[Person]:
    """The people, in their order; none in a text that has capitals throughout."""
    known: dict[bool, list[range]] = {}
    for match in _RUN.finditer(text):
        before = text[max(0, match.start() - 30) : match.start()].rstrip(" .").rpartition(" ")[2]
        parts = [part for part in WORD.finditer(match[0]) if len(part[0]) > 1]  # no initials
        rank = before if before and _is_rank(before) else ""
        ranks = [at for at, part in enumerate(parts[:-1]) if _is_rank(part[0])]
        if ranks:  # British Prime Minister Ada Brown: what stands before it is no name
            rank, parts = parts[ranks[-1]][0], parts[ranks[-1] + 1 :]
        while parts and _SUFFIX.fullmatch(parts[-1][0]):
            del parts[-1]
        person = _person(text, match.start(), match.end(), parts, before, rank)
        if person is None:
            continue
        if not known:
            if _is_title(text):
                return
            named, hints = places(text, "en"), hinted(text, "en")
            known[True] = [range(place.start, place.end) for place in named]
            known[False] = known[True] + [range(place.start, place.end) for place in hints]
        ends = person.start, person.end - 1
        if not any(at in place for place in known[person.sure] for at in ends):
            yield person


def _person(
    text: str, start: int, end: int, parts: list[re.Match[str]], before: str, rank: str
) -> Person | None:
    """What the words of a run name, if it can be a person; a single name needs a rank."""
    known = rank in _MORE_RANKS or rank.title() in RANKS or rank in TITLES
    if not parts or rank.title() in _RULERS or (len(parts) == 1 and not known):
        return None
    korean = len(parts) == 2 and _KOREAN_GIVEN.fullmatch(parts[1][0]) is not None
    if not korean and any(is_common(_PREFIX.sub("", part[0])) for part in parts):
        return None
    names = [_PREFIX.sub("", _POSSESSIVE.sub("", part[0])) for part in parts]
    sure = bool(rank) or korean or before in _SAID or _AFTER.match(text, end) is not None
    # A person may be called by the last name alone; of what else it is, any part will do.
    others = names[1:-1] if sure else [*names[:-1], "".join(names)]
    sounds = _weighty([names[-1], *others])
    if sure and not _weighty(names[-1:]):
        sounds = _weighty(names[:1])  # Wang Yi
    if not sounds:
        return None
    givens = [name for name in names[:-1] if name[0].isupper() and name not in _SHORT]
    given = _weighty(givens[-1:]) if sure else ()
    first = start + parts[0].start()
    last = start + parts[-1].start() + len(_POSSESSIVE.sub("", parts[-1][0]))
    return Person(text[first:last], first, last, sounds, given[0] if given else (), sure)


def _weighty(names: list[str]) -> tuple[Sounds, ...]:
    heard = (latin(JOINED.sub("", name)) for name in names)
    return tuple(sounds for sounds in heard if weight(sounds) >= LEAST_WEIGHT)


def _is_title(text: str) -> bool:
    """Whether it has capitals throughout, so that names can't be told."""
    words: list[str] = WORD.findall(text)
    return sum(word[0].isupper() for word in words) > _CAPITALS * len(words)


def _is_rank(word: str) -> bool:
    """Whether a person's name may follow; Goldman is no man."""
    if word in RANKS or word in TITLES or word in _MEN or word in _MORE_RANKS:
        return True
    if word[0].isupper() and (word.endswith("man") or word in _NO_RANKS):
        return False
    return gender_of(word) is not None
