"""Shows how often the checks of negation and direction fire on right and on wrong translations.

    python -m models.evaluation.polarity [--corpus DIR] [--half tune|report] [--show N]

Right pairs are the authored sets and human translations of news. Wrong ones are `polarity.tsv`,
written by hand ("{right|wrong}"), and right pairs of which one word was put for its opposite, one
negation left out, or one put in. The word lists were chosen on the half that is named "tune".
"""

import argparse
import re
import sys
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from models.evaluation.checks import LANGUAGES, Pair, news_lines, own_lines
from models.evaluation.tables import percent, table
from newsbrief.opposites import ENGLISH, SIDES, TABLES, find_sides
from newsbrief.polarity import Polarity

BY_HAND = Path(__file__).with_suffix(".tsv")
CODES = ("direction-changed", "negation-lost", "negation-added")
_CHOICE = re.compile(r"\{([^{}|]*)\|([^{}]*)\}")
_DENIED = re.compile(r"\b(?:not|never|cannot|no longer)\b|n['’]t\b", re.IGNORECASE)
_NOT = {
    "ru": re.compile(r"\b[Нн]е (?=\w{3})"),
    "uk": re.compile(r"\b[Нн]е (?=\w{3})"),
    "ko": re.compile(r"지(?:는|도)? (?:않|못하|못했)았?"),
}
# The beginning of a verb in the past or the present, by its ending; Korean: the ending itself.
_VERB = {
    "ru": re.compile(r"\b(?=\w{4,20}(?:ил|ал|ел|ла|ло|ли|ет|ит|ют|ят)\b)"),
    "uk": re.compile(r"\b(?=\w{4,20}(?:ив|ав|ів|ла|ло|ли|ає|ить|ують|ять)\b)"),
    "ko": re.compile(r"(?:했|았|었)다(?=[.고])"),
}


class ByHand(NamedTuple):
    """A pair that was written for this: its right and its wrong translation."""

    code: str
    source: str
    right: str
    wrong: str
    language: str


def main() -> None:
    """Runs the command."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--corpus", type=Path, default=Path("../shared/corpus"))
    parser.add_argument("--half", choices=("tune", "report"), default="report")
    parser.add_argument("--show", type=int, default=0, help="alarms to show of each set")
    options = parser.parse_args()
    close, retold = news_lines(options.corpus)
    sets = {
        "own": half(own_lines(), options.half),
        "human news": half(close, options.half),
        "retold news": half(retold, options.half),
    }
    print("## Right pairs: how often a check fires, per cent\n")
    alarms(sets, options.show)
    print("\n## Damaged pairs: found, per cent of those that could be damaged\n")
    damages(sets)
    print("\n## Pairs written by hand: found, and alarms on the right translations\n")
    hand()


def half(lines: Iterable[dict[str, Any]], which: str) -> list[Pair]:
    """By the source, so that all its translations are in the same half."""
    return [
        Pair(line["en"], line["tgt"], line["lang"])
        for line in lines
        if zlib.crc32(line["en"].encode()) % 2 == (which == "report")
    ]


def codes(pair: Pair) -> set[str]:
    found = Polarity(pair.source).compare(pair.target, pair.language)
    return {finding.code for finding in found}


def alarms(sets: dict[str, list[Pair]], shown: int) -> None:
    rows = []
    for name, pairs in sets.items():
        for language in LANGUAGES:
            chosen = [pair for pair in pairs if pair.language == language]
            if not chosen:
                continue
            fired: Counter[str] = Counter()
            fires = [(pair, found) for pair in chosen if (found := codes(pair))]
            for _, found in fires:
                fired.update(found)
            shares = [percent(fired[code], len(chosen)) for code in CODES]
            rows.append([f"{name} {language} ({len(chosen)})", *shares])
            for pair, found in fires[:shown]:
                print(*sorted(found), pair.source, pair.target, sep="\n    ", file=sys.stderr)
    table(["set", *CODES], rows)


def damages(sets: dict[str, list[Pair]]) -> None:
    rows = []
    for name, damage, code in (
        ("a word for its opposite", turned, "direction-changed"),
        ("a negation left out", without_not, "negation-lost"),
        ("a negation put in", with_not, "negation-added"),
    ):
        for chosen in ("own", "human news"):
            shares = []
            for language in LANGUAGES:
                found = [
                    code in each
                    for pair in sets[chosen]
                    if pair.language == language
                    for each in damage(pair)
                ]
                shares.append(f"{percent(sum(found), len(found))} / {len(found)}")
            rows.append([f"{name}, {chosen}", *shares])
    table(["damage", *(f"{language}: found / n" for language in LANGUAGES)], rows)


def turned(pair: Pair) -> Iterator[set[str]]:
    """For each scale, the first word that says what the source says becomes its opposite.

    The opposite is one of the lists': what is measured is how often other words of the target
    keep the check silent, not how many opposites the lists lack.
    """
    text = pair.target.lower()
    words = re.findall(r"[a-z]+", pair.source.lower())
    theirs = {
        (sided.scale, sided.side) for word in words for sided in ENGLISH.get(word, ()) if sided.sure
    }
    for scale in sorted({scale for scale, _ in theirs}):
        first = next(
            (
                each
                for each in find_sides(text, scale, pair.language)
                if each.sure and (scale, each.side) in theirs
            ),
            None,
        )
        if first is None:
            continue
        other = (first.side + 1) % 2 if SIDES[scale] == 2 else first.side ^ 1
        end = first.end
        while end < len(text) and text[end].isalpha():
            end += 1
        word = opposite(scale, other, pair.language)
        bad = pair.target[: first.start] + word + pair.target[end:]
        yield codes(Pair(pair.source, bad, pair.language))


def opposite(scale: str, side: int, language: str) -> str:
    """The first of the list's words that are sure to be on that side."""
    words = TABLES[scale][language].items()
    return next(
        word.rstrip("$")
        for word, sided in words
        if any(each.side == side and each.sure for each in sided)
    )


def without_not(pair: Pair) -> Iterator[set[str]]:
    if _DENIED.search(pair.source) and _NOT[pair.language].search(pair.target):
        with_it = "다 " if pair.language == "ko" else ""
        bad = _NOT[pair.language].sub(with_it, pair.target, count=1)
        yield codes(Pair(pair.source, bad, pair.language))


def with_not(pair: Pair) -> Iterator[set[str]]:
    match = _VERB[pair.language].search(pair.target)
    if match and not _DENIED.search(pair.source) and not _NOT[pair.language].search(pair.target):
        word = "지 않았다" if pair.language == "ko" else "не "
        bad = pair.target[: match.start()] + word + pair.target[match.end() :]
        yield codes(Pair(pair.source, bad, pair.language))


def by_hand() -> Iterator[ByHand]:
    """The columns of the file: code, English, Russian, Ukrainian, Korean."""
    for line in BY_HAND.read_text(encoding="utf-8").splitlines():
        code, source, *targets = line.split("\t")
        for language, target in zip(("ru", "uk", "ko"), targets, strict=True):
            right, wrong = (_CHOICE.sub(rf"\{group}", target) for group in (1, 2))
            yield ByHand(code, source, right, wrong, language)


def hand() -> None:
    rows = []
    for code in CODES:
        row: list[object] = [code]
        for language in LANGUAGES:
            chosen = [each for each in by_hand() if (each.code, each.language) == (code, language)]
            found = sum(code in codes(Pair(p.source, p.wrong, language)) for p in chosen)
            false = sum(bool(codes(Pair(p.source, p.right, language))) for p in chosen)
            row.append(f"{found} of {len(chosen)}, {false} alarms")
        rows.append(row)
    table(["code", *LANGUAGES], rows)


if __name__ == "__main__":
    main()
