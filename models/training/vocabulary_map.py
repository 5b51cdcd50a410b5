"""Which pieces a target language may be written with: a map by script that CTranslate2 reads.

A model of several target languages shares one vocabulary. With the map the decoder weighs only the
pieces of the language that is asked for: less work for every token, and no Russian letter in a
Ukrainian sentence, whatever the weights say.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from models.training.vocabulary import TAGS

FILE = "vmap.txt"
OWN = {"ko": "[가-힣]", "ru": "[а-яё]", "uk": "[а-щьюяґєії'ʼ]"}
FOREIGN = {"ko": "[а-яёґєії]", "ru": "[ґєії가-힣]", "uk": "[ёыэъ가-힣]"}
"""A letter that a piece of that language has, and those that it can't have."""

LETTERS = re.compile("[a-zа-яёґєії가-힣]", re.IGNORECASE)
SHORT = 2  # letters: with Latin pieces no longer than that any foreign name can still be spelt


def vocabulary_map(pieces: Sequence[str], languages: Iterable[str]) -> dict[str, list[str]]:
    """Pieces that may be written, by the source piece (a language's tag among them) that allows it.

    A tag allows what is in its script, what is in none, and short Latin pieces. A longer Latin
    piece is allowed where the source has it, with or without a space before: names are copied.
    Nothing is learnt from a corpus, so nothing rare is lost.
    """
    known = set(pieces)
    latin = {p for p in pieces if re.search("[A-Za-z]", p) and not re.fullmatch("<.*>|>>.*<<", p)}
    short = {p for p in latin if len(p.lstrip("▁")) <= SHORT}
    allowed = {p: sorted({p, p.lstrip("▁"), f"▁{p}"} & known) for p in sorted(latin - short)}
    for language in languages:
        own = re.compile(OWN[language], re.IGNORECASE)
        foreign = re.compile(FOREIGN[language], re.IGNORECASE)
        allowed[TAGS[language]] = [
            piece
            for piece in pieces
            if piece in short
            or re.fullmatch("<0x..>", piece)
            or (own.search(piece) and not foreign.search(piece))
            or not LETTERS.search(piece)
        ]
    return allowed


def as_text(allowed: Mapping[str, Sequence[str]]) -> str:
    """The format of CTranslate2's vmap.txt: a source piece, a tab, what it allows."""
    return "".join(f"{source}\t{' '.join(targets)}\n" for source, targets in allowed.items())
