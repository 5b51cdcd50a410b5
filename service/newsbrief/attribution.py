"""Who says it: the attribution of an English sentence, and whether the claim can stand without.

As a rule it can't: without its source a claim becomes a fact of ours. Only where a house speaks of
what it does itself, by two closed lists, is the source no news: "the ferry will stop on Monday, the
company said".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from newsbrief.verbs import has_verb
from newsbrief.weighty import find_kept

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
    rf"^(?P<cut>{_SOURCE} (?:later |recently )?(?:{SAID}|{_FACTIVE}|indicated|estimated)"
    rf"{_WHEN} that )(?P<claim>.+)\.$"
)
_ATTRIBUTED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"^(?P<claim>.+?)(?P<cut>,? according to {_SOURCE}{_ASIDE})\.$",
        rf"^(?P<cut>According to {_SOURCE}{_ASIDE}, )(?P<claim>[^,].+)\.$",
        rf"^(?P<claim>[^“”\"]+)(?P<cut>, {_SOURCE} {SAID}{_WHEN}{_WHERE})\.$",
        rf"^(?P<claim>[^“”\"]+)(?P<cut>, {SAID} {_SOURCE}{_ASIDE})\.$",
        _LEADING,
    )
)
# Without one of these words no pattern above can match.
_SAYS = re.compile(rf"[Aa]ccording to | (?:{SAID}|{_FACTIVE}|indicated|estimated)")
# Houses that know and decide of what they speak; no police, court, army, ministry or witness.
_HOUSE = re.compile(
    r"(?:(?:the|an?|its) )?(?:[\w’'.&-]+ ){0,3}(?:council|board|company|organi[sz]ers|operators?"
    r"|airline|(?:port|harbour) authority|museum|university|school|club|library|theatre"
    r"|weather service)",
    re.IGNORECASE,
)
# What they do themselves, and nothing of how, why or to whom.
_RECORD = re.compile(
    r"\b(?:will|would|(?:is|are) (?:due )?to) (?:be )?(?:re)?(?:open|clos|stop|start|begin|end|run"
    r"|sail|resum|mov|last|host|publish|launch|play)(?:e|ed|ped)?\b"
    r"|\b(?:has|have|had|was|were) (?:been )?(?:re)?(?:opened|closed|launched|published|named)\b"
)
_PRONOUN = re.compile(
    r"(?:he|she|they|it|his|her|their|its|we|our|i|my|this|these|there)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Attribution:
    """Where the words lie that name the source, and what they leave."""

    start: int
    end: int
    claim: str
    source: str

    @property
    def droppable(self) -> bool:
        """Whether the claim can stand without its source."""
        return (
            _HOUSE.fullmatch(self.source) is not None
            and _RECORD.search(self.claim) is not None
            and not find_kept(self.claim)
            and not _PRONOUN.match(self.claim)
            and has_verb(self.claim)
        )


def find_attribution(sentence: str) -> Attribution | None:
    """The attribution at the beginning or the end of a sentence."""
    if not _SAYS.search(sentence):
        return None
    for pattern in _ATTRIBUTED:
        match = pattern.match(sentence)
        if match:
            return Attribution(*match.span("cut"), match["claim"], match["source"])
    return None
