"""Sizes for people."""

from __future__ import annotations


def in_units(count: float) -> str:
    """Bytes in decimal units: `1.6 GB`."""
    if count < 1000:
        return f"{count:.0f} bytes"
    for unit in ("kB", "MB"):
        count /= 1000
        if count < 999.95:
            return f"{count:.1f} {unit}"
    return f"{count / 1000:.1f} GB"
