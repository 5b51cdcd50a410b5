"""Which plans a call works on: going on, planning anew, trying failures again."""

import json
from pathlib import Path

import pytest

from newsbrief.errors import ConfigurationError, InputError
from newsbrief.generations import choose_plans, unfinished
from newsbrief.planned import Plan, read_shard
from newsbrief.rows import Failure, Fields, Filters, Row
from newsbrief.shards import Output, open_output

BODY = "The city opened a new tram line on Monday. It carries 40,000 people a day."


@pytest.fixture
def archive(tmp_path):
    """A file of articles that a test writes, and the output folder that goes with it."""

    def write(*ids: int | None) -> None:
        lines = [{"id": each, "body": BODY} if each is not None else {} for each in ids]
        text = "".join(json.dumps(line) + "\n" for line in lines)
        (tmp_path / "archive.jsonl").write_text(text)

    write.output = open_output(str(tmp_path / "out"))
    write.source = str(tmp_path / "archive.jsonl")
    return write


def choose(archive, selection="all", **given) -> list[Plan]:
    asked = {"shard_rows": 2, "filters": Filters(), "limit": None, **given}
    return choose_plans(archive.output, archive.source, Fields(), selection=selection, **asked)


def do(output: Output, plan: Plan, *numbers: int) -> None:
    """Commits the shards as a worker would, each row with an empty brief."""
    for shard in plan.shards:
        if shard.number in (numbers or range(len(plan.shards))):
            read = list(read_shard(plan, shard, Fields()))
            rows = [{"id": row.id, "brief": {}} for row in read if isinstance(row, Row)]
            failures = [row for row in read if isinstance(row, Failure)]
            output.commit(plan.generation, shard, rows, failures, {})


def ids(plan: Plan) -> list[str]:
    return [row.id for shard in plan.shards for row in read_shard(plan, shard, Fields())]


def test_the_first_call_plans_and_the_next_goes_on_with_it(archive):
    archive(1, 2, 3)
    (plan,) = choose(archive)
    assert (plan.kind, len(plan.shards)) == ("all", 2)
    do(archive.output, plan, 0)
    assert choose(archive) == [plan]
    assert unfinished(archive.output, [plan]) == 1


def test_a_changed_input_is_refused(archive):
    archive(1)
    choose(archive)
    archive(1, 2)
    with pytest.raises(InputError, match="--only-missing"):
        choose(archive)


def test_other_filters_are_refused(archive):
    archive(1)
    choose(archive)
    with pytest.raises(ConfigurationError, match="--since, --where and --limit"):
        choose(archive, limit=1)


def test_only_missing_takes_the_place_of_a_plan_that_was_not_finished(archive):
    archive(1, 2, 3, 4)
    (plan,) = choose(archive)
    do(archive.output, plan, 0)
    archive(1, 2, 3, 4, 5)
    (missing,) = choose(archive, "missing")
    assert (missing.generation, missing.kind, ids(missing)) == (1, "missing", ["3", "4", "5"])


def test_only_missing_goes_on_with_itself_when_it_was_stopped(archive):
    archive(1)
    do(archive.output, *choose(archive))
    archive(1, 2, 3, 4)
    (missing,) = choose(archive, "missing")
    do(archive.output, missing, 0)
    assert choose(archive, "missing") == [missing]
    assert choose(archive) == [missing]
    do(archive.output, missing, 1)
    (again,) = choose(archive, "missing")
    assert (again.generation, again.records) == (2, 0)


def test_failures_are_tried_again_only_when_the_run_is_finished(archive):
    archive(1, None, 3)
    (plan,) = choose(archive)
    do(archive.output, plan, 0)
    with pytest.raises(ConfigurationError, match="shards still to be done: 1"):
        choose(archive, "failed")
    do(archive.output, plan)
    (retry,) = choose(archive, "failed")
    assert (retry.kind, retry.records) == ("failed", 1)
    assert choose(archive, "failed") == [retry]
    assert choose(archive) == [plan, retry]


def test_duplicates_and_what_could_not_be_read_are_not_tried_again(archive):
    archive(1, 1)
    with Path(archive.source).open("a") as file:
        file.write("{\n")
    do(archive.output, *choose(archive))
    assert choose(archive, "failed") == []


def test_nothing_can_be_retried_before_a_run(archive):
    archive(1)
    with pytest.raises(ConfigurationError, match="nothing was done in this OUTPUT yet"):
        choose(archive, "failed")
