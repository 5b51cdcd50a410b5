"""What is shipped is what won in the simulator, and the pages say what was measured."""

import re
from dataclasses import replace

import pytest

from loadtests.autoscaling import on_paper, simulate, tables
from loadtests.autoscaling.simulate import Candidate, Figures
from newsbrief.settings import Settings
from tests.manifests import build, of_kind, the

RESULTS = tables.read("results")
PAGES = [page.read_text("utf-8") for page in tables.PAGES]


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


def figures(row: dict) -> Figures:
    return Figures(**{name: row[name] for name in Figures.__dataclass_fields__})


def test_the_winner_is_the_cheapest_that_serves_the_day():
    winner, rows = RESULTS["winner"], RESULTS["all"]
    (won,) = [row for row in rows if winner.items() <= row.items()]
    assert figures(won).fit
    assert won["pod_hours"] == min(row["pod_hours"] for row in rows if figures(row).fit)


def test_the_cheapest_that_is_fit_wins_and_the_quicker_of_two_as_cheap():
    candidate = Candidate(**RESULTS["winner"])
    good = Figures(1.0, 2.0, 3.0, 0.001, 0.0, 9, 100.0, 2.0)
    slow, refusing = replace(good, slow=0.5, pod_hours=1.0), replace(good, refused=0.5, pod_hours=1)
    dear, quick = replace(good, pod_hours=101.0), replace(good, p95=1.0)
    rows = [(candidate, each) for each in (slow, dear, good, quick, refusing)]
    assert simulate.best(rows)[1] == quick
    with pytest.raises(SystemExit, match="no candidate"):
        simulate.best([(candidate, slow), (candidate, refusing)])


def test_a_candidate_is_as_good_as_its_worst_day():
    days = (
        Figures(1.0, 5.0, 3.0, 0.1, 0.0, 9, 100.0, 2.0),
        Figures(2.0, 4.0, 3.0, 0.0, 0.2, 8, 90.0, 3.0),
    )
    assert simulate.worst(days) == Figures(2.0, 5.0, 3.0, 0.1, 0.2, 9, 100.0, 3.0)


def test_the_simulated_archive_is_sent_as_its_job_sends_it():
    (job,) = of_kind(build("components/backfill-through"), "Job")
    (container,) = job["spec"]["template"]["spec"]["containers"]
    arguments = container["args"]
    at_once = int(arguments[arguments.index("--concurrency") + 1])
    assert RESULTS["archive"]["at_once"] == at_once


def test_the_simulated_pod_has_the_settings_that_are_shipped():
    shipped = Settings(keys_file=None)
    measured = tables.read("measured")
    assert RESULTS["measured"] == measured, "simulate again: measured.json is newer"
    assert measured["queue_seconds"] == shipped.queue_seconds
    assert measured["request_seconds"] == shipped.request_seconds


def test_the_pages_say_what_was_measured_and_simulated():
    blocks = tables.blocks()
    assert re.findall(r"<!-- (\w+): ", "".join(PAGES)) == list(blocks)
    for page in PAGES:
        assert tables.rewritten(page, blocks) == page, "run python -m loadtests.autoscaling.tables"


def test_a_block_that_is_out_of_date_is_rewritten_and_the_rest_stays():
    page = "before\n<!-- curve: from X -->\nold\n<!-- end -->\nafter\n"
    made = tables.rewritten(page, {"curve": "new"})
    assert made == "before\n<!-- curve: from X -->\nnew\n<!-- end -->\nafter\n"


def test_a_thousand_articles_a_second_are_summed_from_the_curve():
    measured = {"articles_per_second": {"1": 3.0, "32": 4.0}, "cores": 2}
    sums = on_paper.sums(measured, Candidate(4.0, 0.5, 100, 4, 300, 2, 0))
    assert (sums.full_pods, sums.pods, sums.cores, sums.nodes) == (250, 500, 1000, 63)
    assert sums.dollars_an_hour == pytest.approx(40)
    assert sums.dollars_a_million == pytest.approx(11.11, abs=0.01)
    assert (sums.steps, sums.surge) == (8, 125)  # 2 to 256 are seven doublings


def test_the_winner_stands_out_in_its_table():
    rows = [line for line in tables.candidates(RESULTS).splitlines() if line.startswith("| **")]
    assert len(rows) == 1
    assert f"{RESULTS['figures']['refused']:.3%}" in rows[0]
