"""Normalises pairs and says why a pair is not fit for training."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from models.training.corpus import Pair

UNIDENTIFIED = ("name", "authored", "number")  # kinds that need no language identifier
MAX_CHARACTERS = 600
MAX_TARGETS_PER_SOURCE = 4
# Characters of the translation per character of English, outside which a pair is misaligned.
RATIO = {"ko": (0.2, 1.2), "ru": (0.5, 2.0), "uk": (0.5, 2.0)}
FOREIGN_LETTERS = {"ru": re.compile("[іїєґІЇЄҐ]"), "uk": re.compile("[ыэъёЫЭЪЁ]"), "ko": None}
SCRIPT = {
    "ko": re.compile("[가-힣]"),
    "ru": re.compile("[а-яёА-ЯЁ]"),
    "uk": re.compile("[а-яіїєґА-ЯІЇЄҐ]"),
}
LETTER = re.compile(r"[^\W\d_]")
LATIN = re.compile("[A-Za-z]")
MARKUP = re.compile(r"<[a-zA-Z/][^>]*>|%[sd(]|::|[=\\|{}`]|\w\(\)|_\w+_|&[a-z]+;")
NUMBER = re.compile(r"\d+")
THOUSANDS = re.compile(r"(?<=\d)[,.\s](?=\d{3}(?!\d))")
KOREAN_LARGE = re.compile("[만억조]")
SPACES = re.compile(r"\s+")
NOT_WORD = re.compile(r"[\W_]+")


def normalise(pair: Pair) -> Pair:
    """NFC, plain spaces, no invisible characters, one apostrophe for Ukrainian."""
    source, target = _tidy(pair.source), _tidy(pair.target)
    if pair.language == "uk":
        target = re.sub("(?<=\\w)[’ʼ`](?=\\w)", "'", target)
    return replace(pair, source=source, target=target)


def _tidy(text: str) -> str:
    text = unicodedata.normalize("NFC", text)
    text = re.sub("[\u00ad\u200b-\u200f\u2060\ufeff]", "", text)
    return SPACES.sub(" ", text).strip()


def fault(pair: Pair) -> str | None:
    """The name of the first filter that refuses the pair, or None."""
    source, target = pair.source, pair.target
    if not source or not target:
        return "empty"
    if len(source) > MAX_CHARACTERS or len(target) > MAX_CHARACTERS:
        return "too long"
    if source == target:
        return "untranslated"
    if MARKUP.search(source) or MARKUP.search(target):
        return "markup"
    foreign = FOREIGN_LETTERS[pair.language]
    if foreign is not None and foreign.search(target):
        return "letters of the other language"
    if _share(LATIN, source) < 0.7 or _share(SCRIPT[pair.language], target) < 0.5:
        return "script"
    if pair.kind == "name":
        return None
    low, high = RATIO[pair.language]
    if not low * len(source) - 8 <= len(target) <= high * len(source) + 8:
        return "length ratio"
    if _numbers_differ(source, target):
        return "numbers"
    return None


def _share(script: re.Pattern[str], text: str) -> float:
    letters = len(LETTER.findall(text))
    return len(script.findall(text)) / letters if letters else 0.0


def _numbers_differ(source: str, target: str) -> bool:
    """Whether the figures of two digits or more on the two sides have nothing in common.

    Korean counts in ten thousands, and a figure may be written as a word, so one lost figure alone
    is not held against a pair.
    """
    wanted, found = _figures(source), _figures(target)
    if not wanted or wanted & found or KOREAN_LARGE.search(target):
        return False
    return bool(found) or len(wanted) > 1


def _figures(text: str) -> set[str]:
    """Significant digits of the figures that have two or more: 13,000 and 13 000 are 13."""
    figures = NUMBER.findall(THOUSANDS.sub("", text))
    return {figure.rstrip("0") for figure in figures if len(figure.rstrip("0")) > 1}


def normal_form(text: str) -> str:
    """Letters and figures only, lower case: what near-duplicates have in common."""
    return NOT_WORD.sub(" ", text.lower()).strip()


def clean(pairs: Iterable[Pair], dropped: Counter[str]) -> Iterator[Pair]:
    """Pairs that pass every filter and repeat none before; `dropped` counts the others by reason.

    Pairs must come human translations first, since a source keeps its first
    MAX_TARGETS_PER_SOURCE translations into a language.
    """
    seen: set[int] = set()
    translations: Counter[int] = Counter()
    for raw in pairs:
        pair = normalise(raw)
        reason = fault(pair)
        if reason:
            dropped[reason] += 1
            continue
        source = normal_form(pair.source) or pair.source
        both = hash((source, normal_form(pair.target) or pair.target, pair.language))
        if both in seen:
            dropped["duplicate"] += 1
            continue
        one = hash((source, pair.language))
        if translations[one] >= MAX_TARGETS_PER_SOURCE:
            dropped["source repeated"] += 1
            continue
        seen.add(both)
        translations[one] += 1
        yield pair


def in_language(
    pairs: Iterable[Pair], identify: Callable[[str], str], dropped: Counter[str]
) -> Iterator[Pair]:
    """Pairs whose two sides a language identifier knows; short texts and names are let through."""
    for pair in pairs:
        if pair.kind not in UNIDENTIFIED and (
            (len(pair.source) > 40 and identify(pair.source) != "en")
            or (len(pair.target) > 30 and identify(pair.target) != pair.language)
        ):
            dropped["language"] += 1
            continue
        yield pair


def identifier() -> Callable[[str], str]:
    """py3langid, limited to the four languages and those it would mistake them for."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    model = LanguageIdentifier.from_model_file(MODEL_FILE)
    model.set_languages(["en", "ko", "ru", "uk", "be", "bg", "de", "fr", "es", "it", "ja", "zh"])

    def identify(text: str) -> str:
        return model.classify(text)[0]

    return identify
