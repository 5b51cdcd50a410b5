"""Makes the packages that Argos Translate, and so LibreTranslate, reads: one for each direction."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from newsbrief.pack_schema import Direction

NAMES = {"en": "English", "ko": "Korean", "ru": "Russian", "uk": "Ukrainian"}


def write_package(model: Path, direction: Direction, folder: Path) -> None:
    """Packages a converted Marian model for one direction, in `folder/translate-en_ru`.

    Argos knows target prefixes alone. The language tag that our models want in front of the source
    is made the token that CTranslate2 puts before every source; likewise the closing `</s>`. The
    weights are linked, not copied.
    """
    package = folder / f"translate-{direction.source}_{direction.target}"
    target = package / "model"
    target.mkdir(parents=True)
    for name in ("model.bin", "shared_vocabulary.json"):
        (target / name).symlink_to(model / name)
    config = json.loads((model / "config.json").read_text(encoding="utf-8"))
    if direction.source_prefix:
        (tag,) = direction.source_prefix
        config |= {"add_source_bos": True, "bos_token": tag}
    config["add_source_eos"] = True
    (target / "config.json").write_text(json.dumps(config), encoding="utf-8")
    shutil.copyfile(model / "source.spm", package / "sentencepiece.model")
    (package / "README.md").write_text("A Newsbrief model, for a comparison.\n", encoding="utf-8")
    metadata = {
        "package_version": "1.0",
        "argos_version": "1.9",
        "from_code": direction.source,
        "from_name": NAMES[direction.source],
        "to_code": direction.target,
        "to_name": NAMES[direction.target],
    }
    (package / "metadata.json").write_text(json.dumps(metadata), encoding="utf-8")
