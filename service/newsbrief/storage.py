"""Files by local path or URL (fsspec): read many at once, written whole or not at all."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem

from newsbrief.errors import ConfigurationError

UNFINISHED = "tmp"  # where local files lie while they are written
FORGOTTEN = 86_400  # seconds after which an unfinished file was left by a process that died
AT_ONCE = 256  # small files read together: object stores answer many requests at a time


def open_url(url: str) -> tuple[Any, str]:
    """The fsspec file system of a path or URL, and the path within it.

    Raises `ConfigurationError` when its library is not installed or its protocol is unknown.
    """
    try:
        file_system, path = url_to_fs(url)
    except ImportError as error:
        raise ConfigurationError(f"{url}: {error}") from error
    except ValueError as error:
        raise ConfigurationError(f"{url}: no such kind of storage: {error}") from error
    return file_system, path


def full_path(files: Any, path: str) -> str:
    """A path within a file system as `open_url` takes it."""
    return path if isinstance(files, LocalFileSystem) else str(files.unstrip_protocol(path))


class Folder:
    """A folder of small files, each named relative to it.

    On a local disk a file is written under a temporary name, flushed to the disk and renamed; in
    an object store it is put as one object. Either way a reader sees all of it or nothing.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._files, root = open_url(url)
        self._root = root.rstrip("/")
        self._local = isinstance(self._files, LocalFileSystem)

    def path(self, name: str) -> str:
        """What fsspec's `open` takes for the file."""
        return full_path(self._files, self._path(name))

    def read(self, name: str) -> bytes | None:
        """The whole file, or None if there is none."""
        try:
            return bytes(self._files.cat_file(self._path(name)))
        except FileNotFoundError:
            return None

    def read_many(self, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Name and content of each file that is there, in the order of `names`."""
        waiting = iter(names)
        while some := list(islice(waiting, AT_ONCE)):
            paths = {self._path(name): name for name in some}
            found = self._files.cat(list(paths), on_error="return")
            for path, name in paths.items():
                data = found[path]
                if isinstance(data, FileNotFoundError):
                    continue
                if isinstance(data, Exception):
                    raise data
                yield name, bytes(data)

    def names(self, folder: str) -> list[str]:
        """The names of the files in a folder of this one, sorted; none if it is not there."""
        try:
            paths = self._files.ls(self._path(folder), detail=False, refresh=True)
        except FileNotFoundError:
            return []
        return sorted(f"{folder}/{path.rstrip('/').rpartition('/')[2]}" for path in paths)

    def write(self, name: str, data: bytes) -> None:
        """Puts a file in place of what was there."""
        if self._local:
            self._rename(self._unfinished(data), Path(self._path(name)), os.replace)
        else:
            self._files.pipe_file(self._path(name), data)

    def create(self, name: str, data: bytes) -> bool:
        """Puts a file where there was none; False, and nothing done, where there was one."""
        try:
            if self._local:
                temporary = self._unfinished(data)
                try:
                    self._rename(temporary, Path(self._path(name)), os.link)
                finally:
                    temporary.unlink()
            else:
                self._files.pipe_file(self._path(name), data, mode="create")
        except FileExistsError:
            return False
        return True

    def write_parts(self, name: str, parts: Iterable[bytes]) -> None:
        """Puts a file of any size, in little memory. A kill may leave half of it behind."""
        self._files.makedirs(self._path(name).rpartition("/")[0], exist_ok=True)
        with self._files.open(self._path(name), "wb") as stream:
            for part in parts:
                stream.write(part)

    def remove(self, name: str) -> None:
        """Removes a file, if it is there."""
        with suppress(FileNotFoundError):
            self._files.rm_file(self._path(name))

    def sweep(self) -> None:
        """Removes what processes that died left unfinished a day or more ago."""
        if not self._local:
            return
        for file in Path(self._path(UNFINISHED)).glob("*"):
            with suppress(FileNotFoundError):  # another process has just finished it
                if time.time() - file.stat().st_mtime > FORGOTTEN:
                    file.unlink()

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}"

    def _unfinished(self, data: bytes) -> Path:
        """A temporary file with the data, on the disk for certain; none if that failed."""
        file = Path(self._path(UNFINISHED)) / uuid.uuid4().hex
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            with file.open("wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
        except BaseException:
            file.unlink(missing_ok=True)
            raise
        return file

    def _rename(self, temporary: Path, file: Path, rename: Any) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        rename(temporary, file)
        folder = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)  # the name is on the disk too
        finally:
            os.close(folder)
