"""People before the archive: how much of the engine it may have while they are served."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

# An archive's batch that has begun holds up whoever comes next. For so many seconds after people's
# last article came, its batches are this share of the whole.
PEOPLE_SECONDS = 10.0
ARCHIVE_SHARE = 0.0625
# While an article of theirs is in work, the archive begins none out of turn, even where a runner is
# idle: the article's next texts come when the last ones have been checked, and sooner than this.
PAUSE_SECONDS = 1.0


class Precedence:
    """Knows when people are served. Not thread-safe: the batcher's lock guards it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._articles = 0  # of people, in work
        self._came = -math.inf  # when the last one came
        self._seen = -math.inf  # when one of them last came or got outputs

    def came(self) -> None:
        """An article of people was admitted."""
        self._articles += 1
        self._came = self._seen = self._clock()

    def seen(self) -> None:
        """A batch of people's texts is done."""
        self._seen = self._clock()

    def left(self) -> None:
        """An article of people is done or given up."""
        self._articles -= 1

    def archive_share(self) -> float:
        """How much of a batch the archive may fill."""
        recently = self._clock() - self._came < PEOPLE_SECONDS
        return ARCHIVE_SHARE if self._articles or recently else 1.0

    def archive_waits(self, running: int) -> bool:
        """Whether it has to wait for its turn; `running` batches of people are in the engine.

        An article that does nothing for long, such as one whose caller is slow to read, does not
        count.
        """
        return self._articles > 0 and (running > 0 or self._clock() - self._seen < PAUSE_SECONDS)
