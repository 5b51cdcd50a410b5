"""Highlights from what a seq2seq summariser wrote: windows before it, bullets with sources after.

No engine is called here: `plan_windows` says what to summarise, `highlights_from_summaries` reads
what came of it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from newsbrief.antecedents import looks_back
from newsbrief.article import Article, Highlight, Sentence, Span
from newsbrief.compression import compress, trim
from newsbrief.marks import is_balanced
from newsbrief.salience import Salience, overlap, stems
from newsbrief.sentences import split_sentences

MAX_OVERLAP = 0.6  # of the content words of the shorter of two bullets
_RANK_WEIGHT = 1.5  # a summariser puts first what matters; so does news, window by window
_RANK_DECAY = 3.0
_SECOND_SOURCE = 0.2  # a second sentence is named where it accounts for so much more of a bullet
_BREAK = re.compile(r"<n>|\n|</?s>")  # Pegasus ends sentences with <n>
_SPACED_END = re.compile(r"\s+([.!?])(?=\s|$)")  # CNN/DailyMail models write " ."
_ENDED = re.compile(r"[.!?…。！？][\"'”’»)]*$")
_NAME_OR_NUMBER = re.compile(r"(?<!^)\b[A-ZА-ЯІЇЄҐ]\w+|\d[\d.,]*")


@dataclass(frozen=True, slots=True)
class _Bullet:
    text: str
    sources: tuple[Span, ...]
    first_source: int
    stems: frozenset[str]
    score: float


def plan_windows(lengths: Sequence[int], limit: int, overlap_sentences: int) -> list[range]:
    """Runs of sentences, each within `limit` tokens, that cover all and share some with the next.

    `lengths` are tokens a sentence. A sentence that is over the limit by itself gets a window of
    its own, which the caller must cut. At most a third of a window is shared with the next, less
    where the next sentence would not fit else: every window ends later than the one before.
    """
    windows: list[range] = []
    start = stop = 0
    while stop < len(lengths):
        stop = start + 1
        total = lengths[start]
        while stop < len(lengths) and total + lengths[stop] <= limit:
            total += lengths[stop]
            stop += 1
        windows.append(range(start, stop))
        start = stop - min(overlap_sentences, (stop - start) // 3)
        while start < stop < len(lengths) and sum(lengths[start : stop + 1]) > limit:
            start += 1
    return windows


def highlights_from_summaries(
    summaries: Sequence[str],
    sentences: Sequence[Sentence],
    *,
    count: int,
    max_chars: int,
    language: str = "en",
) -> tuple[Highlight, ...]:
    """At most `count` bullets of the summaries (one a window, in order), each with its sources.

    A bullet that is too long loses a clause or is left out, as is one that repeats another, speaks
    of somebody it has not named, or shares no content word with the article. In the order of the
    article. `sources` are the one or two sentences that account for most of a bullet's words.
    """
    salience = Salience([sentence.text for sentence in sentences])
    places = [_weights(sentence.text) for sentence in sentences]
    bullets: list[_Bullet] = []
    for window, summary in enumerate(summaries):
        for rank, text in enumerate(_split(summary, language, max_chars)):
            found = stems(text)
            sources = _sources(text, places)
            if not sources:
                continue
            score = salience.worth(found)
            score += _RANK_WEIGHT * math.exp(-(window + rank) / _RANK_DECAY)
            spans = tuple(sentences[index].span for index in sources)
            bullets.append(_Bullet(text, spans, sources[0], found, score))
    chosen: list[_Bullet] = []
    for bullet in sorted(bullets, key=lambda bullet: -bullet.score):
        if len(chosen) == count:
            break
        if all(overlap(bullet.stems, other.stems) <= MAX_OVERLAP for other in chosen):
            chosen.append(bullet)
    chosen.sort(key=lambda bullet: bullet.first_source)
    return tuple(Highlight(bullet.text, bullet.sources) for bullet in chosen)


def _split(summary: str, language: str, max_chars: int) -> Iterator[str]:
    """The sentences of one summary as bullets; one that the token limit cut off is left out."""
    text = _SPACED_END.sub(r"\1", _BREAK.sub("\n", summary))
    lines = tuple(line for line in (" ".join(raw.split()) for raw in text.split("\n")) if line)
    written = [s.text for s in split_sentences(Article(None, lines, language))]
    if len(written) > 1 and not _ENDED.search(written[-1]):
        written.pop()
    for sentence in written:
        sentence = sentence[:1].upper() + sentence[1:]
        if not _ENDED.search(sentence):
            sentence += "."
        if len(sentence) > max_chars and language == "en":
            sentence = trim(compress(sentence), max_chars) or sentence
        fits = len(sentence) <= max_chars and is_balanced(sentence)
        if fits and not looks_back(sentence, language):
            yield sentence


def _weights(text: str) -> dict[str, float]:
    """Stems of a text; names and numbers, which are seldom there by chance, weigh double."""
    strong = stems(" ".join(_NAME_OR_NUMBER.findall(text)))
    return {stem: 2.0 if stem in strong else 1.0 for stem in stems(text)}


def _sources(text: str, places: Sequence[dict[str, float]]) -> tuple[int, ...]:
    """Indices of the one or two sentences that hold most of the weight of a text's stems."""
    wanted = _weights(text)

    def covered(index: int, known: frozenset[str] = frozenset()) -> float:
        return sum(
            weight for stem, weight in wanted.items() if stem not in known and stem in places[index]
        )

    indices = range(len(places))
    best = max(indices, key=lambda index: (covered(index), -index), default=None)
    if best is None or covered(best) == 0:
        return ()
    known = frozenset(places[best])
    second = max(indices, key=lambda index: (covered(index, known), -abs(index - best), -index))
    if covered(second, known) >= _SECOND_SOURCE * sum(wanted.values()):
        return tuple(sorted((best, second)))
    return (best,)
