"""What a text shows by itself: loops, remnants of markup, open quotation marks, a cut-off end."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_WORD = re.compile(r"[^\W_]+(?:['’ʼ-][^\W_]+)*")
_LONGEST_LOOP = 12  # words
# The same one to six letters five times over: "nononononono".
_STUTTER = re.compile(r"([^\W\d_]{1,6}?)\1{4,}")
_DRAWL = re.compile(r"([^\W\d_]{1,6}?)\1{2}")
# Unknown tokens, sentencepiece's space, control tokens of the model families, broken encoding.
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


def loop(text: str, source: str) -> tuple[int, int] | None:
    """Where the text begins to repeat itself more often than its source does.

    Three times the same word, twice the same three words or more (two words: three times), or one
    syllable again and again.
    """
    matches = list(_WORD.finditer(text))
    words = [match[0].lower() for match in matches]
    if len(set(words)) < len(words):
        theirs = [match[0].lower() for match in _WORD.finditer(source)]
        for size in range(1, _LONGEST_LOOP + 1):
            place = _repeated(words, size)
            if place is not None and _repeated(theirs, size) is None:
                times = 3 if size < 3 else 2
                return matches[place].start(), matches[place + times * size - 1].end()
        if (often := _four_words(words)) and often[0] > max(3, (_four_words(theirs) or (0, 0))[0]):
            return matches[often[1]].start(), matches[often[1] + 3].end()
    stutter = _STUTTER.search(text)
    if stutter and not _DRAWL.search(source):
        return stutter.span()
    return None


def _repeated(words: Sequence[str], size: int) -> int | None:
    """The first place from which `size` words are repeated at once; figures alone may repeat."""
    needed = size * (2 if size < 3 else 1)  # so many words in a row equal those `size` before them
    equal = 0
    for index in range(size, len(words)):
        equal = equal + 1 if words[index] == words[index - size] else 0
        if equal >= needed and not all(map(str.isdigit, words[index - size + 1 : index + 1])):
            return index - needed - size + 1
    return None


def _four_words(words: Sequence[str]) -> tuple[int, int] | None:
    """How often the most frequent four words in a row occur, and where first."""
    grams = [tuple(words[index : index + 4]) for index in range(len(words) - 3)]
    if not grams:
        return None
    gram, count = Counter(grams).most_common(1)[0]
    return count, grams.index(gram)


def remnant(text: str, source: str) -> tuple[int, int] | None:
    """Where something stands that is no text: an unknown token, a control token, an entity."""
    for match in _REMNANT.finditer(text):
        if match[0] not in source:
            return match.span()
    return None


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
    return bool(_UNFINISHED.search(text.rstrip()))
