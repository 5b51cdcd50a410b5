"""Who says it: the attribution of an English sentence, and whether the claim can stand without.

It can where the claim stays as true as it was: it is doubtful in its own words, the article holds
it for a fact (`revealed`, `confirmed`), or an office speaks of its own matters. What accuses keeps
its source, and so do governments, armies and spies: theirs are claims.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from newsbrief.verbs import has_verb

_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_PART_OF_DAY = r"(?: (?:morning|afternoon|evening|night))?"
_WHEN = (
    rf"(?:,? (?:(?:on |late |early )*{_DAY}{_PART_OF_DAY}|yesterday{_PART_OF_DAY}|today"
    r"|last (?:night|week|month|year)|this (?:week|month|year|morning)))?"
)
SAID = r"(?:said|says|announced|confirmed|reported|added|stated|told reporters|noted)"
_FACTIVE = r"(?:revealed|confirmed|announced|found|discovered|showed|learned|acknowledged|admitted)"
_WHERE = r"(?: (?:in|on|at|via|during|after) [^,“”\"]{2,70})?"
_SOURCE = r"(?P<source>[^,;:“”\"()]{2,90}?)"
_ASIDE = r"(?:, (?:an?|the|its|his|her|who|which)? ?[^,“”\"]{2,90})?"
_LEADING = (
    rf"^(?P<cut>{_SOURCE} (?:later |recently )?(?P<verb>{SAID}|{_FACTIVE}|indicated|estimated)"
    rf"{_WHEN} that )(?P<claim>.+)\.$"
)
_ATTRIBUTED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"^(?P<claim>.+?)(?P<cut>,? according to {_SOURCE}{_ASIDE})\.$",
        rf"^(?P<cut>According to {_SOURCE}{_ASIDE}, )(?P<claim>[^,].+)\.$",
        rf"^(?P<claim>[^“”\"]+)(?P<cut>, {_SOURCE} (?P<verb>{SAID}){_WHEN}{_WHERE})\.$",
        rf"^(?P<claim>[^“”\"]+)(?P<cut>, {SAID} {_SOURCE}{_ASIDE})\.$",
        _LEADING,
    )
)
_HEDGED = re.compile(
    r"\b(?:may|might|could|would|should|likely|unlikely|expected|possibl[ey]|potential(?:ly)?"
    r"|probabl[ey]|reportedly|allegedly|apparently|appears?|seems?|suggests?|suspected|believed"
    r"|thought|feared|hopes?|plans?|aims?|intends?|estimated|forecast|predicted|set to|due to)\b",
    re.IGNORECASE,
)
_ACCUSING = re.compile(
    r"\b(?:accus|alleg|kill|murder|rap(?:e|ed|ist)\b|assault|abus|attack|fraud|brib|corrupt|st[oe]le"
    r"|steal|theft|thie[vf]|lie[ds]?\b|lying|guilty|crim|illegal|unlawful|tortur|massacre|shell(?:ed"
    r"|ing)|shot|bomb|struck|air ?strike|threat|sp(?:y|ied|ies)\b|drunk|drugs?\b|cheat|dop(?:ed"
    r"|ing)|hoax|negligen|blam|violat|harass|terroris|deceiv|launder|smuggl|traffick|supplied|invad)",
    re.IGNORECASE,
)
_ONE_OFFICE = (
    r"(?:(?:[\w’'.&-]+ ){0,4}(?:police|firefighters|council|board|compan(?:y|ies)|commission"
    r"|organi[sz]ers|operators?|weather service|survey|study|researchers|scientists|airline|bank"
    r"|university|school|hospital|club|court|union)|(?:[a-z’'-]+ ){0,4}(?:officials?|officers"
    r"|authorit(?:y|ies)|service|spokes(?:man|woman|person)|report|data|figures|records))"
    r"(?: (?:in|for|of|released|published|issued) [\w’' .-]{2,40})?"
)
_OFFICE = re.compile(rf"(?!.*\b(?:spy|intelligence|secret)\b){_ONE_OFFICE}(?: and {_ONE_OFFICE})?")
_PRONOUN = re.compile(
    r"(?:he|she|they|it|his|her|their|its|we|our|i|my|this|these|there)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Attribution:
    """Where the words lie that name the source; may they go, and is the source an office."""

    start: int
    end: int
    droppable: bool
    official: bool


def find_attribution(sentence: str) -> Attribution | None:
    """The attribution at the beginning or the end of a sentence."""
    for pattern in _ATTRIBUTED:
        match = pattern.match(sentence)
        if not match:
            continue
        claim = match["claim"]
        official = _OFFICE.fullmatch(match.groupdict().get("source") or "") is not None
        factive = re.fullmatch(_FACTIVE, match.groupdict().get("verb") or "") is not None
        droppable = (
            (official or factive or _HEDGED.search(claim) is not None)
            and not _ACCUSING.search(claim)
            and not _PRONOUN.match(claim)
            and has_verb(claim)
        )
        return Attribution(match.start("cut"), match.end("cut"), droppable, official)
    return None
