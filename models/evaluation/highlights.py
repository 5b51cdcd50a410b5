"""Measures extracted highlights against the first three sentences, by ROUGE.

    python models/evaluation/highlights.py ARTICLES.jsonl

Each line of ARTICLES is `{"body": ..., "highlights": [...]}`. ROUGE is F1 by the `rouge-score`
package with its Porter stemmer, bullets one a line: `rougeL` takes them as one sequence,
`rougeLsum` line by line; never compare one with the other. Lead-3 is given twice: of the body as
it is, and of the body as Newsbrief cleans it, which is the harder to beat. Differences carry the
95% interval of a paired bootstrap over articles.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import statistics
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rouge_score.rouge_scorer import RougeScorer

from newsbrief import extraction
from newsbrief.article import Article
from newsbrief.cleaning import clean_text
from newsbrief.sentences import split_sentences

METRICS = ("rouge1", "rouge2", "rougeL", "rougeLsum")
RESAMPLES = 10_000
SEED = 20_240_314
FOLDS = 5
# Cross-validation chooses among these on four folds and scores the fifth.
GRID = {
    "POSITION_WEIGHT": (0.75, 1.5, 3.0),
    "POSITION_DECAY": (3.0, 6.0, 12.0),
    "MAX_OVERLAP": (0.4, 0.5, 0.7),
}

Scores = dict[str, list[float]]  # by metric, one F1 an article, in per cent


def main() -> None:
    """Prints the table, and with `--cross-validate` the score of weights chosen on other folds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=_Formatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--count", type=int, default=3, help="bullets (default 3)")
    parser.add_argument("--max-chars", type=int, default=120, help="a bullet (default 120)")
    parser.add_argument("--cross-validate", action="store_true")
    parser.add_argument("--show", action="store_true", help="print bullets beside the editors'")
    options = parser.parse_args()
    lines = options.articles.read_text(encoding="utf-8").splitlines()
    articles = [json.loads(line) for line in lines]
    references = [article["highlights"] for article in articles]
    cleaned = [clean_text(article["body"]) for article in articles]
    sentences = [split_sentences(article) for article in cleaned]

    def extracted() -> list[list[str]]:
        return [
            [
                highlight.text or ""
                for highlight in extraction.extract_highlights(
                    article, found, count=options.count, max_chars=options.max_chars
                )
            ]
            for article, found in zip(cleaned, sentences, strict=True)
        ]

    systems = {
        "lead-3 of the raw body": [lead(Article(None, (a["body"],))) for a in articles],
        "lead-3 of the cleaned body": [lead(article) for article in cleaned],
        "Newsbrief extraction": extracted(),
    }
    if options.show:
        for reference, bullets in zip(references, systems["Newsbrief extraction"], strict=True):
            print("", *(f"  {line}" for line in reference), *(f"* {b}" for b in bullets), sep="\n")
    scores = {name: score(references, outputs) for name, outputs in systems.items()}
    print(f"{len(articles)} articles, {options.count} bullets of at most {options.max_chars}")
    print(f"{'F1, stemmed':28}", *(f"{metric:>9}" for metric in METRICS))
    for name, scored in scores.items():
        print(f"{name:28}", *(f"{statistics.mean(scored[m]):9.2f}" for m in METRICS))
    ours = scores.pop("Newsbrief extraction")
    for name, scored in scores.items():
        for metric in ("rougeL", "rougeLsum"):
            gains = [a - b for a, b in zip(ours[metric], scored[metric], strict=True)]
            low, high = interval(gains)
            print(f"{metric} over {name}: {statistics.mean(gains):+.2f} [{low:+.2f}, {high:+.2f}]")
    if options.cross_validate:
        print(
            f"rougeL, weights chosen on other folds: {_cross_validate(references, extracted):.2f}"
        )


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Keeps the lines of the docstring."""


def lead(article: Article, count: int = 3) -> list[str]:
    return [sentence.text for sentence in split_sentences(article)[:count]]


def score(references: list[list[str]], outputs: list[list[str]]) -> Scores:
    scorer = RougeScorer(METRICS, use_stemmer=True)
    scores: Scores = {metric: [] for metric in METRICS}
    for reference, output in zip(references, outputs, strict=True):
        found: dict[str, Any] = scorer.score("\n".join(reference), "\n".join(output))
        for metric in METRICS:
            scores[metric].append(100 * found[metric].fmeasure)
    return scores


def interval(gains: list[float]) -> tuple[float, float]:
    draw = random.Random(SEED)
    means = sorted(statistics.mean(draw.choices(gains, k=len(gains))) for _ in range(RESAMPLES))
    return means[RESAMPLES // 40], means[-(RESAMPLES // 40) - 1]


def _cross_validate(references: list[list[str]], extracted: Callable[[], list[list[str]]]) -> float:
    chosen = {name: getattr(extraction, name) for name in GRID}
    tried: list[list[float]] = []
    for values in itertools.product(*GRID.values()):
        for name, value in zip(GRID, values, strict=True):
            setattr(extraction, name, value)
        tried.append(score(references, extracted())["rougeL"])
    for name, value in chosen.items():
        setattr(extraction, name, value)
    held_out: list[float] = []
    for fold in range(FOLDS):
        others = [i for i in range(len(references)) if i % FOLDS != fold]
        best = max(tried, key=lambda scores: sum(scores[i] for i in others))
        held_out.extend(score for i, score in enumerate(best) if i % FOLDS == fold)
    return statistics.mean(held_out)


if __name__ == "__main__":
    main()
