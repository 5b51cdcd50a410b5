"""Which stretches of an English sentence can go and leave it a sentence that is still true.

There is no parser here. Each pattern stands for one construction of news English that can be told
by its words alone, and is refused where those words could mean something else. What may go is
told by closed lists: whole clauses and asides, never a phrase that a verb, a comparison or a share
may need; never a contrast, a doubt, a retraction, a death, a verdict or a sum.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from newsbrief.attribution import SAID, find_attribution
from newsbrief.coordination import holds_main_clause
from newsbrief.leaning import leans_on
from newsbrief.marks import is_quoted
from newsbrief.verbs import has_verb, is_finite
from newsbrief.weighty import find_kept, is_scoped


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
_OVER = r"(?! (?:and|or|but|not|nor|rather|instead|though|yet)\b| [A-Z][\w’' -]{1,30},)"
# What "who" and "which" tell of somebody or something by the way.
_BY_THE_WAY = (
    r"(?: (?:also|now|then|still|once|currently|previously|already))?"
    r" (?:(?:is|was|are|were|has been|had been|have been)(?: (?:also|now|then|once|currently))?"
    r" (?:an?|the|one of|his|her|their|its|in|on|at|from|near|about|around|based|born|built|founded"
    r"|located|elected|appointed|named|married|known|called|opened|written|made|owned|run|part|home"
    r"|aged|old|\d+)\b"
    r"|(?:has|have|had) (?:an?|the|his|her|its|their|\d+|two|three|four|five|several|many|worked"
    r"|lived|served|played|run|led)\b"
    r"|(?:lives?|lived|runs?|ran|works?|worked|leads?|led|heads?|headed|owns?|owned|plays?|played"
    r"|stands?|stood|lies|serves?|served|joined|became|depends?|represents?|represented|teaches"
    r"|taught|stud(?:y|ies|ied)|began|founded|grew|moves?|moved|hosts?|hosted|makes?|employs?"
    r"|covers?|links?|connects?|includes?|included|contains?|carries|opens?|opened|attends?"
    r"|attended|competes?|competed|belongs?|sits?|directed|wrote|starred|stars|won)\b)"
)
_RELATIVE = (
    rf", (?:(?:who|which|whose(?: [\w’'-]+){{1,4}}){_BY_THE_WAY}|where\b)[^;“”\"]{{4,}}?"
    rf"(?:(?=, [^,]* {SAID}\b[^,]*$)|,(?= ){_OVER}|(?=[.!?]$))"
)
# "..., a day after his rival, had vanished" is no apposition.
_NO_CLAUSE = r"(?![^,]* (?:after|before|when|since|as|that|than|later|earlier|ago)\b)"
_APPOSITION = (
    r", (?<=[\w”’)], )(?:an?|the|his|her|its|their|now|then|once|currently|formerly|aged"
    rf"|\d{{1,3}})\b(?!, ){_NO_CLAUSE}[^,;“”\"]{{0,90}},(?= [a-z“])"
    rf"(?! (?:which|who|an?|the|his|her|their|two|three|four|five|six|seven|eight|nine|ten|\d+)\b)"
    rf"{_OVER}"
)
_LONG_APPOSITION = (
    rf"\b[A-Z][\w’'-]+(?P<cut>, (?:an?|the|his|her|its|their|(?:who|which){_BY_THE_WAY})\b"
    rf"{_NO_CLAUSE}[^;“”\"]{{3,160}},)" + _VERB_NEXT
)
_INCLUDING = (
    r", (?:including|such as|among them|especially|particularly|notably|namely)\b"
    r"[^;“”\"]*?(?:,(?= \w+ed\b)|," + _VERB_NEXT + r"|(?=[.!?]$))"
)
_DAY_OF_WEEK = (
    r"(?:, (?<!Last, )(?<!Late, )(?<!Early, )| (?<!Last )(?<!Late )(?<!Early ))"
    rf"(?:on |late on |early on |last |next )?{_DAY}(?=[ .])(?! and\b| to\b)"
)
_WHEN = re.compile(
    rf"{_DAY_OF_WEEK}"
    r"|(?:, | )(?:earlier )?(?:this (?:week|month|weekend)|last (?:week|weekend))(?= )(?! and\b)"
)
_ANY_DAY = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day")
_AHEAD = re.compile(r"\b(?:will|due|plan(?:s|ned)?|(?:is|are) to|expected|scheduled)\b")
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
        (r", (?<=\w, )\d{1,3}(?:,(?= )|(?=\.$))", 0.4),
        (r" [–—-]{1,2} (?:(?! [–—-]{1,2} )[^–—“”\"])+ [–—-]{1,2}(?= )", 1.0),
        (r"—[^–—“”\"]+—", 1.0),
        (r" (?:recently|formally|simply|really|very|quickly)(?= )", 0.3),
    )
)
# "Port director Ida Lund said" -> "Ida Lund said"
_TITLE = re.compile(
    r"(?:[A-Z][\w’'-]* ){0,4}(?:(?!(?:of|in|at|on|for|to|from|with|and|or|by|as|when|that|who)\b)"
    r"[a-z][\w’'-]* ){1,3}(?=[A-Z][a-z’'-]+ (?:[A-Z][\w’'.-]* )?[A-Z][\w’'-]+ [a-z])"
)
# Circumstances at the beginning; "In Wales," or "Before the war," would be what the rest holds of.
_LEADING = re.compile(
    rf"^(?:(?:Late |Early |Earlier )?(?:[Oo]n |[Ll]ast )?{_DAY}"
    r"|Earlier (?:this|last) (?:week|month)"
    r"|In an? (?:\w+ )?(?:statement|letter|speech|interview|report|message|post|video|move)"
    r"|At an? (?:\w+ )?(?:conference|briefing|ceremony|meeting|hearing)"
    r"|Speaking|Writing|Addressing|Based|Born|Despite|Amid|Amidst|Following|After"
    r"|As part of)\b"
    r"[^,;“”\"]{0,110}, (?!(?:and|or|but|who|which|whose|where|when|\w+ing|\w+ed)\b"
    r"|[A-Z][\w ]{1,20}, )"
)
# ", urging the withdrawal" -> "urged the withdrawal", of the same subject: only what people say.
_PAST = {
    "urging": "urged", "demanding": "demanded", "warning": "warned", "accusing": "accused",
    "insisting": "insisted", "claiming": "claimed", "vowing": "vowed", "promising": "promised",
    "pledging": "pledged", "denying": "denied", "calling for": "called for",
    "calling on": "called on",
}  # fmt: skip
INSTEAD = tuple(_PAST.values())  # the only words that a cut can put in
_SPEAKING = re.compile(rf", (?P<verb>{'|'.join(_PAST)})\b(?! (?:her|him|them|it|his|their|its)\b)")

_DASH = re.compile(r" [–—-]{1,2} |—")
_ING_OPENERS = (
    r", (?=\w+ing\b)(?!(?:according|including|during|following|regarding|excluding|barring"
    r"|depending|providing|assuming) )"
)
_COMMA_OPENERS = (
    r", (?=(?:as|with|after|amid|amidst|following|because|since|in an?|in the|part of|one of"
    r"|just|alongside|along|down|up|nearly|almost)\b)"
)
_BARE_OPENERS = (
    r" (?=(?:amid|amidst|because|in order to|as part of|alongside"
    r"|in an? (?:effort|attempt|bid|move) to|along with|ahead of|in connection with|as well as"
    r"|in the (?:wake|aftermath) of|in response to|in the hope|so that)\b)"
)
_TIME_OPENERS = (
    r" (?=(?:(?:shortly|soon|just|immediately|days?|weeks?|months?|years?|hours?|minutes?|\d+|two"
    r"|three|four|five|six|more than|an?|few) )*"
    r"(?:after|following|as (?:he|she|they))\b)"
)
# "At least 40 people were killed | when an earthquake struck the province": the toll says enough.
_TOLL = (
    r"(?:(?<=killed)|(?<=injured)|(?<=wounded)|(?<=hurt)|(?<=died)|(?<=dead))"
    r" (?=(?:when|after) an?\b)"
)
# What opens a last clause or phrase, and what is lost when it goes.
_TRAILING = tuple(
    (re.compile(pattern), cost)
    for pattern, cost in (
        (_ING_OPENERS, 1.2),
        (_COMMA_OPENERS, 1.6),
        (r"; | (?:–|—|--?) |—", 1.6),
        (_TOLL, 1.6),
        (r",? (?=and (?:then |later |now |also )?(?P<verb>[\w’']+)\b)", 1.8),
        (_BARE_OPENERS, 2.0),
        (_TIME_OPENERS, 2.2),
    )
)
_NO_COMMA = 2.0  # cuts that cost as much have no comma to tell that the words before are complete
# Who says it is never lost with what else a clause holds; `attribution` decides on that.
_SAYING = re.compile(
    r"\b(?:said|says?|reported|announced|according|told|claim(?:s|ed)?|alleg(?:es?|ed)|argue[ds]?"
    r"|insist(?:s|ed)?|believe[ds]?|think|thought|suspect(?:s|ed)?|added|stated|maintain(?:s|ed)?)\b"
)
# "Patients can leave after a test", "The ferry will sail after the board has paid": a condition.
_CAN = re.compile(r"\b(?:can|could|may|might|must|should)\b")
_TO_COME = re.compile(r".*\bafter\b.*\b(?:has|have|is|are)\b")
_CLAIMED = re.compile(rf",? as\b[^,]*{_SAYING.pattern}")  # "..., as the prosecution claimed"
_PHRASE = re.compile(
    r"(?:According|In|On|At|After|Before|Since|During|Following|Amid|Despite|With|By|From|For|Over"
    r"|Under) [^,]*$"
)
# An aside inside an aside: to cut the inner one would leave the outer one open.
_OPEN_ASIDE = re.compile(r", (?:an?|the|his|her|its|their|who|which|whose|where)\b[^,]*$")


def find_cuts(sentence: str) -> list[Cut]:
    """Every stretch that may go for the sake of length; they may overlap."""
    return [cut for cut in _find_cuts(sentence) if not is_quoted(sentence, cut.start)]


def _find_cuts(sentence: str) -> list[Cut]:
    attribution = find_attribution(sentence)
    kept = find_kept(sentence)
    cuts = list(_all_cuts(sentence, kept))
    if attribution is None:
        return cuts
    if sentence.endswith(".") and attribution.start > 0:
        cuts.extend(_trailing(sentence, kept, attribution.start))
    return [c for c in cuts if c.end <= attribution.start or c.start >= attribution.end]


def _all_cuts(sentence: str, kept: list[int]) -> Iterator[Cut]:
    for pattern, cost in _INNER_CUTS:
        for match in pattern.finditer(sentence):
            group = "cut" if pattern.groups else 0
            start, end = match.span(group)
            if _holds(kept, start, end) or _SAYING.search(match[group]):
                continue
            if not _OPEN_ASIDE.search(sentence[:start]):
                # An aside within a leading phrase leaves the comma that ends the phrase.
                inside = _PHRASE.match(sentence[:start]) and sentence[end - 1] == ","
                yield Cut(start, end, cost, "," if inside else "")
    for match in _WHEN.finditer(sentence):
        if len(_ANY_DAY.findall(sentence)) > 1 or is_scoped(sentence) or _AHEAD.search(sentence):
            break
        if not _OPEN_ASIDE.search(sentence[: match.start()]):
            yield Cut(match.start(), match.end(), 0.8)
    leading = _LEADING.match(sentence)
    if leading and not _holds(kept, 1, leading.end()):  # "Despite" itself may go
        clause = leading[0].startswith("After")
        if (clause or not has_verb(leading[0])) and not is_scoped(sentence[leading.end() :]):
            yield Cut(0, leading.end(), 1.2)
    title = _TITLE.match(sentence)
    if title and not _holds(kept, 0, title.end()) and not has_verb(title[0]):
        yield Cut(0, title.end(), 2.0)
    if sentence.endswith("."):
        yield from _speaking(sentence, kept, leading.end() if leading else 0)
        yield from _trailing(sentence, kept, len(sentence) - 1)


def _holds(places: list[int], start: int, end: int) -> bool:
    return any(start <= place < end for place in places)


def _speaking(sentence: str, kept: list[int], start: int) -> Iterator[Cut]:
    subject = _subject_end(sentence, start)
    match = _SPEAKING.search(sentence)
    if subject is None or match is None or match.start() < subject:
        return
    if _holds(kept, subject, match.start()) or "," in sentence[subject : match.start()]:
        return
    yield Cut(subject, match.end(), 0.9, _PAST[match["verb"]])


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


def _trailing(sentence: str, kept: list[int], end: int) -> Iterator[Cut]:
    last_kept = max((place for place in kept if place < end), default=-1)
    saying = max((match.start() for match in _SAYING.finditer(sentence, 0, end)), default=-1)
    for pattern, cost in _TRAILING:
        for match in pattern.finditer(sentence, 0, end):
            if match.start() < last_kept or (cost >= _NO_COMMA and match.start() < saying):
                continue
            before = sentence[: match.start()]
            if pattern.groups and not is_finite(match["verb"].casefold()):
                continue
            if cost >= _NO_COMMA and leans_on(before):
                continue
            if cost >= _NO_COMMA and _is_condition(before, sentence[match.start() : end]):
                continue
            if _CLAIMED.match(sentence, match.start()):
                continue
            if holds_main_clause(sentence[match.start() : end]):
                continue
            # Dashes go in pairs or not at all.
            dashed = len(_DASH.findall(before)) % 2 or match[0].strip() not in ("", ",", ";")
            if dashed and _DASH.search(sentence, match.end(), end):
                continue
            yield Cut(match.start(), end, cost)


def _is_condition(before: str, clause: str) -> bool:
    return _CAN.search(before) is not None or (
        " will " in before and _TO_COME.match(clause) is not None
    )
