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

LOOKED_AT = 200  # records, the first of each file
FILES = 20  # of all, evenly spread
MOST_NAMES = 20  # of the records' own that a message lists
MOST_NAME_CHARS = 40
USUAL = Fields()


def check_fields(
    files: Sequence[InputFile], fields: Fields, filters: Filters = EVERYTHING
) -> str | None:
    """Looks for every field in some records of some files; what to tell people, if anything.

    Raises `InputError` where none of them has the id, a body, or a headline that is not called by
    its usual name: nearly every record would fail, or lack it. A headline, date or language that
    none has may stand in later records, so that is told and no fault. What `read_records` raises
    passes.
    """
    some = files[:: -(-len(files) // FILES)]
    each = LOOKED_AT // max(1, len(some))
    records = (record for file in some for record in islice(read_records(file), each))
    raws = [record.raw for record in records if record.raw is not None]
    if not raws:
        return None

    def absent(option: str) -> bool:
        return not any(holds(raw, getattr(fields, option)) for raw in raws)

    said = f"of {len(raws)} records looked at none has"
    theirs = f"their fields are {_names(raws)}"
    for option in _needed(fields):
        if absent(option):
            name = getattr(fields, option)
            hint = "; '#' takes a record's place as its id" if option == "id" else ""
            message = f"{said} {name!r} (--{option.replace('_', '-')}); {theirs}{hint}"
            raise InputError(option, message)
    if absent("body") and absent("body_html"):
        both = f"{fields.body!r} (--body) or {fields.body_html!r} (--body-html)"
        raise InputError("body", f"{said} {both}; {theirs}")
    told = [option for option in _told(fields, filters) if absent(option)]
    names = " nor ".join(f"{getattr(fields, option)!r} (--{option})" for option in told)
    return f"{said} {names}; {theirs}" if told else None


def _needed(fields: Fields) -> Iterator[str]:
    """The fields that some record must have, as options."""
    if fields.id != PLACE:
        yield "id"
    for option in ("headline", "body", "body_html"):
        if getattr(fields, option) != getattr(USUAL, option):
            yield option


def _told(fields: Fields, filters: Filters) -> Iterator[str]:
    """The fields that are told of where no record has them."""
    yield "headline"
    if fields.language != USUAL.language:
        yield "language"
    if filters.since is not None:
        yield "date"


def _names(raws: Sequence[Mapping[str, Any]]) -> str:
    names = list(dict.fromkeys(str(name)[:MOST_NAME_CHARS] for raw in raws for name in raw))
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return ", ".join(map(repr, names[:MOST_NAMES])) + more
