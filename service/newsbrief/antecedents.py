"""Whom an English sentence that begins with "He" or "Her" speaks of, where that is beyond doubt.

Beyond doubt means: the sentence before begins with a person's name, told to be a person's by a
title, an age, an apposition or "who", and names nobody else. All other pronouns stay unresolved.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_NAME_WORD = r"[A-Z][\w’'-]*[a-z][\w’'-]*"
_TITLES = (
    "Mr Mrs Ms Miss Dr Prof Professor Sir Dame Lord Lady President Minister Chancellor Ambassador"
    " Senator Sen Rep Governor Gov Mayor Judge Justice Bishop Archbishop Pope Father Sister Captain"
    " Capt Colonel Col General Gen Sergeant Sgt Lieutenant Lt Admiral Officer Inspector Detective"
    " Constable PC Commissioner Councillor Secretary Director Chairman Chairwoman Chief Coach"
    " Manager Prince Princess King Queen Teacher Engineer Skipper Passenger Widow Actor Actress"
    " Singer Author Striker Defender Midfielder Goalkeeper"
).split()
_TITLE = rf"(?:{'|'.join(_TITLES)})\.?"
_INNER = rf"(?:[A-Z]\.|de|van|von|del|bin|al|{_NAME_WORD})"
_WHO = rf"(?P<name>{_NAME_WORD}(?: {_INNER}){{0,2}} {_NAME_WORD})"
_SUBJECT = re.compile(
    rf"(?:(?:[A-Z][\w’'-]* ){{0,4}}{_TITLE} (?P<titled>{_NAME_WORD}(?: {_NAME_WORD}){{0,2}})"
    rf"|{_WHO}(?=, \d{{1,3}},|, who\b|, (?:an?|the) [a-z]| (?:is|was) an? [a-z]))"
    r"(?P<rest>.*)$"
)
_PRONOUN = re.compile(r"(?P<pronoun>He|She|His|Her)\b(?! own\b)")
# A capital inside the sentence that may be somebody's name.
_OTHER = re.compile(r"(?<![.!?“\"] )(?<=\s)(?P<word>[A-Z][\w’'-]*[a-z])")
_NOBODY = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August"
    r"|September|October|November|December"
)
_PLACED = re.compile(r"(?:\b(?:in|at|from|near|the|of|off|across|[A-Z][\w’'-]*))$")


_DANGLING = {
    "en": re.compile(
        r"(?:he|she|it|they|this|these|those|that|his|her|its|their|there|here|one|both|such|another"
        r"|others|some|neither|none|who|what|why|how|where|which)\b",
        re.IGNORECASE,
    ),
    "ru": re.compile(
        r"(?:он[аио]?|их|его|её|ее|это|этот|эта|эти|там|здесь|тогда)\b", re.IGNORECASE
    ),
    "uk": re.compile(
        r"(?:він|вона|вони|воно|їх|його|її|це|цей|ця|ці|там|тут|тоді)\b", re.IGNORECASE
    ),
    "ko": re.compile(r"(?:그는|그가|그의|그녀|그들|이는|이것|이에|이를|이번|그것|그러나|하지만)"),
}
# "Police said he fled": nobody before the pronoun it could stand for.
_STRANGER = re.compile(r".[^A-Z]*?\b(?:he|she|him)\b")
_STRANGE_SUBJECT = re.compile(r".[^A-Z,]*, (?:he|she|they|it|this)\b")
_PERSON = re.compile(
    r"\b(?:m[ae]n|wom[ae]n|boys?|girls?|father|mother|son|daughter|brother|sister|wife|husband"
    r"|\w{3,}(?:er|or|ist|ian|ent|ant|eur|ress|man|woman|old))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Resolved:
    """A sentence with its first pronoun replaced; `antecedent` is the index of who it names."""

    text: str
    antecedent: int


def resolve_pronouns(sentences: Sequence[str]) -> dict[int, Resolved]:
    """By index, the sentences of an article whose first word is a pronoun beyond doubt."""
    resolved: dict[int, Resolved] = {}
    name, antecedent, gender = "", -1, ""
    for index, sentence in enumerate(sentences):
        pronoun = _PRONOUN.match(sentence)
        if pronoun:
            of_her = pronoun["pronoun"] in ("She", "Her")
            if not name or gender not in ("", "her" if of_her else "his"):
                name = ""
                continue
            gender = "her" if of_her else "his"
            owner = name if pronoun["pronoun"] in ("He", "She") else f"{name}’s"
            resolved[index] = Resolved(owner + sentence[pronoun.end() :], antecedent)
            if _names_another(sentence[pronoun.end() :], name):
                name = ""
            continue
        subject = _SUBJECT.match(sentence)
        name = (subject["titled"] or subject["name"]) if subject else ""
        antecedent = index
        gender = "his" if sentence.startswith("Mr ") else ""
        gender = "her" if sentence.startswith(("Mrs ", "Ms ", "Miss ")) else gender
        if subject and _names_another(subject["rest"], name):
            name = ""
    return resolved


def _names_another(text: str, name: str) -> bool:
    for match in _OTHER.finditer(text):
        before = text[: match.start()].rstrip()
        known = match["word"] in name or _NOBODY.fullmatch(match["word"])
        if not known and not _PLACED.search(before):
            return True
    return False


def looks_back(text: str, language: str) -> bool:
    """Whether a text begins with a pronoun, or speaks of a "he" who has not been named in it."""
    dangling = _DANGLING.get(language)
    if dangling is not None and dangling.match(text):
        return True
    if language != "en":
        return False
    if _STRANGE_SUBJECT.match(text):
        return True
    stranger = _STRANGER.match(text)
    return stranger is not None and not _PERSON.search(stranger[0])
