"""The SentencePiece vocabulary: trained for all four languages at once, or a checkpoint's own."""

import io
import json
import math
import random
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import sentencepiece

TAGS = {"ko": ">>kor<<", "ru": ">>rus<<", "uk": ">>ukr<<", "en": ">>eng<<"}
WAYS, SHARPNESS = 8, 0.5  # of Kudo (2018): l, here of a word and not of a sentence, and alpha
SOURCE, TARGET, IDS = "source.spm", "target.spm", "vocab.json"


@dataclass(frozen=True, slots=True)
class Pieces:
    """Text to ids and back, with the three files of a Marian checkpoint."""

    source: sentencepiece.SentencePieceProcessor
    target: sentencepiece.SentencePieceProcessor
    ids: dict[str, int]

    @classmethod
    def open(cls, folder: Path) -> "Pieces":
        """Reads source.spm, target.spm and vocab.json of a folder.

        Raises ValueError unless `<pad>` has the last id, as CTranslate2's Marian loader expects.
        """
        pieces = cls(
            sentencepiece.SentencePieceProcessor(model_file=str(folder / SOURCE)),
            sentencepiece.SentencePieceProcessor(model_file=str(folder / TARGET)),
            json.loads((folder / IDS).read_text(encoding="utf-8")),
        )
        if pieces.pad != len(pieces.ids) - 1:
            raise ValueError(f"{folder / IDS}: <pad> has the id {pieces.pad}, not the last")
        return pieces

    @property
    def pad(self) -> int:
        """The id of `<pad>`, with which a Marian decoder also begins."""
        return self.ids["<pad>"]

    @property
    def end(self) -> int:
        """The id of `</s>`."""
        return self.ids["</s>"]

    @property
    def unknown(self) -> int:
        """The id of `<unk>`, which masks source tokens too."""
        return self.ids["<unk>"]

    def tag(self, language: str) -> tuple[int, ...]:
        """The id of a target language's tag; nothing for a vocabulary without tags."""
        return (self.ids[TAGS[language]],) if TAGS[language] in self.ids else ()

    def encode_sources(self, texts: Sequence[str]) -> list[list[int]]:
        """Ids of source texts, with neither tag nor `</s>`."""
        return self._encode(self.source, texts)

    def resample_sources(self, texts: Sequence[str], seed: int) -> list[list[int]]:
        """The same with every word cut in one of its WAYS likeliest ways, drawn by likelihood.

        SentencePiece's own sampling gives other pieces in each process, whatever its seed.
        """
        chance, known = random.Random(seed), dict[str, tuple[list[list[int]], list[float]]]()
        found = []
        for text in texts:
            ids: list[int] = []
            for word in text.split():
                if word not in known:
                    known[word] = self._ways(word)
                ids += chance.choices(*known[word])[0]
            found.append(ids)
        return found

    def _ways(self, word: str) -> tuple[list[list[int]], list[float]]:
        """Ids of the likeliest ways to cut a word, and what each weighs."""
        ways = self.source.nbest_encode(word, nbest_size=WAYS, out_type=str)
        score, number = self.source.get_score, self.source.piece_to_id
        scores = [sum(score(number(piece)) for piece in way) for way in ways]
        weights = [math.exp(SHARPNESS * (each - scores[0])) for each in scores]
        return [[self.ids.get(piece, self.unknown) for piece in way] for way in ways], weights

    def encode_targets(self, texts: Sequence[str]) -> list[list[int]]:
        """Ids of target texts, without `</s>`."""
        return self._encode(self.target, texts)

    def _encode(
        self, processor: sentencepiece.SentencePieceProcessor, texts: Sequence[str]
    ) -> list[list[int]]:
        get, unknown = self.ids.get, self.unknown
        return [
            [get(piece, unknown) for piece in pieces]
            for pieces in processor.encode(list(texts), out_type=str)
        ]


def copy(source: Path, folder: Path) -> None:
    """Copies the three files, so that what is trained next shares the vocabulary."""
    for name in (SOURCE, TARGET, IDS):
        shutil.copy(source / name, folder / name)


def train(texts: Iterable[str], folder: Path, size: int) -> Pieces:
    """Trains a unigram model of at most `size` pieces and writes the three files.

    Figures are split by digit, unknown characters by byte, and a target tag is one piece. `<pad>`
    gets the last id, where CTranslate2's Marian loader expects it.
    """
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(texts),
        model_writer=model,
        vocab_size=size,
        character_coverage=0.9995,
        byte_fallback=True,
        split_digits=True,
        user_defined_symbols=list(TAGS.values()),
        hard_vocab_limit=False,
        num_threads=2,
        minloglevel=2,
    )
    for name in (SOURCE, TARGET):
        (folder / name).write_bytes(model.getvalue())
    processor = sentencepiece.SentencePieceProcessor(model_file=str(folder / SOURCE))
    found = processor.get_piece_size()
    ids = {processor.id_to_piece(number): number for number in range(found)} | {"<pad>": found}
    (folder / IDS).write_text(json.dumps(ids, ensure_ascii=False), encoding="utf-8")
    return Pieces.open(folder)
