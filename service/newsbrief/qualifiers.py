"""Finds what is said of a number besides its value: bounds, halves of the day, minus, magnitudes.

Only what another language says in few fixed ways is looked for, so that a contradiction is one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from newsbrief.lexicon import Kind, Numeral, Sense, Weight, longest_first

_HOURS = 12
_BEFORE, _BEHIND = 48, 40  # characters that are looked at on either side of a number


class _Words(NamedTuple):
    """One language's: what stands right before or right behind a number, and by what sense.

    What is `parted` has a comparison before the number, but denies a verb: it says neither bound
    for sure. «Не стоит больше двух» is "at most two", «не хватает больше двух» is not.
    """

    before: Mapping[Sense, str]
    behind: Mapping[Sense, str]
    magnitudes: Mapping[str, str]  # "|"-separated -> powers of ten
    multiples: Mapping[str, str]  # "|"-separated -> values
    parted: str = "(?!)"


_DEGREES = r"\s?(?:°|º|C\b|F\b|degrees?\b|[Гг]радус)"
_NOT = r"(?:not|never|cannot|[a-z]{2,6}n['’]t)\s"
_DENIED_KO = "(?!.*(?:없|않|못| 안 | 안[되돼된될]|금지))"
_COUNTED = r"(?:\s?[가-힣%]{0,4}\s|\s?[가-힣%]{0,3})"  # the counter behind a Korean figure
_WORDS = {
    "en": _Words(
        {
            Sense.AT_MOST: rf"(?:at most|(?:no|not) more than|{_NOT}[a-z]+\smore than"
            r"|(?<!no )(?<!not )(?:fewer|less) than)\s[$€£]?",
            Sense.AT_LEAST: rf"(?:at least|(?:no|not) (?:fewer|less) than"
            rf"|{_NOT}[a-z]+\s(?:fewer|less) than|(?<!no )(?<!not )more than)\s[$€£]?",
            Sense.MINUS: r"(?:minus\s|(?<![^\s(])[-−])",
        },
        {
            Sense.MORNING: r"(?:[:.]\d\d)?\s?a\.?m\b",
            Sense.EVENING: r"(?:[:.]\d\d)?\s?p\.?m\b",
        },
        {
            "dozens": "10",
            "hundreds": "100",
            "thousands": "1000",
            "tens of thousands": "10000",
            "hundreds of thousands": "100000",
            "millions": "1000000",
            "tens of millions": "10000000",
            "hundreds of millions": "100000000",
            "billions": "1000000000",
            "tens of billions": "10000000000",
            "hundreds of billions": "100000000000",
        },
        {
            "doubled|doubling": "2",
            "tripled|trebled|tripling": "3",
            "quadrupled": "4",
            "halved|halving": "0.5",
        },
        parted=rf"(?:{_NOT}[a-z]+\s|(?:no|nobody|none|without|refus[a-z]{{1,3}})\s)"
        r"(?:[a-z]+\s){1,5}(?:more|fewer|less) than\s[$€£]?",
    ),
    "ko": _Words(
        {
            Sense.MORNING: r"(?:오전|아침)\s?",
            Sense.EVENING: r"(?:오후|저녁)\s?",
            Sense.MINUS: r"영하\s?|[-−–]",
        },
        {
            Sense.AT_MOST: f"{_COUNTED}(?:이하|미만){_DENIED_KO}",
            Sense.AT_LEAST: f"{_COUNTED}(?:이상|초과){_DENIED_KO}",
        },
        {
            "수십": "10",
            "수백": "100",
            "수천": "1000",
            "수만": "10000",
            "수십만": "100000",
            "수백만": "1000000",
            "수천만": "10000000",
            "수억": "100000000",
            "수십억": "1000000000",
            "수백억": "10000000000",
            "수천억": "100000000000",
        },
        {"두 배|2배|갑절|곱절": "2", "세 배|3배": "3", "네 배|4배": "4", "절반으로": "0.5"},
    ),
    "ru": _Words(
        {
            Sense.AT_MOST: r"(?:не (?:более|больше)(?: чем)?|(?<!не )(?:менее|меньше)(?: чем)?)\s",
            Sense.AT_LEAST: r"(?:не (?:менее|меньше)(?: чем)?|(?<!не )более(?: чем)?|(?<!не )больше"
            r"|как минимум|по меньшей мере|свыше)\s",
            Sense.MINUS: r"(?:минус\w*\s|[-−–])",
        },
        {
            Sense.MORNING: r"(?:[:.]\d\d)?\s(?:час\w*\s)?утра\b",
            Sense.EVENING: r"(?:[:.]\d\d)?\s(?:час\w*\s)?вечера\b",
            Sense.MINUS: r"[\s°CСа-я]{0,25}\b(?:мороза|ниже нуля)\b",
        },
        {
            "десятки|десятков|десяткам|десятками|десятках": "10",
            "сотни|сотням|сотнями|сотнях": "100",
            "тысячи|тысячам|тысячами|тысячах": "1000",
            "десятки тысяч|десятков тысяч|десяткам тысяч|десятками тысяч|десятках тысяч": "10000",
            "сотни тысяч|сотням тысяч|сотнями тысяч|сотнях тысяч": "100000",
            "миллионы|миллионам|миллионами|миллионах": "1000000",
            "десятки миллионов|десяткам миллионов|десятками миллионов": "10000000",
            "сотни миллионов|сотням миллионов|сотнями миллионов": "100000000",
            "миллиарды|миллиардам|миллиардами": "1000000000",
            "десятки миллиардов|десяткам миллиардов|десятками миллиардов": "10000000000",
            "сотни миллиардов|сотням миллиардов|сотнями миллиардов": "100000000000",
        },
        {
            "удвоил|удвоила|удвоило|удвоили|удвоился|удвоилась|удвоилось|удвоились": "2",
            "утроил|утроила|утроили|утроился|утроилась|утроилось|утроились|втрое": "3",
            "учетверился|учетверилась|учетверилось|учетверились|вчетверо": "4",
            "вдвое": "2 0.5",
            "сократился вдвое|сократилась вдвое|сократилось вдвое|сократились вдвое"
            "|снизился вдвое|снизилась вдвое|снизилось вдвое|снизились вдвое": "0.5",
        },
        parted=r"(?:не|нельзя|запре[а-яё]{2,6})\s(?:[а-яё]+\s){1,3}"
        r"(?:больше|более|свыше|меньше|менее)(?:\sчем)?\s",
    ),
    "uk": _Words(
        {
            Sense.AT_MOST: r"(?:не (?:більше|більш)(?: ніж| як)?|щонайбільше"
            r"|(?<!не )менше(?: ніж| як)?|(?<!не )менш (?:ніж|як))\s",
            Sense.AT_LEAST: r"(?:не (?:менше|менш)(?: ніж| як)?|(?<!не )більше(?: ніж| як)?"
            r"|(?<!не )більш (?:ніж|як)|щонайменше|понад)\s",
            Sense.MINUS: r"(?:мінус\w*\s|[-−–])",
        },
        {
            Sense.MORNING: r"(?:[:.]\d\d)?(?:-[йї])?\s(?:годин\w*\s)?ранку\b",
            Sense.EVENING: r"(?:[:.]\d\d)?(?:-[йї])?\s(?:годин\w*\s)?вечора\b",
            Sense.MINUS: r"[\s°CСа-яіїє]{0,25}\b(?:морозу|нижче нуля)\b",
        },
        {
            "десятки|десятків|десяткам|десятками|десятках": "10",
            "сотні|сотням|сотнями|сотнях": "100",
            "тисячі|тисячам|тисячами|тисячах": "1000",
            "десятки тисяч|десятків тисяч|десяткам тисяч|десятками тисяч|десятках тисяч": "10000",
            "сотні тисяч|сотням тисяч|сотнями тисяч|сотнях тисяч": "100000",
            "мільйони|мільйонам|мільйонами|мільйонах": "1000000",
            "десятки мільйонів|десяткам мільйонів|десятками мільйонів": "10000000",
            "сотні мільйонів|сотням мільйонів|сотнями мільйонів": "100000000",
            "мільярди|мільярдам|мільярдами": "1000000000",
            "десятки мільярдів|десяткам мільярдів|десятками мільярдів": "10000000000",
            "сотні мільярдів|сотням мільярдів|сотнями мільярдів": "100000000000",
        },
        {
            "подвоїв|подвоїла|подвоїли|подвоївся|подвоїлася|подвоїлося|подвоїлися|подвоїлась": "2",
            "потроївся|потроїлася|потроїлося|потроїлися|потроїлась|втричі|утричі": "3",
            "вчетверо|учетверо": "4",
            "вдвічі|удвічі": "2 0.5",
            "скоротився вдвічі|скоротилася вдвічі|скоротилося вдвічі|скоротилися вдвічі"
            "|знизився вдвічі|знизилася вдвічі|знизилося вдвічі|знизилися вдвічі": "0.5",
        },
        parted=r"(?:не|заборон[а-яіїє]{2,4})\s(?:[а-яіїєґ'’]+\s){1,3}"
        r"(?:більше|більш|понад|менше|менш)(?:\s(?:ніж|як))?\s",
    ),
}


class _Reader:
    """The patterns of one language; a text without any of the words is left at once."""

    def __init__(self, words: _Words, korean: bool) -> None:
        self._values = {
            (kind, form): frozenset(map(Decimal, values.split()))
            for kind, table in (
                (Kind.MAGNITUDE, words.magnitudes),
                (Kind.MULTIPLE, words.multiples),
            )
            for forms, values in table.items()
            for form in forms.split("|")
        }
        # Most texts have none of these beginnings, which is ruled out far more quickly.
        self._beginnings = tuple({form.split()[-1][:4] for _, form in self._values})
        edges = ("(?<![가-힣])", "") if korean else (r"\b", r"\b")
        self._phrase = re.compile(
            f"{edges[0]}(?:{longest_first(form for _, form in self._values)}){edges[1]}",
            re.IGNORECASE,
        )
        before = rf"(?<!\w)(?:{words.parted}|{_named(words.before)})$"  # what begins first is found
        self._before = re.compile(before, re.IGNORECASE)
        self._behind = re.compile(_named(words.behind), re.IGNORECASE)

    def phrases(self, text: str, found: Sequence[Numeral]) -> Iterator[Numeral]:
        """Magnitudes and multiples that are no part of a number: not "two thousands"."""
        lower = text.lower()
        if not any(beginning in lower for beginning in self._beginnings):
            return
        proving = [numeral for numeral in found if numeral.weight > Weight.HINT]
        starts = [numeral.start for numeral in proving]
        for match in self._phrase.finditer(text):
            kind = next(
                kind
                for kind in (Kind.MAGNITUDE, Kind.MULTIPLE)
                if (kind, match[0].lower()) in self._values
            )
            at = bisect_right(starts, match.start()) - 1
            if kind is Kind.MAGNITUDE and at >= 0 and proving[at].end >= match.start() - 1:
                continue
            yield Numeral(
                match[0], *match.span(), self._values[kind, match[0].lower()], Weight.SLIGHT, kind
            )

    def senses(self, text: str, numeral: Numeral) -> frozenset[Sense]:
        start, end = numeral.start, numeral.end
        before = self._before.search(text[max(0, start - _BEFORE) : start])
        behind = self._behind.match(text[end : end + _BEHIND])
        if not before and not behind:
            return frozenset()
        names = {match.lastgroup for match in (before, behind) if match}
        found = {sense for sense in Sense if sense.name in names}
        if min(numeral.readings) > _HOURS:
            found -= {Sense.MORNING, Sense.EVENING}
        return frozenset(found)


def _named(patterns: Mapping[Sense, str]) -> str:
    """One group for each sense; they have no other."""
    return "|".join(f"(?P<{sense.name}>{pattern})" for sense, pattern in patterns.items())


_READERS = {language: _Reader(words, language == "ko") for language, words in _WORDS.items()}
# A sign alone may be a range or a score; a minus is one beside degrees.
_TEMPERATURE = re.compile(_DEGREES)


def is_qualified(numeral: Numeral) -> bool:
    """Whether something is said of the number that another text can contradict."""
    return bool(numeral.senses) or numeral.kind in (Kind.MAGNITUDE, Kind.MULTIPLE)


def qualified(text: str, language: str, found: Sequence[Numeral]) -> tuple[Numeral, ...]:
    """The numerals with their senses, and the magnitudes and multiples of the text."""
    reader = _READERS.get(language)
    if reader is None:
        return tuple(found)
    result = []
    for numeral in found:
        if numeral.kind is Kind.NUMBER and numeral.weight > Weight.HINT:
            senses = reader.senses(text, numeral)
            if language == "en" and not _TEMPERATURE.match(text, numeral.end):
                senses -= {Sense.MINUS}
            if senses:
                numeral = numeral._replace(senses=senses)
        result.append(numeral)
    return (*result, *reader.phrases(text, found))
