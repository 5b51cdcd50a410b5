"""Numbers written in figures: how they are grouped, and what they may mean."""

from __future__ import annotations

import re
from decimal import Decimal

# Thousands apart by spaces (any width), commas or points; then fractions; then bare digits. The
# digits of a date, a version or an hour (13.10.2024, 6.30 p.m.) are numbers by themselves. A run
# is cut at about 30 digits.
_SPACE = r"[ \u00a0\u2009\u202f]"
FIGURE = (
    rf"\d{{1,3}}(?:{_SPACE}\d{{3}}){{1,9}}(?!\d)(?:[.,]\d{{1,30}}(?!\d|[.,]\d))?"
    r"|\d{1,3}(?:,\d{2,3}){0,9},\d{3}(?!\d|,\d)(?:\.\d{1,30})?"  # 2,06,737 in India
    r"|\d{1,3}(?:\.\d{3}){2,9}(?!\d|\.\d)(?:,\d{1,30})?"
    r"|(?<!\d[.,])\d{1,30}[.,]\d{1,30}(?!\d|[.,]\d|(?:\s?[-–]\s?\d{1,2})?\s?[ap]\.?m\b)"
    r"|\d{1,30}"
)
_SPACES = re.compile(_SPACE)
# Behind a year or two of its digits: 1990s, 80-х, 1990-ті, 1990년대.
DECADE = re.compile(r"['’]?s\b|-?(?:[хе]|ые|ых|ми|ті|тих)\b|\s?년대")
# Behind an hour: p.m., "часа дня", "-й годині вечора", with minutes or without.
AFTERNOON = re.compile(
    r"(?:[:.]\d\d)?\s?(?:-[йі]\s)?(?:час\w*\s|годин\w*\s)?"
    r"(?:p\.?\s?m\b|in the (?:afternoon|evening)|at night\b|вечера"
    r"|дня\b|ночи|пополудни|вечора|ночі|пополудні)",
    re.IGNORECASE,
)
CLOCK = re.compile(r":[0-5]\d(?!\d)")
MIDNIGHT = re.compile(r"(?:[:.]\d\d)?\s?a\.?\s?m\b", re.IGNORECASE)
MILITARY_TIME = re.compile(r"\s?(?:GMT|UTC|hours\b|по Гринвичу|за Гринвічем)")


def figure_readings(figure: str, *, comma_is_decimal: bool) -> frozenset[Decimal]:
    """The values a match of `FIGURE` may have.

    "13,000" is thirteen thousand in English; in Russian and Ukrainian it may also be thirteen,
    and "13.000" may be either: models leave the source's separators standing.
    """
    if figure.isdigit():
        return frozenset({Decimal(figure)})
    plain = _SPACES.sub("", figure)
    if plain.isdigit():
        return frozenset({Decimal(plain)})
    commas, points = plain.count(","), plain.count(".")
    if commas and points:  # the one that comes last divides the fraction
        group, mark = (",", ".") if plain.rindex(".") > plain.rindex(",") else (".", ",")
        return frozenset({Decimal(plain.replace(group, "").replace(mark, "."))})
    mark = "," if commas else "."
    whole = Decimal(plain.replace(mark, ""))
    if commas + points > 1:
        return frozenset({whole})
    fraction = Decimal(plain.replace(mark, "."))
    before, after = plain.split(mark)
    if comma_is_decimal and mark == "." and len(after) == 2 and fraction < 24 and after < "60":
        return frozenset({fraction, Decimal(before), Decimal(after)})  # also half past one, 13.30
    if plain != figure or len(after) != 3 or len(before) > 3:
        return frozenset({fraction})
    if comma_is_decimal:
        return frozenset({whole, fraction})
    return frozenset({whole if mark == "," else fraction})


def time_readings(value: Decimal, text: str, end: int) -> frozenset[Decimal]:
    """Other values of an hour that ends at `end` and is followed by minutes, p.m. or the like.

    Of "9:15 and 9:50 p.m." both are in the evening, so any hour with minutes may be.
    """
    if value == 12 and MIDNIGHT.match(text, end):
        return frozenset({Decimal(0), Decimal(24)})
    if value <= 12 and (CLOCK.match(text, end) or AFTERNOON.match(text, end)):
        return frozenset({value + 12})
    if 100 <= value < 2400 and MILITARY_TIME.match(text, end):
        return frozenset({value // 100})
    return frozenset()


def decade_readings(value: Decimal, text: str, end: int) -> frozenset[Decimal]:
    """What "1990s" or "90-е" may be written as elsewhere: 90 or 1990."""
    if not DECADE.match(text, end) or not 0 < value < 2100 or value % 10:
        return frozenset()
    return frozenset({value % 100, value % 100 + 1900}) if value != 2000 else frozenset()
