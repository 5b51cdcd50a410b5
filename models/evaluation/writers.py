"""Measures a pack's highlight writer as the service runs it, against extraction and lead-3.

    python -m models.evaluation.writers PACK ARTICLES...

ARTICLES are `.jsonl` files (`{"body": ..., "highlights": [...]}` a line) or one article as `.json`
(`body`, `headline`, `reference_highlights`). For each file prints ROUGE F1 (as in `highlights.py`)
and what the checks say of the bullets, of five systems: lead-3 of the cleaned body, extraction,
what the writer wrote, what the service would answer with the pack (extraction stands in for what
fails a check), and the editors. *Support* is the share of a bullet's content words that its source
sentences have; for lead-3 and the editors, the whole body.
"""

import argparse
import asyncio
import json
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.evaluation.highlights import METRICS, interval, lead, score
from models.evaluation.tables import percent, table
from newsbrief.article import Article, Highlight, Severity
from newsbrief.briefing import Briefer
from newsbrief.checks import ArticleText
from newsbrief.cleaning import clean_text
from newsbrief.engine import Engine, open_engine
from newsbrief.extraction import extract_highlights
from newsbrief.highlighting import EXTRACTED, OVERLAP
from newsbrief.metrics import Metrics
from newsbrief.opening import open_briefer
from newsbrief.pack import Model, open_pack
from newsbrief.salience import overlap, stems
from newsbrief.sentences import split_sentences
from newsbrief.settings import Settings
from newsbrief.summarising import highlights_from_summaries, plan_windows

COUNT, MAX_CHARS = 3, 120  # the service's defaults
EXTRACTION, WRITTEN, SERVED = "Newsbrief extraction", "the writer's bullets", "the pack as served"


@dataclass(frozen=True, slots=True)
class Bullet:
    """A bullet and the text that it rests on."""

    text: str
    source: str
    extracted: bool = False


def main() -> None:
    """Runs the command."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("pack", type=Path)
    parser.add_argument("articles", type=Path, nargs="+")
    parser.add_argument("--show", action="store_true", help="print what the writer wrote")
    options = parser.parse_args()
    for path in options.articles:
        found = read(path)
        articles = [article for article, _ in found]
        references = [highlights for _, highlights in found]
        systems = {
            "lead-3, cleaned": [
                [Bullet(text, article.body) for text in lead(article)] for article in articles
            ],
            EXTRACTION: [extracted(article) for article in articles],
            WRITTEN: written(options.pack, articles),
            SERVED: asyncio.run(served(options.pack, articles)),
            "the editors": [
                [Bullet(text, article.body) for text in reference]
                for article, reference in zip(articles, references, strict=True)
            ],
        }
        print(f"\n## {path.name}: {len(articles)} articles\n")
        report(systems, articles, references)
        if options.show:
            for each in systems[WRITTEN]:
                print("", *(f"* {bullet.text}" for bullet in each), sep="\n")


def read(path: Path) -> list[tuple[Article, list[str]]]:
    """Cleaned articles and their editors' highlights."""
    text = path.read_text(encoding="utf-8")
    rows = [json.loads(text)] if path.suffix == ".json" else map(json.loads, text.splitlines())
    return [
        (
            clean_text(row["body"], headline=row.get("headline")),
            row.get("highlights") or row["reference_highlights"],
        )
        for row in rows
    ]


def extracted(article: Article) -> list[Bullet]:
    """What the service answers without a writer."""
    found = extract_highlights(article, split_sentences(article), count=COUNT, max_chars=MAX_CHARS)
    return _bullets(found, article)


def written(pack: Path, articles: Iterable[Article]) -> list[list[Bullet]]:
    """What the pack's writer wrote, put in form and ranked as the service does, right or wrong."""
    opened = open_pack(pack)
    name = opened.description.highlights.model
    if name is None:
        raise ValueError(f"{pack} has no writer: its highlights are extractive")
    model = opened.description.models[name]
    engine = open_engine(opened.folder / model.folder, model)
    found = [_bullets(_write(article, model, engine), article) for article in articles]
    engine.close()
    return found


def _write(article: Article, model: Model, engine: Engine) -> tuple[Highlight, ...]:
    sentences = split_sentences(article)
    lengths = [engine.encode(sentence.text).length for sentence in sentences]
    windows = plan_windows(lengths, engine.max_source_tokens - engine.encode("").length, OVERLAP)
    sources = [
        engine.encode(" ".join(sentences[index].text for index in window)) for window in windows
    ]
    fitting = [source for source in sources if source.length <= engine.max_source_tokens]
    # One at a time: with batch mates the figures would differ a little from run to run.
    summaries = [engine.generate([source], model.decoding)[0].text for source in fitting]
    return highlights_from_summaries(summaries, sentences, count=COUNT, max_chars=MAX_CHARS)


async def served(pack: Path, articles: Iterable[Article]) -> list[list[Bullet]]:
    """What a user of the service would get."""
    briefer: Briefer = open_briefer(Settings(pack=f"{pack.resolve()}/"), Metrics())
    try:
        briefs = [await briefer.brief(article) for article in articles]
    finally:
        briefer.close()
    return [
        _bullets(brief.highlights, article) for brief, article in zip(briefs, articles, strict=True)
    ]


def _bullets(highlights: Iterable[Highlight], article: Article) -> list[Bullet]:
    return [
        Bullet(
            highlight.text or "",
            " ".join(article.body[span.start : span.end] for span in highlight.sources),
            any(finding.code == EXTRACTED.code for finding in highlight.findings),
        )
        for highlight in highlights
    ]


def report(
    systems: dict[str, list[list[Bullet]]],
    articles: Sequence[Article],
    references: list[list[str]],
) -> None:
    """Prints both tables, and the intervals of the writer's gain over extraction."""
    editors = list(systems)[-1]
    scores = {
        name: score(references, [[bullet.text for bullet in each] for each in outputs])
        for name, outputs in systems.items()
        if name != editors
    }
    table(
        ["ROUGE F1", *METRICS],
        [
            [name, *(f"{statistics.mean(scored[metric]):.2f}" for metric in METRICS)]
            for name, scored in scores.items()
        ],
    )
    if len(articles) > 1:
        for name in (WRITTEN, SERVED):
            for metric in ("rouge2", "rougeL"):
                pairs = zip(scores[name][metric], scores[EXTRACTION][metric], strict=True)
                gains = [a - b for a, b in pairs]
                low, high = interval(gains)
                gain = statistics.mean(gains)
                print(f"\n{name} over extraction, {metric}: {gain:+.2f} [{low:+.2f}, {high:+.2f}]")
    print()
    rows = {name: checked(outputs, articles) for name, outputs in systems.items()}
    columns = list(dict.fromkeys(key for row in rows.values() for key in row))
    table(
        ["bullets", *columns],
        [[name, *(row.get(column, "0.00") for column in columns)] for name, row in rows.items()],
    )


def checked(outputs: list[list[Bullet]], articles: Sequence[Article]) -> dict[str, Any]:
    """How many bullets there are, the share without an error, their support, and each finding."""
    pairs = [
        (bullet, source.check(bullet.text))
        for each, article in zip(outputs, articles, strict=True)
        for source in [ArticleText(_whole(article), "en")]
        for bullet in each
    ]
    good = sum(not any(f.severity is Severity.ERROR for f in found) for _, found in pairs)
    supports = [overlap(stems(bullet.text), stems(bullet.source)) for bullet, _ in pairs]
    extracted = sum(bullet.extracted for bullet, _ in pairs)
    codes = sorted({finding.code for _, found in pairs for finding in found})
    return {
        "number": len(pairs),
        "no error, %": percent(good, len(pairs)),
        "support, %": f"{100 * statistics.mean(supports or [0]):.1f}",
        "stood in by extraction, %": percent(extracted, len(pairs)),
    } | {
        code: percent(sum(any(f.code == code for f in found) for _, found in pairs), len(pairs))
        for code in codes
    }


def _whole(article: Article) -> str:
    """What the service checks a bullet against."""
    return article.body if article.headline is None else f"{article.headline}\n\n{article.body}"


if __name__ == "__main__":
    main()
