"""What a pod says of itself at /metrics."""

from __future__ import annotations

import re


def total(name: str, text: str, **labels: str) -> float:
    """A metric's sum over what has these labels, from what /metrics answers."""
    found = re.findall(rf"^{name}(?:\{{([^}}]*)\}})? (\S+)$", text, re.MULTILINE)
    wanted = {f'{label}="{value}"' for label, value in labels.items()}
    return sum(float(value) for given, value in found if wanted <= set(given.split(",")))


def together(batch_tokens: int, exposed: str) -> int:
    """How many articles advance side by side: as many as texts of usual length fill a batch."""
    tokens = total("newsbrief_tokens_total", exposed, direction="in")
    return max(1, round(batch_tokens * total("newsbrief_batch_size_sum", exposed) / tokens))
