"""What each scenario sends and when: arrivals are planned beforehand, whatever the answers do."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

BURST_EVERY = 5.0  # seconds between two bursts of a CMS
BACKFILL_AT_ONCE = 16  # as many as `newsbrief backfill --through` keeps under way
SATURATED = 32  # requests at once that keep the service busy, for the peak


@dataclass(frozen=True)
class Stream:
    """Requests of one kind of caller.

    `arrivals` are seconds from the start. With `edits`, each article is followed by so many
    translations of a changed bullet, `think` seconds after the answer before; a `patient` caller
    comes back when `Retry-After` says. With `at_once` there are no arrivals: so many requests are
    kept under way until the end, or until `count` articles have been answered, for what is not a
    person's or a CMS's rate.
    """

    name: str
    lane: str = "interactive"
    arrivals: tuple[float, ...] = ()
    edits: int = 0
    think: float = 0.0
    patient: bool = False
    at_once: int = 0
    count: int = 0


@dataclass(frozen=True)
class Plan:
    """A scenario as it is played: `seconds` is how long requests arrive."""

    name: str
    seconds: float
    streams: tuple[Stream, ...]
    seed: int = 0

    def save(self, path: Path) -> None:
        """As JSON, for the process that plays it."""
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")


def load_plan(path: Path) -> Plan:
    """What `Plan.save` wrote."""
    data = json.loads(path.read_text(encoding="utf-8"))
    data["streams"] = tuple(
        Stream(**{**stream, "arrivals": tuple(stream["arrivals"])}) for stream in data["streams"]
    )
    return Plan(**data)


def steady(rate: float, seconds: float, seed: int) -> tuple[float, ...]:
    """Arrivals independent of each other (Poisson): as many as the rate makes, at random times."""
    drawn = random.Random(seed)
    return tuple(sorted(drawn.uniform(0, seconds) for _ in range(round(rate * seconds))))


def bursts(rate: float, seconds: float, seed: int) -> tuple[float, ...]:
    """Half of the arrivals steady, half at the same instant every `BURST_EVERY` seconds."""
    size = round(rate * BURST_EVERY / 2)
    instants = [BURST_EVERY * (turn + 0.5) for turn in range(int(seconds / BURST_EVERY))]
    crowd = [instant for instant in instants for _ in range(size)]
    rest = max(0.0, rate - len(crowd) / seconds)
    return tuple(sorted([*steady(rest, seconds, seed), *crowd]))


def peak(seconds: float, *, at_once: int = SATURATED, seed: int = 0) -> Plan:
    """As fast as it goes: the capacity that the other scenarios' rates are multiples of."""
    stream = Stream("saturated", patient=True, at_once=at_once)
    return Plan(f"{at_once} at once", seconds, (stream,), seed)


def _cms(capacity: float, seconds: float, seed: int) -> tuple[Stream, ...]:
    return (Stream("cms", arrivals=bursts(0.6 * capacity, seconds, seed)),)


def _editors(capacity: float, seconds: float, seed: int) -> tuple[Stream, ...]:
    arrivals = steady(0.3 * capacity, seconds, seed)
    return (Stream("editors", arrivals=arrivals, edits=2, think=2.0),)


def _backfill(capacity: float, seconds: float, seed: int) -> tuple[Stream, ...]:
    arrivals = steady(0.8 * capacity, seconds, seed)
    return (Stream("backfill", "backfill", arrivals=arrivals, patient=True),)


def _archive() -> Stream:
    return Stream("backfill", "backfill", patient=True, at_once=BACKFILL_AT_ONCE)


def _mixed(capacity: float, seconds: float, seed: int) -> tuple[Stream, ...]:
    return (
        Stream("cms", arrivals=bursts(0.3 * capacity, seconds, seed)),
        Stream("editors", arrivals=steady(0.1 * capacity, seconds, seed), edits=2, think=2.0),
        _archive(),
    )


def _soak(capacity: float, seconds: float, seed: int) -> tuple[Stream, ...]:
    return (
        Stream("cms", arrivals=steady(0.4 * capacity, seconds, seed)),
        Stream("editors", arrivals=steady(0.1 * capacity, seconds, seed), edits=2, think=2.0),
        Stream(
            "backfill",
            "backfill",
            arrivals=steady(0.2 * capacity, seconds, seed + 1),
            patient=True,
        ),
    )


OVERLOADS = {"overload-1.5": 1.5, "overload-3": 3.0, "overload-10": 10.0}


def _overload(times: float) -> Callable[[float, float, int], tuple[Stream, ...]]:
    def streams(capacity: float, seconds: float, seed: int) -> tuple[Stream, ...]:
        return (Stream("cms", arrivals=steady(times * capacity, seconds, seed)),)

    return streams


SCENARIOS: Mapping[str, Callable[[float, float, int], tuple[Stream, ...]]] = {
    "cms": _cms,
    "editors": _editors,
    "backfill": _backfill,
    "mixed": _mixed,
    **{name: _overload(times) for name, times in OVERLOADS.items()},
    "soak": _soak,
}


def scenario(name: str, capacity: float, seconds: float, seed: int = 0) -> Plan:
    """One of `SCENARIOS`, its rates as shares of a `capacity` in articles a second."""
    return Plan(name, seconds, SCENARIOS[name](capacity, seconds, seed), seed)


def overload_seconds(name: str, queue_seconds: float, seconds: float) -> float:
    """Of arrivals: until a queue of so many seconds of work is full, and then `seconds` more.

    A queue that takes more than twice `seconds` to fill is not waited for.
    """
    filling = queue_seconds / (OVERLOADS[name] - 1)
    return seconds + min(2 * seconds, filling)


def people(capacity: float, seconds: float, *, archive: bool, seed: int = 0) -> Plan:
    """A CMS at 0.4 of the capacity, with a backfill that takes all it gets, or without."""
    cms = Stream("cms", arrivals=steady(0.4 * capacity, seconds, seed))
    name = "people and backfill" if archive else "people alone"
    return Plan(name, seconds, (cms, *([_archive()] if archive else [])), seed)
