"""The engine's part of briefing articles, alone: the same calls, recorded once and run again.

The base that the pipeline and the service are compared with.
"""

from __future__ import annotations

import asyncio
import itertools
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from loadtests.articles import Written
from newsbrief.article import Article
from newsbrief.briefing import Briefer
from newsbrief.engine import Generated, Source
from newsbrief.metrics import Metrics
from newsbrief.opening import Models, open_models, serve_with
from newsbrief.settings import Settings
from newsbrief.translating import ModelCall
from newsbrief.waves import cut

BUDGETS = (512, 1024, 2048, 4096)  # padded tokens of a batch, to find the best

Batch = tuple[ModelCall, tuple[Source, ...]]


@dataclass(frozen=True)
class Recorder(Models):
    """Models that remember their batches, in the order in which they began."""

    batches: list[Batch] = field(default_factory=list)

    @property
    def models(self) -> Models:
        """The same, remembering nothing."""
        return Models(self.pack, self.engines, self.runners)

    def run(self, call: ModelCall, sources: Sequence[Source]) -> list[Generated]:
        """One batch; called by the batcher's threads."""
        self.batches.append((call, tuple(sources)))
        return super().run(call, sources)


def recording(settings: Settings, metrics: Metrics) -> tuple[Briefer, Recorder]:
    """A briefer as `opening.open_briefer` makes it, and what records its batches."""
    models = open_models(settings, metrics)
    recorder = Recorder(models.pack, models.engines, models.runners)
    return serve_with(recorder, settings, metrics), recorder


def record(briefer: Briefer, recorder: Recorder, articles: Iterable[Written]) -> list[list[Batch]]:
    """For each article its batches when it comes alone, first tries and retries."""

    async def one_by_one() -> list[list[Batch]]:
        recorded = []
        for each in articles:
            recorder.batches.clear()
            await briefer.brief(as_article(each))
            recorded.append(recorder.batches.copy())
        return recorded

    return asyncio.run(one_by_one())


def as_article(written: Written) -> Article:
    """What the pipeline takes: the paragraphs are clean already."""
    return Article(written.headline, tuple(written.body.split("\n\n")))


def best_batches(batches: Iterable[Batch], budget: int) -> list[Batch]:
    """The same texts in batches of the most padded tokens, sorted by length; the largest first."""
    by_call: dict[ModelCall, list[Source]] = defaultdict(list)
    for call, sources in batches:
        by_call[call] += sources
    packed = [
        (call, tuple(batch)) for call, texts in by_call.items() for batch in cut(texts, budget)
    ]
    return sorted(packed, key=padded, reverse=True)


def padded(batch: Batch) -> int:
    """Source tokens that the engine works on: the longest text's, for each text."""
    return max(source.length for source in batch[1]) * len(batch[1])


def tokens(batches: Iterable[Batch]) -> int:
    """Source tokens of all texts."""
    return sum(source.length for _, sources in batches for source in sources)


def padding(batches: Iterable[Batch]) -> float:
    """Which share of the tokens that the engine works on only fills texts up to the longest."""
    batches = list(batches)
    return 1 - tokens(batches) / sum(map(padded, batches))


def run_batches(models: Models, batches: Sequence[Batch]) -> float:
    """Seconds that the engine takes for them, in order, on as many threads as the service's."""
    order = itertools.count()
    failures: list[BaseException] = []

    def work() -> None:
        try:
            while (number := next(order)) < len(batches):
                models.run(*batches[number])
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(models.runners)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    if failures:
        raise failures[0]
    return seconds


def best_budget(models: Models, batches: Sequence[Batch]) -> int:
    """Of `BUDGETS`, the one with which the engine is fastest."""
    run_batches(models, batches[:4])
    times = {budget: run_batches(models, best_batches(batches, budget)) for budget in BUDGETS}
    return min(BUDGETS, key=lambda budget: times[budget])
