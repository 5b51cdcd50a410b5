"""Every metric, declared once, with label values that are bounded.

The figures are right with one process and, where `PROMETHEUS_MULTIPROC_DIR` is set, with several:
no process collectors, `Info` or callbacks are used, since multiprocess mode loses them.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

LATENCY = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120)
SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256)
RATIOS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75)


class Metrics:
    """The service's metrics on a registry of their own, so that tests and apps don't share."""

    def __init__(self) -> None:
        registry = self.registry = CollectorRegistry()
        self.backlog_seconds = Gauge(
            "newsbrief_backlog_seconds",
            "How long a new request would wait: queued and running tokens over the measured rate. "
            "Autoscale on this.",
            registry=registry,
            multiprocess_mode="livemax",
        )
        self.queue_tokens = Gauge(
            "newsbrief_queue_tokens",
            "Source tokens admitted and not yet finished.",
            ["lane"],
            registry=registry,
            multiprocess_mode="livesum",
        )
        self.drain_rate = Gauge(
            "newsbrief_drain_tokens_per_second",
            "Measured rate at which the engine works off source tokens, all runners together.",
            registry=registry,
            multiprocess_mode="livesum",
        )
        self.queue_wait = Histogram(
            "newsbrief_queue_wait_seconds",
            "Time from submission of a text to the start of its batch.",
            ["lane"],
            buckets=LATENCY,
            registry=registry,
        )
        self.batch_size = Histogram(
            "newsbrief_batch_size",
            "Texts in a batch.",
            ["stage"],
            buckets=SIZES,
            registry=registry,
        )
        self.padding = Histogram(
            "newsbrief_batch_padding_ratio",
            "Share of a batch's padded source tokens that is padding.",
            ["stage"],
            buckets=RATIOS,
            registry=registry,
        )
        self.tokens = Counter(
            "newsbrief_tokens",
            "Tokens read (in) and written (out) by the models.",
            ["stage", "direction"],
            registry=registry,
        )
        self.engine_busy = Counter(
            "newsbrief_engine_busy_seconds",
            "Seconds that runners spent inside the engine.",
            ["stage"],
            registry=registry,
        )
        self.engine_faults = Counter(
            "newsbrief_engine_faults",
            "Texts on which the engine failed.",
            ["stage"],
            registry=registry,
        )
        self.stage_seconds = Histogram(
            "newsbrief_stage_seconds",
            "Time of an article in each stage: highlights, translation (checks included).",
            ["stage"],
            buckets=LATENCY,
            registry=registry,
        )
        self.findings = Counter(
            "newsbrief_findings",
            "Findings of the checks; target is empty for highlights in the source language.",
            ["check", "target"],
            registry=registry,
        )
        self.retries = Counter(
            "newsbrief_translation_retries",
            "Translations tried again because a check failed.",
            ["target"],
            registry=registry,
        )
        self.refusals = Counter(
            "newsbrief_refusals",
            "Requests refused before any work, by reason.",
            ["reason"],
            registry=registry,
        )
        self.requests = Counter(
            "newsbrief_requests",
            "HTTP requests answered.",
            ["route", "status"],
            registry=registry,
        )
        self.request_seconds = Histogram(
            "newsbrief_request_seconds",
            "Time from the request's arrival to the end of its answer; lane is empty where there "
            "is none.",
            ["route", "lane"],
            buckets=LATENCY,
            registry=registry,
        )
        self.pack_info = Gauge(
            "newsbrief_pack_info",
            "1 for the pack that is loaded.",
            ["name", "version"],
            registry=registry,
            multiprocess_mode="livemax",
        )
        self.startup_seconds = Gauge(
            "newsbrief_startup_seconds",
            "Time that the last start took, by phase.",
            ["phase"],
            registry=registry,
            multiprocess_mode="livemax",
        )

    def batch(
        self,
        stage: str,
        *,
        lengths: Iterable[int],
        out_tokens: int,
        seconds: float,
    ) -> None:
        """Records one batch that the engine finished; `lengths` are source tokens a text."""
        lengths = list(lengths)
        total, padded = sum(lengths), max(lengths) * len(lengths)
        self.batch_size.labels(stage).observe(len(lengths))
        self.padding.labels(stage).observe(1 - total / padded if padded else 0.0)
        self.tokens.labels(stage, "in").inc(total)
        self.tokens.labels(stage, "out").inc(out_tokens)
        self.engine_busy.labels(stage).inc(seconds)

    def exposition(self) -> bytes:
        """The text that a Prometheus server scrapes: all workers' figures where there are more."""
        if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
            return generate_latest(self.registry)
        merged = CollectorRegistry()
        MultiProcessCollector(merged)  # type: ignore[no-untyped-call]
        return generate_latest(merged)
