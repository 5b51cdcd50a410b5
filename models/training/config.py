"""A training configuration, read from TOML; unknown keys are refused."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Data:
    """What `prepare` keeps: `keep` is the share of a kind's pairs, by default all.

    `resampled` says by kind how many copies more there are, their source cut into other pieces:
    subword regularisation (Kudo 2018).
    """

    vocabulary: int = 32_000
    vocabulary_pairs: int = 1_000_000
    max_tokens: int = 160
    dev: int = 150
    test: int = 300
    synthetic: int = 20_000  # pairs made from templates, a language
    keep: dict[str, float] = field(default_factory=dict)
    resampled: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Model:
    """Shape of the Marian network."""

    width: int = 512
    encoder: int = 8
    decoder: int = 2
    feed_forward: int = 2048
    heads: int = 8
    dropout: float = 0.1


@dataclass(frozen=True, slots=True)
class Train:
    """How it is trained; `minutes` is the whole budget, over all pieces."""

    minutes: float = 25.0
    steps: int = 0  # ends sooner, at this many; 0 for no such bound
    batch_tokens: int = 60_000  # padded, both sides
    optimiser: str = "adamw"  # or "muon"
    rate: float = 1.2e-3
    warmup: int = 800  # steps
    hold: float = 0.35  # share of the time at the full rate, before it falls in a line to the floor
    floor: float = 0.02
    label_smoothing: float = 0.1
    noise: float = 0.05  # share of source tokens masked
    reverse: float = 0.0  # share of batches that translate into English
    mapped: bool = False  # a batch has one language, and weighs only what its vocabulary map allows
    average: float = 0.9995  # decay of the running average of the weights
    short_first: float = 0.0  # share of the time during which long pairs wait
    short_tokens: int = 24
    temperature: float = 2.0  # flattens the share of the languages
    compile: bool = False
    seed: int = 1
    weight: dict[str, float] = field(default_factory=dict)  # copies of a pair in an epoch, by kind


@dataclass(frozen=True, slots=True)
class Config:
    """One configuration file."""

    data: Data
    model: Model
    train: Train


def load(path: Path) -> Config:
    """Reads a TOML file of the tables [data], [model] and [train].

    Raises ValueError naming the file when a table or key is not known.
    """
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        return Config(
            Data(**tables.pop("data", {})),
            Model(**tables.pop("model", {})),
            Train(**tables.pop("train", {})),
            **tables,
        )
    except TypeError as error:
        raise ValueError(f"{path}: {error}") from None
