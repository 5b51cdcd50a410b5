"""The simulator decides as Kubernetes does, and what is shipped is its winner."""

import json
import math
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from loadtests.autoscaling import check, day, simulate
from loadtests.autoscaling.fleet import Outcome, Pod, Service, Targets, current_desire, replay
from loadtests.autoscaling.hpa import Autoscaler, Behaviour, Direction, Policy, wanted
from loadtests.autoscaling.processes import LocalPod, total
from tests.manifests import build, the

SERVICE = Service(
    rates={1: 1.0, 4: 2.0, 16: 3.0},
    start_up=5,
    most_waiting=50,
    request_seconds=60,
    backlog_factor=1,
)
RESULTS = json.loads((Path(simulate.__file__).parent / "results.json").read_text("utf-8"))


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


def test_an_article_alone_takes_its_service_time_and_two_share_the_pod():
    waits = []
    pod = Pod(SERVICE, 0, 0, waits)
    assert pod.offer(10)
    pod.advance(20)
    assert waits == [(10, 1.0)]
    assert pod.offer(20)
    assert pod.offer(20)
    pod.advance(40)
    first = 1 / SERVICE.rate(2)
    assert waits[1:] == [(20, pytest.approx(first)), (20, pytest.approx(first + 1))]
    assert pod.busy == pytest.approx(2 + first)


def test_a_pod_refuses_what_its_queue_does_not_hold_or_would_answer_too_late():
    pod = Pod(SERVICE, 0, 0, [])
    assert sum(pod.offer(0) for _ in range(80)) == SERVICE.most_waiting
    slow = replace(SERVICE, rates={1: 0.1})
    assert sum(Pod.offer(pod, 0) for pod in [Pod(slow, 0, 0, [])] for _ in range(20)) == 6


def test_a_pod_that_takes_articles_for_longer_than_they_are_reports_more_and_refuses_sooner():
    pods = [Pod(replace(SERVICE, backlog_factor=factor), 0, 0, []) for factor in (1, 2)]
    for pod in pods:
        for _ in range(4):
            assert pod.offer(0)
        pod.scrape(0)
    assert [pod.backlog_seen for pod in pods] == [2.0, 4.0]
    slow = replace(SERVICE, rates={1: 0.1}, backlog_factor=2)
    assert sum(Pod.offer(pod, 0) for pod in [Pod(slow, 0, 0, [])] for _ in range(20)) == 3


def test_under_a_steady_load_the_fleet_settles_and_loses_nothing():
    times = [second / 6 for second in range(6 * 1200)]  # two full pods' worth
    outcome = replay(times, SERVICE, Targets(2.0, 0.8), behaviour())
    assert outcome.refused == 0
    assert len(outcome.waits) == len(times)
    assert 3 <= outcome.replicas[-1][1] <= 8
    late = [wait for arrived, wait in outcome.waits if arrived > 600]
    assert max(late) < 10


def test_a_fleet_that_may_not_grow_refuses_and_one_that_may_does_not():
    times = [second / 7 for second in range(7 * 300)]  # more than two full pods do
    fixed = Behaviour(2, 2, behaviour().up, behaviour().down)
    assert replay(times, SERVICE, Targets(2.0, 0.8), fixed).refused > 0
    assert replay(times, SERVICE, Targets(2.0, 0.8), behaviour()).refused == 0


def test_pods_that_nobody_needs_any_more_finish_their_work_and_go():
    times = [second / 7 for second in range(7 * 300)] + [3000.0]
    outcome = replay(times, SERVICE, Targets(2.0, 0.8), behaviour())
    assert len(outcome.waits) == len(times)
    assert outcome.replicas[-1][1] == 2
    assert max(replicas for _, replicas in outcome.replicas) > 2


def test_the_same_seed_gives_the_same_day():
    times = list(day.arrivals(0.02))
    assert times == list(day.arrivals(0.02))
    assert all(before < after for before, after in pairwise(times))
    expected = sum(day.load(second) for second in range(0, int(day.DAY), 60)) * 60 * 0.02
    assert math.isclose(len(times), expected, rel_tol=0.1)


def test_arrivals_follow_the_load_of_the_check():
    loads = [check.load(second) for second in range(int(check.SECONDS))]
    assert max(loads) <= check.HIGHEST
    assert max(loads) > check.MOST, "it should ask for more than there is"
    times = list(day.poisson(check.load, check.HIGHEST, check.SECONDS, 2.0, seed=3))
    assert math.isclose(len(times), 2.0 * sum(loads), rel_tol=0.1)
    busiest = [sum(start <= at < start + 120 for at in times) for start in range(0, 1440, 120)]
    assert busiest.index(max(busiest)) == 1, "the story breaks after two minutes"


def test_a_metric_is_summed_over_its_labels_and_no_other_is_taken_for_it():
    text = 'a_total{x="1"} 2.0\na_total{x="2"} 0.5\na 7.0\nmore_a_total 9.0\n# a_total 1\n'
    assert (total("a_total", text), total("a", text)) == (2.5, 7.0)


def test_a_run_is_told_by_its_longest_wait_and_its_mean_replicas():
    outcome = Outcome([(0, 2.0), (5, 3.5)], 0, 0.0, [(0.0, 1), (check.SECONDS / 2, 3)])
    assert check.extremes(outcome) == {"longest": 3.5, "mean_replicas": 2.0}


def test_the_controller_of_the_check_decides_on_the_same_figures_as_the_simulated_one():
    seen = [LocalPod(0.0, backlog_seen=8.0, busy_share_seen=0.9), LocalPod(0.0)]
    assert current_desire(seen, 2, Targets(4.0, None)) == 2
    assert current_desire(seen[:1], 1, Targets(4.0, 0.6)) == 2


def test_what_is_shipped_is_what_won():
    hpa = the(build("base"), "HorizontalPodAutoscaler")["spec"]
    winner = simulate.Candidate(**RESULTS["winner"])
    backlog, cpu = hpa["metrics"]
    assert float(backlog["pods"]["target"]["averageValue"]) == winner.backlog
    assert cpu["resource"]["target"]["averageUtilization"] == 100 * winner.cpu
    assert hpa["minReplicas"] == winner.least
    for name, side in (("scaleUp", winner.behaviour.up), ("scaleDown", winner.behaviour.down)):
        shipped = hpa["behavior"][name]
        assert shipped["stabilizationWindowSeconds"] == side.window
        assert [(p["type"], p["value"], p["periodSeconds"]) for p in shipped["policies"]] == [
            (policy.kind, policy.value, policy.seconds) for policy in side.policies
        ]


def test_the_winner_is_the_cheapest_that_serves_the_day():
    def fit(row: dict) -> bool:
        return row["slow"] <= simulate.MOST_SLOW and row["refused"] <= simulate.MOST_REFUSED

    winner, rows = RESULTS["winner"], RESULTS["all"]
    (won,) = [row for row in rows if winner.items() <= row.items()]
    assert fit(won)
    assert won["pod_hours"] == min(row["pod_hours"] for row in rows if fit(row))
