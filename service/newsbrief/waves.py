"""The texts of many articles -> batches that depend on those articles alone: waves.

What a model writes can depend on which other texts share its batch: sums are taken in another order
then. A batcher that takes what happens to wait would give an archive other rows each time. Here
every article goes as far as it can without the engine; when none can go on, the texts that they
all wait for are one wave. It is cut into batches by content, and no article hears of a result
before the whole wave is done. So neither threads nor clocks have a say in what shares a batch.
"""

from __future__ import annotations

import asyncio
import selectors
import threading
from collections.abc import Callable, Coroutine, Iterable, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait
from functools import partial
from types import TracebackType
from typing import Any, ParamSpec, Self, TypeVar

from newsbrief.engine import Generated, Source
from newsbrief.errors import DrainingError, NewsbriefError
from newsbrief.halving import run_halving
from newsbrief.metrics import Metrics
from newsbrief.translating import ModelCall

BATCH_TOKENS = 1024
"""Most padded source tokens (longest text × texts) in a batch, where nobody waits for an answer."""

P = ParamSpec("P")
T = TypeVar("T")

Run = Callable[[ModelCall, Sequence[Source]], list[Generated]]
Outcome = Generated | NewsbriefError


class Place:
    """One article's place in the waves: what `translating.Work` asks for; a context manager.

    Leaving it takes out what still waits.
    """

    waited = 0.0  # an archive's texts are not timed

    def __init__(self, waves: WaveBatcher) -> None:
        self._waves = waves
        self._futures: list[Future[Generated]] = []

    def submit(self, call: ModelCall, sources: Sequence[Source]) -> list[Future[Generated]]:
        """Lets texts wait for the next wave; their futures hold the outputs, in order.

        A future fails with `EngineError` (that text alone), or with `DrainingError` when the run
        was stopped.
        """
        futures = [self._waves.add(call, source) for source in sources]
        self._futures += futures
        return futures

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for future in self._futures:
            future.cancel()


class WaveBatcher:
    """Batches for one shard's articles; several may share `runners`, the threads of the engine.

    Only the thread in `complete` may touch it. Once `stopped` is set, no more batches are begun.
    """

    def __init__(
        self,
        run: Run,
        runners: Executor,
        *,
        metrics: Metrics,
        batch_tokens: int = BATCH_TOKENS,
        stopped: threading.Event | None = None,
    ) -> None:
        self._run = run
        self._runners = runners
        self._metrics = metrics
        self._batch_tokens = batch_tokens
        self._stopped = stopped or threading.Event()
        self._waiting: dict[ModelCall, dict[Source, list[Future[Generated]]]] = {}

    def admit(self) -> Place:
        """A place for one article; an archive is never refused."""
        return Place(self)

    def complete(self, work: Coroutine[Any, Any, T]) -> T:
        """Runs `work` to its end in an event loop of its own, and its waves whenever all is idle.

        `work` may wait for its own tasks, for texts it submitted and for `asyncio.to_thread`
        (which runs at once, in this thread), and for nothing else: then an idle loop means that
        only a wave's results can move it on.
        """
        with asyncio.Runner(loop_factory=self._make_loop) as runner:
            return runner.run(work)

    def add(self, call: ModelCall, source: Source) -> Future[Generated]:
        """Lets one text wait. Texts that are the same are decoded once in a wave."""
        future: Future[Generated] = Future()
        self._waiting.setdefault(call, {}).setdefault(source, []).append(future)
        return future

    def _make_loop(self) -> asyncio.AbstractEventLoop:
        loop = asyncio.SelectorEventLoop(_IdleSelector(self._run_wave))
        loop.set_default_executor(_Inline())
        return loop

    def _run_wave(self) -> None:
        """Decodes all that waits; the loop's thread stands still meanwhile."""
        wave, self._waiting = self._waiting, {}
        running: dict[Future[list[Outcome]], tuple[ModelCall, list[Source]]] = {}
        batches = []
        for call, waiting in wave.items():
            wanted = [source for source, futures in waiting.items() if _claim(futures)]
            batches += [(call, batch) for batch in cut(wanted, self._batch_tokens)]
        # The longest first: a short one at the end leaves the fewest runners idle.
        for call, batch in sorted(batches, key=_cost, reverse=True):
            running[self._runners.submit(self._execute, call, batch)] = call, batch
        wait(running)
        for done, (call, batch) in running.items():
            for source, outcome in zip(batch, done.result(), strict=True):
                for future in wave[call][source]:
                    if isinstance(outcome, NewsbriefError):
                        future.set_exception(outcome)
                    else:
                        future.set_result(outcome)

    def _execute(self, call: ModelCall, batch: list[Source]) -> list[Outcome]:
        if self._stopped.is_set():
            return [DrainingError("the backfill was stopped") for _ in batch]
        outcomes: list[Outcome] = []
        for done in run_halving(partial(self._run, call), batch):
            if done.error:
                self._metrics.engine_faults.labels(call.stage).inc()
                outcomes.append(done.error)
                continue
            self._metrics.batch(
                call.stage,
                lengths=[source.length for source in done.texts],
                out_tokens=sum(output.tokens for output in done.outputs),
                seconds=done.seconds,
            )
            outcomes += done.outputs
        return outcomes


def cut(sources: Iterable[Source], batch_tokens: int) -> list[list[Source]]:
    """Batches of texts of like length, longest first, whatever order the texts come in.

    The padded cost of a batch (its longest × how many) is at most `batch_tokens`; a text that is
    longer than that goes alone.
    """
    batches: list[list[Source]] = []
    for source in sorted(sources, key=_by_length_and_content):
        batch = batches[-1] if batches else []
        if batch and batch[0].length * (len(batch) + 1) <= batch_tokens:
            batch.append(source)
        else:
            batches.append([source])
    return batches


def _by_length_and_content(source: Source) -> tuple[int, tuple[str, ...], tuple[str, ...]]:
    return -source.length, source.tokens, source.target_prefix


def _cost(batch: tuple[ModelCall, list[Source]]) -> int:
    return batch[1][0].length * len(batch[1])


def _claim(futures: list[Future[Generated]]) -> bool:
    """Drops the futures that were cancelled; False if none is left."""
    futures[:] = [future for future in futures if future.set_running_or_notify_cancel()]
    return bool(futures)


class _IdleSelector(selectors.DefaultSelector):
    """Says when the event loop is about to sleep: nothing in it can run until something happens.

    A loop that has anything left to run asks with a timeout of 0.
    """

    def __init__(self, idle: Callable[[], None]) -> None:
        super().__init__()
        self._idle = idle

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None or timeout > 0:
            self._idle()
        return super().select(timeout)


class _Inline(ThreadPoolExecutor):
    """Runs what it is given at once: a thread would go on while the loop seems idle."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future
