"""A service whose engine only replaces words: for tests of HTTP, where no model is needed."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from newsbrief.batcher import Batcher
from newsbrief.briefing import Briefer
from newsbrief.engine import Generated, Source
from newsbrief.metrics import Metrics
from newsbrief.pack import Decoding, Pack, PackDescription
from newsbrief.settings import Settings

TAGS = {"ko": ">>kor<<", "ru": ">>rus<<", "uk": ">>ukr<<"}
WORDS = {
    ">>kor<<": "도시 시민 전차 노선 항구 대학 계획 발표 건설 비용 상점 거리".split(),
    ">>rus<<": "город житель трамвай линия порт учёба план объявил цена ряд".split(),
    ">>ukr<<": "місто мешканець трамвай лінія порт її план оголосив ціна їхній".split(),
}

DESCRIPTION = {
    "format": 1,
    "name": "words",
    "version": "1.2.3",
    "description": "Replaces words; for tests.",
    "source_languages": ("en",),
    "highlights": {"method": "extractive"},
    "directions": tuple(
        {"source": "en", "target": target, "model": "words", "source_prefix": (tag,)}
        for target, tag in TAGS.items()
    ),
    "models": {
        "words": {
            "family": "marian",
            "licence": "Apache-2.0",
            "commercial_use": True,
            "attribution": "the Newsbrief authors",
            "source": {"kind": "own", "recipe": "tests/service.py"},
            "folder": "words",
            "max_source_tokens": 256,
            "draft": True,
        }
    },
}

ARTICLE = {
    "headline": "Harbour city opens new tram line",
    "body": (
        "The harbour city of Lindmere opened a 12-kilometre tram line on Monday, four years after "
        "construction began. The line links the old docks with the university and will carry "
        "about 40,000 passengers a day.\n\n"
        "The project cost 310 million euros, 8% more than planned. Mayor Ada Brook said the city "
        "would build two more lines by 2031.\n\n"
        "Shop owners along the route had protested in May against the closure of Market Street. "
        "The city paid 140 of them compensation."
    ),
}


@dataclass
class WordEngine:
    """Keeps figures, replaces every other word by one of the target language.

    `gate` holds every call back while it is cleared; a text with `poison` in it makes the engine
    fail.
    """

    max_source_tokens: int = 256
    one_language: bool = False
    poison: str = "POISON"
    gate: threading.Event = field(default_factory=threading.Event)
    calls: list[tuple[Decoding, int]] = field(default_factory=list)
    entered: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def __post_init__(self) -> None:
        self.gate.set()

    def encode(
        self, text: str, *, source_prefix: Sequence[str] = (), target_prefix: Sequence[str] = ()
    ) -> Source:
        return Source((*source_prefix, *text.split(), "</s>"), tuple(target_prefix))

    def generate(self, sources: Sequence[Source], decoding: Decoding) -> list[Generated]:
        self.entered.release()
        assert self.gate.wait(20), "the test never opened the gate"
        self.calls.append((decoding, len(sources)))
        return [self._replaced(source) for source in sources]

    def wait_entered(self) -> None:
        assert self.entered.acquire(timeout=10), "nothing reached the engine"

    def close(self) -> None:
        self.gate.set()

    def _replaced(self, source: Source) -> Generated:
        tag, *words, _ = source.tokens
        if any(self.poison in word for word in words):
            raise RuntimeError("a text that this engine can't take")
        known = WORDS[tag]
        text = " ".join(
            word if any(map(str.isdigit, word)) else known[index % len(known)]
            for index, word in enumerate(words)
        )
        return Generated(text, len(words), complete=True)


def word_pack() -> Pack:
    return Pack(Path("words"), PackDescription.model_validate(DESCRIPTION))


def word_briefer(
    settings: Settings,
    metrics: Metrics,
    engine: WordEngine,
    *,
    runners: int = 1,
    batch_tokens: int | None = None,
) -> Briefer:
    batcher = Batcher(
        lambda call, sources: engine.generate(sources, call.decoding_of(sources)),
        runners=runners,
        batch_tokens=batch_tokens or settings.batch_tokens,
        queue_seconds=settings.queue_seconds,
        metrics=metrics,
    )
    return Briefer(
        word_pack(),
        {"words": engine},
        batcher,
        metrics,
        highlight_chars=settings.highlight_chars,
    )
