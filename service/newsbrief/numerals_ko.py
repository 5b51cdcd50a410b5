"""Finds the numerals of Korean text, where numbers go by groups of ten thousand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from newsbrief.figures import FIGURE, decade_readings, figure_readings
from newsbrief.lexicon import Kind, Numeral, Weight, longest_first, readings
from newsbrief.lexicon_ko import (
    COUNTERS,
    DETERMINERS,
    GREAT,
    HINTS,
    SINO,
    SMALL,
    SPANS_OF_DAYS,
    TENS,
    WEEKDAYS,
)

_DIGIT = re.compile(r"\d")  # found far more quickly than what it begins
_FIGURE = re.compile(FIGURE)
# A space stands before 만 only where nothing but a counter can follow: "150 만 명".
_GREAT = re.compile(
    r"\s?([만억조])(?:(?<=\d[만억조])|(?<=[십백천][만억조])|(?=\s|명|원|달러|유로))"
)
# Nouns that begin as a factor does: 900조각 are pieces, 900조 is 900 trillion.
_NO_FACTOR = re.compile("조각|조종사|조항|조합|만큼|백신|백악관|백화점|백혈|천막|천연|십자")
# A figure that a space divides from 만 belongs to the same number unless it is a date or a range.
_OTHER_NUMBER = re.compile(r"\s?(?:[년월일시위차호%~∼/:]|분의|개월)")
_MONEY = re.compile(r"\s?(?:여\s)?(?:원|달러|유로|엔|위안|루블|\d)")
_AFTERNOON = re.compile(r"(?:오후|낮|밤|저녁)\s?$")
_HOUR = re.compile(r"\s?시")
_MONTH = re.compile(r"\s?월")
_CENTURIES = re.compile(r"\s?세기")
_PART_OF = ("분의", "분의 ")
_HUNDREDTHS = re.compile(
    r"(?:초|m)(\d{2})(?!\d)|초 (\d{2})(?=[은을의로에이]|$|[^\w\s])"
)  # 19초74 is 19.74 seconds, 2m04 2.04 metres
_DOZENS = frozenset(map(Decimal, (10, 20, 30, 40, 50)))
_EVENT = re.compile(r"\d{1,2}[·ㆍ]\d{1,2}(?!\d)")  # 6·25, the Korean War; but also the days 8·13일

# Nouns that read as a number before its counter: 석방 is a release and not three rooms, 세대 a
# generation, 열대 the tropics.
_NO_NUMBER = "석방|석권|세대|세척|세원|두건|두발|두개골|열대|열병"
_NATIVE = re.compile(
    rf"(?<![가-힣\d])(?!{_NO_NUMBER})(?:"
    rf"(?:(?P<tens>{longest_first(TENS)})?(?P<unit>{longest_first(DETERMINERS)})|스무|열한|열)"
    rf"(?:(?=\s?(?:{COUNTERS}))|(?<!열)(?=\s[가-힣])))"
)
_DAYS = re.compile(rf"(?<![가-힣])(?!보름달)(?:{longest_first(SPANS_OF_DAYS)})")
_SINO = re.compile(
    rf"(?<![가-힣\d])([{''.join(SINO)}])?([십백천])?([만억조])?(?<=[십백천만억조])"
    r"여?\s?(?=명|원|달러|개|년|톤|대|번|건|가구|유로|배|마리|척|일|%|분의)"
)
_HINT_READINGS = {
    word: readings(values) for values, group in HINTS.items() for word in group.split()
}
_HINT = re.compile(rf"(?:(?<![가-힣])(?:{longest_first(_HINT_READINGS)}))|분기|세기|쌍")
_WEEKDAY = re.compile(rf"([{WEEKDAYS}])요일")


def korean_numerals(text: str) -> Iterator[Numeral]:
    """All numerals of the text, kind by kind, without their units."""
    yield from _figures(text)
    for match in _NATIVE.finditer(text):
        number = TENS.get(match["tens"], 0) + DETERMINERS.get(match["unit"], 0)
        number = number or {"스무": 20, "열한": 11, "열": 10}[match[0]]
        yield _numeral(match, frozenset({Decimal(number)}), Weight.SPELLED)
    for match in _DAYS.finditer(text):
        days = Decimal(SPANS_OF_DAYS[match[0]])
        yield _numeral(match, frozenset({days, days * 24}), Weight.SPELLED)
    for match in _SINO.finditer(text):
        digit, small, great = match.groups()
        value = SINO.get(digit, 1) * SMALL.get(small, 1) * GREAT.get(great, Decimal(1))
        yield _numeral(match, frozenset({Decimal(value)}), Weight.HINT)
    for match in _HINT.finditer(text):
        yield _numeral(match, _HINT_READINGS[match[0]], Weight.HINT)
    for match in _WEEKDAY.finditer(text):
        day = frozenset({Decimal(WEEKDAYS.index(match[1]) + 1)})
        yield _numeral(match, day, Weight.SPELLED, Kind.WEEKDAY)


def _numeral(
    match: re.Match[str], values: frozenset[Decimal], weight: Weight, kind: Kind = Kind.NUMBER
) -> Numeral:
    return Numeral(match[0].strip(), match.start(), match.end(), values, weight, kind)


def _figures(text: str) -> Iterator[Numeral]:
    position = 0
    while (digit := _DIGIT.search(text, position)) and (
        first := _FIGURE.match(text, digit.start())
    ):
        values, scale, position = _number(text, first)
        start, value = first.start(), min(values)
        kind, weight = Kind.NUMBER, _weight(text, start, value)
        if hundredths := _HUNDREDTHS.match(text, position):
            values, position = (
                frozenset({value + Decimal(hundredths[1] or hundredths[2]) / 100}),
                hundredths.end(),
            )
        elif value <= 12 and _MONTH.match(text, position):
            kind = Kind.MONTH
        elif (
            value < 12
            and _HOUR.match(text, position)
            and _AFTERNOON.search(text[max(start - 4, 0) : start])
        ):
            values |= {value + 12}
        elif value in _DOZENS and text.startswith("여", position):
            values |= {value * 12 / 10}  # "a dozen" is 10여, ten odd; "two dozen" 20여
        elif _CENTURIES.match(text, position):
            values |= {value * 100}  # the fifth century, or five of them
        else:
            values |= decade_readings(value, text, position)
        if _EVENT.match(text, start) or (text[start - 1 : start] in "·ㆍ" and start > 0):
            weight = Weight.HINT
        yield Numeral(text[start:position], start, position, values, weight, kind, scale=scale)


def _weight(text: str, start: int, value: Decimal) -> Weight:
    if value == 0:
        return Weight.HINT
    before = text[max(start - 2, 0) : start]
    in_a_name = before == "로나" or (before[-1:].isascii() and before[-1:].isalpha())  # 코로나19
    if value == 1 or in_a_name or (before.endswith("-") and before[:1].isalpha()):
        return Weight.SPELLED
    return Weight.FIGURE


def _number(text: str, match: re.Match[str]) -> tuple[frozenset[Decimal], Decimal, int]:
    """Readings, greatest factor and end of the number that begins with the matched figure."""
    total, section, ceiling = Decimal(0), Decimal(0), Decimal(10**16)
    largest, end = Decimal(1), match.end()
    values = figure_readings(match[0], comma_is_decimal=False)
    value, pending = min(values), True
    if text.endswith(_PART_OF, 0, match.start()):  # "3분의 1만": only a third
        return values, largest, end
    while True:
        named = _NO_FACTOR.match(text, end)
        if not named and (factor := SMALL.get(text[end : end + 1])):
            section, pending, end = section + value * factor, False, end + 1
            largest = max(largest, factor)
            if (following := _FIGURE.match(text, end)) and not _OTHER_NUMBER.match(
                text, following.end()
            ):
                value, pending, end = _plain(following[0]), True, following.end()
                continue
        section += value if pending else 0
        great = _GREAT.match(text, end)
        if not great or _NO_FACTOR.match(text, great.start(1)) or GREAT[great[1]] >= ceiling:
            break
        ceiling = GREAT[great[1]]
        total, section, end = total + section * ceiling, Decimal(0), great.end()
        largest, pending = max(largest, ceiling), False
        space = text[end : end + 1] == " "
        following = _FIGURE.match(text, end + space)
        if not following or _plain(following[0]) >= ceiling:
            break
        if space and _OTHER_NUMBER.match(text, following.end()):
            break
        value, pending, end = _plain(following[0]), True, following.end()
    total += section
    if largest == 1:
        return values, largest, match.end()
    alternatives = {total}
    if text[end - 1] == "조" and value < 100 and not _MONEY.match(text, end):
        alternatives.add(value)  # "제5조" is article 5, "3조" may be group 3
    return frozenset(alternatives), largest, end


def _plain(figure: str) -> Decimal:
    return min(figure_readings(figure, comma_is_decimal=False))
