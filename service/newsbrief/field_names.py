"""Whether an archive has the fields that a call names: a mistyped name is found before a run."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice

from newsbrief.errors import InputError
from newsbrief.inputs import InputFile
from newsbrief.planned import EVERYTHING
from newsbrief.records import read_records
from newsbrief.rows import PLACE, Fields, Filters, holds

LOOKED_AT = 200  # records, the first of each file
FARTHEST = 20_000  # where those lack a field that is needed
FILES = 20  # of all, evenly spread
MOST_NAMES = 20  # of the records' own that a message lists
MOST_NAME_CHARS = 40
USUAL = Fields()


class _Look:
    """What so many records of some files have: options whose fields are there, and their names."""

    def __init__(self, files: Sequence[InputFile], fields: Fields, most: int) -> None:
        some = files[:: -(-len(files) // FILES)]
        each = most // max(1, len(some))
        self.records = 0
        self.names: dict[str, None] = {}
        self._absent = {"id", "headline", "body", "body_html", "date", "language"}
        for record in (record for file in some for record in islice(read_records(file), each)):
            if record.raw is not None:
                self.records += 1
                self.names |= dict.fromkeys(str(name)[:MOST_NAME_CHARS] for name in record.raw)
                self._absent -= {
                    option for option in self._absent if holds(record.raw, getattr(fields, option))
                }

    def lacking(self, options: Iterable[str]) -> list[str]:
        """Those of the options whose field no record has."""
        return [option for option in options if option in self._absent]

    @property
    def bodiless(self) -> bool:
        """Whether no record has a body of either kind."""
        return {"body", "body_html"} <= self._absent


def check_fields(
    files: Sequence[InputFile], fields: Fields, filters: Filters = EVERYTHING
) -> str | None:
    """Looks for every field in some records of some files; what to tell people, if anything.

    Raises `InputError` where none of them has the id, a body, or a headline that is not called by
    its usual name: nearly every record would fail, or lack it. Before that many more are looked at.
    A headline, date or language that none has may stand in later records, so that is told and no
    fault. What `read_records` raises passes.
    """
    needed = list(_needed(fields))
    look = _Look(files, fields, LOOKED_AT)
    if look.lacking(needed) or look.bodiless:
        look = _Look(files, fields, FARTHEST)
    if not look.records:
        return None
    said = f"of {look.records:,} records looked at none has"
    theirs = f"their fields are {_names(look.names)}"
    for option in look.lacking(needed):
        name = getattr(fields, option)
        hint = "; '#' takes a record's place as its id" if option == "id" else ""
        message = f"{said} {name!r} (--{option.replace('_', '-')}); {theirs}{hint}"
        raise InputError(option, message)
    if look.bodiless:
        both = f"{fields.body!r} (--body) or {fields.body_html!r} (--body-html)"
        raise InputError("body", f"{said} {both}; {theirs}")
    told = look.lacking(_told(fields, filters))
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


def _names(names: Collection[str]) -> str:
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return ", ".join(map(repr, islice(names, MOST_NAMES))) + more
