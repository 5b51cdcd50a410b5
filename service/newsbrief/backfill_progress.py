"""What a backfill says while it runs and when it ends: progress, then a summary."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import click

from newsbrief.shards import Commit
from newsbrief.units import in_time

LINE_SECONDS = 10.0  # between two plain lines, where no terminal shows a bar


class Progress:
    """On standard error: a bar with rate and time left on a terminal, else a line now and then.

    `total` is how many records this call has to do.
    """

    def __init__(self, total: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._total = total
        self._clock = clock
        self._began = self._told = clock()
        self._done = 0
        self._bar = (
            click.progressbar(length=total, label="backfill", file=sys.stderr, show_pos=True)
            if sys.stderr.isatty()
            else None
        )
        if self._bar is not None:
            self._bar.render_progress()

    def committed(self, commit: Commit) -> None:
        """One more shard is done."""
        records = commit.rows + commit.failed
        self._done += records
        now = self._clock()
        if self._bar is not None:
            self._bar.label = f"backfill, {self._rate(now):.1f}/s"
            self._bar.update(records)
        elif now - self._told >= LINE_SECONDS or self._done >= self._total:
            self._told = now
            left = in_time((self._total - self._done) / self._rate(now))
            click.echo(
                f"{self._done} of {self._total} records, {self._rate(now):.1f} a second, "
                f"{left} left",
                err=True,
            )

    def close(self) -> None:
        """Ends the bar's line."""
        if self._bar is not None:
            self._bar.render_finish()

    def _rate(self, now: float) -> float:
        return self._done / max(1e-9, now - self._began)


def summary(commits: Iterable[Commit], *, records: int, seconds: float) -> str:
    """The end of a run in words; `records` is how many its shards have, done or not."""
    total = _added(commit.tally for commit in commits)
    done, failed = total.get("done", 0), total.get("failed", {})
    lines = [f"{done} of {records} records done, in {in_time(seconds)} this time"]
    lines += _counted("failed", failed)
    if left := records - done - sum(failed.values()):
        lines.append(f"not done yet: {left}")
    lines += [
        line
        for code, targets in total.get("findings", {}).items()
        for line in _counted(f"finding {code}", {key or "source": n for key, n in targets.items()})
    ]
    if "tokens_in" in total:
        lines.append(
            f"tokens: {total['tokens_in']} read, {total['tokens_out']} written; texts tried twice: "
            f"{total['retried']}"
        )
    return "\n".join(lines)


def _counted(what: str, counts: Mapping[str, int]) -> list[str]:
    if not counts:
        return []
    parts = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
    return [f"{what}: {sum(counts.values())} ({parts})"]


def _added(tallies: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The sum of the shards' tallies: numbers are added, objects key by key."""
    total: dict[str, Any] = {}
    for tally in tallies:
        for key, value in tally.items():
            if isinstance(value, Mapping):
                total[key] = _added([total.get(key, {}), value])
            else:
                total[key] = total.get(key, 0) + value
    return total
