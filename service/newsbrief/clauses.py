"""Which stretches of an English sentence can go and leave it a sentence that is still true.

There is no parser here. Each pattern stands for one construction of news English that can be told
by its words alone, and is refused where those words could mean something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from newsbrief.asides import WEIGHTY
from newsbrief.attribution import SAID, find_attribution
from newsbrief.verbs import AUXILIARIES, DETERMINERS, VERBS, has_verb, is_finite


@dataclass(frozen=True, slots=True)
class Cut:
    """A stretch that may go, and how much is lost with it (1: a clause beside the point)."""

    start: int
    end: int
    cost: float
    instead: str = ""


_VERB_NEXT = r"(?= (?:is|was|are|were|has|have|had|will|would|said|says)\b)"
_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?: (?:morning|afternoon|evening|night))?"
# "who lives in Newport, Isle of Wight, had": the aside goes on after its first comma.
_OVER = r"(?! (?:and|or|but)\b| [A-Z][\w’' -]{1,30},)"
_RELATIVE = (
    r", (?:who|whose|which|where)\b[^;“”\"]{4,}?"
    rf"(?:(?=, [^,]* {SAID}\b[^,]*$)|,(?= ){_OVER}|(?=[.!?]$))"
)
_APPOSITION = (
    r"(?<=[\w”’)]), (?:an?|the|his|her|its|their|now|then|once|currently|formerly|aged|\d{1,3})\b"
    r"(?!, )[^,;“”\"]{0,90},(?= )(?! (?:which|who|an?|the|\d)\b)" + _OVER
)
_LONG_APPOSITION = (
    r"\b[A-Z][\w’'-]+(?P<cut>, (?:an?|the|his|her|its|their|who|which)\b[^;“”\"]{3,160},)"
    + _VERB_NEXT
)
_INCLUDING = (
    r", (?:including|such as|among them|especially|particularly|notably|namely)\b"
    r"[^;“”\"]*?(?:,(?= \w+ed\b)|," + _VERB_NEXT + r"|(?=[.!?]$))"
)
_DAY_OF_WEEK = (
    rf"(?<!Last)(?<!Late)(?<!Early),? (?:on |late on |early on |last |next )?{_DAY}(?=[ .])"
    r"(?! and\b| to\b)"
)
# "filled with shells, missiles, rockets, and other lethal weapons" -> "filled with lethal weapons"
_HYPERNYM = (
    r"\b(?:with|of|as|on|for|from)(?P<cut> (?:[\w’'-]+(?: [\w’'-]+){0,3}, )+"
    r"[\w’'-]+(?: [\w’'-]+){0,3},? and other)(?= )"
)
_INNER_CUTS = tuple(
    (re.compile(pattern), cost)
    for pattern, cost in (
        (_RELATIVE, 1.0),
        (_APPOSITION, 1.0),
        (_LONG_APPOSITION, 1.2),
        (_INCLUDING, 0.8),
        (_HYPERNYM, 0.5),
        (r"(?<=\w), \d{1,3}(?:,(?= )|(?=\.$))", 0.4),
        (r" [–—-]{1,2} (?:(?! [–—-]{1,2} )[^–—“”\"])+ [–—-]{1,2}(?= )", 1.0),
        (r"—[^–—“”\"]+—", 1.0),
        (_DAY_OF_WEEK, 0.8),
        (r",? (?:earlier )?(?:this|last) (?:week|month|year|weekend)(?= )(?! and\b)", 0.8),
        (r" (?:recently|previously|officially|formally|simply|really|very|quickly)(?= )", 0.3),
        (r" as a whole(?=[ ,.])", 0.3),
        (r" (?:while|by|after|for) [a-z]+ing [^,;“”\"]{2,60}?" + _VERB_NEXT, 1.5),
    )
)
# "Port director Ida Lund said" -> "Ida Lund said"
_TITLE = re.compile(
    r"(?:[A-Z][\w’'-]* ){0,4}(?:(?!(?:of|in|at|on|for|to|from|with|and|or|by|as|when|that|who)\b)"
    r"[a-z][\w’'-]* ){1,3}(?=[A-Z][a-z’'-]+ (?:[A-Z][\w’'.-]* )?[A-Z][\w’'-]+ [a-z])"
)
_LEADING = re.compile(
    r"^(?:In|On|At|After|Before|Since|During|Following|Amid|Amidst|Despite|With|By|From|As part of"
    r"|Over|Throughout|Within|Outside|Inside|Behind|Across|Near|Around|Between|Along with|Like|For"
    r"|Together with|Besides|Earlier|Last|Late|Early|Speaking|Asked|Writing|Based|Born|Once)\b"
    r"[^,;“”\"]{2,110}, (?!(?:and|or|but|who|which|whose|where|when|\w+ing|\w+ed)\b"
    r"|[A-Z][\w ]{1,20}, )"
)
# ", urging the withdrawal" -> "urged the withdrawal", of the same subject: only what people say.
_SPEAKING = re.compile(
    r", (?P<verb>urging|demanding|warning|accusing|insisting|claiming|vowing|promising|pledging"
    r"|denying|calling for|calling on)\b(?! (?:her|him|them|it|his|their|its)\b)"
)
_PAST = {"urging": "urged", "accusing": "accused", "promising": "promised", "denying": "denied"}

_DASH = re.compile(r" [–—-]{1,2} |—")
_COMMA_OPENERS = (
    r", (?=(?:as|while|with|after|before|amid|amidst|following|because|since|when|despite|though"
    r"|although|in an?|in the|but|and|so|yet|part of|one of|just|even|alongside|along|down|up|more"
    r"|less|nearly|almost|compared)\b)"
)
_BARE_OPENERS = (
    r" (?=(?:amid|amidst|because|despite|in order to|in exchange for|as part of|whilst|alongside"
    r"|in an? (?:effort|attempt|bid|move) to|along with|ahead of|in connection with|as well as|but"
    r"|in the (?:wake|aftermath) of|in response to|in the hope|so that)\b)"
)
_TIME_OPENERS = (
    r" (?=(?:(?:shortly|soon|just|immediately|days?|weeks?|months?|years?|hours?|minutes?|\d+|two"
    r"|three|four|five|six|more than|an?|few) )*"
    r"(?:after|before|since|following|while|when|as (?:he|she|they))\b)"
)
# What opens a last clause or phrase, and what is lost when it goes.
_TRAILING = tuple(
    (re.compile(pattern), cost)
    for pattern, cost in (
        (r", (?=\w+ing\b)(?!(?:according|including|during|following|regarding) )", 1.2),
        (_COMMA_OPENERS, 1.6),
        (r"; | (?:–|—|--?) |—", 1.6),
        (r",? (?=and (?:then |later |now |also )?(?P<verb>[\w’']+)\b)", 1.8),
        (_BARE_OPENERS, 2.0),
        (_TIME_OPENERS, 2.2),
        (r" (?=(?:in|at|during|throughout|across)\b)", 3.0),
        (r" (?=(?:of|on|for|with|by|from|to the|to an?)\b)", 4.0),
    )
)
_NO_COMMA = 2.0  # cuts that cost as much have no comma to tell that the words before are complete
_LEANING = frozenset(
    "shortly soon just immediately day days week weeks month months year years hour hours minute"
    " minutes a an few couple two three four five six than number series range lot hundreds"
    " thousands dozens millions one some many most half third quarter cent group type kind sort"
    " part majority member members list result piece home subject due able full rest amount pair"
    " set because out off up down away back instead ahead them him her it me us you clear known"
    " decide remember moment time prospect chance risk sign lack president minister duke head chief"
    " leader director city state end use kilometres metres miles tonnes tons litres barrels"
    " hectares kilograms pounds dollars euros containers crates".split()
)
_BEFORE_INFINITIVE = AUXILIARIES | {"to", "try", "not"}
# Who says it is never lost with what else a clause holds; `attribution` decides on that.
_SAYING = re.compile(r"\b(?:said|says?|reported|announced|according)\b")
_PHRASE = re.compile(
    r"(?:According|In|On|At|After|Before|Since|During|Following|Amid|Despite|With|By|From|For|Over"
    r"|Under) [^,]*$"
)
_ARTICLE_NOUN = re.compile(r"\b(?:the|an?) [\w’'-]+$")
_ASKED = re.compile(
    r"\b(?:asked|warned|told|urged|reminded|informed|assured) (?:[\w’'-]+ ){0,3}[\w’'-]+$"
)
# "..., economists | at the bank reckon": who speaks, or what is listed, is not complete.
_AFTER_COMMA = re.compile(r", (?P<phrase>(?:[\w’'-]+ ){0,3}[\w’'-]+)$")
# "with Tom Alder | of Northport among the options": the phrase is not over yet.
_OPEN_WITH = re.compile(r"\bwith (?:[\w’'-]+ ){0,4}[\w’'-]+$")
# An aside inside an aside: to cut the inner one would leave the outer one open.
_OPEN_ASIDE = re.compile(r", (?:an?|the|his|her|its|their|who|which|whose|where)\b[^,]*$")


def find_cuts(sentence: str) -> list[Cut]:
    """Every stretch that may go for the sake of length; they may overlap."""
    attribution = find_attribution(sentence)
    cuts = list(_all_cuts(sentence))
    if attribution is None:
        return cuts
    if sentence.endswith(".") and attribution.start > 0:
        cuts.extend(_trailing(sentence, attribution.start))
    if attribution.droppable:
        cuts.append(Cut(attribution.start, attribution.end, 1.5))
        return cuts
    return [c for c in cuts if c.end <= attribution.start or c.start >= attribution.end]


def _all_cuts(sentence: str) -> Iterator[Cut]:
    for pattern, cost in _INNER_CUTS:
        for match in pattern.finditer(sentence):
            group = "cut" if pattern.groups else 0
            start, end = match.span(group)
            if WEIGHTY.search(match[group]) or _SAYING.search(match[group]):
                continue
            if not _OPEN_ASIDE.search(sentence[:start]):
                # An aside within a leading phrase leaves the comma that ends the phrase.
                inside = _PHRASE.match(sentence[:start]) and sentence[end - 1] == ","
                yield Cut(start, end, cost, "," if inside else "")
    leading = _LEADING.match(sentence)
    if leading and not WEIGHTY.search(leading[0]):
        clause = leading[0].startswith(("After", "Before", "Since", "Once"))
        if clause or not has_verb(leading[0]):
            yield Cut(0, leading.end(), 1.2)
    title = _TITLE.match(sentence)
    if title and not has_verb(title[0]):
        yield Cut(0, title.end(), 2.0)
    if sentence.endswith("."):
        yield from _speaking(sentence, leading.end() if leading else 0)
        yield from _trailing(sentence, len(sentence) - 1)


def _speaking(sentence: str, start: int) -> Iterator[Cut]:
    subject = _subject_end(sentence, start)
    match = _SPEAKING.search(sentence)
    if subject is None or match is None or match.start() < subject:
        return
    between = sentence[subject : match.start()]
    if WEIGHTY.search(between) or "," in between:
        return
    verb = match["verb"]
    stem = verb.partition(" ")[0]
    past = _PAST.get(stem, stem.removesuffix("ing") + "ed") + verb[len(stem) :]
    yield Cut(subject, match.end(), 0.9, past)


def _subject_end(sentence: str, start: int) -> int | None:
    """Where the first finite verb begins, if all before it is one plain noun phrase."""
    before = ""
    for match in re.finditer(r"\S+", sentence[start:]):
        word = match[0].casefold()
        if is_finite(word.strip("“”\"'’"), before):
            return start + match.start() if before else None
        if word.endswith((",", ";", ":")) or word in ("who", "which", "that", "when", "as"):
            return None
        before = word
    return None


def _trailing(sentence: str, end: int) -> Iterator[Cut]:
    for pattern, cost in _TRAILING:
        for match in pattern.finditer(sentence, 0, end):
            before = sentence[: match.start()]
            if WEIGHTY.search(sentence, match.start(), end):
                continue
            if pattern.groups and not is_finite(match["verb"].casefold()):
                continue
            if cost >= _NO_COMMA and _leans_on(before):
                continue
            if cost >= _NO_COMMA and _SAYING.search(sentence, match.start(), end):
                continue
            if sentence.startswith(" of ", match.start()) and _ARTICLE_NOUN.search(before):
                continue
            # Dashes go in pairs or not at all.
            dashed = len(_DASH.findall(before)) % 2 or match[0].strip() not in ("", ",", ";")
            if dashed and _DASH.search(sentence, match.end(), end):
                continue
            yield Cut(match.start(), end, cost)


def _leans_on(before: str) -> bool:
    """Whether the words before a clause may need it: a verb, a measure of time, half a pair."""
    *_, third, second, last = ["", "", "", *before.casefold().split()]
    return (
        last.endswith(("ed", "ing", "en", "ly", "%"))
        or last in AUXILIARIES
        or last in VERBS
        or last in _LEANING
        or last.isdigit()
        or second in _BEFORE_INFINITIVE
        or second in ("and", "or", "no")
        or (third in ("and", "or") and second in DETERMINERS)
        or _OPEN_WITH.search(before) is not None
        or _ASKED.search(before) is not None
        or _is_bare(_AFTER_COMMA.search(before))
    )


def _is_bare(phrase: re.Match[str] | None) -> bool:
    return phrase is not None and " and " not in phrase[0] and not has_verb(phrase["phrase"])
