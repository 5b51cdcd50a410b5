"""Highlights taken from the article itself: no model. The fallback when a pack has none.

A sentence is worth what its words say of the article (`salience`), and the earlier one wins among
equals (the inverted pyramid of news). What can't stand alone is left out; the rest is compressed.
Only sentences that may yet be among the best are trimmed, which takes longest.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from newsbrief.antecedents import begins_with_pronoun, looks_back
from newsbrief.article import Article, Highlight, Sentence
from newsbrief.clauses import INSTEAD
from newsbrief.compression import compress, is_fragment, trim
from newsbrief.marks import are_paired, is_balanced, marks_of
from newsbrief.salience import Salience, overlap

# Found on 40 articles with `models/evaluation/highlights.py`; the score is flat around each.
POSITION_WEIGHT = 1.5
POSITION_DECAY = 6.0  # sentences
MAX_OVERLAP = 0.5  # of the content words of the shorter of two bullets
LONGER = 4 / 3  # so many times the limit, where nothing more can be cut and still be true

_FURTHEST = 120  # sentences: beyond, a long read has said what it is about
_MIN_WORDS = 6
_QUOTATION_SENTENCES = 4  # a quotation that is still open began within so many sentences
_BACKWARD_PENALTY = 1.0
_OPINION_PENALTY = 5.0  # more than a sentence can be worth: facts come first

_ENDS = (".", "!", "。", "！")
_CLOSERS = "\"'”’»)"
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|«[^»]*»|(?<!\w)[‘'][^’']*[’'](?!\w)")
_PERSONAL = re.compile(r"\b(?:I|we|my|our|us|me|you|your)\b|\bI['’](?:m|ve|d|ll)", re.IGNORECASE)
_LABEL = re.compile(r"[A-Z][\w'’ -]{1,30}: ")
_RUN_ON = re.compile(r"[a-z] \([^()]*\) [A-Z]")
# What an earlier sentence spoke of; "this week" is today's.
_BACKWARD = re.compile(
    r"\b(?:this|these|those|such) (?!week|month|year|weekend|morning|summer|winter|spring|autumn"
    r"|season|time|is\b|was\b|are\b|as\b)[a-z]",
)
# What would be, if: "If the council had any courage, it would ..."
_OPINION = re.compile(
    r"(?:If|Had|Were|Should|Unless)\b.*\b(?:would|could|should|might|must|ought)\b"
    r"|.*\b(?:would|could|should|might|ought to) [^,]*,? (?:if|unless)\b"
)
_CORRECTION = re.compile(
    r"(?:corrections?|clarifications?|amendments?|editor['’]?s note)\b ?[:.(–—-]"
    r"|(?:this|an earlier version of this|a previous version of this) (?:article|story|report|post)"
    r" (?:was|has been|originally|incorrectly|said|stated|misstated|gave)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Draft:
    """A sentence that may give a bullet, which scores `most` at most."""

    index: int
    text: str
    sources: tuple[Sentence, ...]
    most: float


@dataclass(frozen=True, slots=True)
class _Bullet:
    index: int
    text: str
    sources: tuple[Sentence, ...]
    stems: frozenset[str]
    score: float


def extract_highlights(
    article: Article, sentences: Sequence[Sentence], *, count: int, max_chars: int
) -> tuple[Highlight, ...]:
    """At most `count` bullets of at most `max_chars` characters, in the order of the article.

    An English bullet whose sentence can't be made shorter and stay true may be up to `LONGER` times
    as long: one that holds the news, and more where too few fit. Fewer come where the article has
    no more sentences that can stand alone: a bullet does not begin with a pronoun whose antecedent
    is in doubt, is nobody's speech, no question, caption or correction. English is compressed; in
    other languages only sentences that fit are taken.
    """
    salience = Salience([sentence.text for sentence in sentences], article.headline)
    drafts = _drafts(article, sentences, max_chars, salience)
    bullets = _best_first(drafts, article.source_language, max_chars, salience)
    chosen = sorted(_distinct(bullets, count, max_chars), key=lambda bullet: bullet.index)
    return tuple(Highlight(b.text, tuple(s.span for s in b.sources)) for b in chosen)


def _distinct(bullets: Iterable[_Bullet], count: int, max_chars: int) -> list[_Bullet]:
    """The best that do not say what a better one says.

    One may be long because it holds the news: the best of all, or the article's first sentence if
    that is among the best. Other long ones come only for want of short ones.
    """
    chosen: list[_Bullet] = []
    spare: list[_Bullet] = []
    for bullet in bullets:
        if len(chosen) == count:
            break
        if len(bullet.text) > max_chars and chosen:
            one_is_long = any(len(other.text) > max_chars for other in chosen)
            if one_is_long or bullet.index > 0:
                spare.append(bullet)
                continue
        if _says_more(bullet, chosen):
            chosen.append(bullet)
    for bullet in spare:
        if len(chosen) < count and _says_more(bullet, chosen):
            chosen.append(bullet)
    return chosen


def _says_more(bullet: _Bullet, chosen: Sequence[_Bullet]) -> bool:
    return all(overlap(bullet.stems, other.stems) <= MAX_OVERLAP for other in chosen)


def _best_first(
    drafts: Iterable[_Draft], language: str, max_chars: int, salience: Salience
) -> Iterator[_Bullet]:
    """The bullets by score. One is made when no other can be better than its draft says it may."""
    waiting: list[tuple[float, int, _Draft | _Bullet]]
    waiting = [(-draft.most, draft.index, draft) for draft in drafts]
    heapify(waiting)
    while waiting:
        _, index, best = heappop(waiting)
        if isinstance(best, _Bullet):
            yield best
            continue
        text = _bullet(best.text, max_chars, language)
        if text is not None:
            stems = salience.stems(text)
            score = salience.worth(stems) + _position(index)
            if language == "en":
                score -= _penalty(text)
            bullet = _Bullet(index, text, best.sources, stems, score)
            heappush(waiting, (-score, index, bullet))


def _penalty(text: str) -> float:
    if _OPINION.match(text):
        return _OPINION_PENALTY
    return _BACKWARD_PENALTY if _BACKWARD.search(text) else 0.0


def _drafts(
    article: Article, sentences: Sequence[Sentence], max_chars: int, salience: Salience
) -> Iterator[_Draft]:
    english = article.source_language == "en"
    texts = [sentence.text for sentence in sentences[:_FURTHEST]]
    marks = [marks_of(text) for text in texts]
    instead = salience.stems(" ".join(INSTEAD))
    corrections = {sentence.paragraph for sentence in sentences if _CORRECTION.match(sentence.text)}
    for index, text in enumerate(texts):
        if sentences[index].paragraph in corrections:
            continue
        if not are_paired("".join(marks[max(0, index - _QUOTATION_SENTENCES) : index])):
            continue
        sources = (sentences[index],)
        if not _is_statement(text) or begins_with_pronoun(text, article.source_language):
            continue
        if english:
            if _LABEL.match(text) or _RUN_ON.search(text):
                continue
            text = compress(text)
        stems = salience.stems(text)
        fits = len(text) <= max_chars
        worth = salience.worth(stems) if fits else salience.most(stems | instead)
        yield _Draft(index, text, sources, worth + _position(index))


def _position(index: int) -> float:
    return POSITION_WEIGHT * math.exp(-index / POSITION_DECAY)


def _is_statement(text: str) -> bool:
    """Whether a sentence is whole and neither a question nor begun by a mark."""
    return text[0].isalnum() and text.rstrip(_CLOSERS).endswith(_ENDS) and is_balanced(text)


def _bullet(text: str, max_chars: int, language: str) -> str | None:
    """A compressed sentence as a bullet, or None where it can't stand alone or be made to fit."""
    if language == "en":
        shorter = trim(text, max_chars, at_most=int(max_chars * LONGER))
        if shorter is None or _PERSONAL.search(_QUOTED.sub("", shorter)):
            return None
        if len(shorter.split()) < _MIN_WORDS or is_fragment(shorter):
            return None
        text = shorter
    elif len(text) > max_chars:
        return None
    return None if looks_back(text, language) else text
