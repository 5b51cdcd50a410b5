"""Says in a finding what a translation changed, lost or added of its source."""

from __future__ import annotations

from newsbrief.article import Finding, Severity


def changed(
    code: str, severity: Severity, was: str | None, target: str, span: tuple[int, int] | None
) -> Finding:
    """That `was` of the source became what stands at `span` (code points) of the target.

    Without a span it is missing there; without `was` the target has it from nowhere. One must be.
    """
    start, end = span or (None, None)
    now = target[start:end] if span else None
    if now is None:
        message = f"'{was}' is missing"
    else:
        message = f"'{was}' became '{now}'" if was else f"'{now}' is not in the source"
    return Finding(code, severity, message, expected=was, found=now, start=start, end=end)
