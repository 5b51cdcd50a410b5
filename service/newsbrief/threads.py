"""How many threads the CPU quota of the container pays for: cgroup v2, cgroup v1, affinity."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath


def usable_cpus(root: Path = Path("/"), *, affinity: int | None = None) -> int:
    """Whole CPUs that this process may keep busy: quota or affinity, the less; at least 1.

    A quota of 2.5 CPUs gives 2: a third thread would use the period up early and then have all
    of them stopped until the next one. `root` holds `proc` and `sys`; `affinity` is the number of
    CPUs the scheduler grants, asked of the system where it is not given.
    """
    if affinity is None:
        affinity = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    return max(1, min([affinity, *(int(quota) for quota in _quotas(root))]))


def _quotas(root: Path) -> Iterator[float]:
    """Quotas in CPUs of this process's control group and of all groups around it."""
    try:
        lines = (root / "proc/self/cgroup").read_text().splitlines()
    except OSError:
        return
    mount = root / "sys/fs/cgroup"
    for line in lines:
        _, controllers, group = line.split(":", 2)
        if not controllers:
            for folder in _enclosing(mount, group):
                yield from _quota_v2(folder / "cpu.max")
        elif "cpu" in controllers.split(","):
            for name in {controllers, "cpu"}:
                for folder in _enclosing(mount / name, group):
                    yield from _quota_v1(folder)


def _enclosing(mount: Path, group: str) -> Iterator[Path]:
    """The group's folder and those above it, up to the mount.

    In a container without a cgroup namespace the group's path is the host's and isn't there, while
    the mount itself is the container's group; so all are tried.
    """
    inside = PurePosixPath(group.lstrip("/"))
    for part in (inside, *inside.parents):
        yield mount / part


def _quota_v2(file: Path) -> Iterator[float]:
    try:
        quota, period = file.read_text().split()
    except (OSError, ValueError):
        return
    if quota != "max":
        yield int(quota) / int(period)


def _quota_v1(folder: Path) -> Iterator[float]:
    try:
        quota = int((folder / "cpu.cfs_quota_us").read_text())
        period = int((folder / "cpu.cfs_period_us").read_text())
    except (OSError, ValueError):
        return
    if quota > 0 and period > 0:
        yield quota / period
