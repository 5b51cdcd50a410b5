"""Token arrays on disk: written in shards small enough to send, read as one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.training.corpus import Pair
from models.training.vocabulary import TAGS, Pieces

LANGUAGE_CODES = tuple(TAGS)  # the order is part of the format
SHARD_TOKENS = 24_000_000  # 48 MB of uint16


@dataclass(frozen=True, slots=True)
class Packed:
    """Pairs as one run of tokens: pair i is tokens[bounds[2i]:bounds[2i+1]] and on to bounds[2i+2].

    `language` and `kind` number LANGUAGE_CODES and `kinds`. No tags and no </s> are stored.
    """

    tokens: npt.NDArray[np.uint16]
    bounds: npt.NDArray[np.int64]
    language: npt.NDArray[np.uint8]
    kind: npt.NDArray[np.uint8]
    kinds: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.language)

    def lengths(self) -> npt.NDArray[np.int64]:
        """Tokens of source and target, shape (pairs, 2)."""
        return np.diff(self.bounds).reshape(-1, 2)

    def sides(self, index: int) -> tuple[npt.NDArray[np.uint16], npt.NDArray[np.uint16]]:
        """Source and target tokens of one pair."""
        start, middle, end = self.bounds[2 * index : 2 * index + 3]
        return self.tokens[start:middle], self.tokens[middle:end]


def pack(
    pairs: Sequence[Pair],
    pieces: Pieces,
    max_tokens: int,
    resampled: Mapping[str, int] | None = None,
) -> tuple[Packed, int]:
    """Encodes pairs; also counts those left out for a side longer than `max_tokens`.

    `resampled` says by kind how many copies more there are, their source cut into other pieces.
    """
    copies = resampled or {}
    kinds = tuple(sorted({pair.kind for pair in pairs}))
    tokens, lengths, language, kind = [], [], [], []
    too_long = 0
    for copy in range(1 + max(copies.values(), default=0)):
        wanted = [pair for pair in pairs if copies.get(pair.kind, 0) >= copy]
        for pair, source, target in _encoded(wanted, pieces, copy):
            if not 0 < len(source) <= max_tokens or not 0 < len(target) <= max_tokens:
                too_long += not copy
                continue
            tokens.append(np.array(source + target, np.uint16))
            lengths += [len(source), len(target)]
            language.append(LANGUAGE_CODES.index(pair.language))
            kind.append(kinds.index(pair.kind))
    packed = Packed(
        np.concatenate(tokens),
        np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        np.array(language, np.uint8),
        np.array(kind, np.uint8),
        kinds,
    )
    return packed, too_long


def _encoded(
    pairs: Sequence[Pair], pieces: Pieces, draw: int
) -> Iterator[tuple[Pair, list[int], list[int]]]:
    for start in range(0, len(pairs), 20_000):
        part = pairs[start : start + 20_000]
        texts = [pair.source for pair in part]
        sources = pieces.resample_sources(texts, draw) if draw else pieces.encode_sources(texts)
        targets = pieces.encode_targets([pair.target for pair in part])
        yield from zip(part, sources, targets, strict=True)


def save(packed: Packed, folder: Path) -> list[Path]:
    """Writes FOLDER/train-*.npz, each at most about 48 MB; replaces what was there."""
    for old in folder.glob("train-*.npz"):
        old.unlink()
    first, paths = 0, []
    while first < len(packed):
        last = int(np.searchsorted(packed.bounds, packed.bounds[2 * first] + SHARD_TOKENS)) // 2
        last = min(max(last, first + 1), len(packed))
        bounds = packed.bounds[2 * first : 2 * last + 1]
        paths.append(folder / f"train-{len(paths):02}.npz")
        np.savez_compressed(
            paths[-1],
            tokens=packed.tokens[bounds[0] : bounds[-1]],
            lengths=np.diff(bounds).astype(np.uint16),
            language=packed.language[first:last],
            kind=packed.kind[first:last],
            kinds=np.array(packed.kinds),
        )
        first = last
    return paths


def load(folder: Path) -> Packed:
    """Joins the shards `save` wrote. Raises FileNotFoundError when there is none."""
    paths = sorted(folder.glob("train-*.npz"))
    if not paths:
        raise FileNotFoundError(f"{folder} holds no train-*.npz; run prepare first")
    shards = [np.load(path) for path in paths]
    lengths = np.concatenate([shard["lengths"] for shard in shards]).astype(np.int64)
    return Packed(
        np.concatenate([shard["tokens"] for shard in shards]),
        np.concatenate([[0], np.cumsum(lengths)]),
        np.concatenate([shard["language"] for shard in shards]),
        np.concatenate([shard["kind"] for shard in shards]),
        tuple(shards[0]["kinds"].tolist()),
    )
