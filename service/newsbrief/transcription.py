"""Whether a word of another script may be a name's transcription: by its consonants, coarsely.

Names are written by ear: Wright is Райт, Kovalenko 코발렌코, Xi Си. So a name is its consonants
alone, each a group of sounds that transcriptions take for one another (b p f v; d t; s z sh ch),
in the manner of Soundex (Russell 1918); those that are often silent or left out (h, w, j, the k of
kn) cost little to lose. The distance of two names is that of Levenshtein (1965) with such costs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

Sounds = tuple[int, ...]

# Groups, which can be added up where the spelling leaves it open; and the mark of a weak one.
_P, _T, _S, _K, _L, _R, _M, _N, _WEAK = (1 << place for place in range(9))
_STRANGE = 0  # anything that is no letter of the script: nothing sounds like it

_HISSES = "tsch szcz sch tch dzh dz dge dj sh zh sz cz ts tz s z".split()
_LATIN: dict[str, Sounds] = {
    **dict.fromkeys(_HISSES, (_S,)),
    **dict.fromkeys(("ph", "b", "p", "f", "v"), (_P,)),
    **dict.fromkeys(("kh", "ck", "cqu", "qu", "k"), (_K,)),
    **dict.fromkeys(("c", "q", "g"), (_K | _S,)),
    "ch": (_K | _S | _T,),
    "x": (_K | _WEAK, _S),
    **dict.fromkeys(("gh", "h"), (_K | _WEAK,)),
    **dict.fromkeys(("d", "t"), (_T,)),
    "r": (_R,),
    "n": (_N,),
    **dict.fromkeys(("kn", "ng"), (_N, _K | _WEAK)),
    "th": (_T | _S,),
    "gy": (_K | _S | _T,),
    **dict.fromkeys(("cki", "cky", "cka"), (_S, _K)),
    "j": (_K | _S | _WEAK,),
    "w": (_P | _WEAK,),
    "l": (_L,),
    "m": (_M,),
}
_CYRILLIC: dict[str, Sounds] = {
    **dict.fromkeys(("пх", *"бпфв"), (_P,)),
    **dict.fromkeys(("тх", *"дт"), (_T,)),
    **dict.fromkeys(("дж", "дз", "тс", "тц", "тч", "чх", *"сзшщжчц"), (_S,)),
    **dict.fromkeys(("кх", *"кгґх"), (_K,)),
    "л": (_L,),
    "р": (_R,),
    "м": (_M,),
    "н": (_N,),
}
# The consonants before and after the vowel of a Hangul syllable, in the order of Unicode.
_BEFORE = (_K, _K, _N, _T, _T, _L | _R, _M, _P, _P, _S, _S, 0, *[_S] * 3, _K, _T, _P, _K | _WEAK)
_AFTER = (
    *(0, _K, _K, _K, _N, _N, _N, _T | _S, *[_L | _R] * 8, _M, _P, _P, _T | _S, _T | _S, _N),
    *(_T | _S, _T | _S, _K, _T | _S, _P, _K | _WEAK),
)
_HANGUL, _SYLLABLES, _VOWELS = 0xAC00, 11172, 21

_COST, _WEAK_COST, _R_COST = 1.0, 0.25, 0.5  # r is silent in Park and Arthur
_ADDED_COST = 0.8
_WEAK_WEIGHT = 0.4
LONGEST = 60
"""Letters of a word that are read: names are shorter, and comparing takes the product of two."""
ENDING = 2  # sounds that a case may add: Смитами


def _longest_first(table: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(sorted(table, key=len, reverse=True)))


# Dubois, Renault; Jacques, Yves
_SILENT = re.compile("(?<=[aeou][iu])l?[dpstx]+$|(?<=u)es?$|(?<=v)es$")

_LATIN_LETTERS, _CYRILLIC_LETTERS = _longest_first(_LATIN), _longest_first(_CYRILLIC)


def latin(word: str) -> Sounds:
    """The sounds of a word in Latin letters, accents or not; of LONGEST letters at most."""
    return _latin(word[:LONGEST])


def cyrillic(word: str) -> Sounds:
    """The same of a Russian or Ukrainian word."""
    return _cyrillic(word[:LONGEST])


def hangul(word: str) -> Sounds:
    """The same of a Korean word, with a strange sound for all that is not Hangul."""
    return _hangul(word[:LONGEST])


@lru_cache(maxsize=4096)
def _latin(word: str) -> Sounds:
    plain = unicodedata.normalize("NFKD", word.lower())
    letters = "".join(letter for letter in plain.replace("ł", "l") if "a" <= letter <= "z")
    return _read(_SILENT.sub("", letters), _LATIN_LETTERS, _LATIN)


@lru_cache(maxsize=4096)
def _cyrillic(word: str) -> Sounds:
    return _read(word.lower(), _CYRILLIC_LETTERS, _CYRILLIC)


@lru_cache(maxsize=4096)
def _hangul(word: str) -> Sounds:
    found: list[int] = []
    after = 0
    for letter in word:
        syllable = ord(letter) - _HANGUL
        if not 0 <= syllable < _SYLLABLES:
            found.append(_STRANGE)
            after = 0
            continue
        first, rest = divmod(syllable, _VOWELS * len(_AFTER))
        before = _BEFORE[first]
        if before and before != after:  # else doubled, as the l of Helena: 헬레나
            found.append(before)
        if after := _AFTER[rest % len(_AFTER)]:
            found.append(after)
    return tuple(found)


def blurred(name: Sounds) -> Sounds:
    """With m and n as one, as given names have them that are at home in both: Mykola, Николай."""
    return tuple(sound | _M | _N if sound & (_M | _N) else sound for sound in name)


def weight(name: Sounds) -> float:
    """How much there is to compare: 1 for each sound, less for weak ones."""
    return sum(_WEAK_WEIGHT if sound & _WEAK else 1.0 for sound in name)


@lru_cache(maxsize=4096)
def distance(name: Sounds, word: Sounds, ending: int = ENDING) -> float:
    """How far a word is from sounding like a name, from 0 to about 1.

    So many sounds at the word's end may be those of a case or a particle. A name without consonants
    is like anything.
    """
    if len(name) < 2:
        ending = min(ending, 1)
    if word[: len(name)] == name and len(word) <= len(name) + ending:
        return 0.0
    last = _aligned(name, _starts(word), word)
    return min(last[-1 - ending :]) / (weight(name) or 1.0)


def _read(letters: str, pattern: re.Pattern[str], table: dict[str, Sounds]) -> Sounds:
    """Doubled letters, and neighbours of one group, are one sound."""
    found: list[int] = []
    last: Sounds = ()
    end = 0
    for match in pattern.finditer(letters):
        sounds = table[match[0]]
        if sounds != last or match.start() != end:
            found += sounds
        last, end = sounds, match.end()
    return tuple(found)


def _starts(word: Sounds) -> list[float]:
    """What it costs that the word has so many sounds before the name's first, k and g little."""
    costs = [0.0]
    for sound in word:
        costs.append(costs[-1] + (_WEAK_COST if sound & (_K | _WEAK) else _ADDED_COST))
    return costs


def _aligned(name: Sounds, row: Sequence[float], word: Sounds) -> Sequence[float]:
    """The last row of the table of costs: of the whole name, by where in the word it ends."""
    for sound in name:
        lost = _WEAK_COST if sound & _WEAK else _R_COST if sound == _R else _COST
        new = [row[0] + lost]
        for place, other in enumerate(word):
            added = _WEAK_COST if other & _WEAK else _ADDED_COST
            new.append(
                min(row[place + 1] + lost, row[place] + _change(sound, other), new[place] + added)
            )
        row = new
    return row


def _change(sound: int, other: int) -> float:
    return 0.0 if sound & other & ~_WEAK else _COST
