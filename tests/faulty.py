"""The service with an engine that waits for the test: served by a real gunicorn in test_faults.

Each batch writes one byte to the pipe in `ENTERED` and then reads one from the pipe in `GATE`.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from fastapi import FastAPI

from newsbrief.app import create_app
from newsbrief.briefing import Briefer
from newsbrief.engine import Generated, Source
from newsbrief.metrics import Metrics
from newsbrief.pack import Decoding
from newsbrief.settings import Settings, read_settings
from tests.service import WordEngine, word_briefer


class PipedEngine(WordEngine):
    """Says when a batch came in, and holds it until it is told to go on."""

    def generate(self, sources: Sequence[Source], decoding: Decoding) -> list[Generated]:
        if any("train" in source.tokens for source in sources):  # the warm-up's sentence
            return super().generate(sources, decoding)
        entered = os.open(os.environ["ENTERED"], os.O_WRONLY)
        os.write(entered, b".")
        os.close(entered)
        gate = os.open(os.environ["GATE"], os.O_RDONLY)
        os.read(gate, 1)
        os.close(gate)
        return super().generate(sources, decoding)


def make() -> FastAPI:
    def opener(settings: Settings, metrics: Metrics) -> Briefer:
        engine = PipedEngine() if "GATE" in os.environ else WordEngine()
        return word_briefer(settings, metrics, engine)

    return create_app(read_settings(), opener=opener)
