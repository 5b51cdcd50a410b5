"""Checkpoints to CTranslate2 models, checked on the way.

Runs where packs are pulled and needs the `convert` extra. Two kinds of checkpoint are read: the
hub's (safetensors) and, for Marian, the original releases (`decoder.yml` beside an .npz file).
"""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

from newsbrief.conversion_checks import check_coverage, check_golden
from newsbrief.errors import PackCorruptError
from newsbrief.pack import Family
from newsbrief.reference_engine import load_network, load_tokenizer
from newsbrief.tokenisation import (
    BEGIN,
    BYTE_PIECES,
    END,
    PADDING,
    SHARED_PIECES,
    SOURCE_PIECES,
    TARGET_PIECES,
    UNKNOWN,
)
from newsbrief.vocabulary import Vocabulary, byte_level, piece_file, read_vocabulary


def convert(checkpoint: Path, family: Family, out: Path, quantization: str) -> None:
    """Writes a model that `open_engine` opens into the folder `out`, made if need be.

    The same checkpoint and library versions give the same bytes. While it runs it needs room for
    a float32 copy beside the result, and memory for two. Raises `PackCorruptError` if the
    checkpoint is not what its family has, if its vocabulary doesn't fit its embeddings or its
    tokenizer, or if the converted model doesn't write what Transformers writes; `OSError` for
    disk trouble. What is in `out` after an error is of no use.
    """
    out.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(dir=out) as scratch:
            if family == "marian" and (checkpoint / "decoder.yml").is_file():
                made = _convert_release(checkpoint, Path(scratch), quantization)
            else:
                made = _convert_hub(checkpoint, family, Path(scratch), quantization)
            for file in made.iterdir():
                file.replace(out / file.name)
    except (ValueError, KeyError, TypeError, NotImplementedError) as error:
        raise PackCorruptError(f"{checkpoint.name} can't be converted: {error}") from error


def _convert_release(checkpoint: Path, scratch: Path, quantization: str) -> Path:
    """An original Marian release; there is no reference engine for it, so no golden sentences."""
    import yaml
    from ctranslate2.converters import MarianConverter

    try:
        decoder = yaml.safe_load((checkpoint / "decoder.yml").read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise PackCorruptError(f"decoder.yml can't be read: {error}") from error
    names = [decoder["models"][0], *decoder["vocabs"]]
    for name in names:
        if PurePath(name).name != name or not (checkpoint / name).is_file():
            raise PackCorruptError(f"decoder.yml: {name} is no file of {checkpoint.name}")
    weights, *vocabularies = (str(checkpoint / name) for name in names)
    made = scratch / "model"
    MarianConverter(weights, vocabularies).convert(str(made), quantization=quantization)
    _copy_pieces(checkpoint, "marian", made)
    shared = made / "shared_vocabulary.json"
    source = shared if shared.is_file() else made / "source_vocabulary.json"
    check_coverage(made, "marian", json.loads(source.read_text(encoding="utf-8")))
    return made


def _convert_hub(checkpoint: Path, family: Family, scratch: Path, quantization: str) -> Path:
    network = load_network(checkpoint, family)
    rows = int(network.get_input_embeddings().weight.shape[0])
    vocabulary = read_vocabulary(checkpoint, family, rows)
    # In float32 first: quantizing CTranslate2's copy of the weights overwrites the network's.
    for folder, kind in (("float32", "float32"), ("model", quantization)):
        made = scratch / folder
        made.mkdir()
        specification = _specification(network, family, vocabulary)
        specification.validate()
        specification.optimize(quantization=kind)
        specification.save(str(made))
        _copy_pieces(checkpoint, family, made)
        if folder == "float32":
            check_coverage(made, family, vocabulary.source)
            check_golden(
                made, network, load_tokenizer(checkpoint, family), family, vocabulary.source
            )
    return made


def _copy_pieces(checkpoint: Path, family: Family, out: Path) -> None:
    if family == "marian":
        for name in (SOURCE_PIECES, TARGET_PIECES):
            if not (checkpoint / name).is_file():
                raise PackCorruptError(f"{checkpoint.name} has no {name}")
            shutil.copyfile(checkpoint / name, out / name)
    elif family == "bart":
        from tokenizers import Tokenizer, decoders, models, pre_tokenizers

        tokens, merges = byte_level(checkpoint)
        rows = {token: row for row, token in enumerate(tokens)}
        tokenizer = Tokenizer(models.BPE(vocab=rows, merges=merges))
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        tokenizer.decoder = decoders.ByteLevel()
        tokenizer.save(str(out / BYTE_PIECES))
    else:
        shutil.copyfile(piece_file(checkpoint), out / SHARED_PIECES)


@dataclass(frozen=True)
class _Tokens:
    """What CTranslate2's loaders ask of a tokenizer, answered from our own vocabulary."""

    tokens: list[str]
    bos_token: str = BEGIN
    eos_token: str = END
    unk_token: str = UNKNOWN
    pad_token: str = PADDING
    num_madeup_words: int = 0
    special_tokens_map: dict[str, Any] = field(default_factory=dict)

    @property
    def unk_token_id(self) -> int:
        return self.tokens.index(self.unk_token)

    def get_vocab(self) -> dict[str, int]:
        return {token: row for row, token in enumerate(self.tokens)}

    def convert_ids_to_tokens(self, row: int) -> str:
        return self.tokens[row]


def _specification(network: Any, family: Family, vocabulary: Vocabulary) -> Any:
    """The network as CTranslate2 describes it."""
    import torch
    from ctranslate2.converters import transformers as loaders

    class MarianLoader(loaders.MarianMTLoader):  # type: ignore[misc]
        """With a target vocabulary of its own, where the checkpoint has one."""

        def set_vocabulary(self, spec: Any, tokens: list[str]) -> None:
            spec.register_source_vocabulary(tokens)
            spec.register_target_vocabulary(
                tokens if vocabulary.target is vocabulary.source else vocabulary.target[:-1]
            )

    loader = {
        "marian": MarianLoader,
        "m2m_100": loaders.M2M100Loader,
        "mbart": loaders.MBartLoader,
        "bart": loaders.BartLoader,
        "pegasus": loaders.PegasusLoader,
        "t5": loaders.T5Loader,
        "mt5": loaders.MT5Loader,
    }[network.config.model_type]()
    # What the loaders read but new configurations lack; the values are the architectures'.
    if family in ("bart", "mbart50", "pegasus"):
        network.config.normalize_before = family != "bart"
        network.config.normalize_embedding = family != "pegasus"
    if family in ("t5", "madlad"):
        # Transformers 5 says "tied" of every T5; what the loader wants to know is whether the
        # decoder's output is scaled, which goes with tied weights in T5's first release only.
        network.config.tie_word_embeddings = getattr(network.config, "scale_decoder_outputs", False)
    with torch.no_grad():
        specification = loader(network, _Tokens(vocabulary.source))
    if family == "mbart50":
        specification.config.decoder_start_token = END
    return specification
