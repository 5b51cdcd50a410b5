"""Main clauses set one beside the other: whether a cut would take one that may be the news."""

from __future__ import annotations

import re

from newsbrief.verbs import has_verb, is_finite

_JOINED = re.compile(r"(?:(?P<and>,? and)|, so|;| (?:–|—|--?)|—) ?(?P<clause>[^,]+)")
_ADVERBS = frozenset("then later now also".split())  # "and then left": no subject of its own
_NEWS = re.compile(
    r"\d|\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|to(?:morrow|day)|two|three|four|five|six"
    r"|seven|eight|nine|ten|dozens|hundreds|thousands)\b"
)


def holds_main_clause(cut: str) -> bool:
    """Whether the end of a sentence holds a clause with a subject of its own, a number or a day.

    "..., and drivers will walk out", "...; it reopens in May", "... and hired 40 divers". What
    "and" joins inside a clause that goes as a whole, without a comma, is part of that clause.
    """
    for match in _JOINED.finditer(cut):
        if match["and"] == " and" and match.start() > 0:
            continue
        clause = match["clause"]
        first = clause.partition(" ")[0].casefold()
        if first in _ADVERBS or is_finite(first):
            if _NEWS.search(cut, match.start()):
                return True
        elif ";" in match[0] or ", " in match[0] or has_verb(clause):
            return True
    return False
