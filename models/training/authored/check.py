"""Check the authored sentence sets: fields, ids, scripts, numbers and duplicates.

Usage: python check.py [FILE.jsonl ...]   (default: every .jsonl file beside this script)

Prints one line per fault, then a count per topic. Exits with 1 if anything was found.

Numbers are compared by their significant digits, so that 1.5 million, 150만 and 1,5 млн agree,
as do 13,000, 1만3000 and 13 000: a wrong power of ten is therefore not found. A number that
English spells out may be written in digits elsewhere; one up to ten may be spelled out.
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

FIELDS = ["id", "topic", "en", "ko", "ru", "uk"]
LANGUAGES = FIELDS[2:]
FORBIDDEN = {
    "en": r"[\u0400-\u04ff\u1100-\u11ff\uac00-\ud7af]",
    "ko": r"[\u0400-\u04ff]",
    "ru": r"[іїєґІЇЄҐ\uac00-\ud7af]",
    "uk": r"[ыэъёЫЭЪЁ\uac00-\ud7af]",
}
REQUIRED = {"en": "[A-Za-z]", "ko": r"[\uac00-\ud7af]", "ru": r"[\u0400-\u04ff]"}
REQUIRED["uk"] = REQUIRED["ru"]
# A word that mixes Latin and Cyrillic letters, as a slip of the keyboard layout does.
MIXED_WORD = re.compile(r"[A-Za-z][\u0400-\u04ff]|[\u0400-\u04ff][A-Za-z]")

KOREAN_UNITS = {"조": 10**12, "억": 10**8, "만": 10**4, "": 1}
ROMAN = {
    "XII": 12, "XIII": 13, "XIV": 14, "XV": 15, "XVI": 16, "XVII": 17, "XVIII": 18, "XIX": 19,
    "XX": 20, "XXI": 21,
}  # fmt: skip
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
# Significant digits that an English word may become elsewhere: a quarter is 4분의 1 or 0.25,
# a teenager is 10대, the end of the decade 2020년대 말.
WORDS = {
    "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6",
    "seven": "7", "eight": "8", "nine": "9", "ten": "1", "eleven": "11", "twelve": "12",
    "thirteen": "13", "fourteen": "14", "fifteen": "15", "sixteen": "16", "seventeen": "17",
    "eighteen": "18", "nineteen": "19", "twenty": "2", "thirty": "3", "forty": "4", "fifty": "5",
    "sixty": "6", "seventy": "7", "eighty": "8", "ninety": "9", "first": "1", "second": "2",
    "third": "3", "fourth": "4", "fifth": "5", "sixth": "6", "seventh": "7", "eighth": "8",
    "ninth": "9", "tenth": "1", "eleventh": "11", "twelfth": "12", "half": "2 5", "quarter": "4 25",
    "once": "1", "twice": "2", "double": "2", "doubled": "2", "doubling": "2",
    "triple": "3", "tripled": "3", "tripling": "3", "dozen": "12", "hundred": "1",
    "thousand": "1", "million": "1", "billion": "1", "trillion": "1", "century": "1",
    "decade": "1 202", "teenage": "1", "teenager": "1", "year": "1", "month": "1",
    "week": "1", "day": "1", "hour": "1", "a": "1",
    "single": "1", "annual": "1", "annually": "1", "daily": "1", "weekly": "1", "monthly": "1",
    "yearly": "1", "each": "1", "every": "1", "per": "1", "noon": "12", "midnight": "12",
}  # fmt: skip
# Read one by one: their figures differ and are right (круглосуточный for 24-hour, 5배 for fivefold,
# 16:52 for 4.52 p.m., 15분 for a quarter of an hour, 발트 3국 for the Baltic states, and so on).
REVIEWED = frozenset({
    "conflict-0035", "conflict-0112", "conflict-0206", "conflict-0209", "conflict-0211",
    "diplomacy-0044", "diplomacy-0050", "diplomacy-0167", "diplomacy-0210", "diplomacy-0218",
    "politics-0062", "politics-0144", "politics-0206",
})  # fmt: skip
# Figures up to ten, which a translation may spell out; not percentages, millions or decimals.
SMALL = re.compile(r"(?<![\d.,])(?:10|\d)(?!\d|[.,]\d|%| ?(?:m|b|tr)illion)")


def significant(number: str | int | Decimal) -> str:
    """The digits of a number without its point and its outer zeros: 0.5 -> 5, 13000 -> 13."""
    return f"{Decimal(number):f}".replace(".", "").strip("0") or "0"


def korean_numbers(text: str) -> Iterator[str]:
    """Numbers in Korean text, with the parts of 1만3000 or 3억 5000만 added up."""
    total, last_unit, end = Decimal(0), 0, -9
    for match in re.finditer(r"(\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)([조억만]?)", text):
        value, unit = Decimal(match[1].replace(",", "")), KOREAN_UNITS[match[2]]
        gap = text[end : match.start()] if end >= 0 else "-"
        if unit < last_unit and (gap == "" or (gap == " " and unit > 1)):
            total += value * unit
        else:
            if end >= 0:
                yield significant(total)
            total = value * unit
        last_unit, end = unit, match.end()
    if end >= 0:
        yield significant(total)


def numbers(text: str, language: str) -> Counter[str]:
    """The significant digits of every number written in figures."""
    if language == "ko":
        return Counter(korean_numbers(text))
    if language == "en":
        found = re.findall(r"(?<!\d)\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?", text)
        return Counter(significant(number.replace(",", "")) for number in found)
    pattern = r"(?<![\d,])\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)(?:,\d+)?|\d+(?:,\d+)?"
    found = re.findall(pattern, text)
    plain = [re.sub(r"\s", "", number).replace(",", ".") for number in found]
    roman = [str(ROMAN[word]) for word in re.findall(r"\b[IVX]+\b", text) if word in ROMAN]
    return Counter(significant(number) for number in [*plain, *roman])


def allowed_extras(english: str) -> set[str]:
    """Digits that a translation may add: spelled-out numbers, months, 24-hour times."""
    words = re.findall(r"[a-z]+", english.lower())
    extras: set[str] = set()
    for word in words:
        for form in (word, word.removesuffix("s"), word.removesuffix("th")):
            extras.update(WORDS.get(form, "").split())
    for tens, ones in pairwise(words):
        if tens.endswith("ty") and tens in WORDS and ones in WORDS:
            extras.add(WORDS[tens] + WORDS[ones])
    if "others" in words:  # Smith and four others are five people
        extras |= {str(int(digit) + 1) for digit in extras}
    for word in words:
        if word[:3] in MONTHS:
            extras.add(significant(MONTHS.index(word[:3]) + 1))
    for hour in re.findall(r"(\d{1,2})(?:[:.]\d\d)? ?p\.?m", english):
        extras |= {significant(int(hour) + 12), "0"}
    if re.search(r"\d ?a\.?m", english) or "noon" in words or "midnight" in words:
        extras.add("0")
    return extras


def number_faults(sentence_set: dict[str, str]) -> Iterator[str]:
    """Numbers of the English that a translation lacks, and numbers that it adds."""
    english = sentence_set["en"]
    source = numbers(english, "en")
    small = {significant(number) for number in SMALL.findall(english)}
    extras = allowed_extras(english)
    for hour in re.findall(r"(\d{1,2})(?:[:.]\d\d)? ?p\.?m", english):
        source[significant(hour)] -= 1
        extras.add(significant(hour))
    for language in LANGUAGES[1:]:
        target = numbers(sentence_set[language], language)
        missing = [number for number in (source - target) if number not in small]
        extra = [number for number in (target - source) if number not in extras]
        if missing:
            yield f"{language}: number missing: {', '.join(missing)}"
        if extra:
            yield f"{language}: number not in the English: {', '.join(extra)}"


def faults(sentence_set: object, stem: str) -> Iterator[str]:
    """What is wrong with one set, in words."""
    if not isinstance(sentence_set, dict) or list(sentence_set) != FIELDS:
        yield f"the fields must be {', '.join(FIELDS)}, in this order"
        return
    for field, value in sentence_set.items():
        if not isinstance(value, str) or not value or value != " ".join(value.split()):
            yield f"{field}: must be a string with single spaces and no space at its ends"
            return
    if not re.fullmatch(re.escape(stem) + r"-\d{4}", sentence_set["id"]):
        yield f"id: must be {stem}- and four digits"
    for language in LANGUAGES:
        text = sentence_set[language]
        if wrong := re.findall(FORBIDDEN[language], text):
            yield f"{language}: foreign letters {''.join(wrong)}"
        if not re.search(REQUIRED[language], text):
            yield f"{language}: no letters of this language"
        if mixed := MIXED_WORD.search(text):
            yield f"{language}: Latin and Cyrillic in one word at {mixed[0]!r}"
    if sentence_set["id"] not in REVIEWED:
        yield from number_faults(sentence_set)


def check(paths: list[Path]) -> tuple[list[str], Counter[str]]:
    """Faults of all files as messages, and the number of sets per topic."""
    messages: list[str] = []
    topics: Counter[str] = Counter()
    seen: dict[tuple[str, str], str] = {}
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            place = f"{path.name}:{number}"
            try:
                sentence_set = json.loads(line)
            except json.JSONDecodeError as error:
                messages.append(f"{place}: not JSON: {error}")
                continue
            found = list(faults(sentence_set, path.stem))
            messages += [f"{place}: {fault}" for fault in found]
            if not isinstance(sentence_set, dict):
                continue
            topics[str(sentence_set.get("topic"))] += 1
            for field in ("id", *LANGUAGES):
                key = (field, str(sentence_set.get(field)).casefold())
                if key in seen:
                    messages.append(f"{place}: {field}: same as {seen[key]}")
                seen.setdefault(key, place)
    return messages, topics


def main(arguments: list[str]) -> int:
    """Check the given files, or all beside this script; 1 if anything is wrong."""
    paths = [Path(argument) for argument in arguments]
    paths = paths or sorted(Path(__file__).parent.glob("*.jsonl"))
    if not paths:
        print("no .jsonl files to check", file=sys.stderr)
        return 1
    messages, topics = check(paths)
    for message in messages:
        print(message, file=sys.stderr)
    for topic, count in sorted(topics.items()):
        print(f"{topic}: {count}")
    print(f"total: {topics.total()}, faults: {len(messages)}")
    return 1 if messages else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
