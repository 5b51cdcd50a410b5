"""A pack's place on disk: held by one process at a time, and replaced in one step.

.NAME.incomplete   the pack being made; renamed to NAME when it is whole and on disk
.NAME.old          the one before it, for the moment between two renames
.NAME.gone         one being deleted
.NAME.lock         held while a pull or a removal runs; a killed process lets go of it
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from newsbrief.errors import PullError


@contextmanager
def staging_place(packs: Path, name: str) -> Iterator[Path]:
    """Holds the pack `name` alone; gives the empty folder that `install` puts in its place.

    What a killed process left is cleared first, and a pack that it had moved aside comes back.
    Raises `PullError` while another process holds it.
    """
    packs.mkdir(parents=True, exist_ok=True)
    staging, old = packs / f".{name}.incomplete", packs / f".{name}.old"
    with (packs / f".{name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise PullError(f"another process is pulling or removing '{name}' now") from error
        if old.exists() and not (packs / name).exists():
            old.rename(packs / name)
        for left in (staging, old, packs / f".{name}.gone"):
            shutil.rmtree(left, ignore_errors=True)
        staging.mkdir()
        try:
            yield staging
        finally:
            shutil.rmtree(staging, ignore_errors=True)


def install(staging: Path, packs: Path, name: str) -> None:
    """Makes `staging` the pack `name`, once every byte of it is on disk."""
    for at, _, files in os.walk(staging):
        for path in (*(Path(at, file) for file in files), Path(at)):
            _to_disk(path)
    installed, old = packs / name, packs / f".{name}.old"
    if installed.exists():
        installed.rename(old)
    try:
        staging.rename(installed)
    except BaseException:
        if old.exists():
            old.rename(installed)
        raise
    _to_disk(packs)
    shutil.rmtree(old, ignore_errors=True)


def discard(path: Path, packs: Path, name: str) -> None:
    """Deletes a folder; out of sight in one step, so that it is never there in half."""
    gone = packs / f".{name}.gone"
    path.rename(gone)
    shutil.rmtree(gone)


def folder_bytes(folder: Path) -> int:
    """The sizes of all files below, links not followed; 0 if there is no such folder."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir())


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
