"""What gunicorn is told: one place for `newsbrief serve` and for gunicorn.conf.py."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from newsbrief.settings import Settings

WORKER_TIMEOUT = 60  # seconds without a heartbeat: only an event loop that is stuck
SHUTDOWN_MARGIN = 5  # seconds beyond the longest drain before gunicorn kills a worker
# Seconds that an idle connection stays open: longer than load balancers keep theirs (60), or they
# send a request down one that is just being closed, and answer 502.
KEEP_ALIVE = 75


def gunicorn_options(settings: Settings) -> dict[str, Any]:
    """Settings of gunicorn by name. The pack is loaded in each worker: engines don't survive forks.

    With more than one worker it also sets `PROMETHEUS_MULTIPROC_DIR`, unless it is set, to a fresh
    folder; that must come before anything imports `prometheus_client`.
    """
    if settings.workers > 1 and "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="newsbrief-metrics-")
    memory = Path("/dev/shm")  # noqa: S108
    drain = settings.drain_delay_seconds + settings.request_seconds + SHUTDOWN_MARGIN
    return {
        "bind": [f"{settings.host}:{settings.port}"],
        "workers": settings.workers,
        "worker_class": "newsbrief.worker.Worker",
        "preload_app": False,
        "timeout": WORKER_TIMEOUT,
        "graceful_timeout": int(drain),
        "keepalive": KEEP_ALIVE,
        # A heartbeat file on a slow disk can stall a worker.
        "worker_tmp_dir": str(memory) if memory.is_dir() else None,
        "control_socket_disable": True,
        "child_exit": _forget_metrics,
        "logconfig_dict": _logging(settings),
    }


def _forget_metrics(_server: object, worker: Any) -> None:
    """Takes a dead worker's live gauges out of the shared figures."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def _logging(settings: Settings) -> dict[str, Any]:
    """Logs to standard error; requests as bare lines, so that JSON ones stay JSON."""
    level = {"handlers": ["console"], "level": "INFO", "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
            "bare": {"format": "%(message)s"},
        },
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": "plain"},
            "requests": {
                "class": "logging.StreamHandler",
                "formatter": "bare" if settings.log_format == "json" else "plain",
            },
        },
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            "newsbrief": level,
            "newsbrief.access": {"handlers": ["requests"], "level": "INFO", "propagate": False},
            "gunicorn.error": level,
            "gunicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
        },
    }
