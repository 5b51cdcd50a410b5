"""A dry run: a sample of the planned records is briefed, to tell what the rest will take."""

from __future__ import annotations

import math
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Any

from newsbrief.backfill import PROBE, Worker
from newsbrief.cleaning import MAX_CHARS
from newsbrief.planned import Plan, read_shard
from newsbrief.rows import Answer, Failure, Fields, Row
from newsbrief.units import in_time

SURE = 1.96  # standard errors on either side of a 95% interval


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the sample took, and what follows for all records.

    `seconds` is the time for the sample with the models loaded. `spread` is the half-width of a 95%
    interval of the time, as a share of it: 1.96 standard errors of the mean over the sampled
    records, where each record's part of the time is taken to be as the characters written for it.
    It knows nothing of other machines, nor of what else this one is doing. `failed` counts by
    reason.
    """

    records: int
    sampled: int
    seconds: float
    spread: float
    failed: Mapping[str, int]

    @property
    def rate(self) -> float:
        """Records a second, on this machine."""
        return self.sampled / max(1e-9, self.seconds)

    @property
    def total_seconds(self) -> float:
        """For all the records, on this machine alone."""
        return self.records / self.rate

    def failures(self) -> tuple[float, float, float]:
        """The expected share of failures with its 95% interval (Wilson's, 1927)."""
        count, n, z = sum(self.failed.values()), self.sampled, SURE
        middle = (count + z * z / 2) / (n + z * z)
        half = z / (n + z * z) * math.sqrt(count * (n - count) / n + z * z / 4)
        return count / n, max(0.0, middle - half), min(1.0, middle + half)


def estimate(
    plan: Plan,
    worker: Worker,
    fields: Fields,
    *,
    sample: int,
    max_chars: int = MAX_CHARS,
    clock: Callable[[], float] = time.monotonic,
) -> Estimate | None:
    """Briefs `sample` records, spread evenly over the plan; None for a plan without any.

    They are done like shards, side by side; a sample smaller than a shard fills its batches less,
    so that the estimate is on the slow side. Raises what `Worker.brief` raises.
    """
    worker.brief([PROBE])  # the first batch of a model is slow
    began = clock()
    records = list(_sampled(plan, fields, sample, max_chars))
    if not records:
        return None
    rows = [record for record in records if isinstance(record, Row)]
    groups = [rows[first :: worker.side_by_side] for first in range(worker.side_by_side)]
    with ThreadPoolExecutor(worker.side_by_side) as threads:
        briefed = list(threads.map(worker.brief, [group for group in groups if group]))
    seconds = clock() - began
    answers = [answer for some, _ in briefed for answer in some]
    failures = [each for each in (*records, *answers) if isinstance(each, Failure)]
    return Estimate(
        records=plan.records,
        sampled=len(records),
        seconds=seconds,
        spread=_spread([*map(_written, answers), *[0] * (len(records) - len(answers))]),
        failed=Counter(failure.reason for failure in failures),
    )


def as_text(found: Estimate, *, parts: int = 1, hourly_cost: float | None = None) -> str:
    """The estimate for people; `parts` is how many machines like this one share the work."""
    share, low, high = found.failures()
    reasons = ", ".join(f"{count} {reason}" for reason, count in sorted(found.failed.items()))
    took = f"{found.seconds:.1f} s, {found.rate:.2f} a second"
    lines = [
        f"sample: {found.sampled} of {found.records} records in {took}",
        f"all of them: {_range(found, 1)} on this machine",
    ]
    if parts > 1:
        lines.append(f"with {parts} parts: {_range(found, parts)} on {parts} machines like this")
    if hourly_cost is not None:
        cost = found.total_seconds / 3600 * hourly_cost
        lines.append(
            f"cost: {cost:,.2f} at {hourly_cost:g} an hour and machine (from "
            f"{cost * (1 - found.spread):,.2f} to {cost * (1 + found.spread):,.2f})"
        )
    lines.append(
        f"failures: {share:.1%} expected (from {low:.1%} to {high:.1%})"
        + (f"; in the sample {reasons}" if reasons else "")
    )
    lines.append(
        "The ranges are 95% intervals from how much the sampled records differ from each other; "
        "starting up and what else this machine does are not in them."
    )
    return "\n".join(lines)


def _sampled(plan: Plan, fields: Fields, sample: int, max_chars: int) -> Iterator[Row | Failure]:
    """Records from the middles of `sample` equal stretches of the plan."""
    wanted = min(sample, plan.records)
    places = iter([(2 * index + 1) * plan.records // (2 * wanted) for index in range(wanted)])
    place, passed = next(places, None), 0
    for shard in plan.shards:
        found: list[int] = []
        while place is not None and place < passed + shard.records:
            found.append(place - passed)
            place = next(places, None)
        passed += shard.records
        if found:
            records = islice(read_shard(plan, shard, fields, max_chars=max_chars), found[-1] + 1)
            yield from (record for index, record in enumerate(records) if index in found)


def _written(answer: Answer) -> int:
    """Characters of all that was written for a record."""
    if isinstance(answer, Failure):
        return 0
    texts: list[Any] = [highlight["text"] for highlight in answer["highlights"]]
    for translation in answer["translations"].values():
        texts += [translation["headline"], *translation["highlights"]]
        texts += translation.get("body", ())
    return sum(len(text) for text in texts if text)


def _spread(sizes: Sequence[int]) -> float:
    """The half-width of the mean's 95% interval, as a share of the mean; 1 where it is unknown."""
    mean = statistics.fmean(sizes)
    if len(sizes) < 2 or not mean:
        return 1.0
    return min(1.0, SURE * statistics.stdev(sizes) / math.sqrt(len(sizes)) / mean)


def _range(found: Estimate, parts: int) -> str:
    seconds = found.total_seconds / parts
    low, high = (in_time(seconds * (1 + sign * found.spread)) for sign in (-1, 1))
    return f"{in_time(seconds)} (from {low} to {high})"
