"""When and on what machine figures were taken, said alike by every benchmark."""

from __future__ import annotations

import datetime
import os
import platform

from newsbrief.threads import usable_cpus


def machine() -> dict[str, str]:
    """For files of results: day (UTC), cores that may be used, and how busy the last minute was.

    Ask before the work begins, which makes a load of its own.
    """
    load = f"{os.getloadavg()[0]:.1f} load"
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "machine": f"{usable_cpus()}-core {platform.machine()}, {load}",
    }


def in_words() -> str:
    """The same in one line."""
    return "{machine}, {date}".format_map(machine())
