"""Corpus files -> vocabulary, packed training arrays and held-out news sets.

    python -m models.training.prepare OUT CORPUS... --config models/training/configs/gpu.toml

CORPUS is a file (.jsonl, .jsonl.xz, .tsv, .tmx) or a directory of them. Writes the
vocabulary, OUT/train-*.npz, OUT/dev.jsonl, OUT/test.jsonl and OUT/report.json (what each filter
dropped, and what was kept by kind, language and origin). With --from, a checkpoint's vocabulary is
used; do so to fine-tune. With --sets, dev.jsonl and test.jsonl of an earlier preparation stay what
they were; do so to go on with a model that was trained beside them.
"""

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

from models.training import cleaning, config, holdout, packing, templates, vocabulary
from models.training.corpus import Pair, load, read


def main() -> None:
    """Runs the command."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("corpus", type=Path, nargs="+")
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--from", dest="checkpoint", type=Path, help="take its vocabulary")
    parser.add_argument("--held", type=Path, nargs="*", default=[], help="test pairs of your own")
    parser.add_argument("--sets", type=Path, help="keep the held-out sets of this preparation")
    parser.add_argument("--without", nargs="*", default=[], help="origins to leave out")
    arguments = parser.parse_args()
    report = prepare(
        arguments.out,
        arguments.corpus,
        config.load(arguments.config),
        arguments.checkpoint,
        arguments.held,
        frozenset(arguments.without),
        arguments.sets,
    )
    print(json.dumps({k: v for k, v in report.items() if k != "origins"}, indent=1))


def prepare(
    out: Path,
    corpus: list[Path],
    settings: config.Config,
    checkpoint: Path | None = None,
    held: Iterable[Path] = (),
    without: frozenset[str] = frozenset(),
    sets: Path | None = None,
) -> dict[str, object]:
    """Runs every step of the preparation and returns the report it writes."""
    out.mkdir(parents=True, exist_ok=True)
    dropped: Counter[str] = Counter()
    pairs = [pair for path in corpus for pair in read(path) if pair.origin not in without]
    given = len(pairs)
    pairs.sort(key=lambda pair: pair.synthetic)  # stable: human translations first
    pairs = list(cleaning.clean(pairs, dropped))
    pairs += templates.make(settings.data.synthetic, settings.train.seed)
    own = [cleaning.normalise(pair) for path in held for pair in read(path)]
    former = (load(sets / "dev.jsonl"), load(sets / "test.jsonl")) if sets else None
    parts = holdout.split(pairs, settings.data.dev, settings.data.test, own, former)
    dropped["resembles a held-out sentence"] = parts.near_duplicates
    for name, part in (("dev", parts.dev), ("test", parts.test)):
        _write(out / f"{name}.jsonl", part)
    chance = random.Random(settings.train.seed)
    kept = [p for p in parts.train if chance.random() < settings.data.keep.get(p.kind, 1.0)]
    dropped["not sampled"] = len(parts.train) - len(kept)
    kept = list(cleaning.in_language(kept, cleaning.identifier(), dropped))
    chance.shuffle(kept)
    if checkpoint:
        vocabulary.copy(checkpoint, out)
        pieces = vocabulary.Pieces.open(out)
    else:
        texts = _vocabulary_texts(kept, settings, chance)
        pieces = vocabulary.train(texts, out, settings.data.vocabulary)
    packed, too_long = packing.pack(kept, pieces, settings.data.max_tokens, settings.data.resampled)
    dropped["too many tokens"] = too_long
    shards = packing.save(packed, out)
    report = {
        "given": given,
        "kept": len(kept) - too_long,
        "tokens": len(packed.tokens),
        "shards": [path.name for path in shards],
        "dev": _table(parts.dev, "kind"),
        "test": _table(parts.test, "kind"),
        "dropped": dict(dropped.most_common()),
        "kinds": _table(kept, "kind"),
        "origins": _table(kept, "origin"),
    }
    (out / "report.json").write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")
    return report


def _write(path: Path, pairs: list[Pair]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for pair in pairs:
            file.write(json.dumps(asdict(pair), ensure_ascii=False) + "\n")


def _vocabulary_texts(
    pairs: list[Pair], settings: config.Config, chance: random.Random
) -> Iterator[str]:
    """Both sides of a sample in which kinds weigh as in training and languages weigh the same."""
    weights = settings.train.weight
    share = Counter[str]()
    for pair in pairs:
        share[pair.language] += weights.get(pair.kind, 1.0)
    scale = settings.data.vocabulary_pairs / max(len(share), 1)
    for pair in pairs:
        copies = weights.get(pair.kind, 1.0) * scale / share[pair.language]
        if chance.random() < copies:
            yield pair.source
            yield pair.target


def _table(pairs: list[Pair], column: str) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = {}
    for pair in pairs:
        counts.setdefault(getattr(pair, column), Counter())[pair.language] += 1
    return {name: dict(sorted(count.items())) for name, count in sorted(counts.items())}


if __name__ == "__main__":
    main()
