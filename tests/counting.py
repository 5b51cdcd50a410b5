"""Counts the steps of some work, which no other process changes as it changes times."""

import sys
from collections.abc import Callable


def steps(work: Callable[[], object]) -> int:
    """How many functions are called and generators resumed while `work` runs."""
    count = 0

    def counting(*_: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(counting)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count
