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
from newsbrief.checks import check_translation
from newsbrief.engine import Engine, Generated, Source
from newsbrief.metrics import Metrics
from newsbrief.pack import Decoding, Direction, Model

# A text may be answered with so many times its tokens (rounded up to a power of two, so that
# texts of like length share batches): more is a loop, and cutting it early spares the batch.
GROWTH = 3
SHORTEST = 32

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

    async def translate(self, texts: Sequence[str], work: Work) -> list[Translated]:
        """Translates sentences, or texts as short as one, in order.

        Of what the search ended with, the likeliest without an error is taken. A text without such
        an end is tried once more with a penalty on repetition, and the better of both is kept.
        Raises `EngineError` or `DeadlineError` if a text could not be translated at all.
        """
        first = self._model.decoding
        results = await self._attempt(texts, first, work)
        again = [index for index, result in enumerate(results) if result.failed]
        if again:
            self._metrics.retries.labels(self.target_language).inc(len(again))
            retried = await self._attempt([texts[index] for index in again], harder(first), work)
            for index, result in zip(again, retried, strict=True):
                if result.better_than(results[index]):
                    results[index] = result
        return results

    async def _attempt(
        self, texts: Sequence[str], decoding: Decoding, work: Work
    ) -> list[Translated]:
        pieces = [self._fit(text) for text in texts]
        flat = [source for sources in pieces for source in sources]
        outputs = await self._generate(flat, decoding, work)
        results, at = [], 0
        for text, sources in zip(texts, pieces, strict=True):
            parts = outputs[at : at + len(sources)]
            at += len(sources)
            results.append(self._likeliest(text, parts))
        return results

    async def _generate(
        self, sources: Sequence[Source], decoding: Decoding, work: Work
    ) -> list[Generated]:
        calls: dict[ModelCall, list[int]] = {}
        language = self.target_language if self._engine.one_language else None
        for index, source in enumerate(sources):
            limit = min(decoding.max_tokens, GROWTH * _power_of_two(source.length))
            bounded = decoding.model_copy(update={"max_tokens": limit})
            call = ModelCall("translation", self._direction.model, bounded, language)
            calls.setdefault(call, []).append(index)
        order: list[int] = []
        futures = []
        for call, indices in calls.items():
            futures += work.submit(call, [sources[index] for index in indices])
            order += indices
        outputs = await asyncio.gather(*map(asyncio.wrap_future, futures))
        return [output for _, output in sorted(zip(order, outputs, strict=True), key=_place)]

    def _likeliest(self, text: str, parts: Sequence[Generated]) -> Translated:
        """The first end of the search without an error, or the one with the fewest."""
        best = self._checked(text, parts)
        if len(parts) > 1:
            return best
        for alternative in parts[0].alternatives:
            if not best.failed:
                break
            other = self._checked(text, [alternative])
            if other.better_than(best):
                best = other
        return best

    def _checked(self, text: str, parts: Sequence[Generated]) -> Translated:
        target = " ".join(part.text.strip() for part in parts)
        findings = check_translation(
            text,
            target,
            source_language=self.source_language,
            target_language=self.target_language,
            complete=all(part.complete for part in parts),
        )
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
    """The second try: a beam of at least 4, and repetition held down.

    A beam twice as wide mends no more (`loadtests/second_try.py`), and takes twice the time.
    """
    return decoding.model_copy(
        update={
            "beam_size": max(4, decoding.beam_size),
            "repetition_penalty": max(1.2, decoding.repetition_penalty),
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


def _power_of_two(length: int) -> int:
    return max(SHORTEST, 1 << (length - 1).bit_length())


def _place(pair: tuple[int, Generated]) -> int:
    return pair[0]
