"""The load tests' own parts: articles, plans, the judging of answers, the regression check."""

import json
from collections import Counter

import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtests import articles, bare_engine, regression
from loadtests.scenarios import plans, playing
from loadtests.scenarios.__main__ import lane_ratios, pooled_ratio
from loadtests.scenarios.answers import ERROR, REFUSED, RIGHT, judge
from newsbrief.app import create_app
from newsbrief.engine import Source
from newsbrief.pack import Decoding
from newsbrief.settings import read_settings
from newsbrief.translating import ModelCall
from tests.service import WordEngine, word_briefer

PACK = {"name": "words", "version": "1.2.3"}
TARGETS = ["ko", "ru", "uk"]


def sent() -> dict:
    written = articles.article(1, 200)
    return {"headline": written.headline, "body": written.body}


@pytest.fixture(scope="module")
def answered():
    """A real answer of the service to `sent`: status, headers, body."""

    def opener(settings, metrics):
        return word_briefer(settings, metrics, WordEngine())

    with TestClient(create_app(read_settings(), opener=opener)) as client:
        answer = client.post("/v1/briefs", json=sent())
    return answer.status_code, dict(answer.headers), answer.content


def judged(status, headers, body, request=None):
    return judge(request or sent(), status, headers, body, pack=PACK, targets=TARGETS)


@settings(max_examples=30)
@given(st.integers(0, 10**6), st.integers(1, 700))
def test_an_article_has_the_words_asked_for_and_is_the_same_for_the_same_seed(seed, words):
    written = articles.article(seed, words)
    assert written.words == words
    assert written == articles.article(seed, words)
    assert written.headline


def test_articles_of_10_000_words_are_written_and_no_longer_ones():
    assert articles.article(1, 10_000).words == 10_000
    with pytest.raises(ValueError, match="from 1 to 10000, and is 10001"):
        articles.article(1, 10_001)


def test_articles_differ_and_have_figures_names_and_quotes():
    written = [articles.typical(seed) for seed in range(30)]
    assert len({each.body for each in written}) == 30
    assert max(each.words for each in written) > 2 * min(each.words for each in written)
    for each in written:
        sentences = each.body.replace("\n\n", " ").split(". ")
        assert len(set(sentences)) > 0.85 * len(sentences)
        assert any(map(str.isdigit, each.body))
    assert sum("“" in each.body for each in written) > 20


def test_arrivals_come_at_the_rate_that_was_asked_for():
    for arrivals in (plans.steady(7, 30, seed=1), plans.bursts(7, 30, seed=1)):
        assert len(arrivals) == pytest.approx(210, abs=6)
        assert list(arrivals) == sorted(arrivals)
        assert 0 <= arrivals[0] <= arrivals[-1] <= 30


def test_half_of_a_cms_articles_come_in_bursts():
    arrivals = plans.bursts(8, 20, seed=1)
    assert sorted(Counter(arrivals).values())[-4:] == [20, 20, 20, 20]
    assert len(arrivals) == 160


@pytest.mark.parametrize("name", plans.SCENARIOS)
def test_a_plan_survives_its_file(name, tmp_path):
    plan = plans.scenario(name, 5.0, 4.0)
    plan.save(tmp_path / "plan.json")
    assert plans.load_plan(tmp_path / "plan.json") == plan
    assert sum(len(stream.arrivals) for stream in plan.streams) > 0


def test_an_overload_lasts_longer_than_it_takes_to_fill_the_queue():
    assert plans.overload_seconds("overload-3", 8.0, 10.0) == pytest.approx(14.0)
    assert plans.overload_seconds("overload-1.5", 40.0, 10.0) == pytest.approx(30.0)


def test_a_right_answer_is_right(answered):
    outcome, data = judged(*answered)
    assert outcome == RIGHT
    assert list(data["translations"]) == TARGETS


def emptied(data):
    data["translations"]["ru"]["headline"] = " "


def lost_language(data):
    del data["translations"]["uk"]


def lost_bullet(data):
    data["translations"]["ko"]["highlights"].pop()


def other_pack(data):
    data["pack"]["version"] = "9"


def no_highlights(data):
    data["highlights"] = []


def outside(data):
    data["highlights"][0]["sources"][0]["end"] = 10**6


def other_id(data):
    data["id"] = "0" * 32


@pytest.mark.parametrize(
    "spoil", [emptied, lost_language, lost_bullet, other_pack, no_highlights, outside, other_id]
)
def test_a_spoilt_answer_is_an_error(answered, spoil):
    status, headers, body = answered
    data = json.loads(body)
    spoil(data)
    outcome, what = judged(status, headers, json.dumps(data).encode())
    assert outcome == ERROR
    assert what


REFUSAL = {
    "type": "urn:newsbrief:problem:overloaded",
    "status": 429,
    "detail": "the queue is full",
    "retry_after": 3,
}
PROBLEM = {"content-type": "application/problem+json", "retry-after": "3"}


def test_an_honest_refusal_says_when_to_come_back():
    assert judged(429, PROBLEM, json.dumps(REFUSAL).encode()) == (REFUSED, 3)


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (429, {"content-type": "application/problem+json"}, REFUSAL),
        (429, PROBLEM | {"content-type": "application/json"}, REFUSAL),
        (429, PROBLEM | {"retry-after": "0"}, REFUSAL),
        (429, PROBLEM, REFUSAL | {"retry_after": 9}),
        (429, PROBLEM, REFUSAL | {"type": "urn:newsbrief:problem:engine"}),
        (503, PROBLEM, REFUSAL),
        (504, PROBLEM, REFUSAL),
        (500, PROBLEM, REFUSAL),
        (200, {}, {}),
    ],
)
def test_anything_else_is_an_error(status, headers, body):
    assert judged(status, headers, json.dumps(body).encode())[0] == ERROR


def test_latency_counts_from_the_planned_time_and_goodput_to_the_last_answer():
    answers = [
        {"planned": 0.0, "sent": 4.0, "done": 5.0, "outcome": RIGHT, "detail": None},
        {"planned": 1.0, "sent": 4.0, "done": 20.0, "outcome": RIGHT, "detail": None},
        {"planned": 2.0, "sent": 2.0, "done": 2.5, "outcome": REFUSED, "detail": 3},
        {"planned": 2.0, "sent": 2.0, "done": 2.1, "outcome": ERROR, "detail": "status 500"},
    ]
    figures = playing.sum_up(answers, "cms", "all", 10.0)
    assert figures.offered == pytest.approx(0.4)
    assert figures.goodput == pytest.approx(0.1)
    assert figures.p50 == pytest.approx(12.0)
    assert figures.refused == pytest.approx(0.25)
    assert figures.refusal_p50 == pytest.approx(0.5)
    assert (figures.errors, figures.faults) == (1, ("1 x status 500",))


CALLS = [ModelCall("translation", name, Decoding(beam_size=4, max_tokens=96)) for name in "ab"]


@given(st.lists(st.tuples(st.sampled_from(CALLS), st.integers(1, 90)), min_size=1))
def test_the_best_batches_hold_every_text_once_within_the_budget(texts):
    batches = [(call, (Source(("x",) * length),)) for call, length in texts]
    packed = bare_engine.best_batches(batches, 128)
    assert bare_engine.tokens(packed) == bare_engine.tokens(batches)
    held = Counter((call, each.length) for call, sources in packed for each in sources)
    assert held == Counter(texts)
    assert all(bare_engine.padded(batch) <= 128 for batch in packed)


def test_a_ratio_beyond_the_slack_fails_and_one_within_it_does_not():
    base = {"pipeline over engine": 1.1}
    assert not regression.slower({"pipeline over engine": 2.1}, base)
    (complaint,) = regression.slower({"pipeline over engine": 2.3}, base)
    assert "2.30, more than 2.0 times the base's 1.10" in complaint
    assert regression.slower({}, base) == ["pipeline over engine: not in both"]


def played(seed: int, seconds: list[float], *, archive: bool) -> playing.Run:
    """A run in which the CMS's articles took so long."""
    answers = [
        {"stream": "cms", "outcome": RIGHT, "planned": 1.0, "done": 1.0 + each} for each in seconds
    ]
    slow = {"stream": "backfill", "outcome": RIGHT, "planned": 0.0, "done": 99.0}
    plan = plans.people(5.0, 10.0, archive=archive, seed=seed)
    return playing.Run(plan, [*answers, slow], 10.0, 0.0, 0.0, 0.0, (0.0, 0.0), {}, {})


def test_what_people_notice_is_told_by_rounds_and_over_all_of_them():
    runs = [
        played(0, [1.0, 1.0], archive=False),
        played(0, [2.0, 2.0], archive=True),
        played(1, [1.0, 4.0, 4.0, 4.0], archive=True),
        played(1, [1.0, 2.0, 2.0, 2.0], archive=False),
    ]
    assert lane_ratios(runs, "p50") == [2.0, 2.0]
    assert pooled_ratio(runs, "p50") == pytest.approx(3.0 / 1.5)
    assert pooled_ratio(runs, "p95") == pytest.approx(4.0 / 2.0)
