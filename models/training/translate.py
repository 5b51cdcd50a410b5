"""Translates with a converted CTranslate2 model, as Newsbrief serves it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sentencepiece

from models.training.vocabulary import SOURCE, TAGS, TARGET
from models.training.vocabulary_map import FILE
from newsbrief.pack import Decoding

MAX_BATCH_TOKENS = 2048


@dataclass(frozen=True, slots=True)
class Translator:
    """A CTranslate2 model folder with its source.spm and target.spm."""

    model: Any
    source: sentencepiece.SentencePieceProcessor
    target: sentencepiece.SentencePieceProcessor
    known: frozenset[str]
    mapped: bool  # whether the model has a vocabulary map

    @classmethod
    def open(cls, folder: Path, threads: int = 2) -> "Translator":
        """Loads the model on the CPU, as so many single-threaded translators."""
        import ctranslate2

        return cls(
            ctranslate2.Translator(str(folder), intra_threads=1, inter_threads=threads),
            sentencepiece.SentencePieceProcessor(model_file=str(folder / SOURCE)),
            sentencepiece.SentencePieceProcessor(model_file=str(folder / TARGET)),
            frozenset(json.loads((folder / "shared_vocabulary.json").read_text(encoding="utf-8"))),
            (folder / FILE).exists(),
        )

    def prefix(self, language: str) -> list[str]:
        """The target tag, or nothing for a model of one language."""
        return [TAGS[language]] if TAGS[language] in self.known else []

    def translate(self, texts: Sequence[str], language: str, decoding: Decoding) -> list[str]:
        """Translations in order; the tag and `</s>` are put on the source here."""
        sources = [
            [*self.prefix(language), *pieces, "</s>"]
            for pieces in self.source.encode(list(texts), out_type=str)
        ]
        results = self.model.translate_batch(
            sources,
            beam_size=decoding.beam_size,
            length_penalty=decoding.length_penalty,
            repetition_penalty=decoding.repetition_penalty,
            no_repeat_ngram_size=decoding.no_repeat_ngram_size,
            disable_unk=True,
            max_batch_size=MAX_BATCH_TOKENS,
            batch_type="tokens",
            max_decoding_length=decoding.max_tokens,
            use_vmap=self.mapped,
        )
        return [self.target.decode(result.hypotheses[0]) for result in results]
