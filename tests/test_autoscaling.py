"""The simulator decides as Kubernetes does, and its pods work as they were measured."""

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from loadtests.autoscaling import check, day
from loadtests.autoscaling.exposed import together, total
from loadtests.autoscaling.fleet import (
    Archive,
    Cluster,
    Fleet,
    Outcome,
    Targets,
    current_desire,
    replay,
)
from loadtests.autoscaling.hpa import Autoscaler, Behaviour, Direction, Policy, wanted
from loadtests.autoscaling.pod import Pod, Service
from loadtests.autoscaling.processes import LocalPod
from tests.plain_fleet import plain_replay

SERVICE = Service(
    rates={1: 1.0, 4: 2.0, 16: 3.0},
    start_up=5,
    queue_seconds=30,
    request_seconds=60,
    backlog_factor=1,
    together=1,
)


@pytest.mark.parametrize(
    ("current", "values", "missing", "expected"),
    [
        (2, [4.0, 4.0], 0, 4),  # twice the target
        (4, [1.0, 1.0, 1.0, 1.0], 0, 2),  # half of it
        (2, [2.1, 2.1], 0, 2),  # within the tolerance of 0.1
        (2, [2.3, 2.3], 0, 3),  # rounded up
        (3, [8.0], 2, 4),  # the two without a metric count as idle
        (2, [1.0], 1, 2),  # it counts as on target: (1 + 2) / 4, rounded up
        (3, [3.0], 2, 3),  # counted as idle they would turn the direction: nothing is done
        (3, [], 3, 3),  # no metric: nothing is done
    ],
)
def test_a_metric_asks_for_as_many_replicas_as_the_controller_would_find(
    current, values, missing, expected
):
    assert wanted(current, 2.0, values, missing=missing) == expected


def behaviour(up_window: float = 0, down_window: float = 300) -> Behaviour:
    up = (Policy("Percent", 100, 30), Policy("Pods", 4, 30))
    return Behaviour(
        2,
        40,
        Direction(up_window, up),
        Direction(down_window, (Policy("Percent", 25, 60),)),
    )


def test_the_larger_policy_limits_how_fast_it_grows_within_a_period():
    scaler = Autoscaler(behaviour())
    assert scaler.decide(0, 2, 40) == 6  # 4 pods are more than 100%
    assert scaler.decide(15, 6, 40) == 6  # the period's allowance is used up
    assert scaler.decide(31, 6, 40) == 12  # 100% is more than 4 pods
    assert scaler.decide(62, 12, 14) == 14


def test_it_shrinks_to_the_highest_wish_of_the_window_and_by_a_quarter_a_minute():
    scaler = Autoscaler(behaviour())
    assert scaler.decide(0, 20, 20) == 20
    assert scaler.decide(15, 20, 2) == 20
    assert scaler.decide(301, 20, 2) == 15
    assert scaler.decide(316, 15, 2) == 15
    assert scaler.decide(362, 15, 2) == 11


def test_it_stays_within_its_bounds():
    scaler = Autoscaler(behaviour(down_window=0))
    assert scaler.decide(0, 2, 0) == 2
    assert scaler.decide(100, 38, 400) == 40


def test_growth_waits_for_a_window_of_its_own():
    scaler = Autoscaler(behaviour(up_window=60))
    assert scaler.decide(0, 2, 2) == 2
    assert scaler.decide(15, 2, 4) == 2
    assert scaler.decide(75, 2, 4) == 4


def test_between_measurements_the_rate_is_a_straight_line():
    assert [SERVICE.rate(n) for n in (0, 1, 2, 4, 10, 16, 99)] == pytest.approx(
        [1, 1, 4 / 3, 2, 2.5, 3, 3]
    )


def pod(**changes) -> Pod:
    return Pod(replace(SERVICE, **changes), 0, 0)


def waits(one: Pod) -> list[float]:
    return [float(wait) for _, waits in one.answered for wait in waits]


def taken(one: Pod, articles: int) -> int:
    """How many it takes of so many that arrive at once."""
    one.serve(np.zeros(articles), 0)
    return articles - one.refused


def test_an_article_alone_takes_its_service_time_and_a_second_waits_for_it():
    one = pod()
    one.serve(np.array([10.0]), 20)
    assert waits(one) == [1.0]
    one.serve(np.array([20.0, 20.0]), 40)
    first = 1 / float(SERVICE.rate(2))
    assert waits(one)[1:] == pytest.approx([first, first + 1])
    assert one.worked == pytest.approx(3)


def test_an_article_alone_uses_less_of_the_cpu_than_many_do():
    alone, full = pod(), pod()
    alone.serve(np.arange(0, 15, 1.0), 15)  # one after the other
    full.serve(np.zeros(90), 15)
    for each in (alone, full):
        each.scrape(15, 15)
    assert (alone.busy_share_seen, full.busy_share_seen) == pytest.approx((1 / 3, 1))


def test_articles_that_advance_together_end_together():
    one = pod(together=2)
    one.serve(np.array([20.0, 20.0, 20.0]), 40)
    both, last = 2 / float(SERVICE.rate(3)), 1.0
    assert waits(one) == pytest.approx([both, both, both + last])


def test_a_pod_is_full_once_it_holds_more_work_than_its_queue_may():
    assert taken(pod(), 120) == 91  # 30 s at 3 a second, and the one that fills it
    assert taken(pod(queue_seconds=60), 200) == 180  # the 181st would take longer than 60 s
    assert taken(pod(rates={1: 0.1}), 20) == 4
    assert taken(pod(rates={1: 0.01}), 20) == 0, "an answer would come too late"


def test_a_pod_that_takes_articles_for_longer_than_they_are_reports_more_and_refuses_sooner():
    pods = [pod(backlog_factor=factor) for factor in (1, 2)]
    for each in pods:
        each.serve(np.zeros(4), 0)
        each.scrape(0, 15)
    assert [each.backlog_seen for each in pods] == [2.0, 4.0]
    assert taken(pod(backlog_factor=2), 120) == 46


def test_what_is_done_of_an_article_comes_off_its_price_and_the_rest_at_its_end():
    one = pod(together=2, backlog_factor=3, rates={1: 1.0})
    one.serve(np.zeros(2), 1.0)  # half of each
    assert one.backlog == pytest.approx(2 * (3 - 0.5))
    one.serve(np.empty(0), 2.0)
    assert one.backlog == 0


@pytest.mark.parametrize(
    ("shared", "factor", "spare"), [(1, 1.3, 0), (5, 2.3, 3), (50, 0.8, 0), (8, 1.0, 1)]
)
def test_the_compiled_fleet_does_what_the_plain_one_does(shared, factor, spare):
    service = Service({1: 0.4, 4: 0.5, 16: 0.6}, 1, 20, 30, factor, shared)
    times = day.poisson(lambda second: day.load(24 * second), day.HOUR, service.best, seed=3)
    arguments = (
        times,
        service,
        Cluster(always=4, spare=spare),
        Targets(2.0, 0.6),
        behaviour(),
    )
    archive = Archive(600.0, 400.0, 8)
    fast, plain = (each(*arguments, archive=archive, seed=4) for each in (replay, plain_replay))
    assert fast.archived == plain.archived > 600
    assert fast.refused == plain.refused > 0
    assert fast.replicas == plain.replicas
    assert len(fast.replicas) > 10
    assert fast.pod_hours == pytest.approx(plain.pod_hours)
    assert np.sort(fast.arrived) == pytest.approx(np.sort(plain.arrived))
    assert np.sort(fast.waits) == pytest.approx(np.sort(plain.waits))


def steadily(articles_per_second: float, seconds: float) -> np.ndarray:
    return np.arange(articles_per_second * seconds) / articles_per_second


def test_under_a_steady_load_the_fleet_settles_and_loses_nothing():
    times = steadily(6, 1200)  # two full pods' worth
    outcome = replay(times, SERVICE, Cluster(), Targets(2.0, 0.8), behaviour())
    assert outcome.refused == 0
    assert np.sort(outcome.arrived) == pytest.approx(times)
    assert 3 <= outcome.replicas[-1][1] <= 8
    assert max(outcome.waits[outcome.arrived > 600]) < 10


def test_a_fleet_that_may_not_grow_refuses_and_one_that_may_does_not():
    times = steadily(7, 300)  # more than two full pods do
    fixed = Behaviour(2, 2, behaviour().up, behaviour().down)
    assert replay(times, SERVICE, Cluster(), Targets(2.0, 0.8), fixed).refused > 0
    assert replay(times, SERVICE, Cluster(), Targets(2.0, 0.8), behaviour()).refused == 0


def test_pods_that_nobody_needs_any_more_finish_their_work_and_go():
    times = np.append(steadily(7, 300), 3000.0)
    outcome = replay(times, SERVICE, Cluster(), Targets(2.0, 0.8), behaviour())
    assert len(outcome.waits) == len(times)
    assert outcome.replicas[-1][1] == 2
    assert max(replicas for _, replicas in outcome.replicas) > 2


def test_an_archive_gets_the_time_that_people_leave_and_takes_none_of_theirs():
    service = replace(SERVICE, rates={1: 2.0})
    fixed = Behaviour(2, 2, behaviour().up, behaviour().down)
    arguments = (steadily(2, 600), service, Cluster(), Targets(2.0, 0.8), fixed)
    alone = replay(*arguments)
    beside = replay(*arguments, archive=Archive(0.0, 600.0, 8))
    assert beside.waits.tolist() == alone.waits.tolist()
    assert beside.archived == pytest.approx(300, abs=15)  # 4 a second, people take 2 of them


def test_an_archive_makes_the_fleet_grow_and_leaves_it_as_it_was():
    archive = Archive(300.0, 6000.0, 64)
    outcome = replay(
        steadily(1, 3000), SERVICE, Cluster(), Targets(2.0, 0.8), behaviour(), archive=archive
    )
    most, when = max((replicas, at) for at, replicas in outcome.replicas)
    assert most >= 8
    assert 300 < when < outcome.archived < 2400
    assert outcome.replicas[-1][1] == 2


def test_a_pod_that_finds_no_room_waits_for_a_node_unless_room_is_kept_free():
    def ready(cluster: Cluster) -> list[float]:
        fleet = Fleet(SERVICE, cluster, Targets(2.0, None), behaviour())
        fleet.serve(np.zeros(150), np.linspace(0, 0.99, 150), 15)
        fleet.control(15)
        fleet.serve(np.empty(0), np.empty(0), 30)
        fleet.control(30)
        return [pod.ready for pod in fleet._pods]

    assert ready(Cluster(always=3)) == [0, 0, 40, 130, 130, 130]
    assert ready(Cluster(always=3, spare=2)) == [0, 0, 40, 40, 130, 130]
    assert ready(Cluster(always=8)) == [0, 0, 40, 40, 40, 40]


def test_the_same_seed_gives_the_same_day():
    times = day.arrivals(0.02, seed=7).tolist()
    assert times == day.arrivals(0.02, seed=7).tolist() != day.arrivals(0.02, seed=8).tolist()
    assert all(before < after for before, after in pairwise(times))
    expected = sum(day.load(second) for second in range(0, int(day.DAY), 60)) * 60 * 0.02
    assert math.isclose(len(times), expected, rel_tol=0.1)


def test_arrivals_follow_the_load_of_the_check():
    loads = [check.load(second) for second in range(int(check.SECONDS))]
    assert max(loads) > check.MOST, "it should ask for more than there is"
    times = day.poisson(check.load, check.SECONDS, 2.0, seed=3)
    assert math.isclose(len(times), 2.0 * sum(loads), rel_tol=0.1)
    busiest = [sum(start <= at < start + 120 for at in times) for start in range(0, 1440, 120)]
    assert min(busiest[1:3]) > 2 * max(busiest[:1] + busiest[4:]), "it breaks after two minutes"


def test_a_metric_is_summed_over_its_labels_and_no_other_is_taken_for_it():
    text = 'a_total{x="1"} 2.0\na_total{x="2"} 0.5\na 7.0\nmore_a_total 9.0\n# a_total 1\n'
    assert (total("a_total", text), total("a", text)) == (2.5, 7.0)
    assert total("a_total", text, x="2") == 0.5


def test_as_many_articles_advance_together_as_their_texts_fill_a_batch():
    text = (
        'newsbrief_tokens_total{stage="translation",direction="in"} 640.0\n'
        'newsbrief_tokens_total{stage="translation",direction="out"} 900.0\n'
        'newsbrief_batch_size_sum{stage="translation"} 40.0\n'
    )
    assert together(1024, text) == 64


def test_a_run_is_told_by_its_longest_wait_and_its_mean_replicas():
    replicas = [(0.0, 1), (check.SECONDS / 2, 3)]
    outcome = Outcome(np.array([0, 5.0]), np.array([2.0, 3.5]), 0, 0.0, replicas)
    assert check.extremes(outcome) == {"longest": 3.5, "mean_replicas": 2.0}


def test_the_controller_of_the_check_decides_on_the_same_figures_as_the_simulated_one():
    seen = [LocalPod(0.0, backlog_seen=8.0, busy_share_seen=0.9), LocalPod(0.0)]
    assert current_desire(seen, 2, Targets(4.0, None)) == 2
    assert current_desire(seen[:1], 1, Targets(4.0, 0.6)) == 2
