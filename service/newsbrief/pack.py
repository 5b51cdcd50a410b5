"""Packs: find, read and verify a folder of models. No inference, no network.

A pack is a folder with `pack.toml`, a `README.md` card and a folder of files for each model. The
files' sizes and checksums stand in `pack.toml` (our own weights) or in the `pack.lock` that a pull
wrote. A pack without them is a recipe: known, but not installed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from newsbrief.article import PackName
from newsbrief.errors import PackCorruptError, PackNotFoundError
from newsbrief.pack_problems import problems
from newsbrief.pack_schema import (
    SLUG,
    ArchiveSource,
    Decoding,
    Direction,
    Family,
    File,
    Highlights,
    HubSource,
    Model,
    OwnSource,
    PackDescription,
    PackLock,
    Quality,
)

__all__ = [
    "ArchiveSource",
    "Decoding",
    "Direction",
    "Family",
    "File",
    "Highlights",
    "HubSource",
    "Model",
    "OwnSource",
    "Pack",
    "PackDescription",
    "PackLock",
    "Quality",
    "find_pack",
    "inventory",
    "known_packs",
    "open_pack",
    "read_description",
    "read_pack",
    "shipped_packs",
]

DESCRIPTION = "pack.toml"
LOCK = "pack.lock"
MAX_TEXT_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack as its files describe it; `open_pack` says whether they are to be trusted."""

    folder: Path
    description: PackDescription
    lock: PackLock | None = None

    @property
    def name(self) -> PackName:
        """The name and version that every answer carries."""
        return PackName(self.description.name, self.description.version)

    @property
    def files(self) -> Mapping[str, tuple[File, ...]]:
        """The files of each model, from `pack.toml` or else the lock; empty for a recipe."""
        locked = self.lock.models if self.lock else {}
        return {
            slug: model.files or (locked[slug].files if slug in locked else ())
            for slug, model in self.description.models.items()
        }

    @property
    def digest(self) -> str:
        """SHA-256 of the description and the listed checksums: what the models answer with."""
        listed = {slug: [file.sha256 for file in files] for slug, files in self.files.items()}
        content = self.description.model_dump_json() + json.dumps(listed, sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()

    @property
    def bytes(self) -> int:
        """Size of all listed files."""
        return sum(file.bytes for files in self.files.values() for file in files)

    @property
    def installed(self) -> bool:
        """Whether the models are here; False for a recipe. Nothing is verified."""
        files = self.files
        return all(
            files[slug] and (self.folder / model.folder).is_dir()
            for slug, model in self.description.models.items()
        )


def shipped_packs() -> Path:
    """The folder of the packs that come with Newsbrief, in an installed wheel or a checkout."""
    here = Path(__file__).resolve().parent
    inside = here / "packs"
    return inside if inside.is_dir() else here.parents[1] / "models" / "packs"


def read_description(folder: Path) -> PackDescription:
    """Reads `pack.toml`. Raises `PackNotFoundError` or `PackCorruptError`."""
    path = folder / DESCRIPTION
    if not path.is_file():
        raise PackNotFoundError(f"{folder} is not a pack: it has no {DESCRIPTION}")
    try:
        data = tomllib.loads(_text(path))
    except (ValueError, RecursionError) as error:  # too long a number, too deep a list
        raise PackCorruptError(f"{path} is not valid TOML: {error}") from error
    try:
        return PackDescription.model_validate(_frozen(data))
    except ValidationError as error:
        raise PackCorruptError(problems(path, error)) from error


def read_pack(folder: Path) -> Pack:
    """Reads the description and the lock, if there is one; looks at no other file."""
    description = read_description(folder)
    path = folder / LOCK
    if not path.is_file():
        return Pack(folder, description)
    try:
        lock = PackLock.model_validate_json(_text(path))
    except ValidationError as error:
        raise PackCorruptError(problems(path, error)) from error
    if (lock.pack, lock.version) != (description.name, description.version):
        raise PackCorruptError(
            f"{path} is the lock of {lock.pack}@{lock.version}, "
            f"not of {description.name}@{description.version}"
        )
    for slug, model in description.models.items():
        if slug not in lock.models or lock.models[slug].source != model.source:
            raise PackCorruptError(f"{path} was not made from the source of models.{slug}")
        for file in lock.models[slug].files:
            if not file.path.startswith(f"{model.folder}/"):
                raise PackCorruptError(f"{path}: '{file.path}' must lie in '{model.folder}/'")
    return Pack(folder, description, lock)


def open_pack(folder: Path, *, verify: bool = True) -> Pack:
    """Reads a pack and checks every file of its models against its listed size and SHA-256.

    Without `verify` the contents are not read, only sizes compared. Raises `PackNotFoundError` for
    a recipe, and `PackCorruptError` for a file that is missing, changed, not listed, or a link
    that leads out of the pack.
    """
    pack = read_pack(folder)
    if not pack.installed:
        raise _not_installed(pack)
    for slug, files in pack.files.items():
        model = pack.description.models[slug]
        listed = {file.path: file for file in files}
        found = set(_regular_files(folder, model.folder))
        if missing := sorted(listed.keys() - found):
            raise PackCorruptError(f"{folder}: '{missing[0]}' of models.{slug} is missing")
        if extra := sorted(found - listed.keys()):
            raise PackCorruptError(f"{folder}: '{extra[0]}' is not a listed file of models.{slug}")
        for file in files:
            _check(folder, file, verify=verify)
    return pack


def find_pack(name_or_path: str, search: Sequence[Path] = ()) -> Path:
    """The folder of an installed pack: by name in `search` and then among the shipped packs.

    What contains a slash is taken as a path. Raises `PackNotFoundError`, saying what there is.
    """
    if "/" in name_or_path or os.sep in name_or_path or name_or_path in (".", ".."):
        folder = Path(name_or_path).expanduser()
        read_description(folder)
        return folder
    recipe: Pack | None = None
    if re.fullmatch(SLUG, name_or_path):
        for base in (*search, shipped_packs()):
            if not (base / name_or_path / DESCRIPTION).is_file():
                continue
            pack = read_pack(base / name_or_path)
            if pack.description.name != name_or_path:
                raise PackCorruptError(f"{pack.folder} holds the pack {pack.description.name}")
            if pack.installed:
                return pack.folder
            recipe = pack
    if recipe is not None:
        raise _not_installed(recipe)
    known = ", ".join(sorted({folder.name for folder in known_packs(search)}))
    raise PackNotFoundError(f"no pack is called '{name_or_path}'; there are: {known or 'none'}")


def known_packs(search: Sequence[Path] = ()) -> Iterator[Path]:
    """The folders of all packs, installed or not: those in `search`, then the shipped ones."""
    for base in (*search, shipped_packs()):
        if base.is_dir():
            for folder in sorted(base.iterdir()):
                if not folder.name.startswith(".") and (folder / DESCRIPTION).is_file():
                    yield folder


def inventory(folder: Path, subfolder: str) -> tuple[File, ...]:
    """Every file under `folder/subfolder` with its size and SHA-256, paths from `folder`."""
    return tuple(
        File(path=path, bytes=(folder / path).stat().st_size, sha256=_sha256(folder / path))
        for path in sorted(_regular_files(folder, subfolder))
    )


def _regular_files(folder: Path, subfolder: str) -> Iterator[str]:
    """Paths from `folder` of all files below; raises for anything else that lies there."""
    inside = folder.resolve()
    if not (folder / subfolder).resolve().is_relative_to(inside):
        raise PackCorruptError(f"{folder}: '{subfolder}' is a link that leads out of the pack")
    for at, folders, names in os.walk(folder / subfolder):
        for path in (Path(at, name) for name in (*folders, *names)):
            shown = path.relative_to(folder).as_posix()
            # Not `resolve`, which raises RuntimeError for a link to itself.
            if path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(inside):
                raise PackCorruptError(f"{folder}: '{shown}' is a link that leads out of the pack")
            mode = path.stat().st_mode if path.exists() else 0
            if stat.S_ISREG(mode):
                yield shown
            elif path.is_symlink() or not stat.S_ISDIR(mode):
                raise PackCorruptError(f"{folder}: '{shown}' is neither a file nor a folder")


def _check(folder: Path, file: File, *, verify: bool) -> None:
    path = folder / file.path
    try:
        size = path.stat().st_size
        if size != file.bytes:
            raise PackCorruptError(f"{path} has {size:,} bytes and should have {file.bytes:,}")
        if verify and (found := _sha256(path)) != file.sha256:
            raise PackCorruptError(f"{path} has SHA-256 {found} and should have {file.sha256}")
    except OSError as error:
        raise PackCorruptError(f"{path} can't be read: {error.strerror}") from error


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _not_installed(pack: Pack) -> PackNotFoundError:
    name = pack.description.name
    if any(model.source.kind == "own" for model in pack.description.models.values()):
        return PackNotFoundError(f"{pack.folder}: the models of '{name}' are not built yet")
    return PackNotFoundError(
        f"the pack '{name}' is not installed; `newsbrief packs pull {name}` installs it"
    )


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_TEXT_BYTES:
            raise PackCorruptError(f"{path} is larger than {MAX_TEXT_BYTES:,} bytes")
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise PackCorruptError(f"{path} is not UTF-8 text") from error
    except OSError as error:
        raise PackCorruptError(f"{path} can't be read: {error.strerror}") from error


def _frozen(value: object) -> object:
    """TOML's lists as tuples, which the strict schema asks for."""
    if isinstance(value, dict):
        return {key: _frozen(each) for key, each in value.items()}
    return tuple(_frozen(each) for each in value) if isinstance(value, list) else value
