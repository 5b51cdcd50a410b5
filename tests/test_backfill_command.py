"""`newsbrief backfill` as a person or a script calls it, with the bundled pack."""

import json
import signal
import subprocess
import sys

import pytest

from newsbrief.backfill_progress import Progress, summary
from newsbrief.cli import main
from newsbrief.shards import Commit
from tests.servers import ROOT, running
from tests.service import ARTICLE

BODY = ARTICLE["body"].split("\n\n")[0]


@pytest.fixture
def backfill(monkeypatch, capsys, tmp_path):
    """Calls `newsbrief backfill archive.jsonl out` in process; exit code and standard error."""

    def call(*options: object, source: object = None) -> tuple[int, str]:
        given = [source or tmp_path / "archive.jsonl", tmp_path / "out", "-n", 1, "-t", "uk"]
        monkeypatch.setattr(sys, "argv", ["newsbrief", "backfill", *map(str, [*given, *options])])
        with pytest.raises(SystemExit) as caught:
            main()
        captured = capsys.readouterr()
        return caught.value.code or 0, captured.err + captured.out

    call.folder = tmp_path
    return call


def write(folder, *rows: dict | str, name: str = "archive.jsonl", mode: str = "w") -> None:
    with (folder / name).open(mode) as file:
        for row in rows:
            file.write((row if isinstance(row, str) else json.dumps(row)) + "\n")


def row(number: int, **more) -> dict:
    return {"id": number, "headline": f"Tram line {number} opens", "body": BODY, **more}


def written(folder) -> dict[str, dict]:
    lines = [
        line
        for file in sorted((folder / "out" / "rows").glob("*.jsonl"))
        for line in file.read_text().splitlines()
    ]
    rows = [json.loads(line) for line in lines]
    assert len({row["id"] for row in rows}) == len(rows)
    return {row["id"]: row for row in rows}


def test_a_run_that_other_code_began_is_refused_and_left_as_it_is(backfill, monkeypatch):
    write(backfill.folder, *map(row, range(2)))
    assert backfill()[0] == 0
    before = written(backfill.folder)
    write(backfill.folder, row(2), mode="a")
    monkeypatch.setattr("newsbrief.origin.code_digest", lambda: "0123456789abcdef")
    code, said = backfill("--only-missing")
    assert code == 2
    assert "was begun otherwise: code" in said
    assert "0123456789abcdef" in said
    assert written(backfill.folder) == before


def test_every_article_gets_its_brief_under_its_id(backfill):
    write(backfill.folder, *map(row, range(5)))
    code, said = backfill("--shard-rows", 2)
    assert code == 0
    rows = written(backfill.folder)
    assert sorted(rows) == ["0", "1", "2", "3", "4"]
    assert rows["3"]["brief"]["headline"] == "Tram line 3 opens"
    assert rows["3"]["pack"].startswith("bundled@")
    assert list(rows["3"]["brief"]["translations"]) == ["uk"]
    assert "5 of 5 records done" in said


def test_fields_are_called_what_the_archive_calls_them(backfill):
    write(backfill.folder, {"meta": {"uid": "a-1"}, "title": "Tram opens", "text": BODY})
    code, _ = backfill("--id", "meta.uid", "--headline", "title", "--body", "text")
    assert code == 0
    assert written(backfill.folder)["a-1"]["brief"]["headline"] == "Tram opens"


def test_bad_rows_stop_nothing_and_are_told_by_reason(backfill):
    write(backfill.folder, row(1), "{", row(1), {"id": "x"}, {"id": "y", "body": " "}, row(2))
    code, said = backfill()
    assert code == 5
    assert sorted(written(backfill.folder)) == ["1", "2"]
    assert "failed: 4 (body 2, duplicate 1, invalid-json 1)" in said


def test_failures_can_be_accepted(backfill):
    write(backfill.folder, row(1), "{")
    assert backfill("--accept-failures")[0] == 0


def test_a_second_call_does_nothing_twice(backfill):
    write(backfill.folder, row(1), row(2))
    backfill()
    files = {file: file.stat().st_mtime_ns for file in (backfill.folder / "out").rglob("*.json*")}
    code, said = backfill()
    assert (code, "2 of 2 records done" in said) == (0, True)
    assert files == {file: file.stat().st_mtime_ns for file in files}


def test_an_archive_that_grew_is_refused_until_only_the_missing_are_asked_for(backfill):
    write(backfill.folder, row(1))
    backfill()
    write(backfill.folder, row(2), mode="a")
    code, said = backfill()
    assert (code, "--only-missing" in said) == (2, True)
    code, said = backfill("--only-missing")
    assert (code, "1 of 1 records done" in said) == (0, True)
    assert sorted(written(backfill.folder)) == ["1", "2"]


def test_rows_that_failed_can_be_tried_again_alone(backfill):
    write(backfill.folder, row(1), row(2, language="xx"))
    assert backfill()[0] == 5
    code, said = backfill("--retry-failed")
    assert code == 5
    assert "0 of 1 records done" in said
    assert "failed: 1 (source_language 1)" in said
    assert sorted(written(backfill.folder)) == ["1"]


def test_nothing_to_retry_is_no_error(backfill):
    write(backfill.folder, row(1))
    backfill()
    code, said = backfill("--retry-failed")
    assert (code, "0 of 0 records done" in said) == (0, True)


def test_another_option_is_refused_and_named(backfill):
    write(backfill.folder, row(1))
    backfill()
    code, said = backfill("--strict")
    assert code == 2
    assert "options.strict was false and is now true" in said
    assert "another OUTPUT" in said


def test_other_filters_than_planned_are_refused(backfill):
    write(backfill.folder, row(1), row(2))
    backfill("--limit", 1)
    code, said = backfill()
    assert (code, "--limit are not what the run was planned with" in said) == (2, True)


def test_filters_pick_rows(backfill):
    write(
        backfill.folder,
        row(1, date="2026-01-31", desk="world"),
        row(2, date="2026-02-01", desk="world"),
        row(3, date="2026-02-01", desk="sport"),
    )
    assert backfill("--since", "2026-02-01", "--where", "desk=world")[0] == 0
    assert sorted(written(backfill.folder)) == ["2"]


def test_parts_divide_the_work_without_overlap(backfill, monkeypatch):
    write(backfill.folder, *map(row, range(6)))
    said = backfill("--shard-rows", 1, "--parts", 2)[1]
    assert "3 of 3 records done" in said
    assert sorted(written(backfill.folder)) == ["0", "2", "4"]
    monkeypatch.setenv("JOB_COMPLETION_INDEX", "1")
    assert backfill("--shard-rows", 1, "--parts", 2)[0] == 0
    assert sorted(written(backfill.folder)) == ["0", "1", "2", "3", "4", "5"]


def test_a_plan_can_be_written_alone(backfill):
    write(backfill.folder, *map(row, range(5)))
    code, said = backfill("--plan", "--shard-rows", 2)
    assert (code, said) == (0, "plan 0: 5 records in 3 shards, 0 left out\n")
    assert not (backfill.folder / "out" / "rows").exists()


def test_a_dry_run_estimates_and_writes_nothing(backfill):
    write(backfill.folder, *map(row, range(9)), "{")
    code, said = backfill("--dry-run", "--sample", 5, "--hourly-cost", 0.5, "--parts", 2)
    assert code == 0
    assert "sample: 5 of 10 records in" in said
    assert "with 2 parts:" in said
    assert "at 0.5 an hour and machine" in said
    assert not (backfill.folder / "out").exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--parts", "2", "--part", "2"], "the parts are 0 to 1"),
        (["--only-missing", "--retry-failed"], "two runs"),
        (["--parts", "2", "--only-missing"], "write the new plan first"),
        (["--through", "http://x", "--engine", "ray"], "either a service does it or a cluster"),
        (["--where", "desk"], "FIELD=VALUE is needed, not 'desk'"),
        (["--workers", "3:2"], "MIN:MAX is needed"),
        (["--since", "yesterday"], "does not match the format"),
        (["-n", "0"], "0 is not in the range 1<=x<=8"),
        (["-n", "9"], "9 is not in the range 1<=x<=8"),
        (["--through", ""], "--through: a URL is needed"),
        (["--retry-failed"], "nothing was done in this OUTPUT yet"),
    ],
)
def test_wrong_options_are_refused_in_words(backfill, options, message):
    write(backfill.folder, row(1))
    code, said = backfill(*options)
    assert code == 2
    assert message in said


def test_an_input_that_is_not_there_is_told(backfill):
    code, said = backfill()
    assert (code, "nothing to read at" in said) == (2, True)


@pytest.mark.parametrize("pattern", ["", "/", "/**/*.jsonl"])
def test_an_output_inside_the_input_is_refused(backfill, pattern):
    write(backfill.folder, row(1))
    code, said = backfill(source=f"{backfill.folder}{pattern}")
    assert (code, "lies in INPUT" in said) == (2, True)


def test_an_output_inside_the_input_is_seen_through_links_and_dots(backfill):
    write(backfill.folder, row(1))
    (backfill.folder / "link").symlink_to(".")
    (backfill.folder / "x").mkdir()
    for source in ("link", "x/.."):
        code, said = backfill(source=backfill.folder / source)
        assert (code, "lies in INPUT" in said) == (2, True)


@pytest.mark.parametrize("given", [["archive.jsonl", ""], ["", "out"]])
def test_the_empty_path_of_a_script_is_not_the_current_folder(monkeypatch, capsys, tmp_path, given):
    monkeypatch.chdir(tmp_path)
    write(tmp_path, row(1))
    monkeypatch.setattr(sys, "argv", ["newsbrief", "backfill", *given])
    with pytest.raises(SystemExit, match="2"):
        main()
    assert "INPUT and OUTPUT must not be empty" in capsys.readouterr().err
    assert [file.name for file in tmp_path.iterdir()] == ["archive.jsonl"]


def test_a_key_file_that_is_no_text_is_told(backfill):
    write(backfill.folder, row(1))
    (backfill.folder / "key").write_bytes(b"k\xe9y")
    code, said = backfill("--through", "http://127.0.0.1:9", "--key-file", backfill.folder / "key")
    assert (code, "--key-file: one line of printable ASCII" in said) == (2, True)


def test_an_output_that_can_not_be_written_is_told(backfill):
    write(backfill.folder, row(1))
    write(backfill.folder, "", name="out")
    code, said = backfill()
    assert (code, "out can't be used: [Errno 20] Not a directory" in said) == (2, True)


@pytest.mark.slow
def test_a_stopped_run_says_so_and_goes_on_later(backfill):
    write(backfill.folder, *map(row, range(400)))
    call = [sys.executable, "-m", "newsbrief", "backfill", "archive.jsonl", "out"]
    process = subprocess.Popen(
        [*call, "-n", "1", "-t", "uk", "--shard-rows", "10"],
        cwd=backfill.folder,
        env={"PYTHONPATH": str(ROOT / "service"), "PATH": ""},
        stderr=subprocess.PIPE,
        text=True,
    )
    commits = backfill.folder / "out" / "commits"
    while not (commits.exists() and any(commits.iterdir())):
        assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 6
    assert "the same call goes on from here" in said
    done = len(written(backfill.folder))
    assert 0 < done < 400
    assert backfill("--shard-rows", 10)[0] == 0
    assert len(written(backfill.folder)) == 400


@pytest.mark.slow
def test_a_running_service_does_it_in_its_backfill_lane(backfill):
    write(backfill.folder, *map(row, range(5)), "{")
    with running() as server:
        code, said = backfill("--through", server.url)
        server.wait_for("lane=backfill", times=5)
        again = backfill("--through", server.url)[0]
    assert (code, again) == (5, 5)
    assert "5 of 6 records done" in said
    rows = written(backfill.folder)
    assert sorted(rows) == ["0", "1", "2", "3", "4"]
    assert {row["pack"] for row in rows.values()} == {"words@1.2.3"}


def commit(shard: int, rows: int, **tally) -> Commit:
    return Commit(0, shard, rows, sum(tally.get("failed", {}).values()), "", None, tally)


def test_the_summary_adds_the_shards_up():
    commits = [
        commit(0, 2, done=2, failed={"body": 1}, findings={"number-changed": {"uk": 2}}),
        commit(1, 3, done=3, failed={"body": 1, "id": 1}, findings={"repetition": {"": 1}}),
    ]
    assert summary(commits, records=10, seconds=3725).splitlines() == [
        "5 of 10 records done, in 1 h 02 min this time",
        "failed: 3 (body 2, id 1)",
        "not done yet: 2",
        "finding number-changed: 2 (uk 2)",
        "finding repetition: 1 (source 1)",
    ]


def test_plain_lines_tell_rate_and_time_left(capsys):
    times = iter([0.0, 5.0, 20.0, 25.0])
    progress = Progress(100, clock=lambda: next(times))
    for shard in range(3):
        progress.committed(commit(shard, 20))
    progress.close()
    assert capsys.readouterr().err == "40 of 100 records, 2.0 a second, 30 s left\n"


def test_verify_finds_all_whole_and_needs_no_input(backfill):
    write(backfill.folder, *map(row, range(5)))
    assert backfill("--shard-rows", 2)[0] == 0
    (backfill.folder / "archive.jsonl").unlink()
    assert backfill("--verify") == (0, "3 shards are whole, 0 are not\n")


@pytest.mark.parametrize("kind", ["jsonl", "parquet"])
def test_verify_names_what_is_damaged_and_the_next_call_does_it_again(backfill, kind):
    write(backfill.folder, *map(row, range(5)))
    assert backfill("--shard-rows", 2, "--format", kind)[0] == 0
    files = sorted((backfill.folder / "out" / "rows").iterdir())
    before = [file.read_bytes() for file in files]
    files[0].unlink()
    files[2].write_bytes(before[2][:-1])
    code, said = backfill("--verify")
    assert code == 6
    assert "damaged or gone: shard 0 of generation 0" in said
    assert "damaged or gone: shard 2 of generation 0" in said
    assert "1 shards are whole, 2 are not" in said
    assert backfill("--shard-rows", 2, "--format", kind)[0] == 0
    assert [file.read_bytes() for file in files] == before
    assert backfill("--verify")[0] == 0


def test_verify_of_a_part_leaves_the_other_parts_alone(backfill):
    write(backfill.folder, *map(row, range(4)))
    assert backfill("--shard-rows", 1)[0] == 0
    for file in (backfill.folder / "out" / "rows").iterdir():
        file.write_bytes(b"")
    code, said = backfill("--verify", "--parts", 2, "--part", 1)
    assert code == 6
    assert "0 shards are whole, 2 are not" in said
    commits = [file.name for file in (backfill.folder / "out" / "commits").iterdir()]
    assert sorted(commits) == ["00-000000.json", "00-000002.json"]


def test_verify_where_nothing_was_begun_says_so(backfill):
    code, said = backfill("--verify")
    assert code == 2
    assert "no backfill was begun" in said


@pytest.mark.parametrize("other", ["--plan", "--dry-run", "--only-missing", "--retry-failed"])
def test_verify_is_a_run_of_its_own(backfill, other):
    code, said = backfill("--verify", other)
    assert code == 2
    assert "--verify is a run of its own" in said


def test_a_mistyped_field_is_refused_before_anything_is_written(backfill):
    write(backfill.folder, *map(row, range(3)))
    code, said = backfill("--headline", "titel")
    assert code == 2
    assert "of 3 records looked at none has 'titel' (--headline)" in said
    assert "their fields are 'id', 'headline', 'body'" in said
    assert not (backfill.folder / "out").exists()
    assert backfill("--dry-run", "--body", "txet")[0] == 2
    assert backfill()[0] == 0


def test_an_archive_without_headlines_is_briefed_and_told(backfill):
    write(backfill.folder, {"id": 1, "body": BODY, "title": "Tram line opens"})
    code, said = backfill()
    assert code == 0
    assert "note: of 1 records looked at none has 'headline'" in said
    assert written(backfill.folder)["1"]["brief"]["headline"] is None


def test_a_filter_that_takes_nothing_is_told(backfill):
    write(backfill.folder, *map(row, range(3)))
    code, said = backfill("--where", "section=sprot")
    assert code == 0
    assert "note: no record is taken, 3 are left out" in said


@pytest.mark.parametrize("cost", ["nan", "inf", "-1"])
def test_a_cost_that_is_no_number_is_refused(backfill, cost):
    write(backfill.folder, row(1))
    assert backfill("--dry-run", "--hourly-cost", cost)[0] == 2
