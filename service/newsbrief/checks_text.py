"""What a text shows by itself: loops, remnants of markup, open quotation marks, a cut-off end."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice, pairwise

_WORD = re.compile(r"[^\W_]+(?:['’ʼ-][^\W_]+)*")
_LONGEST_LOOP = 12  # words
_FEW_WORDS = 25
# What holds two clauses together is said once for each: «не в том, чтобы..., а в том, чтобы».
_HOLDING = frozenset(
    "в о на к от у и а но не то того тому том тем те тех тот кто что чтобы чем как после перед так"
    " потому із з до про й та але тих тим той хто що щоб щоби як ніж після".split()
)
# The same word twice with nothing but a blank between: a comma would make it emphasis or a list.
_DOUBLED = re.compile(r"(?<![\w-])([^\W\d_]{2,40})(?:[ \u00a0]\1)+(?![\w-])", re.IGNORECASE)
# One letter four times over, two to six letters five times: "nononononono". Looked at only where
# one character stands four times, or four come again within six: ruling that out is far quicker.
_STUTTER = re.compile(
    r"(?=(.)\1{3}|(....).{0,2}\2)"
    r"(?:(?P<letter>[^\W\d_])(?P=letter){3,}|(?P<letters>[^\W\d_]{2,6}?)(?P=letters){4,})"
)
_DRAWL = re.compile(r"([^\W\d_]{1,6}?)\1{2}")
# Unknown tokens, sentencepiece's space, control tokens of the model families, broken encoding.
_SUSPICIOUS = re.compile("[⁇\ufffd▁<>_&@]")  # one of these is in each of them
_REMNANT = re.compile(
    r"⁇|\ufffd|▁|</?s>|</?(?:unk|pad|mask|n|bos|eos)>|>>\w{2,8}<<|__[a-z]{2,3}__|<2[a-z]{2,3}>"
    r"|<extra_id_\d+>|\b[a-z]{3}_(?:Latn|Cyrl|Hang)\b|&(?:[a-z]{2,6}|#\d+);|@-@|@@ ",
)
_DOUBLE_QUOTES = '"“”„'
_INCHES = re.compile(r"\d\"")
_END = re.compile(r"[.!?…。:;](?:[\"'»”’“)\]]|\s)*$|[\"»”’“)\]]\s*$")
_UNFINISHED = re.compile(
    r"(?:[,;(«„]|\w\s[-–—]"
    r"|\b(?:a|an|the|and|or|but|of|in|on|at|to|for|from|by|with|as|than|that|which|who|whose|is|are"
    r"|was|were|has|have|had|be|been|will|would|its|their|his|her)"
    r"|\s(?:и|а|но|или|в|во|на|с|со|к|о|об|от|из|за|по|для|что|как|который|которая|которые"
    r"|і|й|та|але|або|чи|у|з|із|до|про|від|що|як|який|яка|які))$",
    re.IGNORECASE,
)
_LONGEST_UNFINISHED = 8  # characters that it matches at most: a space and "которые"


def loop(text: str, source: str) -> tuple[int, int] | None:
    """Where the text begins to repeat itself more often than its source does.

    Three times the same word, twice the same three words or more (two words: three times), one
    syllable again and again. In a translation also one word twice with a blank between ("cost her
    her life" is English), and in a short one three words twice with a few others between.
    """
    words = _words(text)
    # A repetition of n words has n words at least that stood before: most texts have too few.
    again = len(words) - len(set(words))
    if again:
        theirs = _words(source)
        if theirs and (doubled := _DOUBLED.search(text)) and not _doubled(theirs):
            return doubled.span()
        for size in range(1, min(_LONGEST_LOOP, again) + 1):
            place = _repeated(words, size)
            if place is not None and _repeated(theirs, size) is None:
                return _span(text, place, place + (3 if size < 3 else 2) * size)
        often, place = _most_frequent(words, 4)
        if often > max(3, _most_frequent(theirs, 4)[0]):
            return _span(text, place, place + 4)
        if theirs and again > 2 and len(words) <= _FEW_WORDS:
            again_at = _said_again(words)
            if again_at is not None and _most_frequent(theirs, 2)[0] < 2:
                return _span(text, again_at, again_at + 3)
    stutter = _STUTTER.search(text)
    if stutter and not _DRAWL.search(source):
        return stutter.span()
    return None


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]


def _span(text: str, first: int, end: int) -> tuple[int, int]:
    """Where the words from the `first` to the one before `end` stand."""
    matches = list(islice(_WORD.finditer(text), first, end))
    return matches[0].start(), matches[-1].end()


def _repeated(words: Sequence[str], size: int) -> int | None:
    """The first place from which `size` words are repeated at once; figures alone may repeat."""
    needed = size * (2 if size < 3 else 1)  # so many words in a row equal those `size` before them
    equal = 0
    for index in range(size, len(words)):
        equal = equal + 1 if words[index] == words[index - size] else 0
        if equal >= needed and not all(map(str.isdigit, words[index - size + 1 : index + 1])):
            return index - needed - size + 1
    return None


def _doubled(words: Sequence[str]) -> bool:
    return any(word == after for word, after in pairwise(words))


def _most_frequent(words: Sequence[str], size: int) -> tuple[int, int]:
    """How often the most frequent `size` words in a row occur, and where first."""
    grams = list(zip(*(words[start:] for start in range(size)), strict=False))
    if len(set(grams)) == len(grams):
        return min(1, len(grams)), 0
    gram, count = Counter(grams).most_common(1)[0]
    return count, grams.index(gram)


def _said_again(words: Sequence[str]) -> int | None:
    """The first of three words that come again within a loop's length, and are more than grammar.

    "87.1 years for her and 81.1 years for him" says "1 years for" twice: no figure counts.
    """
    last: dict[tuple[str, ...], int] = {}
    for place, three in enumerate(zip(words, words[1:], words[2:], strict=False)):
        before = last.get(three)
        last[three] = place
        if (
            before is not None
            and place - before <= _LONGEST_LOOP
            and not _HOLDING.issuperset(three)
            and not any(map(str.isdigit, three))
        ):
            return before
    return None


def remnant(text: str, source: str) -> tuple[int, int] | None:
    """Where something stands that is no text: an unknown token, a control token, an entity."""
    if not _SUSPICIOUS.search(text):
        return None
    found = (match.span() for match in _REMNANT.finditer(text) if match[0] not in source)
    return next(found, None)


def quotes_are_balanced(text: str) -> bool:
    """Whether each double quotation mark has its partner; apostrophes and inches are left out."""
    if text.count("«") != text.count("»"):
        return False
    marks = sum(map(text.count, _DOUBLE_QUOTES))
    return marks % 2 == 0 or (marks - len(_INCHES.findall(text))) % 2 == 0


def has_end(text: str) -> bool:
    """Whether the text closes like a sentence, or at least with a bracket or a quotation mark."""
    return bool(_END.search(text))


def breaks_off(text: str) -> bool:
    """Whether the text stops where no sentence does: at a comma, a dash, an "and" or an "of"."""
    return bool(_UNFINISHED.search(text.rstrip()[-_LONGEST_UNFINISHED:]))
