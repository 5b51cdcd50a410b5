"""The Marian network: built from a configuration or a checkpoint, and saved as a checkpoint."""

import json
from pathlib import Path
from typing import Any

from models.training import vocabulary
from models.training.config import Model
from models.training.vocabulary import Pieces

MAX_POSITIONS = 512


def build(shape: Model, pieces: Pieces) -> Any:
    """A fresh MarianMTModel for a vocabulary."""
    from transformers import MarianConfig, MarianMTModel

    return MarianMTModel(
        MarianConfig(
            vocab_size=len(pieces.ids),
            d_model=shape.width,
            encoder_layers=shape.encoder,
            decoder_layers=shape.decoder,
            encoder_attention_heads=shape.heads,
            decoder_attention_heads=shape.heads,
            encoder_ffn_dim=shape.feed_forward,
            decoder_ffn_dim=shape.feed_forward,
            max_position_embeddings=MAX_POSITIONS,
            activation_function="relu",
            scale_embedding=True,
            static_position_embeddings=True,
            dropout=shape.dropout,
            attention_dropout=0.0,
            activation_dropout=0.0,
            pad_token_id=pieces.pad,
            bos_token_id=None,
            eos_token_id=pieces.end,
            decoder_start_token_id=pieces.pad,
            forced_eos_token_id=None,
            share_encoder_decoder_embeddings=True,
            tie_word_embeddings=True,
        )
    )


def open_checkpoint(folder: Path) -> Any:
    """A Marian checkpoint written by `save`, or any other whose pieces match the packed data."""
    from transformers import MarianMTModel

    return MarianMTModel.from_pretrained(folder)


def save(model: Any, data: Path, folder: Path) -> None:
    """Writes a Hugging Face Marian checkpoint with the tokenizer files that lie in `data`."""
    model.save_pretrained(folder)
    vocabulary.copy(data, folder)
    tokenizer = {
        "source_lang": "en",
        "target_lang": "ko+ru+uk",
        "unk_token": "<unk>",
        "eos_token": "</s>",
        "pad_token": "<pad>",
        "model_max_length": MAX_POSITIONS,
        "separate_vocabs": False,
        "tokenizer_class": "MarianTokenizer",
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(tokenizer), encoding="utf-8")
