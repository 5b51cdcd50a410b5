"""How a model will be asked to write where it is served: the commands' options, and in words."""

import argparse
from typing import Any

from newsbrief.pack import Decoding

WORDS = {
    "beam_size": "beam",
    "repetition_penalty": "repetition penalty",
    "length_penalty": "length penalty",
}


def add_decoding(parser: argparse.ArgumentParser) -> None:
    """The options that say how a model will be asked to write where it is served."""
    default = Decoding()
    parser.add_argument("--beam", type=int, default=default.beam_size)
    for name in ("repetition_penalty", "length_penalty"):
        option = f"--{name.replace('_', '-')}"
        parser.add_argument(option, type=float, default=getattr(default, name))


def decoding_of(arguments: argparse.Namespace) -> Decoding:
    """What those options ask for."""
    return Decoding(
        beam_size=arguments.beam,
        repetition_penalty=arguments.repetition_penalty,
        length_penalty=arguments.length_penalty,
    )


def in_words(decoding: dict[str, Any]) -> str:
    """`beam 3, repetition penalty 1.3, length penalty 1.6`, for a card."""
    return ", ".join(f"{words} {decoding[name]:g}" for name, words in WORDS.items())
