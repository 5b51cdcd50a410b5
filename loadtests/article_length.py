"""How time and engine work grow with an article's length and with the number of languages.

    python -m loadtests.article_length [--quick] [--rounds N] [--out FOLDER]

One request at a time to `newsbrief serve`, articles of 1 to 10,000 words, in 1 to 3 languages; then
the same with the whole body translated. Rounds are interleaved, the shortest time of each counts.
What the service refuses is part of the result: status and reason stand in the table.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path

import httpx

from loadtests.articles import article
from loadtests.machine import machine
from loadtests.scenarios.__main__ import RESULTS
from loadtests.scenarios.service import Service, serving, write_json

WORDS = (1, 10, 100, 300, 1000, 3000, 10_000)
LONGEST_TRIED_TWICE = 5.0  # seconds: a request that took longer is not repeated
TOKENS = 'newsbrief_tokens_total{{direction="{}",stage="translation"}}'


@dataclass(frozen=True)
class Point:
    """One request. Tokens are the engine's, read and written, retries included."""

    words: int
    targets: int
    body: bool
    status: int
    seconds: float
    tokens_in: float
    tokens_out: float
    cpu_seconds: float
    reason: str = ""


def ask(service: Service, words: int, targets: int, *, body: bool, seed: int) -> Point:
    """Sends one article of so many words and looks at what it cost."""
    written = article(seed, words)
    translate = ["headline", "highlights", *(["body"] if body else [])]
    before, cpu, began = service.metrics(), service.cpu_seconds(), time.perf_counter()
    status, reason = 200, ""
    try:
        answer = service.brief(
            written.headline,
            written.body,
            targets=service.targets[:targets],
            translate=translate,
        )
        assert len(answer["translations"]) == targets
    except httpx.HTTPStatusError as error:
        status = error.response.status_code
        reason = error.response.json()["detail"]
    seconds = time.perf_counter() - began
    after = service.metrics()
    tokens_in, tokens_out = (
        after.get(TOKENS.format(way), 0.0) - before.get(TOKENS.format(way), 0.0)
        for way in ("in", "out")
    )
    cpu = service.cpu_seconds() - cpu
    return Point(words, targets, body, status, seconds, tokens_in, tokens_out, cpu, reason)


def measure(service: Service, rounds: int, words: Sequence[int]) -> list[Point]:
    """The fastest of the rounds, for each length, number of languages, without and with body."""
    best: dict[tuple[int, int, bool], Point] = {}
    for turn in range(rounds):
        for key in product(words, range(1, len(service.targets) + 1), (False, True)):
            length, targets, body = key
            if turn and best[key].seconds > LONGEST_TRIED_TWICE:
                continue
            point = ask(service, length, targets, body=body, seed=1)
            if key not in best or point.seconds < best[key].seconds:
                best[key] = point
            if not turn:
                print(row(point), flush=True)
    return list(best.values())


def row(point: Point) -> str:
    """One line of the table."""
    cells = (
        f"{point.words:,}",
        str(point.targets),
        "yes" if point.body else "no",
        f"{point.seconds:.3f}" if point.status == 200 else f"{point.status}: {point.reason}",
        f"{point.tokens_in:,.0f}",
        f"{point.tokens_out:,.0f}",
        f"{point.cpu_seconds:.2f}",
    )
    return f"| {' | '.join(cells)} |"


def markdown(points: Iterable[Point]) -> str:
    """All points, headlines and highlights first."""
    head = "| words | languages | body | seconds | tokens read | written | CPU seconds |"
    lines = [head, "|---|---|---|---|---|---|---|"]
    ordered = sorted(points, key=lambda point: (point.body, point.words, point.targets))
    return "\n".join([*lines, *map(row, ordered)])


def plot(points: Sequence[Point], path: Path) -> None:
    """Seconds and tokens over words, a line for each number of languages."""
    from matplotlib.figure import Figure

    picture = Figure(figsize=(11, 4.5), layout="constrained")
    panels = picture.subplots(1, 2)
    for panel, name in zip(panels, ("seconds", "tokens_in"), strict=True):
        for body, targets in product((False, True), sorted({each.targets for each in points})):
            line = sorted(
                (each.words, getattr(each, name))
                for each in points
                if each.body == body and each.targets == targets and each.status == 200
            )
            if line:
                label = f"{targets} languages{', with body' if body else ''}"
                panel.plot(*zip(*line, strict=True), "o--" if body else "o-", label=label)
        panel.set(xscale="log", yscale="log", xlabel="words of the article")
        panel.set_ylabel("seconds" if name == "seconds" else "source tokens read by the engine")
    panels[0].legend(fontsize=8)
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.savefig(path, dpi=110)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="up to 1,000 words; writes no files")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--pack")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    out = options.out or (None if options.quick else RESULTS)
    about = machine()
    words = [each for each in WORDS if not options.quick or each <= 1000]
    with serving(options.pack) as service:
        points = measure(service, 1 if options.quick else options.rounds, words)
        pack = service.pack
    text = markdown(points)
    print(f"\n{text}")
    if out:
        data = {**about, "pack": pack, "points": [asdict(point) for point in points]}
        write_json(out / "article_length.json", data)
        (out / "article_length.md").write_text(text + "\n", encoding="utf-8")
        plot(points, out / "article_length.png")


if __name__ == "__main__":
    main()
