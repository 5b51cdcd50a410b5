"""Finds numbers, months and weekdays in a text, as values that compare between languages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from itertools import pairwise
from operator import attrgetter

from newsbrief import lexicon_en, lexicon_ko, lexicon_ru, lexicon_uk
from newsbrief.lexicon import (
    CONVERTIBLE,
    CURRENCY_SIGNS,
    Kind,
    Lexicon,
    Numeral,
    Weight,
    longest_first,
)
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
_THOUSANDS = re.compile(r"\d{1,3}[ \u00a0\u202f]000")
_CENTURY_OMITTED = re.compile(r"[-–/]")
_OUT_OF = re.compile(r"\s(?:out of|of every|in every|in)\s")  # "nine out of ten"
_SPANS = {"year": ("month", 12), "day": ("hour", 24), "hour": ("minute", 60)}
_WITHIN_A_SPAN = 12  # characters between its two numbers: "1 hour and 30 minutes"
# Between a number and its unit: "square", "американских долларов", "호주달러".
_ADJECTIVE = (
    r"(?:(?P<square>square|sq\.?|кв\.)|cubic|куб\.|US|U\.S\.|(?!мор)[а-яё]{3,16}ск(?:их|ого|ий)"
    r"|(?!мор)[а-яіїє]{3,16}ськ(?:их|ого|ий))\s|(?:미국|미|호주|캐나다|대만|홍콩|싱가포르)\s?(?=달러)"
)


def numerals(text: str, language: str) -> tuple[Numeral, ...]:
    """The numerals of a text in their order; in an unknown language, those in figures only."""
    lexicon = _LEXICONS.get(language, _FIGURES_ONLY)
    found = korean_numerals(text) if language == "ko" else word_numerals(text, lexicon)
    in_order = sorted(found, key=attrgetter("start"))
    if language == "en" and "other" in text:
        in_order = [_with_the_named(text, each) for each in in_order]
    return tuple(
        _with_spans([_with_unit(text, language, each) for each in _with_ranges(text, in_order)])
    )


def _with_spans(found: list[Numeral]) -> list[Numeral]:
    """Give both numbers of "1시간 30분" and "1년 반" what they are together: 1.5, 90 or 18."""
    for index, (first, second) in enumerate(pairwise(found)):
        smaller, size = _SPANS.get(first.unit or "", ("", 0))
        if not size or second.start - first.end > _WITHIN_A_SPAN:
            continue
        if second.unit == smaller:
            both = min(first.readings) * size + min(second.readings)
            together = {both, both / size}
            found[index + 1] = second._replace(readings=second.readings | together)
        elif second.text == "반":
            together = {(min(first.readings) + Decimal("0.5")) * each for each in (1, size)}
        else:
            continue
        found[index] = found[index]._replace(readings=found[index].readings | together)
    return found


def _with_the_named(text: str, numeral: Numeral) -> Numeral:
    """The four of "Brown and four others" as five too: Korean counts everyone."""
    if not text.startswith((" other ", " others"), numeral.end) or not text.endswith(
        "and ", 0, numeral.start
    ):
        return numeral
    return numeral._replace(readings=numeral.readings | {each + 1 for each in numeral.readings})


def _with_ranges(text: str, found: Sequence[Numeral]) -> list[Numeral]:
    """Give the first end of a range the scale of the second, and "2024-25" its century."""
    result = list(found)
    for index, (first, second) in enumerate(pairwise(found)):
        gap = text[first.end : second.start]
        if len(gap) > 10 or first.kind is not Kind.NUMBER:
            continue
        if second.kind is Kind.MONTH and _MONTHS_BEFORE.fullmatch(gap):
            result[index] = result[index]._replace(kind=Kind.MONTH)  # 1~3월, 7, 8월
        if second.kind is not Kind.NUMBER:
            continue
        if _OUT_OF.fullmatch(gap):
            result[index : index + 2] = _as_share(result[index], second)
        if second.scale > 1 and first.scale == 1 and _RANGE.fullmatch(gap):
            scaled = {reading * second.scale for reading in first.readings}
            result[index] = result[index]._replace(readings=first.readings | scaled)
        elif _THOUSANDS.fullmatch(second.text) and min(first.readings) < 1000 and gap == "-":
            scaled = {reading * 1000 for reading in first.readings}  # 12-15 000
            result[index] = result[index]._replace(readings=first.readings | scaled)
        if (
            len(second.text) == 2
            and second.weight is Weight.FIGURE
            and 1900 <= (year := min(first.readings)) < 2100
            and _CENTURY_OMITTED.fullmatch(gap)
        ):
            full = min(second.readings) + year // 100 * 100
            result[index + 1] = second._replace(readings=second.readings | {full})
    return result


def _as_share(part: Numeral, whole: Numeral) -> tuple[Numeral, Numeral]:
    """The numbers of "nine out of ten" with the 90 of "90%"; the 1 of "1 in 3" may be left out."""
    of, total = min(part.readings), min(whole.readings)
    if not 0 < of < total <= 100:
        return part, whole
    if of == 1:
        part = part._replace(weight=Weight.HINT)
    percent = {100 * of / total}
    return (
        part._replace(readings=part.readings | percent),
        whole._replace(readings=whole.readings | percent),
    )


@cache
def _unit_pattern(language: str) -> re.Pattern[str]:
    """Matches a unit right behind a number, by its beginning or as a whole word."""
    names = {**_LEXICONS.get(language, _FIGURES_ONLY).units, **CURRENCY_SIGNS, "%": "percent"}
    attached = longest_first(name[1:] for name in names if name.startswith("+"))
    whole = [name[:-1] for name in names if name.endswith("!")]
    latin = longest_first(name for name in whole if name.isascii())  # 90m까지 is 90 metres
    native = longest_first(name for name in whole if not name.isascii())
    beginnings = longest_first(name for name in names if name[-1] != "!" and name[0] != "+")
    return re.compile(
        rf"(?<=\d)-?(?P<attached>(?-i:{attached or '(?!)'}))(?![\w-])"
        rf"|\.?[\s\u00a0\u202f-]{{0,2}}(?:{_ADJECTIVE})?(?:(?P<beginning>{beginnings})"
        rf"|(?P<latin>{latin or '(?!)'})(?![a-z])|(?P<native>{native or '(?!)'})(?!\w))",
        re.IGNORECASE,
    )


def _with_unit(text: str, language: str, numeral: Numeral) -> Numeral:
    if numeral.kind is not Kind.NUMBER or numeral.weight is Weight.HINT:
        return numeral
    sign = text[max(numeral.start - 2, 0) : numeral.start].rstrip()[-1:]
    if sign in CURRENCY_SIGNS:
        return numeral._replace(unit=CURRENCY_SIGNS[sign])
    if match := _unit_pattern(language).match(text, numeral.end):
        names = _LEXICONS.get(language, _FIGURES_ONLY).units
        if match["attached"]:
            return numeral._replace(unit=names[f"+{match['attached']}"])
        key = match["beginning"] or f"{match['latin'] or match['native']}!"
        unit = names.get(key.lower()) or CURRENCY_SIGNS.get(key, "percent")
        if match["square"] and f"square {unit}" in CONVERTIBLE:
            unit = f"square {unit}"
        return numeral._replace(unit=unit)
    return numeral
