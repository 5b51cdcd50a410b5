"""Concurrent requests -> batches: admission, runners, drain.

There is no timer: while one batch runs, the next collects. Cost is counted in source tokens. An
article is admitted whole or refused at once: `Batcher.admit` reserves the tokens that it will
need, and everything it later submits runs under that admission.
"""

from __future__ import annotations

import itertools
import math
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from types import TracebackType
from typing import Generic, Protocol, Self, TypeVar

from newsbrief.errors import (
    DeadlineError,
    DrainingError,
    EngineError,
    OverloadedError,
    TooLargeError,
    as_our_error,
)
from newsbrief.metrics import Metrics
from newsbrief.queueing import C, Job, Lane, Queue, S, Ticket

FAULTS_TO_FAIL = 3  # texts that fail in a row before the engine counts as broken
FIRST_RATE = 300.0  # tokens a second and runner, assumed until a batch has been measured
RATE_MEMORY = 0.9  # what a measured second weighs one batch later
# An archive's batch that has begun holds up whoever comes next. For so many seconds after people's
# last article, its batches are this share of the whole.
PEOPLE_SECONDS = 10.0
ARCHIVE_SHARE = 0.25


class Counted(Protocol):
    """An output of the engine."""

    @property
    def tokens(self) -> int:
        """How many were written."""
        ...


R = TypeVar("R", bound=Counted)


class Admission(Ticket, Generic[C, S, R]):
    """The right of one article to be worked on; a context manager, left when it is done or gone.

    Leaving it cancels what still waits and gives back the tokens that were not used.
    """

    def __init__(
        self,
        batcher: Batcher[C, S, R],
        tokens: int,
        lane: Lane,
        deadline: float | None,
        turn: float,
    ) -> None:
        super().__init__(tokens, lane, deadline, turn)
        self._batcher = batcher

    def submit(self, call: C, sources: Sequence[S]) -> list[Future[R]]:
        """Queues texts; their futures hold the outputs, in order.

        A future fails with `EngineError` (that text alone), or with `DeadlineError` when its turn
        came too late. Raises `DrainingError` once the batcher is closed.
        """
        return self._batcher._submit(self, call, sources)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._batcher._release(self)


class Batcher(Generic[C, S, R]):
    """Runs texts of many articles through `run` in batches, on `runners` threads.

    `run` gets a call and texts that share it, and returns their outputs in order; it must be safe
    to call from several threads. A batch holds at most `batch_tokens` padded source tokens; each
    lane at most `queue_tokens` admitted ones.
    """

    def __init__(
        self,
        run: Callable[[C, Sequence[S]], Sequence[R]],
        *,
        runners: int,
        batch_tokens: int,
        queue_tokens: int,
        metrics: Metrics,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._run = run
        self._runners = runners
        self._batch_tokens = batch_tokens
        self._queue_tokens = queue_tokens
        self._metrics = metrics
        self._clock = clock
        self._changed = threading.Condition()
        self._queue: Queue[C, S, R] = Queue()
        self._pending = dict.fromkeys(Lane, 0)
        self._admissions: set[Admission[C, S, R]] = set()
        self._people_came = -math.inf  # when an article of theirs was last admitted
        self._worked = (0.0, 0.0)  # decayed tokens and engine seconds
        self._running: dict[int, float] = {}  # batch number -> when it began
        self._numbers = itertools.count()
        self._faults = 0
        self._fault: str | None = None
        self._refusing = False
        self._closed = False
        self._threads = [
            threading.Thread(target=self._serve, name=f"runner-{number}", daemon=True)
            for number in range(runners)
        ]
        for thread in self._threads:
            thread.start()

    def admit(
        self, tokens: int, *, lane: Lane = Lane.INTERACTIVE, deadline: float | None = None
    ) -> Admission[C, S, R]:
        """Admits work of about `tokens` source tokens, or refuses it before anything is computed.

        `deadline` is a time of the batcher's clock (`time.monotonic`). Raises `TooLargeError` if
        it could never fit, `OverloadedError` with an honest `retry_after` if it does not fit now,
        `DeadlineError` if it could not be done in time, `DrainingError` after `refuse_new`.
        """
        if tokens > self._queue_tokens:
            raise TooLargeError(
                "body",
                f"this needs {tokens} tokens of work and at most {self._queue_tokens} are taken "
                "at once; send less text or ask for fewer target languages",
                limit=self._queue_tokens,
                value=tokens,
            )
        with self._changed:
            if self._refusing or self._closed:
                raise DrainingError("this process is stopping and takes no new work")
            excess = self._pending[lane] + tokens - self._queue_tokens
            if excess > 0:
                raise OverloadedError(
                    f"the {lane} queue is full", retry_after=max(1.0, self._seconds(excess))
                )
            now, own = self._clock(), self._seconds(tokens)
            expected = self._seconds(self._pending[lane]) + own
            if deadline is not None and now + expected > deadline:
                raise DeadlineError(
                    f"it would take about {expected:.1f} s, and {max(0.0, deadline - now):.1f} s "
                    "are left"
                )
            # The turn is the time at which it would be done if it were alone: a short article
            # overtakes a long one that came just before, and none waits for ever.
            admission = Admission(self, tokens, lane, deadline, turn=now + own)
            self._admissions.add(admission)
            self._reserve(lane, tokens)
            if lane is Lane.INTERACTIVE:
                self._people_came = now
            return admission

    def backlog_seconds(self) -> float:
        """Admitted and unfinished tokens of both lanes over the measured rate."""
        with self._changed:
            return self._seconds(sum(self._pending.values()))

    def refuse_new(self) -> None:
        """From now on `admit` raises `DrainingError`; what was admitted goes on."""
        with self._changed:
            self._refusing = True

    def wait_idle(self, timeout: float) -> bool:
        """Waits until every admission has been left; False if `timeout` seconds were too few."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._admissions, timeout)

    def close(self) -> None:
        """Stops the runners after their current batch; what still waits fails as draining."""
        with self._changed:
            self._closed = True
            for admission in self._admissions:
                for job in self._queue.remove(admission):
                    if job.future.set_running_or_notify_cancel():
                        job.future.set_exception(DrainingError("this process has stopped"))
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    def fault(self) -> str | None:
        """Why the engine counts as broken, or None: several texts in a row failed."""
        return self._fault

    def running_seconds(self) -> float:
        """How long the oldest batch in the engine has been there; 0 when none is."""
        with self._changed:
            now = self._clock()
            return max((now - began for began in self._running.values()), default=0.0)

    # From here on, called with the lock held unless said otherwise.

    def _seconds(self, tokens: int) -> float:
        worked, seconds = self._worked
        rate = worked / seconds if seconds > 0 else FIRST_RATE
        return tokens / (rate * self._runners)

    def _reserve(self, lane: Lane, tokens: int) -> None:
        self._pending[lane] += tokens
        self._metrics.queue_tokens.labels(lane.value).set(self._pending[lane])
        self._metrics.backlog_seconds.set(self._seconds(sum(self._pending.values())))

    def _settle(self, job: Job[C, S, R]) -> None:
        """Takes a finished text's tokens off its article's reservation."""
        used = min(job.source.length, job.ticket.tokens)
        job.ticket.tokens -= used
        self._reserve(job.ticket.lane, -used)

    def _submit(
        self, admission: Admission[C, S, R], call: C, sources: Sequence[S]
    ) -> list[Future[R]]:
        with self._changed:
            if self._closed:
                raise DrainingError("this process has stopped")
            if admission not in self._admissions:
                raise RuntimeError("the admission has been left")
            now = self._clock()
            jobs = [Job(call, source, Future[R](), admission, now) for source in sources]
            self._queue.add(jobs)
            self._changed.notify_all()
            return [job.future for job in jobs]

    def _release(self, admission: Admission[C, S, R]) -> None:
        with self._changed:
            for job in self._queue.remove(admission):
                job.future.cancel()
            if admission in self._admissions:
                self._admissions.remove(admission)
                self._reserve(admission.lane, -admission.tokens)
                admission.tokens = 0
            self._changed.notify_all()

    def _archive_share(self) -> float:
        """How much of a batch the archive may take."""
        people = self._pending[Lane.INTERACTIVE] > 0
        recently = self._clock() - self._people_came < PEOPLE_SECONDS
        return ARCHIVE_SHARE if people or recently else 1.0

    def _start(self, batch: list[Job[C, S, R]]) -> list[Job[C, S, R]]:
        """Leaves out what was cancelled or comes too late."""
        now, kept = self._clock(), []
        for job in batch:
            if not job.future.set_running_or_notify_cancel():
                self._settle(job)
            elif job.ticket.deadline is not None and now > job.ticket.deadline:
                self._settle(job)
                job.future.set_exception(DeadlineError("its turn came after its deadline"))
            else:
                waited = now - job.submitted
                job.ticket.waited = max(job.ticket.waited, waited)
                self._metrics.queue_wait.labels(job.ticket.lane.value).observe(waited)
                kept.append(job)
        return kept

    # Runner threads, without the lock.

    def _serve(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or bool(self._queue))
                if self._closed:
                    return
                idle = self._runners - len(self._running)
                share = self._archive_share()
                batch = self._start(self._queue.take(self._batch_tokens, idle, archive_share=share))
                number = next(self._numbers)
                self._running[number] = self._clock()
            if batch:
                self._execute(batch)
            with self._changed:
                del self._running[number]

    def _execute(self, batch: list[Job[C, S, R]]) -> None:
        """Runs a batch; one that fails is run again in halves, so that only bad texts fail."""
        began = self._clock()
        try:
            outputs = self._run(batch[0].call, [job.source for job in batch])
            if len(outputs) != len(batch):
                raise EngineError(f"{len(batch)} texts went in and {len(outputs)} came out")
        except Exception as error:
            if len(batch) > 1:
                half = len(batch) // 2
                self._execute(batch[:half])
                self._execute(batch[half:])
            else:
                self._fail(batch[0], error)
        else:
            self._finish(batch, outputs, self._clock() - began)

    def _fail(self, job: Job[C, S, R], error: Exception) -> None:
        error = as_our_error(error)
        with self._changed:
            self._faults += 1
            if self._faults >= FAULTS_TO_FAIL:
                self._fault = f"{self._faults} texts in a row failed, the last with: {error}"
            self._settle(job)
        self._metrics.engine_faults.labels(job.call.stage).inc()
        job.future.set_exception(error)

    def _finish(self, batch: list[Job[C, S, R]], outputs: Sequence[R], seconds: float) -> None:
        lengths = [job.source.length for job in batch]
        self._metrics.batch(
            batch[0].call.stage,
            lengths=lengths,
            out_tokens=sum(output.tokens for output in outputs),
            seconds=seconds,
        )
        with self._changed:
            self._faults, self._fault = 0, None
            worked, spent = self._worked
            self._worked = (worked * RATE_MEMORY + sum(lengths), spent * RATE_MEMORY + seconds)
            self._metrics.drain_rate.set(1 / max(1e-9, self._seconds(1)))
            for job in batch:
                self._settle(job)
        for job, output in zip(batch, outputs, strict=True):
            job.future.set_result(output)
