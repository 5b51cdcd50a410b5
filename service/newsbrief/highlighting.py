"""An article -> checked highlights, by the pack's method: a seq2seq model, or extraction."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from newsbrief.article import Article, Finding, Highlight, Sentence, Severity
from newsbrief.checks import ArticleText
from newsbrief.engine import Engine, Source
from newsbrief.extraction import extract_highlights
from newsbrief.pack import Model
from newsbrief.summarising import highlights_from_summaries, plan_windows
from newsbrief.translating import ModelCall, Work, halves, outputs_of

OVERLAP = 2  # sentences that two windows of a long article share
EXTRACTED = Finding(
    "highlight-extracted",
    Severity.WARNING,
    "the model wrote too few good bullets; this one is taken from the article",
)
LONG = Finding(
    "highlight-long",
    Severity.WARNING,
    "longer than asked for: nothing more could go without changing what it says",
)


class Highlighter:
    """Writes highlights; without a model it extracts them."""

    def __init__(
        self,
        *,
        name: str = "",
        model: Model | None = None,
        engine: Engine | None = None,
        source_prefix: str = "",
    ) -> None:
        self._name = name
        self._model = model
        self._engine = engine
        self._prefix = source_prefix

    @property
    def extracts(self) -> bool:
        """Whether it only extracts, and needs no engine."""
        return self._model is None or self._engine is None

    async def write(
        self,
        article: Article,
        sentences: Sequence[Sentence],
        work: Work,
        *,
        count: int,
        max_chars: int,
    ) -> tuple[Highlight, ...]:
        """At most `count` highlights of at most `max_chars` characters, with their findings.

        One taken from the article may be `extraction.LONGER` times as long where it holds the news,
        or where too few fit, and says so (`highlight-long`).
        Where a model's bullets are too few, or fail a check, sentences of the article stand in for
        them and carry the finding `highlight-extracted`. Raises `EngineError` or `DeadlineError`.
        """
        if self._model is None or self._engine is None:
            return await asyncio.to_thread(self._extract, article, sentences, count, max_chars)
        summaries = await self._summarise(sentences, self._model, self._engine, work)
        return await asyncio.to_thread(
            self._choose, summaries, article, sentences, count, max_chars
        )

    def _extract(
        self, article: Article, sentences: Sequence[Sentence], count: int, max_chars: int
    ) -> tuple[Highlight, ...]:
        extracted = extract_highlights(article, sentences, count=count, max_chars=max_chars)
        return tuple(
            replace(highlight, findings=(*highlight.findings, LONG))
            if len(highlight.text or "") > max_chars
            else highlight
            for highlight in _checked(extracted, article)
        )

    async def _summarise(
        self, sentences: Sequence[Sentence], model: Model, engine: Engine, work: Work
    ) -> list[str]:
        lengths = [engine.encode(sentence.text).length for sentence in sentences]
        room = engine.max_source_tokens - engine.encode(self._prefix).length
        sources = [
            source
            for window in plan_windows(lengths, room, OVERLAP)
            for source in self._fit(" ".join(sentences[index].text for index in window), engine)
        ]
        call = ModelCall("highlights", self._name, model.decoding)
        return [output.text for output in await outputs_of(work.submit(call, sources))]

    def _fit(self, text: str, engine: Engine) -> list[Source]:
        """A window as one source; cut where a sentence alone is over the model's limit."""
        source = engine.encode(self._prefix + text)
        if source.length <= engine.max_source_tokens:
            return [source]
        return [part for half in halves(text) for part in self._fit(half, engine)]

    def _choose(
        self,
        summaries: list[str],
        article: Article,
        sentences: Sequence[Sentence],
        count: int,
        max_chars: int,
    ) -> tuple[Highlight, ...]:
        written = _checked(
            highlights_from_summaries(
                summaries,
                sentences,
                count=count,
                max_chars=max_chars,
                language=article.source_language,
            ),
            article,
        )
        good = [highlight for highlight in written if not failed(highlight)]
        if len(good) == count:
            return tuple(good)
        used = {span for highlight in good for span in highlight.sources}
        spare = [
            replace(highlight, findings=(*highlight.findings, EXTRACTED))
            for highlight in self._extract(article, sentences, count, max_chars)
            if not used.intersection(highlight.sources)
        ]
        return (*good, *spare[: count - len(good)])


def failed(highlight: Highlight) -> bool:
    """Whether a finding on the highlight is an error."""
    return any(finding.severity is Severity.ERROR for finding in highlight.findings)


def _checked(highlights: Sequence[Highlight], article: Article) -> tuple[Highlight, ...]:
    body = article.body
    whole = body if article.headline is None else f"{article.headline}\n\n{body}"
    source = ArticleText(whole, article.source_language)
    checked = []
    for highlight in highlights:
        sentences = "\n".join(body[span.start : span.end] for span in highlight.sources)
        findings = source.check(highlight.text or "", sentences)
        checked.append(replace(highlight, findings=findings))
    return tuple(checked)
