"""One file over HTTP: resumed where it broke, bounded, and verified before it counts as there.

The transfer is the hub client's `http_get` into a part file of our own: since its version 2 the
client throws away what a killed process had fetched, and it never checks contents.
"""

from __future__ import annotations

import errno
import hashlib
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from glob import escape
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from newsbrief.errors import (
    DiskError,
    GatedError,
    NetworkError,
    NewsbriefError,
    PackCorruptError,
    PullError,
)
from newsbrief.units import in_units

FULL = {errno.ENOSPC, errno.EDQUOT}
FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
AGAIN = "what has arrived is kept, and pulling again goes on from there"


class Bar(Protocol):
    """Progress of one transfer; `update` takes bytes, negative when it starts over."""

    def update(self, count: int) -> object:
        """Counts bytes that arrived."""
        ...

    def close(self) -> object:
        """The transfer is over."""
        ...


class Report(Protocol):
    """Where a pull tells what it does."""

    def say(self, line: str) -> None:
        """One line of text."""
        ...

    def bar(self, name: str, total: int, done: int) -> Bar:
        """A transfer begins, `done` bytes of `total` being there from an earlier one."""
        ...


@dataclass(frozen=True, slots=True)
class Remote:
    """A file to fetch, and what it must be: `blob` is git's object id, `None` is not known.

    `etag` names the version: what was fetched of another version is not built upon.
    """

    name: str
    url: str
    etag: str
    size: int | None = None
    sha256: str | None = None
    blob: str | None = None


def fetch(
    remote: Remote, target: Path, report: Report, headers: Mapping[str, str] | None = None
) -> None:
    """Brings the file to `target`, going on from what an earlier try left beside it.

    Raises `PackCorruptError` for other contents than asked for (they are thrown away),
    `NetworkError`, `DiskError` or `GatedError`.
    """
    if target.is_file() and _mismatch(remote, target) is None:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    version = hashlib.sha256(remote.etag.encode()).hexdigest()[:12]
    part = target.with_name(f"{target.name}.{version}.part")
    for old in target.parent.glob(f"{escape(target.name)}.*.part"):
        if old != part or (remote.size is not None and old.stat().st_size > remote.size):
            old.unlink()
    done = part.stat().st_size if part.exists() else 0
    with network_errors(remote.name):
        try:
            _transfer(remote, part, done, report, dict(headers or {}))
        except PackCorruptError:
            part.unlink()
            raise
    if (problem := _mismatch(remote, part)) is not None:
        part.unlink()
        raise PackCorruptError(f"{remote.name} {problem}; it was thrown away")
    part.replace(target)


def require_space(folder: Path, needed: int) -> None:
    """Raises `DiskError` if fewer than `needed` bytes are free where `folder` lies."""
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise DiskError(f"{folder} needs {in_units(needed)} free and has {in_units(free)}")


@contextmanager
def network_errors(name: str) -> Iterator[None]:
    """What the hub client raises while it fetches `name`, the disk's errors too, as ours."""
    from huggingface_hub import errors as hub

    try:
        yield
    except NewsbriefError:
        raise
    except hub.GatedRepoError as error:
        raise GatedError(
            f"{name}: the model is gated; accept its terms on the hub, then set HF_TOKEN"
        ) from error
    except hub.OfflineModeIsEnabled as error:
        raise NetworkError(f"{name}: HF_HUB_OFFLINE forbids to reach the hub") from error
    except hub.RevisionNotFoundError as error:
        raise PullError(f"{name}: the hub has no such commit") from error
    except hub.RepositoryNotFoundError as error:
        raise PullError(
            f"{name}: there is no such repository, or it is private and HF_TOKEN does not open it"
        ) from error
    except hub.HfHubHTTPError as error:
        raise _of_status(name, error.response.status_code) from error
    except OSError as error:
        if error.errno is not None:
            raise _of_disk(name, error) from error
        # `http_get` found another length than was announced.
        raise NetworkError(f"{name}: the server sent less than it announced; {AGAIN}") from error
    except Exception as error:
        # The client's transport is httpx in its version 1 and httpx2 in version 2.
        if not any(kind.__module__.startswith("httpx") for kind in type(error).__mro__):
            raise
        said = str(error) or type(error).__name__
        raise NetworkError(f"{name}: no connection ({said}); {AGAIN}") from error


@contextmanager
def disk_errors(name: str) -> Iterator[None]:
    """What the disk raises while `name` is written, as our errors."""
    try:
        yield
    except OSError as error:
        raise _of_disk(name, error) from error


def _transfer(
    remote: Remote, part: Path, done: int, report: Report, headers: dict[str, str]
) -> None:
    from huggingface_hub.file_download import http_get

    def meter(**options: Any) -> _Meter:
        # `http_get` has the total from the answer's headers where we know none.
        total, there = options["total"], options["initial"]
        if total is None:
            raise PullError(f"{remote.name}: the server does not say how long it is")
        require_space(part.parent, total - there)
        return _Meter(report.bar(remote.name, total, there), remote.name, there, total)

    with part.open("ab") as file:
        http_get(
            remote.url,
            file,
            resume_size=done,
            # Compressed bytes could neither be counted nor resumed.
            headers={**headers, "Accept-Encoding": "identity"},
            expected_size=remote.size,
            tqdm_class=_as_bar_class(meter),
        )


class _Meter:
    """The bar that `http_get` drives, and the guard against a server that does not stop."""

    def __init__(self, bar: Bar, name: str, done: int, limit: int) -> None:
        self._bar, self._name, self._done, self._limit = bar, name, done, limit

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._bar.close()

    def update(self, count: int) -> None:
        self._done += count
        if self._done > self._limit:
            raise PackCorruptError(
                f"{self._name}: the server sends more than the {self._limit:,} bytes it announced"
            )
        self._bar.update(count)


def _as_bar_class(meter: Callable[..., _Meter]) -> Any:
    """`http_get` asks for a class of tqdm and only calls it: any callable will do."""
    return meter


def _mismatch(remote: Remote, path: Path) -> str | None:
    """How the file differs from what was asked for."""
    size = path.stat().st_size
    if remote.size is not None and size != remote.size:
        return f"has {size:,} bytes and should have {remote.size:,}"
    with path.open("rb") as file:
        if remote.sha256 is not None:
            found = hashlib.file_digest(file, "sha256").hexdigest()
            if found != remote.sha256:
                return f"has SHA-256 {found} and should have {remote.sha256}"
        elif remote.blob is not None:
            digest = hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)
            while block := file.read(1 << 20):
                digest.update(block)
            if digest.hexdigest() != remote.blob:
                return f"is not the object {remote.blob} of the commit"
    return None


def _of_status(name: str, status: int) -> PullError:
    if status in (401, 403):
        return GatedError(f"{name}: access is refused ({status}); HF_TOKEN must allow it")
    if status in (408, 429) or status >= 500:
        return NetworkError(f"{name}: the server is not able to answer now ({status}); {AGAIN}")
    return PullError(f"{name}: the server does not have it ({status})")


def _of_disk(name: str, error: OSError) -> PullError:
    if error.errno in FULL:
        return DiskError(f"{name}: the disk is full; {AGAIN}")
    if error.errno in FORBIDDEN:
        return DiskError(f"{name}: can't write {error.filename}: {error.strerror}")
    return PullError(f"{name}: {error.strerror or error}")
