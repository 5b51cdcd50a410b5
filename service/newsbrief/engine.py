"""Engines: tokens in, tokens out, one loaded model each.

Open an engine in the process that uses it, after any fork: CTranslate2's threads don't survive one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import ctranslate2

from newsbrief.errors import ConfigurationError, EngineError, PackCorruptError
from newsbrief.pack import Decoding, Family, Model
from newsbrief.threads import usable_cpus
from newsbrief.tokenisation import END, open_tokenisation

# CTranslate2's name for the file that says, by source token, which target tokens may be written.
VOCABULARY_MAP = "vmap.txt"

_VOCABULARIES = {
    "source": ("shared_vocabulary.json", "source_vocabulary.json"),
    "target": ("shared_vocabulary.json", "target_vocabulary.json"),
}


@dataclass(frozen=True, slots=True)
class Source:
    """One text as its model reads it: pieces, language tags and `</s>` included."""

    tokens: tuple[str, ...]
    target_prefix: tuple[str, ...] = ()

    @property
    def length(self) -> int:
        """Tokens on the source side, the measure of cost and of the model's limit."""
        return len(self.tokens)


@dataclass(frozen=True, slots=True)
class Generated:
    """One output. `complete` is False when it ran into the token limit before `</s>`.

    `alternatives` are the other ends of the same search, the likelier first; they are turned into
    text when they are iterated over, since most are never looked at.
    """

    text: str
    tokens: int
    complete: bool
    alternatives: Iterable[Generated] = ()


@dataclass(frozen=True, slots=True)
class _Unread:
    """Outputs that `read` makes of their tokens, each time that they are iterated over."""

    read: Callable[[list[str]], Generated]
    outputs: Sequence[list[str]]

    def __iter__(self) -> Iterator[Generated]:
        return map(self.read, self.outputs)


class Engine(Protocol):
    """One loaded model. `generate` blocks, releases the GIL, and may be called from any thread.

    Where `one_language`, the texts of a batch must share their target language: what the model
    may write is chosen for the whole batch.
    """

    max_source_tokens: int
    one_language: bool

    def encode(
        self, text: str, *, source_prefix: Sequence[str] = (), target_prefix: Sequence[str] = ()
    ) -> Source:
        """Tokens of one text; never truncates: the caller compares with `max_source_tokens`."""
        ...

    def generate(self, sources: Sequence[Source], decoding: Decoding) -> list[Generated]:
        """One output a source, in order, with its alternatives. Raises `EngineError`."""
        ...

    def close(self) -> None:
        """Frees the model's memory."""
        ...


class CTranslate2Engine:
    """A model that CTranslate2 runs; `open_engine` makes it.

    Search is deterministic: the same batch gives the same output. `generate` may run in as many
    threads at once as there are translators; each call is one batch on one of them.
    """

    def __init__(
        self,
        folder: Path,
        family: Family,
        *,
        max_source_tokens: int,
        compute_type: str,
        inter_threads: int,
        intra_threads: int = 1,
        device: str = "cpu",
    ) -> None:
        self._tokenisation = open_tokenisation(folder, family)
        self._folder = folder
        if not ctranslate2.contains_model(str(folder)):
            raise PackCorruptError(f"{folder.name} holds no converted model")
        config = _read_json(folder / "config.json")
        self._end: str = config.get("eos_token", END)
        # Models converted from Marian's own format get the closing token from CTranslate2; it
        # takes one of the model's positions all the same.
        ends_itself: bool = config.get("add_source_eos", False)
        self._closing = () if ends_itself else (self._end,)
        self.max_source_tokens = max_source_tokens - ends_itself
        self.one_language = (folder / VOCABULARY_MAP).exists()
        self._known_tags: set[tuple[str, str]] = set()
        try:
            self._translator: ctranslate2.Translator | None = ctranslate2.Translator(
                str(folder),
                device=device,
                compute_type=compute_type,
                inter_threads=inter_threads,
                intra_threads=intra_threads,
            )
        except (RuntimeError, ValueError, MemoryError) as error:
            raise EngineError(f"{folder.name} can't be loaded: {error}") from error

    def encode(
        self, text: str, *, source_prefix: Sequence[str] = (), target_prefix: Sequence[str] = ()
    ) -> Source:
        """Tokens of one text; never truncates: the caller compares with `max_source_tokens`.

        Raises `PackCorruptError` for a tag that the model doesn't have.
        """
        tokens = self._tokenisation.source(text, source_prefix)
        start = self._tokenisation.target_prefix(target_prefix)
        self._check_tags("source", self._tokenisation.prefix(source_prefix))
        self._check_tags("target", start)
        return Source((*tokens, *self._closing), start)

    def generate(self, sources: Sequence[Source], decoding: Decoding) -> list[Generated]:
        """One output a source, in order, with its alternatives. Raises `EngineError`."""
        translator = self._translator
        if translator is None:
            raise EngineError("the model has been closed")
        if not sources:
            return []
        longest = max(source.length for source in sources)
        if longest > self.max_source_tokens:
            raise EngineError(
                f"a source of {longest} tokens; the model's limit is {self.max_source_tokens}"
            )
        prefixes = [list(source.target_prefix) for source in sources]
        given = max(map(len, prefixes))  # CTranslate2 counts these as written
        try:
            results = translator.translate_batch(
                [list(source.tokens) for source in sources],
                target_prefix=prefixes if any(prefixes) else None,
                max_batch_size=0,  # one batch, one translator
                beam_size=decoding.beam_size,
                num_hypotheses=decoding.beam_size,
                use_vmap=self.one_language,
                length_penalty=decoding.length_penalty,
                repetition_penalty=decoding.repetition_penalty,
                no_repeat_ngram_size=decoding.no_repeat_ngram_size,
                min_decoding_length=given + decoding.min_tokens,
                max_decoding_length=given + decoding.max_tokens,
                max_input_length=0,  # no silent truncation
                disable_unk=True,
                return_end_token=True,
            )
        except (RuntimeError, ValueError, MemoryError) as error:
            raise EngineError(
                f"CTranslate2 failed on a batch of {len(sources)}: {error}"
            ) from error
        return [
            self._generated(result.hypotheses, len(prefix))
            for result, prefix in zip(results, prefixes, strict=True)
        ]

    def close(self) -> None:
        """Frees the model's memory, once the calls that are running have returned."""
        self._translator = None

    def _generated(self, hypotheses: list[list[str]], prefix: int) -> Generated:
        best, *others = (tokens[prefix:] for tokens in hypotheses)
        return self._read(best, _Unread(self._read, others) if others else ())

    def _read(self, tokens: list[str], alternatives: Iterable[Generated] = ()) -> Generated:
        complete = bool(tokens) and tokens[-1] == self._end
        if complete:
            tokens = tokens[:-1]
        return Generated(self._tokenisation.text(tokens), len(tokens), complete, alternatives)

    def _check_tags(self, side: str, tags: Iterable[str]) -> None:
        """CTranslate2 would take a misspelt tag for an unknown word and write some language."""
        new = {(side, tag) for tag in tags} - self._known_tags
        if not new:
            return
        shared, own = _VOCABULARIES[side]
        file = self._folder / shared
        vocabulary = set(_read_json(file if file.exists() else self._folder / own))
        for _, tag in sorted(new):
            if tag not in vocabulary:
                raise PackCorruptError(f"{side}_prefix: {tag} is no token of {self._folder.name}")
        self._known_tags |= new


def open_engine(
    folder: Path,
    model: Model,
    *,
    inter_threads: int | None = None,
    intra_threads: int = 1,
    compute_type: str | None = None,
    device: str = "cpu",
) -> CTranslate2Engine:
    """Loads a converted model; `folder` holds what `newsbrief.conversion.convert` wrote.

    `inter_threads` translators share one copy of the weights and each has `intra_threads` threads;
    by default there is one translator for each CPU of the quota, and one on a GPU, which a single
    batch fills. `compute_type` None is the quantization that `model` names. `device` is "cpu" or
    "cuda"; neither stands in for the other. Raises `PackCorruptError`, `EngineError`, or
    `ConfigurationError` where there is no GPU or it can't do that arithmetic.
    """
    compute_type = compute_type or model.quantization
    _check_device(device, compute_type)
    return CTranslate2Engine(
        folder,
        model.family,
        max_source_tokens=model.max_source_tokens,
        compute_type=compute_type,
        inter_threads=inter_threads or default_runners(device, intra_threads),
        intra_threads=intra_threads,
        device=device,
    )


def default_runners(device: str, intra_threads: int) -> int:
    """How many batches keep the device busy."""
    return 1 if device == "cuda" else max(1, usable_cpus() // intra_threads)


def _check_device(device: str, compute_type: str) -> None:
    if device == "cuda" and not ctranslate2.get_cuda_device_count():
        raise ConfigurationError(
            "NEWSBRIEF_DEVICE: cuda needs an NVIDIA GPU and a driver for CUDA 12 or newer, and "
            "none was found; set cpu to run without"
        )
    able = ctranslate2.get_supported_compute_types(device)
    if compute_type not in able:
        raise ConfigurationError(
            f"NEWSBRIEF_COMPUTE_TYPE: this {device} can't do {compute_type}; it does "
            f"{', '.join(sorted(able))}"
        )


def _read_json(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise PackCorruptError(f"{file.name} can't be read: {error}") from error
