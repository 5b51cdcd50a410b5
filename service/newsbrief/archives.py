"""Zip archives from elsewhere: only what a conversion needs, and never outside the folder."""

from __future__ import annotations

import shutil
import stat
import zipfile
import zlib
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

from newsbrief.downloads import require_space
from newsbrief.errors import PackCorruptError
from newsbrief.units import in_units

NEEDED = ("*.npz", "*.spm", "*.vocab", "*.yml", "LICENSE*", "COPYING*", "NOTICE*")
MAX_MEMBERS = 1_000
# Weights hardly compress; what unpacks to more than this many times its size is a bomb.
MAX_RATIO = 50


def unpack(archive: Path, folder: Path) -> Path:
    """Unpacks a Marian release into the new `folder`; returns where its single .npz lies.

    Raises `PackCorruptError` for an archive that is broken, leads out of the folder, holds links
    or is a bomb, and `DiskError`.
    """
    folder.mkdir(parents=True)
    try:
        with zipfile.ZipFile(archive) as opened:
            members = [member for member in opened.infolist() if not member.is_dir()]
            if len(members) > MAX_MEMBERS:
                raise PackCorruptError(f"{archive.name} holds more than {MAX_MEMBERS:,} files")
            for member in members:
                _check(archive, member)
            wanted = [member for member in members if _needed(member)]
            size = sum(member.file_size for member in wanted)
            if size > MAX_RATIO * archive.stat().st_size:
                raise PackCorruptError(f"{archive.name} would unpack to {in_units(size)}")
            require_space(folder, size)
            for member in wanted:
                target = folder / member.filename
                target.parent.mkdir(parents=True, exist_ok=True)
                with opened.open(member) as source, target.open("xb") as file:
                    shutil.copyfileobj(source, file)
    # RuntimeError is a password, NotImplementedError a method of compression we do not have.
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise PackCorruptError(f"{archive.name} is not a zip archive we can read") from error
    except (FileExistsError, NotADirectoryError) as error:
        raise PackCorruptError(f"{archive.name} holds two files of one name") from error
    weights = sorted(folder.rglob("*.npz"))
    if len(weights) != 1:
        raise PackCorruptError(f"{archive.name} should hold one .npz and holds {len(weights)}")
    return weights[0].parent


def _check(archive: Path, member: zipfile.ZipInfo) -> None:
    path = PurePosixPath(member.filename)
    if path.is_absolute() or ".." in path.parts or "\\" in member.filename or ":" in path.parts[0]:
        raise PackCorruptError(f"{archive.name}: '{member.filename}' leads out of the archive")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise PackCorruptError(f"{archive.name}: '{member.filename}' is a link")


def _needed(member: zipfile.ZipInfo) -> bool:
    name = PurePosixPath(member.filename).name
    return any(fnmatch(name, pattern) for pattern in NEEDED)
