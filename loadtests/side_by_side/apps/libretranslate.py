"""LibreTranslate, offline: its own application, in two places made to do less or the same.

Its sentence splitter's model can only be downloaded, so an expression stands in for it, which costs
next to nothing. Argos Translate leaves the length of outputs to CTranslate2; where the comparison
fixes it, it is fixed here too.
"""

import functools
import json
import os
import re
import sys

import ctranslate2
import minisbd

settings = json.loads(os.environ["SIDE_BY_SIDE"])


class Splitter:
    """Cuts after a full stop, question or exclamation mark."""

    def __init__(self, *_: object, **__: object) -> None: ...

    def sentences(self, text: str) -> list[str]:
        """The sentences of one paragraph."""
        return [part for part in re.split(r"(?<=[.!?])\s+", text) if part]


class Translator(ctranslate2.Translator):
    """CTranslate2's, with a bound on what it writes."""

    translate_batch = functools.partialmethod(
        ctranslate2.Translator.translate_batch, max_decoding_length=settings["max_tokens"]
    )


minisbd.SBDetect = Splitter
ctranslate2.Translator = Translator

from libretranslate.main import main  # noqa: E402 - after what it takes up is replaced


def app() -> object:
    """The WSGI application, for gunicorn."""
    sys.argv = ["--wsgi"]  # in the place of the program, as its own wsgi.py has it
    return main()


if __name__ == "__main__":
    main()
