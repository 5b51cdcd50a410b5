"""Small checkpoints of every model family, laid out on disk as the hub lays out the real ones.

Each has its family's real architecture and tokenizer files, and a second or two of training on a
toy task, so that its outputs are words and not noise: word-for-word glosses into Ukrainian or
Korean for the translation families, a shortened text for the summarisers.
"""

from __future__ import annotations

import base64
import functools
import io
import itertools
import json
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy
import sentencepiece
import torch
import transformers
import yaml
from safetensors.torch import save_file
from tokenizers import ByteLevelBPETokenizer
from transformers.models.nllb.tokenization_nllb import FAIRSEQ_LANGUAGE_CODES as NLLB_CODES

from newsbrief.conversion import convert
from newsbrief.pack import Family
from newsbrief.reference_engine import load_network, load_tokenizer

# English, Ukrainian, Korean: a gloss for each word, with no grammar.
LEXICON = """
mayor мер 시장 | minister міністр 장관 | teacher вчитель 교사 | doctor лікар 의사
opened відкрив 열었다 | closed закрив 닫았다 | visited відвідав 방문했다 | praised похвалив 칭찬했다
two два 둘 | three три 셋 | four чотири 넷 | many багато 많은
bridges мости 다리 | schools школи 학교 | ports порти 항구 | roads дороги 도로
Monday понеділок 월요일 | Friday пятниця 금요일 | today сьогодні 오늘 | again знову 다시
"""
GLOSSES = {
    english: {"uk": ukrainian, "ko": korean}
    for english, ukrainian, korean in (
        entry.split() for line in LEXICON.strip().splitlines() for entry in line.split("|")
    )
}
_WORDS = list(GLOSSES)
_ALL = [
    " ".join(words) + " ."
    for words in itertools.product(*(_WORDS[slot : slot + 4] for slot in range(0, 20, 4)))
]

# Sentences with what news has beside words, for the tokenizers to learn from and be tried on.
PLAIN = (
    "The harbour office said 1,240 boats left before 6:30 a.m. on 3 May 2024.",
    "“Nobody here was asked,” Ms Orlenko told reporters; the ministry's reply was very short.",
    "A quick judge vexed by fog and ice had to walk, pack, and jump the queue (again)!",
    "LOST: BOX OF DIM GREY QUARTZ, WITH JEWELS AND KEYS, NEAR PIER 56789; CALL VERA F.",
    "Мер Харвіка відкрив міст, а Олена Орленко сказала: «Це ґанок для їжаків».",
    "Мэр объявил, что подъём цен составил 12,5 % – это выше, чем в 2023 году.",
    "시장은 월요일에 다리 세 개를 열었고, 주민 1만 3000명이 모였다.",
    "Prices rose by €4.50 (about 3%) in Zürich, São Paulo & Kraków – who pays?",
)


def sentences(count: int, *, first: int = 0) -> list[str]:
    """Different sentences of the toy language, such as `mayor opened two ports again .`

    Training uses the first `TRAINED`; those after are new to the models.
    """
    return [_ALL[(first + index) * 389 % len(_ALL)] for index in range(count)]


TRAINED = 400


def gloss(text: str, language: str) -> str:
    """The sentence word for word in `uk` or `ko`."""
    return " ".join(GLOSSES[word][language] if word in GLOSSES else word for word in text.split())


@dataclass(frozen=True)
class Task:
    """One text and what the model is taught to write, with the tags that a pack would give."""

    text: str
    target: str
    source_prefix: tuple[str, ...] = ()
    target_prefix: tuple[str, ...] = ()


@dataclass(frozen=True)
class Checkpoint:
    """A folder as the hub has it, and tasks that the model has not been trained on."""

    folder: Path
    family: Family
    tasks: list[Task]


@functools.cache
def checkpoint(base: Path, name: str) -> Checkpoint:
    """One of `NAMES`, made once under `base` in a second or two."""
    folder = base / "checkpoints" / name
    folder.mkdir(parents=True)
    return NAMES[name](folder)


@functools.cache
def converted(base: Path, name: str, quantization: str) -> Path:
    """The same, converted once with `newsbrief.conversion.convert`."""
    made = checkpoint(base, name)
    out = base / "converted" / name / quantization
    convert(made.folder, made.family, out, quantization)
    return out


# --- tokenizer files


ENGLISH = list(GLOSSES)
UKRAINIAN = [others["uk"] for others in GLOSSES.values()]
KOREAN = [others["ko"] for others in GLOSSES.values()]


def _texts(words: Iterable[str] = (*ENGLISH, *UKRAINIAN, *KOREAN)) -> list[str]:
    # A word must occur in several surroundings for SentencePiece to keep it whole.
    return [*PLAIN, *(f"{word}, {word}; {word}! {word}?" for word in words)] * 10


def train_pieces(
    kind: str, size: int = 400, *, words: list[str] | None = None, **options: Any
) -> bytes:
    """A SentencePiece model file of the toy language, or of some words of it."""
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(_texts(words) if words else _texts()),
        model_writer=model,
        model_type=kind,
        vocab_size=size,
        hard_vocab_limit=False,
        character_coverage=1.0,
        num_threads=1,
        minloglevel=2,
        **options,
    )
    return model.getvalue()


def pieces_of(model: bytes) -> list[str]:
    """All pieces of a SentencePiece model file, in order."""
    processor = sentencepiece.SentencePieceProcessor(model_proto=model)
    return [str(processor.id_to_piece(index)) for index in range(processor.get_piece_size())]


def _write_json(file: Path, value: Any) -> None:
    file.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")


def _rows(tokens: Iterable[str]) -> dict[str, int]:
    return {token: row for row, token in enumerate(tokens)}


# --- training

STEPS, RATE, BATCH = 80, 1e-2, 32
SHAPE: dict[str, Any] = {
    "d_model": 48,
    "encoder_layers": 2,
    "decoder_layers": 2,
    "encoder_attention_heads": 4,
    "decoder_attention_heads": 4,
    "encoder_ffn_dim": 96,
    "decoder_ffn_dim": 96,
    "max_position_embeddings": 128,
    "dropout": 0.0,
    "init_std": 0.1,
}
T5_SHAPE: dict[str, Any] = {
    "d_model": 48,
    "d_kv": 12,
    "d_ff": 96,
    "num_layers": 2,
    "num_decoder_layers": 2,
    "num_heads": 4,
    "dropout_rate": 0.0,
}
Pairs = list[tuple[list[int], list[int]]]


def _fit(network: Any, pairs: Pairs, *, steps: int = STEPS, rate: float = RATE) -> None:
    """Teaches the network to write the second of each pair of token ids, `</s>` included."""
    pad, start = network.config.pad_token_id, network.config.decoder_start_token_id
    optimizer = torch.optim.Adam(network.parameters(), lr=rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=rate, total_steps=steps)
    network.train()

    def padded(rows: list[list[int]], filler: int) -> torch.Tensor:
        longest = max(map(len, rows))
        return torch.tensor([row + [filler] * (longest - len(row)) for row in rows])

    for step in range(steps):
        batch = [pairs[(step * BATCH + index) * 37 % len(pairs)] for index in range(BATCH)]
        sources = padded([source for source, _ in batch], pad)
        loss = network(
            input_ids=sources,
            attention_mask=sources.ne(pad).long(),
            decoder_input_ids=padded([[start, *target[:-1]] for _, target in batch], pad),
            labels=padded([target for _, target in batch], -100),
        ).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
    network.eval()


def hub_ids(tokenizer: Any, task: Task) -> tuple[list[int], list[int]]:
    """Source and target ids of a task as a user of the hub's tokenizer would make them."""
    source, target = task.source_prefix, task.target_prefix
    if target and hasattr(tokenizer, "src_lang"):
        tokenizer.src_lang, tokenizer.tgt_lang = source[0].strip("_"), target[0].strip("_")
        text = task.text
    else:
        text = " ".join((*source, task.text))
    return tokenizer(text).input_ids, tokenizer(text_target=task.target).input_ids


Tags = dict[str, tuple[tuple[str, ...], tuple[str, ...]]]


def _glossed(tags: Tags, first: int, count: int) -> list[Task]:
    """Glosses into each language of `tags`, which has its source and target prefix."""
    return [
        Task(text, gloss(text, language), *prefixes)
        for text in sentences(count // len(tags), first=first)
        for language, prefixes in tags.items()
    ]


def _shortened(separator: str, first: int, count: int, prefix: tuple[str, ...] = ()) -> list[Task]:
    """Two sentences, of which the summary keeps the first two words each."""
    texts = sentences(2 * count, first=first)
    return [
        Task(
            f"{one} {two}",
            separator.join(" ".join(text.split()[:2]) + " ." for text in (one, two)),
            prefix,
        )
        for one, two in zip(texts[::2], texts[1::2], strict=True)
    ]


def _taught(
    folder: Path,
    family: Family,
    network: Callable[[], Any],
    tasks: Callable[[int, int], list[Task]],
    **fit: Any,
) -> Checkpoint:
    """Makes the network, trains it on the tasks and saves it beside the tokenizer's files."""
    tokenizer = load_tokenizer(folder, family)
    pairs = [hub_ids(tokenizer, task) for task in tasks(0, TRAINED)]
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with torch.random.fork_rng():
            torch.manual_seed(0)
            made = network()
            _fit(made, pairs, **fit)
    finally:
        torch.set_num_threads(threads)
    made.config.save_pretrained(folder)
    stored: dict[str, torch.Tensor] = {}
    for name, value in made.state_dict().items():  # each tensor once, as the hub has them
        if not any(value.data_ptr() == other.data_ptr() for other in stored.values()):
            stored[name] = value.contiguous()
    save_file(stored, folder / "model.safetensors", metadata={"format": "pt"})
    return Checkpoint(folder, family, tasks(TRAINED, 24))


def _amend(folder: Path, **entries: Any) -> None:
    """Sets entries of config.json, such as the hub's older ones have."""
    file = folder / "config.json"
    _write_json(file, json.loads(file.read_text(encoding="utf-8")) | entries)


# --- the families


def _marian(folder: Path) -> Checkpoint:
    """One vocabulary for both sides, and a tag for the target language."""
    pieces = train_pieces("unigram")
    words = [piece for piece in pieces_of(pieces) if piece not in ("<s>", "</s>", "<unk>")]
    vocabulary = ["</s>", "<unk>", *words, ">>kor<<", ">>ukr<<", "<pad>"]
    _write_json(folder / "vocab.json", _rows(vocabulary))
    return _marian_of(
        folder,
        pieces,
        pieces,
        len(vocabulary),
        {"uk": ((">>ukr<<",), ()), "ko": ((">>kor<<",), ())},
    )


def _marian_separate(folder: Path) -> Checkpoint:
    """A vocabulary for each side, with as many tokens."""
    sides = [train_pieces("bpe", 300, words=words) for words in (ENGLISH, KOREAN)]
    lists = [
        [piece for piece in pieces_of(side) if piece not in ("<s>", "</s>", "<unk>")]
        for side in sides
    ]
    rows = min(map(len, lists))
    # The order differs, too, so that a mix-up of the sides can't go unseen.
    lists[1].reverse()
    for name, words in zip(("vocab.json", "target_vocab.json"), lists, strict=True):
        _write_json(folder / name, _rows(["</s>", "<unk>", *words[-rows:], "<pad>"]))
    return _marian_of(folder, *sides, rows + 3, {"ko": ((), ())}, separate=True)


def _marian_of(
    folder: Path, source: bytes, target: bytes, rows: int, tags: Tags, *, separate: bool = False
) -> Checkpoint:
    (folder / "source.spm").write_bytes(source)
    (folder / "target.spm").write_bytes(target)
    _write_json(folder / "tokenizer_config.json", {"separate_vocabs": separate})

    def network() -> Any:
        made = transformers.MarianMTModel(
            transformers.MarianConfig(
                vocab_size=rows,
                decoder_vocab_size=rows,
                share_encoder_decoder_embeddings=not separate,
                pad_token_id=rows - 1,
                decoder_start_token_id=rows - 1,
                eos_token_id=0,
                scale_embedding=True,
                activation_function="swish",
                **SHAPE,
            )
        )
        made.final_logits_bias += 0.1 * torch.randn_like(made.final_logits_bias)
        # Marian begins from a vector of zeros; as the output matrix, too, the row would be trained.
        used = torch.ones(rows, 1)
        used[-1] = 0
        for embeddings in {made.get_encoder().embed_tokens, made.get_decoder().embed_tokens}:
            embeddings.weight.data *= used
            embeddings.weight.register_hook(lambda gradient: gradient * used)
        return made

    made = _taught(folder, "marian", network, partial(_glossed, tags))
    # What the configurations of OPUS-MT on the hub have beside the architecture.
    _amend(
        folder,
        add_bias_logits=False,
        add_final_layer_norm=False,
        bad_words_ids=[[rows - 1]],
        max_length=512,
        normalize_before=False,
        normalize_embedding=False,
        num_beams=4,
        static_position_embeddings=True,
        torch_dtype="float32",
    )
    return made


def _m2m100(folder: Path) -> Checkpoint:
    pieces = train_pieces("bpe")
    (folder / "sentencepiece.bpe.model").write_bytes(pieces)
    vocabulary = ["<s>", "<pad>", "</s>", "<unk>", *pieces_of(pieces)[3:]]
    _write_json(folder / "vocab.json", _rows(vocabulary))
    config = transformers.M2M100Config(
        vocab_size=len(vocabulary) + 100 + 8, scale_embedding=True, **SHAPE
    )
    english = ("__en__",)
    tags = {"uk": (english, ("__uk__",)), "ko": (english, ("__ko__",))}
    network = partial(transformers.M2M100ForConditionalGeneration, config)
    return _taught(folder, "m2m100", network, partial(_glossed, tags))


def _nllb(folder: Path) -> Checkpoint:
    (folder / "sentencepiece.bpe.model").write_bytes(train_pieces("bpe"))
    plain = transformers.NllbTokenizer.from_pretrained(folder)
    words = sorted(plain.get_vocab(), key=plain.get_vocab().__getitem__)[:-1]  # all but <mask>
    vocabulary = [*words, *NLLB_CODES, "<mask>"]
    backend = json.loads(plain.backend_tokenizer.to_str())
    transformers.NllbTokenizer(
        vocab=_rows(vocabulary),
        merges=[tuple(merge) for merge in backend["model"]["merges"]],
        _spm_precompiled_charsmap=base64.b64decode(
            backend["normalizer"]["normalizers"][0]["precompiled_charsmap"]
        ),
    ).save_pretrained(folder)
    config = transformers.M2M100Config(
        vocab_size=len(vocabulary) + 2, scale_embedding=True, **SHAPE
    )
    english = ("eng_Latn",)
    tags = {"uk": (english, ("ukr_Cyrl",)), "ko": (english, ("kor_Hang",))}
    network = partial(transformers.M2M100ForConditionalGeneration, config)
    return _taught(folder, "nllb", network, partial(_glossed, tags))


def _mbart50(folder: Path) -> Checkpoint:
    pieces = train_pieces("unigram")
    (folder / "sentencepiece.bpe.model").write_bytes(pieces)
    config = transformers.MBartConfig(
        vocab_size=len(pieces_of(pieces)) + 1 + 52 + 1,
        scale_embedding=True,
        decoder_start_token_id=2,
        **SHAPE,
    )
    english = ("en_XX",)
    tags = {"uk": (english, ("uk_UA",)), "ko": (english, ("ko_KR",))}
    network = partial(transformers.MBartForConditionalGeneration, config)
    return _taught(folder, "mbart50", network, partial(_glossed, tags))


def _bart(folder: Path) -> Checkpoint:
    trainer = ByteLevelBPETokenizer()
    trainer.train_from_iterator(_texts(), 600, special_tokens=["<s>", "<pad>", "</s>", "<unk>"])
    trainer.save_model(str(folder))
    rows = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))
    _write_json(folder / "vocab.json", rows | {"<mask>": len(rows)})
    # As in the checkpoints for summaries, the mask has no row.
    config = transformers.BartConfig(vocab_size=len(rows), **SHAPE)
    network = partial(transformers.BartForConditionalGeneration, config)
    made = _taught(folder, "bart", network, partial(_shortened, " "))
    _amend(
        folder,
        early_stopping=True,
        forced_bos_token_id=0,
        length_penalty=2.0,
        max_length=142,
        min_length=56,
        no_repeat_ngram_size=3,
        normalize_before=False,
        normalize_embedding=True,
        num_beams=4,
        prefix=" ",
        task_specific_params={"summarization": {"max_length": 142, "num_beams": 4}},
    )
    return made


def _pegasus(folder: Path) -> Checkpoint:
    pieces = train_pieces(
        "unigram", pad_id=0, eos_id=1, unk_id=2, bos_id=-1, user_defined_symbols=["<n>"]
    )
    (folder / "spiece.model").write_bytes(pieces)
    config = transformers.PegasusConfig(
        vocab_size=len(pieces_of(pieces)) + 103,
        scale_embedding=True,
        activation_function="relu",
        **SHAPE,
    )
    network = partial(transformers.PegasusForConditionalGeneration, config)
    return _taught(folder, "pegasus", network, partial(_shortened, "<n>"))


def _t5(folder: Path) -> Checkpoint:
    """T5's first release: one matrix for embeddings and output, the output scaled."""
    rows = _t5_pieces(folder)
    config = transformers.T5Config(vocab_size=rows + 128, decoder_start_token_id=0, **T5_SHAPE)
    network = partial(transformers.T5ForConditionalGeneration, config)
    tasks = partial(_shortened, " ", prefix=("summarize:",))
    return _taught(folder, "t5", network, tasks)


def _mt5(folder: Path) -> Checkpoint:
    rows = _t5_pieces(folder)
    config = transformers.MT5Config(
        vocab_size=rows + 112,
        decoder_start_token_id=0,
        feed_forward_proj="gated-gelu",
        **T5_SHAPE,
    )
    network = partial(_untied, transformers.MT5ForConditionalGeneration, config)
    made = _taught(folder, "t5", network, partial(_glossed, {"ko": ((), ())}))
    _amend(folder, tie_word_embeddings=False)
    return made


def _madlad(folder: Path) -> Checkpoint:
    """T5 1.1 with tags in the text, and other rows for `<unk>`, `<pad>` and `</s>` than T5 has."""
    rows = _t5_pieces(
        folder,
        unk_id=0,
        bos_id=1,
        eos_id=2,
        pad_id=-1,
        byte_fallback=True,
        user_defined_symbols=["<2ko>", "<2uk>"],
    )
    _write_json(
        folder / "tokenizer_config.json",
        {"pad_token": "<s>", "extra_ids": 0, "additional_special_tokens": []},
    )
    config = transformers.T5Config(
        vocab_size=rows + 16,
        decoder_start_token_id=0,
        pad_token_id=1,
        eos_token_id=2,
        feed_forward_proj="gated-gelu",
        tie_word_embeddings=False,
        **T5_SHAPE,
    )
    tags = {"uk": (("<2uk>",), ()), "ko": (("<2ko>",), ())}
    network = partial(_untied, transformers.T5ForConditionalGeneration, config)
    made = _taught(folder, "madlad", network, partial(_glossed, tags))
    _amend(folder, tie_word_embeddings=False)
    return made


def _t5_pieces(folder: Path, **options: Any) -> int:
    layout = {"pad_id": 0, "eos_id": 1, "unk_id": 2, "bos_id": -1}
    pieces = train_pieces("unigram", 700, **(options or layout))
    (folder / "spiece.model").write_bytes(pieces)
    return len(pieces_of(pieces))


def _untied(architecture: Any, config: Any) -> Any:
    """A network whose output matrix is not its embeddings, as in T5 1.1, mT5 and MADLAD."""
    network = architecture(config)
    network.lm_head.weight = torch.nn.Parameter(
        torch.randn_like(network.lm_head.weight) * config.d_model**-0.5
    )
    return network


NAMES: dict[str, Callable[[Path], Checkpoint]] = {
    "marian": _marian,
    "marian-separate": _marian_separate,
    "m2m100": _m2m100,
    "nllb": _nllb,
    "mbart50": _mbart50,
    "bart": _bart,
    "pegasus": _pegasus,
    "t5": _t5,
    "mt5": _mt5,
    "madlad": _madlad,
}


def write_marian_release(checkpoint: Checkpoint, folder: Path) -> Path:
    """The same network as Marian itself stores it: an .npz, YAML vocabularies, `decoder.yml`.

    Names and shapes are Marian's: matrices the other way round, biases as rows, no padding row.
    """
    folder.mkdir()
    network = load_network(checkpoint.folder, "marian")
    state = {name: value.numpy() for name, value in network.state_dict().items()}
    separate = not network.config.share_encoder_decoder_embeddings
    arrays = {"decoder_ff_logit_out_b": state["final_logits_bias"][:, :-1]}
    if separate:
        arrays["encoder_Wemb"] = state["model.encoder.embed_tokens.weight"][:-1]
        arrays["decoder_Wemb"] = state["model.decoder.embed_tokens.weight"][:-1]
    else:
        arrays["Wemb"] = state["model.shared.weight"][:-1]
    for stack in ("encoder", "decoder"):
        for layer in range(2):
            ours, theirs = f"model.{stack}.layers.{layer}", f"{stack}_l{layer + 1}"
            blocks = {"self_attn": "self", "encoder_attn": "context"}
            for block, short in list(blocks.items())[: 1 if stack == "encoder" else 2]:
                for part in "qkv":
                    _linear(arrays, state, f"{ours}.{block}.{part}_proj", f"{theirs}_{short}", part)
                _linear(arrays, state, f"{ours}.{block}.out_proj", f"{theirs}_{short}", "o")
                _norm(arrays, state, f"{ours}.{block}_layer_norm", f"{theirs}_{short}_Wo")
            _linear(arrays, state, f"{ours}.fc1", f"{theirs}_ffn", "1")
            _linear(arrays, state, f"{ours}.fc2", f"{theirs}_ffn", "2")
            _norm(arrays, state, f"{ours}.final_layer_norm", f"{theirs}_ffn_ffn")
    settings = {
        "type": "transformer",
        "enc-depth": 2,
        "dec-depth": 2,
        "transformer-heads": 4,
        "transformer-decoder-autoreg": "self-attention",
        "transformer-ffn-activation": "swish",
        "transformer-guided-alignment-layer": "last",
        "transformer-no-projection": False,
        "transformer-postprocess": "dan",
        "transformer-postprocess-emb": "d",
        "transformer-preprocess": "",
    }
    text = (yaml.safe_dump(settings) + "\0").encode()
    arrays["special:model.yml"] = numpy.frombuffer(text, dtype=numpy.int8)
    numpy.savez(folder / "opus.npz", **arrays)
    names = {"opus.src.vocab.yml": "vocab.json", "opus.trg.vocab.yml": "target_vocab.json"}
    if not separate:
        names = {"opus.vocab.yml": "vocab.json"}
    for name, hub_name in names.items():
        rows = json.loads((checkpoint.folder / hub_name).read_text(encoding="utf-8"))
        del rows["<pad>"]
        lines = [f"{json.dumps(token, ensure_ascii=False)}: {row}\n" for token, row in rows.items()]
        (folder / name).write_text("".join(lines), encoding="utf-8")
    vocabularies = list(names) if separate else list(names) * 2
    decoder = {"relative-paths": True, "models": ["opus.npz"], "vocabs": vocabularies}
    (folder / "decoder.yml").write_text(yaml.safe_dump(decoder), encoding="utf-8")
    for name in ("source.spm", "target.spm"):
        shutil.copyfile(checkpoint.folder / name, folder / name)
    return folder


def _linear(arrays: Any, state: Any, ours: str, theirs: str, suffix: str) -> None:
    arrays[f"{theirs}_W{suffix}"] = state[f"{ours}.weight"].T
    arrays[f"{theirs}_b{suffix}"] = state[f"{ours}.bias"][None]


def _norm(arrays: Any, state: Any, ours: str, theirs: str) -> None:
    arrays[f"{theirs}_ln_scale"] = state[f"{ours}.weight"][None]
    arrays[f"{theirs}_ln_bias"] = state[f"{ours}.bias"][None]
