"""A Marian pack with wider networks that write what it wrote: a larger model's cost, real outputs.

    python -m loadtests.widened PACK FOLDER [--times 2]

What the service costs beside its engine weighs the more, the smaller the model. The pack in the
repository is far smaller than what a newsroom runs, and random weights of a real shape write
nonsense, with which every check finds fault. Here each state of the network is repeated: [x]
becomes [x x]. A layer's weights W become [W W; W W] / 2, whose output is again [Wx Wx]; a norm sees
the same mean and variance; there are twice the heads, of the same size. The last norm is halved,
since the scores of the vocabulary are sums over all states. Divided by powers of two, int8 weights
stay what they are. In float32 outputs are the same; in int8 the order of sums turns one in four
another way, no better and no worse (chrF2 of 100 sentences in Russian 37.5, and 38.1 and 38.3 two
and four times as wide).
"""

from __future__ import annotations

import argparse
import re
import shutil
from pathlib import Path
from typing import Any

import numpy
import tomlkit

from loadtests.side_by_side.dequantised import Arrays, read_arrays, write_arrays
from newsbrief.pack import inventory, open_pack

FUSED = {"self_attention/linear_0": 3, "attention/linear_1": 2}
"""Layers that hold several side by side: query, key and value; key and value of the source."""


def widen(arrays: Arrays, times: int) -> Arrays:
    """The arrays of a model with the norm after each part, `times` (a power of two) as wide."""
    assert times.bit_count() == 1, "only by powers of two"
    assert not arrays["decoder/pre_norm"], "only models with the norm after each part"
    layers = [
        int(found[1]) for name in arrays if (found := re.match(r"decoder/layer_(\d+)/", name))
    ]
    last = f"decoder/layer_{max(layers)}/ffn/layer_norm/"
    wide = {name: _wide(name, array, times) for name, array in arrays.items()}
    return wide | {name: array / times for name, array in wide.items() if name.startswith(last)}


def _wide(name: str, array: Any, times: int) -> Any:
    if name.endswith("/num_heads"):
        return array * array.dtype.type(times)
    if array.ndim == 0 or name == "decoder/embeddings/weight_scale":
        return array
    if "/embeddings/" in name or "/encodings" in name:
        return numpy.tile(array, (1, times))
    parts = next((count for layer, count in FUSED.items() if f"/{layer}/" in name), 1)
    repeats = (times,) * array.ndim
    wide = numpy.concatenate([numpy.tile(part, repeats) for part in numpy.split(array, parts)])
    # A weight is its int8 over the scale of its row.
    return wide * numpy.float32(times) if name.endswith("weight_scale") else wide


def write_pack(pack: Path, folder: Path, times: int) -> None:
    """Copies a pack with all its models widened; they must be Marian's, in int8."""
    shutil.copytree(pack, folder)
    described = tomlkit.parse((folder / "pack.toml").read_text(encoding="utf-8"))
    described["name"] = f"{described['name']}-{times}-times-as-wide"
    for model in described["models"].values():
        file = folder / model["folder"] / "model.bin"
        write_arrays(file, *_widened(file, times))
        model["files"] = [each.model_dump() for each in inventory(folder, model["folder"])]
    (folder / "pack.toml").write_text(tomlkit.dumps(described), encoding="utf-8")
    open_pack(folder)


def _widened(file: Path, times: int) -> tuple[tuple[str, int], Arrays, list[tuple[str, str]]]:
    kind, arrays, links = read_arrays(file)
    return kind, widen(arrays, times), links


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pack", type=Path)
    parser.add_argument("folder", type=Path, help="must not exist")
    parser.add_argument("--times", type=int, default=2)
    options = parser.parse_args()
    write_pack(options.pack, options.folder, options.times)


if __name__ == "__main__":
    main()
