"""Packs as people and programs read them: a table, a card, plain data."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from newsbrief.pack import ArchiveSource, HubSource, Model, OwnSource, Pack, Quality
from newsbrief.units import in_units

WIDTH = 96
INDENT = 18
COLUMNS = ("NAME", "VERSION", "STATE", "HIGHLIGHTS", "TRANSLATES", "COMMERCIAL USE", "SIZE")
FREE = "yes"
NOTED = "yes, see note"
LIMITED = "no"
LIMITED_NOTE = " (no commercial use)"


def as_data(pack: Pack, *, whole: bool = False) -> dict[str, Any]:
    """The pack as JSON has it: a summary, or with `whole` description and lock as well."""
    description = pack.description
    data: dict[str, Any] = {
        "name": description.name,
        "version": description.version,
        "installed": pack.installed,
        "folder": str(pack.folder),
        "description": description.description,
        "source_languages": list(description.source_languages),
        "targets": _targets(pack),
        "highlights": description.highlights.method,
        "commercial_use": _commercial(pack),
        "licences": sorted({model.licence for model in description.models.values()}),
        "licence_notes": _notes(pack),
        "draft": any(model.draft for model in description.models.values()),
        "bytes": pack.bytes if pack.installed else None,
    }
    if whole:
        data["pack"] = description.model_dump(mode="json")
        data["lock"] = pack.lock.model_dump(mode="json") if pack.lock else None
    return data


def as_table(packs: Sequence[Pack]) -> str:
    """One line a pack, in aligned columns."""
    rows = [COLUMNS, *(_row(pack) for pack in packs)]
    widths = [max(len(row[index]) for row in rows) for index in range(len(COLUMNS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def as_card(pack: Pack) -> str:
    """Everything about one pack, over several lines."""
    return "\n".join(_card(pack))


def _row(pack: Pack) -> tuple[str, ...]:
    description = pack.description
    return (
        description.name,
        description.version,
        "installed" if pack.installed else "not installed",
        description.highlights.method,
        ", ".join(_targets(pack)) or "-",
        _use(pack),
        in_units(pack.bytes) if pack.installed else "-",
    )


def _card(pack: Pack) -> Iterator[str]:
    description = pack.description
    yield f"{pack.name}"
    yield from textwrap.wrap(description.description, WIDTH)
    yield ""
    size = f", {in_units(pack.bytes)}" if pack.installed else ""
    yield from _field("State", f"{'installed' if pack.installed else 'not installed'}{size}")
    yield from _field("Folder", str(pack.folder))
    languages = ", ".join(description.source_languages)
    yield from _field("Translates", f"{languages} to {', '.join(_targets(pack)) or 'nothing'}")
    model = description.highlights.model
    by = f", by {model}" if model else ", without a model"
    yield from _field("Highlights", f"{description.highlights.method}{by}")
    yield from _field("Commercial use", _use(pack))
    if pack.lock:
        tools = ", ".join(f"{tool} {version}" for tool, version in pack.lock.tools.items())
        yield from _field("Pulled", f"{pack.lock.date} with {tools}")
        for accepted in pack.lock.accepted:
            yield from _field("Accepted", f"{accepted.licence} for {accepted.model}")
    for slug, each in description.models.items():
        yield from _model(pack, slug, each)
    if description.quality:
        yield ""
        yield "Quality"
        yield from _figures(description.quality)


def _model(pack: Pack, slug: str, model: Model) -> Iterator[str]:
    yield ""
    yield f"Model {slug}" + (" (draft: not good enough to publish from)" if model.draft else "")
    yield from _field("Family", f"{model.family}, served in {model.quantization}")
    yield from _field("Licence", model.licence + ("" if model.commercial_use else LIMITED_NOTE))
    if model.licence_note:
        yield from _field("Licence note", model.licence_note)
    yield from _field("Attribution", model.attribution)
    for line in _source(model):
        yield from _field("Source", line)
    files = pack.files[slug]
    if pack.installed and files:
        size = in_units(sum(file.bytes for file in files))
        yield from _field("Files", f"{len(files)} in {model.folder}/, {size}")


def _source(model: Model) -> tuple[str, ...]:
    match model.source:
        case HubSource(repository=repository, revision=revision):
            return (f"hub repository {repository}", f"commit {revision}")
        case ArchiveSource(url=url, sha256=sha256):
            return (url, f"SHA-256 {sha256}")
        case OwnSource(recipe=recipe):
            return (f"trained by this project: {recipe}",)


def _figures(figures: Sequence[Quality]) -> Iterator[str]:
    """The figures in aligned columns, each under the line that says where it is from."""
    rows = {
        figure: (figure.languages, figure.test_set, figure.metric, str(figure.value))
        for figure in figures
    }
    widths = [max(len(row[index]) for row in rows.values()) for index in range(4)]
    for origin in dict.fromkeys(_origin(figure) for figure in figures):
        yield f"  {origin}"
        for figure, row in rows.items():
            if _origin(figure) == origin:
                cells = (cell.ljust(width) for cell, width in zip(row[:3], widths, strict=False))
                yield "    " + "  ".join((*cells, row[3].rjust(widths[3])))


def _origin(figure: Quality) -> str:
    if figure.origin == "measured":
        return f"measured on {figure.date} by: {figure.command}"
    return f"published, not measured by us: {figure.reference}"


def _field(name: str, text: str) -> Iterator[str]:
    """`  Name     text`, the text wrapped; an address or checksum is never broken."""
    lines = textwrap.wrap(text, WIDTH - INDENT, break_long_words=False, break_on_hyphens=False)
    for index, line in enumerate(lines):
        yield f"  {'' if index else name:<{INDENT - 2}}{line}"


def _targets(pack: Pack) -> list[str]:
    return sorted({direction.target for direction in pack.description.directions})


def _commercial(pack: Pack) -> bool:
    return all(model.commercial_use for model in pack.description.models.values())


def _use(pack: Pack) -> str:
    if not _commercial(pack):
        return LIMITED
    return NOTED if _notes(pack) else FREE


def _notes(pack: Pack) -> list[str]:
    return [model.licence_note for model in pack.description.models.values() if model.licence_note]
