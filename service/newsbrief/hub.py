"""Pull a pack: download, verify, convert, install; and remove one. All or nothing.

What has arrived lies in `.NAME.downloads` until the pack is installed, so that a pull which was
killed goes on where it stopped. Only this module, and those that it alone uses, may touch the
network or load torch.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from newsbrief import __version__
from newsbrief.checkpoints import Checkpoint, compare, download
from newsbrief.downloads import Report, disk_errors, require_space
from newsbrief.errors import LicenceError, PackError, PackNotFoundError, PullError
from newsbrief.installing import discard, folder_bytes, install, staging_place
from newsbrief.pack import DESCRIPTION, LOCK, Pack, inventory, open_pack, read_pack, shipped_packs
from newsbrief.pack_schema import SLUG, Acceptance, Family, LockedModel, PackLock

# checkpoint folder as it came, family, folder to make, quantization
Converter = Callable[[Path, Family, Path, str], None]
CARD = "README.md"
LIBRARIES = ("huggingface_hub", "torch", "transformers")
TOOLS = ("ctranslate2", "huggingface-hub", "torch", "transformers")
LICENCE_FILES = ("LICENSE*", "COPYING*", "NOTICE*")


def pull(
    recipe: Pack,
    packs: Path,
    report: Report,
    *,
    accept_non_commercial: bool = False,
    again: bool = False,
    endpoint: str | None = None,
    converter: Converter | None = None,
) -> Pack:
    """Installs `recipe` as `packs/NAME`; one that is whole and the same is left, unless `again`.

    `endpoint` is the hub's address, by default HF_ENDPOINT or else the public hub; `converter`
    makes a folder that the engine serves from out of a checkpoint. Raises `PullError` or
    `PackError`; then nothing is installed, and what was there before still is.
    """
    name = recipe.description.name
    _check_libraries()
    _check_sources(recipe)
    accepted = _accepted(recipe, accept_non_commercial)
    convert = converter or _converter()
    with disk_errors(name), staging_place(packs, name) as staging:
        before = _installed(packs / name, report)
        if before and before.description == recipe.description and not again:
            return before
        downloads = packs / f".{name}.downloads"
        checkpoints = download(recipe, downloads, report, endpoint)
        for known in (recipe, before):
            if known and known.lock:
                compare(recipe, checkpoints, known.lock)
        models = _convert(recipe, checkpoints, staging, report, convert)
        _write(recipe, staging, models, accepted)
        open_pack(staging, verify=False)
        install(staging, packs, name)
        shutil.rmtree(downloads, ignore_errors=True)
    return read_pack(packs / name)


def remove(name: str, packs: Path) -> int:
    """Removes a pulled pack, and what an unfinished pull left; returns the bytes freed.

    Raises `PackNotFoundError`, and `PackError` for a pack that ships with Newsbrief.
    """
    known = re.fullmatch(SLUG, name) is not None
    places = (packs / name, packs / f".{name}.downloads") if known else ()
    found = [path for path in places if path.exists()]
    if not found:
        shipped = shipped_packs() / name
        if known and shipped.is_dir() and read_pack(shipped).installed:
            raise PackError(f"the pack '{name}' ships with Newsbrief and can't be removed")
        raise PackNotFoundError(f"no pack called '{name}' is installed in {packs}")
    with disk_errors(name), staging_place(packs, name):
        freed = sum(folder_bytes(path) for path in found)
        for path in found:
            discard(path, packs, name)
    return freed


def _check_sources(recipe: Pack) -> None:
    models = recipe.description.models.values()
    if not models or any(model.source.kind == "own" for model in models):
        name = recipe.description.name
        raise PullError(f"the pack '{name}' ships with Newsbrief: there is nothing to pull")


def _accepted(recipe: Pack, accept_non_commercial: bool) -> tuple[Acceptance, ...]:
    models = recipe.description.models.items()
    limited = [(slug, model.licence) for slug, model in models if not model.commercial_use]
    if limited and not accept_non_commercial:
        names = ", ".join(f"{slug} ({licence})" for slug, licence in limited)
        raise LicenceError(
            f"not licensed for commercial use: {names}; if your use is not commercial, "
            "pull again with --accept-non-commercial"
        )
    return tuple(Acceptance(model=slug, licence=licence) for slug, licence in limited)


def _converter() -> Converter:
    from newsbrief.conversion import convert

    return convert


def _check_libraries() -> None:
    missing = [library for library in LIBRARIES if find_spec(library) is None]
    if missing:
        raise PullError(
            f"pulling needs the extra 'convert' of Newsbrief: {', '.join(missing)} is missing"
        )


def _installed(folder: Path, report: Report) -> Pack | None:
    if not folder.exists():
        return None
    try:
        return open_pack(folder)
    except PackError as error:
        report.say(f"What is installed can't be used and will be replaced: {error}")
        return None


def _convert(
    recipe: Pack,
    checkpoints: dict[str, Checkpoint],
    staging: Path,
    report: Report,
    convert: Converter,
) -> dict[str, LockedModel]:
    made = {}
    for slug, model in recipe.description.models.items():
        checkpoint = checkpoints[slug]
        report.say(f"Converting {slug} to {model.quantization}")
        # A conversion writes a copy in float32 before the small one.
        require_space(staging, 2 * folder_bytes(checkpoint.folder))
        out = staging / model.folder
        out.parent.mkdir(parents=True, exist_ok=True)
        convert(checkpoint.folder, model.family, out, model.quantization)
        if not folder_bytes(out):
            raise PullError(f"the conversion of {slug} made no files")
        for pattern in LICENCE_FILES:
            for path in checkpoint.folder.glob(pattern):
                shutil.copyfile(path, out / path.name)
        made[slug] = LockedModel(
            source=model.source,
            upstream=checkpoint.upstream,
            files=inventory(staging, model.folder),
        )
    return made


def _write(
    recipe: Pack,
    staging: Path,
    models: dict[str, LockedModel],
    accepted: tuple[Acceptance, ...],
) -> None:
    for name in (DESCRIPTION, CARD):
        if (recipe.folder / name).is_file():
            shutil.copyfile(recipe.folder / name, staging / name)
    lock = PackLock(
        format=1,
        pack=recipe.description.name,
        version=recipe.description.version,
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        tools={"newsbrief": __version__, **{tool: _version(tool) for tool in TOOLS}},
        accepted=accepted,
        models=models,
    )
    (staging / LOCK).write_text(lock.model_dump_json(indent=2) + "\n", encoding="utf-8")


def _version(tool: str) -> str:
    try:
        return version(tool)
    except PackageNotFoundError:
        return "not installed"
