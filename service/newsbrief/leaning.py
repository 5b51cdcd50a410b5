"""Whether the words before a cut may need what comes after: a verb, a measure, half a pair."""

from __future__ import annotations

import re

from newsbrief.verbs import AUXILIARIES, DETERMINERS, VERBS, has_verb

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
_ASKED = re.compile(
    r"\b(?:asked|warned|told|urged|reminded|informed|assured) (?:[\w’'-]+ ){0,3}[\w’'-]+$"
)
# "..., economists | at the bank reckon": who speaks, or what is listed, is not complete.
_AFTER_COMMA = re.compile(r", (?P<phrase>(?:[\w’'-]+ ){0,3}[\w’'-]+)$")
# "with Tom Alder | of Northport among the options": the phrase is not over yet.
_OPEN_WITH = re.compile(r"\bwith (?:[\w’'-]+ ){0,4}[\w’'-]+$")


def leans_on(before: str) -> bool:
    """Whether they may need it, in doubt too."""
    *_, third, second, last = ["", "", "", *before.casefold().rsplit(maxsplit=3)]
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
