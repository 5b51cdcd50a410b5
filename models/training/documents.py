"""Finds documents again: runs of English news sentences that follow one another in the corpus.

The corpus has no bounds of documents. A new one is taken to begin where a line without a full stop
stands (a headline), and where the sentences that follow share no content word with those before
(in the manner of TextTiling, Hearst 1997).
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from models.training import cleaning
from models.training.corpus import Pair
from newsbrief.salience import stems

KIND = "news"
MIN_SENTENCES = 5
BEFORE, AFTER = 6, 3  # sentences whose words are compared across a bound
MIN_SHARED = 2  # stems that sentences of one document share with those before
OLD_SHARE = 0.5  # of a document's sentences; beyond, it is another copy of one seen before
SAME_RUN = 8  # words; an article and a document that share such a run are one
ENDED = re.compile(r"[.!?…:;][\"'”’)]*$")
HEADLINE_WORDS = range(4, 19)


@dataclass(frozen=True, slots=True)
class Document:
    """Sentences of one text in order, with the headline where there was one."""

    headline: str | None
    sentences: tuple[str, ...]


def documents(pairs: Iterable[Pair]) -> Iterator[Document]:
    """Documents of the human-translated news among `pairs`, which come in the order of their files.

    One of the same origin that was read for another language is given once.
    """
    streams: dict[tuple[str, str], list[str]] = defaultdict(list)
    for pair in pairs:
        stream = streams[pair.origin, pair.language]
        source = cleaning.normalise(pair).source
        if pair.kind == KIND and not pair.synthetic and source not in stream[-1:]:
            stream.append(source)
    seen: set[str] = set()
    for stream in streams.values():
        for document in _cut(stream):
            old = sum(sentence in seen for sentence in document.sentences)
            if old <= OLD_SHARE * len(document.sentences):
                seen.update(document.sentences)
                yield document


def apart(found: Iterable[Document], held: Iterable[str]) -> Iterator[Document]:
    """The documents that share no run of SAME_RUN words with a held-out text."""
    runs = {run for text in held for run in _runs(text)}
    for document in found:
        if not any(run in runs for sentence in document.sentences for run in _runs(sentence)):
            yield document


def _cut(stream: Sequence[str]) -> Iterator[Document]:
    words = [stems(sentence) for sentence in stream]
    first, headline = 0, None
    for place, sentence in enumerate(stream):
        titled = _is_headline(sentence)
        if not titled and (place == first or not _breaks(words, first, place)):
            continue
        yield from _document(headline, stream[first:place])
        first, headline = (place + 1, sentence) if titled else (place, None)
    yield from _document(headline, stream[first:])


def _document(headline: str | None, lines: Sequence[str]) -> Iterator[Document]:
    kept = tuple(line for line in lines if not cleaning.MARKUP.search(line))
    if len(kept) >= MIN_SENTENCES:
        yield Document(headline, kept)


def _is_headline(sentence: str) -> bool:
    return not ENDED.search(sentence) and len(sentence.split()) in HEADLINE_WORDS


def _breaks(words: Sequence[frozenset[str]], first: int, place: int) -> bool:
    """Whether the text turns to another subject at `place`, by the stems on both sides."""
    before = frozenset[str]().union(*words[max(first, place - BEFORE) : place])
    after = frozenset[str]().union(*words[place : place + AFTER])
    return len(before & after) < MIN_SHARED


def _runs(text: str) -> set[str]:
    words = cleaning.normal_form(text).split()
    return {" ".join(words[i : i + SAME_RUN]) for i in range(len(words) - SAME_RUN + 1)}
