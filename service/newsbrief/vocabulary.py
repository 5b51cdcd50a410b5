"""Which token stands at which row of a checkpoint's embeddings, for each family.

Read from the checkpoint's own files and not asked of its Transformers tokenizer: CTranslate2 4.8
takes the order from there, and Transformers 5 leaves M2M100's language tags out of it, NLLB's too
where there is only a SentencePiece file.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newsbrief.errors import PackCorruptError
from newsbrief.pack import Family
from newsbrief.tokenisation import read_pieces

_PIECE_FILES = ("sentencepiece.bpe.model", "spiece.model", "sentencepiece.model")
# Rows that may follow the last token: fairseq pads with 8 at most; T5 has sentinels and padding.
_FAIRSEQ_PADDING, _T5_PADDING = 8, 1024


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Tokens in the order of the embedding rows; the two sides are one list where they share it."""

    source: list[str]
    target: list[str]


def read_vocabulary(checkpoint: Path, family: Family, rows: int) -> Vocabulary:
    """The vocabulary of a checkpoint whose source embeddings have `rows` rows.

    Raises `PackCorruptError` if a file is missing or the number of tokens is not that of rows.
    """
    if family == "marian":
        source = _listed(checkpoint / "vocab.json")
        own = checkpoint / "target_vocab.json"
        return Vocabulary(source, _listed(own) if own.is_file() else source)
    if family == "bart":
        tokens = byte_level(checkpoint)[0]
        # The checkpoints for summaries have no row for the mask.
        tokens = tokens[:-1] if tokens[-1] == "<mask>" and len(tokens) == rows + 1 else tokens
    elif family == "m2m100":
        from transformers.models.m2m_100.tokenization_m2m_100 import FAIRSEQ_LANGUAGE_CODES

        tokens = _listed(checkpoint / "vocab.json")
        tokens += [f"__{code}__" for code in FAIRSEQ_LANGUAGE_CODES["m2m100"]]
    elif family == "nllb":
        from transformers.models.nllb.tokenization_nllb import FAIRSEQ_LANGUAGE_CODES

        tokens = [*_fairseq(checkpoint), *FAIRSEQ_LANGUAGE_CODES, "<mask>"]
    elif family == "mbart50":
        from transformers.models.mbart50.tokenization_mbart50 import FAIRSEQ_LANGUAGE_CODES

        tokens = [*_fairseq(checkpoint), *FAIRSEQ_LANGUAGE_CODES, "<mask>"]
    elif family == "pegasus":
        reserved = [f"<unk_{index}>" for index in range(2, 103)]
        tokens = ["<pad>", "</s>", "<mask_1>", "<mask_2>", *reserved, *_pieces(checkpoint)[2:]]
    else:
        tokens = _pieces(checkpoint)
    tokens = _padded(tokens, family, rows)
    return Vocabulary(tokens, tokens)


def piece_file(checkpoint: Path) -> Path:
    """The SentencePiece file of a checkpoint that has one for both sides."""
    for name in _PIECE_FILES:
        if (checkpoint / name).is_file():
            return checkpoint / name
    raise PackCorruptError(f"{checkpoint.name} has none of {', '.join(_PIECE_FILES)}")


def byte_level(checkpoint: Path) -> tuple[list[str], list[tuple[str, str]]]:
    """Tokens and merges of a byte-level BPE: `vocab.json` and `merges.txt`, or `tokenizer.json`."""
    if (checkpoint / "merges.txt").is_file():
        lines = _text(checkpoint / "merges.txt").split("\n")
        merges = [line for line in lines if line and not line.startswith("#version")]
        tokens = _listed(checkpoint / "vocab.json")
    else:
        model = _json(checkpoint / "tokenizer.json")["model"]
        tokens, merges = _by_row(model["vocab"], "tokenizer.json"), model["merges"]
    pairs = (merge.split(" ") if isinstance(merge, str) else merge for merge in merges)
    return tokens, [(left, right) for left, right in pairs]


def _padded(tokens: list[str], family: Family, rows: int) -> list[str]:
    missing = rows - len(tokens)
    if family in ("m2m100", "nllb") and 0 <= missing <= _FAIRSEQ_PADDING:
        return tokens + [f"madeupword{index}" for index in range(missing)]
    if family in ("t5", "madlad") and 0 <= missing <= _T5_PADDING:
        return tokens + [f"<extra_id_{index}>" for index in reversed(range(missing))]
    if missing:
        raise PackCorruptError(f"{len(tokens)} tokens in the vocabulary, {rows} embedding rows")
    return tokens


def _fairseq(checkpoint: Path) -> list[str]:
    """Fairseq's order: its own four tokens instead of SentencePiece's first three."""
    return ["<s>", "<pad>", "</s>", "<unk>", *_pieces(checkpoint)[3:]]


def _pieces(checkpoint: Path) -> list[str]:
    processor = read_pieces(piece_file(checkpoint))
    return list(processor.id_to_piece(list(range(processor.get_piece_size()))))


def _listed(file: Path) -> list[str]:
    return _by_row(_json(file), file.name)


def _by_row(rows: dict[str, int], name: str) -> list[str]:
    tokens = sorted(rows, key=rows.__getitem__)
    if [rows[token] for token in tokens] != list(range(len(tokens))):
        raise PackCorruptError(f"{name}: the rows do not run from 0 to {len(tokens) - 1}")
    return tokens


def _json(file: Path) -> Any:
    try:
        return json.loads(_text(file))
    except ValueError as error:
        raise PackCorruptError(f"{file.name} can't be read: {error}") from error


def _text(file: Path) -> str:
    if not file.is_file():
        raise PackCorruptError(f"{file.parent.name} has no {file.name}")
    return file.read_text(encoding="utf-8")
