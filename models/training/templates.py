"""Makes parallel sentences about figures, dates, measures and names that are copied through.

    python -m models.training.templates OUT.jsonl --pairs 8000

Each frame of frames.toml is one sentence in the four languages; the slots are drawn at random.
They teach that 13,000 is 1만3000 and that addresses and acronyms stay as they are, not how news
reads.
"""

import argparse
import json
import random
import tomllib
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from models.training.corpus import LANGUAGES, Pair
from models.training.numerals import counted, date, decimal

Slots = dict[str, Callable[[str], str]]
NOUNS = {
    "people": {
        "en": ("person", "people"),
        "ko": ("명",),
        "ru": ("человек", "человека", "человек"),
        "uk": ("особа", "особи", "осіб"),
    },
    "tonnes": {
        "en": ("tonne", "tonnes"),
        "ko": ("t",),
        "ru": ("тонна", "тонны", "тонн"),
        "uk": ("тонна", "тонни", "тонн"),
    },
    "dollars": {
        "en": ("dollar", "dollars"),
        "ko": ("달러",),
        "ru": ("доллар", "доллара", "долларов"),
        "uk": ("долар", "долари", "доларів"),
    },
    "kilometres": {
        "en": ("kilometre", "kilometres"),
        "ko": ("km",),
        "ru": ("километр", "километра", "километров"),
        "uk": ("кілометр", "кілометри", "кілометрів"),
    },
    "houses": {
        "en": ("house", "houses"),
        "ko": ("채",),
        "ru": ("дом", "дома", "домов"),
        "uk": ("будинок", "будинки", "будинків"),
    },
}
ACRONYMS = (
    "NATO",
    "IAEA",
    "UNICEF",
    "OPEC",
    "FIFA",
    "UEFA",
    "WHO",
    "IMF",
    "OSCE",
    "ASEAN",
    "CNBC",
    "BBC",
    "AFP",
    "IBM",
    "TSMC",
    "SK",
    "LG",
    "BMW",
    "KLM",
    "DHL",
)
SITES = ("example.org", "www.example.com/news", "https://data.example.net", "info@example.org")
FRAMES = Path(__file__).with_name("frames.toml")


def main() -> None:
    """Runs the command."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--pairs", type=int, default=8000, help="a language")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with arguments.out.open("w", encoding="utf-8") as file:
        for pair in make(arguments.pairs, arguments.seed):
            file.write(json.dumps(asdict(pair), ensure_ascii=False) + "\n")


def make(count: int, seed: int) -> list[Pair]:
    """`count` pairs a language, the same for the same seed; four-way parallel."""
    chance = random.Random(seed)
    frames = tomllib.loads(FRAMES.read_text(encoding="utf-8"))["frame"]
    pairs = []
    for _ in range(count):
        frame = chance.choice(frames)
        slots = _slots(chance)
        source = frame["en"].format(**{name: write("en") for name, write in slots.items()})
        for language in LANGUAGES:
            target = frame[language].format(
                **{name: write(language) for name, write in slots.items()}
            )
            pairs.append(Pair(source, target, language, "templates", "number"))
    return pairs


def _slots(chance: random.Random) -> Slots:
    day, month, year = chance.randint(1, 28), chance.randint(1, 12), chance.randint(1950, 2030)
    with_year, american = chance.random() < 0.5, chance.random() < 0.4
    hour, minute = chance.randint(0, 23), chance.randint(0, 59)
    fixed = {
        "year": str(year),
        "time": f"{hour:02}:{minute:02}",
        "score": f"{chance.randint(1, 9)}-{chance.randint(0, 5)}",
        "site": chance.choice(SITES),
        "acronym": chance.choice(ACRONYMS),
        "code": f"{chance.choice('ABDKLSU')}{chance.choice('AEKNQSU')}{chance.randint(10, 9999)}",
        "degrees": str(chance.randint(1, 49)),
    }
    slots: Slots = {name: lambda _, text=text: text for name, text in fixed.items()}
    fractions = {
        "percent": chance.choice([chance.randint(1, 99), round(chance.uniform(0.1, 60), 1)]),
        "percent2": chance.choice([chance.randint(1, 99), round(chance.uniform(0.1, 60), 1)]),
        "magnitude": round(chance.uniform(2, 9), 1),
    }
    for name, value in fractions.items():
        slots[name] = lambda language, value=value: decimal(value, language)
    for name, forms in NOUNS.items():
        amount = _amount(chance)
        slots[name] = lambda language, amount=amount, forms=forms: counted(
            amount, language, forms[language]
        )
    slots["date"] = lambda language: date(
        day, month, year if with_year else None, language, american
    )
    return slots


def _amount(chance: random.Random) -> int:
    """From two to billions, as often round as not."""
    size = min(chance.randint(0, 9), chance.randint(0, 9))
    value = chance.randint(2, 99) * 10**size if size else chance.randint(2, 9)
    if chance.random() < 0.4:
        value += chance.randint(0, 99) * 10 ** max(size - 2, 0)
    return value


if __name__ == "__main__":
    main()
