"""A brief as plain data for JSON, and as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, fields
from typing import Any

from newsbrief.article import Brief, Finding, Highlight, Translation
from newsbrief.translating import Translated

LANGUAGE_NAMES = {"en": "English", "ko": "Korean", "ru": "Russian", "uk": "Ukrainian"}
_FINDING = [field.name for field in fields(Finding)]
WITHHELD = "(withheld: see the findings)"


def as_data(brief: Brief) -> dict[str, Any]:
    """The brief as API v1 sends it."""
    return {
        "id": brief.id,
        "headline": brief.headline,
        "body": brief.body,
        "source_language": brief.source_language,
        "highlights": [*map(highlight_data, brief.highlights)],
        "translations": {
            target: translation_data(translation)
            for target, translation in brief.translations.items()
        },
        "pack": asdict(brief.pack),
        "findings": [*map(_finding_data, brief.findings)],
    }


def highlight_data(highlight: Highlight) -> dict[str, Any]:
    """One bullet, its source spans and findings."""
    return {
        "text": highlight.text,
        "sources": [{"start": span.start, "end": span.end} for span in highlight.sources],
        "findings": [*map(_finding_data, highlight.findings)],
    }


def translation_data(translation: Translation) -> dict[str, Any]:
    """One language, with `body` only if it was asked for."""
    return {
        "headline": translation.headline,
        "highlights": list(translation.highlights),
        **({} if translation.body is None else {"body": list(translation.body)}),
        "draft": translation.draft,
        "findings": [*map(_finding_data, translation.findings)],
    }


def text_data(translated: Translated, *, strict: bool) -> dict[str, Any]:
    """One translated text; None in strict mode if it failed a check."""
    return {
        "text": None if strict and translated.failed else translated.text,
        "findings": [*map(_finding_data, translated.findings)],
    }


def _finding_data(finding: Finding) -> dict[str, Any]:
    told = ((name, getattr(finding, name)) for name in _FINDING)
    return {name: value for name, value in told if value is not None}


def as_text(brief: Brief) -> str:
    """The brief for a person at a terminal, findings last and in words."""
    lines = [brief.headline or "(no headline)", ""]
    lines += [f"  • {highlight.text or WITHHELD}" for highlight in brief.highlights]
    for target, translation in brief.translations.items():
        draft = " (draft)" if translation.draft else ""
        lines += ["", f"{LANGUAGE_NAMES.get(target, target)}{draft}"]
        lines += _translation(brief, translation)
    findings = list(_findings(brief))
    if findings:
        lines += ["", "Findings", *findings]
    return "\n".join([*lines, "", f"pack {brief.pack}, brief {brief.id}"])


def _translation(brief: Brief, translation: Translation) -> Iterator[str]:
    if translation.headline or brief.headline:
        yield f"  {translation.headline or WITHHELD}"
    for text in translation.highlights:
        yield f"  • {text or WITHHELD}"
    for text in translation.body or ():
        yield ""
        yield f"  {text or WITHHELD}"


def _findings(brief: Brief) -> Iterator[str]:
    for finding in brief.findings:
        yield f"  {finding.severity}: {finding.message}"
    for highlight in brief.highlights:
        yield from map(_line, highlight.findings)
    for target, translation in brief.translations.items():
        for finding in translation.findings:
            yield _line(finding, f"{target} ")


def _line(finding: Finding, target: str = "") -> str:
    number = "" if finding.index is None or finding.part == "headline" else f" {finding.index + 1}"
    return f"  {finding.severity}: {target}{finding.part}{number}: {finding.message}"
