"""Writes figures, money, dates and measures as each language's agencies do."""

from collections.abc import Sequence

MONTHS = {
    "en": (
        "January February March April May June July August September October November December"
    ).split(),
    "ru": (
        "января февраля марта апреля мая июня июля августа сентября октября ноября декабря"
    ).split(),
    "uk": (
        "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня"
    ).split(),
}
KOREAN_UNITS = ((10**12, "조"), (10**8, "억"), (10**4, "만"))
SCALES = {
    "en": ((10**12, " trillion"), (10**9, " billion"), (10**6, " million")),
    "ru": ((10**12, " трлн"), (10**9, " млрд"), (10**6, " млн")),
    "uk": ((10**12, " трлн"), (10**9, " млрд"), (10**6, " млн")),
}


def number(value: int, language: str) -> str:
    """A whole number: 13,000 is 1만3000, 13 000; millions and more are shortened if they are round.

    >>> [number(13_000, code) for code in ("en", "ko", "ru", "uk")]
    ['13,000', '1만3000', '13 000', '13 000']
    """
    if language == "ko":
        return _korean(value)
    for size, word in SCALES[language]:
        if value >= size and value % (size // 100) == 0:
            return decimal(value / size, language) + word
    grouped = f"{value:,}" if value >= 10_000 or language == "en" else str(value)
    return grouped if language == "en" else grouped.replace(",", " ")


def _korean(value: int) -> str:
    text = ""
    for size, unit in KOREAN_UNITS:
        if value >= size:
            text += f"{value // size}{unit}"
            value %= size
    return text + (str(value) if value or not text else "")


def decimal(value: float, language: str) -> str:
    """A decimal fraction of at most two places, with a comma in Russian and Ukrainian."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if language in ("ru", "uk") else text


def counted(value: int, language: str, forms: Sequence[str]) -> str:
    """A number with its noun: one, few, many in Slavic languages; one, more in English."""
    text = number(value, language)
    if language == "ko":
        return text + forms[0]
    if language == "en":
        return f"{text} {forms[value != 1]}"
    return f"{text} {forms[plural(value, text)]}"


def plural(value: int, text: str) -> int:
    """Which Slavic form follows: 0 for 1, 21; 1 for 2, 34; 2 for 5, 11, 100 and shortened ones."""
    if not text[-1].isdigit() or 11 <= value % 100 <= 14:
        return 2
    last = value % 10
    return 0 if last == 1 else 1 if 2 <= last <= 4 else 2


def date(day: int, month: int, year: int | None, language: str, american: bool = False) -> str:
    """A date of the Gregorian calendar, month 1 to 12; the year may be left out."""
    if language == "ko":
        return (f"{year}년 " if year else "") + f"{month}월 {day}일"
    name = MONTHS[language][month - 1]
    if language == "en":
        if american:
            return f"{name} {day}, {year}" if year else f"{name} {day}"
        return f"{day} {name} {year}" if year else f"{day} {name}"
    word = {"ru": "года", "uk": "року"}[language]
    return f"{day} {name}" + (f" {year} {word}" if year else "")
