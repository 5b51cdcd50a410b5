"""Checks what the models wrote: translations against their source, highlights against the article.

A failed check is a finding, never an exception: the functions take any text. What was found on
right and on wrong pairs is counted by `models/evaluation/checks.py`, which also gave the limits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from newsbrief.article import Finding, Severity
from newsbrief.checks_article import Wording
from newsbrief.checks_names import SourceNames
from newsbrief.checks_numbers import are_answered, compare_numerals, unanswered
from newsbrief.checks_places import SourcePlaces
from newsbrief.checks_text import breaks_off, has_end, loop, quotes_are_balanced, remnant
from newsbrief.language_id import foreign_script, lacks_its_script, other_language
from newsbrief.lexicon import Numeral, Weight
from newsbrief.numerals import numerals
from newsbrief.polarity import Polarity
from newsbrief.qualifiers import is_qualified, qualified

CHECKS: dict[str, str] = {
    "number-changed": "a number became another",
    "number-missing": "a number, month or weekday of the source is missing",
    "number-added": "a number that the source has not",
    "date-changed": "a month or a weekday became another",
    "unit-changed": "a number was kept, but of another currency or measure",
    "unit-converted": "a measure was converted, such as miles to kilometres",
    "place-changed": "a country, region or city became another",
    "place-added": "a country, region or city that the source does not name",
    "place-missing": "a country, region or city of the source is missing",
    "name-changed": "a person's name became another",
    "name-added": "a person's name that the source has not",
    "name-missing": "a person's name of the source is missing",
    "direction-changed": "a word became its opposite, such as rose and fell",
    "negation-lost": "the source denies something, and the translation nothing",
    "negation-added": "the translation denies something, and the source nothing",
    "wrong-language": "a sentence is in another language than the target",
    "wrong-script": "letters of a script that the target language is not written in",
    "untranslated": "words of the source were left as they are",
    "repetition": "words are repeated over and over",
    "too-short": "the translation is shorter than nearly all right ones",
    "too-long": "the translation is longer than nearly all right ones",
    "sentence-missing": "fewer sentences than the source has, or none",
    "truncated": "the text breaks off",
    "quotes-unbalanced": "a quotation mark has no partner",
    "markup-left": "an unknown token, a control token or an entity",
    "number-not-in-article": "a number, month or weekday of the highlight is not in the article",
    "name-not-in-article": "a name of the highlight is not in the article",
    "quote-not-in-article": "a quotation of the highlight is not in the article",
    # These four the pipeline itself says.
    "sentence-split": "the sentence was too long for the model and was translated in parts",
    "highlight-extracted": "the model wrote too few good bullets; this one is from the article",
    "highlight-long": "longer than asked for: nothing more could go without changing what it says",
    "few-highlights": "the article gave fewer highlights than were asked for",
}
"""Every code of a finding by the checks, and what it says."""

# Target's characters to the source's, for sources of up to so many characters: the range that all
# but about one in a thousand human translations of English news keep to.
LENGTH_RATIOS: dict[str, tuple[tuple[float, float, float], ...]] = {
    "ko": (
        (40, 0.3, 1.0),
        (80, 0.24, 0.85),
        (100, 0.26, 0.82),
        (160, 0.27, 0.82),
        (float("inf"), 0.27, 0.78),
    ),
    "ru": (
        (20, 0.4, 2.6),
        (40, 0.38, 2.15),
        (80, 0.5, 2.0),
        (160, 0.56, 1.75),
        (float("inf"), 0.58, 1.6),
    ),
    "uk": (
        (20, 0.38, 2.7),
        (40, 0.42, 2.5),
        (80, 0.5, 2.0),
        (160, 0.55, 1.65),
        (float("inf"), 0.57, 1.6),
    ),
}
_ANY_RATIO = ((float("inf"), 0.2, 4.0),)  # other pairs of languages
_SHORTEST = 10  # characters of a source whose translation's length can be judged

# A headline that ends like this has no full stop: "... by 6 p.m."
_ABBREVIATED_END = re.compile(r"(?:\b[A-Za-z]\.){2}$|\b(?:Inc|Corp|Co|Ltd|Jr|Sr)\.$")
# Behind a word that is no abbreviation of a title or a country, before a capital.
_SENTENCE_END = re.compile(
    r"(?:\b[a-zа-яёіїєґ]{2,}|\w{5}|[가-힣\d%)])[\"'»”’)]{0,4}[.!?…。]{1,4}[\"'»”’)\]]{0,4}\s+"
    r"(?=[\"'«“„‘(]?[A-ZА-ЯЁІЇЄҐ가-힣\d])"
)
# A translation with fewer sentences than its source has lost one if it is so much shorter than
# the middle of the right ones; else it joined two.
_MIDDLE_RATIO = {"ko": 0.48, "ru": 1.02, "uk": 1.0}
_LOST = 0.72
_SHORT = 0.85  # a translation that lacks its full stop and is so much shorter was cut off

# Every part has a limit, so that no text makes the search go back far.
_LATIN = r"[A-Za-z][A-Za-z'’-]{0,40}"
_LATIN_RUN = re.compile(rf"(?<![A-Za-z]){_LATIN}(?:,?[ \u00a0]{_LATIN}){{3,}}")
_LOWER_CASE = re.compile(r"[a-z](?<![\w.@#/:-].)[a-z]{3,}(?![\w.@/:-])")
_WORD = re.compile(r"\w+")


class SourceText:
    """A text that was translated, read once for all the translations of it that are checked.

    It and each translation are one sentence or a few, as they were translated together.
    """

    def __init__(self, text: str, language: str) -> None:
        self.text = text
        self._language = language
        self._numerals = qualified(text, language, numerals(text, language))
        self._qualified = any(is_qualified(numeral) for numeral in self._numerals)
        self._places = SourcePlaces(text, language)
        self._names = SourceNames(text) if language == "en" else None
        self._polarity = Polarity(text) if language == "en" else None

    def check(self, target: str, language: str, *, complete: bool = True) -> tuple[Finding, ...]:
        """What is wrong with a translation; nothing found is an empty tuple.

        `complete` says that the model ended by itself. Places are code points of the target.
        """
        source = self.text
        if not source.strip():
            return ()
        if not target.strip():
            return (_error("sentence-missing", "the translation is empty"),)
        known = self._language == "en" and language in LENGTH_RATIOS
        usual = len(source) * _MIDDLE_RATIO[language] if known else 0.0
        return (
            *compare_numerals(self._numerals, self._read(target, language)),
            *self._places.compare(target, language),
            *(self._names.compare(target, language) if self._names else ()),
            *(self._polarity.compare(target, language) if self._polarity else ()),
            *(_check_language(source, target, language) if language != self._language else ()),
            *_check_extent(source.strip(), target.strip(), language if known else None),
            *_check_form(source, target),
            *_check_end(source, target, usual, complete=complete),
        )

    def _read(self, target: str, language: str) -> tuple[Numeral, ...]:
        found = numerals(target, language)
        return qualified(target, language, found) if self._qualified else found


class ArticleText:
    """An article, headline included; it is read once, when a highlight says what is not near."""

    def __init__(self, text: str, language: str) -> None:
        self._text = text
        self._language = language
        self._wording = Wording(text, language)

    @cached_property
    def _numerals(self) -> tuple[Numeral, ...]:
        return numerals(self._text, self._language)

    def check(self, highlight: str, sources: str = "") -> tuple[Finding, ...]:
        """What is wrong with a highlight: what it says that the article does not, and its form.

        `sources` are the sentences of the article that it rests on: what they say is not looked for
        in the rest.
        """
        findings = [] if highlight == sources else [*self._unfounded(highlight, sources)]
        if breaks_off(highlight):
            findings.append(_error("truncated", f"breaks off after '{_tail(highlight)}'"))
        return (*findings, *_check_form("", highlight))

    def _unfounded(self, highlight: str, sources: str) -> Iterator[Finding]:
        numbers = numerals(highlight, self._language)
        if not are_answered(numbers, numerals(sources, self._language)):
            for numeral in unanswered(numbers, self._numerals):
                yield _finding(
                    "number-not-in-article",
                    Severity.ERROR if numeral.weight is Weight.FIGURE else Severity.WARNING,
                    f"'{numeral.text}' is not in the article",
                    highlight,
                    numeral.start,
                    numeral.end,
                )
        starts = {numeral.start for numeral in numbers}  # months and weekdays have capitals too
        for start, end, sure in self._wording.missing_names(highlight, sources):
            if start not in starts:
                severity = Severity.ERROR if sure else Severity.WARNING
                message = f"'{highlight[start:end]}' is not in the article"
                yield _finding("name-not-in-article", severity, message, highlight, start, end)
        for start, end in self._wording.missing_quotes(highlight, sources):
            message = f"'{_few(highlight[start:end])}' is not in the article"
            yield _error("quote-not-in-article", message, highlight, start, end)


def _check_language(source: str, target: str, language: str) -> list[Finding]:
    findings = []
    runs = (match for match in _LATIN_RUN.finditer(target) if _is_prose(match[0]))
    if run := next(runs, None):
        message = f"'{_few(run[0])}' is left as it is"
        findings.append(_error("untranslated", message, target, *run.span()))
    elif language in LENGTH_RATIOS and (latin := list(_LOWER_CASE.finditer(target))):
        words = set(_WORD.findall(source))
        if left := next((match for match in latin if match[0] in words), None):
            romanised = lacks_its_script(target, language)
            severity = Severity.ERROR if romanised else Severity.WARNING
            message = f"'{left[0]}' is left as it is"
            findings.append(_finding("untranslated", severity, message, target, *left.span()))
    foreign = foreign_script(target, language)
    if foreign and target[slice(*foreign)] not in source:
        few = _few(target[slice(*foreign)])
        findings.append(_error("wrong-script", f"'{few}' is in another script", target, *foreign))
    elif not findings and target != source and lacks_its_script(target, language):
        findings.append(_error("wrong-script", "no letter of the language's own script"))
    elif other := other_language(target, language):
        sentence, seems = other
        start = target.find(sentence)
        message = f"'{_few(sentence)}' seems to be {seems}, not {language}"
        findings.append(_error("wrong-language", message, target, start, start + len(sentence)))
    return findings


def _check_extent(source: str, target: str, known_language: str | None) -> list[Finding]:
    if len(source) < _SHORTEST:
        return []
    ratio = len(target) / len(source)
    ratios = LENGTH_RATIOS[known_language] if known_language else _ANY_RATIO
    low, high = next((low, high) for limit, low, high in ratios if len(source) <= limit)
    if ratio > high:
        return [
            _error("too-long", f"{ratio:.2f} times the source's length, at most {high} is usual")
        ]
    if known_language and ratio < _LOST * _MIDDLE_RATIO[known_language]:
        missing = _sentences(source) - _sentences(target)
        if missing > 0:
            return [_error("sentence-missing", f"{missing} fewer than the source has")]
    if ratio < low:
        return [_error("too-short", f"{ratio:.2f} times the source's length, {low} is usual")]
    return []


def _check_form(source: str, target: str) -> list[Finding]:
    findings = []
    if place := loop(target, source):
        words = _few(target[slice(*place)])
        findings.append(_error("repetition", f"'{words}' is repeated", target, *place))
    if place := remnant(target, source):
        words = target[slice(*place)]
        findings.append(_error("markup-left", f"'{words}' is left", target, *place))
    if not quotes_are_balanced(target) and quotes_are_balanced(source):
        message = "a quotation mark has no partner"
        findings.append(_finding("quotes-unbalanced", Severity.WARNING, message))
    return findings


def _check_end(source: str, target: str, usual: float, *, complete: bool) -> list[Finding]:
    if not complete or (breaks_off(target) and has_end(source)):
        return [_error("truncated", f"breaks off after '{_tail(target)}'")]
    if has_end(target):
        return []
    if source.rstrip("\"'»”’)").endswith(".") and not _ABBREVIATED_END.search(source):
        severity = Severity.ERROR if len(target) < _SHORT * usual else Severity.WARNING
        return [_finding("truncated", severity, f"no full stop after '{_tail(target)}'")]
    return []


def _is_prose(latin: str) -> bool:
    """Whether words are more than a name or a title: three begin with small letters."""
    return sum(word[0].islower() for word in latin.split()) >= 3


def _sentences(text: str) -> int:
    return len(_SENTENCE_END.findall(text)) + 1


def _few(text: str) -> str:
    """The first few words, to quote in a message."""
    words = text.split()
    return " ".join(words[:5])[:60] + ("…" if len(words) > 5 else "")


def _tail(text: str) -> str:
    return " ".join(text.split()[-2:])[-40:]


def _error(
    code: str, message: str, text: str = "", start: int | None = None, end: int | None = None
) -> Finding:
    return _finding(code, Severity.ERROR, message, text, start, end)


def _finding(
    code: str,
    severity: Severity,
    message: str,
    text: str = "",
    start: int | None = None,
    end: int | None = None,
) -> Finding:
    found = text[start:end] if start is not None else None
    return Finding(code, severity, message, found=found, start=start, end=end)
