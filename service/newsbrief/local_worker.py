"""The rows of a shard -> briefs, with the models in this process."""

from __future__ import annotations

import asyncio
import threading
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from newsbrief.errors import DrainingError, EngineError, InputError, NewsbriefError
from newsbrief.metrics import Metrics
from newsbrief.opening import Models, open_models
from newsbrief.pipeline import Pipeline
from newsbrief.planning import Options, check_targets
from newsbrief.rendering import as_data
from newsbrief.rows import Answer, Failure, Row, failure_reason
from newsbrief.settings import Settings
from newsbrief.waves import BATCH_TOKENS, WaveBatcher

SIDE_BY_SIDE = 2  # shards: while the articles of one are read and checked, the engine has another's


class LocalWorker:
    """Briefs with the models in this process; `open_local` makes it."""

    side_by_side = SIDE_BY_SIDE

    def __init__(
        self,
        models: Models,
        options: Options,
        *,
        highlight_chars: int,
        batch_tokens: int = BATCH_TOKENS,
    ) -> None:
        self.pack = str(models.pack.name)
        self._models = models
        self._options = options
        self._highlight_chars = highlight_chars
        self._batch_tokens = batch_tokens
        self._runners = ThreadPoolExecutor(models.runners, thread_name_prefix="runner")
        self._stopped = threading.Event()
        self._changed = threading.Condition()
        self._briefing = 0  # calls of `brief` under way

    def brief(self, rows: Sequence[Row]) -> tuple[list[Answer], dict[str, int]]:
        """Briefs rows together, in waves; what is written depends on these rows alone.

        Failures have the reasons of `rows.Failure`, or `engine` where the model failed on a text,
        or `fault` where our own code did. Raises `DrainingError` after `close`.
        """
        metrics = Metrics()  # of this shard
        models = self._models
        pipeline = Pipeline(
            models.pack, models.engines, metrics, highlight_chars=self._highlight_chars
        )
        waves = WaveBatcher(
            models.run,
            self._runners,
            metrics=metrics,
            batch_tokens=self._batch_tokens,
            stopped=self._stopped,
        )

        async def together() -> list[Answer]:
            return await asyncio.gather(*(self._brief(row, pipeline, waves) for row in rows))

        with self._entered():
            return waves.complete(together()), _spent(metrics)

    def close(self) -> None:
        """Lets the batches that run end, and no more begin; then frees the models."""
        self._stopped.set()
        with self._changed:
            self._changed.wait_for(lambda: not self._briefing)
        self._runners.shutdown()
        self._models.close()

    @contextmanager
    def _entered(self) -> Iterator[None]:
        with self._changed:
            if self._stopped.is_set():
                raise DrainingError("the worker is closed")
            self._briefing += 1
        try:
            yield
        finally:
            with self._changed:
                self._briefing -= 1
                self._changed.notify_all()

    async def _brief(self, row: Row, pipeline: Pipeline, waves: WaveBatcher) -> Answer:
        try:
            plan = pipeline.plan(row.article, self._options)
            with waves.admit() as place:
                return as_data((await pipeline.finish(plan, place)).brief)
        except InputError as error:
            return Failure(row.id, row.place, failure_reason(error), str(error), row.raw)
        except EngineError as error:
            return Failure(row.id, row.place, "engine", str(error), row.raw)
        except (NewsbriefError, MemoryError):
            raise
        except Exception as error:  # one row in millions must not stop all the others
            where = traceback.extract_tb(error.__traceback__)[-1]
            message = f"{type(error).__name__} in {Path(where.filename).name}, line {where.lineno}"
            return Failure(row.id, row.place, "fault", f"a fault of ours: {message}", row.raw)


def open_local(settings: Settings, options: Options) -> LocalWorker:
    """Loads the pack that the settings name.

    Raises what `open_models` raises, and `InputError` for a target language that the pack does not
    write.
    """
    models = open_models(settings, Metrics())
    description = models.pack.description
    directions = [(each.source, each.target) for each in description.directions]
    written = {target for _, target in directions}
    if options.targets and not written.issuperset(options.targets):
        check_targets(description.source_languages[0], options.targets, directions)
    return LocalWorker(models, options, highlight_chars=settings.highlight_chars)


def _spent(metrics: Metrics) -> dict[str, int]:
    """Tokens read and written, and texts that were translated a second time."""
    counts: Counter[str] = Counter(tokens_in=0, tokens_out=0, retried=0)
    for family in metrics.registry.collect():
        for sample in family.samples:
            if sample.name == "newsbrief_tokens_total":
                counts[f"tokens_{sample.labels['direction']}"] += int(sample.value)
            elif sample.name == "newsbrief_translation_retries_total":
                counts["retried"] += int(sample.value)
    return dict(counts)
