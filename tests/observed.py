"""The service with an engine that drops figures where it is told to: something for the checks."""

from __future__ import annotations

from dataclasses import replace

from fastapi import FastAPI

from newsbrief.app import create_app
from newsbrief.briefing import Briefer
from newsbrief.engine import Generated, Source
from newsbrief.metrics import Metrics
from newsbrief.settings import Settings, read_settings
from tests.service import WordEngine, word_briefer

FORGETFUL = "FORGETFUL"  # a text with this word loses its figures


class ForgetfulEngine(WordEngine):
    def _replaced(self, source: Source) -> Generated:
        if FORGETFUL in source.tokens:
            source = replace(
                source,
                tokens=tuple(t for t in source.tokens if not any(map(str.isdigit, t))),
            )
        return super()._replaced(source)


def opened(settings: Settings, metrics: Metrics) -> Briefer:
    """What `opening.open_briefer` does, but for a pack on disk."""
    briefer = word_briefer(settings, metrics, ForgetfulEngine())
    metrics.pack_info.labels(briefer.name.name, briefer.name.version).set(1)
    return briefer


def make() -> FastAPI:
    return create_app(read_settings(), opener=opened)
