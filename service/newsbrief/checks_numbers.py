"""Compares the numerals of two texts: what was changed, lost, added or measured otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from newsbrief.article import Finding, Severity
from newsbrief.lexicon import CONVERTIBLE, TIMES, Kind, Numeral, Weight
from newsbrief.numerals import numerals

# How far a converted measure may be from the exact one: "3 feet" becomes "90 cm", "about a metre".
_ROUNDING = 0.15
_DEGREES = 1.0  # how far a converted temperature may be off


def compare_numerals(
    source: str, target: str, source_language: str, target_language: str
) -> list[Finding]:
    """Findings on the target; those of lost numerals have no place in it."""
    expected = numerals(source, source_language)
    found = numerals(target, target_language)
    lost, added = unanswered(expected, found), unanswered(found, expected)
    findings = [*_conversions(expected, lost, added), *_units(expected, found)]
    for kind in Kind:
        findings += _differences(
            [numeral for numeral in lost if numeral.kind is kind],
            [numeral for numeral in added if numeral.kind is kind],
        )
    return findings


def unanswered(numerals: Iterable[Numeral], others: Sequence[Numeral]) -> list[Numeral]:
    """The numerals, hints left out, of which no other has a reading.

    A number may answer a month only if its own text names no month otherwise: 9/11 in one
    language is "11 September" in another.
    """
    mine = list(numerals)
    values: dict[Kind, set[Decimal]] = {kind: set() for kind in Kind}
    for other in others:
        values[other.kind] |= other.readings
    if not any(numeral.kind is Kind.MONTH for numeral in mine):
        values[Kind.NUMBER] |= values[Kind.MONTH]
    elif not values[Kind.MONTH]:
        values[Kind.MONTH] = values[Kind.NUMBER]
    return [
        numeral
        for numeral in mine
        if numeral.weight > Weight.HINT and numeral.readings.isdisjoint(values[numeral.kind])
    ]


def _differences(lost: list[Numeral], added: list[Numeral]) -> list[Finding]:
    """Pairs of a lost and an added numeral are changes; of what remains, only figures are errors.

    A word of number may be an idiom of one language, and 1 is often "a" or nothing at all.
    """
    lost, added = _heaviest_first(lost), _heaviest_first(added)
    both = min(len(lost), len(added))
    findings = [_changed(*pair) for pair in zip(lost, added, strict=False)]
    for numeral in lost[both:]:
        error = numeral.weight is Weight.FIGURE and numeral.kind is Kind.NUMBER
        findings.append(
            Finding(
                "number-missing",
                Severity.ERROR if error else Severity.WARNING,
                f"'{numeral.text}' is missing",
                expected=numeral.text,
            )
        )
    findings += [
        Finding(
            "number-added",
            Severity.ERROR,
            f"'{numeral.text}' is not in the source",
            found=numeral.text,
            start=numeral.start,
            end=numeral.end,
        )
        for numeral in added[both:]
        if numeral.weight is Weight.FIGURE
    ]
    return findings


def _heaviest_first(numerals: list[Numeral]) -> list[Numeral]:
    return sorted(numerals, key=lambda numeral: -numeral.weight)


def _changed(before: Numeral, after: Numeral) -> Finding:
    return Finding(
        "number-changed" if before.kind is Kind.NUMBER else "date-changed",
        Severity.ERROR,
        f"'{before.text}' became '{after.text}'",
        expected=before.text,
        found=after.text,
        start=after.start,
        end=after.end,
    )


def _conversions(
    expected: Sequence[Numeral], lost: list[Numeral], added: list[Numeral]
) -> list[Finding]:
    """Measures that were converted, such as miles to kilometres; takes them off both lists.

    Where the source gives a measure twice, "5,070 pounds (2,300 kg)", one of them is enough.
    """
    findings = []
    for before in list(lost):
        after = next((other for other in added if _converted(before, other)), None)
        if after:
            added.remove(after)
        elif not any(_converted(before, other) for other in expected if other not in lost):
            continue
        lost.remove(before)
        findings.append(
            Finding(
                "unit-converted",
                Severity.WARNING,
                f"'{before.text}' ({before.unit}) was converted",
                expected=before.text,
                found=after.text if after else None,
                start=after.start if after else None,
                end=after.end if after else None,
            )
        )
    return findings


def _converted(before: Numeral, after: Numeral) -> bool:
    if before.unit == after.unit or not before.unit:
        return False
    pairs = [(float(a), float(b)) for a in before.readings for b in after.readings]
    if before.unit == "fahrenheit":  # the sign of a temperature is a word of its own
        return any(
            abs(abs((sign * a - 32) / 1.8) - b) <= _DEGREES for a, b in pairs for sign in (1, -1)
        )
    first, second = CONVERTIBLE.get(before.unit), CONVERTIBLE.get(after.unit or "")
    if not first or not second or first[0] != second[0]:
        return False
    return any(abs(a * first[1] - b * second[1]) <= _ROUNDING * a * first[1] for a, b in pairs)


def _units(expected: Sequence[Numeral], found: Sequence[Numeral]) -> list[Finding]:
    """Numbers that were kept, but of something else: dollars for euros, miles for kilometres."""
    findings = []
    for before in expected:
        if not before.unit:
            continue
        same = [after for after in found if not before.readings.isdisjoint(after.readings)]
        wrong = same[0] if same else None
        if wrong and all(_differ(before.unit, after.unit) for after in same):
            findings.append(
                Finding(
                    "unit-changed",
                    Severity.ERROR,
                    f"'{before.text}' is in {before.unit}, '{wrong.text}' in {wrong.unit}",
                    expected=before.unit,
                    found=wrong.unit,
                    start=wrong.start,
                    end=wrong.end,
                )
            )
    return findings


def _differ(first: str, second: str | None) -> bool:
    """A span of time beside another number is a date more often than its unit."""
    return second not in (None, first) and first not in TIMES and second not in TIMES
