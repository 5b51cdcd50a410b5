"""Whether a translation turns its English source round: a negation lost or added, rose for fell."""

from __future__ import annotations

import re
from functools import cached_property

from newsbrief.article import Finding, Severity
from newsbrief.negation import (
    LANGUAGES,
    find_denial,
    find_said,
    has_any,
    may_give_negation,
    says_instead,
    says_no,
)
from newsbrief.opposites import ENGLISH, SIDES, Found, find_sides

_WORD = re.compile(r"[a-z]+(?:['’]t\b)?")
# Beside one of these, a word may be said by its opposite: "failed to win" is «проиграл».
_DENYING = frozenset(
    "not no never cannot none nor neither nothing nobody without unless hardly unable fail fails"
    " failed failing failure avoid avoided prevent prevented".split()
)
_NT = ("n't", "n’t")
_NEGATIVE = ("un", "il", "dis")  # how words begin that are denials themselves: unsafe, illegal
# Behind a Korean word that is denied: 안전하지 않은.
_DENIED_BEHIND = re.compile(r"[가-힣]{0,3}지(?:는|도)? ?[않못]|[이가]? 아[니닌]")
_COMPASS = "compass"
_CAPITAL_COMPASS = re.compile(r"\b(?:North|South|East|West)[a-z]*")
# An exchange rate falls when the currency that is spoken of gains.
_INVERSE = {"ko": ("level", "환율")}


class Polarity:
    """What an English text affirms, denies and compares, read once for all its translations."""

    def __init__(self, text: str) -> None:
        lower = text.lower()
        words = _WORD.findall(lower)
        # North Korea is a name and no direction.
        names = {name.lower() for name in _CAPITAL_COMPASS.findall(text)}
        sides: dict[str, set[int]] = {}
        sure: dict[str, str] = {}
        denials = (place for place, word in enumerate(words) if _is_denying(word))
        first_denial = next(denials, len(words))
        self._undenied = set()  # scales of which a denied opposite may say the same
        for place, word in enumerate(words):
            for sided in ENGLISH.get(word, ()):
                sides.setdefault(sided.scale, set()).add(sided.side)
                if sided.sure and not (sided.scale == _COMPASS and word in names):
                    sure.setdefault(sided.scale, word)
                    if place < first_denial or word.startswith(_NEGATIVE):
                        self._undenied.add(sided.scale)
        # Of a scale that has words of all its sides, nothing can be said.
        self._scales = [
            (scale, word, sides[scale])
            for scale, word in sure.items()
            if len(sides[scale]) < SIDES[scale]
        ]
        self._denies = first_denial < len(words)
        self._denial = find_denial(lower) if self._denies else None
        self._text = lower

    def compare(self, target: str, language: str) -> list[Finding]:
        """Findings on a Korean, Russian or Ukrainian translation; none on another language."""
        if language not in LANGUAGES:
            return []
        text = target.lower()
        if len(text) != len(target):  # "İ" has two small letters
            text = target
        plain = says_no(text, language)
        findings = self._directions(target, text, language) if self._denies == plain else []
        if self._denial is not None:
            if not (plain or has_any(text, language) or says_instead(self._denial, text, language)):
                findings.append(self._lost(language))
        # A polite question has a negation in one language and none in the other.
        elif (
            plain
            and "?" not in target
            and (place := find_said(text, language))
            and not self._may_give_negation
        ):
            findings.append(_added(target, place))
        return findings

    @cached_property
    def _may_give_negation(self) -> bool:
        return may_give_negation(self._text)

    def _directions(self, target: str, text: str, language: str) -> list[Finding]:
        findings = []
        for scale, expected, sides in self._scales:
            rate = _INVERSE.get(language)
            if rate and scale == rate[0] and rate[1] in text:
                continue
            found = find_sides(text, scale, language)
            turned = [each for each in found if each.sure]
            if scale in self._undenied:  # "unsafe" may be said as "not safe"
                turned = [each for each in turned if not _denied(text, each)]
            if not turned or any(each.side in sides for each in found):
                continue
            start, end = turned[0].start, _word_end(text, turned[0].end)
            there = target[start:end]
            if self._denies and there.startswith("не"):  # "not safe" is «небезопасно»
                continue
            findings.append(
                Finding(
                    "direction-changed",
                    Severity.ERROR,
                    f"'{expected}' became its opposite, '{there}'",
                    expected=expected,
                    found=there,
                    start=start,
                    end=end,
                )
            )
        return findings

    def _lost(self, language: str) -> Finding:
        # Korean has more ways to say without a negation what English says with one.
        severity = Severity.WARNING if language == "ko" else Severity.ERROR
        message = f"nothing of '{self._denial}' is left"
        return Finding("negation-lost", severity, message, expected=self._denial)


def _is_denying(word: str) -> bool:
    return word in _DENYING or word.endswith(_NT)


def _denied(text: str, word: Found) -> bool:
    """Whether a negation stands right before the word or, in Korean, right behind it."""
    before = text[max(word.start - 4, 0) : word.start]
    return before.strip() == "не" or _DENIED_BEHIND.match(text, word.end) is not None


def _added(target: str, place: tuple[int, int]) -> Finding:
    start, end = place
    there = target[start:end]
    return Finding(
        "negation-added",
        Severity.WARNING,
        f"'{there}' denies what the source does not",
        found=there,
        start=start,
        end=end,
    )


def _word_end(text: str, place: int) -> int:
    while place < len(text) and text[place].isalpha():
        place += 1
    return place
