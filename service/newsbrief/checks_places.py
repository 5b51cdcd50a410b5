"""Compares the places that two texts name: which became others, were lost or were added."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property

from newsbrief.article import Finding, Severity
from newsbrief.changed import changed
from newsbrief.places import Place, hinted, places, whole


class SourcePlaces:
    """The places of a text that was translated, read once for all the translations of it."""

    def __init__(self, text: str, language: str) -> None:
        self._text = text
        self._language = language
        self._places = places(text, language)
        self._named = {place.codes for place in self._places}

    def compare(self, target: str, language: str) -> list[Finding]:
        """Findings on a translation; what is missing has no place in it.

        One that only the target names is what a place became that the source names more often;
        of one that only the source names, what the target names more often.
        """
        expected, found = self._places, places(target, language)
        if self._named == {place.codes for place in found}:
            return []
        lost, added = _unanswered(expected, found), _unanswered(found, expected)
        if lost:
            # The translation may leave a name as the source has it.
            lost = _unanswered(lost, (*hinted(target, language), *places(target, self._language)))
        new = added
        if added:
            added = _unanswered(added, self._hints)
        before, after = lost, added
        if len(lost) < len(added):
            before = [*lost, *_without(lost, _rarer(expected, found))]
        elif len(added) < len(lost):
            after = [*added, *_without(new, _rarer(found, expected))]
        both = min(len(before), len(after))
        return [
            *(
                self._finding("place-changed", target, *pair)
                for pair in zip(before, after, strict=False)
            ),
            *(self._finding("place-missing", target, place, None) for place in lost[both:]),
            *(self._finding("place-added", target, None, place) for place in added[both:]),
        ]

    @cached_property
    def _hints(self) -> tuple[Place, ...]:
        return hinted(self._text, self._language)

    def _finding(
        self, code: str, target: str, before: Place | None, after: Place | None
    ) -> Finding:
        was = self._text[before.start : before.end] if before else None
        span = (after.start, after.end) if after else None
        severity = Severity.ERROR if was and span else Severity.WARNING
        return changed(code, severity, was, target, span)


def _unanswered(expected: Sequence[Place], found: Iterable[Place]) -> list[Place]:
    """Of each place the first that no other can mean: itself, a part of it or what it is part of.

    Places that are parts of one do not answer each other.
    """
    if not expected:
        return []
    codes = {code for place in found for code in place.codes}
    wholes = {whole(code) for code in codes}
    missing: dict[tuple[str, ...], Place] = {}
    for place in expected:
        if not any(code in codes or code in wholes or whole(code) in codes for code in place.codes):
            missing.setdefault(place.codes, place)
    return list(missing.values())


def _rarer(expected: Iterable[Place], found: Iterable[Place]) -> list[Place]:
    """Of each place that is named less often in the second the first in the first."""
    before, after = _counts(expected), _counts(found)
    rarer: dict[tuple[str, ...], Place] = {}
    for place in expected:
        if all(after[whole(code)] < before[whole(code)] for code in place.codes):
            rarer.setdefault(place.codes, place)
    return list(rarer.values())


def _without(known: Sequence[Place], found: Iterable[Place]) -> list[Place]:
    return [place for place in found if place not in known]


def _counts(found: Iterable[Place]) -> Counter[str]:
    return Counter([code for place in found for code in {whole(code) for code in place.codes}])
