"""The Dockerfile as stages of instructions: enough to check it and to run its commands here."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass
class Stage:
    """One `FROM` and what follows it: (instruction, rest of the line) in order."""

    name: str
    parent: str
    steps: list[tuple[str, str]] = field(default_factory=list)

    def of(self, instruction: str) -> list[str]:
        return [rest for kind, rest in self.steps if kind == instruction]


def read_stages() -> dict[str, Stage]:
    """The stages by name, in the order of the file; `SERVING` stands for what it is by default."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text("utf-8"), flags=re.MULTILINE)
    serving = re.search(r"^ARG SERVING=(\w+)$", text, re.MULTILINE)
    assert serving, "the Dockerfile names no default for SERVING"
    text = text.replace("${SERVING}", serving[1])
    stages: dict[str, Stage] = {}
    for line in re.sub(r"\\\n\s*", "", text).splitlines():
        instruction, _, rest = line.strip().partition(" ")
        if instruction == "FROM":
            parent, name = rest.split(" AS ")
            stages[name] = Stage(name, parent)
        elif instruction and stages:
            stages[name].steps.append((instruction, rest))
    return stages


def lineage(stages: dict[str, Stage], name: str) -> list[Stage]:
    """A stage and those that it is built from."""
    found = [stages[name]]
    while found[-1].parent in stages:
        found.append(stages[found[-1].parent])
    return found
