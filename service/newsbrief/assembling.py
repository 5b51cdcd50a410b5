"""Translated texts -> parts of an answer: findings placed, sentences joined, strictness kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from newsbrief.article import Finding, Highlight, Part, Severity
from newsbrief.translating import Translated


def placed(findings: Iterable[Finding], part: Part, index: int) -> tuple[Finding, ...]:
    """The findings of one text, told which it is."""
    return tuple(replace(finding, part=part, index=index) for finding in findings)


def all_placed(texts: Sequence[Translated | None], part: Part) -> tuple[Finding, ...]:
    """The findings of all texts of a part; None stands for a text that was withheld before."""
    return tuple(
        finding
        for index, text in enumerate(texts)
        if text is not None
        for finding in placed(text.findings, part, index)
    )


def text_of(translated: Translated | None, strict: bool) -> str | None:
    """The text, or None where strict mode withholds it."""
    if translated is None or (strict and translated.failed):
        return None
    return translated.text


def joined(parts: Sequence[Translated]) -> Translated:
    """Sentences as one text, with the places of their findings moved along."""
    texts: list[str] = []
    findings: list[Finding] = []
    for part in parts:
        offset = sum(len(text) + 1 for text in texts)
        findings += (
            finding
            if finding.start is None or finding.end is None
            else replace(finding, start=finding.start + offset, end=finding.end + offset)
            for finding in part.findings
        )
        texts.append(part.text)
    return Translated(" ".join(texts), tuple(findings))


def too_few(highlights: Sequence[Highlight], wanted: int) -> tuple[Finding, ...]:
    """The finding of an article that gave fewer highlights than were asked for."""
    if len(highlights) >= wanted:
        return ()
    message = f"the article gave {len(highlights)} of the {wanted} highlights asked for"
    return (Finding("few-highlights", Severity.WARNING, message, part=Part.HIGHLIGHTS),)
