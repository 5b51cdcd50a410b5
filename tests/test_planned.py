"""Plans: every wanted record in exactly one shard, duplicates found, little memory, any place."""

import datetime
import gzip
import json
import tracemalloc
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsbrief.dividing import PROGRESS, make_plan
from newsbrief.errors import InputError
from newsbrief.identities import Identities, scratch_database
from newsbrief.inputs import find_files
from newsbrief.planned import Plan, check_unchanged, plan_data, read_plan, read_shard
from newsbrief.rows import Failure, Fields, Filters, Row
from tests.archives import BODY, archive, article


def planned(source: Path | str, shard_rows: int = 3, **more) -> Plan:
    return make_plan(find_files(str(source)), Fields(), shard_rows=shard_rows, **more)


def outcomes(plan: Plan) -> list[tuple[str, str | None]]:
    """Place and reason (None of a row) of all that the shards hold, in their order."""
    return [
        (each.place, each.reason if isinstance(each, Failure) else None)
        for shard in plan.shards
        for each in read_shard(plan, shard, Fields())
    ]


def ids(plan: Plan) -> list[str]:
    return [
        each.id
        for shard in plan.shards
        for each in read_shard(plan, shard, Fields())
        if isinstance(each, Row)
    ]


def test_records_are_cut_into_shards_that_do_not_cross_files(tmp_path):
    archive(tmp_path, *(article(n) for n in range(7)))
    archive(tmp_path, *(article(n) for n in range(7, 9)), name="b.jsonl")
    plan = planned(tmp_path)
    assert [(s.number, s.file, s.first, s.last, s.records) for s in plan.shards] == [
        (0, 0, 1, 3, 3),
        (1, 0, 4, 6, 3),
        (2, 0, 7, 7, 1),
        (3, 1, 1, 2, 2),
    ]
    assert plan.records == 9
    assert ids(plan) == [str(n) for n in range(9)]


def test_parts_hold_every_shard_once(tmp_path):
    plan = planned(archive(tmp_path, *(article(n) for n in range(10))), 1)
    parts = [[shard.number for shard in plan.part(part, 3)] for part in range(3)]
    assert parts == [[0, 3, 6, 9], [1, 4, 7], [2, 5, 8]]


def test_an_id_that_came_before_is_a_failure_in_whatever_file_and_shard(tmp_path):
    archive(tmp_path, article(1), article("1"), article(2), article(3))
    archive(tmp_path, article(2), article(4), article("3"), name="b.jsonl")
    assert outcomes(planned(tmp_path, 2)) == [
        ("a.jsonl#1", None),
        ("a.jsonl#2", "duplicate"),
        ("a.jsonl#3", None),
        ("a.jsonl#4", None),
        ("b.jsonl#1", "duplicate"),
        ("b.jsonl#2", None),
        ("b.jsonl#3", "duplicate"),
    ]


def test_records_without_an_id_are_no_duplicates_of_each_other(tmp_path):
    plan = planned(archive(tmp_path, article(None), article(None), {"body": BODY}, "{"))
    assert [reason for _, reason in outcomes(plan)] == ["id", "id", "id", "invalid-json"]


def test_an_id_that_a_bad_record_had_is_taken_all_the_same(tmp_path):
    plan = planned(archive(tmp_path, {"id": 1}, article(1)))
    assert outcomes(plan) == [("a.jsonl#1", "body"), ("a.jsonl#2", "duplicate")]


def test_blank_lines_are_in_no_shard(tmp_path):
    plan = planned(archive(tmp_path, article(1), "", "", article(2), "", article(3), article(4)), 2)
    assert [shard.records for shard in plan.shards] == [2, 2]
    assert ids(plan) == ["1", "2", "3", "4"]


def test_a_limit_counts_records_to_do_over_all_files(tmp_path):
    archive(tmp_path, article(1), "{", article(3))
    archive(tmp_path, article(4), article(5), name="b.jsonl")
    plan = planned(tmp_path, limit=4)
    assert [place for place, _ in outcomes(plan)] == [
        "a.jsonl#1",
        "a.jsonl#2",
        "a.jsonl#3",
        "b.jsonl#1",
    ]
    assert plan.records == 4


def test_filters_leave_records_out_of_the_plan_and_count_them(tmp_path):
    rows = [article(n, date=f"2024-05-{n + 1:02}", section="ab"[n % 2]) for n in range(20)]
    filters = Filters(datetime.date(2024, 5, 6), (("section", "b"),))
    plan = planned(archive(tmp_path, *rows), 4, filters=filters)
    assert ids(plan) == ["5", "7", "9", "11", "13", "15", "17", "19"]
    assert [shard.records for shard in plan.shards] == [4, 4]
    assert (plan.records, plan.left_out) == (8, 12)


def test_a_record_whose_date_cannot_be_read_fails_rather_than_being_left_out(tmp_path):
    filters = Filters(datetime.date(2024, 5, 1))
    rows = [article(1, date="2024-05-01"), article(2, date="soon"), article(3, date="2023-01-01")]
    plan = planned(archive(tmp_path, *rows), filters=filters)
    assert outcomes(plan) == [("a.jsonl#1", None), ("a.jsonl#2", "date")]


def test_only_what_has_no_row_yet_is_planned(tmp_path):
    plan = planned(
        archive(tmp_path, *(article(n) for n in range(12))),
        kind="missing",
        generation=1,
        done_ids=(str(n) for n in range(12) if n not in (4, 6, 11)),
    )
    assert ids(plan) == ["4", "6", "11"]
    (shard,) = plan.shards
    assert (shard.first, shard.last, shard.records) == (5, 12, 3)
    assert [number for number in range(14) if shard.takes(number)] == [5, 7, 12]
    assert (plan.generation, plan.kind, plan.left_out) == (1, "missing", 9)


def test_nothing_missing_is_a_plan_without_shards(tmp_path):
    plan = planned(archive(tmp_path, article(1)), kind="missing", done_ids=["1"])
    assert (plan.shards, plan.records) == ((), 0)


@settings(max_examples=60)
@given(
    st.lists(st.sampled_from(["1", "2", "3", "4", "5", "6", "", "bad"]), max_size=30),
    st.sets(st.sampled_from(["1", "2", "3", "4"])),
    st.integers(1, 7),
    st.none() | st.integers(1, 10),
)
def test_every_wanted_record_is_in_one_shard_and_the_first_of_each_id_is_done(
    tmp_path_factory, names, done, shard_rows, limit
):
    rows = ["{" if name == "bad" else "" if not name else article(name) for name in names]
    file = archive(tmp_path_factory.mktemp("a"), *rows)
    plan = planned(file, shard_rows, limit=limit, done_ids=done)
    expected: list[tuple[str, str | None]] = []
    seen = set()
    for number, name in enumerate(names, 1):
        if name and name not in done and (limit is None or len(expected) < limit):
            reason = "invalid-json" if name == "bad" else "duplicate" if name in seen else None
            expected.append((f"a.jsonl#{number}", reason))
            seen.add(name)
    assert outcomes(plan) == expected
    assert all(0 < shard.records <= shard_rows for shard in plan.shards)
    assert read_plan(json.loads(json.dumps(plan_data(plan)))) == plan


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.csv", "a.parquet", "documents"])
def test_a_shard_alone_is_what_it_is_among_the_others(tmp_path, name):
    rows = [article(f"n-{n % 37}", headline=f"Quay {n} opens") for n in range(50)]
    if name == "documents":
        for n, row in enumerate(rows):
            (tmp_path / f"{n:02}.json").write_text(json.dumps(row), "utf-8")
    elif name == "a.parquet":
        table = pyarrow.Table.from_pylist(rows)
        pyarrow.parquet.write_table(table, tmp_path / name, row_group_size=16)
    elif name == "a.csv":
        lines = ["id,body,headline", *('"{id}","{body}","{headline}"'.format(**r) for r in rows)]
        (tmp_path / name).write_text("\n".join(lines), "utf-8")
    else:
        data = "".join(json.dumps(row) + "\n" for row in rows).encode()
        (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    plan = planned(tmp_path, 7)
    shards = {shard.number: list(read_shard(plan, shard, Fields())) for shard in plan.shards}
    assert len(shards) == 8
    backwards = {
        shard.number: list(read_shard(plan, shard, Fields())) for shard in reversed(plan.shards)
    }
    assert backwards == shards
    whole = [each for number in sorted(shards) for each in shards[number]]
    assert [each.id for each in whole] == [row["id"] for row in rows]
    assert [isinstance(each, Failure) for each in whole] == [False] * 37 + [True] * 13


def test_a_damaged_end_is_a_dead_letter_of_the_last_shard(tmp_path):
    lines = [json.dumps(article(n, noise=n**5 % 99_991)) + "\n" for n in range(5000)]
    data = gzip.compress("".join(lines).encode())
    (tmp_path / "a.jsonl.gz").write_bytes(data[: len(data) // 2])
    plan = planned(tmp_path, 100)
    *good, last = outcomes(plan)
    assert len(good) > 1000
    assert {reason for _, reason in good} == {None}
    assert last == (f"a.jsonl.gz#{len(good) + 1}", "damaged")


def test_a_damaged_end_that_begins_a_shard_keeps_its_number(tmp_path):
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(b'{"id": 1}\n{"id": 2}\n')[:-4] + b"xxxx")
    plan = planned(tmp_path, 2)
    assert [shard.records for shard in plan.shards] == [2, 1]
    assert outcomes(plan)[-1] == ("a.jsonl.gz#3", "damaged")


def test_a_shard_of_an_input_that_shrank_is_refused(tmp_path):
    file = archive(tmp_path, *(article(n) for n in range(5)))
    plan = planned(file)
    archive(tmp_path, *(article(n) for n in range(4)))
    with pytest.raises(InputError, match=r"a\.jsonl is not what it was.*--only-missing"):
        list(read_shard(plan, plan.shards[1], Fields()))


def test_a_file_that_changes_after_the_start_of_a_run_is_not_read_out_of_step(tmp_path):
    file = archive(tmp_path, *(article(n) for n in range(6)))
    plan = planned(file)
    archive(tmp_path, article("first of all"), *(article(n) for n in range(6)))
    with pytest.raises(InputError, match=r"a\.jsonl is not what it was.*--only-missing"):
        list(read_shard(plan, plan.shards[1], Fields()))
    file.unlink()
    with pytest.raises(InputError, match=r"a\.jsonl is gone"):
        list(read_shard(plan, plan.shards[1], Fields()))


def test_rows_damaged_in_a_column_that_planning_skipped_are_dead_letters(tmp_path, monkeypatch):
    monkeypatch.setattr("newsbrief.parquet.ROWS_AT_ONCE", 3)
    file = tmp_path / "a.parquet"
    table = pyarrow.table({"id": [*range(9)], "body": [f"{BODY} {n}" for n in range(9)]})
    pyarrow.parquet.write_table(table, file, row_group_size=3, use_dictionary=["id"])
    data = bytearray(file.read_bytes())
    column = pyarrow.parquet.ParquetFile(file).metadata.row_group(1).column(1)
    at = column.data_page_offset
    data[at : at + 20] = b"\xff" * 20  # the header of a page of bodies
    file.write_bytes(data)
    plan = planned(file, 2)
    assert plan.records == 9
    assert outcomes(plan) == [
        *((f"a.parquet#{n}", None) for n in (1, 2, 3)),
        *((f"a.parquet#{n}", "damaged") for n in (4, 5, 6)),
        *((f"a.parquet#{n}", None) for n in (7, 8, 9)),
    ]


def test_an_input_that_changed_since_it_was_planned_is_refused_by_name(tmp_path):
    archive(tmp_path, article(1))
    plan = planned(tmp_path)
    check_unchanged(plan, find_files(str(tmp_path)))
    archive(tmp_path, article(2), name="b.jsonl")
    with pytest.raises(InputError, match=r"b\.jsonl is not what it was"):
        check_unchanged(plan, find_files(str(tmp_path)))
    (tmp_path / "b.jsonl").unlink()
    archive(tmp_path, article(1), article(3))
    with pytest.raises(InputError, match=r"a\.jsonl is not what it was.*--only-missing"):
        check_unchanged(plan, find_files(str(tmp_path)))


def test_planning_tells_how_far_it_is(tmp_path):
    told = []
    plan = planned(archive(tmp_path, *['{"id": 1}'] * (PROGRESS + 5)), progress=told.append)
    assert told == [PROGRESS, PROGRESS + 5]
    assert plan.records == PROGRESS + 5


def test_ids_beyond_what_is_held_in_memory_are_compared_too():
    with scratch_database() as base:
        identities = Identities(base)
        for number in range(50_000):
            identities.add(f"id-{number % 49_998}", number // 100, number)
        assert list(identities.duplicates()) == [(499, 49_998), (499, 49_999)]


def test_a_temporary_folder_without_room_for_the_ids_is_told():
    def fill() -> None:
        with scratch_database() as base:
            base.execute("PRAGMA max_page_count = 3")
            identities = Identities(base)
            for number in range(20_000):
                identities.add(f"id-{number}", 0, number)

    with pytest.raises(OSError, match=r"no room for ids .*\(TMPDIR\): database or disk is full"):
        fill()


def test_memory_does_not_grow_with_the_input(tmp_path, monkeypatch):
    monkeypatch.setattr("newsbrief.lines.BLOCK", 65_536)

    def peak(records: int) -> int:
        file = archive(tmp_path, *(f'{{"id": "article-{n}"}}' for n in range(records)))
        tracemalloc.start()
        plan = planned(file, 500)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert plan.records == records
        return most

    peak(1000)
    assert peak(75_000) < peak(25_000) + 200_000
