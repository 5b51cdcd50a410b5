"""Draws pairs by kind and language, and cuts them into padded batches of a token budget."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.training import vocabulary_map
from models.training.config import Train
from models.training.packing import LANGUAGE_CODES, Packed
from models.training.vocabulary import TAGS, Pieces

IGNORED = -100  # the label torch's cross entropy leaves out
SORTED_PAIRS = 100_000  # sorted by length together
ROUND = 4  # widths are rounded up to a multiple, so that fewer shapes occur

Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Batch:
    """Ids of shape (pairs, width): source, decoder input, and labels (IGNORED where padded).

    `outputs` are the ids of the pieces that the decoder weighs, in order; labels are places in it.
    """

    source: Ids
    decoder: Ids
    labels: Ids
    outputs: Ids


class Batches:
    """Endless batches, reproducible from the seed and the epoch."""

    def __init__(self, data: Packed, train: Train, pieces: Pieces) -> None:
        self._data = data
        self._train = train
        self._tags = [pieces.tag(code) for code in LANGUAGE_CODES]
        self._pad, self._end, self._unknown = pieces.pad, pieces.end, pieces.unknown
        self._lengths = data.lengths()
        self._writable = _writable(pieces) if train.mapped else {}

    def epoch(self, number: int, longest: int | None = None) -> Iterator[Batch]:
        """The batches of one epoch; pairs with a side over `longest` tokens wait."""
        chance = np.random.default_rng([self._train.seed, number])
        index = self._drawn(chance)
        if longest is not None:
            index = index[self._lengths[index].max(axis=1) <= longest]
        for start in range(0, len(index), SORTED_PAIRS):
            part = index[start : start + SORTED_PAIRS]
            language = self._data.language[part] if self._train.mapped else np.zeros(len(part))
            lengths = self._lengths[part]
            part = part[np.lexsort((lengths[:, 0], lengths[:, 1], language))]
            groups = self._cut(part)
            for group in chance.permutation(len(groups)):
                yield self._padded(groups[group], chance)

    def _drawn(self, chance: np.random.Generator) -> Ids:
        """Indices of pairs, each as often as the weight of its kind and language says."""
        data, train = self._data, self._train
        share = np.array([train.weight.get(kind, 1.0) for kind in data.kinds])[data.kind]
        by_language = np.bincount(data.language, weights=share, minlength=len(LANGUAGE_CODES))
        lift = (by_language.max() / np.maximum(by_language, 1)) ** (1 - 1 / train.temperature)
        share = share * lift[data.language]
        copies = np.floor(share).astype(np.int64) + (chance.random(len(data)) < share % 1)
        return chance.permutation(np.repeat(np.arange(len(data)), copies))

    def _cut(self, index: Ids) -> list[Ids]:
        groups, first, longest = [], 0, 0
        language = self._data.language[index]
        for place, (source, target) in enumerate(self._lengths[index]):
            width = max(longest, source + 2, target + 1)
            full = width * 2 * (place - first + 1) > self._train.batch_tokens
            other = self._train.mapped and language[place] != language[first]
            if place > first and (full or other):
                groups.append(index[first:place])
                first, width = place, max(source + 2, target + 1)
            longest = width
        groups.append(index[first:])
        return groups

    def _padded(self, group: Ids, chance: np.random.Generator) -> Batch:
        reverse = chance.random() < self._train.reverse
        pairs = [self._data.sides(i)[:: -1 if reverse else 1] for i in group]
        source_width = _rounded(max(len(source) for source, _ in pairs) + 2)
        target_width = _rounded(max(len(target) for _, target in pairs) + 1)
        source_ids = np.full((len(group), source_width), self._pad, np.int64)
        decoder = np.full((len(group), target_width), self._pad, np.int64)
        labels = np.full((len(group), target_width), IGNORED, np.int64)
        for row, (i, (source, target)) in enumerate(zip(group, pairs, strict=True)):
            language = LANGUAGE_CODES.index("en") if reverse else self._data.language[i]
            masked = chance.random(len(source)) < self._train.noise
            noisy = np.where(masked, self._unknown, source)
            framed = [*self._tags[language], *noisy, self._end]
            source_ids[row, : len(framed)] = framed
            decoder[row, 1 : len(target) + 1] = target
            labels[row, : len(target)] = target
            labels[row, len(target)] = self._end
        code = LANGUAGE_CODES[self._data.language[group[0]]]
        shared = None if reverse else self._writable.get(code)
        labels, outputs = self._among(shared, source_ids, labels)
        return Batch(source_ids, decoder, labels, outputs)

    def _among(self, writable: Ids | None, source: Ids, labels: Ids) -> tuple[Ids, Ids]:
        """Labels as places among the pieces that may be written, and those pieces.

        What the source has may be written too, as the map allows names to be copied, and so may
        whatever a label needs. `<pad>` never is: see `train`.
        """
        if writable is None:
            return labels, np.arange(self._pad)
        wanted = labels != IGNORED
        outputs = np.unique(np.concatenate([writable, source.ravel(), labels[wanted]]))
        outputs = outputs[outputs != self._pad]
        places = labels.copy()
        places[wanted] = np.searchsorted(outputs, labels[wanted])
        return places, outputs


def _writable(pieces: Pieces) -> Mapping[str, Ids]:
    """For each language of the vocabulary map, the ids that its tag allows, and `</s>`."""
    languages = [code for code in vocabulary_map.OWN if pieces.tag(code)]
    allowed = vocabulary_map.vocabulary_map(list(pieces.ids), languages)
    return {
        code: np.array([pieces.end, *(pieces.ids[p] for p in allowed[TAGS[code]])])
        for code in languages
    }


def _rounded(width: int) -> int:
    return -(-width // ROUND) * ROUND
