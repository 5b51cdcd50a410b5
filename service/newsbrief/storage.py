"""Files by local path or URL (fsspec): read many at once, written whole or not at all."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Any

from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem

from newsbrief.errors import ConfigurationError, NewsbriefError, UnreachableError

UNFINISHED = "tmp"  # where local files lie while they are written
FORGOTTEN = 86_400  # seconds after which an unfinished file was left by a process that died
AT_ONCE = 256  # small files read together: object stores answer many requests at a time
BLOCK = 4 * 1024 * 1024  # bytes that reading a large file fetches ahead, for every shard anew

# No later try mends these. Drivers have many of the second kind: their names must tell.
_WRONG_KINDS = PermissionError, NotADirectoryError, IsADirectoryError
_WRONG_NAMES = "Credential", "Authentication", "ParamValidation"


@contextmanager
def telling(url: str) -> Iterator[None]:
    """Says in our words why the storage of a path or URL failed, in calls of fsspec alone.

    That a file is not there, or is there already, is no failure: those errors pass. Raises
    `ConfigurationError` where rights or credentials are missing, `UnreachableError` for the rest.
    """
    try:
        yield
    except (NewsbriefError, FileNotFoundError, FileExistsError):
        raise
    except Exception as error:
        kind = type(error).__name__
        if isinstance(error, _WRONG_KINDS) or any(word in kind for word in _WRONG_NAMES):
            raise ConfigurationError(f"{url} can't be used: {error or kind}") from error
        raise UnreachableError(f"the storage of {url} failed: {error or kind}") from error


def open_url(url: str) -> tuple[Any, str]:
    """The fsspec file system of a path or URL, and the path within it.

    Raises `ConfigurationError` when its library is not installed or its protocol is unknown.
    """
    try:
        file_system, path = url_to_fs(url)
    except ImportError as error:
        ours = ": it needs the extra 's3' of Newsbrief" if url.startswith(("s3:", "s3a:")) else ""
        raise ConfigurationError(f"{url}: {error}{ours}") from error
    except ValueError as error:
        raise ConfigurationError(f"{url}: no such kind of storage: {error}") from error
    return file_system, path


def full_path(files: Any, path: str) -> str:
    """A path within a file system as `open_url` takes it."""
    return path if isinstance(files, LocalFileSystem) else str(files.unstrip_protocol(path))


def read_whole(url: str) -> bytes:
    """All of a file. Raises `FileNotFoundError`, and what `telling` raises."""
    files, path = open_url(url)
    with telling(url):
        return bytes(files.cat_file(path))


@contextmanager
def open_file(url: str, cache_type: str = "readahead") -> Iterator[Any]:
    """A file to read from any place; `cache_type` is fsspec's, of object stores.

    Reading raises `FileNotFoundError`, and what `telling` raises.
    """
    files, path = open_url(url)
    with telling(url):
        file = files.open(path, "rb", block_size=BLOCK, cache_type=cache_type)
    with file:
        yield _Telling(file, url)


class _Telling:
    """An open file whose `read` says in our words why it failed."""

    def __init__(self, file: Any, url: str) -> None:
        self._file, self._url = file, url

    def read(self, size: int = -1) -> bytes:
        with telling(self._url):
            return bytes(self._file.read(size))

    read1 = read

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


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
        path = self._path(name)
        self._files.invalidate_cache(path.rpartition("/")[0])  # a listing older than the file
        try:
            with telling(self.url):
                return bytes(self._files.cat_file(path))
        except FileNotFoundError:
            return None

    def read_many(self, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Name and content of each file that is there, in the order of `names`."""
        waiting = iter(names)
        while some := list(islice(waiting, AT_ONCE)):
            paths = {self._path(name): name for name in some}
            with telling(self.url):
                # Not `cat`: it takes a name with brackets for a pattern.
                every = [None] * len(paths)
                found = self._files.cat_ranges(list(paths), every, every, on_error="return")
            for name, data in zip(paths.values(), found, strict=True):
                if isinstance(data, FileNotFoundError):
                    continue
                with telling(self.url):
                    if isinstance(data, Exception):
                        raise data
                yield name, bytes(data)

    def names(self, folder: str) -> list[str]:
        """The names of the files in a folder of this one, sorted; none if it is not there."""
        try:
            with telling(self.url):
                paths = self._files.ls(self._path(folder), detail=False, refresh=True)
        except FileNotFoundError:
            return []
        return sorted(f"{folder}/{path.rstrip('/').rpartition('/')[2]}" for path in paths)

    def write(self, name: str, data: bytes) -> None:
        """Puts a file in place of what was there."""
        with self._writing():
            if self._local:
                self._rename(self._unfinished(data), Path(self._path(name)), os.replace)
            else:
                self._files.pipe_file(self._path(name), data)

    def create(self, name: str, data: bytes) -> bool:
        """Puts a file where there was none; False, and nothing done, where there was one."""
        try:
            with self._writing():
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
        path = self._path(name)
        with self._writing():
            if self._local:
                Path(path).parent.mkdir(parents=True, exist_ok=True)
            with self._files.open(path, "wb") as stream:
                for part in parts:
                    stream.write(part)

    def remove(self, name: str) -> None:
        """Removes a file, if it is there."""
        with suppress(FileNotFoundError), telling(self.url):
            self._files.rm_file(self._path(name))

    def sweep(self) -> None:
        """Removes what processes that died left unfinished a day or more ago."""
        if not self._local:
            return
        for file in Path(self._path(UNFINISHED)).glob("*"):
            with suppress(FileNotFoundError):  # another process has just finished it
                if time.time() - file.stat().st_mtime > FORGOTTEN:
                    file.unlink()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Tells as `telling` does; a file that can't be put for want of a place is a failure."""
        try:
            with telling(self.url):
                yield
        except FileNotFoundError as error:
            raise ConfigurationError(f"{self.url} can't be used: {error}") from error

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
