"""Makes a pack of a trained checkpoint: converts, evaluates, writes pack.toml and the card.

    python -m models.training.export CHECKPOINT DATA PACK --version 0.1.0 --sources TABLE.md ...

CHECKPOINT is what `train` wrote and DATA what `prepare` wrote. PACK/translator gets the int8 model,
PACK/pack.toml its checksums and measured quality, PACK/README.md the card. The test set is
DATA/test.jsonl. With --results, also the figures, examples and learning curve are written there.
"""

import argparse
import json
from pathlib import Path

from models.training import card, evaluate, plot
from models.training.convert import convert
from models.training.corpus import load
from models.training.decoding import add_decoding, decoding_of
from models.training.translate import Translator
from newsbrief.pack import Decoding, inventory, open_pack


def main() -> None:
    """Runs the command."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("pack", type=Path)
    parser.add_argument("--version", required=True)
    parser.add_argument("--release", action="store_true", help="not a draft")
    parser.add_argument("--sources", type=Path, nargs="*", default=[], help="tables of licences")
    parser.add_argument("--machine", default="2 CPU cores", help="what it was trained on")
    parser.add_argument("--results", type=Path, help="folder for figures, examples and curve")
    add_decoding(parser)
    parser.add_argument("--limit", type=int, help="test pairs a language and kind")
    arguments = parser.parse_args()
    export(
        arguments.checkpoint,
        arguments.data,
        arguments.pack,
        version=arguments.version,
        draft=not arguments.release,
        sources=arguments.sources,
        machine=arguments.machine,
        results=arguments.results,
        decoding=decoding_of(arguments),
        limit=arguments.limit,
    )


def export(
    checkpoint: Path,
    data: Path,
    pack: Path,
    *,
    version: str,
    draft: bool = True,
    sources: list[Path] | None = None,
    machine: str = "",
    results: Path | None = None,
    decoding: Decoding | None = None,
    limit: int | None = None,
) -> None:
    """Writes the pack, and raises what Newsbrief raises if it would refuse it."""
    import tomlkit

    folder = pack / card.FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    convert(checkpoint / "hf", folder)
    translator = Translator.open(folder)
    found = evaluate.evaluate(translator, load(data / "test.jsonl"), decoding or Decoding(), limit)
    curve = json.loads((checkpoint / "curve.json").read_text())
    facts = card.Facts(
        name=pack.name,
        version=version,
        draft=draft,
        report=json.loads((data / "report.json").read_text()),
        quality=found["quality"],
        curve=curve,
        licences=card.licences(sources or []),
        command=f"python -m models.training.export CHECKPOINT DATA {pack.name} --version {version}",
        machine=machine,
        parameters=_parameters(checkpoint / "hf"),
        prefixes={code: translator.prefix(code) for code in found["quality"]["languages"]},
    )
    files = [file.model_dump() for file in inventory(pack, card.FOLDER)]
    (pack / "pack.toml").write_text(tomlkit.dumps(card.described(facts, files)), encoding="utf-8")
    (pack / "README.md").write_text(card.text(facts), encoding="utf-8")
    open_pack(pack)
    if results:
        results.mkdir(parents=True, exist_ok=True)
        evaluate.write(found, results)
        plot.draw(curve, results / "curve.png")
        (results / "curve.json").write_text(json.dumps(curve) + "\n")
    print(json.dumps(found["quality"], indent=1))


def _parameters(checkpoint: Path) -> float:
    """Millions of distinct weights, counted in the checkpoint's file."""
    from math import prod

    from safetensors import safe_open

    with safe_open(checkpoint / "model.safetensors", "np") as tensors:
        names = set(tensors.keys())
        return sum(prod(tensors.get_slice(name).get_shape()) for name in names) / 1e6


if __name__ == "__main__":
    main()
