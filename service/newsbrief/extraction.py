"""Highlights taken from the article itself: no model. The fallback when a pack has none.

A sentence is worth what its words say of the article (`salience`), and the earlier one wins among
equals (the inverted pyramid of news). What can't stand alone is left out; the rest is compressed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from newsbrief.antecedents import looks_back, resolve_pronouns
from newsbrief.article import Article, Highlight, Sentence
from newsbrief.compression import compress, is_balanced, trim
from newsbrief.salience import Salience, overlap, stems

# Found on 40 articles with `models/evaluation/highlights.py`; the score is flat around each.
POSITION_WEIGHT = 1.5
POSITION_DECAY = 6.0  # sentences
MAX_OVERLAP = 0.5  # of the content words of the shorter of two bullets

_FURTHEST = 120  # sentences: beyond, a long read has said what it is about
_MIN_WORDS = 6
_QUOTATION_SENTENCES = 4  # a quotation that is still open began within so many sentences
_BACKWARD_PENALTY = 1.0

_ENDED = re.compile(r"[.!。！][\"'”’»)]*$")
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|«[^»]*»|(?<!\w)[‘'][^’']*[’'](?!\w)")
_PERSONAL = re.compile(r"\b(?:I|we|my|our|us|me|you|your)\b|\bI['’](?:m|ve|d|ll)", re.IGNORECASE)
_LABEL = re.compile(r"[A-Z][\w'’ -]{1,30}: ")
_RUN_ON = re.compile(r"[a-z] \([^()]*\) [A-Z]")
# What an earlier sentence spoke of; "this week" is today's.
_BACKWARD = re.compile(
    r"\b(?:this|these|those|such) (?!week|month|year|weekend|morning|summer|winter|spring|autumn"
    r"|season|time|is\b|was\b|are\b|as\b)[a-z]",
)


@dataclass(frozen=True, slots=True)
class _Candidate:
    index: int
    text: str
    sources: tuple[Sentence, ...]
    stems: frozenset[str]
    score: float


def extract_highlights(
    article: Article, sentences: Sequence[Sentence], *, count: int, max_chars: int
) -> tuple[Highlight, ...]:
    """At most `count` bullets of at most `max_chars` characters, in the order of the article.

    Fewer where the article has no more sentences that can stand alone: a bullet does not begin with
    a pronoun whose antecedent is in doubt, is nobody's speech, no question and no caption. English
    is compressed; in other languages only sentences that fit are taken.
    """
    candidates = list(_candidates(article, sentences, max_chars))
    chosen: list[_Candidate] = []
    for candidate in sorted(candidates, key=lambda c: (-c.score, c.index)):
        if len(chosen) == count:
            break
        if all(overlap(candidate.stems, other.stems) <= MAX_OVERLAP for other in chosen):
            chosen.append(candidate)
    chosen.sort(key=lambda candidate: candidate.index)
    return tuple(Highlight(c.text, tuple(s.span for s in c.sources)) for c in chosen)


def _candidates(
    article: Article, sentences: Sequence[Sentence], max_chars: int
) -> Iterator[_Candidate]:
    english = article.source_language == "en"
    salience = Salience([sentence.text for sentence in sentences], article.headline)
    texts = [sentence.text for sentence in sentences[:_FURTHEST]]
    resolved = resolve_pronouns(texts) if english else {}
    for index, text in enumerate(texts):
        if not is_balanced(" ".join(texts[max(0, index - _QUOTATION_SENTENCES) : index])):
            continue
        sources: tuple[Sentence, ...] = (sentences[index],)
        if index in resolved:
            text = resolved[index].text
            sources = (sentences[resolved[index].antecedent], sentences[index])
        bullet = _bullet(text, max_chars, article.source_language)
        if bullet is None:
            continue
        found = stems(bullet)
        score = salience.worth(found) + POSITION_WEIGHT * math.exp(-index / POSITION_DECAY)
        if english and _BACKWARD.search(bullet):
            score -= _BACKWARD_PENALTY
        yield _Candidate(index, bullet, sources, found, score)


def _bullet(text: str, max_chars: int, language: str) -> str | None:
    """The sentence as a bullet, or None where it can't stand alone or be made to fit."""
    if not _ENDED.search(text) or not text[0].isalnum() or not is_balanced(text):
        return None
    if language == "en":
        if _LABEL.match(text) or _RUN_ON.search(text):
            return None
        shorter = trim(compress(text), max_chars)
        if shorter is None or _PERSONAL.search(_QUOTED.sub("", shorter)):
            return None
        if len(shorter.split()) < _MIN_WORDS:
            return None
        text = shorter
    if len(text) > max_chars or looks_back(text, language):
        return None
    return text
