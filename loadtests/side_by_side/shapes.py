"""Random weights in the shapes of real models: speed does not depend on values.

Outputs have a fixed length: a bias keeps every token but a few hundred Cyrillic pieces from being
written, the closing `</s>` among them, so that each output runs into the limit on its length.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from loadtests.side_by_side.dequantised import MASKED, PADDING, write_tokenizer

TAG = ">>rus<<"


@dataclass(frozen=True)
class Shape:
    """What decides a model's speed; `words` is the size of its vocabulary."""

    encoder: int
    decoder: int
    width: int
    feed_forward: int
    heads: int
    words: int


MARIAN = Shape(6, 6, 512, 2048, 8, 60_000)
TC_BIG = Shape(6, 6, 1024, 4096, 16, 60_000)
DISTILBART = Shape(12, 6, 1024, 4096, 16, 50_264)


def write_marian(shape: Shape, pieces: Path, checkpoint: Path, model: Path) -> None:
    """A checkpoint in float32 and the same converted to int8.

    `pieces` holds the SentencePiece models; what its vocabulary lacks of the shape's is made up.
    """
    import sentencepiece
    import torch
    from transformers import MarianConfig, MarianMTModel

    from models.training.convert import convert

    spelling = sentencepiece.SentencePieceProcessor(model_file=str(pieces / "source.spm"))
    tokens = [spelling.id_to_piece(row) for row in range(spelling.get_piece_size())]
    tokens += [f"madeupword{row}" for row in range(shape.words - len(tokens) - 1)]
    ids = {token: row for row, token in enumerate([*tokens, PADDING])}
    torch.manual_seed(0)
    network = MarianMTModel(
        MarianConfig(
            **_sizes(shape),
            max_position_embeddings=512,
            activation_function="swish",
            scale_embedding=True,
            pad_token_id=ids[PADDING],
            eos_token_id=ids["</s>"],
            bos_token_id=None,
            forced_eos_token_id=None,
            decoder_start_token_id=ids[PADDING],
        )
    )
    _allow(network, [row for token, row in ids.items() if re.fullmatch("▁[а-я]{2,}", token)])
    network.save_pretrained(checkpoint)
    write_tokenizer(checkpoint, ids, pieces)
    convert(checkpoint, model)


def write_bart(shape: Shape, texts: list[str], checkpoint: Path, model: Path) -> None:
    """The same for BART; its byte-level pieces are made from the texts."""
    import torch
    from ctranslate2.converters import TransformersConverter
    from tokenizers import ByteLevelBPETokenizer
    from transformers import BartConfig, BartForConditionalGeneration

    checkpoint.mkdir(parents=True)
    spelling = ByteLevelBPETokenizer()
    special = ["<s>", PADDING, "</s>", "<unk>", "<mask>"]
    spelling.train_from_iterator(texts, vocab_size=4000, special_tokens=special)
    spelling.save_model(str(checkpoint))
    ids = json.loads((checkpoint / "vocab.json").read_text(encoding="utf-8"))
    words = [token for token in ids if re.fullmatch("Ġ[a-z]{3,}", token)]
    ids |= {f"madeupword{row}": row for row in range(len(ids), shape.words)}
    (checkpoint / "vocab.json").write_text(json.dumps(ids), encoding="utf-8")
    (checkpoint / "tokenizer_config.json").write_text(
        json.dumps({"tokenizer_class": "BartTokenizer", "model_max_length": 1024}), encoding="utf-8"
    )
    torch.manual_seed(0)
    network = BartForConditionalGeneration(
        BartConfig(
            **_sizes(shape),
            max_position_embeddings=1024,
            activation_function="gelu",
            pad_token_id=ids[PADDING],
            bos_token_id=ids["<s>"],
            eos_token_id=ids["</s>"],
            forced_eos_token_id=None,
            decoder_start_token_id=ids["</s>"],
            # What CTranslate2's loader reads and new configurations lack.
            normalize_before=False,
            normalize_embedding=True,
        )
    )
    _allow(network, [ids[word] for word in words])
    network.save_pretrained(checkpoint)
    TransformersConverter(str(checkpoint)).convert(str(model), quantization="int8")
    spelling.save(str(model / "tokenizer.json"))


def _sizes(shape: Shape) -> dict[str, int]:
    return {
        "vocab_size": shape.words,
        "d_model": shape.width,
        "encoder_layers": shape.encoder,
        "decoder_layers": shape.decoder,
        "encoder_attention_heads": shape.heads,
        "decoder_attention_heads": shape.heads,
        "encoder_ffn_dim": shape.feed_forward,
        "decoder_ffn_dim": shape.feed_forward,
    }


def _allow(network: Any, rows: list[int]) -> None:
    """Lets the network write these tokens alone, and gives its outputs some spread."""
    import torch

    assert len(rows) > 50, "too few words to write"
    with torch.no_grad():
        network.final_logits_bias.fill_(MASKED)
        network.final_logits_bias[0, rows] = 0.0
        for parameter in network.parameters():
            if parameter.ndim == 2:
                parameter.normal_(0, parameter.shape[1] ** -0.5)
