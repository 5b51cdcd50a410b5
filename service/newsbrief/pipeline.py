"""The story of one article: highlights, translations, checks -> a brief.

The command line, the HTTP routes and the backfill all come through `Pipeline`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from newsbrief.article import Article, Brief, Highlight, PackName, Part, Translation
from newsbrief.assembling import all_placed, joined, placed, text_of, too_few
from newsbrief.engine import Engine
from newsbrief.highlighting import Highlighter, failed
from newsbrief.metrics import Metrics
from newsbrief.origin import code_digest
from newsbrief.pack import Pack
from newsbrief.planning import (
    Options,
    Plan,
    check_source_language,
    check_targets,
    make_plan,
    price_texts,
)
from newsbrief.sources import Text, read_body, read_headline, read_text
from newsbrief.translating import Translated, Translator, Work


@dataclass(frozen=True, slots=True)
class HighlightsReady:
    """The first step: the highlights, in the article's own language."""

    highlights: tuple[Highlight, ...]


@dataclass(frozen=True, slots=True)
class TranslationReady:
    """One target language is done."""

    translation: Translation


@dataclass(frozen=True, slots=True)
class Finished:
    """The last step; `seconds` by stage: queue, highlights, translation."""

    brief: Brief
    seconds: Mapping[str, float]


Step = HighlightsReady | TranslationReady | Finished


@dataclass(frozen=True, slots=True)
class _Sources:
    """What a brief translates, read once for all targets; None is a bullet that was withheld."""

    headline: list[Text]
    body: list[Text]
    highlights: asyncio.Task[list[Text | None]]


class Pipeline:
    """All steps of a brief with one pack, under any admission. Safe for many tasks."""

    def __init__(
        self,
        pack: Pack,
        engines: Mapping[str, Engine],
        metrics: Metrics,
        *,
        highlight_chars: int,
    ) -> None:
        self.pack = pack
        self._metrics = metrics
        self._highlight_chars = highlight_chars
        self._origin = f"{pack.name} {pack.digest} {code_digest()}"
        description = pack.description
        self._translators = {
            (direction.source, direction.target): Translator(
                direction,
                description.models[direction.model],
                engines[direction.model],
                metrics,
            )
            for direction in description.directions
        }
        name = description.highlights.model
        self._highlighter = (
            Highlighter(
                name=name,
                model=description.models[name],
                engine=engines[name],
                source_prefix=description.highlights.source_prefix,
            )
            if name
            else Highlighter()
        )

    @property
    def name(self) -> PackName:
        """The pack that every answer names."""
        return self.pack.name

    @property
    def directions(self) -> tuple[tuple[str, str], ...]:
        """The pack's (source, target) languages, in its order."""
        return tuple(self._translators)

    def plan(self, article: Article, options: Options) -> Plan:
        """Checks a request and prices it. Raises `InputError` naming the field at fault."""
        return make_plan(
            article,
            options,
            origin=self._origin,
            source_languages=self.pack.description.source_languages,
            directions=self.directions,
            summarised=self.pack.description.highlights.model is not None,
            highlight_chars=self._highlight_chars,
        )

    async def finish(self, plan: Plan, work: Work) -> Finished:
        """All the steps of an admitted plan; the last one."""
        async with aclosing(self.steps(plan, work)) as steps:
            async for step in steps:
                last = step
        assert isinstance(last, Finished)  # noqa: S101
        return last

    async def steps(self, plan: Plan, work: Work) -> AsyncGenerator[Step, None]:
        """The same in steps, each as soon as it is ready: highlights, languages, the brief."""
        began = time.monotonic()
        writing = asyncio.create_task(self._highlights(plan, work))
        wanted = plan.options.translate if plan.targets else ()
        sources = _Sources(
            headline=read_headline(plan.article) if Part.HEADLINE in wanted else [],
            body=read_body(plan) if Part.BODY in wanted else [],
            highlights=asyncio.create_task(
                _read_highlights(plan, writing if Part.HIGHLIGHTS in wanted else None)
            ),
        )
        translating = [
            asyncio.create_task(self._translation(plan, target, sources, work))
            for target in plan.targets
        ]
        translations: dict[str, Translation] = {}
        try:
            highlights = await writing
            seconds = {"highlights": time.monotonic() - began}
            yield HighlightsReady(highlights)
            for done in asyncio.as_completed(translating):
                translation = await done
                translations[translation.target] = translation
                yield TranslationReady(translation)
        finally:
            tasks = (writing, sources.highlights, *translating)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        seconds["translation"] = time.monotonic() - began - seconds["highlights"]
        for stage, spent in seconds.items():
            self._metrics.stage_seconds.labels(stage).observe(spent)
        brief = Brief(
            id=plan.id,
            headline=plan.article.headline,
            body=plan.article.body,
            source_language=plan.article.source_language,
            highlights=highlights,
            translations={target: translations[target] for target in plan.targets},
            pack=self.name,
            findings=too_few(highlights, plan.options.max_highlights),
        )
        self._count(brief)
        yield Finished(brief, {"queue": work.waited, **seconds})

    async def translate(
        self, texts: Sequence[Text], target: str, work: Work, *, source_language: str = "en"
    ) -> list[Translated]:
        """Translates texts that were read in their source language."""
        translator = self._translators[source_language, target]
        parts = iter(await translator.translate([each for text in texts for each in text], work))
        return [joined([next(parts) for _ in text]) for text in texts]

    def plan_texts(
        self, texts: Sequence[str], source_language: str, targets: Sequence[str]
    ) -> tuple[tuple[str, ...], int]:
        """The targets in the pack's order, and the price in tokens. Raises `InputError`."""
        check_source_language(source_language, self.pack.description.source_languages)
        wanted = check_targets(source_language, targets, self.directions)
        return wanted, price_texts(texts) * len(wanted)

    def is_draft(self, source_language: str, target: str) -> bool:
        """Whether the model of that direction is marked as a draft."""
        return self._translators[source_language, target].draft

    async def _highlights(self, plan: Plan, work: Work) -> tuple[Highlight, ...]:
        highlights = await self._highlighter.write(
            plan.article,
            plan.sentences,
            work,
            count=plan.options.max_highlights,
            max_chars=plan.highlight_chars,
        )
        highlights = tuple(
            replace(highlight, findings=placed(highlight.findings, Part.HIGHLIGHTS, index))
            for index, highlight in enumerate(highlights)
        )
        if not plan.options.strict:
            return highlights
        return tuple(
            replace(highlight, text=None) if failed(highlight) else highlight
            for highlight in highlights
        )

    async def _translation(
        self,
        plan: Plan,
        target: str,
        sources: _Sources,
        work: Work,
    ) -> Translation:
        """Headline and body at once, the bullets when they are written.

        Extracted bullets are ready before a batch could be: all texts are sent together then, so
        that they share the runners evenly.
        """
        source = plan.article.source_language

        async def parts(*texts: Sequence[Text | None]) -> list[list[Translated | None]]:
            known = [text for part in texts for text in part if text is not None]
            done = iter(await self.translate(known, target, work, source_language=source))
            return [[None if text is None else next(done) for text in part] for part in texts]

        async def later() -> list[list[Translated | None]]:
            return await parts(await asyncio.shield(sources.highlights))

        if self._highlighter.extracts:
            bullets = await asyncio.shield(sources.highlights)
            headlines, highlights, paragraphs = await parts(sources.headline, bullets, sources.body)
        else:
            (headlines, paragraphs), (highlights,) = await asyncio.gather(
                parts(sources.headline, sources.body), later()
            )
        strict = plan.options.strict
        return Translation(
            target=target,
            headline=text_of(headlines[0], strict) if headlines else None,
            highlights=tuple(text_of(each, strict) for each in highlights),
            body=tuple(text_of(each, strict) for each in paragraphs) if paragraphs else None,
            draft=self._translators[source, target].draft,
            findings=(
                *all_placed(headlines, Part.HEADLINE),
                *all_placed(highlights, Part.HIGHLIGHTS),
                *all_placed(paragraphs, Part.BODY),
            ),
        )

    def _count(self, brief: Brief) -> None:
        found = [("", finding) for highlight in brief.highlights for finding in highlight.findings]
        for target, translation in brief.translations.items():
            found += [(target, finding) for finding in translation.findings]
        for target, finding in found:
            self._metrics.findings.labels(finding.code, target).inc()


async def _read_highlights(
    plan: Plan, writing: asyncio.Task[tuple[Highlight, ...]] | None
) -> list[Text | None]:
    """The bullets to translate once they are written; none where they are not wanted."""
    written = await asyncio.shield(writing) if writing else ()
    language = plan.article.source_language
    return [None if each.text is None else read_text(each.text, language) for each in written]
