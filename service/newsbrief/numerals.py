"""Finds numbers, months and weekdays in a text, as values that compare between languages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache, lru_cache
from itertools import pairwise

from newsbrief import lexicon_en, lexicon_ko, lexicon_ru, lexicon_uk
from newsbrief.lexicon import CURRENCY_SIGNS, Kind, Lexicon, Numeral, Weight, longest_first
from newsbrief.numerals_ko import korean_numerals
from newsbrief.numerals_words import word_numerals

_LEXICONS = {
    "en": lexicon_en.LEXICON,
    "ko": lexicon_ko.LEXICON,
    "ru": lexicon_ru.LEXICON,
    "uk": lexicon_uk.LEXICON,
}
_FIGURES_ONLY = Lexicon()
# Between the ends of a range, with a sign of currency at most: "$2-$3 billion", "от 2 до 3 млн".
_RANGE = re.compile(
    r"\s*(?:[-–—~∼～]|to|and|or|or even|до|и|или|і|й|та|чи|або|에서|내지|\.\.\.?|…)\s*[$€£¥₩₴₽]?\s*"
)
_MONTHS_BEFORE = re.compile(r"\s?[-–~∼～,·ㆍ/]\s?")
_SIGN_BEFORE = re.compile(r"[$€£¥₩₴₽]\s?$")
_CENTURY_OMITTED = re.compile(r"[-–/]")
_SQUARED = "square|cubic|кв\\.|куб\\.|американских|американських|US|U\\.S\\."


# An article is compared with each of its highlights, a sentence with each of its translations.
@lru_cache(maxsize=256)
def numerals(text: str, language: str) -> tuple[Numeral, ...]:
    """The numerals of a text in their order; in an unknown language, those in figures only."""
    lexicon = _LEXICONS.get(language, _FIGURES_ONLY)
    found = korean_numerals(text) if language == "ko" else word_numerals(text, lexicon)
    in_order = sorted(found, key=lambda numeral: numeral.start)
    return tuple(_with_unit(text, language, each) for each in _with_ranges(text, in_order))


def _with_ranges(text: str, found: Sequence[Numeral]) -> list[Numeral]:
    """Give the first end of a range the scale of the second, and "2024-25" its century."""
    result = list(found)
    for index, (first, second) in enumerate(pairwise(found)):
        gap = text[first.end : second.start]
        if len(gap) > 10 or first.kind is not Kind.NUMBER:
            continue
        if second.kind is Kind.MONTH and _MONTHS_BEFORE.fullmatch(gap):
            result[index] = replace(result[index], kind=Kind.MONTH)  # 1~3월, 7, 8월
        if second.kind is not Kind.NUMBER:
            continue
        if second.scale > 1 and first.scale == 1 and _RANGE.fullmatch(gap):
            scaled = {reading * second.scale for reading in first.readings}
            result[index] = replace(result[index], readings=first.readings | scaled)
        year, short = min(first.readings), min(second.readings)
        if (
            len(second.text) == 2
            and second.weight is Weight.FIGURE
            and 1900 <= year < 2100
            and _CENTURY_OMITTED.fullmatch(gap)
        ):
            full = short + year // 100 * 100
            result[index + 1] = replace(second, readings=second.readings | {full})
    return result


@cache
def _unit_pattern(language: str) -> re.Pattern[str]:
    """Matches a unit right behind a number; group 1 is a unit's beginning or a whole word."""
    names = {**_LEXICONS.get(language, _FIGURES_ONLY).units, **CURRENCY_SIGNS, "%": "percent"}
    whole = [name[:-1] for name in names if name.endswith("!")]
    latin = longest_first(name for name in whole if name.isascii())  # 90m까지 is 90 metres
    native = longest_first(name for name in whole if not name.isascii())
    beginnings = longest_first(name for name in names if not name.endswith("!"))
    return re.compile(
        rf"\.?[\s\u00a0\u202f-]{{0,2}}(?:(?:{_SQUARED})\s)?"
        rf"(?:({beginnings})|({latin or '(?!)'})(?![a-z])|({native or '(?!)'})(?!\w))",
        re.IGNORECASE,
    )


def _with_unit(text: str, language: str, numeral: Numeral) -> Numeral:
    if numeral.kind is not Kind.NUMBER or numeral.weight is Weight.HINT:
        return numeral
    if sign := _SIGN_BEFORE.search(text, max(numeral.start - 2, 0), numeral.start):
        return replace(numeral, unit=CURRENCY_SIGNS[sign[0][0]])
    if match := _unit_pattern(language).match(text, numeral.end):
        names = _LEXICONS.get(language, _FIGURES_ONLY).units
        key = match[1] or f"{match[2] or match[3]}!"
        unit = names.get(key.lower()) or CURRENCY_SIGNS.get(key, "percent")
        return replace(numeral, unit=unit)
    return numeral
