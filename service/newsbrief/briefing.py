"""Briefs of articles as they come: the pipeline, under the admission of a batcher."""

from __future__ import annotations

from collections.abc import Mapping

from newsbrief.article import Article, Brief, Sentence
from newsbrief.batcher import Batcher
from newsbrief.checks import SourceText
from newsbrief.engine import Engine, Generated, Source
from newsbrief.metrics import Metrics
from newsbrief.pack import Pack
from newsbrief.pipeline import Pipeline
from newsbrief.planning import Options
from newsbrief.queueing import Lane
from newsbrief.translating import ModelCall


class Briefer(Pipeline):
    """Briefs articles as they come; `opening.open_briefer` makes it. Safe for many tasks."""

    def __init__(
        self,
        pack: Pack,
        engines: Mapping[str, Engine],
        batcher: Batcher[ModelCall, Source, Generated],
        metrics: Metrics,
        *,
        highlight_chars: int,
    ) -> None:
        super().__init__(pack, engines, metrics, highlight_chars=highlight_chars)
        self.batcher = batcher
        self._engines = engines

    async def brief(
        self,
        article: Article,
        options: Options | None = None,
        *,
        lane: Lane = Lane.INTERACTIVE,
        deadline: float | None = None,
    ) -> Brief:
        """The whole answer for one article.

        `deadline` is a time of `time.monotonic`. Raises `InputError`, `RefusedError` (nothing was
        computed) or `EngineError`.
        """
        plan = self.plan(article, options or Options())
        with self.batcher.admit(plan.tokens, lane=lane, deadline=deadline) as work:
            return (await self.finish(plan, work)).brief

    async def warm_up(self) -> None:
        """Sends one short sentence through every model. Raises `EngineError`."""
        text = "The first train leaves at seven."
        sentence = Sentence(text, 0, len(text), 0)
        article = Article(None, (text,))
        with self.batcher.admit(1) as work:
            await self._highlighter.write(article, [sentence], work, count=1, max_chars=120)
            for translator in self._translators.values():
                await translator.translate([SourceText(text, translator.source_language)], work)

    def close(self) -> None:
        """Stops the runners and frees the models; what was not finished fails as draining."""
        self.batcher.close()
        for engine in self._engines.values():
            engine.close()
