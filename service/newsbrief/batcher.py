"""Concurrent requests -> batches: admission, runners, drain.

There is no timer: while one batch runs, the next collects. Cost is counted in source tokens. An
article is admitted whole or refused at once: `Batcher.admit` reserves the tokens that it will
need, and everything it later submits runs under that admission.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from types import TracebackType
from typing import Generic, Protocol, Self, TypeVar

from newsbrief.backlog import Backlog
from newsbrief.errors import DeadlineError, DrainingError, NewsbriefError
from newsbrief.halving import run_halving
from newsbrief.metrics import Metrics
from newsbrief.precedence import PAUSE_SECONDS, Precedence
from newsbrief.queueing import C, Job, Lane, Queue, S, Ticket

FAULTS_TO_FAIL = 3  # texts that fail in a row before the engine counts as broken


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
    to call from several threads. A batch holds at most `batch_tokens` padded source tokens. A lane
    that holds more than `queue_seconds` of work takes no more.
    """

    def __init__(
        self,
        run: Callable[[C, Sequence[S]], Sequence[R]],
        *,
        runners: int,
        batch_tokens: int,
        queue_seconds: float,
        metrics: Metrics,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._run = run
        self._runners = runners
        self._batch_tokens = batch_tokens
        self._metrics = metrics
        self._clock = clock
        self._changed = threading.Condition()
        self._queue: Queue[C, S, R] = Queue()
        self._backlog = Backlog(
            runners=runners, queue_seconds=queue_seconds, metrics=metrics, clock=clock
        )
        self._admissions: set[Admission[C, S, R]] = set()
        self._precedence = Precedence(clock)
        self._running: dict[int, tuple[Lane, float]] = {}  # batch number -> whose, when it began
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

        `deadline` is a time of the batcher's clock (`time.monotonic`). Raises `OverloadedError`
        with an honest `retry_after` if the lane is full, `DeadlineError` if it could not be done in
        time, `DrainingError` after `refuse_new`.
        """
        with self._changed:
            now = self._clock()
            self._check(tokens, lane, None if deadline is None else deadline - now)
            # The turn is the time at which it would be done if it were alone: a short article
            # overtakes a long one that came just before, and none waits for ever.
            turn = now + self._backlog.seconds(tokens)
            admission = Admission(self, tokens, lane, deadline, turn)
            self._admissions.add(admission)
            self._backlog.add(lane, tokens)
            if lane is Lane.INTERACTIVE:
                self._precedence.came()
            return admission

    def check_room(self, lane: Lane) -> None:
        """Refuses what `admit` would refuse whatever its size, before any work goes into a plan.

        Raises `OverloadedError` or `DrainingError`.
        """
        with self._changed:
            self._check(0, lane, None)

    def backlog_seconds(self) -> float:
        """Admitted and unfinished tokens of both lanes over the measured rate."""
        with self._changed:
            return self._backlog.seconds()

    def refuse_new(self) -> None:
        """From now on `admit` raises `DrainingError`; what was admitted goes on."""
        with self._changed:
            self._refusing = True

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
            return max((now - began for _, began in self._running.values()), default=0.0)

    # From here on, called with the lock held unless said otherwise.

    def _check(self, tokens: int, lane: Lane, left: float | None) -> None:
        if self._refusing or self._closed:
            raise DrainingError("this process is stopping and takes no new work")
        self._backlog.check(tokens, lane, left)

    def _settle(self, jobs: Iterable[Job[C, S, R]]) -> None:
        """Takes finished texts' tokens off their articles' reservations."""
        settled: Counter[Lane] = Counter()
        for job in jobs:
            used = min(job.source.length, job.ticket.tokens)
            job.ticket.tokens -= used
            settled[job.ticket.lane] += used
        for lane, tokens in settled.items():
            self._backlog.add(lane, -tokens)

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
                if admission.lane is Lane.INTERACTIVE:
                    self._precedence.left()
                self._backlog.add(admission.lane, -admission.tokens)
                admission.tokens = 0
            self._changed.notify_all()

    def _next(self) -> list[Job[C, S, R]]:
        """The next batch, off the queue; empty when nothing may run now."""
        running = sum(lane is Lane.INTERACTIVE for lane, _ in self._running.values())
        return self._queue.take(
            self._batch_tokens,
            idle=self._runners - len(self._running),
            soon=self._runners - running,  # the archive's batches are then small, and soon done
            archive_share=self._precedence.archive_share(),
            archive_waits=self._precedence.archive_waits(running),
        )

    def _start(self, batch: list[Job[C, S, R]]) -> list[Job[C, S, R]]:
        """Leaves out what was cancelled or comes too late."""
        now, kept = self._clock(), []
        for job in batch:
            if not job.future.set_running_or_notify_cancel():
                self._settle([job])
            elif job.ticket.deadline is not None and now > job.ticket.deadline:
                self._settle([job])
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
                while not (taken := self._next()):
                    if self._closed:
                        return
                    # What waits and may not run may do so after a pause.
                    self._changed.wait(PAUSE_SECONDS if self._queue else None)
                number, lane = next(self._numbers), taken[0].ticket.lane
                batch = self._start(taken)
                self._running[number] = lane, self._clock()
            if batch:
                self._execute(batch)
            with self._changed:
                del self._running[number]
                if lane is Lane.INTERACTIVE:
                    self._precedence.seen()
                self._changed.notify_all()

    def _execute(self, batch: list[Job[C, S, R]]) -> None:
        call = batch[0].call

        def run(jobs: Sequence[Job[C, S, R]]) -> Sequence[R]:
            return self._run(call, [job.source for job in jobs])

        for done in run_halving(run, batch, self._clock):
            if done.error:
                self._fail(done.texts[0], done.error)
            else:
                self._finish(done.texts, done.outputs, done.seconds)

    def _fail(self, job: Job[C, S, R], error: NewsbriefError) -> None:
        with self._changed:
            self._faults += 1
            if self._faults >= FAULTS_TO_FAIL:
                self._fault = f"{self._faults} texts in a row failed, the last with: {error}"
            self._settle([job])
        self._metrics.engine_faults.labels(job.call.stage).inc()
        job.future.set_exception(error)

    def _finish(self, batch: Sequence[Job[C, S, R]], outputs: Sequence[R], seconds: float) -> None:
        lengths = [job.source.length for job in batch]
        self._metrics.batch(
            batch[0].call.stage,
            lengths=lengths,
            out_tokens=sum(output.tokens for output in outputs),
            seconds=seconds,
        )
        with self._changed:
            self._faults, self._fault = 0, None
            archive = [job for job in batch if job.ticket.lane is Lane.BACKFILL]
            self._backlog.measured(
                sum(lengths), seconds, archive=sum(job.source.length for job in archive)
            )
            self._settle(batch)
        for job, output in zip(batch, outputs, strict=True):
            job.future.set_result(output)
