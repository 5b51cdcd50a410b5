"""Chooses the development and test sets by document and keeps them out of training."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from models.training.cleaning import normal_form
from models.training.corpus import LANGUAGES, Pair

BLOCK = 12  # consecutive sentences of one source stand for a document; the corpus has no bounds
SHINGLE = 5  # words
JUDGED = ("news", "own")  # kinds; `own` is a newsroom's archive
LARGEST_SHARE = 0.1  # of a language's judged pairs, for either set
OVERLAP = 0.5  # share of the shorter sentence's shingles that makes two sentences near-duplicates


@dataclass(frozen=True, slots=True)
class Split:
    """The three parts, and how many pairs were dropped for resembling what is held out."""

    train: list[Pair]
    dev: list[Pair]
    test: list[Pair]
    near_duplicates: int


def split(
    pairs: list[Pair],
    dev_size: int,
    test_size: int,
    own: Iterable[Pair] = (),
    former: tuple[list[Pair], list[Pair]] | None = None,
) -> Split:
    """Holds out about `dev_size` and `test_size` pairs a language, whole blocks at a time.

    Only human translations of the kinds JUDGED are held out, LARGEST_SHARE of them at most. A
    block goes by the digest of its origin and number, so the choice stays the same whatever else
    the corpus holds, as long as it is cleaned alike. `own` pairs, held out by whoever wrote them,
    join the test set. `former` are the development and test sets of a model that is trained on:
    they stay what they were, and blocks with a sentence of theirs leave training whole. Every pair,
    of any file and language, whose English is a held-out sentence or a near-duplicate of one is
    dropped from training.
    """
    blocks = _blocks(pairs)
    own = list(own)
    if former:
        dev, test = former
        train, near = _apart(pairs, _documents([*dev, *test, *own], blocks))
        return Split(train, dev, test, near)
    chosen = _choose(blocks, dev_size, test_size)
    parts: dict[str, list[Pair]] = {"dev": [], "test": []}
    for pair in filter(_judged, pairs):
        if part := next((name for name in parts if normal_form(pair.source) in chosen[name]), None):
            parts[part].append(pair)
    held = chosen["dev"] | chosen["test"] | {normal_form(pair.source) for pair in own}
    train, near = _apart(pairs, held)
    found = sum(map(len, parts.values()))
    test = _capped(parts["test"], test_size) + own
    return Split(train, _capped(parts["dev"], dev_size), test, near - found)


def _choose(
    blocks: dict[tuple[str, int], list[Pair]], dev_size: int, test_size: int
) -> dict[str, set[str]]:
    """The sentences of either set, in their normal form."""
    order = sorted(blocks, key=lambda key: hashlib.sha256(repr(key).encode()).digest())
    chosen: dict[str, set[str]] = {"dev": set(), "test": set()}
    counts: dict[str, Counter[str]] = {"dev": Counter(), "test": Counter()}
    available = Counter(pair.language for block in blocks.values() for pair in block)
    taken = set()
    for part, size in (("test", test_size), ("dev", dev_size)):
        for language in LANGUAGES:
            enough = min(size, LARGEST_SHARE * available[language])
            for key in order:
                if counts[part][language] >= enough:
                    break
                if key in taken or not any(p.language == language for p in blocks[key]):
                    continue
                taken.add(key)
                for pair in blocks[key]:
                    chosen[part].add(normal_form(pair.source))
                    counts[part][pair.language] += 1
    chosen["dev"] -= chosen["test"]
    return chosen


def _documents(held: Iterable[Pair], blocks: dict[tuple[str, int], list[Pair]]) -> set[str]:
    """The held-out sentences with all others of their blocks."""
    forms = {normal_form(pair.source) for pair in held}
    for block in blocks.values():
        found = {normal_form(pair.source) for pair in block}
        if found & forms:
            forms |= found
    return forms


def _apart(pairs: Iterable[Pair], held: set[str]) -> tuple[list[Pair], int]:
    """The pairs that are not and do not resemble what is held out, and how many do."""
    index, train, dropped = _Index(held), [], 0
    for pair in pairs:
        form = normal_form(pair.source)
        if form in held or index.resembles(form):
            dropped += 1
        else:
            train.append(pair)
    return train, dropped


def _judged(pair: Pair) -> bool:
    return pair.kind in JUDGED and not pair.synthetic and 4 <= len(pair.source.split()) <= 60


def _blocks(pairs: Iterable[Pair]) -> dict[tuple[str, int], list[Pair]]:
    """Judged pairs by document: runs of BLOCK distinct English sentences of an origin."""
    position: dict[tuple[str, str], int] = {}
    size: Counter[str] = Counter()
    blocks: dict[tuple[str, int], list[Pair]] = defaultdict(list)
    for pair in pairs:
        if not _judged(pair):
            continue
        key = (pair.origin, pair.source)
        if key not in position:
            position[key] = size[pair.origin]
            size[pair.origin] += 1
        blocks[pair.origin, position[key] // BLOCK].append(pair)
    return blocks


def _capped(pairs: list[Pair], size: int) -> list[Pair]:
    counts: Counter[str] = Counter()
    kept = []
    for pair in pairs:
        counts[pair.language] += 1
        if counts[pair.language] <= size:
            kept.append(pair)
    return kept


def _shingles(form: str) -> set[str]:
    words = form.split()
    return {" ".join(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1)}


class _Index:
    """Finds held-out sentences that share shingles with a text."""

    def __init__(self, forms: Iterable[str]) -> None:
        self._sizes: list[int] = []
        self._places: dict[str, list[int]] = defaultdict(list)
        for form in sorted(forms):
            shingles = _shingles(form)
            for shingle in shingles:
                self._places[shingle].append(len(self._sizes))
            self._sizes.append(len(shingles))

    def resembles(self, form: str) -> bool:
        shingles = _shingles(form)
        shared = Counter(place for s in shingles for place in self._places.get(s, ()))
        return any(
            count >= max(2, OVERLAP * min(self._sizes[place], len(shingles)))
            for place, count in shared.items()
        )
