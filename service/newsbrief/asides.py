"""What an English bullet never needs: datelines, connectives, parentheses, an author's asides."""

from __future__ import annotations

import re

from newsbrief.marks import is_quoted
from newsbrief.weighty import WEIGHTY

_CONNECTIVE = (
    r"(?:However|Meanwhile|Moreover|Furthermore|Additionally|Also|Besides|Nevertheless|Nonetheless"
    r"|Still|Indeed|Overall|Similarly|Likewise|Consequently|Therefore|Thus|Hence|Accordingly|Then"
    r"|Finally|Separately|Now|Of course|In fact|In reality|In addition|In turn|In response"
    r"|In contrast|By contrast|In particular|For example|For instance|As a result"
    r"|At the same time|On the other hand|After all|Even so|That said|In other words"
    r"|In the meantime|Crucially|Notably|Importantly|Interestingly|Unsurprisingly|Sadly"
    r"|Fortunately|Unfortunately)"
)
_ASIDE_OF_AUTHOR = (
    r", (?:highlighting|underscoring|underlining|emphasi[sz]ing|illustrating|demonstrating"
    r"|reflecting|showcasing|signall?ing|cementing|further \w+ing|raising (?:further )?"
    r"(?:alarms?|concerns?|fears|questions))\b[^,“”\"]*(?=\.$)"
)
_BACKWARD = (  # "In the aftermath of these developments, "
    r"^(?:In|Amid|Following|After|Despite|As|During|With|Because of|Given|To|Beyond|Under)"
    r"(?: [\w’'-]+){0,5} (?:this|these|that|those|such)(?: [\w’'-]+){0,4}, (?=\S)"
)
_AGENCY_DATELINE = r"^[A-Z][A-Za-z.,'’ -]{1,50}?,? \([A-Z]\w+\) ?(?:--|[-–—]) ?(?=\S)"
_DATELINE = r"^[A-Z][A-Z.' -]{2,30}(?:, [A-Z][\w. ]{1,20})? ?(?:--|[–—]|(?<= )- ) ?(?=[A-Z“\"])"
# Not where a noun stands only inside the brackets: "the (party) will".
_BRACKETS = (
    r" \((?<!\b[Tt]he \()(?<!\b[Aa] \()(?<!\b[Aa]n \()(?<!\b[Hh]is \()(?<!\b[Hh]er \()"
    r"[^()]*\)(?!['’]s)"
)
_NEEDLESS = tuple(
    re.compile(pattern)
    for pattern in (
        _AGENCY_DATELINE,
        _DATELINE,
        _BRACKETS,
        rf"^{_CONNECTIVE}, ",
        r"^(?:And|But|So|Yet),? (?!far\b|long\b|much\b|many\b)",
        _BACKWARD,
        r"^As such,? ",
        r", (?:however|meanwhile|therefore|in turn|of course|for example|for instance|in fact),",
        r", (?:however|meanwhile|too|though|as well)(?=[.!?]$)",
        r" (?:also|meanwhile|therefore)(?= )(?! (?:known|called|named|as)\b)",
        r"(?:, | )(?:who is |which is )?pictured(?: (?:above|below|left|right|together|here))?,",
        _ASIDE_OF_AUTHOR,
    )
)


def strip_needless(sentence: str) -> str:
    """The sentence without datelines, parentheses, connectives and closing asides."""
    for pattern in _NEEDLESS:
        sentence = pattern.sub(_unless_needed, sentence)
    return sentence


def _unless_needed(match: re.Match[str]) -> str:
    needed = WEIGHTY.search(match[0]) or is_quoted(match.string, match.start())
    return match[0] if needed else ""
