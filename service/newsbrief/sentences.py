"""Paragraphs -> sentences with offsets. `sentencex` splits; what it gets wrong is mended here.

Its time grows with the square of a text that opens quotations and never closes them, so it is given
at most `_MOST_CHARS` characters at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import sentencex

from newsbrief.article import PARAGRAPH_BREAK, Article, Sentence

_MOST_CHARS = 2000  # far more than a paragraph of news holds
_PLAIN_END = re.compile(
    r"(?:[^\W\d_A-ZА-ЯІЇЄҐ]{5}|다)[.!?][\"'”’»)]* +(?=[\"'“‘«(]*[A-ZА-ЯІЇЄҐ가-힣])|[。！？]"
)
_LONG_CHARS = 300  # sentencex keeps a quotation whole, however many sentences it holds
_INNER_END = re.compile(
    r"(?<=[^\W\d_]{2}[.!?])(?<!\b[A-Z][a-z]\.)[\"'”’»]? +(?=[\"'“‘«(]*[^\W\d_a-zа-яіїєґ])"
)
# What follows a quotation in the same sentence: «Уходите!» — сказал он. “가라.”고 말했다.
_GOES_ON = re.compile(r"[a-zа-яіїєґ,;:)]|[-–—] ?[a-zа-яіїєґ]")
_SAID_KO = re.compile(r"이?라?(?:고|며|면서|는)[ ,]")
_CLOSERS = ('"', "'", "”", "’", "»")
# "at 5 p.m. Monday", "at 5 p.m. May 3": the day belongs to the hour.
_HOURS = ("a.m.", "p.m.")
_DAY = re.compile(
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b(?! (?:was|is|saw|will|brought)\b)"
    r"|(?:Jan|Feb|Mar|Apr|May|June|July|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.? \d|[A-Z]{1,3}T\b)"
)
# "May" is no abbreviation; the others end a sentence where another plainly begins.
_ABBREVIATED_END = re.compile(
    r"\.(?:(?<=\bMay\.) +(?=[“‘\"']?[A-Z])"
    r"|(?:(?<=\b(?:Inc|Ltd|Jan|Feb|Aug|Sep|Oct|Nov|Dec)\.)|(?<=\b(?:Corp|Sept)\.)|(?<=\bCo\.))"
    r" +(?=[“‘\"']?(?:"
    r"(?:The|An?|It|Its|He|She|They|His|Her|Their|We|In|On|At|But|And|This|That|These|Those|There"
    r"|Mr|Mrs|Ms)\b"
    r"|(?!Chair|Chief|President|Vice|Director|Executive|Founder|Spokes|Foundation|Fund|Tower"
    r"|Building|Cent|Board|Class|Group|Holding)"
    r"[A-Z][a-z]+ (?!(?:of|in|at|on|and|or|for|to|by|from|with)\b)[a-z])))"
)


def split_sentences(article: Article) -> list[Sentence]:
    """The sentences of the body in order; none crosses a paragraph, only blanks lie between them.

    A quotation of more than 300 characters is split at the ends of the sentences inside it; a
    sentence of more than 2000 may be cut at a blank.
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
    for start, end in _pieces(paragraph):
        position = start
        for segment in sentencex.segment(language, paragraph[start:end]):
            if before and not _goes_on(before, segment, language):
                bounds.append(position)
            before = segment
            position += len(segment)
    bounds.append(len(paragraph))
    abbreviated = language == "en" and _ABBREVIATED_END.search(paragraph) is not None
    for start, end in pairwise(bounds):
        for begin, finish in _inner(paragraph, start, end, abbreviated):
            text = paragraph[begin:finish]
            if text.strip():
                yield text.strip(), begin + len(text) - len(text.lstrip())


def _pieces(paragraph: str) -> Iterator[tuple[int, int]]:
    """The paragraph in pieces of at most `_MOST_CHARS`, cut where a sentence ends, else a word."""
    start = 0
    while len(paragraph) - start > _MOST_CHARS:
        middle, latest = start + _MOST_CHARS // 2, start + _MOST_CHARS
        ends = [match.end() for match in _PLAIN_END.finditer(paragraph, middle, latest)]
        cut = ends[-1] if ends else paragraph.rfind(" ", middle, latest) + 1 or latest
        yield start, cut
        start = cut
    yield start, len(paragraph)


def _goes_on(before: str, segment: str, language: str) -> bool:
    """Whether a segment belongs to the sentence of the segment before it."""
    if _GOES_ON.match(segment):
        return True
    if language == "en":
        return before.rstrip().endswith(_HOURS) and _DAY.match(segment) is not None
    return before.rstrip().endswith(_CLOSERS) and _SAID_KO.match(segment) is not None


def _inner(paragraph: str, start: int, end: int, abbreviated: bool) -> Iterator[tuple[int, int]]:
    """The sentences inside what `sentencex` took for one."""
    ends: list[int] = []
    if abbreviated:
        # After one word, "In Oct. Talks ..." and "Acme Inc. Shares ..." have only begun.
        begun = paragraph.find(" ", paragraph.find(" ", start, end) + 1, end)
        found = _ABBREVIATED_END.finditer(paragraph, start, end)
        ends.extend(match.end() for match in found if match.start() > begun)
    if end - start > _LONG_CHARS:
        ends.extend(match.end() for match in _INNER_END.finditer(paragraph, start, end))
    for finish in sorted(set(ends)):
        yield start, finish
        start = finish
    yield start, end
