"""A dry run: the sample is spread evenly, timed, and scaled up with an honest range."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from newsbrief.dividing import make_plan
from newsbrief.estimating import Estimate, as_text, estimate
from newsbrief.inputs import find_files
from newsbrief.planned import Plan
from newsbrief.rows import Failure, Fields
from tests.backfilling import article


class Writer:
    """A worker that writes nine letters for each record, and fails those it is told."""

    pack = "writer@1"
    side_by_side = 2

    def __init__(self, *bad: str) -> None:
        self.seen: list[str] = []
        self._bad = bad

    def brief(self, rows):
        self.seen += [row.id for row in rows]
        return [self._answer(row) for row in rows], {}

    def close(self) -> None: ...

    def _answer(self, row):
        if row.id in self._bad:
            return Failure(row.id, row.place, "engine", "the engine failed", row.raw)
        translation = {"headline": "три", "highlights": ["три", None]}
        return {"highlights": [{"text": "three"[:3]}], "translations": {"ru": translation}}


def planned(folder: Path, count: int, *, shard_rows: int = 7, limit: int | None = None) -> Plan:
    """Articles in shards; the one after the first five, where there are so many, is no JSON."""
    file = folder / "in.jsonl"
    lines = [json.dumps(article(number)) for number in range(count)]
    lines[5:6] = ["{not json"] * (count > 5)
    file.write_text("\n".join(lines))
    return make_plan(find_files(str(file)), Fields(), shard_rows=shard_rows, limit=limit)


def test_the_sample_is_spread_evenly_over_all_shards(tmp_path):
    worker = Writer()
    found = estimate(planned(tmp_path, 100), worker, Fields(), sample=10)
    probe, *rows = worker.seen
    assert probe == ""
    assert sorted(rows) == [f"story-{number}" for number in range(15, 100, 10)]  # 5 is no JSON
    assert (found.records, found.sampled) == (100, 10)


def test_a_sample_larger_than_the_plan_takes_each_record_once(tmp_path):
    worker = Writer()
    found = estimate(planned(tmp_path, 4), worker, Fields(), sample=50)
    assert sorted(worker.seen) == ["", *[f"story-{n}" for n in range(4)]]
    assert found.sampled == 4


def test_a_plan_without_records_has_no_estimate(tmp_path):
    assert estimate(planned(tmp_path, 3, limit=0), Writer(), Fields(), sample=5) is None


def test_failures_of_reading_and_of_briefing_count_by_reason(tmp_path):
    worker = Writer("story-15", "story-35")
    found = estimate(planned(tmp_path, 100), worker, Fields(), sample=10)
    assert found.failed == {"invalid-json": 1, "engine": 2}
    share, low, high = found.failures()
    assert share == 0.3
    assert (round(low, 3), round(high, 3)) == (0.108, 0.603)  # Wilson's interval of 3 in 10


def test_the_sample_is_timed_with_the_models_warm(tmp_path):
    worker, seen = Writer(), []

    def clock() -> float:
        seen.append(len(worker.seen))
        return 100.0 + 4.0 * len(seen)

    found = estimate(planned(tmp_path, 100), worker, Fields(), sample=10, clock=clock)
    assert seen == [1, 10]  # one article before it; then all but the row that is no JSON
    assert found.seconds == 4.0
    assert found.rate == 2.5
    assert found.total_seconds == 40.0


def test_records_that_are_all_alike_leave_no_doubt_and_different_ones_do(tmp_path):
    alike = estimate(planned(tmp_path, 5), Writer(), Fields(), sample=5)
    assert alike.spread == 0.0
    half = estimate(planned(tmp_path, 5), Writer("story-0"), Fields(), sample=4)
    # 0, 9, 9, 9 letters: mean 6.75, standard deviation 4.5, over the root of 4
    assert half.spread == pytest.approx(1.96 * 4.5 / 2 / 6.75)


def test_one_record_says_nothing_of_the_others(tmp_path):
    assert estimate(planned(tmp_path, 5), Writer(), Fields(), sample=1).spread == 1.0


def test_the_text_names_time_for_one_machine_for_parts_and_the_cost():
    found = Estimate(records=72_000, sampled=20, seconds=10.0, spread=0.25, failed={"body": 1})
    text = as_text(found, parts=4, hourly_cost=0.5)
    assert "20 of 72000 records in 10.0 s, 2.00 a second" in text
    assert "all of them: 10 h 00 min (from 7 h 30 min to 12 h 30 min) on this machine" in text
    assert "with 4 parts: 2 h 30 min (from 1 h 52 min to 3 h 07 min) on 4 machines" in text
    assert "cost: 5.00 at 0.5 an hour and machine (from 3.75 to 6.25)" in text
    assert "failures: 5.0% expected (from 0.9% to 23.6%); in the sample 1 body" in text


def test_without_parts_or_a_price_neither_is_spoken_of():
    text = as_text(Estimate(records=10, sampled=10, seconds=1.0, spread=0.0, failed={}))
    assert "parts" not in text
    assert "cost" not in text
    assert "failures: 0.0% expected (from 0.0% to 27.8%)\n" in text
