"""The Kubernetes HPA algorithm: metrics of pods -> number of replicas.

After https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/ ("Algorithm
details", "Configurable scaling behavior"): desired = ceil(current × metric / target) within a
tolerance of 0.1, pods without a metric counted against the direction of change, the largest of all
metrics, stabilisation windows, and policies over their periods. Defaults are those of the
controller manager: a sync every 15 s, 5 minutes of CPU initialisation.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

SYNC_SECONDS = 15.0
TOLERANCE = 0.1


@dataclass(frozen=True, slots=True)
class Policy:
    """At most `value` pods, or percent of the pods, within `seconds`."""

    kind: str  # "Pods" or "Percent", as in the manifest
    value: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Direction:
    """One side of `behavior`: the policy that allows the largest change applies."""

    window: float
    policies: tuple[Policy, ...]


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What the manifest calls `behavior`, and the bounds."""

    least: int
    most: int
    up: Direction
    down: Direction


def wanted(current: int, target: float, values: Sequence[float], *, missing: int = 0) -> int:
    """Replicas by one metric: `values` of the pods that have it, `missing` pods that don't.

    Without any value it is `current`: the controller leaves a metric alone that it can't get.
    """
    if not values:
        return current
    ratio = sum(values) / (len(values) * target)
    if not missing:
        return current if abs(ratio - 1) <= TOLERANCE else math.ceil(ratio * len(values))
    # A pod without the metric is taken as idle before scaling up, as on target before scaling down.
    assumed = 0.0 if ratio > 1 else target
    pods = len(values) + missing
    corrected = (sum(values) + missing * assumed) / (pods * target)
    if abs(corrected - 1) <= TOLERANCE or (ratio - 1) * (corrected - 1) < 0:
        return current
    replicas = math.ceil(corrected * pods)
    if (replicas - current) * (corrected - 1) < 0:
        return current
    return replicas


@dataclass
class Autoscaler:
    """Remembers recommendations and changes, as windows and policies need."""

    behaviour: Behaviour
    _recommended: list[tuple[float, int]] = field(default_factory=list)
    _changes: list[tuple[float, int]] = field(default_factory=list)

    def decide(self, now: float, current: int, desired: int) -> int:
        """Replicas from now on; `desired` is the largest of all metrics."""
        behaviour = self.behaviour
        self._forget(now)
        self._recommended.append((now, desired))
        stable = self._stabilised(now, current)
        allowed = stable
        if stable > current:
            allowed = min(stable, behaviour.most, self._limit(now, current, behaviour.up, 1))
        elif stable < current:
            allowed = max(stable, behaviour.least, self._limit(now, current, behaviour.down, -1))
        allowed = min(behaviour.most, max(behaviour.least, allowed))
        if allowed != current:
            self._changes.append((now, allowed - current))
        return allowed

    def _stabilised(self, now: float, current: int) -> int:
        up = min(self._since(now - self.behaviour.up.window))
        down = max(self._since(now - self.behaviour.down.window))
        return up if current < up else min(current, down)

    def _since(self, start: float) -> list[int]:
        latest = self._recommended[-1][0]
        return [value for at, value in self._recommended if at > start or at == latest]

    def _forget(self, now: float) -> None:
        both = (self.behaviour.up, self.behaviour.down)
        window = max(side.window for side in both)
        period = max(policy.seconds for side in both for policy in side.policies)
        self._recommended = [each for each in self._recommended if each[0] > now - window]
        self._changes = [each for each in self._changes if each[0] > now - period]

    def _limit(self, now: float, current: int, direction: Direction, sign: int) -> int:
        limits = []
        for policy in direction.policies:
            begun = current - sum(by for at, by in self._changes if at > now - policy.seconds)
            if policy.kind == "Pods":
                limits.append(begun + sign * policy.value)
            else:
                changed = begun * (1 + sign * policy.value / 100)
                limits.append(math.ceil(changed) if sign > 0 else math.floor(changed))
        # What the last change did already may exceed the limit; it is not undone.
        return max(current, *limits) if sign > 0 else min(current, *limits)
