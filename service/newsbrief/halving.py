"""One batch through the engine; one that fails is run again in halves, so only bad texts fail."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from newsbrief.errors import EngineError, NewsbriefError, as_our_error

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Done(Generic[T, R]):
    """Texts that went through the engine together: their outputs, or one text and its error."""

    texts: Sequence[T]
    outputs: Sequence[R]
    seconds: float
    error: NewsbriefError | None = None


def run_halving(
    run: Callable[[Sequence[T]], Sequence[R]],
    texts: Sequence[T],
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Done[T, R]]:
    """Runs texts together, or in ever smaller parts; yields each part as it is done, in order."""
    began = clock()
    try:
        outputs = run(texts)
        if len(outputs) != len(texts):
            raise EngineError(f"{len(texts)} texts went in and {len(outputs)} came out")
    except Exception as error:
        if len(texts) == 1:
            yield Done(texts, (), clock() - began, as_our_error(error))
            return
    else:
        yield Done(texts, outputs, clock() - began)
        return
    half = len(texts) // 2
    yield from run_halving(run, texts[:half], clock)
    yield from run_halving(run, texts[half:], clock)
