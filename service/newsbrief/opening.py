"""Settings -> a `Briefer`: opens and verifies the pack, loads its models."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from newsbrief.batcher import Batcher
from newsbrief.briefing import Briefer
from newsbrief.engine import Engine, Generated, Source, default_runners, open_engine
from newsbrief.metrics import Metrics
from newsbrief.pack import Pack, find_pack, open_pack
from newsbrief.settings import Settings
from newsbrief.translating import ModelCall


@dataclass(frozen=True, slots=True)
class Models:
    """A verified pack with its models loaded; `runners` is how many batches may run at once."""

    pack: Pack
    engines: Mapping[str, Engine]
    runners: int

    def run(self, call: ModelCall, sources: Sequence[Source]) -> list[Generated]:
        """Decodes one batch. Raises `EngineError`."""
        return self.engines[call.model].generate(sources, call.decoding_of(sources))

    def close(self) -> None:
        """Frees the models' memory, once the batches that are running have returned."""
        for engine in self.engines.values():
            engine.close()


def open_models(settings: Settings, metrics: Metrics) -> Models:
    """Opens the pack that the settings name, verifies its checksums and loads its models.

    Call it after forking: the engine's threads do not survive a fork. Raises `PackError`,
    `ConfigurationError` or `EngineError`.
    """
    began = time.monotonic()
    pack = open_pack(find_pack(settings.pack, [settings.packs_dir.expanduser()]))
    metrics.startup_seconds.labels("verify").set(time.monotonic() - began)
    began = time.monotonic()
    runners = settings.runners or default_runners(settings.device, settings.threads_per_runner)
    engines = {
        name: open_engine(
            pack.folder / model.folder,
            model,
            inter_threads=runners,
            intra_threads=settings.threads_per_runner,
            compute_type=settings.compute_type or None,
            device=settings.device,
        )
        for name, model in pack.description.models.items()
    }
    metrics.startup_seconds.labels("load").set(time.monotonic() - began)
    return Models(pack, engines, runners)


def open_briefer(settings: Settings, metrics: Metrics) -> Briefer:
    """`open_models`, and what briefs articles with them as they come."""
    return serve_with(open_models(settings, metrics), settings, metrics)


def serve_with(models: Models, settings: Settings, metrics: Metrics) -> Briefer:
    """What briefs articles as they come, with models that are loaded; starts the runners."""
    batcher: Batcher[ModelCall, Source, Generated] = Batcher(
        models.run,
        runners=models.runners,
        batch_tokens=settings.batch_tokens,
        queue_seconds=settings.queue_seconds,
        metrics=metrics,
    )
    return Briefer(
        models.pack, models.engines, batcher, metrics, highlight_chars=settings.highlight_chars
    )
