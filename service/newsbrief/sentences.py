"""Paragraphs -> sentences with offsets. `sentencex` splits; what it gets wrong is mended here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import sentencex

from newsbrief.article import PARAGRAPH_BREAK, Article, Sentence

_LONG_CHARS = 300  # sentencex keeps a quotation whole, however many sentences it holds
_INNER_END = re.compile(
    r"(?<=[^\W\d_]{2}[.!?])(?<!\b[A-Z][a-z]\.)[\"'”’»]? +(?=[\"'“‘«(]*[^\W\d_a-zа-яіїєґ])"
)
# What follows a quotation in the same sentence: «Уходите!» — сказал он. “가라.”고 말했다.
_GOES_ON = re.compile(r"[a-zа-яіїєґ,;:)]|[-–—] ?[a-zа-яіїєґ]")
_SAID_KO = re.compile(r"이?라?(?:고|며|면서|는)[ ,]")
_CLOSED = re.compile(r"[\"'”’»]\s*$")


def split_sentences(article: Article) -> list[Sentence]:
    """The sentences of the body in order; none crosses a paragraph, only blanks lie between them.

    A quotation of more than 300 characters is split at the ends of the sentences inside it.
    """
    sentences: list[Sentence] = []
    start = 0
    for number, paragraph in enumerate(article.paragraphs):
        for text, offset in _split(paragraph, article.source_language):
            begin = start + offset
            sentences.append(Sentence(text, begin, begin + len(text), number))
        start += len(paragraph) + len(PARAGRAPH_BREAK)
    return sentences


def _split(paragraph: str, language: str) -> Iterator[tuple[str, int]]:
    """Sentences without the blanks round them, and where each begins in the paragraph."""
    bounds = [0]
    before = ""
    position = 0
    for segment in sentencex.segment(language, paragraph):
        goes_on = _GOES_ON.match(segment) or (_CLOSED.search(before) and _SAID_KO.match(segment))
        if before and not goes_on:
            bounds.append(position)
        before = segment
        position += len(segment)
    bounds.append(len(paragraph))
    for start, end in pairwise(bounds):
        for begin, finish in _inner(paragraph, start, end):
            text = paragraph[begin:finish]
            if text.strip():
                yield text.strip(), begin + len(text) - len(text.lstrip())


def _inner(paragraph: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    if end - start > _LONG_CHARS:
        for match in _INNER_END.finditer(paragraph, start, end):
            yield start, match.end()
            start = match.end()
    yield start, end
