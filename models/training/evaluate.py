"""Judges a converted model on held-out sets and writes the figures, a plot and examples.

    python -m models.training.evaluate MODEL DATA/test.jsonl OUT [--curve CHECKPOINT/curve.json]

MODEL is a CTranslate2 folder with source.spm and target.spm. Writes OUT/quality.json (chrF2 and
BLEU by sacreBLEU with their signatures, and target tokens a second, per language and kind),
OUT/examples.md (random translations) and, given the curve, OUT/curve.png.
"""

import argparse
import json
import random
import time
from pathlib import Path
from typing import Any

from models.training import plot
from models.training.corpus import Pair, load
from models.training.decoding import add_decoding, decoding_of
from models.training.translate import Translator
from newsbrief.pack import Decoding


def main() -> None:
    """Runs the command."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("sets", type=Path, help="held-out pairs, JSON lines")
    parser.add_argument("out", type=Path)
    parser.add_argument("--curve", type=Path)
    add_decoding(parser)
    parser.add_argument("--limit", type=int, help="pairs a language and kind")
    parser.add_argument("--examples", type=int, default=20)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    rows = load(arguments.sets)
    arguments.out.mkdir(parents=True, exist_ok=True)
    translator = Translator.open(arguments.model, arguments.threads)
    found = evaluate(translator, rows, decoding_of(arguments), arguments.limit)
    write(found, arguments.out, arguments.examples)
    if arguments.curve:
        plot.draw(json.loads(arguments.curve.read_text()), arguments.out / "curve.png")
    print(json.dumps(found["quality"], indent=1))


def evaluate(
    translator: Translator, rows: list[Pair], decoding: Decoding, limit: int | None = None
) -> dict[str, Any]:
    """Scores by language and kind, at most `limit` pairs each; and every translation."""
    quality: dict[str, Any] = {"decoding": decoding.model_dump(), "languages": {}}
    translations = []
    for language, kind in sorted({(row.language, row.kind) for row in rows}):
        part = [row for row in rows if (row.language, row.kind) == (language, kind)][:limit]
        started = time.perf_counter()
        outputs = translator.translate([row.source for row in part], language, decoding)
        seconds = time.perf_counter() - started
        tokens = sum(len(ids) for ids in translator.target.encode(outputs))
        quality["languages"].setdefault(language, {})[kind] = {
            **score(outputs, [row.target for row in part]),
            "pairs": len(part),
            "target_tokens_a_second": round(tokens / seconds),
        }
        translations += list(zip(part, outputs, strict=True))
    return {"quality": quality, "translations": translations}


def score(outputs: list[str], references: list[str]) -> dict[str, Any]:
    """Corpus chrF2 and BLEU (13a tokens), with sacreBLEU signatures."""
    from sacrebleu.metrics import BLEU, CHRF

    found = {}
    for name, metric in (("chrF2", CHRF()), ("BLEU", BLEU())):
        value = metric.corpus_score(outputs, [references]).score
        found[name] = {"score": round(value, 2), "signature": str(metric.get_signature())}
    return found


def write(found: dict[str, Any], out: Path, examples: int = 20) -> None:
    """Writes quality.json and examples.md, drawn with a fixed seed from our own test sentences.

    Other test sentences are not ours to publish.
    """
    quality = json.dumps(found["quality"], indent=1, ensure_ascii=False)
    (out / "quality.json").write_text(quality + "\n", encoding="utf-8")
    chance = random.Random(20)
    lines = ["# Random translations of held-out sentences", ""]
    for language in found["quality"]["languages"]:
        part = [
            row
            for row in found["translations"]
            if row[0].language == language and row[0].kind == "authored"
        ]
        lines += [f"## {language}", ""]
        for pair, output in chance.sample(part, min(examples, len(part))):
            lines += [f"- en: {pair.source}", f"  ours: {output}", f"  reference: {pair.target}"]
        lines.append("")
    (out / "examples.md").write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
