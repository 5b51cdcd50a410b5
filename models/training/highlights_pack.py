"""Makes a pack of a trained highlight writer, for measuring it as the service runs it.

    python -m models.training.highlights_pack CHECKPOINT PACK --version 0.1.0

CHECKPOINT is what `train` wrote. PACK/writer gets the int8 model and PACK/pack.toml its checksums;
the pack translates nothing. `python -m models.evaluation.writers PACK ARTICLES...` measures it.
"""

import argparse
import json
from pathlib import Path
from typing import Any

from models.training.convert import convert

FOLDER = "writer"
# Beam as for translation; three bullets of the training text are 20 to 110 tokens.
DECODING = {"beam_size": 4, "no_repeat_ngram_size": 3, "min_tokens": 24, "max_tokens": 128}


def main() -> None:
    """Runs the command."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("pack", type=Path)
    parser.add_argument("--version", required=True)
    arguments = parser.parse_args()
    export(arguments.checkpoint, arguments.pack, arguments.version)


def export(checkpoint: Path, pack: Path, version: str) -> None:
    """Writes the pack, and raises what Newsbrief raises if it would refuse it."""
    import tomlkit

    from newsbrief.pack import inventory, open_pack

    folder = pack / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    convert(checkpoint / "hf", folder)
    settings = json.loads((checkpoint / "config.json").read_text(encoding="utf-8"))
    files = [file.model_dump() for file in inventory(pack, FOLDER)]
    table = described(pack.name, version, settings["data"]["max_tokens"], files)
    (pack / "pack.toml").write_text(tomlkit.dumps(table), encoding="utf-8")
    open_pack(pack)


def described(
    name: str, version: str, max_tokens: int, files: list[dict[str, Any]]
) -> dict[str, Any]:
    """The tables of pack.toml; `max_tokens` is the longest source of the training data."""
    command = f"python -m models.training.highlights_pack CHECKPOINT {name} --version {version}"
    return {
        "format": 1,
        "name": name,
        "version": version,
        "description": "Highlights by a small model that this project trained; no translations",
        "source_languages": ["en"],
        "highlights": {"method": "seq2seq", "model": FOLDER},
        "models": {
            FOLDER: {
                "family": "marian",
                "licence": "Apache-2.0",
                "commercial_use": True,
                "attribution": "Newsbrief",
                "folder": FOLDER,
                "max_source_tokens": max_tokens + 1,  # and </s>
                "quantization": "int8",
                "draft": True,
                "source": {"kind": "own", "recipe": f"{command} (models/training/README.md)"},
                "decoding": DECODING,
                "files": files,
            }
        },
    }


if __name__ == "__main__":
    main()
