"""Texts -> checked translations in one direction: split to fit, translate, check, retry, flag."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from newsbrief.article import Finding, Severity
from newsbrief.checks import SourceText
from newsbrief.engine import Engine, Generated, Source
from newsbrief.metrics import Metrics
from newsbrief.pack import Decoding, Direction, Model

# An output may have so many times its source's tokens, and some more: beyond that it is a loop,
# and cutting it early spares the batch. Of 8,248 Korean reference translations of news, whose
# pieces are the shortest, 0.05% are longer.
GROWTH, MORE = 2, 16

# Where a sentence longer than the model's limit is cut, best place first.
_CUTS = (re.compile(r"(?<=[;:])\s"), re.compile(r"(?<=,)\s|\s(?=[-–—]\s)"), re.compile(r"\s"))


@dataclass(frozen=True, slots=True)
class ModelCall:
    """What texts must share to be decoded in one batch.

    `language` is the target language of a model that must not mix them in a batch.
    """

    stage: str
    model: str
    decoding: Decoding
    language: str | None = None

    def decoding_of(self, sources: Sequence[Source]) -> Decoding:
        """Its decoding, with a limit on tokens that suits the longest of these sources."""
        longest = max((source.length for source in sources), default=0)
        limit = max(GROWTH * longest + MORE, self.decoding.min_tokens)
        if limit >= self.decoding.max_tokens:
            return self.decoding
        return self.decoding.model_copy(update={"max_tokens": limit})


class Work(Protocol):
    """The right of one article to be worked on: a batcher's admission, or a place in waves."""

    @property
    def waited(self) -> float:
        """The longest that a text of it queued, in seconds."""
        ...

    def submit(self, call: ModelCall, sources: Sequence[Source]) -> list[Future[Generated]]:
        """Queues texts; their futures hold the outputs, in order, or an error each."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Takes out what still waits."""
        ...


async def outputs_of(futures: Sequence[Future[Generated]]) -> list[Generated]:
    """What texts that were submitted became, in order; raises the error of one that failed.

    Texts of a batch end together. So one is waited for after the other: waiting for all at once
    would wake the event loop for each.
    """
    for future in reversed(futures):
        if not future.done():
            await asyncio.wrap_future(future)
    return [future.result() for future in futures]


@dataclass(frozen=True, slots=True)
class Translated:
    """One text's translation and what the checks found in it."""

    text: str
    findings: tuple[Finding, ...]

    @property
    def failed(self) -> bool:
        """Whether a finding is an error: strict mode withholds the text then."""
        return self._weight[0] > 0

    @property
    def _weight(self) -> tuple[int, int]:
        errors = sum(finding.severity is Severity.ERROR for finding in self.findings)
        return errors, len(self.findings)

    def better_than(self, other: Translated) -> bool:
        """Fewer errors, then fewer findings."""
        return self._weight < other._weight


class Translator:
    """One direction of a pack; any number of articles may use it at once."""

    def __init__(
        self, direction: Direction, model: Model, engine: Engine, metrics: Metrics
    ) -> None:
        self.source_language = direction.source
        self.target_language = direction.target
        self.draft = model.draft
        self._direction = direction
        self._model = model
        self._engine = engine
        self._metrics = metrics

    async def translate(self, sources: Sequence[SourceText], work: Work) -> list[Translated]:
        """Translates sentences, or texts as short as one, in order.

        Of what the search ended with, the likeliest without an error is taken. A text without such
        an end is tried once more with a penalty on repetition, and the better of both is kept.
        Raises `EngineError` or `DeadlineError` if a text could not be translated at all.
        """
        first = self._model.decoding
        results = await self._attempt(sources, first, work)
        again = [index for index, result in enumerate(results) if result.failed]
        if again:
            self._metrics.retries.labels(self.target_language).inc(len(again))
            retried = await self._attempt([sources[index] for index in again], harder(first), work)
            for index, result in zip(again, retried, strict=True):
                if result.better_than(results[index]):
                    results[index] = result
        return results

    async def _attempt(
        self, sources: Sequence[SourceText], decoding: Decoding, work: Work
    ) -> list[Translated]:
        pieces = [self._fit(source.text) for source in sources]
        flat = [piece for each in pieces for piece in each]
        outputs = await self._generate(flat, decoding, work)
        results, at = [], 0
        for source, each in zip(sources, pieces, strict=True):
            parts = outputs[at : at + len(each)]
            at += len(each)
            results.append(self._likeliest(source, parts))
        return results

    async def _generate(
        self, sources: Sequence[Source], decoding: Decoding, work: Work
    ) -> list[Generated]:
        language = self.target_language if self._engine.one_language else None
        call = ModelCall("translation", self._direction.model, decoding, language)
        return await outputs_of(work.submit(call, sources))

    def _likeliest(self, source: SourceText, parts: Sequence[Generated]) -> Translated:
        """The first end of the search without an error, or the one with the fewest."""
        best = self._checked(source, parts)
        if len(parts) > 1 or not best.failed:
            return best
        for alternative in parts[0].alternatives:
            other = self._checked(source, [alternative])
            if other.better_than(best):
                best = other
            if not best.failed:
                break
        return best

    def _checked(self, source: SourceText, parts: Sequence[Generated]) -> Translated:
        target = " ".join(part.text.strip() for part in parts)
        complete = all(part.complete for part in parts)
        findings = source.check(target, self.target_language, complete=complete)
        if len(parts) > 1:
            message = f"the sentence was too long for the model and was cut into {len(parts)}"
            findings = (*findings, Finding("sentence-split", Severity.WARNING, message))
        return Translated(target, findings)

    def _fit(self, text: str) -> list[Source]:
        """The text as one source, or cut into several where the model's limit makes it."""
        source = self._engine.encode(
            text,
            source_prefix=self._direction.source_prefix,
            target_prefix=self._direction.target_prefix,
        )
        if source.length <= self._engine.max_source_tokens:
            return [source]
        left, right = halves(text)
        return self._fit(left) + self._fit(right)


def harder(decoding: Decoding) -> Decoding:
    """The second try: a beam of at least 4, and repetition held down more than in the first.

    A beam twice as wide mends no more (`loadtests/second_try.py`), and takes twice the time.
    """
    return decoding.model_copy(
        update={
            "beam_size": max(4, decoding.beam_size),
            "repetition_penalty": decoding.repetition_penalty + 0.2,
            "no_repeat_ngram_size": decoding.no_repeat_ngram_size or 5,
        }
    )


def halves(text: str) -> tuple[str, str]:
    """Cuts a text near its middle: at a semicolon, else a comma, else a space, else anywhere."""
    middle = len(text) / 2
    for cut in _CUTS:
        places = [m.start() for m in cut.finditer(text) if 0 < m.start() < len(text) - 1]
        near = [place for place in places if abs(place - middle) < len(text) / 3]
        if near:
            place = min(near, key=lambda place: abs(place - middle))
            return text[:place].rstrip(), text[place:].lstrip()
    return text[: len(text) // 2], text[len(text) // 2 :]
