"""SIGINT and SIGTERM -> an event that long work looks at."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import click


@contextmanager
def stop_on_signal() -> Iterator[threading.Event]:
    """An event that SIGINT and SIGTERM set; a second signal ends the process at once."""
    stop = threading.Event()

    def stopped(number: int, _: FrameType | None) -> None:
        if stop.is_set():
            os._exit(128 + number)  # whatever hangs: nothing that is committed can be harmed
        stop.set()
        click.echo("stopping; what is under way is given up", err=True)

    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(each, stopped) for each in signals]
    try:
        yield stop
    finally:
        for each, handler in zip(signals, before, strict=True):
            signal.signal(each, handler)
