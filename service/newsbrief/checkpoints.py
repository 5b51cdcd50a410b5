"""Checkpoints: what a model is converted from, downloaded and verified, as it was published."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from newsbrief.archives import unpack
from newsbrief.downloads import Remote, Report, fetch, network_errors, require_space
from newsbrief.errors import PackCorruptError
from newsbrief.installing import folder_bytes
from newsbrief.pack import Pack, inventory
from newsbrief.pack_schema import ArchiveSource, File, HubSource, PackLock
from newsbrief.repositories import RepositoryFile, fetch_repository, list_repository
from newsbrief.units import in_units


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A model's files in `folder`, and `upstream`: what came, by its path where it came from."""

    folder: Path
    upstream: tuple[File, ...]


def download(
    recipe: Pack, downloads: Path, report: Report, endpoint: str | None
) -> dict[str, Checkpoint]:
    """The checkpoints of all models, below `downloads`; whatever is there already is used.

    Room for all is made sure of before the first byte. Raises `PullError` or `PackCorruptError`.
    """
    sources = {slug: model.source for slug, model in recipe.description.models.items()}
    listed = {
        slug: list_repository(source, endpoint)
        for slug, source in sources.items()
        if isinstance(source, HubSource)
    }
    size = sum(file.size for files in listed.values() for file in files)
    downloads.mkdir(parents=True, exist_ok=True)
    require_space(downloads, size - folder_bytes(downloads))
    if size:
        report.say(f"Pulling {recipe.name}: {in_units(size)} from the hub")
    checkpoints = {}
    for slug, source in sources.items():
        folder = downloads / slug
        if isinstance(source, HubSource):
            checkpoints[slug] = _of_hub(source, listed[slug], folder, report, endpoint)
        elif isinstance(source, ArchiveSource):
            checkpoints[slug] = _of_archive(source, folder, report)
    return checkpoints


def compare(recipe: Pack, checkpoints: Mapping[str, Checkpoint], lock: PackLock) -> None:
    """Raises `PackCorruptError` if, by the lock, the same source once gave other files."""
    for slug, checkpoint in checkpoints.items():
        locked = lock.models.get(slug)
        if locked is None or locked.source != recipe.description.models[slug].source:
            continue
        known = {file.path: file for file in locked.upstream}
        for file in checkpoint.upstream:
            if file != known.get(file.path, file):
                raise PackCorruptError(
                    f"'{file.path}' of models.{slug} has SHA-256 {file.sha256} and the lock "
                    f"says {known[file.path].sha256}"
                )


def _of_hub(
    source: HubSource,
    files: tuple[RepositoryFile, ...],
    folder: Path,
    report: Report,
    endpoint: str | None,
) -> Checkpoint:
    fetch_repository(source, files, folder / source.revision, report, endpoint)
    names = {f"{source.revision}/{file.name}": file.name for file in files}
    upstream = tuple(
        file.model_copy(update={"path": names[file.path]})
        for file in inventory(folder, source.revision)
        if file.path in names
    )
    return Checkpoint(folder / source.revision, upstream)


def _of_archive(source: ArchiveSource, folder: Path, report: Report) -> Checkpoint:
    from huggingface_hub import get_hf_file_metadata

    name = source.url.rsplit("/", 1)[-1]
    with network_errors(name):
        found = get_hf_file_metadata(source.url, token=False)
    archive, unpacked = folder / "release.zip", folder / "unpacked"
    # The checksum names the version: whatever the server says, other bytes are of no use.
    remote = Remote(name, found.location, etag=source.sha256, size=found.size, sha256=source.sha256)
    fetch(remote, archive, report)
    shutil.rmtree(unpacked, ignore_errors=True)
    file = File(path=name, bytes=archive.stat().st_size, sha256=source.sha256)
    return Checkpoint(unpack(archive, unpacked), (file,))
