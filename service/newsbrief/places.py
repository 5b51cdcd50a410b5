"""Finds countries, their people and capitals, regions and large cities in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from newsbrief import gazetteer_en, gazetteer_ko, gazetteer_ru, gazetteer_uk

_GAZETTEERS = {
    "en": gazetteer_en,
    "ko": gazetteer_ko,
    "ru": gazetteer_ru,
    "uk": gazetteer_uk,
}
# The parts of a gazetteer: names, hints, and names that have no edge before them.
_NAMES, _HINTS, _INSIDE = range(3)
_NOWHERE = ("-",)
_EDGES = (r"(?<!\w)", r"(?<![가-힣A-Za-z\d])")
_KEY = 5  # letters by which the forms that may begin at a place are looked up
_ENDING = 24  # letters of a word after its stem, at most
_APOSTROPHES = "'’ʼ"


class Place(NamedTuple):
    """A place that a text names from `start` to `end` (code points).

    `codes` are those of the gazetteer, more than one where the name may mean either.
    """

    codes: tuple[str, ...]
    start: int
    end: int


def places(text: str, language: str) -> tuple[Place, ...]:
    """The places that a text names, in their order; none in an unknown language."""
    return tuple(_reader(language, _NAMES).read(text)) if language in _GAZETTEERS else ()


def hinted(text: str, language: str) -> tuple[Place, ...]:
    """What may mean a place, or something else: it can answer a place of another text, no more."""
    if language not in _GAZETTEERS:
        return ()
    return tuple(
        [place for part in (_HINTS, _INSIDE) for place in _reader(language, part).read(text)]
    )


def whole(code: str) -> str:
    """The place that this one is a part of; itself where it is no part."""
    return code.partition(".")[0]


def rows(gazetteer: str) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """The codes and the forms of each line of a gazetteer."""
    for line in gazetteer.strip().split("\n"):
        codes, _, forms = line.partition(" ")
        yield tuple(codes.split(",")), forms.split("|")


class _Reader:
    """One language's forms, as patterns by the letters that they begin with."""

    def __init__(self, gazetteer: str, language: str, part: int) -> None:
        # In English every name has a capital, and few other words have.
        self._capitals = language == "en" and part == _NAMES
        forms: dict[str, dict[tuple[str, str], tuple[str, ...]]] = {}
        for codes, written in rows(gazetteer):
            for form in written:
                stem, pattern = _PATTERNS[language](form)
                key = stem.split()[0][:_KEY].lower()
                same = forms.setdefault(key, {})
                same[stem, pattern] = (*same.get((stem, pattern), ()), *codes)
        self._forms = forms
        self._patterns: dict[str, tuple[re.Pattern[str], list[tuple[str, ...]]]] = {}
        edge = "" if part == _INSIDE else _EDGES[language == "ko"]
        capital = "(?=(?-i:[A-Z]))" if self._capitals else ""
        flags = re.IGNORECASE if self._capitals else re.NOFLAG
        self._beginning = re.compile(edge + capital + _any_of(set(forms)), flags)

    def read(self, text: str) -> Iterator[Place]:
        end = 0
        for beginning in self._beginning.finditer(text if self._capitals else _lower(text)):
            start = beginning.start()
            if start < end:
                continue
            pattern, codes = self._pattern(_plain(beginning[0]))
            match = pattern.match(text, start)
            if match and match.lastindex:
                end = match.end()
                if codes[match.lastindex - 1] != _NOWHERE:
                    yield Place(codes[match.lastindex - 1], start, end)

    def _pattern(self, key: str) -> tuple[re.Pattern[str], list[tuple[str, ...]]]:
        """Compiled when it is first needed: most never are."""
        if key not in self._patterns:
            # What begins with "uni" may be the "UN" of a compound too.
            keys = [key[:size] for size in range(1, len(key) + 1)]
            found = [form for each in keys for form in self._forms.get(each, {}).items()]
            found.sort(key=lambda form: -len(form[0][0]))
            pattern = "|".join(f"({written})" for (_, written), _ in found)
            self._patterns[key] = re.compile(pattern, re.IGNORECASE), [codes for _, codes in found]
        return self._patterns[key]


@cache
def _reader(language: str, part: int) -> _Reader:
    gazetteer = _GAZETTEERS[language]
    return _Reader(gazetteer.HINTS if part == _HINTS else gazetteer.NAMES, language, part)


def _english(form: str) -> tuple[str, str]:
    return form, f"{_exact(form)}{'' if form.isupper() else 's?'}(?!\\w)"


def _slavic(form: str) -> tuple[str, str]:
    """The mark "!" ends a whole word, "/" begins the endings that alone may follow."""
    stem, slash, endings = form.rstrip("!").partition("/")
    if slash:
        return stem, rf"{_exact(stem)}(?:{endings.replace(',', '|')})(?!\w)"
    if form.endswith("!"):
        return stem, rf"{_exact(stem)}(?!\w)"
    rest = rf"\w{{0,{_ENDING}}}"
    return stem, _exact(stem).replace("[ \u00a0]", f"{rest}[ \u00a0]") + rest


def _korean(form: str) -> tuple[str, str]:
    """The mark "!" ends a whole word, "-" begins what may not follow it."""
    stem, dash, others = form.rstrip("!").partition("-")
    edge = f"(?!{others.replace(',', '|')})" if dash else ""
    if form.endswith("!"):
        edge = "(?![가-힣])"
    elif stem.isascii():
        edge = "(?![A-Za-z])"
    return stem, _exact(stem) + edge


_PATTERNS = {"en": _english, "ko": _korean, "ru": _slavic, "uk": _slavic}


def _plain(key: str) -> str:
    for apostrophe in _APOSTROPHES:
        key = key.replace(apostrophe, "'")
    return key.lower()


def _exact(form: str) -> str:
    """A pattern of the form, in which capitals of abbreviations and a first one are needed."""
    written = re.escape(form).replace(r"\ ", "[ \u00a0]").replace(r"\-", "[-‑]")
    written = written.replace("'", f"[{_APOSTROPHES}]")
    if len(form) <= 5 and form.isupper():
        return f"(?-i:{written})"
    return f"(?-i:{written[0]}){written[1:]}" if form[0].isupper() else written


def _any_of(keys: set[str]) -> str:
    """A pattern of the longest of the keys, a letter at a time."""
    rests: dict[str, set[str]] = {}
    for key in keys:
        if key:
            rests.setdefault(key[0], set()).add(key[1:])
    if not rests:
        return ""
    branches = (
        (f"[{_APOSTROPHES}]" if letter == "'" else re.escape(letter)) + _any_of(rest)
        for letter, rest in sorted(rests.items())
    )
    return f"(?:{'|'.join(branches)})" + ("?" if "" in keys else "")


def _lower(text: str) -> str:
    """In small letters, each at its place: few capitals become two letters."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(letter if len(letter.lower()) > 1 else letter.lower() for letter in text)
