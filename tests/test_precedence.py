"""When people are served, and what the archive may do meanwhile."""

import pytest

from newsbrief.precedence import ARCHIVE_SHARE, PAUSE_SECONDS, PEOPLE_SECONDS, Precedence
from tests.doubles import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def precedence(clock) -> Precedence:
    return Precedence(clock)


def test_an_archive_alone_has_everything(precedence):
    assert precedence.archive_share() == 1.0
    assert not precedence.archive_waits(running=0)


def test_while_an_article_of_people_is_in_work_the_archive_waits(precedence, clock):
    precedence.came()
    assert precedence.archive_waits(running=0)
    precedence.left()
    assert not precedence.archive_waits(running=0)


def test_a_batch_that_takes_long_is_still_work_for_people(precedence, clock):
    precedence.came()
    clock.now += 10 * PAUSE_SECONDS
    assert precedence.archive_waits(running=1)


def test_an_article_that_does_nothing_holds_up_nobody_until_it_goes_on(precedence, clock):
    precedence.came()
    clock.now += PAUSE_SECONDS
    assert not precedence.archive_waits(running=0)
    precedence.seen()
    assert precedence.archive_waits(running=0)


def test_batches_of_the_archive_stay_small_for_a_while_after_people_came(precedence, clock):
    precedence.came()
    precedence.left()
    clock.now += PEOPLE_SECONDS - 0.1
    assert precedence.archive_share() == ARCHIVE_SHARE
    clock.now += 0.2
    assert precedence.archive_share() == 1.0


def test_and_as_long_as_one_of_several_is_in_work(precedence, clock):
    precedence.came()
    precedence.came()
    precedence.left()
    clock.now += 2 * PEOPLE_SECONDS
    assert precedence.archive_share() == ARCHIVE_SHARE
    precedence.left()
    assert precedence.archive_share() == 1.0
