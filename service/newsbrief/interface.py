"""What the editors' page says, in four languages: one catalogue for the server and the script."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

DEFAULT = "en"
# Each in its own language, as a reader looking for it would know it.
LANGUAGES = {"en": "English", "ko": "한국어", "ru": "Русский", "uk": "Українська"}

_PLACE = re.compile(r"(\{\w+\})")
_QUALITY = re.compile(r"q=([01](?:\.[0-9]{0,3})?)")


@lru_cache
def read_texts(language: str) -> Mapping[str, str]:
    """The catalogue of one of `LANGUAGES`; `{name}` in a text is filled in when it is shown."""
    text = files("newsbrief").joinpath(f"texts/{language}.json").read_text("utf-8")
    texts: Mapping[str, str] = json.loads(text)
    return texts


def choose_language(asked: str | None, accepted: str) -> str:
    """The language asked for by name, else the best of an `Accept-Language` header."""
    if asked in LANGUAGES:
        return asked
    ranked = sorted(accepted.split(","), key=_weight, reverse=True)
    for choice in ranked:
        language = choice.partition(";")[0].strip().partition("-")[0].lower()
        if language in LANGUAGES and _weight(choice) > 0:
            return language
    return DEFAULT


def finding_words(
    finding: Mapping[str, Any], language: str, *, source: str, target: str
) -> list[tuple[str, str]]:
    """A finding in plain words: stretches of text, each with its language.

    `source` and `target` are the languages of what the finding quotes: of the original, and of the
    text it concerns. A code that the catalogue doesn't know, or whose words are missing, keeps the
    check's own message, which is English.
    """
    known = read_texts(language).get(f"finding.{finding['code']}")
    quoted = {
        "expected": (finding.get("expected"), source),
        "found": (finding.get("found"), target),
    }
    words = []
    for part in _PLACE.split(known or ""):
        text, spoken = quoted.get(part[1:-1], (part, language))
        if text is None:
            return [(str(finding["message"]), DEFAULT)]
        if text:
            words.append((text, spoken))
    return words or [(str(finding["message"]), DEFAULT)]


def fill(text: str, **values: object) -> str:
    """The text with its `{name}` places filled; never a format string from elsewhere."""
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", str(value))
    return text


def _weight(choice: str) -> float:
    _, parameter, weight = choice.partition(";")
    found = _QUALITY.fullmatch(weight.strip().lower())
    return float(found[1]) if found else 0.0 if parameter else 1.0
