"""A record of an archive -> a row that can be briefed, or the reason why not."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from newsbrief.article import Article
from newsbrief.cleaning import MAX_CHARS, clean_html, clean_text
from newsbrief.errors import InputError, TooLargeError
from newsbrief.records import Record

PLACE = "#"  # as the name of the id's field: take the record's place as its id
MAX_ID_CHARS = 500
DEFAULT_LANGUAGE = "en"

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Fields:
    """What the archive calls each field; a dot reaches into an object (`meta.uid`).

    A field whose own name has that dot goes first. `id` may be `PLACE`.
    """

    headline: str = "headline"
    body: str = "body"
    body_html: str = "body_html"
    id: str = "id"
    date: str = "date"
    language: str = "language"


@dataclass(frozen=True, slots=True)
class Filters:
    """Which records to take: of `since` (a date in UTC) or later, and with every `where` pair.

    A pair is a field and its value as text: numbers as JSON writes them, `true` and `false`, and
    nothing at all for a field that is null or missing. Of a list, one entry must be equal.
    """

    since: datetime.date | None = None
    where: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """An article ready to be briefed, and the record it was made from."""

    id: str
    place: str
    article: Article
    raw: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Failure:
    """A record that has no brief.

    `reason` is stable and machine-readable: a problem of `Record`, or `duplicate`, `too-large`,
    or else the field at fault (`id`, `body`, `headline`, `date`, `source_language`). `message` is
    for people and holds none of the article's text. `raw` is the record, None if unreadable.
    """

    id: str | None
    place: str
    reason: str
    message: str
    raw: Any | None


# What a worker gives for a row: the brief as the API sends it, or why there is none.
Answer = dict[str, Any] | Failure


def read_row(record: Record, fields: Fields, *, max_chars: int = MAX_CHARS) -> Row | Failure:
    """The article of a record, cleaned. A body that is not blank wins over HTML.

    Of a language such as `en-US` the first part is taken; without one it is English.
    """
    if record.raw is None:
        return _unreadable(record)
    identity: str | None = None
    try:
        identity = _id(record.place, record.raw, fields)
        article = _article(record.raw, fields, max_chars)
    except InputError as error:
        message = f"{_named(error.field, fields)}: {error.message}"
        return Failure(identity, record.place, failure_reason(error), message, record.raw)
    return Row(identity, record.place, article, record.raw)


def row_id(record: Record, fields: Fields) -> str | None:
    """The id, None where it has none that can be used. A whole number is its digits: 42 is "42"."""
    if record.raw is None:
        return None
    try:
        return _id(record.place, record.raw, fields)
    except InputError:
        return None


def passes(record: Record, fields: Fields, filters: Filters) -> bool | Failure:
    """Whether a record is to be taken. A record that can't be read is: it fails later.

    Under `since`, a record whose date is not ISO 8601 is a failure. A time without a zone is UTC.
    """
    if record.raw is None:
        return True
    for field, value in filters.where:
        if not _equals(_find(record.raw, field), value):
            return False
    if filters.since is None:
        return True
    try:
        return _date(record.raw, fields.date) >= filters.since
    except InputError as error:
        message = f"{fields.date}: {error.message}"
        return Failure(row_id(record, fields), record.place, "date", message, record.raw)


def holds(raw: Mapping[str, Any], name: str) -> bool:
    """Whether a record has a field of this name (see `Fields`), be it null or empty."""
    if name in raw or "." not in name:
        return name in raw
    *steps, last = name.split(".")
    found = _find(raw, ".".join(steps))
    return isinstance(found, Mapping) and last in found


def failure_reason(error: InputError) -> str:
    """The reason code of an article that cleaning or planning refused."""
    return "too-large" if isinstance(error, TooLargeError) else error.field


def _unreadable(record: Record) -> Failure:
    reason, message = record.problem or ("invalid-json", "can't be read")
    return Failure(None, record.place, reason, message, None)


def _find(raw: Mapping[str, Any], name: str) -> Any:
    if name in raw or "." not in name:
        return raw.get(name)
    found: Any = raw
    for step in name.split("."):
        if not isinstance(found, Mapping):
            return None
        found = found.get(step)
    return found


def _id(place: str, raw: Mapping[str, Any], fields: Fields) -> str:
    if fields.id == PLACE:
        return place
    value = _find(raw, fields.id)
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # what tables make of a column of numbers with gaps
    elif isinstance(value, Decimal) and value == value.to_integral_value():
        value = int(value)  # and of whole numbers of many digits
    elif isinstance(value, UUID):
        value = str(value)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if value is None:
        raise InputError("id", "is missing")
    if not isinstance(value, str):
        raise InputError("id", f"must be text or a whole number, not {_kind(value)}")
    if not value.strip():
        raise InputError("id", "is empty")
    if len(value) > MAX_ID_CHARS:
        raise InputError(
            "id", f"{len(value)} characters; at most {MAX_ID_CHARS}", limit=MAX_ID_CHARS
        )
    if _SURROGATE.search(value):
        raise InputError("id", "holds a lone surrogate")
    return value


def _article(raw: Mapping[str, Any], fields: Fields, max_chars: int) -> Article:
    headline = _text(raw, fields.headline, "headline")
    body = _text(raw, fields.body, "body")
    html = _text(raw, fields.body_html, "body_html")
    language = (_text(raw, fields.language, "source_language") or DEFAULT_LANGUAGE).strip()
    language = re.split("[-_]", language.lower(), maxsplit=1)[0]
    if body is None and html is None:
        present = _find(raw, fields.body) is not None or _find(raw, fields.body_html) is not None
        both = f"; so is {fields.body_html}"
        raise InputError("body", ("is empty" if present else "is missing") + both)
    if body is not None:
        return clean_text(body, headline=headline, source_language=language, max_chars=max_chars)
    return clean_html(html or "", headline=headline, source_language=language, max_chars=max_chars)


def _text(raw: Mapping[str, Any], name: str, field: str) -> str | None:
    """The text of a field; None where it is missing, null or blank. Raises `InputError`."""
    value = _find(raw, name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise InputError(field, f"must be text, not {_kind(value)}")
    return value if value.strip() else None


def _date(raw: Mapping[str, Any], name: str) -> datetime.date:
    """The day in UTC. Raises `InputError`."""
    value = _find(raw, name)
    if value is None:
        raise InputError("date", "is missing")
    if isinstance(value, str):
        try:
            value = datetime.datetime.fromisoformat(value.strip())
        except ValueError:
            raise InputError("date", "is not an ISO 8601 date") from None
    if isinstance(value, datetime.datetime):
        if value.tzinfo is None:
            return value.date()
        try:
            return value.astimezone(datetime.UTC).date()
        except OverflowError:
            raise InputError("date", "is beyond the calendar") from None
    if isinstance(value, datetime.date):
        return value
    raise InputError("date", f"must be an ISO 8601 date, not {_kind(value)}")


def _equals(value: Any, wanted: str) -> bool:
    if isinstance(value, list):
        return any(_equals(entry, wanted) for entry in value)
    if value is None:
        return not wanted
    if isinstance(value, bool):
        return wanted == ("true" if value else "false")
    return str(value) == wanted


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "text"
    if isinstance(value, list | tuple):
        return "a list"
    return "an object" if isinstance(value, Mapping) else type(value).__name__


def _named(field: str, fields: Fields) -> str:
    """What the archive calls the field at fault."""
    ours = {"source_language": "language"}.get(field, field)
    return str(getattr(fields, ours, field))
