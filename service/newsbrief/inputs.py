"""The files of an archive: found, told apart by their endings, and stamped."""

from __future__ import annotations

import hashlib
import os
import posixpath
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from fsspec.core import has_magic
from fsspec.implementations.local import LocalFileSystem

from newsbrief.errors import ConfigurationError, InputError
from newsbrief.storage import full_path, open_url, telling

Kind = Literal["jsonl", "csv", "parquet", "documents", "failed"]

KINDS: dict[str, Kind] = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
    ".txt": "documents",
    ".html": "documents",
    ".htm": "documents",
    ".json": "documents",
}
# Not Zstandard: its reader ends in silence where a file is cut off or a second frame begins.
COMPRESSIONS = {".gz": "gzip", ".bz2": "bz2", ".xz": "xz"}

# What file systems call the value that changes with a file, best first.
_STAMPS = (
    "ETag",
    "etag",
    "content_md5",
    "md5Hash",
    "checksum",
    "mtime",
    "LastModified",
    "last_modified",
    "updated",
    "modified",
    "created",
)


@dataclass(frozen=True, slots=True)
class InputFile:
    """One file of records; or all the documents of one input together, which are a record each.

    `path` is what fsspec opens (of documents: what was asked for, a file, folder or pattern);
    `name` is the path as messages and ids show it, relative to what was asked for. `size` is in
    bytes as stored. `stamp` changes with the content: a time of modification, an ETag or a
    checksum, as the file system has it. `kind` "failed" marks dead letters to be tried again.
    """

    path: str
    name: str
    kind: Kind
    size: int
    stamp: str

    @property
    def ending(self) -> str:
        """The last ending of the name, less that of a compression; in small letters."""
        return _endings(self.path)[0]

    @property
    def compression(self) -> str | None:
        """What fsspec calls the compression of the file."""
        return COMPRESSIONS.get(_endings(self.path)[1])


@dataclass(frozen=True, slots=True)
class Document:
    """A file that is one article; `name` is relative to the folder asked for."""

    path: str
    name: str
    ending: str
    size: int


def find_files(source: str) -> list[InputFile]:
    """The input files of a file, folder (searched to the bottom) or pattern, sorted by name.

    In folders, names that begin with a dot or an underscore are passed over, and so are links to
    folders. Raises `InputError` when nothing is there, when a file has an ending that says nothing,
    when a link leads nowhere, or when the files are of different kinds; `ConfigurationError` when a
    library for reading them is not installed, and what `storage.telling` raises.
    """
    found = _list(source)
    if not found:
        raise InputError("input", f"nothing to read at {source}")
    kinds: dict[Kind, str] = {}  # with the first file of each
    for info in found:
        ending, compression = _endings(info["name"])
        kind = KINDS.get(ending)
        if kind is None or (compression and kind in ("documents", "parquet")):
            known = ", ".join(KINDS)
            raise InputError(
                "input",
                f"{info['name']} is of no kind that can be read, by its ending: {known} (tables of "
                f"text also with {', '.join(COMPRESSIONS)}); a pattern such as '*.jsonl' picks "
                "files",
            )
        kinds.setdefault(kind, info["name"])
    if len(kinds) > 1:
        (one, first), (other, second), *_ = kinds.items()
        raise InputError(
            "input",
            f"files of different kinds: {first} ({one}) and {second} ({other}); a pattern such as "
            "'*.jsonl' picks files",
        )
    (kind,) = kinds
    if kind == "documents":
        return [_documents(source, found)]
    files, _ = open_url(source)
    return [
        InputFile(full_path(files, info["name"]), name, kind, info["size"], _stamp(info))
        for name, info in _named(source, found)
    ]


def is_as_found(file: InputFile) -> bool:
    """Whether a file of records on a local disk is still the one that was found; else True."""
    files, path = open_url(file.path)
    if file.kind == "documents" or not isinstance(files, LocalFileSystem):
        return True
    try:
        info = files.info(path)
    except FileNotFoundError:
        return False
    return (info["size"], _stamp(info)) == (file.size, file.stamp)


def _documents(source: str, found: list[dict[str, Any]]) -> InputFile:
    stamps = [(name, info["size"], _stamp(info)) for name, info in _named(source, found)]
    digest = hashlib.sha256(repr(stamps).encode()).hexdigest()
    size = sum(size for _, size, _ in stamps)
    path = full_path(*open_url(source))
    return InputFile(path, posixpath.basename(path), "documents", size, digest)


@lru_cache(maxsize=4)  # a listing is read once, not once for every shard of it
def list_documents(file: InputFile) -> tuple[Document, ...]:
    """The documents of an input, sorted by name.

    Raises `InputError` when they are no longer those that were found.
    """
    if find_files(file.path) != [file]:
        raise InputError("input", f"the documents at {file.path} have changed")
    files, _ = open_url(file.path)
    return tuple(
        Document(full_path(files, info["name"]), name, _endings(name)[0], info["size"])
        for name, info in _named(file.path, _list(file.path))
    )


def _list(source: str) -> list[dict[str, Any]]:
    files, path = open_url(source)
    pattern = _is_pattern(files, path)
    if isinstance(files, LocalFileSystem):
        files = _Disk(strict=not pattern or "**" in path)
    files.invalidate_cache()
    try:
        with telling(source):
            info = {} if pattern else files.info(path)
            if info.get("type") == "file":
                return [info]
            found = files.glob(path, detail=True) if pattern else files.find(path, detail=True)
    except FileNotFoundError:
        return []
    inside = len(path.rstrip("/")) + 1
    return [
        info
        for info in found.values()
        if info["type"] == "file"
        and not info["name"].endswith("/")  # stands for a folder, in an object store
        and (pattern or not _is_hidden(info["name"][inside:]))
    ]


class _Disk(LocalFileSystem):  # type: ignore[misc]  # fsspec has no types
    """Local files; links are followed, to files alone.

    A `strict` one leaves no silent gaps: it raises `InputError` for a link that leads nowhere, and
    `ConfigurationError` for a folder that can't be read, unless either would be passed over.
    """

    def __init__(self, strict: bool) -> None:
        super().__init__()
        self._strict = strict

    def ls(self, path: str, detail: bool = False, **options: Any) -> list[Any]:
        """What lies in a folder."""
        try:
            found: list[Any] = super().ls(path, detail, **options)
            return found
        except FileNotFoundError:
            raise
        except OSError as error:  # which `walk` would take for an empty folder
            if not self._strict or _is_hidden(posixpath.basename(path)):
                return []
            raise ConfigurationError(f"{path} can't be read: {error.strerror}") from error

    def info(self, path: Any, **options: Any) -> dict[str, Any]:
        """Name, type, size and times of one."""
        found: dict[str, Any] = super().info(path, **options)
        if not isinstance(path, os.DirEntry) or not found["islink"] or _is_hidden(path.name):
            return found
        try:
            followed: dict[str, Any] = super().info(path.path)
        except OSError as error:
            if not self._strict:
                return found
            raise InputError("input", f"{path.path} is a link that leads nowhere") from error
        return followed if followed["type"] == "file" else found


def _is_pattern(files: Any, path: str) -> bool:
    return has_magic(path) and not (isinstance(files, LocalFileSystem) and os.path.lexists(path))


def _is_hidden(name: str) -> bool:
    return any(step.startswith((".", "_")) or step == "lost+found" for step in name.split("/"))


def _named(source: str, found: list[dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    """Each file with its name relative to the folder that holds them all, sorted."""
    files, path = open_url(source)
    base = path.rstrip("/")
    if _is_pattern(files, path):
        while has_magic(base):
            base = posixpath.dirname(base)
    elif [info["name"] for info in found] == [base]:
        base = posixpath.dirname(base)
    inside = len(base.rstrip("/")) + 1
    return sorted(((info["name"][inside:], info) for info in found), key=lambda pair: pair[0])


def _endings(path: str) -> tuple[str, str]:
    """The ending that tells the kind, and that of a compression or nothing."""
    stem, ending = posixpath.splitext(path.lower())
    if ending not in COMPRESSIONS:
        return ending, ""
    return posixpath.splitext(stem)[1], ending


def _stamp(info: dict[str, Any]) -> str:
    return next((str(info[key]) for key in _STAMPS if info.get(key) is not None), "")
