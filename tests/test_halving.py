"""A batch that fails is run again in halves, until only what is bad fails."""

from hypothesis import given
from hypothesis import strategies as st

from newsbrief.errors import DrainingError, EngineError
from newsbrief.halving import run_halving


def doubled(numbers):
    if any(number < 0 for number in numbers):
        raise ValueError("a text that no engine can take")
    return [2 * number for number in numbers]


def test_a_batch_that_succeeds_runs_once_and_is_timed():
    times = iter([1.0, 3.5])
    (done,) = run_halving(doubled, [1, 2, 3], lambda: next(times))
    assert (done.texts, done.outputs, done.seconds, done.error) == ([1, 2, 3], [2, 4, 6], 2.5, None)


def test_a_part_is_given_out_before_the_next_is_run():
    ran = []

    def run(numbers):
        ran.append(list(numbers))
        return doubled(numbers)

    parts = run_halving(run, [1, 2, 3, -4])
    assert next(parts).outputs == [2, 4]
    assert ran == [[1, 2, 3, -4], [1, 2]]


def test_too_few_outputs_are_an_error_of_the_engine():
    (done,) = run_halving(lambda _: [], [7])
    assert "1 texts went in and 0 came out" in str(done.error)


def test_what_an_engine_raises_becomes_our_error_and_our_own_stays():
    def stop(_):
        raise DrainingError("stopped")

    (bad,) = run_halving(doubled, [-1])
    assert isinstance(bad.error, EngineError)
    assert isinstance(bad.error.__cause__, ValueError)
    (stopped,) = run_halving(stop, [1])
    assert isinstance(stopped.error, DrainingError)


@given(st.lists(st.integers(-3, 20), min_size=1, max_size=40))
def test_only_bad_texts_fail_and_every_text_is_told_of_once_in_order(numbers):
    parts = list(run_halving(doubled, numbers))
    assert [number for part in parts for number in part.texts] == numbers
    for part in parts:
        if part.error:
            assert len(part.texts) == 1
            assert part.texts[0] < 0
        else:
            assert part.outputs == [2 * number for number in part.texts]
