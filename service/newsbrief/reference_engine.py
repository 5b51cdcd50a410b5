"""The reference engine: a checkpoint as it came, run by Transformers and PyTorch.

For conversion checks, tests and experiments on a GPU. Serving never imports it; it needs the
`convert` extra.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from newsbrief.engine import Generated, Source
from newsbrief.errors import EngineError, PackCorruptError
from newsbrief.pack import Decoding, Family

_TOKENIZERS: dict[Family, str] = {
    "marian": "MarianTokenizer",
    "m2m100": "M2M100Tokenizer",
    "nllb": "NllbTokenizer",
    "mbart50": "MBart50Tokenizer",
    "bart": "BartTokenizer",
    "pegasus": "PegasusTokenizer",
    "t5": "T5Tokenizer",
    "madlad": "T5Tokenizer",
}
_NETWORKS: dict[Family, dict[str, str]] = {
    "marian": {"marian": "MarianMTModel"},
    "m2m100": {"m2m_100": "M2M100ForConditionalGeneration"},
    "nllb": {"m2m_100": "M2M100ForConditionalGeneration"},
    "mbart50": {"mbart": "MBartForConditionalGeneration"},
    "bart": {"bart": "BartForConditionalGeneration"},
    "pegasus": {"pegasus": "PegasusForConditionalGeneration"},
    "t5": {"t5": "T5ForConditionalGeneration", "mt5": "MT5ForConditionalGeneration"},
    "madlad": {"t5": "T5ForConditionalGeneration"},
}


class ReferenceEngine:
    """An `Engine` of a Transformers network and tokenizer; beam search as CTranslate2 does it.

    Its outputs have no alternatives.
    """

    def __init__(
        self, network: Any, tokenizer: Any, family: Family, *, max_source_tokens: int
    ) -> None:
        self.max_source_tokens = max_source_tokens
        self.one_language = False
        self._network = network
        self._tokenizer = tokenizer
        self._family = family

    def encode(
        self, text: str, *, source_prefix: Sequence[str] = (), target_prefix: Sequence[str] = ()
    ) -> Source:
        """Tokens of one text, by the family's own Transformers tokenizer."""
        if self._family in ("t5", "madlad"):
            prefix, pieces = [], self._pieces(" ".join((*source_prefix, text)))
        else:
            prefix, pieces = list(source_prefix), self._pieces(text)
        if self._family == "bart":
            prefix, target_prefix = ["<s>", *prefix], target_prefix or ("<s>",)
        return Source((*prefix, *pieces, self._tokenizer.eos_token), tuple(target_prefix))

    def _pieces(self, text: str) -> list[str]:
        pieces = self._tokenizer.tokenize(text)
        unknown = self._tokenizer.unk_token
        rows = self._tokenizer.convert_tokens_to_ids(pieces)
        # Some tokenizers give unknown text back as it stands.
        return [
            unknown if row == self._tokenizer.unk_token_id else piece
            for piece, row in zip(pieces, rows, strict=True)
        ]

    def generate(self, sources: Sequence[Source], decoding: Decoding) -> list[Generated]:
        """One output a source, in order; the target prefixes must be of one length."""
        import torch
        from transformers import GenerationConfig

        config, ids = self._network.config, self._tokenizer.convert_tokens_to_ids
        rows = [ids(list(source.tokens)) for source in sources]
        starts = [[config.decoder_start_token_id, *ids(list(s.target_prefix))] for s in sources]
        if len({len(start) for start in starts}) > 1:
            raise EngineError("the target prefixes of a batch must be of one length")
        longest, pad, end = max(map(len, rows)), config.pad_token_id, config.eos_token_id
        padded = torch.tensor([row + [pad] * (longest - len(row)) for row in rows])
        mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])
        with torch.inference_mode():
            outputs = self._network.generate(
                input_ids=padded.to(self._network.device),
                attention_mask=mask.to(self._network.device),
                decoder_input_ids=torch.tensor(starts, device=self._network.device),
                generation_config=GenerationConfig(
                    num_beams=decoding.beam_size,
                    early_stopping=decoding.beam_size > 1,
                    length_penalty=decoding.length_penalty,
                    repetition_penalty=decoding.repetition_penalty,
                    no_repeat_ngram_size=decoding.no_repeat_ngram_size,
                    min_new_tokens=decoding.min_tokens,
                    max_new_tokens=decoding.max_tokens,
                    suppress_tokens=[self._tokenizer.unk_token_id, pad],
                    decoder_start_token_id=config.decoder_start_token_id,
                    pad_token_id=pad,
                    eos_token_id=end,
                    do_sample=False,
                ),
            )
        return [self._generated(row[len(starts[0]) :], end) for row in outputs.tolist()]

    def close(self) -> None:
        """Frees the network's memory."""
        self._network = None

    def _generated(self, ids: list[int], end: int) -> Generated:
        complete = end in ids
        written = ids[: ids.index(end)] if complete else ids
        text = self._tokenizer.decode(
            written, skip_special_tokens=True, clean_up_tokenization_spaces=False
        )
        return Generated(text.replace("<n>", "\n").strip(), len(written), complete)


def open_reference(
    checkpoint: Path, family: Family, *, max_source_tokens: int = 512, device: str = "cpu"
) -> ReferenceEngine:
    """Loads a checkpoint in float32. Raises `PackCorruptError`."""
    network = load_network(checkpoint, family).to(device)
    tokenizer = load_tokenizer(checkpoint, family)
    return ReferenceEngine(network, tokenizer, family, max_source_tokens=max_source_tokens)


def load_network(checkpoint: Path, family: Family) -> Any:
    """The network in float32, from safetensors alone: other formats can carry code.

    Raises `PackCorruptError` if the weights are of another architecture, incomplete, or not in
    the network as they are in the file. (Some releases of Transformers after 4.31 loaded
    OPUS-MT's larger models with weights of their own making: its issue 26216.)
    """
    import torch
    import transformers

    config = _config(checkpoint)
    name = _NETWORKS[family].get(config.model_type)
    if name is None:
        raise PackCorruptError(
            f"config.json: model_type {config.model_type} is not of family {family}"
        )
    files = sorted(checkpoint.glob("*.safetensors"))
    if not files:
        raise PackCorruptError(f"{checkpoint.name} has no weights in the safetensors format")
    bars = transformers.utils.logging.is_progress_bar_enabled()
    transformers.utils.logging.disable_progress_bar()
    try:
        network, report = getattr(transformers, name).from_pretrained(
            checkpoint,
            config=config,
            dtype=torch.float32,
            use_safetensors=True,
            local_files_only=True,
            output_loading_info=True,
        )
    except (OSError, MemoryError):
        raise
    except Exception as error:  # of many kinds, for what is wrong with the files
        raise PackCorruptError(f"{checkpoint.name} can't be loaded: {error}") from error
    finally:
        if bars:
            transformers.utils.logging.enable_progress_bar()
    absent = sorted(str(key) for key in {*report["missing_keys"], *report["mismatched_keys"]})
    if absent:
        raise PackCorruptError(f"{checkpoint.name} lacks weights: {', '.join(absent[:3])}")
    _compare_weights(network.state_dict(), files)
    network.eval()
    # The checkpoint's own generation settings would fill whatever a call leaves open.
    network.generation_config = transformers.GenerationConfig()
    return network


def load_tokenizer(checkpoint: Path, family: Family) -> Any:
    """The family's Transformers tokenizer. Raises `PackCorruptError`."""
    import transformers

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Recommended: pip install sacremoses")
        try:
            return getattr(transformers, _TOKENIZERS[family]).from_pretrained(
                checkpoint, local_files_only=True
            )
        except (OSError, MemoryError):
            raise
        except Exception as error:
            raise PackCorruptError(f"tokenizer of {checkpoint.name}: {error}") from error


def _config(checkpoint: Path) -> Any:
    import transformers

    try:
        return transformers.AutoConfig.from_pretrained(checkpoint, local_files_only=True)
    except Exception as error:
        raise PackCorruptError(f"config.json of {checkpoint.name}: {error}") from error


def _compare_weights(loaded: dict[str, Any], files: Sequence[Path]) -> None:
    import torch
    from safetensors import safe_open

    for file in files:
        with safe_open(file, framework="pt") as stored:
            names = stored.keys()
            for name in names:
                if name in loaded and not torch.equal(
                    loaded[name], stored.get_tensor(name).to(torch.float32)
                ):
                    raise PackCorruptError(f"{file.name}: {name} was not loaded as it is stored")
