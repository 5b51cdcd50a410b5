"""Shows how often the check of names fires: on right pairs, on changed and lost names, on drafts.

    python -m models.evaluation.names [--corpus DIR] [--translator DIR] [--show N]

Right pairs are all authored sets and human news, as in `checks.py`. Wrong ones are those of them in
which the check finds a person's name on both sides: there it becomes another of a list, or is left
out. So a name that it can't read counts in neither; the share of pairs that name anyone is printed.
Drafts are what a converted model writes for the held-out sentences. `--show` prints so many
findings of each kind, to be read.
"""

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from models.evaluation.checks import (
    LANGUAGES,
    Pair,
    authored_lines,
    news_lines,
    own_lines,
    pairs,
)
from models.evaluation.places import asked, drafts
from models.evaluation.tables import percent, table
from newsbrief.article import Finding
from newsbrief.checks_names import LIMITS, PARTICLES, SourceNames
from newsbrief.people import WORD
from newsbrief.transcription import cyrillic, distance, hangul

CODES = ("name-changed", "name-added", "name-missing")
OTHERS = {
    "ru": "Бергстрём Дюваль Ферреро Гринвуд Хашими Иваненко Ямагути Кроуфорд Лоуренс Мбекани"
    " Нагорный Оливейра Пристли Рахимов Сорокин Танака Удальцов Вебер Чаудри Шевчук",
    "uk": "Бергстрем Дюваль Ферреро Ґрінвуд Хашимі Іваненко Ямаґучі Кроуфорд Лоуренс Мбекані"
    " Нагорний Олівейра Прістлі Рахімов Сорокін Танака Удальцов Вебер Чаудрі Шевчук",
    "ko": "베리스트룀 뒤발 페레로 그린우드 하시미 이바넨코 야마구치 크로퍼드 로런스 음베카니"
    " 나고르니 올리베이라 프리스틀리 라히모프 소로킨 다나카 우달초프 베버 초드리 셰우추크",
}


def main() -> None:
    """Runs the command."""
    options = asked(__doc__)
    draw = random.Random(options.seed)
    own = pairs(own_lines(), 10**9, draw)
    close, _ = news_lines(options.corpus)
    sets = {
        "authored": own,
        "corpus": pairs(authored_lines(options.corpus), 10**9, draw),
        "human news": pairs(close, options.limit, draw),
    }
    right = [pair for found in sets.values() for pair in found]
    sets["changed"] = list(damaged(right, change=True))
    sets["lost"] = list(damaged(right, change=False))
    if options.translator:
        sets["drafts"] = list(drafts(options.translator))
    rows = []
    for name, found in sets.items():
        for language in LANGUAGES:
            chosen = [pair for pair in found if pair.language == language]
            if chosen:
                rows.append([f"{name} {language}", len(chosen), *fired(chosen, name, options.show)])
    table(["pairs", "n", "name anyone, %", *(f"{code}, %" for code in CODES), "any, %"], rows)


def damaged(right: Iterable[Pair], *, change: bool, seed: int = 1) -> Iterator[Pair]:
    """Pairs of which the translation has another name, or none, where it had a person's."""
    draw = random.Random(seed)
    for pair in right:
        for person in SourceNames(pair.source).people:
            place = heard(person.sounds[0], pair.target, pair.language) if person.sure else None
            if place:
                other = draw.choice(OTHERS[pair.language].split()) if change else ""
                wrong = pair.target[: place.start()] + other + pair.target[place.end() :]
                yield Pair(pair.source, wrong, pair.language)
                break


def heard(name: tuple[int, ...], target: str, language: str) -> re.Match[str] | None:
    """The word that is nearest to a name."""
    best, nearest = LIMITS[language], None
    for word in WORD.finditer(target):
        if language == "ko":
            away = min(distance(name, hangul(word[0][cut:]), PARTICLES) for cut in (0, 1))
        else:
            away = distance(name, cyrillic(word[0])) if word[0][0].isupper() else 1.0
        if away < best:
            best, nearest = away, word
    return nearest


def fired(found: Iterable[Pair], name: str, shown: int) -> list[str]:
    """The share of pairs that name anyone, with a finding of each code, and of any."""
    counts: Counter[str] = Counter()
    examples: dict[str, list[tuple[Pair, Finding]]] = defaultdict(list)
    total = 0
    for pair in found:
        total += 1
        source = SourceNames(pair.source)
        findings = source.compare(pair.target, pair.language)
        counts.update({finding.code for finding in findings})
        counts["named"] += bool(source.people)
        counts["any"] += bool(findings)
        for finding in findings:
            examples[finding.code].append((pair, finding))
    for code, each in examples.items():
        for pair, finding in each[:shown]:
            print(f"- {name} {code}: {finding.message}\n  {pair.source}\n  {pair.target}")
    return [percent(counts[key], total) for key in ("named", *CODES, "any")]


if __name__ == "__main__":
    main()
