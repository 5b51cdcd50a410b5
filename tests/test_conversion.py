import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy
import pytest
import torch
import yaml
from safetensors.torch import load_file, save_file

from newsbrief.conversion import convert
from newsbrief.conversion_checks import SAMPLE
from newsbrief.engine import CTranslate2Engine
from newsbrief.errors import PackCorruptError
from newsbrief.pack import Decoding
from newsbrief.reference_engine import load_network, load_tokenizer, open_reference
from newsbrief.vocabulary import Vocabulary, read_vocabulary
from tests.checkpoints import Task, checkpoint, converted, write_marian_release


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.getbasetemp()


@pytest.fixture
def copy(base: Path, tmp_path: Path):
    """Copies a checkpoint, for a test to spoil."""

    def copied(name: str) -> Path:
        return Path(shutil.copytree(checkpoint(base, name).folder, tmp_path / name))

    return copied


def written(folder: Path, tasks: list[Task], beam: int) -> list[str]:
    engine = CTranslate2Engine(
        folder, "marian", max_source_tokens=128, compute_type="float32", inter_threads=1
    )
    sources = [engine.encode(task.text, source_prefix=task.source_prefix) for task in tasks]
    outputs = engine.generate(sources, Decoding(beam_size=beam, max_tokens=40))
    return [output.text for output in outputs]


def amend(file: Path, **entries: object) -> None:
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | entries), "utf-8")


def digests(folder: Path) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()}


def refused(folder: Path, family: str, out: Path, message: str) -> None:
    with pytest.raises(PackCorruptError, match=message):
        convert(folder, family, out, "int8")
    assert not (out / "model.bin").exists()


@pytest.mark.parametrize("name", ["marian", "marian-separate"])
@pytest.mark.parametrize("beam", [1, 4])
def test_an_original_marian_release_writes_what_its_twin_on_the_hub_writes(
    base, tmp_path, name, beam
):
    made = checkpoint(base, name)
    release = write_marian_release(made, tmp_path / "release")
    convert(release, "marian", tmp_path / "out", "float32")
    config = json.loads((tmp_path / "out/config.json").read_text())
    assert config["add_source_eos"]  # so that both ways of closing a source are tried here
    tasks = made.tasks + [Task(text, "", made.tasks[0].source_prefix) for text in SAMPLE]
    hubs = written(converted(base, name, "float32"), tasks, beam)
    assert written(tmp_path / "out", tasks, beam) == hubs


def test_a_release_gives_the_files_that_serving_needs_and_no_more(base, tmp_path):
    release = write_marian_release(checkpoint(base, "marian-separate"), tmp_path / "release")
    convert(release, "marian", tmp_path / "out", "int8")
    assert {file.name for file in (tmp_path / "out").iterdir()} == {
        "config.json",
        "model.bin",
        "source.spm",
        "source_vocabulary.json",
        "target.spm",
        "target_vocabulary.json",
    }


def test_the_closing_token_of_a_release_counts_towards_the_models_limit(base, tmp_path):
    release = write_marian_release(checkpoint(base, "marian"), tmp_path / "release")
    convert(release, "marian", tmp_path / "out", "int8")
    engine = CTranslate2Engine(
        tmp_path / "out", "marian", max_source_tokens=64, compute_type="int8", inter_threads=1
    )
    assert engine.max_source_tokens == 63
    assert engine.encode("mayor").tokens == ("▁mayor",)


@pytest.mark.parametrize("name", ["marian", "bart", "nllb"])
def test_the_same_checkpoint_gives_the_same_bytes(base, tmp_path, name):
    made = checkpoint(base, name)
    convert(made.folder, made.family, tmp_path / "again", "int8")
    assert digests(tmp_path / "again") == digests(converted(base, name, "int8"))


def test_what_lay_in_the_folder_before_is_replaced(base, tmp_path):
    made, out = checkpoint(base, "marian"), tmp_path / "out"
    out.mkdir()
    (out / "model.bin").write_bytes(b"old")
    convert(made.folder, made.family, out, "int8")
    assert digests(out) == digests(converted(base, "marian", "int8"))


def test_int8_is_a_fraction_of_float32(base):
    sizes = [
        (converted(base, "marian", kind) / "model.bin").stat().st_size
        for kind in ("int8", "float32")
    ]
    assert sizes[0] < 0.5 * sizes[1]


def test_half_precision_weights_convert(copy, tmp_path):
    folder = copy("bart")
    weights = load_file(folder / "model.safetensors")
    halves = {name: value.to(torch.float16) for name, value in weights.items()}
    save_file(halves, folder / "model.safetensors", metadata={"format": "pt"})
    amend(folder / "config.json", torch_dtype="float16")
    convert(folder, "bart", tmp_path / "out", "int8")
    assert (tmp_path / "out/model.bin").exists()


def test_a_tokenizer_in_one_json_file_will_do_for_bart(base, copy, tmp_path):
    folder = copy("bart")
    load_tokenizer(folder, "bart").save_pretrained(folder)
    assert (folder / "tokenizer.json").exists()
    for name in ("vocab.json", "merges.txt"):
        (folder / name).unlink(missing_ok=True)
    convert(folder, "bart", tmp_path / "out", "int8")
    assert digests(tmp_path / "out") == digests(converted(base, "bart", "int8"))


def test_a_model_that_would_write_unknown_words_writes_others(base, copy, tmp_path):
    folder = copy("marian")
    weights = load_file(folder / "model.safetensors")
    weights["final_logits_bias"][0, 1] = 50  # <unk>
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    convert(folder, "marian", tmp_path / "out", "float32")
    tasks = checkpoint(base, "marian").tasks[:4]
    usual = written(converted(base, "marian", "float32"), tasks, 4)
    assert written(tmp_path / "out", tasks, 4) == usual


# --- what is refused


def test_a_target_vocabulary_in_the_sources_place_is_noticed(copy, tmp_path):
    """The fault of the hub's opus-mt-tc-big-en-ko."""
    folder = copy("marian-separate")
    shutil.copyfile(folder / "target_vocab.json", folder / "vocab.json")
    refused(folder, "marian", tmp_path / "out", "vocabulary has .*% of a sample's pieces")


def test_swapped_sentencepiece_files_are_noticed(copy, tmp_path):
    folder = copy("marian-separate")
    (folder / "source.spm").rename(folder / "other.spm")
    (folder / "target.spm").rename(folder / "source.spm")
    (folder / "other.spm").rename(folder / "target.spm")
    refused(folder, "marian", tmp_path / "out", "of a sample's pieces|golden sentences")


def test_tokens_at_other_rows_than_transformers_has_them_are_noticed(base, tmp_path, monkeypatch):
    def rolled(*arguments: object) -> Vocabulary:
        tokens = read_vocabulary(*arguments).source
        tokens = tokens[:4] + tokens[5:] + tokens[4:5]
        return Vocabulary(tokens, tokens)

    monkeypatch.setattr("newsbrief.conversion.read_vocabulary", rolled)
    folder = checkpoint(base, "nllb").folder
    refused(folder, "nllb", tmp_path / "out", "golden sentences come out unlike")


@pytest.mark.parametrize(
    ("name", "message"),
    [("marian", "vocabulary"), ("m2m100", r"tokens in the vocabulary, \d+ embedding rows")],
)
def test_fewer_tokens_than_embedding_rows_are_refused(copy, tmp_path, name, message):
    folder = copy(name)
    rows = json.loads((folder / "vocab.json").read_text("utf-8"))
    dropped = [token for token in rows if token not in ("<pad>", "</s>", "<unk>")][-20:]
    kept = [token for token in rows if token not in dropped]
    (folder / "vocab.json").write_text(json.dumps({t: n for n, t in enumerate(kept)}), "utf-8")
    refused(folder, name, tmp_path / "out", message)


def test_gaps_in_a_vocabulary_are_refused(copy, tmp_path):
    folder = copy("marian")
    rows = json.loads((folder / "vocab.json").read_text("utf-8"))
    rows["more"] = len(rows) + 5
    (folder / "vocab.json").write_text(json.dumps(rows), "utf-8")
    refused(folder, "marian", tmp_path / "out", "vocab.json: the rows do not run")


def test_a_checkpoint_of_another_family_is_refused(base, tmp_path):
    folder = checkpoint(base, "bart").folder
    for family in ("t5", "pegasus", "m2m100"):
        refused(folder, family, tmp_path / family, f"model_type bart is not of family {family}")


def test_weights_that_can_hold_code_are_not_read(copy, tmp_path):
    folder = copy("bart")
    torch.save(load_file(folder / "model.safetensors"), folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()
    refused(folder, "bart", tmp_path / "out", "no weights in the safetensors format")


def test_a_missing_weight_is_named(copy, tmp_path):
    folder = copy("bart")
    weights = load_file(folder / "model.safetensors")
    del weights["model.encoder.layers.1.fc1.weight"]
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    refused(folder, "bart", tmp_path / "out", "lacks weights: model.encoder.layers.1.fc1.weight")


def test_a_truncated_file_of_weights_is_refused(copy, tmp_path):
    folder = copy("bart")
    whole = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(whole[: len(whole) // 2])
    refused(folder, "bart", tmp_path / "out", "can't be loaded")


def test_weights_that_are_not_loaded_as_they_are_stored_are_noticed(copy, monkeypatch):
    """The fault of Transformers' issue 26216: a network with weights of its own making."""
    import transformers

    load = transformers.MarianMTModel.from_pretrained

    def garbling(*arguments, **options):
        network, report = load(*arguments, **options)
        with torch.no_grad():
            network.model.encoder.layers[0].fc1.weight[0, 0] += 1
        return network, report

    monkeypatch.setattr(transformers.MarianMTModel, "from_pretrained", garbling)
    with pytest.raises(PackCorruptError, match=r"fc1\.weight was not loaded as it is stored"):
        load_network(copy("marian"), "marian")


def test_a_network_that_ctranslate2_runs_otherwise_is_noticed_by_its_output(copy, tmp_path):
    """Marian begins from zeros, Transformers from the row of the padding, which must be zeros."""
    folder = copy("marian")
    weights = load_file(folder / "model.safetensors")
    weights["model.shared.weight"][-1] = 3 * torch.randn(weights["model.shared.weight"].shape[1])
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    refused(folder, "marian", tmp_path / "out", "golden sentences come out unlike")


@pytest.mark.parametrize(
    ("name", "family", "file", "message"),
    [
        ("marian", "marian", "source.spm", "has no source.spm"),
        ("marian", "marian", "target.spm", "has no target.spm"),
        ("marian", "marian", "vocab.json", "has no vocab.json"),
        ("bart", "bart", "merges.txt", "has no tokenizer.json"),
        ("nllb", "nllb", "sentencepiece.bpe.model", "has none of sentencepiece.bpe.model"),
        ("t5", "t5", "config.json", "config.json"),
    ],
)
def test_a_missing_file_is_named(copy, tmp_path, name, family, file, message):
    folder = copy(name)
    (folder / file).unlink()
    refused(folder, family, tmp_path / "out", message)


@pytest.mark.parametrize(
    ("decoder", "message"),
    [
        ({"models": ["../opus.npz"], "vocabs": []}, r"decoder.yml: \.\./opus.npz is no file"),
        ({"models": ["/etc/hostname"], "vocabs": []}, r"decoder.yml: /etc/hostname is no"),
        ({"models": ["opus.npz"], "vocabs": ["absent.yml"]}, r"decoder.yml: absent.yml is no"),
        ({"models": ["opus.npz"]}, "can't be converted"),
        ("just text", "can't be converted"),
    ],
)
def test_a_release_that_points_elsewhere_or_nowhere_is_refused(base, tmp_path, decoder, message):
    release = write_marian_release(checkpoint(base, "marian"), tmp_path / "release")
    (release / "decoder.yml").write_text(yaml.safe_dump(decoder))
    refused(release, "marian", tmp_path / "out", message)


def test_a_release_whose_vocabulary_does_not_fit_is_refused(base, tmp_path):
    release = write_marian_release(checkpoint(base, "marian"), tmp_path / "release")
    file = release / "opus.vocab.yml"
    lines = file.read_text("utf-8").splitlines()
    file.write_text("\n".join(lines[:-7]), "utf-8")
    refused(release, "marian", tmp_path / "out", "vocabulary .* has size")


def test_a_release_with_the_vocabularies_of_the_wrong_sides_is_noticed(base, tmp_path):
    release = write_marian_release(checkpoint(base, "marian-separate"), tmp_path / "release")
    decoder = {"models": ["opus.npz"], "vocabs": ["opus.trg.vocab.yml", "opus.src.vocab.yml"]}
    (release / "decoder.yml").write_text(yaml.safe_dump(decoder))
    refused(release, "marian", tmp_path / "out", "of a sample's pieces")


def test_a_release_of_another_architecture_is_refused(base, tmp_path):
    release = write_marian_release(checkpoint(base, "marian"), tmp_path / "release")
    with numpy.load(release / "opus.npz") as stored:
        arrays = dict(stored)
    settings = yaml.safe_load(arrays["special:model.yml"][:-1].tobytes()) | {"type": "s2s"}
    text = (yaml.safe_dump(settings) + "\0").encode()
    arrays["special:model.yml"] = numpy.frombuffer(text, dtype=numpy.int8)
    numpy.savez(release / "opus.npz", **arrays)
    refused(release, "marian", tmp_path / "out", "--type must be 'transformer'")


# --- the reference engine


@pytest.mark.parametrize("name", ["marian", "nllb", "pegasus", "madlad"])
def test_the_reference_engine_is_an_engine_like_the_served_one(base, name):
    made = checkpoint(base, name)
    reference = open_reference(made.folder, made.family, max_source_tokens=128)
    served = CTranslate2Engine(
        converted(base, name, "float32"),
        made.family,
        max_source_tokens=128,
        compute_type="float32",
        inter_threads=1,
    )
    decoding = Decoding(beam_size=2, min_tokens=3, max_tokens=40, no_repeat_ngram_size=3)
    ours, theirs = (
        engine.generate(
            [
                engine.encode(
                    task.text, source_prefix=task.source_prefix, target_prefix=task.target_prefix
                )
                for task in made.tasks[:6]
            ],
            decoding,
        )
        for engine in (served, reference)
    )
    assert [replace(output, alternatives=()) for output in ours] == theirs
    reference.close()
