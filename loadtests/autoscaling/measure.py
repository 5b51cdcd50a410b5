"""The service curve of one pod: articles a second by how many are in work at once.

    python -m loadtests.autoscaling.measure [--seconds 5] [--pack NAME]

Writes measured.json beside this file: what `simulate` takes for a pod.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import random
import time
from pathlib import Path

from loadtests.autoscaling.exposed import together, total
from loadtests.machine import machine
from newsbrief.article import Article
from newsbrief.briefing import Briefer
from newsbrief.metrics import Metrics
from newsbrief.opening import open_briefer
from newsbrief.planning import Options
from newsbrief.settings import read_settings
from newsbrief.threads import usable_cpus
from tests.servers import running
from tests.service import ARTICLE

MEASURED = Path(__file__).with_name("measured.json")
AT_ONCE = (1, 2, 4, 8, 16, 32)


PLACES = "Harbour Market Valley Bridge Station Museum School River Stadium Clinic".split()


def article(number: int) -> Article:
    """The tests' article under one of some hundred headlines, so that texts differ in a batch."""
    drawn = random.Random(number)
    places = " and ".join(drawn.sample(PLACES, drawn.randint(1, 4)))
    return Article(f"{places} reopen after four years", tuple(ARTICLE["body"].split("\n\n")))


async def rate(briefer: Briefer, at_once: int, seconds: float) -> float:
    """Articles a second while `at_once` are kept in work for so many seconds."""
    began = time.perf_counter()
    done = 0

    async def keep_asking(number: int) -> None:
        nonlocal done
        while time.perf_counter() - began < seconds:
            await briefer.brief(article(number + done))
            done += 1

    await asyncio.gather(*(keep_asking(1000 * number) for number in range(at_once)))
    return done / (time.perf_counter() - began)


def start_up(pack: str | None) -> float:
    """Seconds from the start of a server's process until it is ready."""
    began = time.perf_counter()
    environment = {"NEWSBRIEF_PACK": pack} if pack else {}
    with running("newsbrief.app:create_app()", **environment):
        return time.perf_counter() - began


async def measure(pack: str | None, seconds: float) -> dict[str, object]:
    """The figures of this machine. Opens the pack, which takes some seconds of its own."""
    started = start_up(pack)
    settings = read_settings(pack=pack)
    metrics = Metrics()
    # A slow pack must not refuse what it is measured with.
    briefer = open_briefer(settings.model_copy(update={"queue_seconds": math.inf}), metrics)
    await briefer.warm_up()
    try:
        rates = {}
        for at_once in AT_ONCE:
            rates[str(at_once)] = round(await rate(briefer, at_once, seconds), 3)
            print(f"{at_once} at once: {rates[str(at_once)]} articles/s", flush=True)
        tokens = briefer.plan(article(0), Options()).tokens
        exposed = metrics.exposition().decode()
    finally:
        briefer.close()
    drained = total("newsbrief_drain_tokens_per_second", exposed)
    return {
        **machine(),
        "pack": str(briefer.name),
        "seconds_each": seconds,
        "cores": usable_cpus(),
        "start_up_seconds": round(started, 2),
        "tokens_per_article": tokens,
        # Seconds that a full pod believes an article takes, over those that it takes; both of the
        # last measurement, which is when the pod's own rate is from.
        "backlog_factor": round(tokens / drained * rates[str(AT_ONCE[-1])], 2),
        "articles_together": together(settings.batch_tokens, exposed),
        "queue_seconds": settings.queue_seconds,
        "request_seconds": settings.request_seconds,
        "articles_per_second": rates,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--pack")
    options = parser.parse_args()
    figures = asyncio.run(measure(options.pack, options.seconds))
    text = json.dumps(figures, indent=2)
    MEASURED.write_text(text + "\n")
    print(text)


if __name__ == "__main__":
    main()
