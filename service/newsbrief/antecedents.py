"""Whether a sentence speaks of somebody or something that it has not named: it can't stand alone.

No pronoun is ever replaced by a name: who "he" is can't be told beyond doubt from words alone, and
a wrong guess accuses the wrong person. Such a sentence is left out. For English this is told from
closed lists and capitals, no parser; where it can't be told, the sentence is said to look back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from newsbrief.persons import GROUPS, PLURALS, RANKS, TITLES, gender_of
from newsbrief.verbs import AUXILIARIES, DETERMINERS, VERBS

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
_PRONOUN = re.compile(
    r"\b(?:(?P<he>he|him|his|himself)|(?P<she>she|her|hers|herself)|(?P<it>it|its|itself)"
    r"|(?P<they>they|them|their|theirs|themselves))\b"
)
_POSSESSIVES = frozenset(("his", "her", "its", "their"))
# "It was clear that", "it emerged", "make it hard to": nothing is meant by this "it".
_EMPTY_IT = re.compile(
    r"it(?:['’]s| (?:is|was|would be|will be|may be|might be|has been|had been|seems|appears|became"
    r"|took|takes|would take|will take))(?: [\w’'-]+){1,3} (?:to|that|whether|how|why|who|if|when"
    r"|before|since|until)\b"
    r"|it (?:has |had |was |is |later )*(?:emerged|emerges|alleged|claimed|understood|revealed"
    r"|announced|reported|thought|rain\w*|snow\w*)\b"
)
_EMPTY_OBJECT = re.compile(
    r"\b(?P<verb>ma(?:ke|kes|de|king)|f(?:ind|inds|ound|inding)|consider\w*|thinks?|thought)"
    r" it (?:\w+ ){1,2}(?:to|that|for)\b"
)
# "denied this and", "after that,", "but those were": no noun follows, and no "of" or "who". Mostly
# "that" is a conjunction or a relative, so it is looked at only where it can be neither.
_BE = (
    r"(?:is|are|was|were|will|would|has|have|had|can|could|may|might|must|should|do|does|did"
    r"|means|meant)\b"
)
_BARE = re.compile(
    rf"\b(?:this|these|those)(?:$| ?[.,;:!?)”\"–—]| (?:and|or|but|{_BE}))"
    r"|\b(?:this|these) (?:an?|the|to|as|at|in|on|by|for|from|with|when|while|if|because|before"
    r"|after|until|since|than|comes?|came|happen(?:s|ed)|ma[kd]es?)\b"
    r"|\bthat(?:[.;!?)]|$| (?:and|but|or)\b(?! other))"
    rf"|(?:\b(?:sa(?:y|ys|id|ying)|and|but|because|if|when|as|while|though|although)|;) that {_BE}"
    r"|\b(?:after|before|despite|from|like|since|until|beyond|for|with|by) that,",
    re.IGNORECASE,
)
# What opens a sentence without a subject of its own: "Born in Tarn, she", "A keen sailor, he".
_INTRODUCED = re.compile(
    r"(?:An?|The|Born|Raised|Brought|Educated|Known|Asked|Seen|Held|Now|Then|Once|In|On|At|By|From"
    r"|For|With|Without|Despite|During|Of|Under|To|Like|Unlike|Along|According|[A-Z][a-z]+(?:ing|ed))"
    r"\b"
)
_SUBJECTS = frozenset(("he", "she", "it", "they"))
# In "Divers found them", "them" is not the divers, unless a second clause or a preposition begins.
_OBJECTS = frozenset(("him", "them"))
_LINK = re.compile(
    r"\b(?:that|when|after|before|as|while|and|but|or|who|which|because|if|to|for|with|of|from|near"
    r"|behind|around|by|sa(?:y|ys|id)|than|where|until|since|on|at)\b|[,;:–—]"
)

_BODIES = re.compile(
    r"(?:Academy|Agency|Airport|Airways|Army|Assembly|Association|Authority|Bank|Board|Bureau|Cent"
    r"|Church|City|Club|Co|Coast|College|Commission|Committee|Company|Congress|Corp|Council|Court"
    r"|Department|FC|Force|Foundation|Government|Group|Guard|Hospital|House|Inc|Institut|Island"
    r"|League|Ltd|Ministry|Museum|Nations|Navy|Network|Office|Org|Parliament|Park|Party|Police|Road"
    r"|School|Senate|Service|Society|Street|Trust|Union|United|Universit|[A-Z]{2,}\b)"
)
_NO_NAMES = re.compile(
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July"
    r"|August|September|October|November|December|Jan|Feb|Aug|Sept?|Oct|Nov|Dec|I|Christmas|Easter"
    r"|[A-Z][a-z]+(?:ish|ian|ean|ese)|Dutch|French|Greek|Swiss|Czech|Thai)"
)
_PLACING = frozenset("in at near across around outside".split())
_FUNCTION = (
    AUXILIARIES
    | VERBS
    | frozenset(
        "and or but nor so yet as than if when while after before since because although though"
        " until where who whom whose which that what how why not no to of in on at by from for with"
        " without about into onto over under near against between among through during across"
        " around outside towards toward despite per via is up down out off away back again also"
        " he she it they him them his her its their be been being having said".split()
    )
)
_VERBS_TOO = frozenset(
    "suspect guard cook pilot doctor judge rival spy".split()
)  # without an article
_OPENERS = frozenset(
    "Police People Officials Staff Later Earlier Today Yesterday Now Then However Meanwhile Still"
    " Instead Also Only Even Just Last Next More Most Many Some All Two Three Four Five Six Seven"
    " Eight Nine Ten Several Few Both Such Born Asked".split()
)
_LITTLE = _FUNCTION | DETERMINERS
_MANY = PLURALS | GROUPS
_ENOUGH = 40  # things named, after which no more are looked for
_ARTICLES = (DETERMINERS - {"that"}) | frozenset(("’s", "'s", "no", "one", "every", "another"))
_AFTER_NAME = frozenset(("(", ",", "’s", "'s"))
_TOKEN = re.compile(r"\w(?:[\w-]|[’'](?!s\b))*|[’']s\b|[^\w\s]")


@dataclass(slots=True)
class _Named:
    """What a pronoun may stand for: `gender` is he or she, or empty where it can't be told."""

    person: bool
    thing: bool
    many: bool
    gender: str = ""


def looks_back(text: str, language: str) -> bool:
    """Whether a sentence has a pronoun for somebody or something that is not named before it.

    In English pronouns anywhere are looked at, elsewhere only the first word is.
    """
    if begins_with_pronoun(text, language):
        return True
    return language == "en" and (_BARE.search(text) is not None or _has_stranger(text))


def begins_with_pronoun(text: str, language: str) -> bool:
    """Whether the first word is a pronoun, which is soon told."""
    dangling = _DANGLING.get(language)
    return dangling is not None and dangling.match(text) is not None


def _has_stranger(text: str) -> bool:
    introduced = _INTRODUCED.match(text) is not None
    comma = text.find(", ")
    empty = {found.end("verb") + 1 for found in _EMPTY_OBJECT.finditer(text)}
    named: list[_Named] = []
    linked = False
    read = 0
    for match in _PRONOUN.finditer(text):
        start = match.start()
        if match["it"] and (start in empty or _EMPTY_IT.match(text, start)):
            continue
        if introduced and match[0] in _SUBJECTS and text.endswith(", ", 0, start):
            return True
        if len(named) < _ENOUGH:
            named.extend(_name(text[read:start], read == 0))
        linked = linked or _LINK.search(text, read, start) is not None
        read = start
        kind = match.lastgroup or ""
        fitting = _claim(named, kind)
        if not fitting and match[0] in _POSSESSIVES and match.end() <= comma:
            # "In its report, the council": who is meant comes after.
            fitting = _claim(list(_name(text[comma + 2 :], True)), kind)
            comma = 0
        if fitting == 0 or (fitting == 1 and match[0] in _OBJECTS and not linked):
            return True
    return False


def _claim(named: list[_Named], kind: str) -> int:
    """How many of those named may be meant; whoever is a "he" is no "she" from then on."""
    if kind == "they":
        return sum(each.many for each in named)
    if kind == "it":
        return sum(each.thing for each in named)
    fitting = [each for each in named if each.person and each.gender in ("", kind)]
    fitting.sort(key=lambda each: each.gender == "")
    if fitting:
        fitting[0].gender = kind
        fitting[0].thing = False
    return len(fitting)


def _name(text: str, opening: bool) -> Iterator[_Named]:
    """Persons, things and groups in a stretch of a sentence; `opening` where it begins one."""
    words = _TOKEN.findall(text)
    index = 0
    while index < len(words):
        word, before = words[index], words[index - 1] if index else ""
        end = index + 1
        if word[0].isupper() and not (opening and index == 0 and _opens(words)):
            while end < len(words) and (
                words[end][0].isupper() or words[end] in ("de", "van", "&")
            ):
                end += 1
            if before.lower() in _ARTICLES and index > 1:
                before = words[index - 2]
            if before not in _PLACING:
                yield from _read_name(words[index:end], before)
        elif word.lower() in _ARTICLES:
            while end < len(words) and words[end].islower() and not _stops(words[end]):
                end += 1
            named = end < len(words) and words[end][0].isupper()
            if end > index + 1 and not named:
                yield _read_noun(words[end - 1], before)
                for inner in words[index + 1 : end - 1]:
                    yield from _read_bare(inner)
        else:
            yield from _read_bare(word)
        index = end


def _opens(words: list[str]) -> bool:
    """Whether the capital of the first word is the sentence's and not a name's."""
    first, second = words[0], words[1] if len(words) > 1 else ""
    if first.lower() in _LITTLE or first in _OPENERS:
        return True
    if second[:1].isupper() or first in RANKS or first in TITLES:
        return False
    if first.endswith(("s", "ed", "ing", "ly")):
        return True
    return not (second in _FUNCTION or second in _AFTER_NAME or second.endswith("ed"))


def _stops(word: str) -> bool:
    return word in _LITTLE or word.endswith("ed") or not word[0].isalpha()


def _read_name(words: list[str], before: str) -> Iterator[_Named]:
    if all(_NO_NAMES.fullmatch(word) for word in words):
        return
    body = any(_BODIES.match(word) for word in words[1:]) or words[0].isupper()
    title = next((word for word in words if word in TITLES), "")
    ranked = not body and (title or any(word in RANKS for word in words))
    yield _Named(not body, not ranked and before != "by", True, TITLES.get(title, ""))


def _read_noun(head: str, before: str) -> _Named:
    gender = gender_of(head)
    if gender is not None:
        return _Named(True, False, True, gender)
    plural = head in PLURALS or (head.endswith("s") and not head.endswith(("ss", "us", "is")))
    return _Named(False, not plural and before != "by", plural or head in GROUPS)


def _read_bare(word: str) -> Iterator[_Named]:
    """A noun without an article: a person by its list, or a group by its ending."""
    gender = gender_of(word)
    if gender is not None and word not in _VERBS_TOO:
        yield _Named(True, False, True, gender)
    elif word.lower() in _MANY or (len(word) > 3 and word.endswith("s") and word not in _FUNCTION):
        yield _Named(False, False, True)
