"""How many translators with how many threads each: output tokens a second, by batch and beam.

    python loadtests/engine_threads.py [--rounds 5] [--layers 6] [--width 512]

The model has a Marian model's shape and random weights, in int8; it never ends a sentence, so every
output has as many tokens. Settings take turns within a round, so that what else the machine does
falls on all of them alike, and each is given as its ratio to the first within the same round.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import ctranslate2
import numpy
from ctranslate2.converters.marian import set_transformer_spec
from ctranslate2.specs.transformer_spec import TransformerSpec

from newsbrief.threads import usable_cpus

WORDS = 32_000
SOURCE, OUTPUT = 28, 24
"""Tokens of a sentence of news text, in and out, in a vocabulary of this size."""


def weights(layers: int, width: int) -> Iterator[tuple[str, Any]]:
    """Random weights under Marian's names."""
    rng = numpy.random.default_rng(0)

    def matrix(rows: int, columns: int) -> Any:
        return rng.normal(0, rows**-0.5, (rows, columns)).astype("float32")

    def block(name: str, parts: str, sizes: tuple[int, int], norm: str) -> Iterator[Any]:
        for part in parts:
            rows, columns = sizes if part != "2" else sizes[::-1]
            yield f"{name}_W{part}", matrix(rows, columns)
            yield f"{name}_b{part}", numpy.zeros((1, columns), "float32")
        yield f"{norm}_ln_scale", numpy.ones((1, width), "float32")
        yield f"{norm}_ln_bias", numpy.zeros((1, width), "float32")

    yield "Wemb", matrix(WORDS, width)
    yield "decoder_ff_logit_out_b", numpy.zeros((1, WORDS), "float32")
    for stack, attentions in (("encoder", ["self"]), ("decoder", ["self", "context"])):
        for layer in range(1, layers + 1):
            scope = f"{stack}_l{layer}"
            for kind in attentions:
                name = f"{scope}_{kind}"
                yield from block(name, "qkvo", (width, width), f"{name}_Wo")
            yield from block(f"{scope}_ffn", "12", (width, 4 * width), f"{scope}_ffn_ffn")


def write_model(folder: Path, layers: int, width: int) -> None:
    """Writes a converted model of random weights."""
    spec = TransformerSpec.from_config((layers, layers), 8, pre_norm=False)
    set_transformer_spec(spec, dict(weights(layers, width)))
    tokens = ["</s>", "<unk>", *(f"w{index}" for index in range(WORDS - 2))]
    spec.register_source_vocabulary(tokens)
    spec.register_target_vocabulary(tokens)
    spec.validate()
    spec.optimize(quantization="int8")
    folder.mkdir()
    spec.save(str(folder))


def speed(translator: Any, runners: int, batches: list[list[list[str]]], beam: int) -> float:
    """Output tokens a second with one thread of ours for each translator."""

    def run(batch: list[list[str]]) -> int:
        results = translator.translate_batch(
            batch,
            beam_size=beam,
            min_decoding_length=OUTPUT,
            max_decoding_length=OUTPUT,
            max_input_length=0,
        )
        return sum(len(result.hypotheses[0]) for result in results)

    began = time.perf_counter()
    with ThreadPoolExecutor(runners) as threads:
        tokens = sum(threads.map(run, batches))
    return tokens / (time.perf_counter() - began)


def main() -> None:
    """Prints one line for each batch size and beam."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--width", type=int, default=512)
    arguments = parser.parse_args()
    cpus = usable_cpus()
    settings = list(dict.fromkeys([(1, cpus), (1, 1), (cpus, 1), (cpus, 2)]))
    rng = numpy.random.default_rng(1)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "model"
        write_model(folder, arguments.layers, arguments.width)
        translators = {
            (inter, intra): ctranslate2.Translator(
                str(folder), compute_type="int8", inter_threads=inter, intra_threads=intra
            )
            for inter, intra in settings
        }
        print(f"{cpus} CPUs, {arguments.layers}+{arguments.layers} layers × {arguments.width}")
        print("batch beam | median tokens/s (median of ratios) for translators × threads")
        for size, beam in ((1, 1), (1, 4), (8, 4), (32, 1), (32, 4)):
            count = max(2 * cpus, 16 // size)
            batches = [
                [[f"w{word}" for word in rng.integers(0, WORDS - 2, SOURCE)] for _ in range(size)]
                for _ in range(count)
            ]
            rounds = [
                {key: speed(translators[key], key[0], batches, beam) for key in settings}
                for _ in range(arguments.rounds + 1)
            ][1:]  # the first warms up
            cells = []
            for key in settings:
                ratio = statistics.median(each[key] / each[settings[0]] for each in rounds)
                median = statistics.median(each[key] for each in rounds)
                cells.append(f"{key[0]}×{key[1]}: {median:,.0f} ({ratio:.2f})")
            print(f"{size:5} {beam:4} | " + "  ".join(cells), flush=True)


if __name__ == "__main__":
    main()
