"""Reads parallel text (JSON lines, authored sets, TSV, TMX) as pairs of one shape."""

import csv
import json
import lzma
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from defusedxml import ElementTree

LANGUAGES = ("ko", "ru", "uk")
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True)
class Pair:
    """One English sentence and its translation; `synthetic` marks machine output."""

    source: str
    target: str
    language: str
    origin: str
    kind: str
    synthetic: bool = False


def load(path: Path) -> list[Pair]:
    """The pairs of a dev.jsonl or test.jsonl, as `prepare` writes them."""
    return [Pair(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def read(path: Path) -> Iterator[Pair]:
    """Pairs of one file, or of every known file below a directory, in file order.

    Raises ValueError for a file whose ending is not known, naming it.
    """
    if path.is_dir():
        for child in sorted(path.rglob("*")):
            if child.is_file() and _reader(child):
                yield from read(child)
        return
    reader = _reader(path)
    if reader is None:
        raise ValueError(f"{path}: expected .jsonl, .jsonl.xz, .tsv or .tmx")
    yield from reader(path)


def _reader(path: Path):
    name = path.name.lower()
    if name.endswith((".jsonl", ".jsonl.xz")):
        return _read_json_lines
    return {".tsv": _read_tsv, ".tmx": _read_tmx}.get(path.suffix.lower())


def _open(path: Path) -> TextIO:
    if path.suffix == ".xz":
        return lzma.open(path, "rt", encoding="utf-8")
    return path.open(encoding="utf-8")


def _read_json_lines(path: Path) -> Iterator[Pair]:
    """Pairs `{en, tgt, lang, src, kind, syn}` or authored sets `{id, topic, en, ko, ru, uk}`."""
    with _open(path) as lines:
        for line in lines:
            row = json.loads(line)
            if "tgt" in row:
                authored = row["src"] == "newsbrief-authored"
                kind = "authored" if authored else row["kind"]
                yield Pair(
                    row["en"], row["tgt"], row["lang"], row["src"], kind, bool(row.get("syn"))
                )
            else:
                for language in LANGUAGES:
                    if row.get(language):
                        yield Pair(row["en"], row[language], language, "authored", "authored")


def _read_tsv(path: Path) -> Iterator[Pair]:
    """Three columns, no header: English, translation, language code."""
    with _open(path) as lines:
        for number, row in enumerate(csv.reader(lines, "excel-tab", quoting=csv.QUOTE_NONE), 1):
            if len(row) != 3 or row[2] not in LANGUAGES:
                raise ValueError(
                    f"{path}:{number}: expected English, translation and one of {LANGUAGES}, "
                    f"tab-separated; got {len(row)} columns"
                )
            yield Pair(row[0], row[1], row[2], path.stem, "own")


def _read_tmx(path: Path) -> Iterator[Pair]:
    """TMX 1.4 units that hold English and at least one target; regional codes are cut to two."""
    for _, unit in ElementTree.iterparse(path):
        if unit.tag != "tu":
            continue
        texts = {}
        for variant in unit.iter("tuv"):
            code = (variant.get(XML_LANG) or variant.get("lang") or "")[:2].lower()
            segment = variant.find("seg")
            if segment is not None:
                texts[code] = " ".join("".join(segment.itertext()).split())
        for language in LANGUAGES:
            if texts.get("en") and texts.get(language):
                yield Pair(texts["en"], texts[language], language, path.stem, "own")
        unit.clear()
