"""The engine's settings, each measured beside the default: threads, batches, beams, arithmetic.

    python -m loadtests.engine_choices [--rounds 5] [--only threads beam ...]

The texts are the translator's held-out set with the bundled pack, and for threads also random
weights of a Marian model's shape, which never end a sentence. Settings take turns within a round,
so that what else the machine does falls on all alike, and each is given as its ratio to the default
within the same round: above 1 is faster than the default. Prints tables in Markdown and writes
engine_choices.json beside this file. Needs the `training` extra.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import ctranslate2
import numpy
import sacrebleu
import sentencepiece
from ctranslate2.converters.marian import set_transformer_spec
from ctranslate2.specs.transformer_spec import TransformerSpec

from loadtests.machine import machine
from newsbrief.pack import open_pack, shipped_packs
from newsbrief.settings import Settings
from newsbrief.threads import usable_cpus

ROOT = Path(__file__).parents[1]
HELD_OUT = ROOT / "models" / "training" / "held_out.jsonl"
RESULTS = Path(__file__).with_suffix(".json")
WORDS, SOURCE, OUTPUT = 32_000, 28, 24
"""Of the random model: its vocabulary, and tokens of a sentence of news, in and out."""

ENVIRONMENTS = {
    "as it is": {},
    "OMP_NUM_THREADS=1": {"OMP_NUM_THREADS": "1"},
    "OMP_PROC_BIND=true": {"OMP_PROC_BIND": "true"},
    "OMP_WAIT_POLICY=passive": {"OMP_WAIT_POLICY": "passive"},
    "OMP_WAIT_POLICY=active": {"OMP_WAIT_POLICY": "active"},
    "MALLOC_ARENA_MAX=2": {"MALLOC_ARENA_MAX": "2"},
    "CT2_USE_MKL=1": {"CT2_USE_MKL": "1"},
    "CT2_USE_EXPERIMENTAL_PACKED_GEMM=1": {"CT2_USE_EXPERIMENTAL_PACKED_GEMM": "1"},
}
"""`pinned` beside these keeps the process to the first half of its cores' threads."""


@dataclass(frozen=True)
class Choice:
    """One way of running the engine; the defaults are Newsbrief's and the bundled pack's."""

    inter: int
    intra: int = 1
    batch_tokens: int = 1024
    beam: int = 3
    repetition_penalty: float = 1.3
    length_penalty: float = 1.6
    compute: str = "int8"
    vmap: bool = True
    by_language: bool = True

    def translator(self, folder: Path) -> Any:
        """CTranslate2's translator of a model. Raises `ValueError` for arithmetic it lacks."""
        return ctranslate2.Translator(
            str(folder),
            compute_type=self.compute,
            inter_threads=self.inter,
            intra_threads=self.intra,
        )


@dataclass(frozen=True)
class Text:
    """A source with its tag and `</s>`, and what it should read in its language."""

    tokens: list[str]
    target: str
    reference: str


@dataclass(frozen=True)
class Run:
    """One pass over the texts; `outputs` in their order."""

    seconds: float
    cpu_seconds: float
    outputs: list[list[str]]

    @property
    def rate(self) -> float:
        """Texts a second."""
        return len(self.outputs) / self.seconds


def run(translator: Any, texts: Sequence[Text], choice: Choice, fixed: int = 0) -> Run:
    """Translates the texts in batches of like lengths, a thread of ours for each translator."""

    def generate(batch: list[int]) -> list[tuple[int, list[str]]]:
        results = translator.translate_batch(
            [texts[index].tokens for index in batch],
            max_batch_size=0,
            beam_size=choice.beam,
            repetition_penalty=choice.repetition_penalty,
            length_penalty=choice.length_penalty,
            min_decoding_length=fixed,
            max_decoding_length=fixed or 96,
            max_input_length=0,
            num_hypotheses=choice.beam,
            use_vmap=choice.vmap,
        )
        return [(index, each.hypotheses[0]) for index, each in zip(batch, results, strict=True)]

    cpu, began = time.process_time(), time.perf_counter()
    with ThreadPoolExecutor(choice.inter) as threads:
        done = [pair for part in threads.map(generate, batches(texts, choice)) for pair in part]
    seconds = time.perf_counter() - began
    return Run(seconds, time.process_time() - cpu, [output for _, output in sorted(done)])


def batches(texts: Sequence[Text], choice: Choice) -> list[list[int]]:
    """Indices of texts in batches of at most `batch_tokens` padded tokens, the longest first."""
    made: list[list[int]] = []
    longest, language = 0, ""
    key = (lambda text: text.target) if choice.by_language else (lambda _: "")
    for index in sorted(range(len(texts)), key=lambda at: (key(texts[at]), -len(texts[at].tokens))):
        text = texts[index]
        fits = made and key(text) == language
        if fits and longest * (len(made[-1]) + 1) <= choice.batch_tokens:
            made[-1].append(index)
        else:
            made.append([index])
            longest, language = len(text.tokens), key(text)
    return made


def in_turn(
    ways: Mapping[str, Callable[[], Run]], rounds: int
) -> tuple[dict[str, list[Run]], dict[str, Any]]:
    """Runs of each way, and a table of ratios to the first; one round before them warms up."""
    runs: dict[str, list[Run]] = {name: [] for name in ways}
    names = list(ways)
    for turn in range(rounds + 1):
        first = turn % len(names)
        for name in (*names[first:], *names[:first]):
            made = ways[name]()
            if turn:
                runs[name].append(made)
    base = runs[names[0]]
    rows = {}
    for name, made in runs.items():
        ratios = [own.rate / first.rate for own, first in zip(made, base, strict=True)]
        cpu = [first.cpu_seconds / own.cpu_seconds for own, first in zip(made, base, strict=True)]
        rows[name] = {
            "texts_per_second": round(statistics.median(each.rate for each in made), 2),
            "ratio": round(statistics.median(ratios), 3),
            "least": round(min(ratios), 3),
            "most": round(max(ratios), 3),
            "cpu_ratio": round(statistics.median(cpu), 3),
        }
    return runs, rows


def read_texts(folder: Path) -> list[Text]:
    """The held-out sentences, each into all three languages."""
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(folder / "source.spm"))
    texts = []
    for line in HELD_OUT.read_text(encoding="utf-8").splitlines():
        pair = json.loads(line)
        source = pieces.encode(pair["en"], out_type=str)
        texts += [
            Text([tag, *source, "</s>"], target, pair[target])
            for target, tag in (("ko", ">>kor<<"), ("ru", ">>rus<<"), ("uk", ">>ukr<<"))
        ]
    return texts


def chrf(texts: Sequence[Text], outputs: Sequence[list[str]], folder: Path) -> dict[str, float]:
    """chrF2 by language."""
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(folder / "target.spm"))
    scores = {}
    for target in ("ko", "ru", "uk"):
        pairs = [
            (pieces.decode(output), text.reference)
            for text, output in zip(texts, outputs, strict=True)
            if text.target == target
        ]
        written, references = zip(*pairs, strict=True)
        scores[target] = round(sacrebleu.corpus_chrf(written, [references]).score, 2)
    return scores


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


def write_model(folder: Path, layers: int = 6, width: int = 512) -> None:
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


def threads(bundled: Path, texts: Sequence[Text], rounds: int, scratch: Path) -> dict[str, Any]:
    """Translators × threads of each, with the bundled pack and with a larger model's shape."""
    cpus, found = usable_cpus(), {}
    write_model(scratch / "random")
    rng = numpy.random.default_rng(1)
    random = [
        Text([f"w{n}" for n in rng.integers(0, WORDS - 2, SOURCE)], "", "") for _ in range(64)
    ]
    settings = dict.fromkeys([(cpus, 1), (1, cpus), (1, 1), (cpus, 2)])
    for name, folder, some, fixed in (
        ("bundled", bundled, texts, 0),
        ("random Marian 6+6×512", scratch / "random", random, OUTPUT),
    ):
        for tokens in (32, 1024):  # single sentences, full batches
            choices = [
                Choice(inter, intra, batch_tokens=tokens, vmap=not fixed)
                for inter, intra in settings
            ]
            part = some[:: 1 if tokens > 32 else 4]
            ways = {
                f"{choice.inter} × {choice.intra}": _way(folder, part, choice, fixed)
                for choice in choices
            }
            title = "one text a batch" if tokens == 32 else f"{tokens} tokens a batch"
            _, found[f"{name}, {title}"] = in_turn(ways, rounds)
    return found


def batch(bundled: Path, texts: Sequence[Text], rounds: int, _: Path) -> dict[str, Any]:
    """Padded source tokens in a batch, at most."""
    default = Choice(usable_cpus())
    translator = default.translator(bundled)
    ways = {
        f"{tokens}": _way(bundled, texts, replace(default, batch_tokens=tokens), 0, translator)
        for tokens in (1024, 64, 256, 512, 2048, 4096)
    }
    return {"batch_tokens": in_turn(ways, rounds)[1]}


def beam(bundled: Path, texts: Sequence[Text], rounds: int, _: Path) -> dict[str, Any]:
    """Beams, by speed and by chrF."""
    default = Choice(usable_cpus())
    translator = default.translator(bundled)
    ways = {
        f"beam {size}": _way(bundled, texts, replace(default, beam=size), 0, translator)
        for size in (3, 1, 2, 4, 5)
    }
    runs, rows = in_turn(ways, rounds)
    for name, row in rows.items():
        row["chrf"] = chrf(texts, runs[name][0].outputs, bundled)
    return {"beam": rows}


def compute(bundled: Path, texts: Sequence[Text], rounds: int, _: Path) -> dict[str, Any]:
    """Arithmetic; what this processor can't do is refused by CTranslate2, and recorded."""
    default, ways, refused = Choice(usable_cpus()), {}, {}
    for kind in ("int8", "int8_float32", "float32", "int8_bfloat16", "bfloat16"):
        try:
            ways[kind] = _way(bundled, texts, replace(default, compute=kind), 0)
        except ValueError as error:
            refused[kind] = str(error)
    runs, rows = in_turn(ways, rounds)
    for name, row in rows.items():
        row["chrf"] = chrf(texts, runs[name][0].outputs, bundled)
    return {"compute_type": rows | {kind: {"refused": why} for kind, why in refused.items()}}


def vmap(bundled: Path, texts: Sequence[Text], rounds: int, _: Path) -> dict[str, Any]:
    """With and without the vocabulary map, and batches of all languages or of one."""
    default = Choice(usable_cpus())
    translator = default.translator(bundled)
    choices = {
        "map, a language a batch": default,
        "no map, a language a batch": replace(default, vmap=False),
        "no map, languages mixed": replace(default, vmap=False, by_language=False),
    }
    ways = {name: _way(bundled, texts, choice, 0, translator) for name, choice in choices.items()}
    runs, rows = in_turn(ways, rounds)
    for name, row in rows.items():
        row["chrf"] = chrf(texts, runs[name][0].outputs, bundled)
    return {"vocabulary map": rows}


def environment(_: Path, texts: Sequence[Text], rounds: int, __: Path) -> dict[str, Any]:
    """Variables of OpenMP and malloc, and pinning: a process of its own for each run."""
    ways = {name: _child(variables) for name, variables in ENVIRONMENTS.items()} | {
        "pinned to its cores": _child({}, pinned=True)
    }
    assert texts
    return {"environment": in_turn(ways, rounds)[1]}


def _way(
    folder: Path, texts: Sequence[Text], choice: Choice, fixed: int, translator: Any = None
) -> Callable[[], Run]:
    loaded = translator or choice.translator(folder)
    return lambda: run(loaded, texts, choice, fixed)


def _child(variables: Mapping[str, str], *, pinned: bool = False) -> Callable[[], Run]:
    cores = ",".join(map(str, sorted(os.sched_getaffinity(0))[: usable_cpus()]))
    prefix = ["taskset", "--cpu-list", cores] if pinned else []
    command = [*prefix, sys.executable, "-m", "loadtests.engine_choices", "--one"]

    def ask() -> Run:
        answer = subprocess.run(
            command, check=True, capture_output=True, text=True, env={**os.environ, **variables}
        )
        seconds, cpu, count = json.loads(answer.stdout)
        return Run(seconds, cpu, [[]] * count)

    return ask


def one() -> None:
    """One warm run with the defaults, for `environment`."""
    folder = _bundled()
    texts, choice = read_texts(folder)[::3], Choice(usable_cpus())
    translator = choice.translator(folder)
    run(translator, texts[:24], choice)
    made = run(translator, texts, choice)
    print(json.dumps([made.seconds, made.cpu_seconds, len(made.outputs)]))


def _bundled() -> Path:
    pack = open_pack(shipped_packs() / "bundled")
    (model,) = pack.description.models.values()
    choice, served = Choice(1), model.decoding
    ours = (choice.beam, choice.repetition_penalty, choice.length_penalty)
    theirs = (served.beam_size, served.repetition_penalty, served.length_penalty)
    assert ours == theirs, f"the pack's search has changed to {theirs}"
    return pack.folder / model.folder


def as_table(title: str, rows: Mapping[str, Mapping[str, Any]]) -> str:
    """One table in Markdown, the default first."""
    lines = [
        f"\n### {title}\n",
        "| setting | texts/s | × the default | texts a CPU second, × | chrF ko / ru / uk |",
        "|---|---|---|---|---|",
    ]
    for name, row in rows.items():
        if "refused" in row:
            lines.append(f"| {name} | refused: {row['refused']} | | | |")
            continue
        scores = " / ".join(f"{score:.2f}" for score in row.get("chrf", {}).values())
        lines.append(
            f"| {name} | {row['texts_per_second']:.1f} | {row['ratio']:.2f} "
            f"({row['least']:.2f}–{row['most']:.2f}) | {row['cpu_ratio']:.2f} | {scores} |"
        )
    return "\n".join(lines)


EXPERIMENTS = {
    "threads": threads,
    "batch": batch,
    "beam": beam,
    "compute": compute,
    "vmap": vmap,
    "environment": environment,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--texts", type=int, default=149, help="held-out sentences, at most")
    parser.add_argument("--only", nargs="+", choices=EXPERIMENTS, default=list(EXPERIMENTS))
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        one()
        return
    defaults = Settings.model_fields
    assert Choice(1).batch_tokens == defaults["batch_tokens"].default, "the default has changed"
    assert Choice(1).intra == defaults["threads_per_runner"].default, "the default has changed"
    bundled = _bundled()
    texts = read_texts(bundled)[: 3 * options.texts]
    results: dict[str, Any] = {
        **machine(),
        "texts": len(texts),
        "rounds": options.rounds,
        "ctranslate2": ctranslate2.__version__,
        "supported": sorted(ctranslate2.get_supported_compute_types("cpu")),
        "tables": {},
    }
    for name in options.only:
        with tempfile.TemporaryDirectory() as scratch:
            found = EXPERIMENTS[name](bundled, texts, options.rounds, Path(scratch))
        for title, rows in found.items():
            print(as_table(title, rows), flush=True)
        results["tables"] |= found
    options.out.write_text(
        json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
