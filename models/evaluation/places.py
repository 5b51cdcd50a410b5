"""Shows how often the check of places fires: on right pairs, on swapped places, on our drafts.

    python -m models.evaluation.places [--corpus DIR] [--translator DIR] [--show N]

Right pairs are all authored sets and human news, as in `checks.py`; wrong ones are the authored
sets with one place swapped (`damage.py`). Drafts are what a converted model writes for the
held-out sentences. `--show` prints so many findings of each kind, to be read.
"""

import argparse
import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

from models.evaluation.checks import (
    LANGUAGES,
    Pair,
    authored_lines,
    news_lines,
    own_lines,
    pairs,
)
from models.evaluation.damage import Damage, place, place_beside
from models.evaluation.tables import percent, table
from newsbrief.article import Finding
from newsbrief.checks_places import SourcePlaces

CODES = ("place-changed", "place-added", "place-missing")
HELD_OUT = Path(__file__).parents[1] / "training" / "held_out.jsonl"


def main() -> None:
    """Runs the command."""
    options = asked(__doc__)
    draw = random.Random(options.seed)
    own = pairs(own_lines(), 10**9, draw)
    close, retold = news_lines(options.corpus)
    sets = {
        "authored": own,
        "corpus": pairs(authored_lines(options.corpus), 10**9, draw),
        "human news": pairs(close, options.limit, draw),
        "retold news": pairs(retold, options.limit, draw),
    }
    for name, damage in (("swapped", place), ("swapped for a neighbour", place_beside)):
        sets[name] = damaged(own, damage)
    if options.translator:
        sets["drafts"] = list(drafts(options.translator))
    rows = []
    for name, found in sets.items():
        for language in LANGUAGES:
            chosen = [pair for pair in found if pair.language == language]
            if chosen:
                rows.append([f"{name} {language}", len(chosen), *fired(chosen, name, options.show)])
    table(["pairs", "n", *(f"{code}, %" for code in CODES), "changed or added, %", "any, %"], rows)


def asked(description: str) -> argparse.Namespace:
    """The options of this command, and of `names`."""
    parser = argparse.ArgumentParser(description=description.split("\n", 1)[0])
    parser.add_argument("--corpus", type=Path, default=Path("../shared/corpus"))
    parser.add_argument("--translator", type=Path, help="a converted model's folder")
    parser.add_argument("--limit", type=int, default=20000, help="pairs of human news a language")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=0, help="findings of each kind to print")
    return parser.parse_args()


def damaged(right: Iterable[Pair], damage: Damage, seed: int = 1) -> list[Pair]:
    """Those of the pairs that can be damaged, with a wrong target."""
    draw = random.Random(seed)
    return [
        Pair(pair.source, wrong, pair.language)
        for pair in right
        if (wrong := damage(*pair, draw)) is not None
    ]


def drafts(folder: Path) -> Iterable[Pair]:
    """The held-out sentences as a model translates them."""
    from models.training.translate import Translator
    from newsbrief.pack import Decoding

    lines = map(json.loads, HELD_OUT.read_text(encoding="utf-8").splitlines())
    sources = [line["en"] for line in lines]
    translator = Translator.open(folder)
    for language in LANGUAGES:
        outputs = translator.translate(sources, language, Decoding())
        for source, target in zip(sources, outputs, strict=True):
            yield Pair(source, target, language)


def fired(found: Iterable[Pair], name: str, shown: int) -> list[str]:
    """The share of pairs with a finding of each code, of one of the first two, and of any."""
    counts: Counter[str] = Counter()
    examples: dict[str, list[tuple[Pair, Finding]]] = defaultdict(list)
    total = 0
    for pair in found:
        total += 1
        findings = SourcePlaces(pair.source, "en").compare(pair.target, pair.language)
        codes = {finding.code for finding in findings}
        counts.update(codes)
        counts["wrong"] += bool(codes & set(CODES[:2]))
        counts["any"] += bool(codes)
        for finding in findings:
            examples[finding.code].append((pair, finding))
    for code, each in examples.items():
        for pair, finding in each[:shown]:
            print(f"- {name} {code}: {finding.message}\n  {pair.source}\n  {pair.target}")
    return [percent(counts[key], total) for key in (*CODES, "wrong", "any")]


if __name__ == "__main__":
    main()
