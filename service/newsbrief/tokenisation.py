"""Text to a model's tokens and back, as each family has it; needs no PyTorch, no Transformers.

The SentencePiece file that a family was trained with decides, read by SentencePiece itself; BART
has byte-level BPE. Two things differ from the Transformers tokenizers on purpose: white space is
collapsed before anything else, and text can't spell a control token (`</s>`, `>>kor<<`, `<2ko>`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import sentencepiece

from newsbrief.errors import PackCorruptError
from newsbrief.pack import Family

BEGIN, END, PADDING, UNKNOWN = "<s>", "</s>", "<pad>", "<unk>"
SOURCE_PIECES, TARGET_PIECES = "source.spm", "target.spm"  # Marian has one for each side
SHARED_PIECES = "sentencepiece.model"
BYTE_PIECES = "tokenizer.json"

# Tokens that are never text, beside those of all families.
_COMMON = r"<s>|</s>|<pad>|<unk>|<mask>"
_CONTROL: dict[Family, str] = {
    "marian": r">>[^<>\s]+<<",
    "m2m100": r"__[a-z]{2,3}__|madeupword\d+",
    "nllb": r"[a-z]{3}_[A-Z][a-z]{3}|madeupword\d+",
    "mbart50": r"[a-z]{2}_[A-Z]{2}",
    "bart": r"madeupword\d+",
    "pegasus": r"<mask_[12]>|<unk_\d+>",
    "t5": r"▁?<extra_id_\d+>",
    "madlad": r"▁?<2[^<>\s]+>|▁?<extra_id_\d+>",
}
# In these families a source prefix is text in front of the text (`<2ko>`, `summarize:`); in the
# others its entries are tokens.
_TEXT_PREFIX: frozenset[Family] = frozenset({"t5", "madlad"})


class Pieces(Protocol):
    """Text to pieces and back."""

    def split(self, text: str) -> list[str]:
        """Pieces of one line of text; what the model can't spell is `<unk>`."""
        ...

    def join(self, pieces: list[str]) -> str:
        """The text that the pieces spell."""
        ...


class SentencePieces:
    """Pieces by SentencePiece: one model file for both sides, or one for each."""

    def __init__(self, source: Path, target: Path) -> None:
        self._source = read_pieces(source)
        self._target = self._source if target == source else read_pieces(target)

    def split(self, text: str) -> list[str]:
        """Pieces of one line of text; what the source side can't spell is `<unk>`."""
        # By way of ids: asked for strings, SentencePiece gives unknown text back as it stands.
        ids = self._source.encode(text)
        return list(self._source.id_to_piece(ids))

    def join(self, pieces: list[str]) -> str:
        """The text that pieces of the target side spell."""
        return str(self._target.decode(pieces))


class BytePieces:
    """Pieces by byte-level BPE, which can spell anything."""

    def __init__(self, file: Path) -> None:
        from tokenizers import Tokenizer

        try:
            self._tokenizer = Tokenizer.from_file(str(file))
        except Exception as error:  # what it raises is a bare Exception
            raise PackCorruptError(f"{file.name} can't be read: {error}") from error

    def split(self, text: str) -> list[str]:
        """Pieces of one line of text; a leading space belongs to the word."""
        return list(self._tokenizer.encode(text, add_special_tokens=False).tokens)

    def join(self, pieces: list[str]) -> str:
        """The text that the pieces' bytes spell."""
        return str(self._tokenizer.decoder.decode(pieces))


def read_pieces(file: Path) -> sentencepiece.SentencePieceProcessor:
    """A SentencePiece model. Raises `PackCorruptError`."""
    try:
        return sentencepiece.SentencePieceProcessor(model_file=str(file))
    except (OSError, RuntimeError) as error:
        raise PackCorruptError(f"{file.name} can't be read: {error}") from error


class Tokenisation:
    """How one family frames and spells its texts."""

    def __init__(self, family: Family, pieces: Pieces) -> None:
        self._pieces = pieces
        self._control = re.compile(f"(?:{_COMMON}|{_CONTROL[family]})")
        self._prefix_is_text = family in _TEXT_PREFIX
        self._newline = "<n>" if family == "pegasus" else None
        # BART was trained on `<s> text </s>`, on both sides.
        self._begin = (BEGIN,) if family == "bart" else ()

    def source(self, text: str, prefix: Sequence[str] = ()) -> tuple[str, ...]:
        """Source tokens but for the closing `</s>`, which some converted models add themselves.

        Raises `PackCorruptError` if a tag of `prefix` is none that the model knows.
        """
        line = " ".join(text.encode("utf-8", "replace").decode("utf-8").split())
        pieces = self._pieces.split(line)
        if self._control.search("".join(pieces)):
            pieces = [UNKNOWN if self._control.fullmatch(piece) else piece for piece in pieces]
        return (*self._begin, *self.prefix(prefix), *pieces)

    def prefix(self, prefix: Sequence[str]) -> tuple[str, ...]:
        """The tokens of a source prefix. Raises `PackCorruptError` for an unknown text tag."""
        if not self._prefix_is_text:
            return tuple(prefix)
        tokens: list[str] = []
        for entry in prefix:
            pieces = self._pieces.split(entry)
            if self._control.fullmatch(entry) and pieces[-1].lstrip("▁") != entry:
                raise PackCorruptError(f"source_prefix: {entry} is no token of this model")
            tokens += pieces
        return tuple(tokens)

    def target_prefix(self, prefix: Sequence[str] = ()) -> tuple[str, ...]:
        """What the decoder is made to begin with: the tags given, or the family's own."""
        return tuple(prefix) or self._begin

    def text(self, tokens: Sequence[str]) -> str:
        """The text of target tokens: control tokens dropped, Pegasus's `<n>` a line break."""
        if self._control.search("".join(tokens)):
            tokens = [token for token in tokens if not self._control.fullmatch(token)]
        if self._newline not in tokens:
            return self._pieces.join(list(tokens)).strip()
        lines: list[list[str]] = [[]]
        for token in tokens:
            if token == self._newline:
                lines.append([])
            else:
                lines[-1].append(token)
        return "\n".join(self._pieces.join(line).strip() for line in lines).strip()


def open_tokenisation(folder: Path, family: Family) -> Tokenisation:
    """The tokenisation in a converted model's folder. Raises `PackCorruptError`."""
    pieces: Pieces
    if family == "bart":
        pieces = BytePieces(folder / BYTE_PIECES)
    elif family == "marian":
        pieces = SentencePieces(folder / SOURCE_PIECES, folder / TARGET_PIECES)
    else:
        pieces = SentencePieces(folder / SHARED_PIECES, folder / SHARED_PIECES)
    return Tokenisation(family, pieces)
