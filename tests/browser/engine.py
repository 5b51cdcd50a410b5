"""An engine that tests of the page hold in their hand: each language has a gate."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from newsbrief.briefing import Briefer
from newsbrief.engine import Generated, Source
from newsbrief.metrics import Metrics
from newsbrief.pack import Decoding
from newsbrief.settings import Settings
from tests.service import TAGS, WordEngine, word_briefer


class LanguageEngine(WordEngine):
    """Replaces words as `WordEngine` does; `answers` gives whole texts for whole sources."""

    def __init__(self) -> None:
        super().__init__()
        self.gates = {tag: threading.Event() for tag in TAGS.values()}
        self.answers: dict[tuple[str, str], str] = {}
        self.texts: list[tuple[str, str]] = []
        self.open()

    def reset(self) -> None:
        """As new."""
        self.answers.clear()
        self.texts.clear()
        self.open()

    def open(self, *targets: str) -> None:
        """Lets the languages through, or all."""
        for target in targets or TAGS:
            self.gates[TAGS[target]].set()

    def hold(self, *targets: str) -> None:
        """Keeps the languages waiting, or all."""
        for target in targets or TAGS:
            self.gates[TAGS[target]].clear()

    def generate(self, sources: Sequence[Source], decoding: Decoding) -> list[Generated]:
        generated = super().generate(sources, decoding)
        for source in sources:
            assert self.gates[source.tokens[0]].wait(20), "the test never opened the gate"
        return generated

    def _replaced(self, source: Source) -> Generated:
        tag, *words, _ = source.tokens
        text = " ".join(words)
        target = next(name for name, each in TAGS.items() if each == tag)
        self.texts.append((target, text))
        answer = self.answers.get((target, text))
        if answer is None:
            return super()._replaced(source)
        return Generated(answer, len(words), complete=True)


def open_briefer(settings: Settings, metrics: Metrics, engine: LanguageEngine) -> Briefer:
    """One text a batch and many runners: a language that is held back holds no other."""
    return word_briefer(settings, metrics, engine, runners=16, batch_tokens=1)
