"""What is compared: the models, in every system's form, and the texts."""

from __future__ import annotations

import itertools
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from loadtests.side_by_side import shapes
from loadtests.side_by_side.argos import write_package
from loadtests.side_by_side.dequantised import write_checkpoint
from loadtests.side_by_side.environments import ROOT
from loadtests.side_by_side.systems import Models
from newsbrief.pack import inventory, open_pack
from newsbrief.pack_schema import Direction

BUNDLED = ROOT / "models" / "packs" / "bundled"
SENTENCES = ROOT / "models" / "training" / "held_out.jsonl"
ARTICLE = ROOT / "tests" / "samples" / "harbour.txt"
TAGS = {"ru": shapes.TAG}

PACK = """\
format = 1
name = "{name}"
version = "0.0.1"
description = "Random weights in a real shape, for a comparison"
source_languages = ["en"]
{what}
[models.random]
family = "{family}"
licence = "Apache-2.0"
commercial_use = true
attribution = "nobody"
folder = "random"
max_source_tokens = {longest}
source = {{ kind = "own", recipe = "python -m loadtests.side_by_side" }}
decoding = {{ beam_size = {beam}, max_tokens = {tokens} }}
"""
TRANSLATES = """
[highlights]
method = "extractive"

[[directions]]
source = "en"
target = "ru"
model = "random"
source_prefix = [">>rus<<"]
"""
SUMMARISES = """
[highlights]
method = "seq2seq"
model = "random"

[[directions]]
source = "en"
target = "ru"
model = "random"
"""
FILE = """
[[models.random.files]]
path = "{path}"
bytes = {bytes}
sha256 = "{sha256}"
"""


@dataclass(frozen=True)
class Workload:
    """`requests` are how many a system gets at each concurrency; slow ones get their own count."""

    models: Models
    texts: tuple[tuple[str, str], ...]
    requests: Mapping[int, int]
    slow: Mapping[int, int]
    rounds: int
    starts: int = 1

    def batch(self, system: str, concurrent: int, turn: int) -> list[tuple[str, str]]:
        """The requests of one cell: in each round other texts, for all systems the same ones."""
        counts = self.slow if system == "plain" else self.requests
        count = counts.get(concurrent, self.requests[concurrent])
        start = turn * self.requests[concurrent]
        return [self.texts[(start + index) % len(self.texts)] for index in range(count)]


def bundled(scratch: Path, cores: int, *, quick: bool) -> Workload:
    """The bundled translator: the same weights for all, outputs as long as they come."""
    pack = open_pack(BUNDLED)
    (model,) = pack.description.models.values()
    folder = BUNDLED / model.folder
    for direction in pack.description.directions:
        write_package(folder, direction, scratch / "argos")
    write_checkpoint(folder, scratch / "checkpoint")
    models = Models(
        "bundled",
        pack=BUNDLED,
        argos=scratch / "argos",
        model=folder,
        checkpoint=scratch / "checkpoint",
        tags={each.target: each.source_prefix[0] for each in pack.description.directions},
        beam=model.decoding.beam_size,
        max_tokens=96,
        cores=cores,
    )
    texts = tuple(zip(sentences(), itertools.cycle(models.tags), strict=False))
    requests = {1: 6, 8: 16, 32: 96} if quick else {1: 24, 8: 96, 32: 384}
    slow = {1: 3, 8: 8, 32: 32} if quick else {1: 6, 8: 16, 32: 32}
    return Workload(
        models, texts, requests, slow, rounds=2 if quick else 4, starts=2 if quick else 4
    )


def marian(cache: Path, scratch: Path, cores: int, *, quick: bool) -> Workload:
    """A Marian model of OPUS-MT's usual shape."""
    texts = tuple((text, "ru") for text in sentences())
    models = _random("marian", shapes.MARIAN, cache, scratch, cores)
    requests = {32: 32} if quick else {1: 6, 32: 64}
    return Workload(models, texts, requests, {1: 2, 32: 32}, 1 if quick else 2)


def tc_big(cache: Path, scratch: Path, cores: int, *, quick: bool) -> Workload:
    """A Marian model of the shape of OPUS-MT's tc-big releases (transformer-big)."""
    texts = tuple((text, "ru") for text in sentences())
    models = _random("tc-big", shapes.TC_BIG, cache, scratch, cores)
    return Workload(models, texts, {8: 16}, {8: 8}, 1 if quick else 2)


def distilbart(cache: Path, scratch: Path, cores: int, *, quick: bool) -> Workload:
    """A summariser of DistilBART 12-6's shape; articles of some 250 words, 32 tokens each."""
    words = ARTICLE.read_text(encoding="utf-8").split()
    texts = tuple((" ".join((words[at:] + words[:at])[:250]), "") for at in range(0, 200, 10))
    models = _random("distilbart", shapes.DISTILBART, cache, scratch, cores)
    return Workload(models, texts, {4: 8}, {4: 4}, 1 if quick else 2)


def sentences() -> list[str]:
    """English sentences of news, about 13 words each, from the translator's held-out set."""
    lines = SENTENCES.read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["en"] for line in lines]


def _random(name: str, shape: shapes.Shape, cache: Path, scratch: Path, cores: int) -> Models:
    """The model from the cache, made if need be; what is made of it lies in `scratch`."""
    folder, summary = cache / name, shape is shapes.DISTILBART
    if not (folder / "complete").exists():
        print(f"making a random model of the shape {name}", flush=True)
        shutil.rmtree(folder, ignore_errors=True)
        if summary:
            texts = [*sentences(), ARTICLE.read_text(encoding="utf-8")]
            shapes.write_bart(shape, texts, folder / "checkpoint", folder / "model")
        else:
            pieces = BUNDLED / "translator"
            shapes.write_marian(shape, pieces, folder / "checkpoint", folder / "model")
        (folder / "complete").touch()
    models = Models(
        name,
        pack=scratch / "pack",
        argos=scratch / "argos",
        model=folder / "model",
        checkpoint=folder / "checkpoint",
        tags={} if summary else TAGS,
        beam=4,
        max_tokens=32 if summary else 24,
        cores=cores,
        fixed=True,
        summary=summary,
    )
    _write_pack(models)
    for target in () if summary else ("ru", "uk"):  # with fewer than two it tries to download
        direction = Direction(
            source="en", target=target, model="random", source_prefix=(shapes.TAG,)
        )
        write_package(models.model, direction, models.argos)
    return models


def _write_pack(models: Models) -> None:
    shutil.copytree(models.model, models.pack / "random")
    text = PACK.format(
        name=models.name,
        what=SUMMARISES if models.summary else TRANSLATES,
        family="bart" if models.summary else "marian",
        longest=1000 if models.summary else 400,
        beam=models.beam,
        tokens=models.max_tokens,
    )
    files = inventory(models.pack, "random")
    text += "".join(FILE.format(**file.model_dump()) for file in files)
    (models.pack / "pack.toml").write_text(text, encoding="utf-8")
