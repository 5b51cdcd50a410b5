"""Records become rows or failures with a reason; nothing an archive holds stops a run."""

import datetime
import math
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbrief.records import Record
from newsbrief.rows import Failure, Fields, Filters, Row, passes, read_row, row_id

BODY = "The harbour of Lindmouth opened a second quay on Monday. It cost four million crowns."


def record(**raw: object) -> Record:
    return Record("a.jsonl#3", 3, 120, raw)


def failure(fields: Fields, max_chars: int = 200_000, /, **raw: object) -> Failure:
    found = read_row(record(**raw), fields, max_chars=max_chars)
    assert isinstance(found, Failure)
    assert found.place == "a.jsonl#3"
    assert found.raw == raw
    return found


def test_a_record_becomes_a_cleaned_article():
    raw = {
        "id": "x-1",
        "headline": " A quay  opens ",
        "body": BODY + "\r\n\r\nAnd more of it came.",
    }
    row = read_row(record(**raw), Fields())
    assert isinstance(row, Row)
    assert (row.id, row.place, row.raw) == ("x-1", "a.jsonl#3", raw)
    assert row.article.headline == "A quay opens"
    assert row.article.paragraphs == (BODY, "And more of it came.")
    assert row.article.source_language == "en"


def test_fields_have_the_names_of_the_archive_and_reach_into_objects():
    fields = Fields(headline="head.text", body="text", id="meta.uid", language="meta.lang")
    raw = {"head": {"text": "A quay opens"}, "text": BODY, "meta": {"uid": 7, "lang": "en-GB"}}
    row = read_row(record(**raw), fields)
    assert (row.id, row.article.headline, row.article.source_language) == (
        "7",
        "A quay opens",
        "en",
    )


def test_a_field_whose_own_name_has_a_dot_goes_first():
    fields = Fields(id="meta.uid")
    assert row_id(record(**{"meta.uid": "flat", "meta": {"uid": "deep"}}), fields) == "flat"
    assert row_id(record(meta="text"), fields) is None
    assert row_id(record(meta={"uid": "deep"}), fields) == "deep"


@pytest.mark.parametrize(
    ("raw", "body"),
    [
        ({"body": BODY, "body_html": "<p>Other words stand here.</p>"}, BODY),
        ({"body": " \n", "body_html": f"<p>{BODY}</p>"}, BODY),
        ({"body": None, "body_html": f"<p>{BODY}</p>"}, BODY),
    ],
)
def test_a_body_that_is_not_blank_wins_over_html(raw, body):
    assert read_row(record(id="1", **raw), Fields()).article.body == body


@pytest.mark.parametrize(
    ("value", "identity"),
    [
        ("42", "42"),
        (42, "42"),
        (42.0, "42"),
        (Decimal("42.00"), "42"),
        (Decimal("9" * 38), "9" * 38),
        (Decimal("4.2"), None),
        (UUID(int=42), "00000000-0000-0000-0000-00000000002a"),
        (-1, "-1"),
        (" a b ", " a b "),
        (True, None),
        (4.2, None),
        (math.inf, None),
        (None, None),
        ("", None),
        (" \t", None),
        (["42"], None),
        ({"a": 1}, None),
        ("x" * 500, "x" * 500),
        ("x" * 501, None),
        ("\ud800", None),
    ],
)
def test_ids_are_text_or_whole_numbers(value, identity):
    assert row_id(record(id=value), Fields()) == identity
    found = read_row(record(id=value, body=BODY), Fields())
    if identity is None:
        assert (found.id, found.reason) == (None, "id")
        assert found.message.startswith("id: ")
    else:
        assert found.id == identity


def test_the_place_can_be_the_id():
    assert row_id(record(body=BODY), Fields(id="#")) == "a.jsonl#3"
    assert read_row(record(body=BODY), Fields(id="#")).id == "a.jsonl#3"


@pytest.mark.parametrize(
    ("raw", "reason", "message"),
    [
        ({}, "body", "text: is missing; so is html"),
        ({"text": None}, "body", "text: is missing; so is html"),
        ({"text": ""}, "body", "text: is empty; so is html"),
        ({"text": "\n\t"}, "body", "text: is empty; so is html"),
        ({"text": 5}, "body", "text: must be text, not a number"),
        ({"text": True}, "body", "text: must be text, not true or false"),
        ({"text": ["a"]}, "body", "text: must be text, not a list"),
        ({"text": {"a": 1}}, "body", "text: must be text, not an object"),
        ({"html": 5}, "body_html", "html: must be text, not a number"),
        ({"html": "<p></p>"}, "body_html", "html: "),
        ({"text": "Two words"}, "body", "text: too short for a brief"),
        ({"text": "a\0b c d"}, "body", "text: holds a NUL character"),
        ({"text": "a \ud800 b c"}, "body", "text: holds a lone surrogate"),
        ({"text": "x" * 300}, "body", "text: holds 300 characters without a space"),
        ({"text": BODY, "title": 5}, "headline", "title: must be text, not a number"),
        ({"text": BODY, "title": "t " * 300}, "too-large", "title: 600 characters; at most 500"),
        ({"text": BODY, "lang": 5}, "source_language", "lang: must be text, not a number"),
        ({"text": BODY, "lang": "english"}, "source_language", "lang: must be a language code"),
        ({"text": "word " * 300}, "too-large", "text: 1500 characters; at most 1000"),
    ],
)
def test_what_is_wrong_is_named_as_the_archive_names_it(raw, reason, message):
    fields = Fields(headline="title", body="text", body_html="html", language="lang")
    found = failure(fields, 1000, id="1", **raw)
    assert found.id == "1"
    assert found.reason == reason
    assert found.message.startswith(message)


@pytest.mark.parametrize("value", [None, "", " "])
def test_a_blank_headline_or_language_is_none_at_all(value):
    row = read_row(record(id="1", body=BODY, headline=value, language=value), Fields())
    assert (row.article.headline, row.article.source_language) == (None, "en")


@pytest.mark.parametrize("language", ["ko", "KO", " ko ", "ko-KR", "ko_KR"])
def test_of_a_locale_the_language_is_taken(language):
    row = read_row(record(id="1", body=BODY, language=language), Fields())
    assert row.article.source_language == "ko"


def test_a_record_that_could_not_be_read_keeps_its_problem():
    unreadable = Record("a.jsonl#3", 3, 120, None, ("invalid-json", "is not JSON"))
    assert read_row(unreadable, Fields()) == Failure(
        None, "a.jsonl#3", "invalid-json", "is not JSON", None
    )
    assert row_id(unreadable, Fields()) is None
    assert passes(unreadable, Fields(), Filters(where=(("section", "sport"),))) is True


def test_a_reason_and_message_hold_none_of_the_text():
    found = failure(Fields(), id="1", body="Lindmouth \ud800" + BODY)
    assert "Lindmouth" not in found.message
    assert "Lindmouth" not in found.reason


SINCE = Filters(since=datetime.date(2024, 5, 1))


@pytest.mark.parametrize(
    ("value", "taken"),
    [
        ("2024-05-01", True),
        ("2024-04-30", False),
        ("2024-05-01T00:00:00Z", True),
        ("2024-05-01T00:30:00+02:00", False),
        ("2024-04-30T23:30:00-01:00", True),
        ("2024-04-30 23:59:59", False),
        ("20240501T000000", True),
        (" 2024-05-02 ", True),
        (datetime.date(2024, 5, 1), True),
        (datetime.datetime(2024, 4, 30, 23, tzinfo=datetime.UTC), False),
    ],
)
def test_dates_are_compared_in_utc(value, taken):
    assert passes(record(date=value), Fields(), SINCE) is taken


@pytest.mark.parametrize(
    "value", [None, "", "May 1, 2024", 1714521600, ["2024-05-01"], "0001-01-01T00:00:00+14:00"]
)
def test_a_date_that_cannot_be_read_is_a_failure_not_a_silent_loss(value):
    found = passes(record(id="1", published=value), Fields(date="published"), SINCE)
    assert isinstance(found, Failure)
    assert (found.id, found.reason, found.message[:11]) == ("1", "date", "published: ")


def test_without_since_no_date_is_read():
    assert passes(record(date="nonsense"), Fields(), Filters()) is True


@pytest.mark.parametrize(
    ("raw", "wanted", "taken"),
    [
        ({"section": "sport"}, "sport", True),
        ({"section": "sports"}, "sport", False),
        ({"section": 7}, "7", True),
        ({"section": True}, "true", True),
        ({"section": False}, "False", False),
        ({"section": None}, "", True),
        ({}, "", True),
        ({}, "sport", False),
        ({"section": ["city", "sport"]}, "sport", True),
        ({"section": ["city"]}, "sport", False),
    ],
)
def test_where_compares_values_as_json_writes_them(raw, wanted, taken):
    assert passes(record(**raw), Fields(), Filters(where=(("section", wanted),))) is taken


def test_every_filter_must_pass_and_where_goes_before_dates():
    filters = Filters(SINCE.since, (("a", "1"), ("b.c", "2")))
    assert passes(record(a=1, b={"c": 2}, date="2024-06-01"), Fields(), filters) is True
    assert passes(record(a=1, b={"c": 3}, date="2024-06-01"), Fields(), filters) is False
    assert passes(record(a=2, b={"c": 2}, date="nonsense"), Fields(), filters) is False


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.dictionaries(
        st.sampled_from(["id", "headline", "body", "body_html", "date", "language", "meta"]), JSON
    )
)
def test_no_record_raises(raw):
    found = read_row(Record("a#1", 1, 0, raw), Fields(id="meta.id", headline="meta"), max_chars=100)
    assert isinstance(found, Row | Failure)
    found = read_row(Record("a#1", 1, 0, raw), Fields(), max_chars=100)
    assert isinstance(found, Row) or found.reason
    assert isinstance(passes(Record("a#1", 1, 0, raw), Fields(), SINCE), bool | Failure)
