"""What a language's table of number words, months, weekdays and units is made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum, IntEnum
from typing import NamedTuple

APOSTROPHES = "'’ʼ"
BEGINNING = 3  # letters; no stem is shorter


class Weight(IntEnum):
    """How much the loss or change of a numeral proves."""

    HINT = 1  # "both", "decade", "один": may answer a numeral of the other text, proves nothing
    SLIGHT = 2  # "the two sides", "thousands": may be left out, but not become another
    SPELLED = 3  # "seven", and the figures inside names such as F-16
    FIGURE = 4  # written in figures


class Kind(IntEnum):
    """What a numeral counts."""

    NUMBER = 0
    MONTH = 1
    WEEKDAY = 2
    MAGNITUDE = 3  # "dozens", "hundreds of thousands"
    MULTIPLE = 4  # "doubled"


class Sense(Enum):
    """What a number's neighbours say of it."""

    AT_LEAST = "at least"  # or more than
    AT_MOST = "at most"  # or less than
    MORNING = "a.m."
    EVENING = "p.m."
    MINUS = "below zero"


class Numeral(NamedTuple):
    """A number, month or weekday in a text; `text` stands at `start` to `end` (code points).

    `readings` are the values it may have: "3 p.m." is 3 or 15, the "2" of "2 to 3 million" is 2
    or 2,000,000. Two numerals agree when they share a reading. `unit` is a currency, "percent" or
    a measure, None where none is written beside it; `scale` is what the figure was multiplied by.
    """

    text: str
    start: int
    end: int
    readings: frozenset[Decimal]
    weight: Weight
    kind: Kind = Kind.NUMBER
    unit: str | None = None
    scale: Decimal = Decimal(1)
    senses: frozenset[Sense] = frozenset()


@dataclass(frozen=True, slots=True)
class Word:
    """What one word says of numbers. A `final` one (an ordinal, a hint) ends a number.

    One that is `alone` is no part of the number before it either: "twenty twins", "сто раз", and
    the "a" of "two hundred a day".
    """

    readings: frozenset[Decimal]
    weight: Weight = Weight.SPELLED
    kind: Kind = Kind.NUMBER
    final: bool = False
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One language's numerals. Words are in lower case, with a plain apostrophe."""

    words: Mapping[str, Word] = field(default_factory=dict)
    stems: Mapping[str, Word] = field(default_factory=dict)  # how words begin: "десятилет"
    scales: Mapping[str, Decimal] = field(default_factory=dict)  # after a number: "million", "млн"
    attached_scales: Mapping[str, Decimal] = field(default_factory=dict)  # "5m": or five metres
    possible_scales: Mapping[str, Decimal] = field(default_factory=dict)  # "two decades": or 20
    divided: Mapping[str, Decimal] = field(default_factory=dict)  # "half a kilometre": or 500
    compounds: Mapping[str, Decimal] = field(default_factory=dict)  # "двух": "двухдневный"
    night_before: re.Pattern[str] | None = None  # "в ночь на", before the weekday that follows it
    and_a_half: re.Pattern[str] | None = None  # what follows a number and adds one half
    units: Mapping[str, str] = field(default_factory=dict)  # how a unit begins -> its name
    often_omitted: re.Pattern[str] | None = None  # a number and what stands before it: "the two"
    comma_is_decimal: bool = False
    names_are_capitalised: bool = False  # of months and weekdays
    # The first letters of all words, stems and compounds, with any apostrophe -> how long the stems
    # and compounds are that begin so, the longest first. Most words of a text begin otherwise.
    beginnings: Mapping[str, Sequence[int]] = field(init=False)

    def __post_init__(self) -> None:
        lengths: dict[str, set[int]] = {}
        for word in (*self.words, *(f"{word}'s" for word in self.words)):
            lengths.setdefault(word[:BEGINNING], set())
        for stem in (*self.stems, *self.compounds):
            lengths.setdefault(stem[:BEGINNING], set()).add(len(stem))
        beginnings = {
            letters.replace("'", apostrophe): sorted(found, reverse=True)
            for letters, found in lengths.items()
            for apostrophe in APOSTROPHES
        }
        object.__setattr__(self, "beginnings", beginnings)


# Written before or after a number in every language.
CURRENCY_SIGNS: Mapping[str, str] = {
    "$": "dollar",
    "€": "euro",
    "£": "pound",
    "¥": "yen",
    "₩": "won",
    "₴": "hryvnia",
    "₽": "rouble",
}

CURRENCIES = frozenset({*CURRENCY_SIGNS.values(), "yuan"})
TIMES = frozenset({"hour", "minute", "day", "week", "month", "year", "century"})

# Name of a unit -> (dimension, size in the dimension's SI unit), for units that translators
# convert. International yard and pound agreement of 1959; US liquid gallon.
CONVERTIBLE: Mapping[str, tuple[str, float]] = {
    "mile": ("length", 1609.344),
    "nautical mile": ("length", 1852.0),
    "yard": ("length", 0.9144),
    "foot": ("length", 0.3048),
    "inch": ("length", 0.0254),
    "kilometre": ("length", 1000.0),
    "metre": ("length", 1.0),
    "centimetre": ("length", 0.01),
    "millimetre": ("length", 0.001),
    "pound": ("mass", 0.45359237),
    "ounce": ("mass", 0.028349523125),
    "ton": ("mass", 1000.0),
    "kilogram": ("mass", 1.0),
    "gram": ("mass", 0.001),
    "acre": ("area", 4046.8564224),
    "hectare": ("area", 10000.0),
    "square kilometre": ("area", 1e6),
    "square metre": ("area", 1.0),
    "square mile": ("area", 2589988.110336),
    "square foot": ("area", 0.09290304),
    "gallon": ("volume", 3.785411784),
    "litre": ("volume", 1.0),
}


def readings(values: str) -> frozenset[Decimal]:
    """Space-separated values as readings."""
    return frozenset(map(Decimal, values.split()))


def numbers(
    table: Mapping[int | str, str],
    weight: Weight = Weight.SPELLED,
    *,
    final: bool = False,
    alone: bool = False,
) -> dict[str, Word]:
    """From value -> space-separated forms to form -> word."""
    return {
        form: Word(readings(str(value)), weight, final=final, alone=alone)
        for value, forms in table.items()
        for form in forms.split()
    }


def hints(table: Mapping[str, str]) -> dict[str, Word]:
    """From space-separated values -> space-separated forms to form -> word of no own weight."""
    return {
        form: Word(readings(values), Weight.HINT, final=True, alone=True)
        for values, forms in table.items()
        for form in forms.split()
    }


def calendar(kind: Kind, names: Iterable[str], weight: Weight = Weight.SPELLED) -> dict[str, Word]:
    """Months (or weekdays) in their order, from 1; each entry holds space-separated forms."""
    return {
        form: Word(frozenset({Decimal(number)}), weight, kind, final=True)
        for number, forms in enumerate(names, 1)
        for form in forms.split()
    }


def inflect(stems: Mapping[int | str, str], endings: str) -> dict[int | str, str]:
    """Every stem with every ending: value -> space-separated forms."""
    return {
        value: " ".join(stem + end for stem in group.split() for end in endings.split())
        for value, group in stems.items()
    }


def scales(table: Mapping[int | str, str]) -> dict[str, Decimal]:
    """From value -> space-separated forms to form -> value."""
    return {form: Decimal(value) for value, forms in table.items() for form in forms.split()}


def units(table: Mapping[str, str]) -> dict[str, str]:
    """From name -> "|"-separated beginnings to beginning -> name.

    "!" ends a whole word, "+" begins one that stands right behind a figure, in this letter case.
    """
    return {stem: name for name, stems in table.items() for stem in stems.split("|")}


def longest_first(words: Iterable[str]) -> str:
    """A regular expression's alternatives, the longest tried first."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
