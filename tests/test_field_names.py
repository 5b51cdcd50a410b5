"""A name that no record has is refused before a run, with the names that are there."""

import datetime
import json

import pytest

from newsbrief.errors import InputError
from newsbrief.field_names import LOOKED_AT, check_fields
from newsbrief.inputs import find_files
from newsbrief.rows import Fields, Filters

ROW = {"uid": 1, "title": "Ferry returns", "text": "The ferry is back.", "meta": {"lang": "en"}}
NAMED = Fields(headline="title", body="text", id="uid")


@pytest.fixture
def check(tmp_path):
    """Checks fields against an archive of JSON lines."""

    def checked(*rows, fields=NAMED, filters=None):
        file = tmp_path / "archive.jsonl"
        lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
        file.write_text("".join(f"{line}\n" for line in lines))
        return check_fields(find_files(str(file)), fields, filters or Filters())

    return checked


def refusal(check, *rows, **given) -> InputError:
    with pytest.raises(InputError) as caught:
        check(*rows, **given)
    return caught.value


def test_names_that_are_there_are_taken(check):
    assert check(ROW) is None
    assert check(ROW, fields=Fields("title", "text", id="uid", language="meta.lang")) is None


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        (Fields("titel", "text", id="uid"), "headline", "'titel' (--headline)"),
        (Fields("title", "txt", id="uid"), "body", "'txt' (--body)"),
        (Fields("title", "text", "markup", id="uid"), "body_html", "'markup' (--body-html)"),
        (Fields("title", "text", id="uuid"), "id", "'uuid' (--id)"),
        (Fields("title", "meta.text", id="uid"), "body", "'meta.text' (--body)"),
    ],
)
def test_a_name_that_no_record_has_is_refused_with_those_that_are_there(check, fields, field, said):
    error = refusal(check, ROW, ROW, fields=fields)
    assert error.field == field
    assert said in error.message
    assert error.message.startswith("of 2 records looked at none has ")
    assert "their fields are 'uid', 'title', 'text', 'meta'" in error.message
    assert "Ferry" not in error.message


def test_without_names_a_record_needs_an_id_and_a_body(check):
    assert "'#' takes a record's place" in refusal(check, ROW, fields=Fields()).message
    error = refusal(check, ROW, fields=Fields(id="#"))
    assert error.field == "body"
    assert "'body' (--body) or 'body_html' (--body-html)" in error.message
    assert check({"body_html": "<p>x</p>", "headline": "x"}, fields=Fields(id="#")) is None


def test_a_date_or_a_language_that_later_records_may_have_is_told(check):
    since = Filters(since=datetime.date(2026, 1, 1))
    assert "none has 'date' (--date); their fields" in (check(ROW, filters=since) or "")
    assert check({**ROW, "date": None}, filters=since) is None
    assert check(ROW, fields=Fields("title", "text", id="uid", date="when")) is None
    told = check(ROW, fields=Fields("title", "text", id="uid", language="meta.tongue"))
    assert "none has 'meta.tongue' (--language)" in (told or "")


def test_one_record_that_has_the_field_is_enough_be_it_null(check):
    assert check({"uid": 2, "text": "No headline."}, "not json", {**ROW, "title": None}) is None


def test_headlines_that_are_nowhere_are_told_and_no_fault(check):
    note = check({"uid": 1, "text": "x"}, fields=Fields(body="text", id="uid"))
    assert note is not None
    assert "none has 'headline' (--headline); their fields are 'uid', 'text'" in note


def test_of_many_files_some_are_looked_at_from_the_first_to_the_last(tmp_path):
    for number in range(45):
        row = ROW if number == 42 else {"uid": number, "text": "x"}
        (tmp_path / f"{number:02}.jsonl").write_text(json.dumps(row) + "\n")
    assert check_fields(find_files(str(tmp_path)), NAMED) is None


def test_an_archive_that_can_not_be_read_is_left_to_the_run(check):
    assert check() is None
    assert check("not json", "[]") is None


def test_a_headline_that_only_later_records_have_is_found_before_anything_is_refused(check):
    late = [{"uid": 1, "text": "x"}] * LOOKED_AT
    assert check(*late, ROW) is None
    assert refusal(check, *late).message.startswith(f"of {LOOKED_AT} records looked at")


def test_there_is_an_end_to_what_is_looked_at(check, monkeypatch):
    monkeypatch.setattr("newsbrief.field_names.FARTHEST", 300)
    late = [{"uid": 1, "text": "x"}] * 300
    assert refusal(check, *late, ROW).message.startswith("of 300 records looked at")
    assert check(*late[1:], ROW) is None


def test_what_is_only_told_is_not_looked_for_any_farther(check):
    late = [{"uid": 1, "text": "x"}] * LOOKED_AT
    note = check(*late, {**late[0], "headline": "x"}, fields=Fields(body="text", id="uid"))
    assert note is not None
    assert note.startswith(f"of {LOOKED_AT} records looked at none has 'headline'")


def test_many_and_long_names_are_cut(check):
    error = refusal(check, {f"{number:02d}" + "x" * 100: 1 for number in range(30)})
    assert error.message.endswith("and 10 more; '#' takes a record's place as its id")
    assert "'00" + "x" * 38 + "'" in error.message
