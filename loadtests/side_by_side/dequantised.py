"""A CTranslate2 int8 Marian model back to a Transformers checkpoint: the same weights in float32.

The plain service needs one, and the repository holds the int8 weights alone. The file format is
that of `ctranslate2.specs.model_spec.ModelSpec._serialize`.
"""

from __future__ import annotations

import json
import shutil
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy

BINARY_VERSION = 6
TYPES = ("float32", "int8", "int16", "int32", "float16")
END, PADDING = "</s>", "<pad>"
MASKED = -1e9  # the bias of `<pad>`, which CTranslate2's vocabulary lacks


Arrays = dict[str, Any]


def read_arrays(file: Path) -> tuple[tuple[str, int], Arrays, list[tuple[str, str]]]:
    """The kind of model and its revision, its arrays by name, and names that stand for others."""
    with file.open("rb") as stream:
        assert _number(stream, "I") == BINARY_VERSION
        kind = _word(stream), _number(stream, "I")
        arrays = {}
        for _ in range(_number(stream, "I")):
            name = _word(stream)
            shape = [_number(stream, "I") for _ in range(_number(stream, "B"))]
            dtype = TYPES[_number(stream, "B")]
            arrays[name] = numpy.frombuffer(stream.read(_number(stream, "I")), dtype).reshape(shape)
        return kind, arrays, [(_word(stream), _word(stream)) for _ in range(_number(stream, "I"))]


def write_arrays(
    file: Path, kind: tuple[str, int], arrays: Arrays, links: list[tuple[str, str]]
) -> None:
    """Writes what `read_arrays` reads."""

    def word(text: str) -> bytes:
        return struct.pack("<H", len(text) + 1) + text.encode() + b"\0"

    with file.open("wb") as stream:
        stream.write(struct.pack("<I", BINARY_VERSION) + word(kind[0]))
        stream.write(struct.pack("<II", kind[1], len(arrays)))
        for name, array in arrays.items():
            stream.write(word(name) + struct.pack("<B", array.ndim))
            stream.write(struct.pack(f"<{array.ndim}I", *array.shape))
            stream.write(struct.pack("<BI", TYPES.index(array.dtype.name), array.nbytes))
            stream.write(array.tobytes())
        stream.write(struct.pack("<I", len(links)))
        for link in links:
            stream.write(b"".join(map(word, link)))


def read_weights(file: Path) -> Arrays:
    """Arrays by CTranslate2's names, those in int8 multiplied out; linked names included."""
    _, stored, links = read_arrays(file)
    weights = {
        name: array / stored[f"{name}_scale"][:, None]
        if array.dtype == "int8" and array.ndim == 2
        else array
        for name, array in stored.items()
        if not name.endswith("_scale")
    }
    return weights | {name: weights[other] for name, other in links if other in weights}


def write_checkpoint(model: Path, folder: Path) -> None:
    """Writes the checkpoint of a Marian model whose vocabulary is shared and whose norm comes last.

    `<pad>`, which Marian's decoder begins with, is added as the last token, as models.training
    has it.
    """
    import torch
    from transformers import MarianConfig, MarianMTModel, logging

    logging.disable_progress_bar()
    weights = read_weights(model / "model.bin")
    tokens = json.loads((model / "shared_vocabulary.json").read_text(encoding="utf-8"))
    assert not weights["decoder/pre_norm"], "only models with the norm after each part"
    assert weights["decoder/start_from_zero_embedding"], "only models that begin with <pad>"
    embeddings = weights["decoder/embeddings/weight"]
    assert len(embeddings) == len(tokens)
    ids = {token: row for row, token in enumerate([*tokens, PADDING])}
    heads = int(weights["decoder/num_heads"])
    network = MarianMTModel(
        MarianConfig(
            vocab_size=len(ids),
            d_model=embeddings.shape[1],
            encoder_layers=_layers(weights, "encoder"),
            decoder_layers=_layers(weights, "decoder"),
            encoder_attention_heads=heads,
            decoder_attention_heads=heads,
            encoder_ffn_dim=len(weights["encoder/layer_0/ffn/linear_0/weight"]),
            decoder_ffn_dim=len(weights["decoder/layer_0/ffn/linear_0/weight"]),
            max_position_embeddings=len(weights["decoder/position_encodings/encodings"]),
            activation_function=("relu", "gelu_new", "swish")[int(weights["decoder/activation"])],
            scale_embedding=True,
            pad_token_id=ids[PADDING],
            eos_token_id=ids[END],
            bos_token_id=None,
            forced_eos_token_id=None,
            decoder_start_token_id=ids[PADDING],
        )
    )
    padding = numpy.zeros((1, embeddings.shape[1]), "float32")
    bias = weights.get("decoder/projection/bias", numpy.zeros(len(tokens), "float32"))
    named = dict(_renamed(weights)) | {
        "model.shared.weight": numpy.concatenate([embeddings, padding]),
        "final_logits_bias": numpy.append(bias, numpy.float32(MASKED))[None],
    }
    state = network.state_dict()
    for name, array in named.items():
        state[name].copy_(torch.from_numpy(numpy.array(array, "float32")))
    network.save_pretrained(folder)
    write_tokenizer(folder, ids, model)


def write_tokenizer(folder: Path, ids: dict[str, int], pieces: Path) -> None:
    """Writes the files of Marian's tokenizer; the SentencePiece models lie in `pieces`."""
    (folder / "vocab.json").write_text(json.dumps(ids), encoding="utf-8")
    for name in ("source.spm", "target.spm"):
        shutil.copyfile(pieces / name, folder / name)
    settings = {
        "tokenizer_class": "MarianTokenizer",
        "source_lang": "en",
        "target_lang": "ru",
        "unk_token": "<unk>",
        "eos_token": END,
        "pad_token": PADDING,
        "model_max_length": 512,
        "separate_vocabs": False,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(settings), encoding="utf-8")


def _renamed(weights: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Transformers' names; CTranslate2 keeps query, key and value in one array."""
    for stack in ("encoder", "decoder"):
        for layer in range(_layers(weights, stack)):
            ours, theirs = f"{stack}/layer_{layer}", f"model.{stack}.layers.{layer}"
            parts = [("ffn", "fc1", "linear_0", 0, 1), ("ffn", "fc2", "linear_1", 0, 1)]
            own = "self_attn"
            parts += [("self_attention", f"{own}.{x}_proj", "linear_0", i, 3) for i, x in _QKV]
            parts += [("self_attention", f"{own}.out_proj", "linear_1", 0, 1)]
            norms = [("self_attention", "self_attn_layer_norm"), ("ffn", "final_layer_norm")]
            if stack == "decoder":
                across = "encoder_attn"
                parts += [("attention", f"{across}.q_proj", "linear_0", 0, 1)]
                parts += [("attention", f"{across}.k_proj", "linear_1", 0, 2)]
                parts += [("attention", f"{across}.v_proj", "linear_1", 1, 2)]
                parts += [("attention", f"{across}.out_proj", "linear_2", 0, 1)]
                norms += [("attention", "encoder_attn_layer_norm")]
            for block, name, linear, index, count in parts:
                for kind in ("weight", "bias"):
                    whole = weights[f"{ours}/{block}/{linear}/{kind}"]
                    yield f"{theirs}.{name}.{kind}", numpy.split(whole, count)[index]
            for block, name in norms:
                norm = f"{ours}/{block}/layer_norm"
                yield f"{theirs}.{name}.weight", weights[f"{norm}/gamma"]
                yield f"{theirs}.{name}.bias", weights[f"{norm}/beta"]


_QKV = tuple(enumerate("qkv"))


def _layers(weights: dict[str, Any], stack: str) -> int:
    return sum(
        name.startswith(f"{stack}/") and name.endswith("/ffn/linear_0/weight") for name in weights
    )


def _number(stream: BinaryIO, kind: str) -> int:
    (number,) = struct.unpack(f"<{kind}", stream.read(struct.calcsize(kind)))
    return int(number)


def _word(stream: BinaryIO) -> str:
    return stream.read(_number(stream, "H"))[:-1].decode()
