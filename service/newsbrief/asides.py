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
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?"
_DATE = rf"(?:{_MONTH} \d{{1,2}}|\d{{1,2}} {_MONTH})(?:,? \d{{4}})?"
_PLACE = (  # "Port-au-Prince", "SEOUL, South Korea", "GENEVA/ZURICH", "WASHINGTON, D.C."
    r"(?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b)"
    r"[A-ZÀ-ÞĀ-Ž][\w.’'-]+(?:(?:/|,? )(?:of |upon |and )?[A-ZÀ-ÞĀ-Ž][\w.’'-]*){0,4}"
)
_CAPITALS = (
    r"(?!(?:OPINION|ANALYSIS|COMMENT|EDITORIAL|REVIEW|SATIRE|MYTH|CLAIM)\b)"
    r"[A-ZÀ-Þ][A-ZÀ-Þ.’'/ -]{2,40}?(?:, [A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*){0,2})?"
)
_AGENCY = r" \((?:[A-Z][\w.&/ -]{1,40}|dpa)\)"
_WIRE = (
    r" \((?:[A-Z]{2,}|dpa|Reuters|Bloomberg|Interfax|Kyodo|Ukrinform|Xinhua|Yonhap"
    r"|[\w ]*(?:Agency|News|Press))(?:/[\w ]+)?\)"
)
_DASH = r"(?: ?(?:--|—) ?|(?<=\)) ?[-–] ?| [-–] )"  # "NATO–Russia talks" are no dateline
# Where a name follows a lone name or acronym, a second dash would make it an aside.
_BEGUN = r"(?=(?:The|An?|In|On|At)\b|[A-Z“\"](?:(?! --? )[^–—])*$)"
_DATELINE = (
    rf"^(?:(?:{_CAPITALS}{_AGENCY}|{_PLACE}[,.]? {_DATE}{_AGENCY}|{_DATE}{_WIRE}){_DASH}(?=\S)"
    rf"|(?:{_CAPITALS}(?:,? {_DATE})?|{_PLACE}(?:{_WIRE}|, {_DATE})){_DASH}{_BEGUN})"
)
# Not where a noun stands only inside the brackets: "the (party) will".
_BRACKETS = (
    r" \((?<!\b[Tt]he \()(?<!\b[Aa] \()(?<!\b[Aa]n \()(?<!\b[Hh]is \()(?<!\b[Hh]er \()"
    r"[^()]*\)(?!['’]s)"
)
_NEEDLESS = tuple(
    re.compile(pattern)
    for pattern in (
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
