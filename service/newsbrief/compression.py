"""English sentences made shorter as a careful editor would: grammatical, and still true.

What may go is told by `clauses`; here it is decided what does, and the result is held to rules: no
word cut, no quotation mark or bracket left alone, no preposition or conjunction left hanging.
"""

from __future__ import annotations

import re
from itertools import combinations, pairwise

from newsbrief.asides import strip_needless
from newsbrief.attribution import find_attribution
from newsbrief.clauses import Cut, find_cuts
from newsbrief.marks import is_balanced
from newsbrief.verbs import has_verb

MIN_WORDS = 5
MAX_CHARS = 600  # a longer sentence never gives a bullet, and patterns cost more than it is worth
_MOST_CUTS = 10  # the cheapest; up to three go together
_MOST_TRIES = 40
_CHARS_PER_LOSS = 50  # so many characters gone weigh as much as one clause beside the point

_HANGING = frozenset(
    "a an the and or but nor of in on at to for from by with as than that which who whom whose if"
    " is was are were be been being has have had not into over under about since while when where"
    " because including such say says said saying told his her its their our your my between among"
    " against after before during through toward towards until like per so too very more most less"
    " least also both either neither whether how why what mr mrs ms dr will would can could may"
    " might must should do does did it he she they we i there this these those known called named"
    " became become becomes seem seems remain remains include includes included made according due"
    " able near inside outside around behind beyond across along amid despite just only even still"
    " another other every each no any some several".split()
)
_PAIRS = (
    ("not only ", " but "),
    ("not just ", " but "),
    ("both ", " and "),
    ("either ", " or "),
    ("neither ", " nor "),
    ("between ", " and "),
)
# A clause that opens, is interrupted, and never goes on: "a hold where, with boats at sea."
_INTERRUPTED = re.compile(
    r"\b(?:where|which|who|whom|that|and|but|or|because|if|when|while), [^,]*$"
)
# "Despite admitting it will be hard.": all opener and no sentence.
_FRAGMENT = re.compile(
    r"(?:Despite|Although|Though|While|Whilst|Whereas|Because|Unless|If|When|Until|Amid|Having|Being"
    r"|Except)\b[^,]*$"
)
# "Ida Lund, the soprano who sang at the opening.": a subject and its aside.
_NO_MORE = re.compile(
    r"(?P<subject>[^,]+), (?:an?|the|his|her|its|their|who|whose|which|where|aged|\d+)\b[^,]*$"
)
# "The mayor was found by his rival, had vanished.": one comma between a subject and its verb.
_SPLIT = re.compile(r"(?P<subject>[^,]+), (?:is|was|are|were|has|have|had|will|would)\b[^,]*$")
_LEADS = re.compile(
    r"(?:According|In|On|At|After|Before|Since|During|Following|Amid|Despite|With|By|From|For|Over"
    r"|Under|As|While|When|If|Although|Though|Because|Once|Until|Last|This|Earlier|Late|Early"
    r"|Now|Then|Today|\w+ly|\w+ing|\w+ed)\b"
)
_SAID_LAST = re.compile(r", [^,]{2,90} sa(?:id|ys?)\.$")  # "..., the board said."
_UNSAID = re.compile(r", sa(?:id|ys) (?:by|on|in|at|via|last|yesterday)\b")
_ENDS = (".", "!", "?", "…")
_CLOSERS = "\"'”’»)"
_TIDYING = (
    (re.compile(r" (?=[,.;:!?])"), ""),
    (re.compile(r" ?[,;:–—-]+ ?(?=[.!?])"), ""),
    (re.compile(r"(?<=, )(\d{1,3}) (?=(?:is|was|has|had|will|said|says|who)\b)"), r"\1, "),
    (re.compile(r",(?:\s*,)+"), ","),
    (re.compile(r"(?<!\.)\.\.$"), "."),  # "at 6 a.m.."
)


def compress(sentence: str) -> str:
    """The sentence without what a bullet never needs; the sentence itself if nothing is left.

    Datelines, connectives, parentheses and evaluating asides go; so does the source where a house
    tells what it does itself. All other claims keep their source.
    """
    if len(sentence) > MAX_CHARS:
        return sentence
    shorter = strip_needless(sentence)
    if shorter != sentence:
        shorter = _tidy(shorter, sentence)
    attribution = find_attribution(shorter)
    if attribution and attribution.droppable:
        claim = _without(shorter, (Cut(attribution.start, attribution.end, 0.0),))
        shorter = claim if _is_sound(claim) else shorter
    return shorter if shorter != sentence and _is_sound(shorter) else sentence


def trim(sentence: str, max_chars: int, *, at_most: int = 0) -> str | None:
    """The sentence within `max_chars`, at the least loss, or None where no clause can go.

    Where nothing is left within `max_chars`, up to `at_most` characters will do. Never cuts a word,
    and never leaves a bracket or quotation mark alone.
    """
    if len(sentence) <= max_chars:
        return sentence
    if len(sentence) > MAX_CHARS:
        return None
    cuts = sorted(set(find_cuts(sentence)), key=lambda cut: (cut.cost, cut.start, cut.end))
    cuts = cuts[:_MOST_CUTS]
    shorter = _trim(sentence, cuts, max_chars)
    if shorter is not None or at_most <= max_chars:
        return shorter
    return sentence if len(sentence) <= at_most else _trim(sentence, cuts, at_most)


def _trim(sentence: str, cuts: list[Cut], max_chars: int) -> str | None:
    wanted = len(sentence) - max_chars
    tried: list[tuple[float, tuple[Cut, ...]]] = []
    for count in range(1, 4):
        for chosen in combinations(cuts, count):
            removed = sum(cut.end - cut.start for cut in chosen)
            if removed >= wanted and _are_apart(chosen):
                loss = sum(cut.cost for cut in chosen) + removed / _CHARS_PER_LOSS
                tried.append((loss, chosen))
    tried.sort(key=lambda entry: entry[0])
    for _, chosen in tried[:_MOST_TRIES]:
        shorter = _without(sentence, chosen)
        if len(shorter) <= max_chars and _is_sound(shorter) and _is_clause(shorter):
            return shorter
    return None


def _are_apart(cuts: tuple[Cut, ...]) -> bool:
    ordered = sorted(cuts, key=lambda cut: cut.start)
    return all(a.end <= b.start for a, b in pairwise(ordered))


def _without(sentence: str, cuts: tuple[Cut, ...]) -> str:
    shorter = sentence
    for cut in sorted(cuts, key=lambda cut: -cut.start):
        shorter = f"{shorter[: cut.start]} {cut.instead} {shorter[cut.end :]}"
    return _tidy(shorter, sentence)


def _tidy(shorter: str, sentence: str) -> str:
    """Blanks and commas put right after a cut, and the capital where the beginning went."""
    shorter = " ".join(shorter.split())
    for pattern, instead in _TIDYING:
        shorter = pattern.sub(instead, shorter)
    shorter = shorter.lstrip(",;: ")
    if not sentence.startswith(shorter[:2]):
        shorter = shorter[:1].upper() + shorter[1:]
    return shorter


def _is_sound(sentence: str) -> bool:
    body = sentence.rstrip(_CLOSERS)
    words = body[:-1].casefold().split()
    if not body.endswith(_ENDS) or len(words) < MIN_WORDS:
        return False
    last = words[-1].strip("\"'“”‘’,)")
    if last in _HANGING and not (last in ("said", "says", "say") and _SAID_LAST.search(sentence)):
        return False
    small = sentence.casefold()
    if any(half in small and other not in small for half, other in _PAIRS):
        return False
    if is_fragment(sentence) or _SPLIT.match(sentence):
        return False
    return is_balanced(sentence) and not _INTERRUPTED.search(sentence)


def is_fragment(sentence: str) -> bool:
    """Whether a sentence is an opening phrase or clause alone."""
    return _FRAGMENT.match(sentence) is not None


def _is_clause(sentence: str) -> bool:
    """Whether a verb is left, and is not only that of who says it."""
    if _UNSAID.search(sentence):
        return False
    attribution = find_attribution(sentence)
    if attribution:
        sentence = sentence[: attribution.start] + sentence[attribution.end :]
    aside = _NO_MORE.match(sentence)
    if aside and not _LEADS.match(sentence) and not has_verb(aside["subject"]):
        return False
    last = sentence.rstrip(".").rpartition(" ")[2].casefold()
    return last not in _HANGING and has_verb(sentence)
