"""Matches measures with what they become in other units, such as miles in kilometres."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from newsbrief.lexicon import CONVERTIBLE, Numeral

# How far a converted measure may be from the exact one: "3 feet" becomes "90 cm", "about a metre".
_ROUNDING = 0.15
_DEGREES = 1.0  # how far a converted temperature may be off
_BESIDE = 5  # characters between the parts of "7 lb 4 oz" or "six feet and two inches", at most
_SMALLER = {"pound": "ounce", "foot": "inch"}

Sized = tuple[float, int]
"""The size of a measure in its SI unit, and its place among those that were given."""


def converted(
    expected: Sequence[Numeral], lost: Sequence[Numeral], added: Sequence[Numeral]
) -> tuple[dict[int, int | None], frozenset[int]]:
    """Which of the lost measures were converted, and the places of the added ones that they became.

    From the place in `lost` to that in `added`; to None where the source gives the measure twice,
    "5,070 pounds (2,300 kg)", of which one is enough. Takes n log n steps.
    """
    found: dict[int, int | None] = {}
    if not any(numeral.unit in CONVERTIBLE or numeral.unit == "fahrenheit" for numeral in lost):
        return found, frozenset()
    taken: set[int] = set()
    places = {id(numeral): place for place, numeral in enumerate(lost)}
    there = _by_unit(added)
    compounds, partners = _compounds(expected, places)
    units = _by_unit(lost)
    for sized in (compounds, units):
        for unit, sizes in sized.items():
            for other, others in there.items():
                if _comparable(unit, other):
                    _match(sizes, others, found, taken)
        found |= {partners[place]: after for place, after in found.items() if place in partners}
    gone = places.keys()
    kept = [numeral for numeral in expected if id(numeral) not in gone]
    _cool(lost, added, kept, found, taken)
    there = _by_unit(kept)
    for unit, sizes in units.items():
        for other, others in there.items():
            if _comparable(unit, other):
                exact = [size for size, _ in others]
                for size, place in sizes:
                    near = bisect_left(exact, size * (1 - _ROUNDING))
                    if near < len(exact) and exact[near] <= size * (1 + _ROUNDING):
                        found.setdefault(place, None)
    return found, frozenset(taken)


def _comparable(unit: str, other: str) -> bool:
    return unit != other and CONVERTIBLE[unit][0] == CONVERTIBLE[other][0]


def _compounds(
    numerals: Sequence[Numeral], places: Mapping[int, int]
) -> tuple[dict[str, list[Sized]], dict[int, int]]:
    """Measures of a larger and a smaller unit, and the place of the one part by the other's."""
    found: dict[str, list[Sized]] = defaultdict(list)
    partners: dict[int, int] = {}
    for first, second in pairwise(numerals):
        larger, smaller = first.unit or "", second.unit or ""
        if _SMALLER.get(larger) != smaller or second.start - first.end > len(larger) + _BESIDE:
            continue
        parts = [places[id(part)] for part in (first, second) if id(part) in places]
        if parts:
            size = sum(float(min(each.readings)) * _size(each.unit) for each in (first, second))
            found[larger].append((size, parts[0]))
            partners.update(pairwise(parts))
    for each in found.values():
        each.sort()
    return found, partners


def _by_unit(numerals: Iterable[Numeral]) -> dict[str, list[Sized]]:
    """The sizes in each unit, the smallest first."""
    found: dict[str, list[Sized]] = defaultdict(list)
    for place, numeral in enumerate(numerals):
        unit = numeral.unit
        if unit and unit in CONVERTIBLE:
            found[unit] += [(float(each) * _size(unit), place) for each in numeral.readings]
    for each in found.values():
        each.sort()
    return found


def _size(unit: str | None) -> float:
    return CONVERTIBLE[unit or ""][1]


def _match(
    sizes: Sequence[Sized],
    others: Sequence[Sized],
    found: dict[int, int | None],
    taken: set[int],
    spread: float = _ROUNDING,
    slack: float = 0.0,
) -> None:
    """Gives each size the smallest free one near it.

    Both run upwards, so what is too small for one size is too small for all that follow.
    """
    at = 0
    for size, place in sizes:
        if place in found:
            continue
        while at < len(others) and (
            others[at][1] in taken or others[at][0] < size * (1 - spread) - slack
        ):
            at += 1
        if at == len(others):
            return
        if others[at][0] <= size * (1 + spread) + slack:
            found[place] = others[at][1]
            taken.add(others[at][1])


def _cool(
    lost: Sequence[Numeral],
    added: Sequence[Numeral],
    kept: Sequence[Numeral],
    found: dict[int, int | None],
    taken: set[int],
) -> None:
    """Degrees Fahrenheit as degrees Celsius; the sign of a temperature is a word of its own."""
    degrees = [
        (abs((sign * float(reading) - 32) / 1.8), place)
        for place, numeral in enumerate(lost)
        if numeral.unit == "fahrenheit"
        for reading in numeral.readings
        for sign in (1, -1)
    ]
    if degrees:
        others = [
            (abs(float(reading)), place)
            for place, numeral in enumerate(added)
            if numeral.unit != "fahrenheit"
            for reading in numeral.readings
        ]
        _match(sorted(degrees), sorted(others), found, taken, spread=0.0, slack=_DEGREES)
        exact = sorted(abs(float(each)) for numeral in kept for each in numeral.readings)
        for size, place in degrees:
            near = bisect_left(exact, size - _DEGREES)
            if near < len(exact) and exact[near] <= size + _DEGREES:
                found.setdefault(place, None)
