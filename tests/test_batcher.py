"""Admission, runners, failures and drain, with an engine that the test controls."""

import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager

import pytest

from newsbrief.backlog import FIRST_RATE
from newsbrief.batcher import FAULTS_TO_FAIL, Batcher
from newsbrief.errors import (
    DeadlineError,
    DrainingError,
    EngineError,
    OverloadedError,
)
from newsbrief.metrics import Metrics
from newsbrief.precedence import PAUSE_SECONDS, PEOPLE_SECONDS
from newsbrief.queueing import Lane
from tests.doubles import Clock, GatedEngine, Kind, Text

CALL = Kind()


@contextmanager
def batching(engine: GatedEngine, **options) -> Iterator[Batcher]:
    settings = {"runners": 1, "batch_tokens": 100, "queue_seconds": 60, "metrics": Metrics()}
    batcher = Batcher(engine.run, **(settings | options))
    try:
        yield batcher
    finally:
        engine.gate.set()
        batcher.close()


def names(futures) -> list[str]:
    return [future.result(10).name for future in futures]


def texts(*named: str, length: int = 10) -> list[Text]:
    return [Text(length, name) for name in named]


def test_outputs_come_back_in_the_order_of_the_texts():
    engine = GatedEngine()
    with batching(engine, batch_tokens=20) as batcher, batcher.admit(100) as work:
        assert names(work.submit(CALL, texts("a", "b", "c", "d", "e"))) == list("abcde")


def test_while_one_batch_runs_the_next_collects():
    engine = GatedEngine(open=False)
    with batching(engine) as batcher, batcher.admit(100) as one, batcher.admit(100) as two:
        first = one.submit(CALL, texts("a"))
        engine.wait_entered()
        second = one.submit(CALL, texts("b"))
        third = two.submit(CALL, texts("c"))
        engine.gate.set()
        assert names(first + second + third) == ["a", "b", "c"]
    assert engine.batches == [["a"], ["b", "c"]]


def test_a_full_lane_refuses_and_leaves_the_other_open():
    with batching(GatedEngine(), queue_seconds=5) as batcher:
        with batcher.admit(int(6 * FIRST_RATE), lane=Lane.BACKFILL), batcher.admit(50):
            with pytest.raises(OverloadedError, match="backfill"):
                batcher.admit(1, lane=Lane.BACKFILL)
            with batcher.admit(1):
                pass


def test_a_full_or_stopping_batcher_says_so_before_anything_is_planned():
    with batching(GatedEngine(), queue_seconds=5) as batcher:
        batcher.check_room(Lane.INTERACTIVE)
        with batcher.admit(int(6 * FIRST_RATE), lane=Lane.BACKFILL):
            with pytest.raises(OverloadedError, match="backfill"):
                batcher.check_room(Lane.BACKFILL)
            batcher.check_room(Lane.INTERACTIVE)
        batcher.refuse_new()
        with pytest.raises(DrainingError):
            batcher.check_room(Lane.INTERACTIVE)


def test_leaving_an_admission_gives_back_its_tokens():
    with batching(GatedEngine(), queue_seconds=5) as batcher:
        with batcher.admit(int(6 * FIRST_RATE)):
            assert batcher.backlog_seconds() == pytest.approx(6)
        assert batcher.backlog_seconds() == 0
        with batcher.admit(1):
            pass


def test_more_work_than_was_announced_does_not_corrupt_the_account():
    with batching(GatedEngine()) as batcher:
        with batcher.admit(5) as work:
            names(work.submit(CALL, texts("a", "b", "c")))
        assert batcher.backlog_seconds() == 0


def test_what_cannot_be_done_in_time_is_refused_before_any_work():
    clock, engine = Clock(), GatedEngine()
    with batching(engine, clock=clock) as batcher, batcher.admit(int(FIRST_RATE * 6)):
        with pytest.raises(DeadlineError, match=r"about 10\.0 s, and 7\.0 s are left"):
            batcher.admit(int(FIRST_RATE * 4), deadline=clock.now + 7)
    assert engine.batches == []


def test_a_text_whose_deadline_passed_in_the_queue_is_not_computed():
    clock, engine = Clock(), GatedEngine(open=False)
    with batching(engine, clock=clock) as batcher:
        with batcher.admit(10) as first, batcher.admit(10, deadline=clock.now + 5) as late:
            running = first.submit(CALL, texts("a"))
            engine.wait_entered()
            waiting = late.submit(CALL, texts("b"))
            clock.now += 6
            engine.gate.set()
            assert names(running) == ["a"]
            with pytest.raises(DeadlineError):
                waiting[0].result(10)
    assert engine.batches == [["a"]]


def test_an_abandoned_article_is_not_computed():
    engine = GatedEngine(open=False)
    with batching(engine) as batcher, batcher.admit(10) as first:
        running = first.submit(CALL, texts("a"))
        engine.wait_entered()
        with batcher.admit(10) as abandoned:
            waiting = abandoned.submit(CALL, texts("b"))
        with pytest.raises(CancelledError):
            waiting[0].result(10)
        engine.gate.set()
        assert names(running) == ["a"]
    assert engine.batches == [["a"]]


def test_one_bad_text_does_not_fail_its_neighbours():
    engine = GatedEngine(bad=frozenset({"bad"}))
    with batching(engine) as batcher, batcher.admit(100) as work:
        a, bad, b, c = work.submit(CALL, texts("a", "bad", "b", "c"))
        assert names([a, b, c]) == ["a", "b", "c"]
        with pytest.raises(EngineError, match="ValueError"):
            bad.result(10)
        assert batcher.fault() is None


def test_an_engine_that_fails_again_and_again_is_reported_and_can_recover():
    engine = GatedEngine(bad=frozenset({"bad"}))
    with batching(engine) as batcher, batcher.admit(100) as work:
        for _ in range(FAULTS_TO_FAIL):
            with pytest.raises(EngineError):
                work.submit(CALL, texts("bad"))[0].result(10)
        assert "texts in a row failed" in (batcher.fault() or "")
        names(work.submit(CALL, texts("good")))
        assert batcher.fault() is None


def test_an_engine_that_loses_a_text_is_an_error_and_not_a_mix_up():
    engine = GatedEngine()
    lossy = Batcher(
        lambda call, sources: engine.run(call, sources)[1:],
        runners=1,
        batch_tokens=100,
        queue_seconds=60,
        metrics=Metrics(),
    )
    with lossy.admit(10) as work, pytest.raises(EngineError, match="1 texts went in and 0 came"):
        work.submit(CALL, texts("a"))[0].result(10)
    lossy.close()


def test_a_short_article_overtakes_a_long_one_that_came_just_before():
    clock, engine = Clock(), GatedEngine(open=False)
    with batching(engine, clock=clock, batch_tokens=10, queue_seconds=600) as batcher:
        with (
            batcher.admit(10) as running,
            batcher.admit(50_000) as long,
            batcher.admit(50) as short,
        ):
            first = running.submit(CALL, texts("running"))
            engine.wait_entered()
            others = long.submit(CALL, texts("long")) + short.submit(CALL, texts("short"))
            engine.gate.set()
            names(first + others)
    assert engine.batches == [["running"], ["short"], ["long"]]


def test_an_archives_batches_are_small_while_people_come_and_for_a_while_after():
    clock, engine = Clock(), GatedEngine(open=False)

    def batch_sizes(batcher: Batcher) -> list[int]:
        engine.batches.clear()
        engine.gate.clear()
        while engine.entered.acquire(blocking=False):
            pass
        with batcher.admit(200, lane=Lane.BACKFILL) as work:
            first = work.submit(CALL, texts("running"))
            engine.wait_entered()
            others = work.submit(CALL, texts(*"abcdefghij"))
            engine.gate.set()
            names(first + others)
        return [len(batch) for batch in engine.batches[1:]]

    with batching(engine, clock=clock, batch_tokens=100) as batcher:
        assert batch_sizes(batcher) == [10]
        with batcher.admit(10):
            clock.now += PEOPLE_SECONDS + 1
            assert max(batch_sizes(batcher)) == 1
        assert batch_sizes(batcher) == [10]
        with batcher.admit(10):
            pass
        clock.now += PEOPLE_SECONDS - 1
        assert max(batch_sizes(batcher)) == 1
        clock.now += 2
        assert batch_sizes(batcher) == [10]


def test_an_archive_begins_nothing_between_two_waves_of_a_persons_article():
    clock, engine = Clock(), GatedEngine()
    with batching(engine, clock=clock) as batcher, batcher.admit(10, lane=Lane.BACKFILL) as archive:
        with batcher.admit(20) as person:
            names(person.submit(CALL, texts("first wave")))
            waiting = archive.submit(CALL, texts("archive"))
            clock.now += PAUSE_SECONDS / 2
            names(person.submit(CALL, texts("second wave")))
            assert not waiting[0].done()
        assert names(waiting) == ["archive"]
    assert engine.batches == [["first wave"], ["second wave"], ["archive"]]


def test_a_pause_of_a_persons_article_begins_when_its_batch_is_done():
    clock, engine = Clock(), GatedEngine(open=False)
    with batching(engine, clock=clock) as batcher, batcher.admit(10, lane=Lane.BACKFILL) as archive:
        with batcher.admit(20) as person:
            first = person.submit(CALL, texts("first wave"))
            engine.wait_entered()
            waiting = archive.submit(CALL, texts("archive"))
            clock.now += 2 * PAUSE_SECONDS
            engine.gate.set()
            names(first)
            names(person.submit(CALL, texts("second wave")))
        names(waiting)
    assert engine.batches == [["first wave"], ["second wave"], ["archive"]]


def test_an_archive_goes_on_beside_a_persons_article_that_does_nothing(monkeypatch):
    monkeypatch.setattr("newsbrief.batcher.PAUSE_SECONDS", 0.01)  # by the real clock
    clock, engine = Clock(), GatedEngine()
    with batching(engine, clock=clock) as batcher, batcher.admit(20, lane=Lane.BACKFILL) as archive:
        with batcher.admit(10):
            waiting = archive.submit(CALL, texts("archive"))
            clock.now += PAUSE_SECONDS
            assert names(waiting) == ["archive"]


def test_a_persons_texts_are_cut_for_the_runner_that_the_archive_has():
    engine = GatedEngine(open=False)
    with batching(engine, runners=2) as batcher, batcher.admit(10, lane=Lane.BACKFILL) as archive:
        running = archive.submit(CALL, texts("archive"))
        engine.wait_entered()
        with batcher.admit(40) as person:
            waiting = person.submit(CALL, texts("a", "b", "c", "d"))
            engine.wait_entered()
            engine.gate.set()
            names(running + waiting)
    assert max(map(len, engine.batches)) == 2


def test_an_archives_lane_is_full_by_what_people_leave_it():
    clock, engine = Clock(), GatedEngine()

    def slowly(call, sources):
        clock.now += 1
        return engine.run(call, sources)

    with batching(engine, clock=clock, queue_seconds=30) as batcher:
        batcher._run = slowly
        with batcher.admit(20, lane=Lane.BACKFILL) as work:
            names(work.submit(CALL, texts("a")))  # 10 tokens, at once: 10 a second
            clock.now += 8
            names(work.submit(CALL, texts("b")))  # 10 tokens after 9 s
        with batcher.admit(200, lane=Lane.BACKFILL):
            with pytest.raises(OverloadedError, match=r"backfill queue is full: it holds 10\d"):
                batcher.admit(1, lane=Lane.BACKFILL)
            with batcher.admit(200), batcher.admit(1):
                pass


def test_draining_refuses_new_work_and_finishes_what_was_admitted():
    engine = GatedEngine(open=False)
    with batching(engine) as batcher:
        with batcher.admit(10) as work:
            futures = work.submit(CALL, texts("a"))
            batcher.refuse_new()
            with pytest.raises(DrainingError):
                batcher.admit(10)
            engine.gate.set()
            assert names(futures) == ["a"]


def test_closing_fails_what_still_waits_as_draining():
    engine = GatedEngine(open=False)
    batcher = Batcher(engine.run, runners=1, batch_tokens=10, queue_seconds=60, metrics=Metrics())
    work = batcher.admit(50)
    running = work.submit(CALL, texts("a"))
    engine.wait_entered()
    waiting = work.submit(CALL, texts("b"))
    closing = threading.Thread(target=batcher.close)
    closing.start()
    with pytest.raises(DrainingError):
        waiting[0].result(10)
    engine.gate.set()
    closing.join(10)
    assert names(running) == ["a"]


def test_how_long_a_batch_has_been_in_the_engine_is_known():
    clock, engine = Clock(), GatedEngine(open=False)
    with batching(engine, clock=clock) as batcher, batcher.admit(10) as work:
        assert batcher.running_seconds() == 0
        futures = work.submit(CALL, texts("a"))
        engine.wait_entered()
        clock.now += 42
        assert batcher.running_seconds() == 42
        engine.gate.set()
        names(futures)


def test_the_metrics_tell_tokens_batches_and_backlog():
    metrics, engine = Metrics(), GatedEngine()
    with batching(engine, metrics=metrics) as batcher, batcher.admit(50) as work:
        names(work.submit(CALL, [Text(10, "a"), Text(5, "b")]))
        value = metrics.registry.get_sample_value
        assert value("newsbrief_tokens_total", {"stage": "translation", "direction": "in"}) == 15
        assert value("newsbrief_tokens_total", {"stage": "translation", "direction": "out"}) == 2
        assert value("newsbrief_batch_size_sum", {"stage": "translation"}) == 2
        assert value("newsbrief_batch_padding_ratio_sum", {"stage": "translation"}) == 0.25
        assert value("newsbrief_queue_tokens", {"lane": "interactive"}) == 35
