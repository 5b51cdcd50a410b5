"""Repositories on a model hub: what a pinned commit holds, and the files a conversion needs."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsbrief.downloads import Remote, Report, fetch, network_errors
from newsbrief.errors import PackCorruptError, PullError
from newsbrief.pack_schema import HubSource

if TYPE_CHECKING:
    from huggingface_hub.hf_api import RepoSibling

WEIGHTS = "model*.safetensors"
NEEDED = (
    WEIGHTS,
    "model.safetensors.index.json",
    "config.json",
    "generation_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.json",
    "target_vocab.json",
    "merges.txt",
    "*.spm",
    "spiece.model",
    "sentencepiece*.model",
    "LICENSE*",
    "NOTICE*",
)
PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt", "*.ot")
TIMEOUT_S = 30.0


@dataclass(frozen=True, slots=True)
class RepositoryFile:
    """A file of the commit; `sha256` and `blob` are the checksum that is known of it, if any."""

    name: str
    size: int
    sha256: str | None
    blob: str | None


def list_repository(source: HubSource, endpoint: str | None) -> tuple[RepositoryFile, ...]:
    """The files of the pinned commit that a conversion needs.

    Raises `PullError` for a repository without safetensors: pickles are never loaded.
    """
    from huggingface_hub import HfApi

    name = f"{source.repository}@{source.revision[:8]}"
    with network_errors(name):
        try:
            info = HfApi(endpoint=endpoint).model_info(
                source.repository, revision=source.revision, files_metadata=True, timeout=TIMEOUT_S
            )
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise PullError(f"{name}: the answer is not that of a model hub") from error
    if info.sha != source.revision:
        raise PackCorruptError(f"{name}: the hub answered with the commit {info.sha}")
    siblings = {sibling.rfilename: sibling for sibling in info.siblings or []}
    files = tuple(
        _file(source, sibling)
        for sibling in siblings.values()
        if any(fnmatch(sibling.rfilename, pattern) for pattern in NEEDED)
        and "/" not in sibling.rfilename
    )
    if not any(fnmatch(file.name, WEIGHTS) for file in files):
        pickles = [each for each in siblings if any(fnmatch(each, kind) for kind in PICKLES)]
        raise PullError(
            f"{name} has no model.safetensors"
            + (f", only {pickles[0]}: a pickle, which is never loaded" if pickles else "")
        )
    if missing := sorted(source.sha256.keys() - {file.name for file in files}):
        raise PackCorruptError(f"{name} lacks '{missing[0]}', whose checksum is pinned")
    return files


def fetch_repository(
    source: HubSource,
    files: tuple[RepositoryFile, ...],
    folder: Path,
    report: Report,
    endpoint: str | None,
) -> None:
    """Brings the files into `folder`, each from the pinned commit and verified."""
    from huggingface_hub import get_hf_file_metadata, get_token, hf_hub_url

    token = get_token()
    for file in files:
        name = f"{source.repository}: {file.name}"
        url = hf_hub_url(source.repository, file.name, revision=source.revision, endpoint=endpoint)
        with network_errors(name):
            found = get_hf_file_metadata(url, timeout=TIMEOUT_S)
        if found.commit_hash != source.revision:
            raise PackCorruptError(f"{name}: the hub answered with the commit {found.commit_hash}")
        if found.size is not None and found.size != file.size:
            raise PackCorruptError(
                f"{name}: the hub gives two sizes, {file.size:,} and {found.size:,} bytes"
            )
        # A content network gets a signed address, and not the account's token.
        own = urlsplit(found.location).netloc == urlsplit(url).netloc
        headers = {"Authorization": f"Bearer {token}"} if token and own else {}
        remote = Remote(
            name=name,
            url=found.location,
            etag=found.etag or "",
            size=file.size,
            sha256=file.sha256,
            blob=file.blob,
        )
        fetch(remote, folder / file.name, report, headers)


def _file(source: HubSource, sibling: RepoSibling) -> RepositoryFile:
    name = sibling.rfilename
    if not name.isprintable():
        raise PullError(f"{source.repository}: the hub lists a file called {name!r}")
    if sibling.size is None:
        raise PullError(f"{source.repository}: the hub gives no size for '{name}'")
    claimed = sibling.lfs.sha256 if sibling.lfs else None
    pinned = source.sha256.get(name)
    if pinned and claimed and pinned != claimed:
        raise PackCorruptError(
            f"{source.repository}: the hub gives '{name}' the SHA-256 {claimed}, "
            f"and {pinned} is pinned"
        )
    return RepositoryFile(name, sibling.size, pinned or claimed, sibling.blob_id)
