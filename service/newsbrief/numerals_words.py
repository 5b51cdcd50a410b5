"""Finds the numerals of texts that set words apart by spaces: English, Russian, Ukrainian."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from newsbrief.figures import FIGURE, decade_readings, figure_readings, time_readings
from newsbrief.lexicon import BEGINNING, Kind, Lexicon, Numeral, Weight, Word

_TOKEN = re.compile(rf"[^\W\d_]+(?:['’ʼ][^\W\d_]+)*|(?P<figure>(?=\d)(?:{FIGURE}))")
_JOINS = frozenset({"", " ", "-", "\u00a0", "\u202f", "\u2009", "\u2011"})
_ROMAN = {
    numeral: Decimal(value)
    for value, numeral in enumerate(
        "II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XVII XVIII XIX XX XXI".split(), 2
    )
}
_ONE, _DOZEN, _THOUSAND, _MILLION = map(Decimal, (1, 12, 1000, 10**6))
_HALF, _QUARTER = Decimal("0.5"), Decimal("0.25")
_PARTS = (_HALF, _QUARTER, Decimal("1.5"))  # "полтора"
_NIGHT_BEFORE = 26  # characters: "ночь с воскресенья на "
_LAST_DAYS = frozenset(map(Decimal, range(28, 32)))  # of a month
_LONGEST_OMITTED = 12  # characters, with one before them
_ROUND_THE_CLOCK = re.compile(r"24/7(?!\d|/)")
_HALF_AN_HOUR = Decimal(30)  # "two and a half hours" may be "2시간 30분"
_BEFORE_MONTHS = frozenset("in since until from early mid late last next of".split())


class _Token(NamedTuple):
    text: str
    word: str  # in lower case, with a plain apostrophe; empty for figures
    start: int
    end: int
    joined: bool  # only a space or a hyphen stands before it


def word_numerals(text: str, lexicon: Lexicon) -> Iterator[Numeral]:
    """All numerals of the text in their order, without their units."""
    return _Reader(text, lexicon).read()


class _Reader:
    """Reads one text from left to right; `_at` is the token to read next."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self._text = text
        self._lexicon = lexicon
        self._matches = list(_TOKEN.finditer(text))
        self._at = 0

    def read(self) -> Iterator[Numeral]:
        for at in self._numerals_may_begin():
            if at < self._at:
                continue
            token = self._token(at)
            self._at = at + 1
            if not token.word:
                yield self._in_tens(self._from_figure(token))
            elif word := self._look_up(token):
                if word.kind is not Kind.NUMBER:
                    yield from self._from_calendar(token, word)
                elif word.final and len(word.readings) > 1:
                    yield self._from_hint(token, word)
                else:
                    yield self._in_tens(self._from_words(token, word))

    def _numerals_may_begin(self) -> Iterator[int]:
        """The places of figures, and of words that the lexicon may know by their first letters."""
        beginnings = self._lexicon.beginnings
        for at, match in enumerate(self._matches):
            if match.lastgroup or match[0][:BEGINNING].lower() in beginnings or match[0] in _ROMAN:
                yield at

    def _token(self, at: int) -> _Token:
        """One that is empty stands behind the last."""
        text = self._text
        before = self._matches[at - 1].end() if at else 0
        if at == len(self._matches):
            return _Token("", "", len(text), len(text), joined=False)
        match = self._matches[at]
        start, end = match.span()
        word = ""
        if match.lastgroup is None:
            word = match[0].lower().replace("’", "'").replace("ʼ", "'")
        return _Token(match[0], word, start, end, text[before:start] in _JOINS)

    def _look_up(self, token: _Token) -> Word | None:
        word, lexicon = token.word, self._lexicon
        if found := lexicon.words.get(word):
            return found
        if word.endswith("'s"):
            return lexicon.words.get(word[:-2])
        if token.text in _ROMAN:
            return Word(frozenset({_ROMAN[token.text]}), Weight.HINT, final=True)
        for length in lexicon.beginnings.get(word[:BEGINNING], ()):
            beginning = word[:length]
            if found := lexicon.stems.get(beginning):
                return found
            value = lexicon.compounds.get(beginning)
            if value is not None and len(word) > length + 3:
                return Word(frozenset({value}), Weight.HINT, final=True)
        return None

    def _scale(self, token: _Token) -> Decimal | None:
        """What the token multiplies the number before it by, if it does."""
        return self._lexicon.scales.get(token.word) if token.joined else None

    def _from_calendar(self, token: _Token, word: Word) -> Iterator[Numeral]:
        readings, weight = word.readings, word.weight
        capitalised = token.text[0].isupper()
        if self._lexicon.names_are_capitalised:
            if not capitalised:
                return
            if weight is Weight.HINT and self._in_a_date():
                weight = Weight.SPELLED
        elif capitalised and (token.start or word.kind is Kind.MONTH):
            weight = Weight.HINT  # "Марта" and "Мая" are given names
        if word.kind is Kind.WEEKDAY and self._is_next_morning(token):
            readings |= {reading - 1 or Decimal(7) for reading in readings}
        elif word.kind is Kind.MONTH and self._at > 1:
            day = self._token(self._at - 2)
            if day.text == "1" and self._is_next_morning(day):  # "в ночь на 1 августа"
                readings |= {reading - 1 or Decimal(12) for reading in readings}
        yield Numeral(token.text, token.start, token.end, readings, weight, word.kind)

    def _is_next_morning(self, token: _Token) -> bool:
        """Whether a night ends on the day, which other languages name by its evening."""
        night = self._lexicon.night_before
        before = self._text[max(0, token.start - _NIGHT_BEFORE) : token.start]
        return night is not None and night.search(before) is not None

    def _in_a_date(self) -> bool:
        """Whether the word just read, "May" or "March", has a day, a year or "in" beside it."""
        following = self._token(self._at)
        before = self._token(self._at - 2) if self._at > 1 else following
        return (not following.word and following.joined) or (
            before.joined and (not before.word or before.word in _BEFORE_MONTHS)
        )

    def _from_hint(self, token: _Token, word: Word) -> Numeral:
        """One word, or "half a million", "a quarter of a million", "half a kilometre"."""
        values = word.readings
        if part := next((each for each in _PARTS if each in values), None):
            at = self._at
            for words_between in (("of",), ("a", "an")):
                at += self._token(at).word in words_between
            following = self._token(at)
            if scale := self._scale(following):
                self._at = at + 1
                text = self._text[token.start : following.end]
                value = frozenset({scale * part})
                return Numeral(text, token.start, following.end, value, Weight.SPELLED, scale=scale)
            smaller = self._lexicon.divided.get(following.word.removesuffix("'s"))
            if smaller and following.joined:
                values |= {smaller * part}
            elif size := self._halved_again():
                values |= {size / 2, size * 3 / 2, Decimal("1.5")}
        return Numeral(token.text, token.start, token.end, values, word.weight)

    def _halved_again(self) -> Decimal | None:
        """How the unit before the "half" just read is divided: "a year and a half"."""
        before = [self._token(at).word for at in range(max(self._at - 4, 0), self._at - 1)]
        return self._lexicon.divided.get(before[0]) if before[1:] == ["and", "a"] else None

    def _from_figure(self, token: _Token) -> Numeral:
        lexicon, text, end = self._lexicon, self._text, token.end
        readings = figure_readings(token.text, comma_is_decimal=lexicon.comma_is_decimal)
        value, scale = min(readings), _ONE
        weight = Weight.FIGURE
        if round_the_clock := value == 24 and _ROUND_THE_CLOCK.match(text, token.start):
            weight, readings = Weight.HINT, readings | {Decimal(7)}
            self._skip_to(round_the_clock.end())
        elif value == 0:
            weight = Weight.HINT
        elif value == 1 or _in_a_name(text, token.start):
            weight = Weight.SPELLED
        following = self._token(self._at)
        if found := self._scale(following):
            scale, end = found, following.end
            self._at += 1
            extra, end = self._smaller_part(scale, end)
            readings = frozenset(reading * scale + extra for reading in readings)
        elif following.start == end and following.word in lexicon.attached_scales:
            scale = lexicon.attached_scales[following.word]
            readings |= {reading * scale for reading in readings}
        else:
            readings |= time_readings(value, text, end) | decade_readings(value, text, end)
        if self._is_next_morning(token):
            readings |= {value - 1} if value > 1 else _LAST_DAYS
        if lexicon.and_a_half and (half := lexicon.and_a_half.match(text, end)):
            readings |= {reading + scale * _HALF for reading in readings} | {_HALF_AN_HOUR}
            end = half.end()
            self._skip_to(end)
        return Numeral(text[token.start : end], token.start, end, readings, weight, scale=scale)

    def _smaller_part(self, scale: Decimal, end: int) -> tuple[Decimal, int]:
        """The "200 thousand" of "1 million 200 thousand", and where it ends."""
        figure = self._token(self._at)
        if figure.word or not figure.joined:
            return Decimal(0), end
        following = self._token(self._at + 1)
        smaller = self._lexicon.scales.get(following.word, scale)
        if smaller >= scale or not following.joined:
            return Decimal(0), end
        self._at += 2
        comma_is_decimal = self._lexicon.comma_is_decimal
        value = min(figure_readings(figure.text, comma_is_decimal=comma_is_decimal))
        return value * smaller, following.end

    def _from_words(self, first: _Token, word: Word) -> Numeral:
        """A number of one word or more, such as "two hundred and twenty-five thousand"."""
        total, current, end = Decimal(0), min(word.readings), first.end
        greatest = lowest = _ONE  # of the scales so far; the lowest of those from a thousand up
        closed, begun = word.final, self._at
        apart: set[Decimal] = set()
        while not closed and (following := self._token(self._at)).joined:
            skipped = following.word == "and" and current >= 100
            if skipped:
                following = self._token(self._at + 1)
            scale = None if skipped else self._scale(following)
            if scale and current and _multiplies(scale, current, lowest if total else None):
                if scale < _THOUSAND:
                    if scale == _DOZEN:
                        apart = {total + current * 10}  # «два десятка»
                    current *= scale
                else:
                    total, current, lowest = total + current * scale, Decimal(0), scale
                    apart.clear()
                greatest = max(greatest, scale)
            else:
                more = self._look_up(following) if following.joined and following.word else None
                if more is None or not _continues(current, total, more):
                    break
                if more.final and self._text[following.start - 1] != "-":
                    apart = {total + current}  # "twenty first readers" are twenty, or the 21st
                current += min(more.readings)
                closed = more.final
            end = following.end
            self._at += 1 + skipped
        spelled = self._at > begun and not (first.word in {"a", "an"} and greatest < _MILLION)
        weight = Weight.SPELLED if spelled else word.weight
        readings = frozenset({total + current, *apart})
        pattern = self._lexicon.and_a_half
        if pattern and (half := pattern.match(self._text, end)):
            halved = current if first.word in self._lexicon.divided else greatest  # "a century"
            readings |= {total + current + halved * _HALF, _HALF_AN_HOUR}
            end = half.end()
            self._skip_to(end)
            following = self._token(self._at)
            if scale := self._scale(following):  # "two and a half million"
                readings = frozenset(reading * scale for reading in readings)
                end, greatest = following.end, scale
                self._at += 1
        text = self._text[first.start : end]
        omitted = self._lexicon.often_omitted
        if omitted and omitted.search(self._text[max(0, end - _LONGEST_OMITTED) : end]):
            weight = Weight.SLIGHT
        return Numeral(text, first.start, end, readings, weight, scale=greatest)

    def _in_tens(self, numeral: Numeral) -> Numeral:
        """Adds what a following word may multiply by: "two decades" are 20 years elsewhere."""
        following = self._token(self._at)
        scale = self._lexicon.possible_scales.get(following.word)
        if not scale or not following.joined:
            return numeral
        scaled = {reading * scale for reading in numeral.readings}
        return numeral._replace(readings=numeral.readings | scaled)

    def _skip_to(self, place: int) -> None:
        while self._at < len(self._matches) and self._matches[self._at].start() < place:
            self._at += 1


def _in_a_name(text: str, start: int) -> bool:
    """Whether letters stand right before the figure: F-16, G7, COVID-19, PM2.5."""
    before = text[max(start - 2, 0) : start]
    return before[-1:].isalpha() or (len(before) == 2 and before[1] == "-" and before[0].isalpha())


def _multiplies(scale: Decimal, current: Decimal, lowest: Decimal | None) -> bool:
    """Whether the scale belongs to the number so far, of which `lowest` is the last great scale."""
    if scale < _THOUSAND:
        return current < _THOUSAND  # no "hundred hundred hundred"
    return lowest is None or scale < lowest


def _continues(current: Decimal, total: Decimal, word: Word) -> bool:
    """Whether the word adds to the number so far: "twenty" + "five", "hundred" + "seven"."""
    if word.kind is not Kind.NUMBER or word.alone or len(word.readings) > 1:
        return False
    value = min(word.readings)
    if current == 0:
        return total >= _THOUSAND > value
    if current % 100 == 0:
        return value < 100
    return current % 10 == 0 and current % 100 >= 20 and value < 10
