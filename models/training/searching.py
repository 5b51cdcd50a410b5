"""Compares ways of asking a model to write: beams and penalties.

    python -m models.training.searching MODEL DATA/dev.jsonl [--beams 3] [--repetition 1 1.3] ...

MODEL is a CTranslate2 folder with source.spm and target.spm. Prints a table in Markdown: chrF2 by
language, the share of texts in which a check of Newsbrief's finds an error, and the CPU time over
that of the first row. Choose on the development set: the test set is for judging what was chosen.
"""

import argparse
import itertools
import time
from collections.abc import Iterable
from pathlib import Path

from models.training.corpus import Pair, load
from models.training.decoding import in_words
from models.training.evaluate import score
from models.training.translate import Translator
from newsbrief.article import Severity
from newsbrief.checks import SourceText
from newsbrief.pack import Decoding


def main() -> None:
    """Runs the command."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("sets", type=Path, help="development pairs, JSON lines")
    parser.add_argument("--beams", type=int, nargs="+", default=[3])
    parser.add_argument("--repetition", type=float, nargs="+", default=[1.0, 1.2, 1.3, 1.4])
    parser.add_argument("--length", type=float, nargs="+", default=[1.0, 1.3, 1.6])
    arguments = parser.parse_args()
    translator = Translator.open(arguments.model, threads=1)
    grid = itertools.product(arguments.beams, arguments.repetition, arguments.length)
    settings = [
        Decoding(beam_size=beam, repetition_penalty=repetition, length_penalty=length)
        for beam, repetition, length in grid
    ]
    for line in table(translator, load(arguments.sets), settings):
        print(line, flush=True)


def table(translator: Translator, rows: list[Pair], settings: Iterable[Decoding]) -> Iterable[str]:
    """The lines of the table, each as soon as it is measured."""
    languages = sorted({row.language for row in rows})
    parts = {code: [row for row in rows if row.language == code] for code in languages}
    sources = {row.source: SourceText(row.source, "en") for row in rows}
    yield f"| search | chrF2 {' / '.join(languages)} | texts with an error | CPU time |"
    yield "|---|---|---:|---:|"
    base = None
    for decoding in settings:
        began = time.process_time()
        outputs = {
            code: translator.translate([row.source for row in part], code, decoding)
            for code, part in parts.items()
        }
        seconds = time.process_time() - began
        base = base or seconds
        scores = [
            score(outputs[code], [row.target for row in part])["chrF2"]["score"]
            for code, part in parts.items()
        ]
        wrong = sum(
            any(
                finding.severity is Severity.ERROR
                for finding in sources[row.source].check(output, code)
            )
            for code, part in parts.items()
            for row, output in zip(part, outputs[code], strict=True)
        )
        shown = " / ".join(f"{each:.1f}" for each in scores)
        words = in_words(decoding.model_dump())
        yield f"| {words} | {shown} | {wrong / len(rows):.1%} | {seconds / base:.2f} |"


if __name__ == "__main__":
    main()
