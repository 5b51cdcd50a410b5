"""Settings -> a `Briefer`: opens and verifies the pack, loads its models."""

from __future__ import annotations

import time
from collections.abc import Sequence

from newsbrief.batcher import Batcher
from newsbrief.briefing import Briefer
from newsbrief.engine import Generated, Source, open_engine
from newsbrief.metrics import Metrics
from newsbrief.pack import find_pack, open_pack
from newsbrief.settings import Settings
from newsbrief.threads import usable_cpus
from newsbrief.translating import ModelCall


def open_briefer(settings: Settings, metrics: Metrics) -> Briefer:
    """Opens the pack that the settings name, verifies its checksums and loads its models.

    Call it after forking: the engine's threads do not survive a fork. Raises `PackError`,
    `ConfigurationError` or `EngineError`.
    """
    began = time.monotonic()
    pack = open_pack(find_pack(settings.pack, [settings.packs_dir.expanduser()]))
    metrics.startup_seconds.labels("verify").set(time.monotonic() - began)
    began = time.monotonic()
    runners = settings.runners or max(1, usable_cpus() // settings.threads_per_runner)
    engines = {
        name: open_engine(
            pack.folder / model.folder,
            model,
            inter_threads=runners,
            intra_threads=settings.threads_per_runner,
            compute_type=settings.compute_type or None,
        )
        for name, model in pack.description.models.items()
    }
    metrics.startup_seconds.labels("load").set(time.monotonic() - began)

    def run(call: ModelCall, sources: Sequence[Source]) -> list[Generated]:
        return engines[call.model].generate(sources, call.decoding)

    batcher: Batcher[ModelCall, Source, Generated] = Batcher(
        run,
        runners=runners,
        batch_tokens=settings.batch_tokens,
        queue_tokens=settings.queue_tokens,
        metrics=metrics,
    )
    return Briefer(pack, engines, batcher, metrics, highlight_chars=settings.highlight_chars)
