"""Whether an archive has the fields that a call names: a mistyped name is found before a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from newsbrief.errors import InputError
from newsbrief.inputs import InputFile
from newsbrief.planned import EVERYTHING
from newsbrief.records import read_records
from newsbrief.rows import PLACE, Fields, Filters, holds

LOOKED_AT = 200  # records, from the first on
MOST_NAMES = 20  # of the records' own that a message lists
MOST_NAME_CHARS = 40
USUAL = Fields()


def check_fields(
    files: Sequence[InputFile], fields: Fields, filters: Filters = EVERYTHING
) -> str | None:
    """Looks for every field in the first LOOKED_AT records; what to tell about the headline.

    Raises `InputError` where none of them has the id, a body, the date that `since` needs, or a
    field that is not called by its usual name, since every record would fail for it, or lack it.
    Articles without a headline are no fault, so where the usual name is not there either, that is
    a line for people. What `read_records` raises passes.
    """
    every = (record.raw for file in files for record in read_records(file))
    raws = [raw for raw in islice(every, LOOKED_AT) if raw is not None]
    if not raws:
        return None

    def absent(option: str) -> bool:
        return not any(holds(raw, getattr(fields, option)) for raw in raws)

    said = f"of the first {len(raws)} records none has"
    theirs = f"their fields are {_names(raws)}"
    for option in _needed(fields, filters):
        if absent(option):
            name = getattr(fields, option)
            hint = "; '#' takes a record's place as its id" if option == "id" else ""
            message = f"{said} {name!r} (--{option.replace('_', '-')}); {theirs}{hint}"
            raise InputError(option, message)
    if absent("body") and absent("body_html"):
        both = f"{fields.body!r} (--body) or {fields.body_html!r} (--body-html)"
        raise InputError("body", f"{said} {both}; {theirs}")
    if absent("headline"):
        return f"{said} {fields.headline!r}: if they have headlines, name the field with --headline"
    return None


def _needed(fields: Fields, filters: Filters) -> Iterator[str]:
    """The fields that some record must have, as options."""
    if fields.id != PLACE:
        yield "id"
    for option in ("headline", "body", "body_html", "language"):
        if getattr(fields, option) != getattr(USUAL, option):
            yield option
    if filters.since is not None:
        yield "date"


def _names(raws: Sequence[Mapping[str, Any]]) -> str:
    names = list(dict.fromkeys(str(name)[:MOST_NAME_CHARS] for raw in raws for name in raw))
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return ", ".join(map(repr, names[:MOST_NAMES])) + more
