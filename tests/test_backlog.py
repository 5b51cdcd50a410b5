"""How much a lane may hold, in seconds of work, and what it says when that is too much."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbrief.backlog import FIRST_RATE, RATE_MEMORY, Backlog
from newsbrief.errors import DeadlineError, OverloadedError
from newsbrief.metrics import Metrics
from newsbrief.queueing import Lane
from tests.doubles import Clock

PEOPLE, ARCHIVE = Lane.INTERACTIVE, Lane.BACKFILL


def backlog(rate: float | None = 100.0, *, runners: int = 1, queue_seconds: float = 30) -> Backlog:
    made = Backlog(runners=runners, queue_seconds=queue_seconds, metrics=Metrics())
    if rate:
        made.measured(int(rate * 10), 10.0)
    return made


def test_before_anything_is_measured_a_first_rate_holds():
    assert backlog(None, runners=2).seconds(600) == pytest.approx(600 / (2 * FIRST_RATE))


def test_a_later_measurement_weighs_more_than_an_earlier_one():
    held = backlog(100.0)
    held.measured(3000, 10.0)
    rate = (1000 * RATE_MEMORY + 3000) / (10 * RATE_MEMORY + 10)
    assert held.seconds(1) == pytest.approx(1 / rate)
    assert rate > 200


def test_a_lane_is_full_when_what_it_holds_takes_longer_than_its_bound():
    held = backlog(100.0, queue_seconds=30)
    held.add(PEOPLE, 3000)
    held.check(1, PEOPLE, None)
    held.add(PEOPLE, 500)
    with pytest.raises(OverloadedError, match=r"interactive queue is full: it holds 35\.0 s"):
        held.check(1, PEOPLE, None)


def test_the_same_tokens_are_too_much_for_a_slow_machine_and_little_for_a_fast_one():
    slow, fast = backlog(100.0), backlog(1000.0)
    for held in (slow, fast):
        held.add(PEOPLE, 10_000)
    with pytest.raises(OverloadedError):
        slow.check(1, PEOPLE, None)
    fast.check(1, PEOPLE, None)


def test_who_is_refused_hears_when_there_will_be_room():
    held = backlog(100.0, queue_seconds=30)
    held.add(PEOPLE, 4200)
    with pytest.raises(OverloadedError) as caught:
        held.check(500, PEOPLE, None)
    assert caught.value.retry_after == pytest.approx(12)
    held.add(PEOPLE, -1200)  # what is worked off in that time
    held.check(500, PEOPLE, None)


def test_one_lane_full_leaves_the_other_open():
    held = backlog(100.0)
    held.add(ARCHIVE, 4000)
    held.check(1, PEOPLE, None)
    with pytest.raises(OverloadedError, match="backfill"):
        held.check(1, ARCHIVE, None)


def test_an_article_larger_than_the_bound_is_taken_when_nothing_waits_and_its_time_suffices():
    backlog(100.0, queue_seconds=30).check(5000, PEOPLE, left=60)


def test_an_article_that_takes_too_long_even_alone_is_told_to_be_shorter():
    with pytest.raises(DeadlineError, match=r"alone would take about 70\.0 s, and 60\.0 s.*less"):
        backlog(100.0).check(7000, PEOPLE, left=60)


def test_an_article_is_refused_that_would_be_too_late_behind_the_others():
    held = backlog(100.0)
    held.add(PEOPLE, 2000)
    with pytest.raises(DeadlineError, match=r"take about 70\.0 s, and 60\.0 s are left"):
        held.check(5000, PEOPLE, left=60)
    held.check(4000, PEOPLE, left=60)


def test_the_archives_wait_is_told_by_what_people_leave_it():
    clock = Clock()
    held = Backlog(runners=1, queue_seconds=30, metrics=Metrics(), clock=clock)
    held.add(ARCHIVE, 1100)
    clock.now += 10
    held.measured(1000, 1.0, archive=100)  # 1,000 tokens a second in the engine, 10 of the archive
    held.add(ARCHIVE, -100)
    assert held.held_seconds(ARCHIVE) == pytest.approx(1000 / 10)
    with pytest.raises(OverloadedError) as caught:
        held.check(1, ARCHIVE, None)
    assert caught.value.retry_after == pytest.approx(100 - 30)
    held.add(PEOPLE, 1000)
    assert held.held_seconds(PEOPLE) == pytest.approx(1)


def test_an_archive_that_comes_back_later_is_not_told_of_the_time_it_was_away():
    clock = Clock()
    held = Backlog(runners=1, queue_seconds=30, metrics=Metrics(), clock=clock)
    held.measured(1000, 10.0)
    clock.now += 3600
    held.add(ARCHIVE, 1000)
    clock.now += 1
    held.measured(100, 1.0, archive=100)
    assert held.held_seconds(ARCHIVE) == pytest.approx(10)


def test_a_deadline_that_has_passed_is_told_as_no_time_left():
    with pytest.raises(DeadlineError, match=r"0\.0 s are left"):
        backlog(100.0).check(1, PEOPLE, left=-3)


@given(
    rate=st.floats(1, 1e6),
    bound=st.floats(0.1, 600),
    sizes=st.lists(st.integers(1, 200_000), max_size=40),
)
def test_what_waits_is_never_more_than_the_bound_and_one_article(rate, bound, sizes):
    held = backlog(rate, queue_seconds=bound)
    for tokens in sizes:
        if held.seconds() > bound:
            with pytest.raises(OverloadedError) as caught:
                held.check(tokens, PEOPLE, None)
            assert caught.value.retry_after >= held.seconds() - bound
        else:
            held.check(tokens, PEOPLE, None)
            held.add(PEOPLE, tokens)
