"""Stand-ins for tests of queues and of HTTP: texts of a stated length, an engine that is told."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Text:
    """A text of so many tokens."""

    length: int
    name: str = ""


@dataclass(frozen=True)
class Written:
    """An output of so many tokens."""

    name: str
    tokens: int = 1


@dataclass(frozen=True)
class Kind:
    """What texts must share to run in one batch."""

    stage: str = "translation"
    model: str = "m"


@dataclass
class GatedEngine:
    """Runs a batch only when the test opens the gate; remembers what it ran."""

    open: bool = True
    batches: list[list[str]] = field(default_factory=list)
    bad: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self.gate = threading.Event()
        self.entered = threading.Semaphore(0)
        if self.open:
            self.gate.set()

    def run(self, call: Kind, sources: Sequence[Text]) -> list[Written]:
        self.entered.release()
        assert self.gate.wait(10), "the test never opened the gate"
        self.batches.append([source.name for source in sources])
        if any(source.name in self.bad for source in sources):
            raise ValueError("a text that no engine can take")
        return [Written(source.name) for source in sources]

    def wait_entered(self) -> None:
        assert self.entered.acquire(timeout=10), "no batch reached the engine"


class Clock:
    """A clock that stands until the test moves it."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now
