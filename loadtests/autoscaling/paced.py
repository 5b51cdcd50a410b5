"""The service with an engine that works at a stated pace and needs no CPU: pods for `check`.

A batch takes `BATCH_SECONDS` and `TOKEN_SECONDS` for each padded source token. So three pods fit
on a machine of two cores, beside what sends the load.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from fastapi import FastAPI

from newsbrief.app import create_app
from newsbrief.briefing import Briefer
from newsbrief.engine import Generated, Source
from newsbrief.metrics import Metrics
from newsbrief.pack import Decoding
from newsbrief.settings import Settings, read_settings
from tests.service import WordEngine, word_briefer

BATCH_SECONDS = 0.005
TOKEN_SECONDS = 0.001


class PacedEngine(WordEngine):
    """Replaces words, and takes its time over it."""

    def generate(self, sources: Sequence[Source], decoding: Decoding) -> list[Generated]:
        """One output a source, in order."""
        padded = max(source.length for source in sources) * len(sources)
        time.sleep(BATCH_SECONDS + TOKEN_SECONDS * padded)
        return super().generate(sources, decoding)


def opened(settings: Settings, metrics: Metrics) -> Briefer:
    """What `opening.open_briefer` does, but for a pack on disk."""
    return word_briefer(settings, metrics, PacedEngine())


def make() -> FastAPI:
    """What gunicorn serves."""
    return create_app(read_settings(), opener=opened)
