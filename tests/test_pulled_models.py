"""Small checkpoints of every family, from a hub to translations: pull, convert, open, generate."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from newsbrief.hub import pull
from newsbrief.pack import Pack, open_pack, read_pack
from tests.standin_hub import REVISION, Hub, running_hub
from tests.test_hub import Told

if TYPE_CHECKING:
    from tests.checkpoints import Task

pytestmark = pytest.mark.slow

FAMILIES = (
    "marian",
    "marian-separate",
    "m2m100",
    "nllb",
    "mbart50",
    "bart",
    "pegasus",
    "t5",
    "mt5",
    "madlad",
)
RECIPE = """
format = 1
name = "small"
version = "1.0.0"
description = "A small model for tests."
source_languages = ["en"]
highlights = { method = "seq2seq", model = "model" }

[models.model]
family = "FAMILY"
licence = "Apache-2.0"
commercial_use = true
attribution = "The Newsbrief authors."
folder = "model"
max_source_tokens = 128
decoding = { beam_size = 1, max_tokens = 48 }
source = SOURCE
"""
HUB = f'{{ kind = "hub", repository = "newsbrief/small", revision = "{REVISION}" }}'


def pulled(tmp_path: Path, hub: Hub, family: str, source: str) -> Pack:
    """The pack that a pull makes of the source, opened and verified."""
    recipe = tmp_path / "recipe"
    recipe.mkdir()
    text = RECIPE.replace("FAMILY", family).replace("SOURCE", source)
    (recipe / "pack.toml").write_text(text, encoding="utf-8")
    pull(read_pack(recipe), tmp_path / "packs", Told(), endpoint=hub.address)
    return open_pack(tmp_path / "packs" / "small")


def part_right(pack: Pack, tasks: list[Task]) -> float:
    """How much of the tasks the pack's model writes as it was taught."""
    from newsbrief.engine import open_engine

    model = pack.description.models["model"]
    engine = open_engine(pack.folder / model.folder, model, inter_threads=1, intra_threads=1)
    sources = [
        engine.encode(task.text, source_prefix=task.source_prefix, target_prefix=task.target_prefix)
        for task in tasks
    ]
    written = engine.generate(sources, model.decoding)
    engine.close()
    # Pegasus parts sentences by <n>, which is white space to a reader.
    return sum(
        output.text.split() == task.target.replace("<n>", " ").split()
        for output, task in zip(written, tasks, strict=True)
    ) / len(tasks)


@pytest.mark.parametrize("name", FAMILIES)
def test_a_pulled_model_writes_what_its_checkpoint_was_taught(name, tmp_path, tmp_path_factory):
    from tests.checkpoints import checkpoint

    made = checkpoint(tmp_path_factory.getbasetemp(), name)
    with running_hub() as hub:
        hub.repositories["newsbrief/small"] = {
            path.name: path.read_bytes() for path in made.folder.iterdir()
        }
        pack = pulled(tmp_path, hub, made.family, HUB)
    assert part_right(pack, made.tasks) >= 0.75


@pytest.mark.parametrize("name", ["marian", "marian-separate"])
def test_a_pulled_release_of_marians_writes_what_it_was_taught(name, tmp_path, tmp_path_factory):
    from tests.checkpoints import checkpoint, write_marian_release

    made = checkpoint(tmp_path_factory.getbasetemp(), name)
    release = write_marian_release(made, tmp_path / "release")
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for path in release.iterdir():
            archive.write(path, path.name)
    with running_hub() as hub:
        hub.plain["release.zip"] = content.getvalue()
        sha256 = hashlib.sha256(content.getvalue()).hexdigest()
        url = f"{hub.address}/files/release.zip"
        source = f'{{ kind = "archive", url = "{url}", sha256 = "{sha256}" }}'
        pack = pulled(tmp_path, hub, "marian", source)
    assert part_right(pack, made.tasks) >= 0.75
